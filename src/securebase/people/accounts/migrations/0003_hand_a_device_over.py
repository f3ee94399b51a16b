"""A visit may be for one form alone, on a device that was handed over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_visits_links_and_guesses")]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="only",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="visit",
            name="scope",
            field=models.CharField(
                choices=[
                    ("whole", "Everything"),
                    ("check_in", "Only the check-in"),
                    ("handover", "Only one form, on a device handed over"),
                ],
                default="whole",
                max_length=8,
            ),
        ),
    ]
