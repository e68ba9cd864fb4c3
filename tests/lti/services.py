"""The services of a platform: Assignment and Grade Services 2.0, Names and Role Provisioning Services 2.0."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import parse_qsl

from tests.lti.gradebook import LineItem, parse_score
from tests.lti.messages import LAUNCH, LTI
from tests.lti.school import Course, Link, User
from tests.lti.serving import Refused, Reply, Request, json_reply
from tests.lti.tokens import LINE_ITEM, LINE_ITEM_READONLY, MEMBERSHIP_READONLY, RESULT_READONLY, SCORE

if TYPE_CHECKING:
    from tests.lti.platform import FakeLms

LINE_ITEM_TYPE: Final = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE: Final = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE: Final = "application/vnd.ims.lis.v2.resultcontainer+json"
MEMBERS_TYPE: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

Row = TypeVar("Row")


class Pages:
    """Lists page by page. The address of a next page leads there only as it was given, letter by letter."""

    def __init__(self) -> None:
        self._starts: dict[str, int] = {}

    def part(
        self, lms: FakeLms, request: Request, rows: Sequence[Row]
    ) -> tuple[Sequence[Row], dict[str, str]]:
        """Return the rows of one page, and the header that leads to the next."""
        start = self._start(request)
        end = start + min(_limit(request), lms.page_size)
        if end >= len(rows):
            return rows[start:], {}
        return rows[start:end], {"Link": f'<{lms.issuer}{self._next(request, end)}>; rel="next"'}

    def _start(self, request: Request) -> int:
        if not any(name.lower() == "page" for name in request.query):
            return 0
        if request.target not in self._starts:
            raise Refused(404, "no such page")
        return self._starts[request.target]

    def _next(self, request: Request, start: int) -> str:
        kept = re.split(r"[?&]Page=", request.target)[0]
        target = f"{kept}{'&' if '?' in kept else '?'}Page=Q{secrets.token_urlsafe(6)}x"
        self._starts[target] = start
        return target


def _limit(request: Request) -> int:
    asked = request.query.get("limit", "1000000")
    if not asked.isdecimal() or int(asked) == 0:
        raise Refused(400, f"limit is {asked!r}")
    return int(asked)


def list_line_items(lms: FakeLms, request: Request, course_id: str) -> Reply:
    course = _enter(lms, request, course_id, (LINE_ITEM, LINE_ITEM_READONLY))
    _check_accepted(request, LINE_ITEMS_TYPE)
    items = [item for item in lms.gradebook.of_course(course.id) if _is_asked_for(item, request)]
    part, headers = lms.pages.part(lms, request, items)
    documents = [line_item_document(lms, item) for item in part]
    return json_reply(documents, media_type=LINE_ITEMS_TYPE, headers=headers)


def add_line_item(lms: FakeLms, request: Request, course_id: str) -> Reply:
    course = _enter(lms, request, course_id, (LINE_ITEM,))
    _check_sent(request, LINE_ITEM_TYPE)
    if link := request.document.get("resourceLinkId"):
        _link_in(lms, course, link)
    item = lms.gradebook.add_described(course.id, request.document)
    return json_reply(line_item_document(lms, item), 201, media_type=LINE_ITEM_TYPE)


def read_line_item(lms: FakeLms, request: Request, course_id: str, number: str) -> Reply:
    item = _line_item(lms, request, course_id, number, (LINE_ITEM, LINE_ITEM_READONLY))
    _check_accepted(request, LINE_ITEM_TYPE)
    return json_reply(line_item_document(lms, item), media_type=LINE_ITEM_TYPE)


def change_line_item(lms: FakeLms, request: Request, course_id: str, number: str) -> Reply:
    item = _line_item(lms, request, course_id, number, (LINE_ITEM,))
    _check_sent(request, LINE_ITEM_TYPE)
    item.changed_by(request.document)
    return json_reply(line_item_document(lms, item), media_type=LINE_ITEM_TYPE)


def delete_line_item(lms: FakeLms, request: Request, course_id: str, number: str) -> Reply:
    lms.gradebook.delete(_line_item(lms, request, course_id, number, (LINE_ITEM,)))
    return Reply(204)


def take_score(lms: FakeLms, request: Request, course_id: str, number: str) -> Reply:
    item = _line_item(lms, request, course_id, number, (SCORE,))
    _check_sent(request, SCORE_TYPE)
    score = parse_score(item, request.document)
    member = lms.course_called(course_id).member(score.user)
    if member is None or not member.is_gradable:
        raise Refused(400, f"{score.user!r} has no grades in this course")
    lms.gradebook.accept(item, score)
    return json_reply({"resultUrl": _result_url(lms, item, score.user)})


def list_results(lms: FakeLms, request: Request, course_id: str, number: str) -> Reply:
    item = _line_item(lms, request, course_id, number, (RESULT_READONLY,))
    _check_accepted(request, RESULTS_TYPE)
    asked = request.query.get("user_id")
    users = [user for user in item.scores if asked in (None, user)]
    part, headers = lms.pages.part(lms, request, users)
    documents = [result_document(lms, item, user) for user in part]
    return json_reply(documents, media_type=RESULTS_TYPE, headers=headers)


def list_members(lms: FakeLms, request: Request, course_id: str) -> Reply:
    lms.tokens.check(request, (MEMBERSHIP_READONLY,), lms.clock())
    course = lms.course_called(course_id)
    _check_accepted(request, MEMBERS_TYPE)
    link = _link_in(lms, course, request.query["rlid"]) if "rlid" in request.query else None
    role = request.query.get("role")
    members = [user for user in course.members if role is None or user.has_role(role)]
    part, headers = lms.pages.part(lms, request, members)
    documents = [member_document(user, link) for user in part]
    container = {"id": lms.memberships_url(course), "context": course.context(), "members": documents}
    return json_reply(container, media_type=MEMBERS_TYPE, headers=headers)


def line_item_document(lms: FakeLms, item: LineItem) -> dict[str, Any]:
    link = {"resourceLinkId": item.link} if item.link and lms.tells_links else {}
    return {
        "id": lms.line_item_url(item),
        "label": item.label,
        "scoreMaximum": item.maximum,
        "resourceId": item.resource_id,
        "tag": item.tag,
        **link,
    }


def result_document(lms: FakeLms, item: LineItem, user: str) -> dict[str, Any]:
    value = item.value(user)
    found = {"id": _result_url(lms, item, user), "scoreOf": lms.line_item_url(item), "userId": user}
    graded = {} if value is None else {"resultScore": value, "resultMaximum": item.maximum}
    comment = item.scores[user].comment
    return found | graded | ({"comment": comment} if comment else {})


def member_document(user: User, link: Link | None) -> dict[str, Any]:
    member = {"user_id": user.sub, "status": user.status, "roles": list(user.roles), **user.profile()}
    if link is None:
        return member
    message = {f"{LTI}message_type": LAUNCH, f"{LTI}custom": dict(link.custom)}
    return member | {"message": [message]}


def _result_url(lms: FakeLms, item: LineItem, user: str) -> str:
    base, _, query = lms.line_item_url(item).partition("?")
    return f"{base}/results?{query}&user_id={user}"


def _enter(lms: FakeLms, request: Request, course_id: str, scopes: Collection[str]) -> Course:
    """Return a course of which the gradebook may be used, at an address that is whole."""
    lms.tokens.check(request, scopes, lms.clock())
    if not set(parse_qsl(lms.address_query)) <= set(request.query.items()):
        raise Refused(404, f"the address lacks {lms.address_query!r}")
    return lms.course_called(course_id)


def _line_item(
    lms: FakeLms, request: Request, course_id: str, number: str, scopes: Collection[str]
) -> LineItem:
    course = _enter(lms, request, course_id, scopes)
    found = (item for item in lms.gradebook.of_course(course.id) if str(item.number) == number)
    if (item := next(found, None)) is None:
        raise Refused(404, "no such line item")
    return item


def _link_in(lms: FakeLms, course: Course, link_id: str) -> Link:
    link = lms.links.get(link_id)
    if link is None or link.course is not course:
        raise Refused(404, f"no link {link_id!r} in this course")
    return link


def _is_asked_for(item: LineItem, request: Request) -> bool:
    found = {"resource_link_id": item.link, "tag": item.tag, "resource_id": item.resource_id}
    return all(request.query.get(name, value) == value for name, value in found.items())


def _check_sent(request: Request, media_type: str) -> None:
    if request.media_type != media_type:
        raise Refused(415, f"expected {media_type}, not {request.media_type!r}")


def _check_accepted(request: Request, media_type: str) -> None:
    accepted = {one.partition(";")[0].strip() for one in request.headers.get("Accept", "*/*").split(",")}
    if not accepted & {media_type, "application/*", "*/*"}:
        raise Refused(406, f"speaks {media_type}, not {sorted(accepted)}")
