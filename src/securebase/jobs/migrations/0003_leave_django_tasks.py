"""The tables of django-tasks-db go: letters took the place of its tasks."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0002_keep_receipts"),
    ]

    operations = [
        migrations.RunSQL(
            [
                "DROP TABLE IF EXISTS django_tasks_database_dbtaskresult",
                "DELETE FROM django_migrations WHERE app = 'django_tasks_database'",
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
