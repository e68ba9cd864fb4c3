"""What the database itself refuses and finds: a published wording is what learners saw, so nothing changes or deletes
it; the words of a lesson are indexed as they stand and by their stems."""

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


# Immutable: it names its configurations, and JSON as text depends on no setting.
WORDS = """
CREATE FUNCTION words_of_lesson(document json) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple', said) || to_tsvector('pg_catalog.english', said)
    FROM (SELECT coalesce(document ->> 'title', '') || ' ' || coalesce(document ->> 'summary', '') || ' '
              || coalesce(document ->> 'level', '') || ' ' || coalesce(document ->> 'objectives', '') || ' '
              || coalesce(document ->> 'theory', '') AS said) AS lesson
$$
"""
# One word of a search, by its beginning and by its stem; both in every spelling.
SAYS = """
CREATE FUNCTION lesson_says(document json, beginnings text, stems text) RETURNS boolean LANGUAGE sql IMMUTABLE
PARALLEL SAFE AS $$
    SELECT words_of_lesson(document)
        @@ (to_tsquery('pg_catalog.simple', beginnings) || to_tsquery('pg_catalog.english', stems))
$$
"""
INDEX = """
CREATE INDEX words_of_published_lessons ON content_lessonversion USING gin (words_of_lesson(document))
WHERE status = 'published'
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0001_first")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION refuse_change_of_published_version"),
        *(
            migrations.RunSQL(guard(table), f"DROP TRIGGER published_versions_never_change ON {table}")
            for table in TABLES
        ),
        migrations.RunSQL(WORDS, "DROP FUNCTION words_of_lesson"),
        migrations.RunSQL(SAYS, "DROP FUNCTION lesson_says"),
        migrations.RunSQL(INDEX, "DROP INDEX words_of_published_lessons"),
    ]
