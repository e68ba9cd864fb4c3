"""Responses are the truth that everything else is a fold of: the database refuses to change or delete one."""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_change_of_response() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'responses are append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_first")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION refuse_change_of_response"),
        migrations.RunSQL(
            "CREATE TRIGGER responses_are_append_only BEFORE UPDATE OR DELETE ON assessment_response "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_response()",
            "DROP TRIGGER responses_are_append_only ON assessment_response",
        ),
    ]
