"""Two persons agree that the copy of a record is made for somebody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approvals", "0002_renew_keys")]

    operations = [
        migrations.AlterField(
            model_name="approval",
            name="kind",
            field=models.CharField(
                choices=[
                    ("grant_role", "Give a role that opens records or runs the practice"),
                    ("renew_factor", "Let somebody choose a new second factor"),
                    ("erase", "Erase a person"),
                    ("export", "Make the copy of a person's record for them"),
                    ("renew_keys", "Put a new key in the place of an old one"),
                ],
                max_length=12,
            ),
        ),
    ]
