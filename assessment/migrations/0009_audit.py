"""The audit: one function, attached to the tables that are audited, writes who changed what."""

import django.contrib.postgres.indexes
from django.db import migrations, models

AUDIT = """
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about text[] := TG_ARGV[0];
    kept text[] := TG_ARGV[1];
    facts text[] := TG_ARGV[2];
    was jsonb := CASE TG_OP WHEN 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    becomes jsonb := CASE TG_OP WHEN 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    present jsonb := CASE TG_OP WHEN 'DELETE' THEN was ELSE becomes END;
    actor_id uuid := coalesce(nullif(current_setting('assay.actor', true), ''), present ->> TG_ARGV[3])::uuid;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := kept || about;
        facts := ARRAY(SELECT name FROM unnest(facts) AS name WHERE was -> name IS DISTINCT FROM becomes -> name);
        -- Only that these have changed: the same sign stands for both values.
        was := was || coalesce((SELECT jsonb_object_agg(name, '…') FROM unnest(facts) AS name), '{}');
        becomes := becomes || coalesce((SELECT jsonb_object_agg(name, '…') FROM unnest(facts) AS name), '{}');
        kept := ARRAY(SELECT name FROM unnest(kept) AS name WHERE was -> name IS DISTINCT FROM becomes -> name) || facts;
    END IF;
    INSERT INTO assessment_auditentry (at, actor, actor_name, door, what, row_id, operation, about, before, after)
    VALUES (
        now(),
        actor_id,
        coalesce((SELECT username FROM assessment_user WHERE id = actor_id), ''),
        coalesce(nullif(current_setting('assay.door', true), ''), 'database'),
        TG_TABLE_NAME,
        present ->> 'id',
        lower(TG_OP),
        columns_of(present, about, true),
        columns_of(was, kept, TG_OP = 'DELETE'),
        columns_of(becomes, kept, TG_OP = 'INSERT')
    );
    RETURN NULL;
END
$$
"""
"""Appends an entry. Its arguments: columns that say what a row is about, those whose values are kept, those of which
only the fact is kept, and the column of the author. Who acts is a setting of the transaction; else it is the author."""

COLUMNS = """
CREATE FUNCTION columns_of(document jsonb, names text[], bare boolean) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(name, document -> name), '{}') FROM unnest(names) AS name
    WHERE document ? name AND NOT (bare AND document -> name = 'null')
$$
"""
"""Some columns of a row as a document; a ``bare`` one leaves empty ones out."""

SIGN_IN = """
CREATE FUNCTION audit_sign_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO assessment_auditentry (at, actor, actor_name, door, what, row_id, operation, about, before, after)
    VALUES (
        now(),
        NEW.id,
        NEW.username,
        coalesce(nullif(current_setting('assay.door', true), ''), 'database'),
        TG_TABLE_NAME,
        NEW.id,
        'sign_in',
        '{}',
        '{}',
        jsonb_strip_nulls(jsonb_build_object('network', nullif(current_setting('assay.network', true), '')))
    );
    RETURN NULL;
END
$$
"""
"""Appends that somebody of the staff has signed in, from which network."""

FORGET = """
CREATE FUNCTION forget_in_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    as_user jsonb := jsonb_build_object('user_id', OLD.id);
    as_owner jsonb := jsonb_build_object('owner_id', OLD.id);
BEGIN
    UPDATE assessment_auditentry SET actor = NULL, actor_name = 'Somebody who was erased' WHERE actor = OLD.id;
    UPDATE assessment_auditentry SET row_id = '', before = '{}', after = '{}'
    WHERE what = 'assessment_user' AND row_id = OLD.id::text;
    UPDATE assessment_auditentry SET about = about || '{"user_id": null}', before = '{}', after = '{}'
    WHERE about @> as_user;
    UPDATE assessment_auditentry SET about = about || '{"owner_id": null}', before = '{}', after = '{}'
    WHERE about @> as_owner;
    -- Of rows that were given to somebody else. No index knows them, and few people are erased.
    UPDATE assessment_auditentry SET before = '{}', after = '{}'
    WHERE before @> as_user OR after @> as_user OR before @> as_owner OR after @> as_owner;
    RETURN NULL;
END
$$
"""
"""Takes an account that is deleted out of the audit: its name, its number, and the values of what was about it."""

KEPT = """
CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    forgotten text[] := '{actor,actor_name,row_id,about,before,after}';
BEGIN
    -- Only from inside another trigger, the one above, which forgets.
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND to_jsonb(NEW) - forgotten = to_jsonb(OLD) - forgotten THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is added to and never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""

APPENDED = """
CREATE TRIGGER appended BEFORE UPDATE OR DELETE ON assessment_auditentry
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit()
"""

# After the triggers of the audit itself, which are called "audited": they go by their names.
FORGOTTEN = """
CREATE TRIGGER forgotten_in_audit AFTER DELETE ON assessment_user
FOR EACH ROW WHEN (NOT OLD.is_guest) EXECUTE FUNCTION forget_in_audit()
"""

SIGN_INS = """
CREATE TRIGGER audited_sign_ins AFTER UPDATE ON assessment_user
FOR EACH ROW WHEN (NEW.is_staff AND OLD.last_login IS DISTINCT FROM NEW.last_login) EXECUTE FUNCTION audit_sign_in()
"""

VERSION = "status,fingerprint"
TERMS = "is_open,opens_at,closes_at,time_limit_minutes,attempts_allowed,release,grade_rule,weight,exclusive"
ARRANGED = "time_factor,extra_minutes,no_limit,extra_attempts,tries,closes_at"
ADDRESSES = "issuer,client_id,authorization_url,token_url,jwks_url,other_hosts"
ALL = "insert,update,delete"

AUDITED = (
    ("content_itembank", "", "slug,title,use,lesson_id,needs_review", "", "", ALL),
    ("content_item", "bank_id", "slug,retired_at,current_id", "", "", ALL),
    ("content_itemversion", "item_id,number", VERSION, "", "", ALL),
    ("content_lesson", "", "slug,premium,current_id", "", "", ALL),
    ("content_lessonversion", "lesson_id,number", VERSION, "", "", ALL),
    ("content_authorgrant", "user_id,bank_id,lesson_id,role", "", "", "granted_by_id", ALL),
    ("assessment_assessment", "", "slug,lesson_id,retired_at,current_id", "", "", ALL),
    ("assessment_assessmentversion", "assessment_id,number", VERSION, "", "", ALL),
    ("assessment_assignment", "assessment_id,course_id,section_id", TERMS, "", "", ALL),
    (
        "assessment_correction",
        "assessment_id,corrected_version_id,undoes_id",
        "kind,keep_if_better,exact,applied_at",
        "",
        "author_id",
        "insert,update",
    ),
    ("assessment_override", "attempt_id,presentation_id", "score", "", "author_id", "insert"),
    ("assessment_attemptaction", "attempt_id", "kind,until", "", "author_id", "insert"),
    ("assessment_gradenote", "assignment_id,learner_id", "score,is_excused", "", "author_id", "insert"),
    ("assessment_accommodation", "user_id,assessment_id", ARRANGED, "reason", "", ALL),
    ("assessment_enrolment", "course_id,user_id", "role,section_id,ends_at", "", "", ALL),
    ("assessment_section", "course_id", "title", "", "", ALL),
    ("assessment_course", "", "slug,title,time_zone", "join_code", "", ALL),
    ("assessment_user", "", "username,is_staff,is_superuser,is_active", "email,password", "", ALL),
    ("assessment_user_groups", "user_id,group_id", "", "", "", "insert,delete"),
    ("assessment_user_user_permissions", "user_id,permission_id", "", "", "", "insert,delete"),
    ("auth_group", "", "name", "", "", ALL),
    ("auth_group_permissions", "group_id,permission_id", "", "", "", "insert,delete"),
    ("assessment_platform", "", "name,state,trusts_new_deployments", ADDRESSES, "", ALL),
    ("assessment_deployment", "platform_id", "state", "", "", ALL),
    ("assessment_erasure", "learner_id", "keeps_grades", "", "author_id", "insert"),
    ("otp_totp_totpdevice", "user_id", "confirmed", "", "", "update,delete"),
    ("otp_static_staticdevice", "user_id", "last_used_at", "", "", "insert,update"),
)

ONLY = {
    # Those who sign up, and guests of whom there are thousands, are no news.
    ("assessment_user", "insert"): "NEW.is_staff OR NEW.is_superuser",
    ("assessment_user", "update"): "NOT OLD.is_guest",
    ("assessment_user", "delete"): "NOT OLD.is_guest",
    # One that was never confirmed has protected nothing.
    ("otp_totp_totpdevice", "delete"): "OLD.confirmed",
}


def attach(table, about, kept, facts, author, operations):
    """Yield the trigger of each operation. One of updates costs nothing where no column of these changes."""
    arguments = ", ".join(f"'{{{names}}}'" for names in (about, kept, facts)) + f", '{author}'"
    columns = [name for names in (about, kept, facts) if names for name in names.split(",")]
    moved = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    for operation in operations.split(","):
        only = ONLY.get((table, operation), "true")
        when = f"({only}) AND ({moved})" if operation == "update" else only
        yield migrations.RunSQL(
            f"CREATE TRIGGER audited_{operation} AFTER {operation.upper()} ON {table} "
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION audit({arguments})",
            f"DROP TRIGGER audited_{operation} ON {table}",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0008_statistics_of_banks"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("content", "0002_promises"),
        ("otp_static", "0003_add_timestamps"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.UUIDField(help_text="The account; empty: nobody said who.", null=True),
                ),
                (
                    "actor_name",
                    models.CharField(help_text="As it was called at that time.", max_length=150),
                ),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("desk", "at the desk"),
                            ("rest", "by the API"),
                            ("platform", "by a platform"),
                            ("command", "by a command"),
                            ("database", "in the database"),
                        ],
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
                ("what", models.CharField(help_text="The table.", max_length=63)),
                ("row_id", models.CharField(max_length=64)),
                (
                    "operation",
                    models.CharField(
                        choices=[
                            ("insert", "added"),
                            ("update", "changed"),
                            ("delete", "removed"),
                            ("sign_in", "signed in"),
                        ],
                        max_length=10,
                    ),
                ),
                ("about", models.JSONField(help_text="The numbers of what the row belongs to.")),
                ("before", models.JSONField(help_text="By column; only what has changed.")),
                ("after", models.JSONField()),
            ],
            options={
                "verbose_name_plural": "audit",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["what", "row_id"], name="audit_of_a_row"),
                    models.Index(fields=["actor"], name="audit_of_an_actor"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["about"], name="audit_about_something", opclasses=["jsonb_path_ops"]
                    ),
                ],
            },
        ),
        migrations.RunSQL(COLUMNS, "DROP FUNCTION columns_of"),
        migrations.RunSQL(AUDIT, "DROP FUNCTION audit"),
        migrations.RunSQL(SIGN_IN, "DROP FUNCTION audit_sign_in"),
        migrations.RunSQL(FORGET, "DROP FUNCTION forget_in_audit"),
        migrations.RunSQL(KEPT, "DROP FUNCTION refuse_change_of_audit"),
        migrations.RunSQL(APPENDED, "DROP TRIGGER appended ON assessment_auditentry"),
        migrations.RunSQL(FORGOTTEN, "DROP TRIGGER forgotten_in_audit ON assessment_user"),
        migrations.RunSQL(SIGN_INS, "DROP TRIGGER audited_sign_ins ON assessment_user"),
        *(trigger for table in AUDITED for trigger in attach(*table)),
    ]
