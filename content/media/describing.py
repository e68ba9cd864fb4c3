"""Whether a description says what an image shows, to those who cannot see it."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 500
"""Characters. What is longer belongs into the text, where everybody reads it."""

_FILE: Final = re.compile(
    r"\S.*\.(?:png|jpe?g|gif|webp|svgz?|bmp|tiff?|heic|avif|pdf|eps)|.*media/.*|https?:.*"
    r"|(?:img|dsc[nf]?|p|pxl|scan)[-_ ]?[0-9][-_0-9 ]*",
    re.IGNORECASE | re.DOTALL,
)
_WORDS: Final = re.compile(r"[^\W\d_]+")
_SAYS_NOTHING: Final = frozenset(
    "a an the of this that here is are it its my our your some one with for in on and to see below above "
    "image images img picture pictures pic photo photos photograph photography figure figures fig graphic graphics "
    "graph graphs chart charts plot plots diagram diagrams drawing drawings sketch illustration illustrations icon "
    "logo screenshot screenshots screen shot scan svg png jpeg jpg webp gif file untitled unnamed alt text caption "
    "description describe todo tbd placeholder example new copy final shows show showing shown following what it "
    "bild bilder foto grafik abbildung abb imagen imagem figura dibujo foto immagine figure dessin schéma le la les "
    "un une der die das ein eine el los las una uma o".split()
)
_SAY: Final = "say what it shows, for those who cannot see it"


def description_fault(text: str) -> str | None:
    """Return what is wrong with an image's description; None where it can tell somebody something."""
    plain = " ".join(text.split())
    if not plain:
        return f"has no description: {_SAY}"
    if len(plain) > LONGEST:
        return f"has a description of more than {LONGEST} characters: put the rest into the text"
    if _FILE.fullmatch(plain):
        return f"is described by the name of a file: {_SAY}"
    if not any(word.lower() not in _SAYS_NOTHING for word in _WORDS.findall(plain)):
        return f"is described as “{plain[:60]}”, which says nothing: {_SAY}"
    return None
