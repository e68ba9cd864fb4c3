"""How the API describes itself: names, access and refusals come from our own tables."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.utils import Direction

from api.rest.errors import ErrorSerializer
from api.rest.policy import RULES, Who, operation_of


class AutoSchema(SpectacularSchema):
    """Takes names, who may call, and the refusals that any call can meet from our own tables."""

    def get_operation_id(self) -> str:
        operation = operation_of(self.view, self.method)
        if operation is None:
            raise TypeError(f"{self.view} does not name the operation of {self.method}")
        return operation

    def get_auth(self) -> list[dict[str, list[Any]]]:
        super().get_auth()  # registers the schemes
        rule = RULES[self.get_operation_id()]
        ways: list[dict[str, list[Any]]] = [{"session": []}, {"launch": []}]
        if rule.scope:
            ways.append({"key": []})
        return [*ways, {}] if Who.ANONYMOUS in rule.who else ways

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").partition("/")[0]]

    def _get_request_body(self, direction: Direction = "request") -> dict[str, Any] | None:
        """Describe the body of a DELETE too, where one is declared: its package takes it to have none."""
        method, declares = self.method, self.method == "DELETE" and self.get_request_serializer() is not None
        self.method = "POST" if declares else method
        try:
            body: dict[str, Any] | None = super()._get_request_body(direction)  # type: ignore[no-untyped-call]  # without types
        finally:
            self.method = method
        return body

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        declared: dict[str, Any] = super()._get_response_bodies(direction)
        error = self._get_response_for_code(ErrorSerializer, "4XX")  # type: ignore[no-untyped-call]  # without types
        reasons = self._refusals() | {s: b["description"] for s, b in declared.items() if s.startswith("4")}
        refusals = {status: {**error, "description": reason} for status, reason in reasons.items()}
        return dict(sorted((declared | refusals).items()))

    def _refusals(self) -> dict[str, str]:
        rule = RULES[self.get_operation_id()]
        found = {"429": "Too many requests; Retry-After says when to come back."}
        if self.method != "GET":
            found["415"] = "A body must be application/json."
        if self.method != "GET" and self.get_request_serializer() is not None:
            found["400"] = "The body or a header cannot be read; nothing was changed."
            found["413"] = "The body is too large."
        elif any(parameter["in"] == "query" for parameter in self._get_parameters()):
            found["400"] = "A parameter cannot be read."
        found["401"] = "Nobody is signed in, or the key or the launch is not known."
        if Who.ANONYMOUS in rule.who:
            found["401"] = "The key or the launch that was sent is not known."
        found["403"] = "Not allowed: by the policy, the key's scopes, or a missing CSRF token."
        if "{" in self.path:
            found["404"] = "Not there, or not for whoever asks."
        return found


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "api.rest.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: SpectacularSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "Unsafe methods also send the csrftoken cookie's value as X-CSRFToken.",
        }


class LaunchScheme(OpenApiAuthenticationExtension):
    target_class = "api.rest.authentication.LaunchAuthentication"
    name = "launch"

    def get_security_definition(self, auto_schema: SpectacularSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "Of a page that another system opened: it stands for a session, without cookies.",
        }


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "api.rest.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: SpectacularSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}
