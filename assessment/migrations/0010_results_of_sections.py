"""What a section takes at dates of its own is a result for the link of its course."""

from django.db import migrations

GIVEN_ALONGSIDE = """
CREATE FUNCTION given_alongside(given uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT other.id FROM assessment_assignment AS one
    JOIN assessment_assignment AS other ON other.assessment_id = one.assessment_id
        AND (other.id = one.id OR other.course_id = one.course_id)
    WHERE one.id = given
$$
"""
"""An assignment, and the others of its assessment to its course."""

NOTE_RESULT = """
CREATE OR REPLACE FUNCTION note_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO assessment_resultchange (assignment_id, learner_id, created_at)
    SELECT NEW.assignment_id, NEW.learner_id, now()
    WHERE EXISTS (
        SELECT FROM assessment_resourcelink
        WHERE assignment_id IN (SELECT given_alongside(NEW.assignment_id))
    );
    RETURN NULL;
END
$$
"""
"""As before, where a link opens the assignment or another of its course."""

NOTE_TERMS = """
CREATE OR REPLACE FUNCTION note_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO assessment_resultchange (assignment_id, learner_id, created_at)
    SELECT DISTINCT assignment_id, learner_id, now() FROM assessment_attempt
    WHERE assignment_id IN (SELECT given_alongside(NEW.id)) AND state <> 'open'
        AND EXISTS (
            SELECT FROM assessment_resourcelink WHERE assignment_id IN (SELECT given_alongside(NEW.id))
        );
    RETURN NULL;
END
$$
"""
"""As before, for all of a course: when one of them closes, the verdicts of the others may be due at another time."""

NOTE_RESULT_BEFORE = """
CREATE OR REPLACE FUNCTION note_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO assessment_resultchange (assignment_id, learner_id, created_at)
    SELECT NEW.assignment_id, NEW.learner_id, now()
    WHERE EXISTS (SELECT FROM assessment_resourcelink WHERE assignment_id = NEW.assignment_id);
    RETURN NULL;
END
$$
"""
NOTE_TERMS_BEFORE = """
CREATE OR REPLACE FUNCTION note_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO assessment_resultchange (assignment_id, learner_id, created_at)
    SELECT DISTINCT NEW.id, learner_id, now() FROM assessment_attempt
    WHERE assignment_id = NEW.id AND state <> 'open'
        AND EXISTS (SELECT FROM assessment_resourcelink WHERE assignment_id = NEW.id);
    RETURN NULL;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0009_audit")]

    operations = [
        migrations.RunSQL(GIVEN_ALONGSIDE, "DROP FUNCTION given_alongside"),
        migrations.RunSQL(NOTE_RESULT, NOTE_RESULT_BEFORE),
        migrations.RunSQL(NOTE_TERMS, NOTE_TERMS_BEFORE),
    ]
