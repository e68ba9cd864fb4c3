import random

import pytest
from django.db import IntegrityError, connection, transaction

from assessment.delivery.practice import start_practice
from assessment.models import Response
from content.models import Status
from tests import sitting
from tests.builders import NOW, exercise_document, make_item, make_learner, make_lesson

pytestmark = pytest.mark.django_db


def refused(statement, *parameters):
    """Whether the database refuses the statement for its integrity."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("column", ["document = '{}'", "number = 7", "fingerprint = 'x'", "status = 'draft'"])
def test_a_published_item_version_never_changes(column):
    make_item()
    assert refused(f"UPDATE content_itemversion SET {column}")


def test_a_published_version_cannot_be_deleted():
    make_item()
    assert refused("DELETE FROM content_itemversion")


def test_a_published_lesson_never_changes():
    make_lesson()
    assert refused("""UPDATE content_lessonversion SET document = '{"theory": "other"}'""")


def test_a_published_version_can_be_retired_and_not_brought_back():
    version = make_item().current
    version.mark_retired(NOW)
    version.save()
    assert version.status == Status.RETIRED
    assert refused("UPDATE content_itemversion SET status = 'published'")


def test_a_draft_can_be_written():
    item = make_item()
    draft = item.versions.create(number=2, document={}, fingerprint="", created_at=NOW)
    draft.write({"slug": "new"})
    draft.save()
    draft.refresh_from_db()
    assert draft.document == {"slug": "new"}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE assessment_response SET sequence = 2", "DELETE FROM assessment_response"],
    ids=["update", "delete"],
)
def test_a_response_is_for_ever(statement):
    shown = start_practice(
        user=make_learner(), item=make_item(exercise_document()), now=NOW, dice=random.Random(1)
    )
    sitting.check(shown, "1", key=None, now=NOW)
    assert Response.objects.count() == 1
    assert refused(statement)


def test_a_document_comes_back_in_the_order_it_was_written():
    document = exercise_document(steps={"zulu": "x", "twice": "zulu + x", "a": "twice"})
    item = make_item(document)
    item.current.refresh_from_db()
    assert list(item.current.document["steps"]) == ["zulu", "twice", "a"]
