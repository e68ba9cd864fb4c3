"""Files that mean harm, with what must become of each: a part of the refusal, or None where it is kept, cleaned."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.content.media.files import (
    EXIF_TURNED,
    HTML,
    PNG,
    ZIP,
    chunk,
    encoded,
    header,
    jpeg_of_size,
    jpeg_with,
    png,
    riff,
    segment,
    svg,
    use_bomb,
    webp_parts,
)


@dataclass(frozen=True)
class Hostile:
    """A file, made when it is needed: some are large."""

    id: str
    make: Callable[[], bytes]
    refusal: str | None
    file: str = "picture.png"


SCRIPT = "<script>alert(1)</script>"
XXE = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    "<!DOCTYPE svg ["
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    + "]>"
)
XHTML = 'xmlns:h="http://www.w3.org/1999/xhtml"'
WEB = "https://evil.example/x"


def animated(form: str) -> bytes:
    from tests.content.media.files import picture

    return encoded(form, save_all=True, append_images=[picture().rotate(180)], duration=100)


def _trailing(form: str, more: bytes) -> Callable[[], bytes]:
    return lambda: encoded(form) + more


def _drawn(inside: str, before: str = "", attributes: str = 'viewBox="0 0 60 40"') -> Callable[[], bytes]:
    return lambda: svg(inside, attributes, before)


RASTER = [
    Hostile("png of a hundred thousand pixels a side", lambda: png(100_000, 100_000, rows=b""), "pixels"),
    Hostile("png of the largest size there is", lambda: png(2**31 - 1, 2**31 - 1, rows=b""), "pixels"),
    Hostile("png just over the pixels", lambda: png(4097, 3073, rows=b""), "pixels"),
    Hostile("png of one long row", lambda: png(8193, 1, rows=b""), "pixels"),
    Hostile("png of no width", lambda: png(0, 40), "damaged"),
    Hostile("png whose rows go on for 100 MB", lambda: png(60, 40, rows=bytes(100_000_000)), None),
    Hostile("png of all the pixels that may be", lambda: png(4096, 3072), None),
    Hostile(
        "png with texts that unfold to 100 MB",
        lambda: png(60, 40, *[chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(10_000_000)))] * 10),
        None,
    ),
    Hostile(
        "png with a color profile that unfolds",
        lambda: png(60, 40, chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(50_000_000)))),
        None,
    ),
    Hostile("png of a million parts", lambda: png(60, 40, chunk(b"teST", b"") * 800_000), "parts"),
    Hostile("png that moves", lambda: animated("PNG"), "moves"),
    Hostile("png cut off", lambda: encoded("PNG", (600, 400))[:-200], "damaged"),
    Hostile("png cut off within its head", lambda: encoded("PNG")[:20], "damaged"),
    Hostile("png of its first bytes alone", lambda: PNG, "damaged"),
    Hostile("png with a wrong sum", lambda: png(60, 40, chunk(b"tEXt", b"a\0b", crc=1)), "damaged"),
    Hostile(
        "png whose data are no stream",
        lambda: PNG + header(60, 40) + chunk(b"IDAT", b"nothing") + chunk(b"IEND", b""),
        "damaged",
    ),
    Hostile("png without data", lambda: PNG + header(60, 40) + chunk(b"IEND", b""), "damaged"),
    Hostile("png with two heads", lambda: png(60, 40, header(9000, 9000)), "damaged"),
    Hostile(
        "png whose part is longer than the file", lambda: PNG + b"\x7f\xff\xff\xffIHDR" + bytes(99), "damaged"
    ),
    Hostile(
        "png of a palette without one",
        lambda: (
            PNG
            + header(60, 40, color=3)
            + chunk(b"IDAT", zlib.compress(bytes(61 * 40)))
            + chunk(b"IEND", b"")
        ),
        None,
    ),
    Hostile(
        "png of a depth that is none",
        lambda: (
            PNG
            + header(60, 40, depth=7)
            + chunk(b"IDAT", zlib.compress(bytes(61 * 40)))
            + chunk(b"IEND", b"")
        ),
        "damaged",
    ),
    Hostile("png and an archive", _trailing("PNG", ZIP), "two files in one"),
    Hostile("png and a page", _trailing("PNG", HTML), "two files in one"),
    Hostile(
        "png with a page among its texts", lambda: png(60, 40, chunk(b"tEXt", b"Comment\0" + HTML)), None
    ),
    Hostile(
        "png with php in its data of the camera",
        lambda: png(60, 40, chunk(b"eXIf", b"<?php evil();?>")),
        None,
    ),
    Hostile("jpeg of the largest size there is", lambda: jpeg_of_size(65_500, 65_500), "pixels"),
    Hostile("jpeg that says it is larger than it is", lambda: jpeg_of_size(4000, 3000), None, "a.jpg"),
    Hostile("jpeg of no height", lambda: jpeg_of_size(60, 0), "damaged"),
    Hostile("jpeg cut off", lambda: encoded("JPEG", (600, 400))[:-900], "damaged"),
    Hostile("jpeg cut off within its tables", lambda: encoded("JPEG")[:50], "damaged"),
    Hostile("jpeg of thousands of parts", lambda: jpeg_with(segment(0xFE, b"") * 100_000), "parts"),
    Hostile("jpeg of a million bytes that say nothing", lambda: b"\xff\xd8" + b"\xff" * 5_000_000, "damaged"),
    Hostile("jpeg whose scan never ends", lambda: encoded("JPEG")[:-2] + b"\xff\x00" * 2_000_000, "damaged"),
    Hostile(
        "jpeg in a hundred passes",
        lambda: encoded("JPEG")[:-2] + (segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\0") * 100 + b"\xff\xd9",
        "passes",
    ),
    Hostile("jpeg with a comment that is a page", lambda: jpeg_with(segment(0xFE, HTML)), None, "a.jpg"),
    Hostile(
        "jpeg with a script in its data of the camera",
        lambda: jpeg_with(segment(0xE1, b"Exif\0\0" + b"II*\0\xff\xff\xff\xff" + HTML)),
        None,
        "a.jpg",
    ),
    Hostile(
        "jpeg with data of a camera that go round",
        lambda: jpeg_with(segment(0xE1, b"Exif\0\0" + EXIF_TURNED[:4] + b"\0\0\0\0" + EXIF_TURNED[8:])),
        None,
        "a.jpg",
    ),
    Hostile("jpeg and an archive", _trailing("JPEG", ZIP), "two files in one"),
    Hostile("jpeg and a script", _trailing("JPEG", b"*/alert(1)"), "two files in one"),
    Hostile("jpeg and another jpeg", _trailing("JPEG", encoded("JPEG")), None, "a.jpg"),
    Hostile("jpeg without loss", lambda: encoded("JPEG").replace(b"\xff\xc0", b"\xff\xc3", 1), "do not show"),
    Hostile("webp that moves", lambda: animated("WEBP"), "moves"),
    Hostile(
        "webp of 16,000 pixels a side",
        lambda: riff((b"VP8 ", b"\x10\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(20))),
        "pixels",
    ),
    Hostile(
        "webp without loss of 16,000 pixels a side",
        lambda: riff((b"VP8L", b"\x2f\xff\xff\xff\xff" + bytes(20))),
        "pixels",
    ),
    Hostile("webp cut off", lambda: encoded("WEBP", (600, 400))[:-50], "damaged"),
    Hostile(
        "webp whose picture is cut off",
        lambda: riff(*[(kind, part[:-40]) for kind, part in webp_parts(encoded("WEBP", (600, 400)))]),
        "damaged",
    ),
    Hostile("webp and a page", _trailing("WEBP", HTML), "two files in one"),
    Hostile(
        "webp with a page among its data",
        lambda: riff(*webp_parts(encoded("WEBP")), (b"XMP ", HTML)),
        None,
        "a.webp",
    ),
    Hostile(
        "webp of thousands of parts", lambda: riff(*[(b"%04x" % n, b"") for n in range(50_000)]), "parts"
    ),
    Hostile("webp with two pictures", lambda: riff(*webp_parts(encoded("WEBP")) * 2), "damaged"),
    Hostile("webp of nothing", lambda: riff(), "damaged"),
    Hostile("gif", lambda: encoded("GIF"), "a GIF"),
    Hostile("gif of 65,535 pixels a side", lambda: b"GIF89a\xff\xff\xff\xff\0\0\0" + b";", "a GIF"),
    Hostile("bmp", lambda: encoded("BMP"), "a BMP"),
    Hostile("tiff of many pages", lambda: animated("TIFF"), "a TIFF"),
    Hostile("a film", lambda: b"\0\0\0\x18ftypmp42" + bytes(100), "a film"),
    Hostile("a pdf", lambda: b"%PDF-1.7\n" + bytes(100), "a PDF"),
    Hostile("an archive", lambda: ZIP, "an archive"),
    Hostile("a text", lambda: b"Hello, I am a picture.", "no image"),
    Hostile("a page", lambda: HTML, "no image"),
    Hostile("nothing", lambda: b"", "empty"),
    Hostile("zeros", lambda: bytes(1_000_000), "no image"),
    Hostile("larger than is read", lambda: PNG + bytes(11 * 1024 * 1024), "larger than"),
    Hostile("a name that leads elsewhere", lambda: encoded("PNG"), None, "../../../etc/passwd\0.png"),
    Hostile("a name of control characters", lambda: encoded("PNG"), None, "\x1b[2J\r\n\u202egnp.exe"),
    Hostile("a name of 100,000 letters", lambda: encoded("PNG"), None, "a" * 100_000 + ".png"),
    Hostile("a name of nothing", lambda: encoded("PNG"), None, ""),
]

DRAWINGS = [
    Hostile("script", _drawn(SCRIPT), "a script"),
    Hostile("script in capitals of its own", _drawn("<ScRiPt>alert(1)</ScRiPt>"), "a script"),
    Hostile("script in a section of data", _drawn("<script><![CDATA[alert(1)]]></script>"), "a script"),
    Hostile(
        "script by another prefix",
        _drawn('<s:script xmlns:s="http://www.w3.org/2000/svg">1</s:script>'),
        "a script",
    ),
    Hostile("script among the metadata", _drawn(f"<metadata>{SCRIPT}</metadata>"), "a script"),
    Hostile("script from elsewhere", _drawn(f'<script xlink:href="{WEB}"/>'), "a script"),
    Hostile("onload", _drawn("", attributes='viewBox="0 0 9 9" onload="alert(1)"'), "a script (onload)"),
    Hostile("OnClick", _drawn('<rect OnClick="alert(1)"/>'), "a script"),
    Hostile("onbegin of an animation", _drawn('<animate onbegin="alert(1)"/>'), "a script"),
    Hostile("set of an event", _drawn('<set attributeName="onmouseover" to="alert(1)"/>'), None),
    Hostile(
        "animation of an address",
        _drawn('<a href="#a"><animate attributeName="href" to="javascript:alert(1)"/></a>'),
        None,
    ),
    Hostile(
        "link to a script",
        _drawn('<a xlink:href="javascript:alert(1)"><text y="9">here</text></a>'),
        "elsewhere",
    ),
    Hostile(
        "link to a script in disguise",
        _drawn('<a href=" java&#x0A;script:alert(1)"><text>a</text></a>'),
        "elsewhere",
    ),
    Hostile("link to the web", _drawn(f'<a href="{WEB}"><text y="9">here</text></a>'), None),
    Hostile("use of data", _drawn('<use href="data:image/svg+xml;base64,PHN2Zy8+#x"/>'), "elsewhere"),
    Hostile("use of elsewhere", _drawn(f'<use href="{WEB}#a"/>'), "elsewhere"),
    Hostile("gradient of elsewhere", _drawn(f'<linearGradient href="{WEB}#a"/>'), "elsewhere"),
    Hostile("image of elsewhere", _drawn(f'<image href="{WEB}"/>'), "another image"),
    Hostile("image of data", _drawn('<image href="data:image/png;base64,iVBORw0="/>'), "another image"),
    Hostile("image in a filter", _drawn(f'<filter id="f"><feImage href="{WEB}"/></filter>'), "another image"),
    Hostile("foreign object", _drawn(f"<foreignObject><b {XHTML}>x</b></foreignObject>"), "foreignObject"),
    Hostile("html without a foreign object", _drawn(f'<h:iframe {XHTML} src="{WEB}"/>'), "HTML"),
    Hostile(
        "xinclude",
        _drawn('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
        "XInclude",
    ),
    Hostile("entity of a file", _drawn("<text>&x;</text>", XXE), "document type"),
    Hostile("entities that unfold", _drawn("<text>&l9;</text>", LAUGHS), "document type"),
    Hostile(
        "entity of parameters",
        _drawn("", f'<!DOCTYPE svg [<!ENTITY % p SYSTEM "{WEB}"> %p;]>'),
        "document type",
    ),
    Hostile("document type of elsewhere", _drawn("", f'<!DOCTYPE svg SYSTEM "{WEB}.dtd">'), "document type"),
    Hostile(
        "entity that is not known",
        _drawn(
            "<text>&nbsp;</text>",
            '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        ),
        "entities",
    ),
    Hostile("style sheet of elsewhere", _drawn("", f'<?xml-stylesheet href="{WEB}"?>'), "style sheet"),
    Hostile("style that imports", _drawn(f'<style>@import "{WEB}";</style>'), "@import"),
    Hostile("style that imports in disguise", _drawn(f'<style>@\\69mport "{WEB}";</style>'), "@import"),
    Hostile("style that imports behind a comment", _drawn(f'<style>@imp/**/ort "{WEB}";</style>'), "@import"),
    Hostile("style in a section of data", _drawn(f'<style><![CDATA[@import "{WEB}";]]></style>'), "@import"),
    Hostile("style that asks for a file", _drawn(f"<style>rect {{fill: url({WEB})}}</style>"), "url"),
    Hostile(
        "style that asks for a second file", _drawn(f'<rect id="a" style="fill: url(#a) url({WEB})"/>'), "url"
    ),
    Hostile("style that asks in disguise", _drawn(f'<rect style="fill: u\\72l({WEB})"/>'), "url"),
    Hostile("attribute that asks for a file", _drawn(f'<rect fill="url({WEB}#a)"/>'), "url"),
    Hostile("font of elsewhere", _drawn(f"<style>@font-face {{src: url({WEB})}}</style>"), "url"),
    Hostile("style that computes", _drawn('<rect style="width: expression(alert(1))"/>'), "expression"),
    Hostile("style with rules without number", _drawn(f"<style>{'a{fill:red}' * 2_000}</style>"), "rules"),
    Hostile(
        "style that is long, for many",
        _drawn(
            "<rect/>" * 9_000
            + "<style>*{"
            + "".join(f"{p}:{'x' * 400};" for p in ("fill", "stroke", "opacity", "mask", "overflow", "color"))
            + "}</style>"
        ),
        "too large",
    ),
    Hostile(
        "style for all by many rules",
        _drawn("<rect/>" * 9_000 + f"<style>{'*{fill:red}' * 400}</style>"),
        "too many rules",
    ),
    Hostile("style that is never closed", _drawn("<style>rect{fill:red</style>"), None),
    Hostile("a million elements", lambda: svg("<g/>" * 250_000), "more than"),
    Hostile("nested without end", lambda: svg("<g>" * 60_000), "deep"),
    Hostile("uses of uses", _drawn(use_bomb(9)), "over again"),
    Hostile(
        "uses in a circle",
        _drawn('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
        "within itself",
    ),
    Hostile("pattern of itself", _drawn('<pattern id="p"><rect fill="url(#p)"/></pattern>'), "within itself"),
    Hostile(
        "mask of itself by style",
        _drawn('<mask id="m"><rect class="k"/></mask><style>.k{mask:url(#m)}</style>'),
        "within itself",
    ),
    Hostile(
        "one element of 100,000 attributes",
        lambda: svg("<rect " + " ".join(f'a{n}="1"' for n in range(90_000)) + "/>"),
        None,
    ),
    Hostile("one word of half a million letters", lambda: svg(f'<path d="{"M" * 500_000}"/>'), None),
    Hostile("spaces without end", lambda: svg(f'<rect fill="url({" " * 400_000}"/>'), "url"),
    Hostile("backslashes without end", lambda: svg(f'<rect style="{chr(92) * 400_000}"/>'), None),
    Hostile("braces without end", lambda: svg(f"<style>{'{' * 400_000}</style>"), None),
    Hostile("a size without bounds", _drawn("", attributes='width="1e99" height="1e99"'), "size"),
    Hostile("a size of no digits", _drawn("", attributes='width="." height="e"'), "size"),
    Hostile("a size beyond all numbers", _drawn("", attributes='viewBox="0 0 1e300 1e-300"'), "size"),
    Hostile("a size that is not a number", _drawn("", attributes='viewBox="0 0 NaN Infinity"'), "size"),
    Hostile("a size of a million pixels", _drawn("", attributes='width="1000000" height="1"'), None),
    Hostile("no size", _drawn("", attributes='width="100%"'), "size"),
    Hostile("in UTF-16", lambda: svg(SCRIPT).decode().encode("utf-16"), "UTF-16"),
    Hostile("in UTF-16 without a mark", lambda: svg(SCRIPT).decode().encode("utf-16-le"), "UTF-8"),
    Hostile("in UTF-7", lambda: b'<?xml version="1.0" encoding="UTF-7"?>' + svg("+ADw-script+AD4-"), "UTF-8"),
    Hostile("in an encoding that is none", lambda: b'<?xml version="1.0" encoding="x"?>' + svg(), "UTF-8"),
    Hostile("no text", lambda: svg() + b"\xff\xfe\xfd", "UTF-8"),
    Hostile("behind a mark of order", lambda: b"\xef\xbb\xbf" + svg(), None),
    Hostile("compressed", lambda: gzip.compress(svg()), "gzip"),
    Hostile("a bomb that is compressed", lambda: gzip.compress(bytes(10_000_000)), "gzip"),
    Hostile("not well formed", lambda: svg("<g>"), "cannot be read"),
    Hostile("and a page behind it", lambda: svg() + HTML, "cannot be read"),
    Hostile("html that calls itself svg", lambda: b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "HTML"),
    Hostile("within another element", lambda: b"<x>" + svg() + b"</x>", "no image"),
    Hostile("larger than is read", lambda: svg(" " * 1_100_000), "KiB"),
    Hostile(
        "metadata of an editor",
        _drawn(
            '<metadata><r xmlns="urn:x">secret-of-mine</r></metadata><!-- secret-of-mine --><?php secret-of-mine ?>'
        ),
        None,
    ),
    Hostile("text that looks like markup", _drawn("<text>&lt;script>alert(1)&lt;/script></text>"), None),
    Hostile("value that looks like markup", _drawn('<text aria-label="&quot;>&lt;script>">a</text>'), None),
]
