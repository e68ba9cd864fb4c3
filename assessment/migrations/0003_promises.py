"""What the database itself refuses: what was recorded is added to and never changed."""

from django.db import migrations

NEVER_CHANGES = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is added to and never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
"""For rows of which nothing moves."""

ONLY_SOME_MOVES = """
CREATE FUNCTION refuse_change_but() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is added to and never changed, but for %', TG_TABLE_NAME, array_to_string(TG_ARGV, ', ')
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
"""For rows of which the columns that the trigger names may move."""

GUARDED = {
    "assessment_response": (),
    "assessment_verdict": ("current",),
    "assessment_correction": ("applied_at",),
    "assessment_override": (),
    "assessment_attemptaction": (),
    "assessment_difficultyevent": ("batch",),
    "assessment_adaptivepool": (),
    "assessment_calibration": ("is_active", "activated_at"),
    "assessment_masteryfit": ("is_active", "activated_at"),
}


def guard(table: str, moves: tuple[str, ...]) -> str:
    function = f"refuse_change_but({', '.join(repr(name) for name in moves)})" if moves else "refuse_change()"
    return (
        f"CREATE TRIGGER appended BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}"
    )


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_log")]

    operations = [
        migrations.RunSQL(NEVER_CHANGES, "DROP FUNCTION refuse_change"),
        migrations.RunSQL(ONLY_SOME_MOVES, "DROP FUNCTION refuse_change_but"),
        *(
            migrations.RunSQL(guard(table, moves), f"DROP TRIGGER appended ON {table}")
            for table, moves in GUARDED.items()
        ),
    ]
