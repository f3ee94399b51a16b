"""The database itself refuses to change or remove a line of the consent ledger."""

from django.db import migrations

from securebase.people.audit.only_added import only_added

SAYS = "the consent ledger is append-only: add a withdrawal or a new grant"


class Migration(migrations.Migration):

    dependencies = [("consent", "0001_initial")]

    operations = [only_added("consent_entry", says=SAYS)]
