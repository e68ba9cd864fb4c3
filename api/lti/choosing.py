"""A teacher chooses which assessment a link opens: before it is placed (Deep Linking 2.0), or at its first launch."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.lti.dates import Dates, UnfitDates
from api.lti.entering import into_the_app
from api.lti.login import launch_url
from api.lti.pages import page, refused
from assessment.models import Assessment, Assignment, PlatformContext, ResourceLink, User
from assessment.models.audit import Door
from assessment.models.platforms import PlatformState
from assessment.modes import mode_of
from assessment.people.assignments import change_assignment
from assessment.people.auditing import audited
from assessment.platforms.arriving import Arrival, begin_session, bind, choosable, given, is_of_platform
from assessment.platforms.line_items import SUBMISSION_REVIEW, TAG
from assessment.platforms.messages import DEEP_LINK, DEEP_LINKING, LTI, VERSION, LaunchRefused, Message
from assessment.platforms.tokens import signed

AGE: Final = timedelta(hours=2)
SIGNER: Final = "assay.lti.choice"
RESPONSE: Final = "LtiDeepLinkingResponse"
LINK: Final = "ltiResourceLink"


def choosing_page(request: HttpRequest, message: Message, arrival: Arrival) -> HttpResponse:
    """Show what may be chosen. What the choice is for goes along, signed."""
    settings = message.part(f"{DEEP_LINKING}deep_linking_settings")
    wanted: dict[str, Any] = {
        "context": str(arrival.context.pk),
        "user": str(arrival.user.pk),
        "link": str(arrival.link.pk) if arrival.link else "",
        "return_url": settings.get("deep_link_return_url", ""),
        "data": settings.get("data"),
        "takes_line_items": settings.get("accept_lineitem", True) is not False,
    }
    if message.kind == DEEP_LINK:
        _check_settings(settings, arrival)
    return _list(request, arrival.context, signing.dumps(wanted, salt=SIGNER))


@csrf_exempt
@never_cache
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Take a choice: bring it back to the platform, or let the link open it from now on.

    The signed part says on whose behalf; the page that has it was opened by a message of the platform.
    """
    now = timezone.now()
    context = None
    try:
        wanted = _wanted(request)
        context, user = _on_whose_behalf(wanted)
        chosen = _chosen(request, context)
    except LaunchRefused as refusal:
        platform = context.deployment.platform if context else None
        return refused(request, refusal, platform=platform, now=now)
    try:
        choice = Choice(chosen, Dates.typed(request.POST, now), user)
        with audited(Door.PLATFORM, user):
            if wanted["link"]:
                return _bound(UUID(wanted["link"]), choice, now)
            return _returned(request, context, choice, wanted, now)
    except UnfitDates as unfit:
        return _list(request, context, request.POST["wanted"], fault=str(unfit))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a teacher has chosen for a course, and when it opens and closes there."""

    assessment: Assessment
    dates: Dates
    teacher: User


def _list(request: HttpRequest, context: PlatformContext, wanted: str, fault: str = "") -> HttpResponse:
    """Show what may be chosen, with what was typed before and why it cannot be taken."""
    shown = {"assessments": choosable(context), "wanted": wanted, "fault": fault, "typed": request.POST}
    status = 400 if fault else 200
    return page(request, "choose", shown, platform=context.deployment.platform, status=status)


def _wanted(request: HttpRequest) -> Mapping[str, Any]:
    """Return what our page was for. Raises LaunchRefused, also where a page of somebody else has sent it."""
    if request.headers.get("Origin") not in (None, request.build_absolute_uri("/").rstrip("/")):
        raise LaunchRefused(f"a choice from {request.headers['Origin'][:100]!r}")
    try:
        wanted: Mapping[str, Any] = signing.loads(request.POST.get("wanted", ""), salt=SIGNER, max_age=AGE)
    except signing.BadSignature:
        raise LaunchRefused("a choice that is none of ours") from None
    return wanted


def _on_whose_behalf(wanted: Mapping[str, Any]) -> tuple[PlatformContext, User]:
    """Return the course and the teacher that a choice is of, as they are by now. Raises LaunchRefused."""
    contexts = PlatformContext.objects.select_related("course", "deployment__platform")
    context = contexts.filter(
        pk=wanted["context"],
        deployment__state=PlatformState.ACTIVE,
        deployment__platform__state=PlatformState.ACTIVE,
    ).first()
    user = User.objects.filter(pk=wanted["user"], is_active=True).first()
    if context is None or user is None:
        raise LaunchRefused("a choice of somebody, or for a course, that is closed by now")
    return context, user


def _chosen(request: HttpRequest, context: PlatformContext) -> Assessment:
    offered = {one.slug: one for one in choosable(context)}
    chosen = offered.get(request.POST.get("assessment", ""))
    if chosen is None:
        raise LaunchRefused("nothing was chosen that may be", "Choose one of the list, and try again.")
    return chosen


def _check_settings(settings: Mapping[str, Any], arrival: Arrival) -> None:
    """Raises LaunchRefused where nothing that we have could be taken, or the way back is somewhere else."""
    kinds = settings.get("accept_types")
    if not isinstance(kinds, list) or LINK not in kinds:
        raise LaunchRefused("it takes no links", "This place takes no links to quizzes.")
    url = settings.get("deep_link_return_url")
    if not is_of_platform(url, arrival.context.deployment.platform):
        raise LaunchRefused(f"it wants the choice at {url!r}")


def _bound(link_id: UUID, choice: Choice, now: datetime) -> HttpResponse:
    link = ResourceLink.objects.select_related("context__course", "context__deployment__platform").get(
        pk=link_id
    )
    # Of two who choose at once the first has chosen.
    if link.assignment_id is None:
        with transaction.atomic():
            _date(bind(link, choice.assessment, now), choice, now)
    facts = {"link": link, "is_teacher": True}
    return into_the_app(*begin_session(choice.teacher, link.context.deployment.platform, now, facts))


def _returned(
    request: HttpRequest,
    context: PlatformContext,
    choice: Choice,
    wanted: Mapping[str, Any],
    now: datetime,
) -> HttpResponse:
    """Send the choice back by a form that posts itself. Its dates hold at once: few platforms bring them along."""
    platform, chosen = context.deployment.platform, choice.assessment
    if choice.dates:
        _date(given(context.course, chosen, now), choice, now)
    item: dict[str, Any] = {
        "type": LINK,
        "title": chosen.title,
        "text": chosen.definition.summary,
        "url": launch_url(request),
        "custom": {"assessment": chosen.slug},
        **choice.dates.as_content(),
    }
    if wanted["takes_line_items"]:
        item["lineItem"] = {
            "label": chosen.title,
            "scoreMaximum": mode_of(chosen.definition).full_score(chosen.definition),
            "resourceId": chosen.slug,
            "tag": TAG,
            "submissionReview": {**SUBMISSION_REVIEW, "url": launch_url(request)},
        }
    claims: dict[str, Any] = {
        "aud": [platform.issuer],
        "nonce": secrets.token_urlsafe(24),
        f"{LTI}message_type": RESPONSE,
        f"{LTI}version": VERSION,
        f"{LTI}deployment_id": context.deployment.deployment_id,
        f"{DEEP_LINKING}content_items": [item],
    }
    if wanted["data"] is not None:
        claims[f"{DEEP_LINKING}data"] = wanted["data"]
    told = {"address": wanted["return_url"], "token": signed(platform, claims, now), "title": chosen.title}
    return page(request, "return", told, platform=platform, sends_to=wanted["return_url"])


def _date(assignment: Assignment, choice: Choice, now: datetime) -> None:
    """Let an assignment open and close as was chosen; a field that was left empty changes nothing.

    Raises UnfitDates where that does not go together with what stands there.
    """
    if not choice.dates:
        return
    assignment.opens_at = choice.dates.opens_at or assignment.opens_at
    assignment.closes_at = choice.dates.closes_at or assignment.closes_at
    try:
        assignment.clean()
    except ValidationError as error:
        raise UnfitDates(" ".join(error.messages)) from error
    change_assignment(assignment=assignment, author=choice.teacher, now=now)
