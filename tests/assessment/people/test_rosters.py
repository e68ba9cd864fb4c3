"""A course's people from a table: what each row would do, and doing it."""

import json

import pytest
from django.core import mail
from django.core.management import call_command

from assessment.errors import RosterChanged
from assessment.models import Enrolment, Section, User
from assessment.models.people import Role
from assessment.people import invitations
from assessment.people.mailing import wait_until_sent
from assessment.people.recovery import WrongRecovery, recover_by_token
from assessment.people.rosters import import_roster, people_in, plan_roster
from content.sheets.reading import SheetFault, read_table
from tests.builders import NOW, PASSWORD, enrol, make_course, make_learner

pytestmark = pytest.mark.django_db

HEADERS = "e-mail,username,first name,last name,section,role"


@pytest.fixture
def course():
    return make_course(slug="optics")


def people(*rows, headers=HEADERS):
    return people_in(read_table("\n".join([headers, *rows]).encode()))[0]


def plan(course, *rows, appoints=True):
    return plan_roster(course=course, people=people(*rows), unread=(), appoints=appoints, now=NOW)


def bring(course, *rows, expected=None, appoints=True):
    return import_roster(
        course=course,
        people=people(*rows),
        appoints=appoints,
        expected=expected,
        address_of=lambda token: f"https://assay.test/recover?token={token}",
        now=NOW,
    )


def outcomes(found):
    return [step.outcome.value for step in found.steps]


def test_columns_are_known_by_their_usual_names_in_any_order():
    table = read_table(b"Group;Surname;Given name;Shoe size;E-Mail Address\nB;Doe;Ann;38;ann@x.org")
    [ann], unread = people_in(table)
    assert (ann.section, ann.last_name, ann.first_name, ann.email) == ("B", "Doe", "Ann", "ann@x.org")
    assert unread == ("Shoe size",)


@pytest.mark.parametrize("headers", ["name,section", "mail,e-mail", "first name,last name"])
def test_a_table_without_people_is_refused(headers):
    with pytest.raises(SheetFault):
        people(headers=headers)


def test_an_account_is_made_with_a_link_and_no_password(course):
    done = bring(course, "zoe@x.org,,Zoë,Doe,B,")
    [zoe] = done.invited
    user = User.objects.get(username="zoe")
    assert (user.email, user.first_name, user.has_usable_password()) == ("zoe@x.org", "Zoë", False)
    enrolled = course.enrolments.get()
    assert (enrolled.user, enrolled.role, enrolled.section.title) == (user, Role.LEARNER, "B")
    assert zoe.address.startswith("https://assay.test/recover?token=")


def test_a_link_lets_its_person_choose_a_password_once(course):
    token = bring(course, "zoe@x.org").invited[0].address.partition("token=")[2]
    assert recover_by_token(token=token, password=PASSWORD).check_password(PASSWORD)
    with pytest.raises(WrongRecovery):
        recover_by_token(token=token, password="another-long-one")


def test_a_link_is_dead_after_two_weeks(course, monkeypatch):
    token = bring(course, "zoe@x.org").invited[0].address.partition("token=")[2]
    monkeypatch.setattr(invitations, "AGE", -invitations.AGE)
    for wrong in (token, token[:-1], "x", f"{token}x"):
        with pytest.raises(WrongRecovery):
            recover_by_token(token=wrong, password=PASSWORD)


def test_an_account_that_exists_is_enrolled_and_not_changed(course):
    ann = make_learner("ann", email="Ann@x.org", first_name="Ann")
    done = bring(course, "ANN@X.ORG,,Other,Name")
    ann.refresh_from_db()
    assert (ann.first_name, ann.check_password(PASSWORD)) == ("Ann", True)
    assert not done.invited
    assert course.enrolments.get().user == ann
    assert "ann" not in done.plan.steps[0].words


def test_twice_is_once(course):
    make_learner("ann")
    rows = (",ann", "zoe@x.org,,,,B", "max@x.org,max")
    bring(course, *rows)
    again = bring(course, *rows)
    assert outcomes(again.plan) == ["there"] * 3
    assert not again.invited
    assert (course.enrolments.count(), course.sections.count()) == (3, 1)


def test_somebody_there_already_moves_to_the_section_of_the_file(course):
    ann = make_learner("ann")
    enrol(ann, course)
    Section.objects.create(course=course, title="B")
    assert plan(course, ",ann,,,b").steps[0].words == "Moves to section b."
    bring(course, ",ann,,,b")
    assert course.enrolments.get().section.title == "B"
    assert outcomes(plan(course, ",ann")) == ["there"]


def test_an_ended_enrolment_begins_again(course):
    ann = make_learner("ann")
    enrol(ann, course)
    Enrolment.objects.update(ends_at=NOW)
    bring(course, ",ann")
    assert course.enrolments.active(NOW).get().user == ann


def test_a_refused_row_stops_no_other(course):
    ann = make_learner("ann", email="ann@x.org")
    enrol(make_learner("tom"), course, Role.INSTRUCTOR)
    make_learner("gone", is_active=False)
    rows = [
        ",,No,Body",
        "no address",
        ",two words",
        f"{'x' * 250}@x.org",
        "a@x.org,,,,,boss",
        "b@x.org,,,,,instructor",
        "new@x.org,ann",
        "ann@x.org",
        ",ANN",
        ",tom,,,,learner",
        ",gone",
        "c@x.org",
    ]
    done = bring(course, *rows, appoints=False)
    assert outcomes(done.plan) == [*["refused"] * 7, "enrol", *["refused"] * 3, "account"]
    assert course.enrolments.filter(user=ann).exists()
    assert done.plan.counts["refused"] == 10


def test_instructors_are_made_by_those_who_may(course):
    bring(course, "b@x.org,,,,,Instructor", "t@x.org,,,,,tester")
    assert set(course.enrolments.values_list("role", flat=True)) == {Role.INSTRUCTOR, Role.TESTER}


def test_names_of_new_accounts_are_made_unique(course):
    make_learner("info")
    rows = [f"info@{number}.org" for number in range(12)]
    found = plan(course, *rows)
    names = [step.username for step in found.steps]
    assert len(set(names)) == 12
    assert names[0] == "info2"
    assert plan(course, *rows).fingerprint == found.fingerprint
    bring(course, *rows, expected=found.fingerprint)


def test_a_change_between_is_noticed_and_nothing_is_done(course):
    seen = plan(course, "zoe@x.org").fingerprint
    make_learner("zoe")
    with pytest.raises(RosterChanged):
        bring(course, "zoe@x.org", expected=seen)
    assert not course.enrolments.exists()


def test_people_are_mailed_their_link(course, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        done = bring(course, "zoe@x.org", ",max")
    wait_until_sent()
    [letter] = mail.outbox
    assert letter.to == ["zoe@x.org"]
    assert done.invited[0].address in letter.body
    assert [one.is_mailed for one in done.invited] == [True, False]


def test_a_thousand_rows_cost_as_many_statements_as_ten(course, django_assert_max_num_queries):
    rows = [f"learner{number}@x.org,,A,B,{'AB'[number % 2]}" for number in range(1000)]
    with django_assert_max_num_queries(24):
        bring(course, *rows)
    assert course.enrolments.count() == 1000


def test_the_command_line_does_the_same(course, tmp_path, capsys):
    file = tmp_path / "people.csv"
    file.write_text("email,section\nzoe@x.org,A\n")
    call_command("import_roster", "optics", str(file), "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["counts"]["account"] == 1
    assert not course.enrolments.exists()
    call_command("import_roster", "optics", str(file))
    assert "/recover?token=" in capsys.readouterr().out
    assert course.enrolments.count() == 1
    assert not mail.outbox
