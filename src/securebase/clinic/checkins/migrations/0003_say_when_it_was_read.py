"""A check-in says itself when it was first read; until now only the trail knew."""

from django.db import migrations, models
from django.db.models import F, Q

READ = "checkins.checkin.read"


def take_from_the_trail(apps, schema_editor):
    """Copy the first reading of each check-in that the trail knows of."""
    events = apps.get_model("audit", "AuditEvent").objects.filter(verb=READ)
    checkins = apps.get_model("checkins", "CheckIn").objects
    first = events.order_by().values_list("object_id").annotate(at=models.Min("at"))
    for pk, at in first.iterator():
        checkins.filter(pk=pk, submitted_at__lte=at).update(read_at=at)


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0003_the_trail_is_only_added_to"),
        ("checkins", "0002_draw_the_order_of_items"),
    ]

    operations = [
        migrations.AddField(
            model_name="checkin",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                name="checkin_is_read_after_it_is_sent",
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("submitted_at")),
            ),
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                fields=["patient", "submitted_at"],
                name="checkin_not_read",
                condition=Q(state="submitted", read_at__isnull=True),
            ),
        ),
        migrations.RunPython(take_from_the_trail, migrations.RunPython.noop),
    ]
