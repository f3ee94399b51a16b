"""The database itself refuses to change or remove a line of the consent ledger."""

from django.db import migrations

SAYS = "the consent ledger is append-only: add a withdrawal or a new grant"

SQLITE = [
    f"""
    CREATE TRIGGER consent_entry_is_never_{done} BEFORE {act} ON consent_entry
    BEGIN SELECT RAISE(ABORT, '{SAYS}'); END
    """
    for act, done in (("UPDATE", "changed"), ("DELETE", "removed"))
]
SQLITE_BACK = [
    "DROP TRIGGER consent_entry_is_never_changed",
    "DROP TRIGGER consent_entry_is_never_removed",
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION consent_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER consent_entry_is_never_changed BEFORE UPDATE OR DELETE ON consent_entry
    FOR EACH ROW EXECUTE FUNCTION consent_refuse()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER consent_entry_is_never_changed ON consent_entry",
    "DROP FUNCTION consent_refuse()",
]


def _run(schema_editor, *, sqlite, postgresql):
    statements = {"sqlite": sqlite, "postgresql": postgresql}
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def guard(apps, schema_editor):
    _run(schema_editor, sqlite=SQLITE, postgresql=POSTGRESQL)


def unguard(apps, schema_editor):
    _run(schema_editor, sqlite=SQLITE_BACK, postgresql=POSTGRESQL_BACK)


class Migration(migrations.Migration):

    dependencies = [("consent", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
