"""Which page of the help a page of the desk leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest

ADDRESS: Final = "/docs/"

FIRST: Final = "instructors"
"""Where a page leads that has no line of its own."""

MODELS: Final[Mapping[str, str]] = {
    "content_item": "authoring",
    "content_itemversion": "authoring",
    "content_media": "authoring",
    "content_itembank": "instructors#writing-an-item",
    "content_review": "instructors#reviews",
    "content_skill": "lessons#skills-and-mistakes",
    "content_misconception": "lessons#skills-and-mistakes",
    "content_subject": "importing",
    "content_importrun": "importing",
    "content_lesson": "lessons",
    "content_lessonversion": "lessons",
    "content_authorgrant": "rights",
    "assessment_assessment": "assessments",
    "assessment_assessmentversion": "assessments",
    "assessment_assignment": "instructors#assignments",
    "assessment_accommodation": "instructors#assignments",
    "assessment_course": "courses",
    "assessment_enrolment": "courses",
    "assessment_user": "instructors#courses-and-people",
    "assessment_attempt": "instructors#reading-results",
    "assessment_correction": "regrading",
    "assessment_calibration": "adaptive-engine#calibrating",
    "assessment_onlinedifficulty": "adaptive#while-it-is-in-use",
    "assessment_masteryfit": "knowledge#fitting-to-our-own-log",
    "assessment_auditentry": "operations",
    "assessment_platform": "lms",
    "assessment_invitation": "lms#by-a-link",
    "assessment_toolkey": "lms",
    "assessment_refusedlaunch": "lms#when-something-is-refused",
    "assessment_resourcelink": "lms",
    "assessment_grade": "lms#grades",
    "api_apikey": "api",
    "auth_group": "rights",
    "axes_accessattempt": "operations",
    "axes_accesslog": "operations",
    "axes_accessfailurelog": "operations",
}
"""By app and model, as the addresses of the desk are named."""

PAGES: Final[Mapping[tuple[str, str], str]] = {
    ("assessment_assessment", "simulation"): "adaptive#look-before-anyone-takes-it",
    ("assessment_assessmentversion", "simulation"): "adaptive#look-before-anyone-takes-it",
    ("assessment_assessment", "statistics"): "statistics",
    ("assessment_course", "roster"): "courses#people-from-a-file",
    ("assessment_course", "gradebook"): "gradebook",
    ("assessment_course", "live"): "gradebook#live",
    ("assessment_course", "requests"): "regrading#what-learners-see",
    ("assessment_course", "misconceptions"): "statistics#misconceptions-of-a-course",
    ("assessment_course", "mastery"): "mastery#reading-it",
    ("assessment_course", "copy"): "courses#the-next-term",
    ("assessment_attempt", "timeline"): "instructors#reading-results",
}
"""By model and name: pages beside a form that are about something else than the form."""


def help_of(request: HttpRequest) -> str:
    """Return the address of the help that fits the page that is asked for."""
    match = request.resolver_match
    words = (match.url_name or "") if match else ""
    model, page = words.rpartition("_")[0], str(match.kwargs.get("name", "")) if match else ""
    return _address(PAGES.get((model, page)) or _of_model(words))


def _of_model(words: str) -> str:
    """Return the line of the model that an address is about, as ``content_item_change`` is about an item."""
    parts = words.split("_")
    return MODELS.get("_".join(parts[:2]), FIRST)


def _address(place: str) -> str:
    name, mark, heading = place.partition("#")
    return f"{ADDRESS}{name}/{mark}{heading}"
