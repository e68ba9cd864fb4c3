"""The one door from text to exact numbers, and that nobody goes round it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from content.expressions import exact

ROOT = Path(__file__).parents[3]
ROOMS = ("content", "assessment", "api")
DOOR = "content/expressions/exact.py"
EXACT = ("int", "Fraction", "Decimal")
READERS = ("json.loads", "json.load", "yaml.load")

COUNTED = "a count or an index, of numpy or of the database"
OUR_OWN = "a number that stands in the source"
A_FLOAT = "a finite float: at most 1,100 binary digits"

NOT_OF_TEXT: dict[str, dict[str, str]] = {
    "api/rest/throttles.py": {
        "int(cache.incr(key))": COUNTED,
        "int(now)": A_FLOAT,
    },
    "assessment/models/rates.py": {
        "int(cursor.fetchone()[0])": COUNTED,
    },
    "assessment/admin/grades.py": {
        "int(link.parked_count)": COUNTED,
    },
    "assessment/admin/platforms.py": {
        "int(platform.waiting_count)": COUNTED,
    },
    "assessment/platforms/calling.py": {
        "json.loads(body)": "a document of a platform: too many digits are no JSON to its reader",
    },
    "assessment/platforms/tokens.py": {
        "int(now.timestamp())": A_FLOAT,
        "int((now + holds).timestamp())": A_FLOAT,
    },
    "api/rest/launches.py": {
        "int(Launch.TOKEN_AGE.total_seconds() / 2)": OUR_OWN,
    },
    "assessment/admin/audit.py": {
        "int(key)": "at most nine ASCII digits, as the line above has made sure",
    },
    "assessment/admin/calibrated.py": {
        "int(stored.get('answers') or 0)": COUNTED,
    },
    "assessment/admin/courses.py": {
        "int(course.learner_count)": COUNTED,
        "int(course.instructor_count)": COUNTED,
    },
    "assessment/people/second_factor.py": {
        "int(StaticToken.objects.filter(device__user=user).count())": COUNTED,
    },
    "assessment/psychometrics/regions.py": {
        "int(sizes[one])": COUNTED,
    },
    "assessment/results/computing.py": {
        "int(sizes[0])": COUNTED,
        "int(one)": COUNTED,
    },
    "assessment/results/counting.py": {
        "json.loads(self.parsed)": "an answer as its verdict has it: JSON that the database has written",
    },
    "assessment/results/requests.py": {
        "json.loads(answer)": "an answer as its verdict has it: JSON that the database has written",
    },
    "assessment/results/statistics.py": {
        "int(one)": COUNTED,
    },
    "content/sheets/reading.py": {
        "int(text)": "at most nine ASCII digits, as its own line makes sure",
        "int(place[2])": "the digits of a reference to a cell, bounded by its pattern",
        "int(value)": A_FLOAT,
    },
    "api/rest/corrections.py": {
        "int(position)": "the position of a place, as our own JSON has it for a key",
    },
    "assessment/admin/corrections.py": {
        "json.loads(text)": "an answer as JSON, typed by who corrects; too many digits are no JSON",
    },
    "assessment/management/commands/regrade.py": {
        "json.loads(options['answer'])": "typed by the administrator of the machine; too many digits are no JSON",
    },
    "assessment/results/regrading.py": {
        "int(position)": "the position of a place, as our own JSON has it for a key",
    },
    "assessment/exclusive.py": {
        "int(lock)": "a number of our own enumeration",
    },
    "content/items/trials.py": {
        "int(index)": COUNTED,
    },
    "content/items/soundness.py": {
        "int(index)": COUNTED,
    },
    "content/items/orders.py": {
        "int(index)": COUNTED,
    },
    "content/items/equivalence/precise.py": {
        "Decimal((0, (1,), 2 - DIGITS))": OUR_OWN,
        "Decimal((0, (1,), -1))": OUR_OWN,
        "Decimal(node.value)": A_FLOAT,
        "Decimal(exact.numerator)": "a fraction within the budget of bits",
        "Decimal(exact.denominator)": "a fraction within the budget of bits",
        "Decimal(pi)": OUR_OWN,
        "Decimal(unit)": OUR_OWN,
        "int(value)": A_FLOAT,
        "Decimal(base)": OUR_OWN,
        "int(_WIDE.remainder(turns, Decimal(4)))": "0 to 3",
        "Decimal(number * (number - 1))": OUR_OWN,
        "Decimal(number)": OUR_OWN,
        "Decimal(float(c[i]))": A_FLOAT,
    },
    "content/items/equivalence/comparing.py": {
        "Decimal(scale)": A_FLOAT,
    },
    "api/health.py": {
        "int(statm.read_text().split()[1])": "written by the kernel",
        "int(run.outcome == TaskOutcome.FAILED)": "a truth value",
    },
    "assessment/rules/adaptive.py": {"int(self.stop.max_items / (1 - self.seeding) + 1e-09)": A_FLOAT},
    "assessment/admin/assignments.py": {"int(assignment.attempt_count)": COUNTED},
    "assessment/calibration/calibrating.py": {"int(measured.log.answers[place])": COUNTED},
    "assessment/calibration/report.py": {"int(fitted.persons)": COUNTED},
    "assessment/selection/adaptive.py": {"int(dice.integers(len(left)))": COUNTED},
    "assessment/knowledge/mastery.py": {"int(self.count[learner])": COUNTED},
    "assessment/knowledge/review.py": {
        "int(self.phase)": "a number of our own enumeration",
        "int(rating)": "a number of our own enumeration",
        "int(state.phase)": "a number of our own enumeration",
    },
    "assessment/people/recovery.py": {
        "int(settings.RECOVERY_MAILS)": "a setting that the process began with"
    },
    "assessment/progress/reviews.py": {"int((now - state.last_review) / DAY)": COUNTED},
    "assessment/psychometrics/estimation.py": {
        "int(min(np.ceil(needed - 1e-09), FINEST))": A_FLOAT,
    },
    "assessment/psychometrics/exposure.py": {"int(np.searchsorted(self.edges, theta))": COUNTED},
    "assessment/psychometrics/polytomous.py": {"int(self.b.shape[1])": COUNTED},
    "assessment/psychometrics/responses.py": {"int(self.answers.shape[0])": COUNTED},
    "assessment/psychometrics/selection.py": {
        "int(best[rng.integers(len(best))])": COUNTED,
        "int(candidates[best])": COUNTED,
    },
    "content/admin/catalogue.py": {
        "int(subject.lesson_count)": COUNTED,
        "int(skill.item_count)": COUNTED,
        "int(bank.item_count)": COUNTED,
    },
    "content/expressions/planning.py": {"int(part.value[0])": "a float within the limits of an index"},
    "content/documents/source.py": {"int(mark.column)": COUNTED},
    "content/illustrations.py": {"int(value)": "a number within its bounds"},
    "content/items/display.py": {
        "int(value)": A_FLOAT,
        "int(number)": A_FLOAT,
    },
    "content/items/drawing.py": {"int(seed[0])": COUNTED},
    "content/items/evidence/certificate.py": {"int(seed)": COUNTED},
    "content/items/evidence/cost.py": {"int(MOST_COST / cost)": A_FLOAT},
    "content/items/evidence/grid.py": {"int(batch.seeds[index])": COUNTED},
    "content/items/evidence/sampling.py": {"int(np.ceil(1 / first))": A_FLOAT, "int(seed)": COUNTED},
    "content/items/evidence/separation.py": {"int(seed)": COUNTED},
    "content/items/evidence/tested.py": {"int(found.served[0])": COUNTED},
    "content/items/equivalence/differing.py": {"Fraction(factor)": A_FLOAT},
    "content/items/equivalence/algebra.py": {
        "int(exponent)": "a fraction within the budget of bits",
        "Fraction(value)": "a whole number of our own",
    },
    "content/items/equivalence/probing.py": {"int(node.value)": A_FLOAT},
    "content/items/interactions/expression/placeholders.py": {"int(value)": A_FLOAT},
    "content/items/policies/peers/edx.py": {
        "Decimal(shortest)": "nan or an infinity, which have no digits",
        "Decimal(max(0, len(key) - errors))": COUNTED,
    },
    "content/items/policies/peers/numbas.py": {
        "Fraction(-above if fraction['sign'] else above, below)": "whole numbers that went through the door",
        "Fraction(above, below)": "whole numbers that went through the door",
        "Fraction(value)": "a whole number that a float can hold",
        "int(self.kind == 'dp')": "a truth value",
        "int(self.kind == 'sigfig')": "a truth value",
        "int(self.most_ticks)": A_FLOAT,
    },
    "content/items/policies/peers/qti.py": {
        "_SURE_DIGITS.create_decimal(repr(value))": A_FLOAT,
    },
    "content/items/policies/peers/stack.py": {
        "Decimal(float(value))": A_FLOAT,
        "Decimal(math.floor(scaled + 0.5))": A_FLOAT,
        "Decimal(value)": A_FLOAT,
    },
    "content/items/policies/peers/webwork.py": {"int(wanted + 0.5)": A_FLOAT, "Decimal(value)": A_FLOAT},
    "content/items/stream.py": {"int(seed)": "an integer already, of an array or a list of them"},
    "content/items/units.py": {"Fraction(number.value)": A_FLOAT},
}


def test_texts_become_numbers_through_one_door_only() -> None:
    """A new use goes through ``content.expressions.exact``, or stands above with the reason why it is not of text."""
    astray = [
        f"{path}: {call}" for path, call in _uses() if call not in NOT_OF_TEXT.get(path, {}) and path != DOOR
    ]
    assert not astray


def test_the_list_of_exceptions_holds_nothing_that_is_gone() -> None:
    used = set(_uses())
    assert not [
        (path, call) for path, calls in NOT_OF_TEXT.items() for call in calls if (path, call) not in used
    ]


@pytest.mark.parametrize(
    "source",
    ["int(text)", "fractions.Fraction(text)", "Decimal('1e999999')", "list(map(int, parts))", "json.loads(text)",
     "context.create_decimal(text)", "int(match.group(1).strip())"],
)  # fmt: skip
def test_the_search_finds_what_goes_round_the_door(source: str) -> None:
    assert list(_suspects(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    ["int(2.5)", "Fraction(1, 2)", "Decimal('0.5')", "int(mask.sum())", "int(len(rows))",
     "json.loads(body, parse_int=exact.whole)", "x: int = 5"],
)  # fmt: skip
def test_the_search_passes_over_plain_numbers(source: str) -> None:
    assert not list(_suspects(ast.parse(source)))


def _uses() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                place = path.relative_to(ROOT).as_posix()
                yield from ((place, ast.unparse(node)) for node in _suspects(ast.parse(path.read_text())))


def _suspects(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield calls that may make an exact number of a text, and such makers handed on as arguments."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name.rpartition(".")[2] in (*EXACT, "create_decimal", "from_float") and not _is_harmless(
            node.args
        ):
            yield node
        if name in READERS and not any(keyword.arg == "parse_int" for keyword in node.keywords):
            yield node
        if name in ("map", "filter") and any(
            ast.unparse(each).rpartition(".")[2] in EXACT for each in node.args
        ):
            yield node


def _is_harmless(arguments: list[ast.expr]) -> bool:
    return all(_is_number(each) for each in arguments)


def _is_number(node: ast.expr) -> bool:
    """Whether a syntax tree can give nothing but a number: a constant, a sum, a length, a count of an array."""
    match node:
        case ast.Constant(value=str() as text):
            return len(text) <= 10 and "e" not in text.lower()
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name.isupper()
        case ast.BinOp(left=left, right=right):
            return _is_number(left) and _is_number(right)
        case ast.Call(func=ast.Name(id="len")):
            return True
        case ast.Call(func=ast.Attribute(attr=attribute)):
            return attribute in ("sum", "max", "min", "argmax", "count_nonzero")
    return False


@pytest.mark.parametrize(
    "text", ["0e99999999", "0e-8000000", "0.000e+99999999999", "-0e1000000", "0" * 500 + "e9999999"]
)
def test_zero_with_any_exponent_is_zero(text: str) -> None:
    assert exact.fraction(text) == 0
    assert exact.decimal(text) == 0
    assert len(format(exact.decimal(text), "f")) <= len(text)


@pytest.mark.parametrize(
    "text", ["1e401", "1e-401", "1e99999999", "-3e-99999999", "0.1e10000000000000", "9" * 1_001]
)
def test_what_is_out_of_bounds_is_refused_before_anything_is_computed(text: str) -> None:
    for read in (exact.fraction, exact.decimal, exact.whole):
        with pytest.raises(exact.UnusableNumber):
            read(text)


@pytest.mark.parametrize(
    "text", ["", " ", "x", "1_000", "٣", "0x10", "1e", "e5", "1/0", "1/2/3", "nan", "inf", "--1", "1e5.5"]
)
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    for read in (exact.fraction, exact.decimal, exact.whole):
        with pytest.raises(exact.UnusableNumber):
            read(text)


def test_within_the_bounds_every_digit_is_kept() -> None:
    assert exact.whole("-" + "7" * 999) == int("-" + "7" * 999)
    assert exact.fraction("1.5e-400") == Fraction(3, 2) / 10**400
    assert exact.fraction("-2 / 0.7") == Fraction(-20, 7)
    assert str(exact.decimal("1.50e3")) == str(Decimal("1.50e3"))
    assert exact.whole("+0012") == 12


def test_the_nearest_double_is_refused_where_there_is_none() -> None:
    assert exact.nearest(Fraction(1, 3)) == 1 / 3
    assert exact.nearest(0) == 0
    for beyond in (10**400, Fraction(1, 10**400), Fraction(-(10**309))):
        with pytest.raises(exact.UnusableNumber):
            exact.nearest(beyond)
