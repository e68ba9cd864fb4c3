"""Who may show us in a frame: the sites of platforms that are registered, each its own launches alone."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from uuid import UUID

from httpx import URL, InvalidURL

from assessment.models import Platform
from assessment.models.platforms import PlatformState


def site(url: str) -> str:
    """Return the part of a host that one organization has: its last labels, or an address as it is; "" for no URL."""
    try:
        host = URL(url).host.lower()
    except (InvalidURL, TypeError):
        return ""
    if _is_address(host):
        return host
    labels = host.split(".")
    under_country = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if under_country else -2 :])


def addresses_of(platform: Platform) -> tuple[str, ...]:
    others = (f"https://{host}" for host in platform.other_hosts.split())
    return (platform.issuer, platform.authorization_url, platform.token_url, platform.jwks_url, *others)


def active_platform(named: str) -> Platform | None:
    """Return the platform of this id, if it may open us."""
    try:
        wanted = UUID(named)
    except ValueError:
        return None
    return Platform.objects.filter(pk=wanted, state=PlatformState.ACTIVE).first()


def frame_ancestors(platform: Platform) -> list[str]:
    """Return the sources, as a content security policy names them, that may frame a launch of a platform.

    Its pages are often on other hosts of its site than its messages come from.
    """
    return sorted(set(_sources(addresses_of(platform))))


def _sources(urls: Iterable[str]) -> Iterator[str]:
    for url in urls:
        own = site(url)
        if not own:
            continue
        scheme = URL(url).scheme
        if _is_address(own) or "." not in own:
            yield f"{scheme}://{own}:*"
        else:
            yield from (f"{scheme}://{own}", f"{scheme}://*.{own}")
            if port := URL(url).port:
                yield f"{scheme}://{URL(url).host}:{port}"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
