"""A browser that goes from a platform to us and back, without a screen."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.test import Client

from tests.lti.launching import Form, read_form
from tests.lti.platform import FakeLms

HERE = "http://testserver"


class Browser:
    """One browser with its cookies. ``begin`` goes to the login, ``launch`` all the way."""

    def __init__(self, lms: FakeLms, *, is_secure: bool = False) -> None:
        self.lms = lms
        self.client = Client()
        self.is_secure = is_secure

    def begin(self, parameters: dict[str, str] | None = None, **launch: Any) -> HttpResponse:
        sent = parameters or self.lms.login_parameters(**launch)
        return self._sent(self.client.get("/lti/login", sent, secure=self.is_secure))

    def way(self, response: HttpResponse) -> dict[str, str]:
        """Return what we send a browser to its platform with."""
        query = parse_qs(urlsplit(response["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    def arrive(self, fields: dict[str, str]) -> HttpResponse:
        return self._sent(self.client.post("/lti/launch", fields, secure=self.is_secure))

    def launch(self, *args: Any, **launch: Any) -> HttpResponse:
        """Begin, be told who it is by the platform, and bring its message."""
        way = self.way(self.begin())
        token = self.lms.id_token(way["nonce"], *args, **launch)
        return self.arrive({"id_token": token, "state": way["state"]})

    def submit(self, response: HttpResponse, **fields: str) -> HttpResponse:
        """Send the form of one of our pages."""
        form = form_of(response)
        return self._sent(self.client.post(form.action, {**form.fields, **fields}, secure=self.is_secure))

    @staticmethod
    def _sent(response: Any) -> HttpResponse:
        found: HttpResponse = response
        return found


def form_of(response: HttpResponse) -> Form:
    html = response.content.decode().replace('action="/', f'action="{HERE}/')
    form = read_form(html)
    return Form(form.action.removeprefix(HERE), form.fields)


def code_of(response: HttpResponse) -> str:
    """Return the code of a launch that went well."""
    assert response.status_code == 303, (response.status_code, response.content[:500])
    return urlsplit(response["Location"]).fragment
