"""``manage.py lti_platforms``: which learning-management systems are registered here, with their deployments."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from assessment.models import Deployment, Platform


class Command(BaseCommand):
    help = "Lists the platforms that are registered, whether each may open us, and the deployments of each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        platforms = Platform.objects.prefetch_related("deployments")
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(one) for one in platforms], indent=2))
            return
        for platform in platforms:
            for line in _in_words(platform):
                self.stdout.write(line)
        if not platforms:
            self.stdout.write("No platform is registered. lti_invite makes a link that registers one.")


def _as_json(platform: Platform) -> dict[str, Any]:
    return {
        "id": str(platform.pk),
        "name": platform.name,
        "issuer": platform.issuer,
        "client_id": platform.client_id,
        "authorization_url": platform.authorization_url,
        "token_url": platform.token_url,
        "token_audience": platform.token_audience,
        "jwks_url": platform.jwks_url,
        "state": platform.state,
        "trusts_new_deployments": platform.trusts_new_deployments,
        "created_at": platform.created_at.isoformat(),
        "keys_fetched_at": _moment(platform.keys_fetched_at),
        "deployments": [_deployment(one) for one in platform.deployments.all()],
    }


def _deployment(deployment: Deployment) -> dict[str, Any]:
    return {
        "id": str(deployment.pk),
        "deployment_id": deployment.deployment_id,
        "state": deployment.state,
        "created_at": deployment.created_at.isoformat(),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _in_words(platform: Platform) -> Iterator[str]:
    yield f"{platform.name}: {platform.get_state_display()}"
    yield f"  {platform.issuer} as {platform.client_id}"
    for deployment in platform.deployments.all():
        yield f"  deployment {deployment.deployment_id}: {deployment.get_state_display()}"
