"""All is spelled as Americans spell it: pages, templates, messages, docstrings, comments, the app, and names."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

THIS: Final = Path(__file__)
ROOT: Final = THIS.parents[2]
ROOMS: Final = ("api", "assessment", "bench", "config", "content", "scripts", "tests")

_VERBS: Final = (
    "analy|anonymi|apologi|authori|capitali|categori|centrali|characteri|critici|customi|emphasi|equali|finali|"
    "generali|initiali|itemi|lineari|locali|maximi|memori|minimi|neutrali|normali|optimi|organi|parametri|penali|"
    "prioriti|randomi|reali|recogni|regulari|seriali|speciali|standardi|summari|symboli|synchroni|utili|vectori|"
    "visuali"
)
BRITISH: Final = re.compile(
    rf"(?i)(?<![\w.`/-])(?:un|re|de)?(?:(?:{_VERBS})s(?:e|ed|er|ers|ing|ations?)"
    r"|(?:behavi|col|endeav|fav|hon|hum|lab|neighb|rum)our\w*"
    r"|(?:centre|fibre|litre|metre|theatre)[ds]?|enrol(?:s|ments?)?|fulfil(?:s|ment)?|practis\w+"
    r"|(?:cancel|label|level|model|signal|total|travel)l(?:ed|ing)"
    r"|artefacts?|catalogu(?:ed|ing)|defence|for ever|grey|judgements?|learnt|licence[ds]?"
    r"|misspelt|offence|per cent|programmes?|whilst)(?![\w(`/-])"
)
ALLOWED: Final = {
    "docs/glossary.md": {"enrolment"},  # the name in the API
    "tests/content/items/parsing/slips.py": {
        "practise",
        "recognise",
    },  # slips of authors, and a key of documents
}

NAMES_THAT_STAY: Final = re.compile(r"(?i)enrol\w*|recognise")
"""An enrolment is called so in the API and in the database, and documents say ``recognise`` (and ``neighbours``)."""


def in_page(text: str) -> str:
    """Return Markdown without its code."""
    return re.sub(r"(?ms)^```.*?^```$|^ {4}[^\n]*$|`[^`\n]*`", " ", text)


def in_template(text: str) -> str:
    return re.sub(r"(?s)<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", " ", text)


def in_python(text: str) -> str:
    """Return the strings that hold more than a word, docstrings among them, and the comments."""
    nodes = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    strings = [value for value in nodes if isinstance(value, str) and " " in value]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return re.sub(r"``[^`]*``|`[^`]*`", " ", "\n".join([*strings, *comments]))


def in_typescript(text: str) -> str:
    """Return comments, the strings that hold more than a word, and the text between tags."""
    parts = re.findall(r"(?s)/\*.*?\*/|(?<!:)//[^\n]*|\"[^\"\n]*\"|`[^`]*`|(?<!=)>[^<>{}=;()]+(?=[<{])", text)
    return "\n".join(re.sub(r"(?s)\$\{.*?\}", " ", part) for part in parts if " " in part)


def names_in(text: str) -> Iterator[str]:
    """Yield the words of the names in a program in Python."""
    for node in ast.walk(ast.parse(text)):
        for place in ("name", "id", "attr", "arg"):
            if isinstance(name := getattr(node, place, None), str):
                yield from re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).split("_")


READERS: Final[dict[str, Callable[[str], str]]] = {
    ".md": in_page,
    ".html": in_template,
    ".py": in_python,
    ".ts": in_typescript,
    ".tsx": in_typescript,
}


def files() -> Iterator[Path]:
    yield from [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.suffix in (".py", ".html", ".md") and "migrations" not in path.parts and path != THIS:
                yield path
    yield from (path for path in (ROOT / "frontend" / "src").rglob("*.ts*") if path.name != "schema.d.ts")


def british(path: Path) -> set[str]:
    prose = READERS[path.suffix](path.read_text(encoding="utf-8"))
    return {found[0].lower() for found in BRITISH.finditer(prose)}


def test_no_prose_is_spelled_as_the_british_spell_it() -> None:
    found = {str(path.relative_to(ROOT)): british(path) for path in files()}
    wrong = {name: words - ALLOWED.get(name, set()) for name, words in found.items()}
    assert {name: words for name, words in wrong.items() if words} == {}


def test_no_name_is_spelled_as_the_british_spell_it() -> None:
    programs = (path for path in files() if path.suffix == ".py")
    found = {path: set(names_in(path.read_text(encoding="utf-8"))) for path in programs}
    wrong = {
        str(path.relative_to(ROOT)): {
            word for word in words if BRITISH.fullmatch(word) and not NAMES_THAT_STAY.fullmatch(word)
        }
        for path, words in found.items()
    }
    assert {name: words for name, words in wrong.items() if words} == {}


def test_every_part_of_a_name_is_read() -> None:
    assert set(names_in("class MyColour:\n    def by_centre(self, favours):\n        self.grey = labelled")) >= {
        "Colour", "centre", "favours", "grey", "labelled",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (in_page, "A colour.\n\n    colour = 1\n\nSet `colour`."),
        (in_template, "<p class='colour'>A colour {{ colour }}</p>"),
        (in_python, 'colour = "colour"\n"""A colour, in ``colour``."""\n# Of one colour.\n'),
        (in_typescript, 'const colour = /* a colour */ "one colour"; <p>Any colour</p>; colour("colour");'),
    ],
)
def test_what_people_read_is_told_from_what_the_machine_reads(
    reader: Callable[[str], str], text: str
) -> None:
    prose = reader(text)
    assert "colour" in prose
    assert "colour = " not in prose
    assert not re.search(r"[\"'({`]colour[\"')}`]", prose)


@pytest.mark.parametrize("word", ["recognised", "neighbours", "Practise", "enrolment", "labelled", "licence"])
def test_a_british_spelling_is_found(word: str) -> None:
    assert BRITISH.search(f"So they say: {word}.")


@pytest.mark.parametrize(
    "word", ["analyses", "exercise", "raised", "contour", "license", "enrolled", "programmer"]
)
def test_an_american_spelling_passes(word: str) -> None:
    assert not BRITISH.search(f"So they say: {word}.")
