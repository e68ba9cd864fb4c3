"""What is kept of an image that means no harm."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from content.media.describing import description_fault
from content.media.names import parse_name, stem_of
from content.media.reading import ImageRefused, read_image, read_kept
from tests.content.media.files import (
    EXIF_TURNED,
    chunk,
    decoded,
    encoded,
    jpeg_with,
    png,
    riff,
    segment,
    svg,
    webp_parts,
)

KINDS = [
    ("PNG", mode, options)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA")
    for options in ({}, {"transparency": 3} if mode == "P" else {"compress_level": 1})
] + [
    ("JPEG", "L", {}),
    ("JPEG", "RGB", {"progressive": True}),
    ("JPEG", "CMYK", {}),
    ("WEBP", "RGB", {}),
    ("WEBP", "RGBA", {"lossless": True}),
    ("WEBP", "RGBA", {"quality": 40}),
]


def kept(data: bytes, file: str = "a.png") -> bytes:
    return read_image(data, file).data


def drawn(inside: str, **options: str) -> str:
    return kept(svg(inside, **options)).decode()


@pytest.mark.parametrize(("form", "mode", "options"), KINDS)
@pytest.mark.parametrize("size", [(60, 40), (1, 1), (2000, 900)])
def test_an_image_gives_itself_and_looks_as_it_did(form, mode, options, size):
    if mode in ("1", "P") and size == (2000, 900):
        pytest.skip("its dots, made smaller, are noise, which is too large to be kept")
    data = encoded(form, size, mode, **options)
    image = read_image(data, "a.png")
    assert read_image(data, "a.png") == image
    assert read_kept(image.data, str(image.name)).data == image.data
    before, after = (
        decoded(data).convert("RGB").resize((20, 10)),
        decoded(image.data).convert("RGB").resize((20, 10)),
    )
    assert np.abs(np.asarray(before, dtype=float) - np.asarray(after, dtype=float)).mean() < 12


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_what_a_page_cannot_show_is_made_smaller(form):
    image = read_image(encoded(form, (2400, 1200)), "a")
    assert decoded(image.data).size == (image.width, image.height) == (1600, 800)


def test_the_kind_follows_from_the_content():
    assert read_image(encoded("JPEG"), "a.png").kind == "jpg"
    assert read_image(svg(), "a.jpg").kind == "svg"


@pytest.mark.parametrize(
    "turned",
    [
        jpeg_with(segment(0xE1, b"Exif\0\0" + EXIF_TURNED)),
        png(60, 40, chunk(b"eXIf", EXIF_TURNED)),
        riff(*webp_parts(encoded("WEBP")), (b"EXIF", EXIF_TURNED)),
    ],
    ids=["jpeg", "png", "webp"],
)
def test_a_photograph_stands_upright_and_forgets_its_camera(turned):
    image = read_image(turned, "a")
    assert (image.width, image.height) == (40, 60)
    assert b"Exif" not in image.data
    assert EXIF_TURNED not in image.data


def test_sixteen_bits_become_eight_without_loss_of_light():
    ramp = np.linspace(0, 65535, 60).astype(np.uint16)[np.newaxis].repeat(40, axis=0)
    written = io.BytesIO()
    Pillow.fromarray(ramp).save(written, "PNG")
    light = np.asarray(decoded(kept(written.getvalue())).convert("L"))
    assert (light[0, 0], light[0, -1]) == (0, 255)
    assert 120 < light[0, 30] < 136


def test_what_would_be_too_large_is_refused_with_advice():
    noise = np.random.default_rng(0).integers(0, 256, (800, 1600, 3), dtype=np.uint8)
    written = io.BytesIO()
    Pillow.fromarray(noise).save(written, "PNG")
    with pytest.raises(ImageRefused, match="save a photograph as JPEG"):
        read_image(written.getvalue(), "a.png")


# SVG


def test_styles_become_attributes_as_a_browser_would_apply_them():
    text = drawn(
        "<style><![CDATA[/* one */ rect, .a {fill: red} #b {fill: blue; stroke: url(#g)} g .a {opacity: .5}"
        " .later {fill: green} ]]></style><linearGradient id='g'/>"
        "<g><rect id='b' class='a' style='stroke-width: 3px; fill: pink'/></g><circle class='a later' r='1'/>"
    )
    assert '<rect fill="pink" id="b" opacity=".5" stroke="url(#g)" stroke-width="3px"/>' in text
    assert '<circle fill="green" r="1"/>' in text
    assert '<rect fill="red" height="40" width="60"/>' in text


def test_a_font_in_short_is_spelled_out():
    text = drawn("<text style='font: italic bold 12px/1.5 \"A B\", serif'>a</text>")
    assert (
        'font-family="&quot;A B&quot;, serif" font-size="12px" font-style="italic" font-weight="bold"' in text
    )


def test_the_document_type_of_svg_itself_is_no_harm():
    before = (
        '<?xml version="1.0" encoding="utf-8" standalone="no"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert "DOCTYPE" not in drawn("", before=before)


def test_what_an_editor_adds_is_taken_out_and_named():
    data = svg('<metadata>x</metadata><n:view xmlns:n="urn:n"/><filter id="f"/><filter id="h"/>')
    assert read_image(data, "a.svg").taken_out == ("filter (2)", "metadata (2)")


def test_links_go_and_what_they_surround_stays():
    assert "<text>here</text>" in drawn('<a href="https://example.org"><text>here</text></a>')


def test_words_and_marks_of_an_svg_survive():
    text = drawn('<title>A &lt; B</title><text xml:space="preserve"> a  b </text><path d="M0 0L9 9"/>')
    assert "<title>A &lt; B</title>" in text
    assert '<text xml:space="preserve"> a  b </text>' in text
    assert '<path d="M0 0L9 9"/>' in text


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 30 20"', (30, 20)),
        ('width="2in" height="1in"', (192, 96)),
        ('width="100%" viewBox="0 0 400 100"', (400, 100)),
        ('width="200" viewBox="0 0 400 100"', (200, 50)),
        ('width="4000" height="1000"', (1600, 400)),
        ('width="10mm" height="20mm" viewBox="0 0 1 2"', (38, 76)),
        ('viewBox="0,0,7.4,0.2"', (7, 1)),
    ],
)
def test_an_svg_has_a_size_in_pixels(attributes, size):
    image = read_image(svg(attributes=attributes), "a.svg")
    assert (image.width, image.height) == size
    assert f'height="{size[1]}"' in image.data.decode()


def test_uses_within_bounds_are_drawn():
    assert 'href="#a"' in drawn('<g id="a"><rect/></g><use xlink:href="#a"/>')


# Names and descriptions


@pytest.mark.parametrize(
    ("file", "stem"),
    [
        ("Free body (2).PNG", "free-body-2"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Bilder\\Größe.svg", "groe"),
        ("", "picture"),
        ("日本.png", "picture"),
        ("a" * 300 + ".png", "a" * 40),
        ("-.-.png", "picture"),
    ],
)
def test_a_name_begins_like_its_file(file, stem):
    assert stem_of(file) == stem


@pytest.mark.parametrize(
    "text",
    [
        "a.1x1.0123456789abcdef.gif",
        "a.0x1.0123456789abcdef.png",
        "a.1x1.0123456789ABCDEF.png",
        "a.1x1.0123456789abcdef.png\n",
        "../a.1x1.0123456789abcdef.png",
        "A.1x1.0123456789abcdef.png",
        "a.10000x1.0123456789abcdef.png",
        "-a.1x1.0123456789abcdef.png",
        f"{'a' * 41}.1x1.0123456789abcdef.png",
        "a" * 100_000,
    ],
)
def test_what_is_no_name_has_no_parts(text):
    assert parse_name(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "image",
        "An Image.",
        "picture of",
        "Figure 3",
        "the diagram shown below",
        "Bild",
        "plot.png",
        "my plot.final.SVG",
        "IMG_20261129",
        "DSC00012",
        "media/plot.3x3.0123456789abcdef.png",
        "https://example.org/slope",
        "...",
        "42",
        "x" * 501,
    ],
)
def test_a_description_that_says_nothing_is_a_fault(text):
    assert description_fault(text)


@pytest.mark.parametrize(
    "text",
    [
        "A block on a slope of 30°",
        "Picture of a pendulum",
        r"The graph of $f(x) = x^2$",
        "斜面上の物体",
        "Δ",
        "Scan of a brain",
    ],
)
def test_a_description_that_says_something_is_none(text):
    assert description_fault(text) is None
