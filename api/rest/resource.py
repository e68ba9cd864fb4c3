"""What every address of the API has in common."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from axes.helpers import get_client_ip_address
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import NotFound, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from api.rest.authentication import SAFE
from api.rest.policy import RULES, operation_of
from assessment.models import User
from assessment.models.audit import Door
from assessment.people.auditing import act_as, audited, network_of

DICE = random.SystemRandom()
"""Chance comes from here: what a learner is given cannot be predicted."""


class Resource(APIView):
    """A view whose methods are named operations; ``api.rest.policy`` says who may call them.

    ``now`` is one moment for the whole request.
    """

    operations: ClassVar[Mapping[str, str]] = {}
    post_throttles: ClassVar[Sequence[type[BaseThrottle]]] = ()
    now: datetime

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; where the policy says so, the audit knows who wrote."""
        operation = operation_of(self, request.method)
        if request.method in SAFE or operation is None or not RULES[operation].audited:
            return super().dispatch(request, *args, **kwargs)
        with audited(Door.REST, network=network_of(get_client_ip_address(request) or "")):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.now = timezone.now()
        refuse_forms(request._request)
        super().initial(request, *args, **kwargs)
        act_as(self.user)

    def get_throttles(self) -> list[BaseThrottle]:
        extra = self.post_throttles if self.request.method == "POST" else ()
        return [*super().get_throttles(), *(throttle() for throttle in extra)]

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Keep answers out of caches, and give a browser its CSRF cookie with the first one."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        if request.method == "GET":
            get_token(request._request)
        return response

    @property
    def operation(self) -> str:
        operation = operation_of(self, self.request.method)
        if operation is None:
            raise TypeError(f"{self.request.method} is no operation of {self}")
        return operation

    @property
    def user(self) -> User | None:
        """Who asks; None for nobody."""
        return self.request.user if isinstance(self.request.user, User) else None

    @property
    def account(self) -> User:
        """Who asks, where the policy lets nobody else in."""
        if self.user is None:
            raise TypeError(f"{self.operation} is open to nobody without an account")
        return self.user


def refuse_forms(request: HttpRequest) -> None:
    """Raise UnsupportedMediaType for a body that is no JSON, before the CSRF check looks for a form in it."""
    kind = request.content_type or ""
    if request.method in SAFE or kind == "application/json":
        return
    is_empty = request.META.get("CONTENT_LENGTH") in (None, "", "0")
    if not is_empty or kind.startswith("multipart/"):
        raise UnsupportedMediaType(kind)


class Missing(Resource):
    """Any other address under the API."""

    permission_classes = ()
    throttle_classes = ()
    schema = None

    def handle_missing(self, request: Request, **_: Any) -> NoReturn:
        raise NotFound("There is nothing at this address. Every address ends with a slash.")

    get = post = put = patch = delete = handle_missing


class LinkSerializer(serializers.Serializer[Any]):
    """Something with a page of its own."""

    slug = serializers.CharField()
    title = serializers.CharField()
