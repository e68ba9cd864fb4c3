"""Nothing that is brought as an image does harm: it is refused with a reason, or kept without what was bad."""

from __future__ import annotations

import re

import pytest

from content.media.names import Kind, parse_name
from content.media.reading import ImageRefused, read_image, read_kept
from tests.content.media.files import decoded
from tests.content.media.hostile import DRAWINGS, RASTER, Hostile

EVERY = [*RASTER, *DRAWINGS]
BAD = re.compile(
    rb"<script|javascript:|alert\(|on\w+=|evil|passwd|secret-of-mine|<\?php|<!|data:|@import|foreignObject|<style|style="
)
ESCAPED = "text that looks like markup"


def named(hostile: Hostile) -> str:
    return hostile.id


@pytest.mark.parametrize("hostile", [one for one in EVERY if one.refusal], ids=named)
def test_what_is_hostile_is_refused_with_a_reason(hostile: Hostile):
    with pytest.raises(ImageRefused, match=re.escape(hostile.refusal)) as refused:
        read_image(hostile.make(), hostile.file)
    assert len(refused.value.reason) < 300


@pytest.mark.parametrize("hostile", [one for one in EVERY if not one.refusal], ids=named)
def test_what_is_kept_has_nothing_bad_in_it(hostile: Hostile):
    image = read_image(hostile.make(), hostile.file)
    assert parse_name(str(image.name)) == image.name
    assert BAD.findall(image.data) == ([b"alert("] if hostile.id == ESCAPED else [])
    if image.kind is not Kind.SVG:
        assert decoded(image.data).size == (image.width, image.height)


@pytest.mark.parametrize("hostile", [one for one in EVERY if not one.refusal], ids=named)
def test_what_is_kept_gives_itself(hostile: Hostile):
    image = read_image(hostile.make(), hostile.file)
    assert read_kept(image.data, str(image.name)).data == image.data


def test_there_are_more_than_sixty_of_them():
    assert len(EVERY) == len({one.id for one in RASTER}) + len({one.id for one in DRAWINGS})
    assert len(EVERY) > 120
