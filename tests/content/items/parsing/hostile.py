"""Documents made to cost much or to break whoever reads them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.content.items.parsing.slips import EXERCISE, QUESTION

FULL = 256 * 1024
"""Characters that a document may have."""


def hostile() -> Iterator[tuple[str, str]]:
    """Yield (name, text)."""
    yield "nothing", ""
    yield "blanks", " \n" * 1000
    yield "a scalar", "just words"
    yield "a number", "7"
    yield "a list", "- a\n- b\n"
    yield "null", "~"
    yield "only comments", "# a\n" * 10_000
    yield "opening brackets", "[" * FULL
    yield "opening braces", "{" * FULL
    yield "brackets below a key", "body: " + "[" * (FULL - 6)
    yield "closing brackets", "]" * FULL
    yield "nested lists", "\n".join(" " * level + "-" for level in range(600))
    yield "nested mappings", "\n".join(" " * level + "a:" for level in range(600))
    yield "quotes", '"' * FULL
    yield "single quotes", "'" * FULL
    yield "a quote that is not closed", 'title: "' + "a\n" * 100_000
    yield "colons", ": " * (FULL // 2)
    yield "dashes", "- " * (FULL // 2)
    yield "aliases", "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(1000))
    yield "tags", "a: !!python/object/apply:os.system ['true']\n" + EXERCISE
    yield "many keys", "".join(f"k{n}: 1\n" for n in range(30_000))[:FULL]
    yield "short keys", "".join(f"{n:x}:\n" for n in range(40_000))[:FULL]
    yield "keys that are nearly known", "".join(f"stepz{n}: 1\n" for n in range(20_000))[:FULL]
    yield "one key many times", "title: x\n" * (FULL // 9)
    yield "many broken parts", 'a: "\n' * (FULL // 5)
    yield "many parameters", "parameters:\n" + "".join(f"  p{n}: {{}}\n" for n in range(20_000))[: FULL - 12]
    yield "many steps", "steps:\n" + "".join(f"  s{n}: x\n" for n in range(20_000))[: FULL - 7]
    yield "many requirements", "require:\n" + "  - q > 1\n" * 25_000
    yield (
        "many interactions",
        "interactions:\n" + "".join(f"  i{n}: {{}}\n" for n in range(20_000))[: FULL - 14],
    )
    yield "many options", QUESTION.replace("    options:\n", "    options:\n" + "      - {}\n" * 20_000)
    yield (
        "many accepted texts",
        QUESTION.replace("    accepted:\n", "    accepted:\n" + "      - {}\n" * 20_000),
    )
    yield (
        "many misconceptions",
        EXERCISE.replace(
            "  a:\n    forgot", "  a:\n" + "".join(f"    m{n}: x\n" for n in range(15_000)) + "    forgot"
        ),
    )
    yield "many skills", EXERCISE.replace("[l2-update]", "[" + "l2-updat, " * 20_000 + "x]")
    yield "many marks", EXERCISE.replace("  [[a]]\n", "  " + "[[b]] " * 40_000 + "\n")
    yield "many placeholders", EXERCISE.replace("  [[a]]\n", "  [[a]] " + "{zz} " * 4_000 + "\n")
    yield "a huge whole number", EXERCISE.replace("0.0005", "9" * 200_000)
    yield "a huge exponent", EXERCISE.replace("0.0005", "1e999999999")
    yield "a number at the end of floats", EXERCISE.replace("[-2, 2]", "[-1e308, 1e308]")
    yield "a long line", EXERCISE.replace("title: One", "title: " + "x" * 200_000)
    yield "a long name", EXERCISE.replace("forgot-the-two", "x" * 200_000)
    yield "a long expression", EXERCISE.replace("shrink*w - lr*g", "+".join(["w"] * 40_000))
    yield "a deep expression", EXERCISE.replace("shrink*w - lr*g", "(" * 60_000 + "w" + ")" * 60_000)
    yield (
        "an expression of much work",
        EXERCISE.replace("shrink*w - lr*g", "sum(sort(linspace(0, lr, 9999)))*w"),
    )
    yield (
        "steps that double",
        EXERCISE.replace(
            "  new:",
            "".join(f"  d{n}: {'shrink' if not n else f'd{n - 1}'}*2\n" for n in range(55)) + "  new:",
        ),
    )
    yield "a pattern that could hang", QUESTION.replace('"l[12]"', r"'(a+)+(b|a*)*\1?((((x*)*)*)*)*$'")
    yield "a pattern that grows", QUESTION.replace('"l[12]"', "'((a{100}){100}){100}'")
    yield "a broken pattern", QUESTION.replace('"l[12]"', "'(((('")
    yield "TeX that is nested", EXERCISE.replace("$w = {w}$", "$" + r"\frac{" * 3000 + "$")
    yield "stars", EXERCISE.replace("  [[a]]", "  [[a]] " + "*" * 19_000)
    yield "brackets of links", EXERCISE.replace("  [[a]]", "  [[a]] " + "[" * 19_000)
    yield (
        "invisible characters",
        EXERCISE.replace("steps:", "st\u200beps:").replace("lr*g", "lr\u00a0*\u202eg"),
    )
    yield "a null character", EXERCISE.replace("title: One", "title: \0One")
    yield "half of a surrogate pair", EXERCISE.replace("title: One", "title: \ud800One")
    yield "an escaped surrogate", EXERCISE.replace("title: One", 'title: "\\ud800"\nx: One')
    yield "other breaks of lines", EXERCISE.replace("\n", "\u2028")
    yield "carriage returns", EXERCISE.replace("\n", "\r")
    yield "a mark at the beginning", "\ufeff" + EXERCISE
    yield "two documents", EXERCISE + "---\n" + EXERCISE
    yield "keys that are no texts", "1: a\n[x]: b\n? {y: z}\n: c\n"
    yield "merge keys", "<<: {a: 1}\n" + EXERCISE
    yield (
        "dots in keys",
        EXERCISE.replace("  a:\n    kind", "  a.b.c:\n    kind").replace(
            "    forgot-the-two:", "    a.b..c:"
        ),
    )
    yield "empty names", EXERCISE.replace("  w: ", '  "": ').replace("  a:\n    kind", '  "":\n    kind')
    yield "names of methods", EXERCISE.replace("  w: ", "  __class__: ").replace("shrink:", "__init__:")
    yield "too long", "a" * (FULL + 1)
