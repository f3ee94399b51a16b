"""A process note can be shown to one supervisor, by its author."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [
        ("care", "0005_exclusions_are_never_changed"),
        ("notes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="processnote",
            name="shown_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="processnote",
            name="shown_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="processnote",
            constraint=models.CheckConstraint(
                name="process_note_shown_has_both_whom_and_when",
                condition=Q(shown_to__isnull=True, shown_at__isnull=True)
                | Q(shown_to__isnull=False, shown_at__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            model_name="processnote",
            constraint=models.CheckConstraint(
                name="process_note_is_not_shown_to_its_author",
                condition=~Q(shown_to=F("author")),
            ),
        ),
    ]
