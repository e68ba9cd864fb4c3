"""What the database finds and lets be: the words of items are indexed, those in force and those of drafts; a published
wording may forget who wrote and who published it, as accounts are erased."""

from django.db import migrations

# Immutable: it names its configurations, and JSON as text depends on no setting. What joins words in formulas and
# numbers parts them here, as it does in a search. A row of an index holds 1 MB at most, so the text is bounded.
WORDS = """
CREATE FUNCTION words_of_item(document json) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple', said) || to_tsvector('pg_catalog.english', said)
    FROM (
        SELECT translate(left(coalesce(string_agg(part #>> '{}', ' '), ''), 50000), '/@_.:+*=<>-', '           ')
            AS said
        FROM (SELECT document::jsonb AS whole) AS item
        CROSS JOIN LATERAL (
            SELECT whole -> 'title' AS part
            UNION ALL SELECT whole -> 'body'
            UNION ALL SELECT whole -> 'solution'
            UNION ALL SELECT jsonb_path_query(whole, 'strict $.hints.** ? (@.type() == "string")', '{}', true)
            UNION ALL SELECT jsonb_path_query(whole, 'strict $.interactions.**.text', '{}', true)
            UNION ALL SELECT jsonb_path_query(whole, 'strict $.interactions.**.feedback', '{}', true)
        ) AS parts
    ) AS item
$$
"""
# One word of a search, by its beginning and by its stem; both in every spelling.
SAYS = """
CREATE FUNCTION item_says(document json, beginnings text, stems text) RETURNS boolean LANGUAGE sql IMMUTABLE
PARALLEL SAFE AS $$
    SELECT words_of_item(document)
        @@ (to_tsquery('pg_catalog.simple', beginnings) || to_tsquery('pg_catalog.english', stems))
$$
"""
# Authors write seldom and look often: no search shall read a list of what was not sorted in yet.
INDEX = """
CREATE INDEX words_of_open_items ON content_itemversion USING gin (words_of_item(document)) WITH (fastupdate = off)
WHERE status <> 'retired'
"""
# Of the wording in force, else of the draft; it can be run again.
KINDS = """
UPDATE content_item SET kinds = found.kinds
FROM (
    SELECT DISTINCT ON (version.item_id) version.item_id, (
        SELECT coalesce(array_agg(DISTINCT kind #>> '{}' ORDER BY kind #>> '{}'), '{}')
        FROM jsonb_path_query(version.document::jsonb, 'lax $.interactions.*.kind ? (@.type() == "string")', '{}', true)
            AS kind
        WHERE length(kind #>> '{}') <= 20
    ) AS kinds
    FROM content_itemversion AS version
    WHERE version.status <> 'retired'
    ORDER BY version.item_id, version.status = 'draft'
) AS found
WHERE found.item_id = content_item.id AND content_item.kinds = '{}'
"""

GUARD = """
CREATE OR REPLACE FUNCTION refuse_change_of_published_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people text[] := '%s';
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
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - people = to_jsonb(OLD) - people AND NOT EXISTS (
        SELECT FROM unnest(people) AS person
        WHERE to_jsonb(NEW) ->> person <> coalesce(to_jsonb(OLD) ->> person, '')
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'version % of % has been published: it never changes', OLD.number, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0008_tags_and_search")]

    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION words_of_item"),
        migrations.RunSQL(SAYS, "DROP FUNCTION item_says"),
        migrations.RunSQL(INDEX, "DROP INDEX words_of_open_items"),
        migrations.RunSQL(KINDS, migrations.RunSQL.noop),
        migrations.RunSQL(
            GUARD.replace("%s", "{written_by_id,published_by_id}"), GUARD.replace("%s", "{written_by_id}")
        ),
    ]
