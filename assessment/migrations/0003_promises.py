"""What the database refuses: what was recorded is added to and never changed. An erasure is the one way through."""

from django.db import migrations

IS_ERASING = """
CREATE FUNCTION is_erasing() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM assessment_erasure
        WHERE id::text = current_setting('assay.erasing', true) AND done_at IS NULL
    )
$$
"""
"""Whether this transaction carries out an erasure that was asked for in a row and is not done."""

NEVER_CHANGES = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_erasing() THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
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
    IF is_erasing() THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
    RAISE EXCEPTION '% is added to and never changed, but for %', TG_TABLE_NAME, array_to_string(TG_ARGV, ', ')
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
"""For rows of which the columns that the trigger names may move."""

ERASE = """
CREATE FUNCTION erase_learner(asked uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    erased uuid;
    keeps boolean;
BEGIN
    SELECT learner_id, keeps_grades INTO STRICT erased, keeps
    FROM assessment_erasure WHERE id = asked AND done_at IS NULL FOR UPDATE;
    PERFORM set_config('assay.erasing', asked::text, true);

    DELETE FROM assessment_draft USING assessment_presentation AS place
    WHERE place.id = presentation_id AND place.learner_id = erased;
    DELETE FROM assessment_userlearner WHERE learner_id = erased;

    IF keeps THEN
        -- Numbers stay, as the course has to keep its grades; what was written, and whatever says who it was, goes.
        UPDATE assessment_verdict AS verdict
        SET document = json_build_object('valid', verdict.valid, 'score', verdict.score, 'erased', true),
            judged_by = NULL
        FROM assessment_response AS response
        WHERE response.id = verdict.response_id AND response.learner_id = erased;
        UPDATE assessment_response SET answer = '{}', fingerprint = '', key = gen_random_uuid()
        WHERE learner_id = erased;
        UPDATE assessment_override AS override SET reason = 'erased' FROM assessment_attempt AS attempt
        WHERE attempt.id = override.attempt_id AND attempt.learner_id = erased;
        UPDATE assessment_attemptaction AS action SET reason = 'erased' FROM assessment_attempt AS attempt
        WHERE attempt.id = action.attempt_id AND attempt.learner_id = erased;
        UPDATE assessment_gradenote SET reason = 'erased', comment = '' WHERE learner_id = erased;
        DELETE FROM assessment_regraderequest AS request USING assessment_response AS response
        WHERE response.id = request.response_id AND response.learner_id = erased;
    ELSE
        DELETE FROM assessment_gradenote WHERE learner_id = erased;
        DELETE FROM assessment_correctioneffect WHERE learner_id = erased;
        DELETE FROM assessment_regraderequest AS request USING assessment_response AS response
        WHERE response.id = request.response_id AND response.learner_id = erased;
        DELETE FROM assessment_verdict AS verdict USING assessment_response AS response
        WHERE response.id = verdict.response_id AND response.learner_id = erased;
        DELETE FROM assessment_response WHERE learner_id = erased;
        DELETE FROM assessment_override AS override USING assessment_attempt AS attempt
        WHERE attempt.id = override.attempt_id AND attempt.learner_id = erased;
        DELETE FROM assessment_attemptaction AS action USING assessment_attempt AS attempt
        WHERE attempt.id = action.attempt_id AND attempt.learner_id = erased;
        DELETE FROM assessment_presentation WHERE learner_id = erased;
        DELETE FROM assessment_resultchange WHERE learner_id = erased;
        UPDATE assessment_launch AS launch SET attempt_id = NULL FROM assessment_attempt AS attempt
        WHERE attempt.id = launch.attempt_id AND attempt.learner_id = erased;
        DELETE FROM assessment_attempt WHERE learner_id = erased;
        DELETE FROM assessment_learner WHERE id = erased;
    END IF;
END
$$
"""
"""Removes what a learner wrote, and unless grades are kept all that the learner did. Sums over learners stay."""

GUARDED = {
    "assessment_response": (),
    "assessment_verdict": ("current",),
    "assessment_correction": ("applied_at", "author_id"),
    "assessment_override": ("author_id",),
    "assessment_attemptaction": ("author_id",),
    "assessment_assignmentchange": ("author_id",),
    "assessment_difficultyevent": ("batch",),
    "assessment_adaptivepool": (),
    "assessment_calibration": ("is_active", "activated_at"),
    "assessment_masteryfit": ("is_active", "activated_at"),
    "assessment_erasure": ("done_at", "author_id"),
}

NOTE_RESULT = """
CREATE FUNCTION note_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO assessment_resultchange (assignment_id, learner_id, created_at)
    SELECT NEW.assignment_id, NEW.learner_id, now()
    WHERE EXISTS (SELECT FROM assessment_resourcelink WHERE assignment_id = NEW.assignment_id);
    RETURN NULL;
END
$$
"""
"""Appends to the outbox, in the transaction of whoever ends an attempt or judges it anew."""

RESULTS_ARE_TOLD = """
CREATE TRIGGER results_are_told AFTER UPDATE ON assessment_attempt FOR EACH ROW
WHEN (NEW.state <> 'open' AND (
    OLD.state, OLD.score, OLD.max_score, OLD.posterior, OLD.awarded, OLD.is_void
) IS DISTINCT FROM (
    NEW.state, NEW.score, NEW.max_score, NEW.posterior, NEW.awarded, NEW.is_void
)) EXECUTE FUNCTION note_result()
"""

NOTE_TERMS = """
CREATE FUNCTION note_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO assessment_resultchange (assignment_id, learner_id, created_at)
    SELECT DISTINCT NEW.id, learner_id, now() FROM assessment_attempt
    WHERE assignment_id = NEW.id AND state <> 'open'
        AND EXISTS (SELECT FROM assessment_resourcelink WHERE assignment_id = NEW.id);
    RETURN NULL;
END
$$
"""
"""Appends all results of an assignment to the outbox: by another rule each is another grade, or due at another time."""

TERMS_ARE_TOLD = """
CREATE TRIGGER terms_are_told AFTER UPDATE ON assessment_assignment FOR EACH ROW
WHEN ((OLD.grade_rule, OLD.release, OLD.closes_at) IS DISTINCT FROM (NEW.grade_rule, NEW.release, NEW.closes_at))
EXECUTE FUNCTION note_terms()
"""

VERSIONS = (
    "CREATE TRIGGER published_versions_never_change BEFORE UPDATE OR DELETE ON assessment_assessmentversion "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_version()"
)


def guard(table: str, moves: tuple[str, ...]) -> str:
    function = f"refuse_change_but({', '.join(repr(name) for name in moves)})" if moves else "refuse_change()"
    return (
        f"CREATE TRIGGER appended BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}"
    )


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_log"), ("content", "0002_promises")]

    operations = [
        migrations.RunSQL(IS_ERASING, "DROP FUNCTION is_erasing"),
        migrations.RunSQL(NEVER_CHANGES, "DROP FUNCTION refuse_change"),
        migrations.RunSQL(ONLY_SOME_MOVES, "DROP FUNCTION refuse_change_but"),
        migrations.RunSQL(ERASE, "DROP FUNCTION erase_learner"),
        *(
            migrations.RunSQL(guard(table, moves), f"DROP TRIGGER appended ON {table}")
            for table, moves in GUARDED.items()
        ),
        migrations.RunSQL(NOTE_RESULT, "DROP FUNCTION note_result"),
        migrations.RunSQL(RESULTS_ARE_TOLD, "DROP TRIGGER results_are_told ON assessment_attempt"),
        migrations.RunSQL(NOTE_TERMS, "DROP FUNCTION note_terms"),
        migrations.RunSQL(TERMS_ARE_TOLD, "DROP TRIGGER terms_are_told ON assessment_assignment"),
        migrations.RunSQL(
            VERSIONS, "DROP TRIGGER published_versions_never_change ON assessment_assessmentversion"
        ),
    ]
