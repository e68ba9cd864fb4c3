"""Which address of a platform does what, under the name by which its calls are counted and its faults are added."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from tests.lti import launching, registering, services, tokens
from tests.lti.serving import Refused, Reply, Request

if TYPE_CHECKING:
    from tests.lti.platform import FakeLms

COURSE: Final = r"/courses/([^/]+)"
ITEM: Final = rf"{COURSE}/lineitems/([^/]+)"

ROUTES: Final[tuple[tuple[str, str, str, Callable[..., Reply]], ...]] = (
    ("jwks", "GET", "/jwks", tokens.show_keys),
    ("configuration", "GET", r"/\.well-known/openid-configuration", registering.show_configuration),
    ("register", "POST", "/register", registering.register),
    ("token", "POST", "/token", tokens.give_token),
    ("auth", "GET", "/auth", launching.authorize),
    ("auth", "POST", "/auth", launching.authorize),
    ("open", "GET", "/open/([^/]+)", launching.open_tool),
    ("course", "GET", COURSE, launching.show_course),
    ("deep_links", "POST", f"{COURSE}/deep_links", launching.keep_choice),
    ("lineitems", "GET", f"{COURSE}/lineitems", services.list_line_items),
    ("lineitems", "POST", f"{COURSE}/lineitems", services.add_line_item),
    ("lineitem", "GET", ITEM, services.read_line_item),
    ("lineitem", "PUT", ITEM, services.change_line_item),
    ("lineitem", "DELETE", ITEM, services.delete_line_item),
    ("scores", "POST", f"{ITEM}/scores", services.take_score),
    ("results", "GET", f"{ITEM}/results", services.list_results),
    ("memberships", "GET", f"{COURSE}/memberships", services.list_members),
)
ENDPOINTS: Final = frozenset(name for name, *_ in ROUTES)


def find(request: Request) -> tuple[str, Callable[[FakeLms], Reply]]:
    """Return the name of the endpoint that a request is for ("unknown": none), and its work."""
    allowed = []
    for name, method, path, endpoint in ROUTES:
        if found := re.fullmatch(path, request.path):
            if method == request.method:
                return name, lambda lms, endpoint=endpoint: endpoint(lms, request, *found.groups())
            allowed.append(method)
    return "unknown", partial(_refuse, 405 if allowed else 404, f"{request.method} {request.path}")


def _refuse(status: int, reason: str, lms: FakeLms) -> Reply:
    raise Refused(status, reason)
