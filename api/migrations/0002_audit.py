"""Keys are audited: made, replaced, revoked. That one was used is not."""

from django.db import migrations

COLUMNS = ("owner_id", "name", "scopes", "expires_at", "revoked_at", "digest")
ARGUMENTS = "'{owner_id}', '{name,scopes,expires_at,revoked_at}', '{digest}', ''"
MOVED = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in COLUMNS)
WHEN = {"insert": "true", "update": MOVED, "delete": "true"}


class Migration(migrations.Migration):
    dependencies = [("api", "0001_keys"), ("assessment", "0009_audit")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER audited_{operation} AFTER {operation.upper()} ON api_apikey "
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION audit({ARGUMENTS})",
            f"DROP TRIGGER audited_{operation} ON api_apikey",
        )
        for operation, when in WHEN.items()
    ]
