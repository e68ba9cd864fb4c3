"""An image is what its name says, and stays what it is; what a published wording shows is not deleted."""

from django.db import migrations

NAMED = """
ALTER TABLE content_media ADD CONSTRAINT an_image_is_called_after_its_content
CHECK (left(encode(sha256(data), 'hex'), 16) = split_part(name, '.', 3))
"""

GUARD = """
CREATE FUNCTION refuse_change_of_media() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.uploaded_by_id IS NULL OR NEW.uploaded_by_id = OLD.uploaded_by_id)
        AND (NEW.id, NEW.name, NEW.data, NEW.uploaded_at) = (OLD.id, OLD.name, OLD.data, OLD.uploaded_at) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE'
        AND NOT EXISTS (SELECT FROM content_itemversion_media WHERE media_id = OLD.id)
        AND NOT EXISTS (SELECT FROM content_lessonversion_media WHERE media_id = OLD.id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'an image never changes, and stays while something shows it'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
GUARDED = (
    "CREATE TRIGGER images_never_change BEFORE UPDATE OR DELETE ON content_media "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_media()"
)

SHOWN = """
CREATE FUNCTION refuse_change_of_shown_media() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a published wording shows never changes' USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
TABLES = ("content_itemversion_media", "content_lessonversion_media")


def append_only(table: str) -> str:
    return (
        f"CREATE TRIGGER appended BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_shown_media()"
    )


class Migration(migrations.Migration):
    dependencies = [("content", "0006_media")]

    operations = [
        migrations.RunSQL(
            NAMED, "ALTER TABLE content_media DROP CONSTRAINT an_image_is_called_after_its_content"
        ),
        migrations.RunSQL(GUARD, "DROP FUNCTION refuse_change_of_media"),
        migrations.RunSQL(GUARDED, "DROP TRIGGER images_never_change ON content_media"),
        migrations.RunSQL(SHOWN, "DROP FUNCTION refuse_change_of_shown_media"),
        *(migrations.RunSQL(append_only(table), f"DROP TRIGGER appended ON {table}") for table in TABLES),
    ]
