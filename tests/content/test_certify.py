"""``manage.py certify``, as an author meets it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from content.documents.text import dump_document
from tests.builders import exercise_document, make_item, publishable_choice


def run(*arguments):
    out = StringIO()
    try:
        call_command("certify", *arguments, stdout=out, no_color=True)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), None


@pytest.fixture
def file(tmp_path):
    def written(document):
        path = tmp_path / "item.yaml"
        path.write_text(dump_document(document), encoding="utf-8")
        return str(path)

    return written


def test_a_sound_file_is_certified(file):
    out, error = run(file(exercise_document()), "--draws", "500")
    assert error is None
    assert "double-it: certified over 500 draws" in out


def test_a_refusal_says_why_and_fails(file):
    out, error = run(file(exercise_document(check={"twice": "x"})), "--draws", "500")
    assert "item.yaml:6:16: check.twice: check of twice disagrees" in out
    assert error == "1 of 1 items may not be shown."


def test_a_document_that_cannot_be_read_is_a_refusal_too(file):
    out, _ = run(file(exercise_document(steps={"twice": "2*y"})), "--json")
    (found,) = json.loads(out)
    assert (found["certified"], found["draws"]) == (False, 0)
    (fault,) = found["faults"]
    assert (fault["path"], fault["line"], fault["column"]) == ("steps.twice", 5, 18)
    assert found["reasons"] == [f"{found['slug']}:5:18: steps.twice: {fault['reason']}"]


def test_a_folder_is_certified_file_by_file(file, tmp_path):
    file(exercise_document())
    items = tmp_path / "lesson" / "items"
    items.mkdir(parents=True)
    (items / "pick-one.yaml").write_text(dump_document(publishable_choice()), encoding="utf-8")
    assert [one["slug"] for one in json.loads(run(str(items), "--json")[0])] == ["pick-one"]
    assert [one["slug"] for one in json.loads(run(str(tmp_path), "--json")[0])] == ["pick-one"]
    (items / "pick-one.yaml").unlink()
    assert [one["slug"] for one in json.loads(run(str(tmp_path), "--json")[0])] == ["double-it"]


def test_an_empty_folder_is_an_error(tmp_path):
    assert "no item file" in run(str(tmp_path))[1]


def test_a_missing_file_is_an_error():
    assert "nowhere.yaml" in run("nowhere.yaml")[1]


@pytest.mark.parametrize("draws", ["0", "1000001"])
def test_the_number_of_draws_has_bounds(draws):
    assert "--draws" in run("--draws", draws)[1]


@pytest.mark.django_db
def test_by_default_all_that_may_be_served_is_certified():
    make_item(publishable_choice())
    make_item(exercise_document())
    found = json.loads(run("--json", "--draws", "300")[0])
    assert [(entry["slug"], entry["draws"], entry["certified"]) for entry in found] == [
        ("double-it", 300, True),
        ("pick-one", 1, True),
    ]
    assert {"fenced", "reasons", "distinct", "trivial"} <= set(found[0])


@pytest.mark.django_db
def test_a_draft_goes_before_what_is_published():
    item = make_item(exercise_document())
    draft = item.versions.model(item=item, number=2, created_at=item.current.created_at)
    draft.write(exercise_document(check={"twice": "x"}))
    draft.save()
    assert run("double-it", "--draws", "300")[1] == "1 of 1 items may not be shown."


@pytest.mark.django_db
def test_an_unknown_slug_is_an_error():
    assert run("nobody-knows-it")[1] == "There is no item nobody-knows-it."


def test_an_unreadable_file_does_not_silence_its_folder(file, tmp_path):
    file(exercise_document())
    (tmp_path / "alias.yaml").write_text("a: &x 1\nb: *x\n", encoding="utf-8")
    (tmp_path / "list.yaml").write_text("- 1\n", encoding="utf-8")
    out, error = run(str(tmp_path), "--json", "--draws", "300")
    found = {entry["slug"].rsplit("/", 1)[-1]: entry for entry in json.loads(out)}
    assert [name for name, entry in found.items() if entry["certified"]] == ["double-it"]
    assert found["alias.yaml"]["faults"][0]["reason"]
    (fault,) = found["list.yaml"]["faults"]
    assert (fault["line"], fault["reason"]) == (1, "must be a mapping with names as keys")
    assert error == "2 of 3 items may not be shown."


def test_a_syntax_fault_is_not_a_refusal_over_no_draws(file):
    out, _ = run(file(exercise_document(steps={"twice": "2*y"})))
    assert "REFUSED before any draw" in out
    assert "rejected" not in out
