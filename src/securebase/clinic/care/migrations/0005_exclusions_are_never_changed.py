"""The database itself refuses to change or remove a line about who is kept out."""

from django.db import migrations

SAYS = "who is kept out is append-only: add a lifting"

SQLITE = [
    f"""
    CREATE TRIGGER care_exclusion_is_never_{done} BEFORE {act} ON care_exclusion
    BEGIN SELECT RAISE(ABORT, '{SAYS}'); END
    """
    for act, done in (("UPDATE", "changed"), ("DELETE", "removed"))
]
SQLITE_BACK = [
    "DROP TRIGGER care_exclusion_is_never_changed",
    "DROP TRIGGER care_exclusion_is_never_removed",
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION care_exclusion_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER care_exclusion_is_never_changed BEFORE UPDATE OR DELETE ON care_exclusion
    FOR EACH ROW EXECUTE FUNCTION care_exclusion_refuse()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER care_exclusion_is_never_changed ON care_exclusion",
    "DROP FUNCTION care_exclusion_refuse()",
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

    dependencies = [("care", "0004_exclusions")]

    operations = [migrations.RunPython(guard, unguard)]
