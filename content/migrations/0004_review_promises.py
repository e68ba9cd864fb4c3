"""What was asked and decided in a review stays; a published wording may forget who wrote it, as accounts are erased."""

from django.db import migrations

REVIEWS = """
CREATE FUNCTION refuse_change_of_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided text[] := '{decided_by_id,decided_at,decision,words}';
    people text[] := '{asked_by_id,decided_by_id}';
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.decided_at IS NULL AND to_jsonb(NEW) - decided = to_jsonb(OLD) - decided THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - people = to_jsonb(OLD) - people
        AND (NEW.asked_by_id IS NULL OR NEW.asked_by_id = OLD.asked_by_id)
        AND (NEW.decided_by_id IS NULL OR NEW.decided_by_id = OLD.decided_by_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a review is added to and never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
APPENDED = (
    "CREATE TRIGGER appended BEFORE UPDATE OR DELETE ON content_review "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_review()"
)

GUARD = """
CREATE OR REPLACE FUNCTION refuse_change_of_published_version() RETURNS trigger LANGUAGE plpgsql AS $$
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
    %s
    RAISE EXCEPTION 'version % of % has been published: it never changes', OLD.number, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
FORGETS = """IF TG_OP = 'UPDATE' AND to_jsonb(NEW) ->> 'written_by_id' IS NULL
        AND to_jsonb(NEW) - 'written_by_id' = to_jsonb(OLD) - 'written_by_id' THEN
        RETURN NEW;
    END IF;"""


class Migration(migrations.Migration):
    dependencies = [("content", "0003_reviews")]

    operations = [
        migrations.RunSQL(REVIEWS, "DROP FUNCTION refuse_change_of_review"),
        migrations.RunSQL(APPENDED, "DROP TRIGGER appended ON content_review"),
        migrations.RunSQL(GUARD.replace("%s", FORGETS), GUARD.replace("%s", "")),
    ]
