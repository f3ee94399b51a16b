from django.db import migrations


def put_up(apps, schema_editor):
    from securebase.people.audit import guard

    guard.put_up(schema_editor)


def take_down(apps, schema_editor):
    from securebase.people.audit import guard

    guard.take_down(schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_anchors_and_concerns'),
    ]

    operations = [
        migrations.RunPython(put_up, take_down),
    ]
