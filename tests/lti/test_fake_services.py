"""The gradebook and the roster of the platform of the tests are as strict as those of others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.lti.fake_tool import FakeTool
from tests.lti.platform import FakeLms
from tests.lti.school import INACTIVE, User, student
from tests.lti.services import LINE_ITEM_TYPE, LINE_ITEMS_TYPE, MEMBERS_TYPE
from tests.lti.signing import ABSENT
from tests.lti.tokens import LINE_ITEM, MEMBERSHIP_READONLY, RESULT_READONLY

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

# Scores


def test_a_score_is_scaled_to_the_line_item(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.line_item(lms.link).maximum = 20
    assert fake_tool.send_score(NOW).status_code == 200
    assert lms.line_item(lms.link).value(lms.student.sub) == 16
    assert lms.grade(lms.link, lms.student.sub) == 80
    assert [score.given for score in lms.log] == [4]


def test_a_score_of_the_same_second_is_refused(lms: FakeLms, fake_tool: FakeTool) -> None:
    moments = [NOW + timedelta(seconds=one) for one in (0.1, 0.9, 1.0, 0.0)]
    statuses = [fake_tool.send_score(moment).status_code for moment in moments]
    assert statuses == [200, 409, 200, 409]
    assert [score.timestamp for score in lms.log] == [moments[0], moments[2]]


def test_the_time_of_one_person_is_not_that_of_another(lms: FakeLms, fake_tool: FakeTool) -> None:
    other = student()
    lms.course.enter(other)
    assert fake_tool.send_score(NOW).status_code == 200
    assert fake_tool.send_score(NOW, userId=other.sub).status_code == 200


@pytest.mark.parametrize("changes", [{"gradingProgress": "PendingManual"}, {"scoreGiven": ABSENT}], ids=str)
def test_a_score_that_is_not_final_takes_the_grade_away(
    lms: FakeLms, fake_tool: FakeTool, changes: dict[str, Any]
) -> None:
    fake_tool.send_score(NOW)
    assert lms.grade(lms.link, lms.student.sub) == 80
    assert fake_tool.send_score(NOW + timedelta(seconds=5), **changes).status_code == 200
    assert lms.grade(lms.link, lms.student.sub) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"scoreMaximum": ABSENT},
        {"scoreMaximum": 0},
        {"scoreGiven": -1},
        {"scoreGiven": "4"},
        {"scoreGiven": True},
        {"timestamp": "2026-11-23T09:00:00"},
        {"timestamp": "today"},
        {"timestamp": ABSENT},
        {"activityProgress": "Done"},
        {"gradingProgress": "fullygraded"},
        {"userId": "nobody"},
        {"userId": ABSENT},
    ],
    ids=str,
)
def test_a_score_that_is_none_is_refused(lms: FakeLms, fake_tool: FakeTool, changes: dict[str, Any]) -> None:
    assert fake_tool.send_score(NOW, **changes).status_code == 400
    assert not lms.log


def test_a_score_is_for_those_who_are_graded(lms: FakeLms, fake_tool: FakeTool) -> None:
    gone = student(status=INACTIVE)
    lms.course.enter(gone)
    assert fake_tool.send_score(NOW, userId=lms.teacher.sub).status_code == 400
    assert fake_tool.send_score(NOW, userId=gone.sub).status_code == 400


def test_the_query_of_an_address_is_a_part_of_it(lms: FakeLms, fake_tool: FakeTool) -> None:
    address, _, query = lms.line_item_url(lms.line_item(lms.link)).partition("?")
    headers = fake_tool.opening(LINE_ITEM)
    assert query == "type_id=7"
    assert fake_tool.get(address, headers=headers).status_code == 404
    assert fake_tool.get(f"{address}?type_id=7", headers=headers).status_code == 200


def test_results_are_what_the_gradebook_says(lms: FakeLms, fake_tool: FakeTool) -> None:
    fake_tool.send_score(NOW, comment="Well done.")
    address = lms.line_item_url(lms.line_item(lms.link)).replace("?", "/results?")
    headers = fake_tool.opening(RESULT_READONLY)
    (result,) = fake_tool.get(address, headers=headers).json()
    assert (result["resultScore"], result["resultMaximum"], result["comment"]) == (80, 100, "Well done.")
    assert fake_tool.get(f"{address}&user_id={lms.student.sub}", headers=headers).json() == [result]
    assert fake_tool.get(f"{address}&user_id=nobody", headers=headers).json() == []


# Line items


def test_a_line_item_is_made_changed_and_deleted(lms: FakeLms, fake_tool: FakeTool) -> None:
    headers = fake_tool.opening(LINE_ITEM) | {"Content-Type": LINE_ITEM_TYPE}
    described = {"label": "Homework", "scoreMaximum": 10, "resourceId": "hw-1", "tag": "grade"}
    made = fake_tool.post(lms.line_items_url(lms.course), json=described, headers=headers)
    assert (made.status_code, made.headers["Content-Type"]) == (201, LINE_ITEM_TYPE)
    address = made.json()["id"]
    changed = fake_tool.put(address, json=described | {"label": "Homework 1"}, headers=headers).json()
    assert fake_tool.get(address, headers=headers | {"Accept": LINE_ITEM_TYPE}).json() == changed
    assert changed["label"] == "Homework 1"
    assert fake_tool.delete(address, headers=headers).status_code == 204
    assert fake_tool.get(address, headers=headers).status_code == 404


def test_media_types_are_those_of_the_specification(lms: FakeLms, fake_tool: FakeTool) -> None:
    headers, address = fake_tool.opening(LINE_ITEM), lms.line_items_url(lms.course)
    described = {"label": "Homework", "scoreMaximum": 1}
    assert fake_tool.post(address, json=described, headers=headers).status_code == 415
    assert fake_tool.get(address, headers=headers | {"Accept": "text/html"}).status_code == 406
    assert fake_tool.get(address, headers=headers).headers["Content-Type"] == LINE_ITEMS_TYPE


def test_line_items_are_found_by_what_they_belong_to(lms: FakeLms, fake_tool: FakeTool) -> None:
    other = lms.add_link(resource_id="r 2", tag="late")
    lms.add_link(maximum=None)

    def found(**query: str) -> list[str]:
        address = httpx.URL(lms.line_items_url(lms.course)).copy_merge_params(query)
        items = fake_tool.get(address, headers=fake_tool.opening(LINE_ITEM)).json()
        return [item["resourceLinkId"] for item in items]

    assert found() == [lms.link.id, other.id]
    assert found(resource_link_id=lms.link.id) == [lms.link.id]
    assert found(resource_id="r 2") == found(tag="late") == [other.id]
    assert found(tag="early") == []


def test_line_items_come_page_by_page(lms: FakeLms, fake_tool: FakeTool) -> None:
    other = lms.add_link()
    headers = fake_tool.opening(LINE_ITEM)
    first = fake_tool.get(f"{lms.line_items_url(lms.course)}&limit=1", headers=headers)
    second = fake_tool.get(first.links["next"]["url"], headers=headers)
    links = [item["resourceLinkId"] for reply in (first, second) for item in reply.json()]
    assert links == [lms.link.id, other.id]
    assert "next" not in second.links


def test_a_line_item_belongs_to_a_link_of_its_course(lms: FakeLms, fake_tool: FakeTool) -> None:
    headers = fake_tool.opening(LINE_ITEM) | {"Content-Type": LINE_ITEM_TYPE}
    elsewhere = lms.add_link(lms.add_course())
    described = {"label": "Homework", "scoreMaximum": 1, "resourceLinkId": elsewhere.id}
    reply = fake_tool.post(lms.line_items_url(lms.course), json=described, headers=headers)
    assert reply.status_code == 404


# The roster


def test_a_long_roster_comes_page_by_page(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.course.members += [student() for _ in range(248)]
    address = lms.memberships_url(lms.course)
    pages = [members for _, members in fake_tool.roster_pages(address)]
    found = [member["user_id"] for members in pages for member in members]
    assert found == [user.sub for user in lms.course.members]
    assert [len(members) for members in pages] == [100, 100, 50]
    assert len(list(fake_tool.roster_pages(f"{address}?limit=50"))) == 5


def test_the_address_of_a_page_is_followed_letter_by_letter(lms: FakeLms, fake_tool: FakeTool) -> None:
    address = f"{lms.memberships_url(lms.course)}?limit=1"
    _, (following, _) = fake_tool.roster_pages(address)
    headers = fake_tool.opening(MEMBERSHIP_READONLY)
    assert fake_tool.get(following, headers=headers).status_code == 200
    lowered = following.replace("Page=Q", "Page=q")
    for wrong in (lowered, following.replace("Page=", "page="), f"{following}&x=1", following.lower()):
        assert fake_tool.get(wrong, headers=headers).status_code == 404, wrong


def test_the_roster_shows_people_as_they_are_shown(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.course.members += [User("nameless"), student(sub="gone", status=INACTIVE)]
    headers = fake_tool.opening(MEMBERSHIP_READONLY)
    reply = fake_tool.get(lms.memberships_url(lms.course), headers=headers)
    members = {member["user_id"]: member for member in reply.json()["members"]}
    assert reply.headers["Content-Type"] == MEMBERS_TYPE
    assert not {"name", "email"} & members["nameless"].keys()
    assert members["gone"]["status"] == "Inactive"
    assert members[lms.teacher.sub]["name"] == lms.teacher.name


def test_the_roster_is_asked_for_a_role_or_for_a_link(lms: FakeLms, fake_tool: FakeTool) -> None:
    address = lms.memberships_url(lms.course)
    ((_, (only,)),) = fake_tool.roster_pages(f"{address}?role=Instructor")
    assert only["user_id"] == lms.teacher.sub
    ((_, members),) = fake_tool.roster_pages(f"{address}?rlid={lms.link.id}")
    assert all("message" in member for member in members)
    headers = fake_tool.opening(MEMBERSHIP_READONLY)
    assert fake_tool.get(f"{address}?rlid=another", headers=headers).status_code == 404
