"""The words of a lesson, as they stand and by their stems, and an index to find them."""

from django.db import migrations

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
    dependencies = [("content", "0004_use_of_items")]

    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION words_of_lesson"),
        migrations.RunSQL(SAYS, "DROP FUNCTION lesson_says"),
        migrations.RunSQL(INDEX, "DROP INDEX words_of_published_lessons"),
    ]
