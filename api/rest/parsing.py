"""JSON on its way in: limited in size and depth, and numbers in answers exactly as they were typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any, ClassVar, NoReturn
from uuid import UUID

from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from content.expressions import exact
from content.searching import words_of

KILOBYTE = 1024
MAX_SEARCH = 200
SLUG = re.compile(r"[-\w]{1,100}", re.ASCII)


class BodyTooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"
    default_detail = "The body is too large."

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body may have at most {limit} bytes.")


class JSONParser(BaseParser):
    media_type = "application/json"
    max_bytes: ClassVar[int] = 16 * KILOBYTE

    @staticmethod
    def read_float(text: str) -> Any:
        return float(text)

    @staticmethod
    def read_int(text: str) -> Any:
        return exact.whole(text)

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value of the body. Raises BodyTooLarge or ParseError."""
        body = stream.read(self.max_bytes + 1)
        if len(body) > self.max_bytes:
            raise BodyTooLarge(self.max_bytes)
        try:
            return json.loads(
                body,
                parse_constant=_refuse_constant,
                parse_float=self.read_float,
                parse_int=self.read_int,
            )
        except RecursionError:
            raise ParseError("The body is nested too deeply.") from None
        except exact.UnusableNumber as error:
            raise ParseError(f"A number in the body {error}.") from None
        except ValueError as error:
            raise ParseError(f"The body is no JSON: {error}"[:200]) from None


class ListParser(JSONParser):
    """For thousands of people at once."""

    max_bytes = 224 * KILOBYTE


class AnswerParser(JSONParser):
    """Keeps JSON numbers as text: 0.10 has its zero, 1e400 is not infinite, and the grader reads both."""

    max_bytes = 64 * KILOBYTE

    @staticmethod
    def read_float(text: str) -> str:
        return text

    read_int = read_float


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not in JSON")


class OnlyJSON(DefaultContentNegotiation):
    """Answers in JSON whatever the client would like best: it is all there is."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


def slug_wanted(request: Request, name: str) -> str | None:
    """Return the slug that a list is to be filtered by, if there is one. Raises ValidationError."""
    text = request.query_params.get(name)
    if text and not SLUG.fullmatch(text):
        raise ValidationError({name: "Must be a slug: letters, digits and hyphens."}, "invalid")
    return text or None


def words_wanted(request: Request, name: str) -> tuple[str, ...]:
    """Return the words that a list is searched for. Raises ValidationError where it is no search but a text."""
    search = request.query_params.get(name) or ""
    if len(search) > MAX_SEARCH:
        raise ValidationError({name: f"May have at most {MAX_SEARCH} characters."}, "invalid")
    return words_of(search)


def required_key(request: Request) -> UUID:
    """Return the UUID in the Idempotency-Key header. Raises ValidationError: without it a retry could spend a try."""
    key = idempotency_key(request)
    if key is None:
        raise ValidationError({"Idempotency-Key": "Is required here: a UUID for each answer."}, "required")
    return key


def idempotency_key(request: Request) -> UUID | None:
    """Return the UUID in the Idempotency-Key header, if there is one. Raises ValidationError."""
    text = request.headers.get("Idempotency-Key")
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise ValidationError({"Idempotency-Key": "Must be a UUID."}, "invalid_uuid") from None
