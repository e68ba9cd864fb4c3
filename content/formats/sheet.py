"""Simple items as a table, one a row: choices, numbers and short texts. CSV and XLSX.

The first row names the columns, in any order: ``question`` and ``right`` are needed. What a row is follows from what
stands in it, unless ``kind`` says it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from content.formats.foreign import Foreign, ForeignFault, NotHere, Trial, slug_from, title_from
from content.formats.moodle.question import refuse_if, with_marks
from content.formats.numerals import is_number, numeral, value
from content.formats.parts import identifiers
from content.formats.written import Given, Omission, Written
from content.items.interactions.choice import Choice
from content.items.interactions.numeric import Numeric
from content.items.interactions.text import Text
from content.sheets.reading import SheetFault, Table, read_table
from content.sheets.writing import FORMULA, csv_lines, xlsx_chunks

LONGEST_CELL: Final = 20_000
MOST_OPTIONS: Final = 10
KINDS: Final = {
    "choice": "choice", "single choice": "choice", "multiple choice": "several", "several": "several",
    "number": "number", "numeric": "number", "text": "text", "short text": "text",
    "true/false": "truth", "true or false": "truth",
}  # fmt: skip
HEADINGS: Final = (
    "slug", "title", "kind", "question", *(f"option {n}" for n in range(1, 7)), "right", "tolerance",
    *(f"feedback {n}" for n in range(1, 7)), "hint", "solution", "skills", "difficulty",
)  # fmt: skip
_SAME: Final = {"name": "title", "body": "question", "stem": "question", "answer": "right", "key": "right",
                "correct": "right", "type": "kind", "skill": "skills", "hints": "hint"}  # fmt: skip
_NUMBERED: Final = re.compile(r"(option|feedback)\s*(?:([0-9]{1,2})|([a-j]))", re.ASCII)
EXAMPLES: Final[tuple[Mapping[str, str], ...]] = (
    {"title": "The capital of Peru", "kind": "choice", "question": "What is the capital of Peru?",
     "option 1": "Cusco",
     "option 2": "Lima", "option 3": "Arequipa", "right": "2", "feedback 1": "It was the capital of the Incas."},
    {"title": "Even numbers", "kind": "several", "question": "Which of these numbers are even?", "option 1": "$4$",
     "option 2": "$7$", "option 3": "$10$", "right": "1, 3"},
    {"title": "Half of seven", "kind": "number", "question": "What is $7 / 2$?", "right": "3.5", "tolerance": "0.01",
     "hint": "Divide seven by two.", "difficulty": "-1"},
    {"title": "The sparse model", "kind": "text", "question": "Which penalty sets weights to zero?",
     "right": "lasso | L1"},
    {"title": "Zero is even", "kind": "true/false", "question": "Zero is an even number.", "right": "true"},
)  # fmt: skip


def is_workbook(data: bytes) -> bool:
    """Whether a file is a workbook and no other archive."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            return "xl/workbook.xml" in packed.NameToInfo
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def is_csv(data: bytes) -> bool:
    """Whether the first line of a text names the columns that are needed."""
    try:
        headers = _headings(
            read_table(data[: data.find(b"\n") + 1 or len(data)][:20_000], longest=LONGEST_CELL)
        )
    except (SheetFault, UnicodeDecodeError):
        return False
    return {"question", "right"} <= set(headers)


def read(data: bytes, _name: str) -> list[Foreign]:
    """Return every row of a table as a question. Raises ForeignFault."""
    try:
        table = read_table(data, longest=LONGEST_CELL)
    except SheetFault as fault:
        raise ForeignFault(str(fault)) from fault
    headings = _headings(table)
    if missing := {"question", "right"} - set(headings):
        raise ForeignFault(f"has no column {' and none '.join(sorted(missing))}")
    unknown = [
        title for title, known in zip(table.headers, headings, strict=True) if not known and title.strip()
    ]
    notes = (f"the columns {', '.join(unknown)[:200]} are not known and were not read",) if unknown else ()
    return [
        _question(_Row(row.number, dict(zip(headings, row.cells, strict=True)))).noted(*notes)
        for row in table.rows
    ]


def _headings(table: Table) -> list[str]:
    return [_heading(title) for title in table.headers]


def _heading(title: str) -> str:
    """Return what a column is called here, "" for one that is not known."""
    plain = " ".join(title.lower().replace("_", " ").split())
    if numbered := _NUMBERED.fullmatch(plain):
        number = numbered[2] or str(ord(numbered[3]) - ord("a") + 1)
        return f"{numbered[1]} {number}"
    plain = _SAME.get(plain, plain)
    return plain if plain in HEADINGS else ""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]

    def say(self, name: str) -> str:
        """Return a cell, without the apostrophe that keeps spreadsheets from computing it."""
        said = self.cells.get(name, "").strip()
        return said[1:] if said.startswith("'") and FORMULA.match(said[1:]) else said

    @property
    def options(self) -> list[tuple[str, str]]:
        """The options with their feedback, up to the last that is filled."""
        found = [(self.say(f"option {n}"), self.say(f"feedback {n}")) for n in range(1, MOST_OPTIONS + 1)]
        while found and not found[-1][0]:
            found.pop()
        return found

    @property
    def kind(self) -> str:
        """What the row is: as it says, or as it looks."""
        if said := self.say("kind").lower():
            refuse_if(said not in KINDS, f"there is no kind {said[:40]}: it is one of {', '.join(KINDS)}")
            return KINDS[said]
        if self.options:
            return "several" if re.search(r"[,;]", self.say("right")) else "choice"
        if self.say("right").lower() in ("true", "false"):
            return "truth"
        return "number" if is_number(self.say("right").replace(",", ".")) else "text"


def _question(row: _Row) -> Foreign:
    title = row.say("title") or title_from(row.say("question"), f"Row {row.number}")
    told: dict[str, Any] = {"identity": row.say("slug") or title, "line": row.number}
    if (slug := row.say("slug")) and slug_from(slug) == slug:
        told["name"] = slug
    kind = "row"
    try:
        refuse_if(not row.say("question"), "its question is empty")
        refuse_if(not row.say("right"), "nothing is said to be right")
        kind = row.kind
        interaction, trials = _READERS[kind](row)
        document = _document(row, title, interaction)
    except NotHere as reason:
        return Foreign.refusing(title, kind, str(reason), **told)
    found = tuple(Trial("a", answer, share) for answer, share in trials)
    return Foreign(title, kind, document, trials=found, **told)


def _document(row: _Row, title: str, interaction: Mapping[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {"title": title}
    if skills := [word for word in re.split(r"[,;\s]+", row.say("skills")) if word]:
        document["skills"] = skills
    if difficulty := row.say("difficulty"):
        document["difficulty"] = float(numeral(difficulty))
    document |= {"body": with_marks(row.say("question"), "a"), "interactions": {"a": dict(interaction)}}
    if hint := row.say("hint"):
        document["hints"] = [hint]
    if solution := row.say("solution"):
        document["solution"] = solution
    return document


_Made = tuple[dict[str, Any], list[tuple[Any, float]]]


def _choice(row: _Row, *, several: bool = False) -> _Made:
    options, right = row.options, _right_options(row)
    refuse_if(len(options) < 2, "it has fewer than two options")
    refuse_if(any(not text for text, _ in options), "an option between others is empty")
    refuse_if(not several and len(right) != 1, "more than one option is right: its kind is “several”")
    names = identifiers(len(options))
    listed = [
        {"id": name, "text": text, "key": place in right} | ({"feedback": feedback} if feedback else {})
        for place, (name, (text, feedback)) in enumerate(zip(names, options, strict=True))
    ]
    if several:
        keys = [names[place] for place in sorted(right)]
        return {"kind": "choice", "multiple": True, "options": listed}, [(keys, 1.0)]
    trials = [(name, float(place in right)) for place, name in enumerate(names)]
    return {"kind": "choice", "options": listed}, trials


def _right_options(row: _Row) -> set[int]:
    """Return the places of the right options, which are named by number, by letter or by what they say."""
    texts = [text for text, _ in row.options]
    if row.say("right") in texts:
        return {texts.index(row.say("right"))}
    found = set()
    for word in re.split(r"[,;]", row.say("right")):
        said = word.strip()
        if said in texts:
            found.add(texts.index(said))
        elif re.fullmatch(r"[0-9]{1,2}", said, re.ASCII):
            found.add(round(float(said)) - 1)
        elif re.fullmatch(r"[A-Ja-j]", said):
            found.add(ord(said.lower()) - ord("a"))
        else:
            raise NotHere(f"“{said[:60]}” names none of its options")
    refuse_if(any(not 0 <= place < len(texts) for place in found), "the option said to be right is not there")
    return found


def _several(row: _Row) -> _Made:
    return _choice(row, several=True)


def _number(row: _Row) -> _Made:
    key = numeral(row.say("right"))
    made: dict[str, Any] = {"kind": "numeric", "key": key}
    tolerance = row.say("tolerance")
    if tolerance.endswith("%"):
        made["policy"] = {"name": "relative", "tolerance": abs(value(tolerance[:-1], 0)) / 100}
    else:
        made["policy"] = {"name": "absolute", "tolerance": abs(value(tolerance, 0)) or 1e-9}
    return made, [(key, 1.0)]


def _text(row: _Row) -> _Made:
    texts = [one.strip() for one in row.say("right").split("|") if one.strip()]
    return {"kind": "text", "accepted": [{"text": one} for one in texts]}, [(one, 1.0) for one in texts]


def _truth(row: _Row) -> _Made:
    said = row.say("right").lower()
    refuse_if(said not in ("true", "false"), "what is right is true or false")
    feedback = {"true": row.say("feedback 1"), "false": row.say("feedback 2")}
    options = [
        {"id": word, "text": word.capitalize(), "key": word == said} | ({"feedback": told} if told else {})
        for word, told in feedback.items()
    ]
    made = {"kind": "choice", "shuffle": False, "options": options}
    return made, [(word, float(word == said)) for word in ("true", "false")]


_READERS: Final = {"choice": _choice, "several": _several, "number": _number, "text": _text, "truth": _truth}


# Writing


def write_csv(items: Sequence[Given], _title: str) -> Written:
    """Return the simple ones of some items as CSV."""
    rows, omissions = _rows(items)
    return Written(b"".join(csv_lines(_table(rows), UTC)), len(rows), omissions)


def write_xlsx(items: Sequence[Given], title: str) -> Written:
    """Return the simple ones of some items as a workbook."""
    rows, omissions = _rows(items)
    return Written(b"".join(xlsx_chunks(_table(rows), UTC, title=title)), len(rows), omissions)


def template(kind: str) -> bytes:
    """Return a table with a row of each kind, as csv or xlsx, to be written over."""
    rows = _table(EXAMPLES)
    return b"".join(csv_lines(rows, UTC) if kind == "csv" else xlsx_chunks(rows, UTC, title="Items"))


def _table(rows: Sequence[Mapping[str, str]]) -> Iterator[Sequence[str]]:
    yield HEADINGS
    for row in rows:
        yield [row.get(heading, "") for heading in HEADINGS]


def _rows(items: Sequence[Given]) -> tuple[list[dict[str, str]], tuple[Omission, ...]]:
    rows, omissions = [], []
    for item in items:
        try:
            rows.append(_row(item))
        except NotHere as reason:
            omissions.append(Omission(item.slug, str(reason), is_whole=True))
        else:
            omissions += _lost(item)
    return rows, tuple(omissions)


def _lost(item: Given) -> Iterator[Omission]:
    if item.definition.misconception_slugs:
        yield Omission(item.slug, "which misconceptions its answers stand for")
    if item.definition.media:
        yield Omission(item.slug, "its images")
    if len(item.definition.hints) > 1:
        yield Omission(item.slug, "all hints but the first")
    for name in ("enemies", "use", "locale", "figures"):
        if item.document.get(name):
            yield Omission(item.slug, f"its {name}")


def _row(item: Given) -> dict[str, str]:
    definition = item.definition
    refuse_if(definition.is_exercise, "it is an exercise: a row has no parameters")
    refuse_if(len(definition.interactions) != 1, "it has more than one question in it")
    ((identifier, interaction),) = definition.interactions.items()
    mark = f"[[{identifier}]]"
    body = definition.body.strip()
    refuse_if(not body.endswith(mark), "its answer stands within the text")
    row = {"slug": definition.slug, "title": definition.title, "question": body.removesuffix(mark).strip()}
    row |= _written(interaction)
    if definition.hints:
        row["hint"] = definition.hints[0]
    if definition.difficulty is not None:
        row["difficulty"] = f"{definition.difficulty:g}"
    return row | {"solution": definition.solution.strip(), "skills": ", ".join(definition.skills)}


def _written(interaction: Any) -> dict[str, str]:
    match interaction:
        case Choice() if type(interaction) is Choice:
            return _written_choice(interaction)
        case Numeric() if type(interaction) is Numeric:
            return _written_number(interaction)
        case Text():
            return _written_text(interaction)
    raise NotHere(f"a row has no place for the kind {interaction.kind}")


def _written_choice(choice: Choice) -> dict[str, str]:
    refuse_if(len(choice.options) > 6, "it has more than six options")
    refuse_if(any(one.stated is not None for one in choice.options), "its options have weights")
    refuse_if(choice.policy.name not in ("single", "all_or_nothing"), f"it is graded by {choice.policy.name}")
    refuse_if(choice.may_be_none, "nothing chosen may be right")
    if [one.id for one in choice.options] == ["true", "false"] and not choice.shuffle:
        feedback = {f"feedback {n}": one.feedback or "" for n, one in enumerate(choice.options, start=1)}
        return {"kind": "true/false", "right": "true" if choice.options[0].is_key else "false"} | feedback
    row = {"kind": "several" if choice.multiple else "choice"}
    for number, one in enumerate(choice.options, start=1):
        row |= {f"option {number}": one.text, f"feedback {number}": one.feedback or ""}
    keys = [str(number) for number, one in enumerate(choice.options, start=1) if one.is_key]
    return {**row, "right": ", ".join(keys)}


def _written_number(number: Numeric) -> dict[str, str]:
    key = str(number.key.text).strip()
    refuse_if(not is_number(key), "its key is computed")
    tolerance = getattr(number.policy, "tolerance", None)
    if number.policy.name == "absolute":
        return {"kind": "number", "right": key, "tolerance": f"{tolerance:g}"}
    if number.policy.name == "relative":
        return {"kind": "number", "right": key, "tolerance": f"{100 * (tolerance or 0):g}%"}
    raise NotHere(f"it is graded by {number.policy.name}")


def _written_text(text: Text) -> dict[str, str]:
    plain = all(one.text and one.credit >= 1 and "|" not in one.text for one in text.accepted)
    refuse_if(not plain, "it accepts patterns, or gives partial credit")
    refuse_if(
        text.case or text.edits or text.wrapping or text.companions, "it compares texts in a way of its own"
    )
    return {"kind": "text", "right": " | ".join(one.text or "" for one in text.accepted)}
