"""The database itself refuses to change or remove a line about who is kept out."""

from django.db import migrations

from securebase.people.audit.only_added import only_added


class Migration(migrations.Migration):

    dependencies = [("care", "0004_exclusions")]

    operations = [
        only_added("care_exclusion", says="who is kept out is append-only: add a lifting")
    ]
