"""What is answered, and who answers: the only place that knows how learners and assessments are made."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.test import Client

import content
from assessment.models import User
from bench.answers import bank
from bench.answers.errors import CannotMeasure
from content.documents.text import load_document
from content.models.versions import new_id

LIBRARY: Final = Path(content.__path__[0]) / "library" / "classical-ml"
LESSON: Final = "regularization"
ITEMS: Final = {"choice": "l1-and-exact-zeros", "numeric": "l2-step"}
"""By the kind of run; they stand in the fixed assessment in this order."""
ADAPTIVE: Final = "adaptive"
"""The kind of run in which every answer goes to another item of a large bank."""
FIXED_ASSESSMENT: Final = "bench-answers"
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
EMPTY_KEY: Final = "00000000-0000-0000-0000-000000000000"
"""The load generator puts a fresh one in its place."""
EMPTY_PLACE: Final = "00000000"
"""The load generator puts the place in, that a learner has come to."""
CELL: Final = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
NUMBER: Final = re.compile(r"[-−]?\d+(?:\.\d+)?")

Answer = dict[str, Any]


class WrongCourse(CannotMeasure):
    """The service did not take the course or a learner as this module thinks it does."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A learner who is signed in and has an open attempt: what a browser would send, and the attempt's address."""

    headers: str
    attempt: str

    def ask(self) -> bytes:
        """Return the bytes that ask for the next item."""
        return f"GET {self.attempt}next/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.headers}\r\n".encode()

    def send(self, place: int | str, answer: Answer) -> bytes:
        """Return the bytes that send an answer."""
        return post(f"{self.attempt}presentations/{place}/responses/", self.headers, {"answer": answer})


def post(path: str, headers: str, document: dict[str, Any]) -> bytes:
    """Return the bytes of a request with a JSON body."""
    body = json.dumps(document).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Type: application/json\r\n"
        f"Idempotency-Key: {EMPTY_KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def import_fixed(folder: Path) -> None:
    """Import the library with one more assessment: a choice and an exercise, verdicts at once, endless tries."""
    copy = folder / LIBRARY.name
    shutil.copytree(LIBRARY, copy)
    document = {
        "slug": FIXED_ASSESSMENT,
        "title": "Answers for the benchmark",
        "lesson": LESSON,
        "mode": "fixed",
        "tries": None,
        "feedback": "immediate",
        "sections": [{"title": "Both", "slots": [{"item": slug} for slug in ITEMS.values()]}],
    }
    # JSON is YAML.
    (copy / LESSON / "assessments" / f"{FIXED_ASSESSMENT}.yaml").write_text(json.dumps(document))
    call_command("import_content", copy, stdout=StringIO())


def import_adaptive(folder: Path) -> None:
    """Import a large bank with an adaptive assessment."""
    call_command("import_content", bank.write_bank(folder), stdout=StringIO())


def learners(kind: str, count: int, port: int) -> list[list[bytes]]:
    """Return what each of some learners who have just begun will send. Raises WrongCourse.

    The answers of a fixed assessment are two wrong ones, as a right one closes its place where verdicts show at once.
    Those of an adaptive one are right and wrong in turn; before them stands the request for the next item.
    """
    service = HTTPConnection("127.0.0.1", port, timeout=30)
    begin = _adaptive if kind == ADAPTIVE else partial(_fixed, kind=kind)
    try:
        return [begin(service) for _ in range(count)]
    finally:
        service.close()


def finish_attempt(port: int) -> str:
    """Return the id of a fixed attempt that was answered, wrong and right, and ended. Raises WrongCourse.

    So it is seen that answers are graded as they are meant: else something cheaper might be measured.
    """
    service = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        sitting = _begin(service, FIXED_ASSESSMENT)
        for position, kind in enumerate(ITEMS, start=1):
            right, *wrong = _answers(service, sitting, kind)
            path = f"{sitting.attempt}presentations/{position}/responses/"
            for answer in (*wrong, right):
                verdict = _call(service, "POST", path, sitting.headers, {"answer": answer})
                if verdict["correct"] is not (answer is right):
                    raise WrongCourse(f"{answer} to {ITEMS[kind]} was graded otherwise than meant: {verdict}")
        ended = _call(service, "POST", f"{sitting.attempt}submit/", sitting.headers)
    finally:
        service.close()
    return str(ended["id"])


def _fixed(service: HTTPConnection, *, kind: str) -> list[bytes]:
    sitting = _begin(service, FIXED_ASSESSMENT)
    _, *wrong = _answers(service, sitting, kind)
    return [sitting.send(list(ITEMS).index(kind) + 1, answer) for answer in wrong]


def _adaptive(service: HTTPConnection) -> list[bytes]:
    sitting = _begin(service, bank.ASSESSMENT)
    return [sitting.ask(), *(sitting.send(EMPTY_PLACE, answer) for answer in bank.ANSWERS)]


def _begin(service: HTTPConnection, assessment: str) -> Sitting:
    headers = _sign_in()
    started = _call(service, "POST", "/api/v1/attempts/", headers, {"assessment": assessment})
    return Sitting(headers, f"/api/v1/attempts/{started['id']}/")


def _answers(service: HTTPConnection, sitting: Sitting, kind: str) -> tuple[Answer, Answer, Answer]:
    """Return the right answer and two wrong ones."""
    if kind == "choice":
        return _choices()
    return solve(_call(service, "GET", f"{sitting.attempt}presentations/2/", sitting.headers)["body"])


def solve(body: str) -> tuple[Answer, Answer, Answer]:
    """Return the right answer to the exercise as it is shown, one of a known misconception, and one of none.

    Raises WrongCourse.
    """
    cells = [NUMBER.fullmatch(re.sub(r"<[^>]*>", "", cell).strip()) for cell in CELL.findall(body)]
    numbers = [float(cell[0].replace("−", "-")) for cell in cells if cell]
    if len(numbers) != 4:
        raise WrongCourse(
            f"The exercise {ITEMS['numeric']} shows other numbers than w, g, lr, lambda:\n{body}"
        )
    w, g, rate, strength = numbers
    key, without_penalty = w - rate * (g + 2 * strength * w), w - rate * g
    right, mistaken, off = ({"a": f"{value:.6f}"} for value in (key, without_penalty, key + 10))
    return right, mistaken, off


@cache
def _choices() -> tuple[Answer, Answer, Answer]:
    """Return the right answer to the choice and two wrong ones."""
    file = LIBRARY / LESSON / "items" / f"{ITEMS['choice']}.yaml"
    ((name, interaction),) = load_document(file.read_text(encoding="utf-8"))["interactions"].items()
    options = sorted(interaction["options"], key=lambda option: not option["key"])
    right, one, other, *_ = ({name: option["id"]} for option in options)
    return right, one, other


def _sign_in() -> str:
    """Return the headers of a browser in which a new learner is signed in."""
    # Copies of the row get another id, wherever it stands, and so another name.
    identity = new_id()
    user = User.objects.create_user(f"bench-{identity}", id=identity)
    client = Client()
    client.force_login(user, BACKEND)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    token = secrets.token_hex(16)
    return f"Cookie: sessionid={session}; csrftoken={token}\r\nX-CSRFToken: {token}\r\n"


def _call(
    service: HTTPConnection,
    method: str,
    path: str,
    headers: str,
    document: dict[str, Any] | None = None,
) -> dict[str, Any]:
    sent = dict(_split(headers.splitlines()))
    body = None
    if document is not None:
        body = json.dumps(document)
        sent |= {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)}
    service.request(method, path, body, sent)
    reply = service.getresponse()
    text = reply.read()
    if reply.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
        raise WrongCourse(f"{method} {path} was answered {reply.status}: {text!r}")
    result: dict[str, Any] = json.loads(text)
    return result


def _split(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(": ")
        yield name, value
