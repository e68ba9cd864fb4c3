"""A published wording is what learners saw: the database itself refuses to change or delete it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_change_of_published_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'retired'
        AND to_jsonb(NEW) - '{status,retired_at}'::text[] = to_jsonb(OLD) - '{status,retired_at}'::text[] THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'version % of % has been published: it never changes', OLD.number, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""

TABLES = ("content_itemversion", "content_lessonversion")


def guard(table: str) -> str:
    return (
        f"CREATE TRIGGER published_versions_never_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_version()"
    )


class Migration(migrations.Migration):
    dependencies = [("content", "0001_first")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION refuse_change_of_published_version"),
        *(
            migrations.RunSQL(guard(table), f"DROP TRIGGER published_versions_never_change ON {table}")
            for table in TABLES
        ),
    ]
