"""``manage.py rights``: print who may do what, as Markdown. `docs/rights.md` is this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db.models import Model

from api.rest.policy import RULES, Rule, Who
from api.rights import RIGHTS
from content.rights import PERSONAL, Role

HEAD: Final = """\
# Who may do what

Printed by `manage.py rights` from the table of rights (`content/rights.py`, `assessment/people/rights.py`,
`api/rights.py`), which the desk, the REST API and the commands ask; a test holds this page to it.
[For instructors](instructors.md#courses-and-people) says it in words.

Nobody has a role in general; it is held toward a row:

| Role | By |
| --- | --- |
| author | an *author grant* of a bank or a lesson, given by an administrator, or by making it at the desk |
| reviewer | an *author grant* of a bank with the role reviewer |
| instructor | an enrollment in the course with the role instructor, until it ends |
| owner | being the learner that a row is about, as a member or as a guest; the account; the owner of a key |
| anybody at the desk | an account that is *staff* and in the group *Instructors*, as the first three need to be |

An **administrator** (superuser) may do everything with every row, but what is personal ({personal}). In a bank that
needs review nobody publishes an own draft, administrators neither. A **key** does what its owner may, within its
scopes. To whoever may not see a row it does not exist: the API answers 404, and the desk lists, searches, filters and
offers it nowhere.

Commands run as the administrator of the machine, and may everything; an import publishes without review, and says
so. With `--as` a command does what that account may."""

OPERATIONS: Final = (
    ("view", "look at it at the desk, with all that is asked and answered"),
    ("add, change, delete", "as the desk has it; of versions only drafts"),
    ("publish, decide", "put a draft in force alone; approve somebody else's draft or send it back"),
    (
        "correct, apply",
        "judge anew what was answered to an item, or at an assessment; a correction that is made",
    ),
    ("read", "over REST, as far as its feedback allows a learner"),
    ("take", "answer, save, hand in"),
    ("score, arrange", "give a score by hand; arrange time, attempts and tries for somebody"),
    ("see_email", "read, search and sort by the address of e-mail"),
    ("erase", "have everything forgotten that says who it was"),
    ("keep", "list, replace and revoke keys"),
    ("grade_cases", "have answers graded that are sent along"),
)


class Command(BaseCommand):
    help = (
        "Prints as Markdown which role may do what with which rows, at the desk, over REST and by commands."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(document())


def document() -> str:
    """Return the page, with a line at its end."""
    personal = ", ".join(sorted(PERSONAL))
    parts = [
        HEAD.replace("{personal}", personal),
        "## The matrix",
        *_table(("Rows", *(role.value for role in Role)), map(_row, _models())),
        f"Administrators alone: {', '.join(_name(model) for model in RIGHTS.administered)}.",
        "## Which rows",
        *_table(("Rows", "Role", "May", "Which"), _lines()),
        "## What the operations are",
        *_table(("Operation", "Is to"), OPERATIONS),
        "## Over REST",
        "Who may call an operation, the scope that a key needs for it, and the right needed on the row.",
        *_table(("Operation", "Who", "Scope of a key", "Right"), map(_operation, RULES.items())),
    ]
    return "\n\n".join(parts) + "\n"


def _models() -> list[type[Model]]:
    """Return the kinds of rows in the order of the table."""
    return list(dict.fromkeys(line.model for line in RIGHTS.lines))


def _row(model: type[Model]) -> Sequence[str]:
    own = [line for line in RIGHTS.lines if line.model is model]
    cells = (
        [operation for line in own if line.role is role for operation in line.operations] for role in Role
    )
    return (_name(model), *(", ".join(cell) for cell in cells))


def _lines() -> Iterator[Sequence[str]]:
    for line in RIGHTS.lines:
        yield _name(line.model), line.role.value, ", ".join(line.operations), line.where.words


def _operation(entry: tuple[str, Rule]) -> Sequence[str]:
    name, rule = entry
    who = "everybody" if rule.who == set(Who) else ", ".join(one.value for one in Who if one in rule.who)
    right = f"{rule.rows.operation} {_name(rule.rows.model)}" if rule.rows else ""
    return f"`{name}`", who, f"`{rule.scope}`" if rule.scope else "", right


def _name(model: type[Model]) -> str:
    return str(model._meta.verbose_name)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["\n".join(f"| {' | '.join(cell or '–' for cell in line)} |" for line in lines)]
