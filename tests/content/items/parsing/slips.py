"""Slips that authors make: what they change in a sound document, and exactly which faults must come of it."""

from __future__ import annotations

from typing import NamedTuple

EXERCISE = r"""slug: l2-step
title: One gradient step
skills: [l2-update]
parameters:
  w:   {decimal: [-2, 2], places: 1, shape: [3]}
  g:   {decimal: [-1, 1], places: 1, shape: [3]}
  lr:  {choice: [0.05, 0.1, 0.2]}
  lam: {log_grid: [0.1, 1]}
require: [norm1(g) > 0.5]
steps:
  shrink: 1 - 2*lr*lam
  new: shrink*w - lr*g
check:
  new: w - lr*(g + 2*lam*w)
body: |
  The weights are $w = {w}$, the gradient is $g = {g}$.
  The rate is ${lr}$ and $\lambda = {lam}$.
  [[a]]
interactions:
  a:
    kind: numeric
    key: new
    policy: {name: absolute, tolerance: 0.0005}
misconceptions:
  a:
    forgot-the-two: (1 - lr*lam)*w - lr*g
    no-gradient:
      value: shrink*w
      feedback: The gradient of $g = {g}$ is missing.
hints:
  - The factor is ${shrink}$.
solution: |
  The weights shrink by ${shrink}$, which gives ${new}$.
"""

QUESTION = r"""slug: pick-two
title: Two things
skills: [l2-update]
body: |
  Choose. [[a]]
  Match. [[b]]
  Name it. [[c]]
  The derivative of $x^2$ is [[d]].
  Order. [[e]]
interactions:
  a:
    kind: choice
    multiple: true
    policy: {name: per_option}
    options:
      - {id: l1, text: Lasso, key: true}
      - {id: l2, text: Ridge, misconception: forgot-the-two}
      - {id: l3, text: Other, feedback: No.}
  b:
    kind: matching
    left:
      - {id: x, text: first}
      - {id: y, text: second}
    right:
      - {id: u, text: one}
      - {id: v, text: two}
    pairs: {x: u, y: v}
  c:
    kind: text
    accepted:
      - {text: ridge}
      - {pattern: "l[12]", example: l2, credit: 0.5}
  d:
    kind: expression
    key: 2*x
    variables: {x: [-2, 2]}
    recognise:
      - {formula: x, misconception: no-gradient}
  e:
    kind: ordering
    entries:
      - {id: p, text: one}
      - {id: q, text: two}
solution: See above.
"""


class Slip(NamedTuple):
    """``changes`` are (what stands there, what stands instead); ``faults`` are (path, line, part of the reason)."""

    name: str
    changes: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, int, str], ...]
    text: str = EXERCISE

    @property
    def broken(self) -> str:
        text = self.text
        for old, new in self.changes:
            assert text.count(old) >= 1, (self.name, old)
            text = text.replace(old, new, 1)
        return text


SLIPS = [
    # Names that are misspelled.
    Slip("a key of the document", (("steps:", "stepps:"),), (("stepps", 10, "did you mean steps?"),)),
    Slip(
        "a key of a parameter",
        (("decimal: [-2", "decmal: [-2"),),
        (("parameters.w.decmal", 5, "did you mean decimal?"),),
    ),
    Slip(
        "the shape of a parameter",
        (("shape: [3]", "shpae: [3]"),),
        (("parameters.w.shpae", 5, "did you mean shape?"),),
    ),
    Slip(
        "a kind of parameter",
        (("choice: [0.05", "choise: [0.05"),),
        (("parameters.lr.choise", 7, "did you mean choice?"),),
    ),
    Slip(
        "no kind of parameter at all",
        (("choice: [0.05", "among: [0.05"),),
        (("parameters.lr.among", 7, "exactly one of"),),
    ),
    Slip(
        "the key of an interaction",
        (("    key: new", "    kye: new"),),
        (("interactions.a.kye", 22, "did you mean key?"),),
    ),
    Slip(
        "a kind",
        (("kind: numeric", "kind: numerical"),),
        (("interactions.a.kind", 21, "did you mean numeric?"),),
    ),
    Slip(
        "the word kind",
        (("kind: numeric", "knd: numeric"),),
        (("interactions.a.knd", 21, "did you mean kind?"),),
    ),
    Slip(
        "a policy",
        (("absolute,", "absolut,"),),
        (("interactions.a.policy.name", 23, "did you mean absolute?"),),
    ),
    Slip(
        "a setting of a policy",
        (("tolerance: 0.0005", "tolerence: 0.0005"),),
        (("interactions.a.policy.tolerence", 23, "did you mean tolerance?"),),
    ),
    Slip(
        "a setting that is missing",
        ((", tolerance: 0.0005", ""),),
        (("interactions.a.policy", 23, "needs the setting tolerance"),),
    ),
    Slip("a name in a step", (("2*lr*lam\n", "2*lr*lamb\n"),), (("steps.shrink", 11, "did you mean lam?"),)),
    Slip("a function", (("norm1(g)", "norm_1(g)"),), (("require.0", 9, "did you mean norm1?"),)),
    Slip("a placeholder in the body", (("= {lam}", "= {lamda}"),), (("body", 17, "did you mean {lam}?"),)),
    Slip(
        "a placeholder in a hint",
        (("is ${shrink}$.", "is ${schrink}$."),),
        (("hints.0", 31, "did you mean {shrink}?"),),
    ),
    Slip(
        "a placeholder in the solution",
        (("by ${shrink}$", "by ${srink}$"),),
        (("solution", 33, "did you mean {shrink}?"),),
    ),
    Slip(
        "a placeholder in feedback",
        (("$g = {g}$ is", "$g = {gg}$ is"),),
        (("misconceptions.a.no-gradient.feedback", 29, "did you mean {g}?"),),
    ),
    Slip("a mark", (("[[a]]", "[[aa]]"),), (("body", 18, "did you mean [[a]]?"),)),
    Slip("a step in check", (("  new: w -", "  neww: w -"),), (("check.neww", 14, "did you mean new?"),)),
    Slip(
        "an interaction in misconceptions",
        (("s:\n  a:\n    forgot", "s:\n  b:\n    forgot"),),
        (("misconceptions.b", 25, "is no interaction"),),
    ),
    Slip("a skill", (("[l2-update]", "[l2-updat]"),), (("skills.0", 3, "did you mean l2-update?"),)),
    Slip(
        "a misconception",
        (("forgot-the-two", "forgot-the-tow"),),
        (("misconceptions.a.forgot-the-tow", 26, "did you mean forgot-the-two?"),),
    ),
    Slip(
        "an enemy",
        (("skills:", "enemies: [pick-tow]\nskills:"),),
        (("enemies.0", 3, "did you mean pick-two?"),),
    ),
    Slip("the use", (("skills:", "use: practise\nskills:"),), (("use", 3, "did you mean practice?"),)),
    Slip("the locale", (("skills:", "locale: dee\nskills:"),), (("locale", 3, "did you mean de?"),)),
    Slip(
        "a word of an enumeration",
        (("    policy:", "    credit: eech\n    policy:"),),
        (("interactions.a.credit", 23, "did you mean each?"),),
    ),
    Slip(
        "a key of a misconception",
        (("feedback: The", "feedbak: The"),),
        (("misconceptions.a.no-gradient.feedbak", 29, "did you mean feedback?"),),
    ),
    Slip(
        "the key of an option",
        (("key: true", "keys: true"),),
        (("interactions.a.options.0.keys", 16, "did you mean key?"),),
        QUESTION,
    ),
    Slip(
        "the text of an option",
        (("text: Ridge", "txt: Ridge"),),
        (("interactions.a.options.1.txt", 17, "did you mean text?"),),
        QUESTION,
    ),
    Slip(
        "the list of options",
        (("    options:", "    option:"),),
        (("interactions.a.option", 15, "did you mean options?"),),
        QUESTION,
    ),
    Slip(
        "a misconception of an option",
        (("forgot-the-two", "forgot-two"),),
        (("interactions.a.options.1.misconception", 17, "did you mean forgot-the-two?"),),
        QUESTION,
    ),
    Slip(
        "a misconception of a formula",
        (("misconception: no-gradient", "misconception: no-gradients"),),
        (("interactions.d.recognise.0.misconception", 38, "did you mean no-gradient?"),),
        QUESTION,
    ),
    Slip(
        "a variable of a formula",
        (("key: 2*x", "key: 2*y"),),
        (("interactions.d.key", 35, "there is no y here"),),
        QUESTION,
    ),
    # Values of another kind.
    Slip(
        "a policy as a text",
        (("{name: per_option}", "per_option"),),
        (("interactions.a.policy", 14, "write {name: per_option}"),),
        QUESTION,
    ),
    Slip(
        "yes for true",
        (("key: true", "key: yes"),),
        (("interactions.a.options.0.key", 16, "write true"),),
        QUESTION,
    ),
    Slip(
        "no for false",
        (("multiple: true", "shuffle: no\n    multiple: true"),),
        (("interactions.a.shuffle", 13, "write false"),),
        QUESTION,
    ),
    Slip(
        "a number for a text",
        (("text: Lasso", "text: 1"),),
        (("interactions.a.options.0.text", 16, "put it in quotes"),),
        QUESTION,
    ),
    Slip(
        "a mark without quotes",
        (
            ("body: |\n  Choose. [[a]]\n", "body: |\n  Choose. [[a]]\n"),
            ("solution: See above.", "solution: [[a]]"),
        ),
        (("solution", 44, "needs quotes"),),
        QUESTION,
    ),
    Slip(
        "a placeholder without quotes",
        (("text: Lasso", "text: {x}"),),
        (("interactions.a.options.0.text", 16, "needs quotes"),),
        QUESTION,
    ),
    Slip(
        "a colon in a hint", (("- The factor is", "- Remember: the factor is"),), (("hints.0", 31, "colon"),)
    ),
    Slip(
        "a text for a list",
        (("hints:\n  - The factor is ${shrink}$.", "hints: The factor is ${shrink}$."),),
        (("hints", 30, "list of texts"),),
    ),
    Slip(
        "a list for a mapping",
        (("w:   {decimal: [-2, 2], places: 1, shape: [3]}", "w:   [-2, 2]"),),
        (("parameters.w", 5, "must be a mapping"),),
    ),
    Slip(
        "an option that is a text",
        (("- {id: l3, text: Other, feedback: No.}", "- Other"),),
        (("interactions.a.options.2", 18, "must be a mapping"),),
        QUESTION,
    ),
    Slip(
        "an interval the wrong way round",
        (("[-2, 2]", "[2, -2]"),),
        (("parameters.w.decimal", 5, "in order"),),
    ),
    Slip("too many decimal places", (("places: 1", "places: 20"),), (("parameters.w.places", 5, "0 to 12"),)),
    Slip("a decimal comma", (("0.5]", "0,5]"),), (("require.1", 9, "must be a text"),)),
    Slip("a slug with blanks", (("slug: l2-step", "slug: My Step"),), (("slug", 1, "lower-case words"),)),
    Slip("another slug", (("slug: l2-step", "slug: l3-step"),), (("slug", 1, "must stay l2-step"),)),
    # What is missing.
    Slip("no key", (("    key: new\n", ""),), (("interactions.a.key", 21, "is missing"),)),
    Slip("no place for the answer", (("  [[a]]\n", ""),), (("body", 15, "must show [[a]] exactly once"),)),
    Slip(
        "two places for the answer", (("  [[a]]\n", "  [[a]]\n  [[a]]\n"),), (("body", 19, "exactly once"),)
    ),
    Slip(
        "no option is right",
        ((", key: true", ""),),
        (("interactions.a.options", 16, "must have a key"),),
        QUESTION,
    ),
    Slip(
        "an id twice", (("id: l2", "id: l1"),), (("interactions.a.options", 16, "different ids"),), QUESTION
    ),
    Slip(
        "a pair without partner",
        (("{x: u, y: v}", "{x: u}"),),
        (("interactions.b.pairs", 27, "each entry of the left"),),
        QUESTION,
    ),
    # Expressions that do not fit.
    Slip(
        "vectors of two lengths",
        (
            (
                "g:   {decimal: [-1, 1], places: 1, shape: [3]}",
                "g:   {decimal: [-1, 1], places: 1, shape: [2]}",
            ),
        ),
        (
            ("steps.new", 12, "do not subtract"),
            ("check.new", 14, "do not add"),
            ("misconceptions.a.forgot-the-two", 26, "do not subtract"),
        ),
    ),
    Slip(
        "a misconception of another shape",
        (("value: shrink*w", "value: shrink"),),
        (("misconceptions.a.no-gradient.value", 28, "is needed"),),
    ),
    Slip("a bracket that is not closed", (("2*lam*w)", "2*lam*w"),), (("check.new", 14, "')' is missing"),)),
    Slip(
        "a sign that is missing",
        (("2*lr*lam\n", "2 lr*lam\n"),),
        (("steps.shrink", 11, "an operator is missing"),),
    ),
    Slip(
        "a step used before it is there",
        (("shrink: 1 - 2*lr*lam\n  new: shrink*w - lr*g", "new: shrink*w - lr*g\n  shrink: 1 - 2*lr*lam"),),
        (("steps.new", 11, "further down"),),
    ),
    Slip(
        "a check of itself",
        (("new: w - lr*(g + 2*lam*w)", "new: new"),),
        (("check.new", 14, "the very value"),),
    ),
    Slip(
        "a name that means something",
        (
            ("  lam: {log", "  e: {log"),
            ("1 - 2*lr*lam", "1 - 2*lr*e"),
            ("2*lam*w)", "2*e*w)"),
            ("= {lam}", "= {e}"),
            ("(1 - lr*lam)", "(1 - lr*e)"),
        ),
        (("parameters.e", 8, "means something already"),),
    ),
    Slip(
        "a name with a hyphen",
        (
            ("  lr:  ", "  l-r:  "),
            ("2*lr*lam\n", "2*l-r*lam\n"),
            ("w - lr*g\ncheck", "w - l-r*g\ncheck"),
            ("w - lr*(g", "w - l-r*(g"),
            ("${lr}$", "$0$"),
            ("(1 - lr*lam)*w - lr*g", "(1 - l-r*lam)*w - l-r*g"),
        ),
        (("parameters.l-r", 7, "letters and digits"),),
    ),
    # A fault silences what rests on it, and nothing else.
    Slip(
        "a broken parameter beside another slip",
        (("decimal: [-2, 2]", "decimal: [-2]"), ("{name: absolute", "{name: absolut")),
        (("parameters.w.decimal", 5, "in order"), ("interactions.a.policy.name", 23, "absolut")),
    ),
    Slip(
        "a broken step beside another slip",
        (("1 - 2*lr*lam", "1 - 2*lr*"), ("(1 - lr*lam)*w", "(1 - lr*lam)*[1, 2]")),
        (("steps.shrink", 11, "missing"), ("misconceptions.a.forgot-the-two", 26, "do not subtract")),
    ),
    Slip(
        "a broken interaction beside a lost mark",
        (("key: new", "key: neww"), ("[[a]]", "[[b]]")),
        (("body", 18, "[[a]]"), ("interactions.a.key", 22, "did you mean new?")),
    ),
    Slip(
        "the three rounds of a review",
        (
            ("absolute,", "absolut,"),
            ("2*lam*w)", "2*lamb*w)"),
            ("forgot-the-two:", "planted:"),
            ("shape: [3]}\n  lr", "shape: [2]}\n  lr"),
        ),
        (
            ("steps.new", 12, "do not subtract"),
            ("check.new", 14, "did you mean lam?"),
            ("interactions.a.policy.name", 23, "absolute"),
            ("misconceptions.a.planted", 26, "no misconception"),
            ("misconceptions.a.planted", 26, "do not"),
        ),
    ),
    # Texts that are no YAML.
    Slip(
        "TeX in double quotes",
        (("title: One gradient step", r'title: "The $\sum$ of one"'),),
        (("title", 2, "single quotes"),),
    ),
    Slip(
        "TeX that double quotes swallow",
        (("title: One gradient step", r'title: "The $\frac{1}{2}$ of one"'),),
        (("title", 2, "single quotes"),),
    ),
    Slip("a tab", (("  shrink: 1", "\tshrink: 1"),), (("steps", 11, "use spaces"),)),
    Slip("a colon in the title", (("title: One", "title: One: a"),), (("title", 2, "quotes"),)),
    Slip("a quote that is not closed", (("title: One", 'title: "One'),), (("title", 2, "never closed"),)),
    Slip(
        "a bracket of YAML that is not closed",
        (("shape: [3]}\n  g", "shape: [3]\n  g"),),
        (("parameters.w", 5, "no }"),),
    ),
    Slip(
        "a key twice",
        (("title: One gradient step", "title: One gradient step\nslug: l2-step"),),
        (("slug", 3, "second time"),),
    ),
    Slip(
        "an indent too little",
        (("  new: shrink*w - lr*g", " new: shrink*w - lr*g"),),
        (("steps", 12, "indented"),),
    ),
    Slip(
        "a broken line and slips in meaning",
        (("title: One", 'title: "One'), ("absolute,", "absolut,"), ("2*lr*lam\n", "2*lr*lamb\n")),
        (
            ("title", 2, "never closed"),
            ("steps.shrink", 11, "did you mean lam?"),
            ("interactions.a.policy.name", 23, "absolute"),
        ),
    ),
    Slip(
        "parameters that cannot be read",
        (("  lr:  {choice: [0.05, 0.1, 0.2]}", "  lr:  {choice: [0.05, 0.1, 0.2]"),),
        (("parameters.lr", 7, "no }"),),
    ),
    Slip(
        "a step that cannot be read",
        (("shrink: 1 - 2*lr*lam", 'shrink: "1 - 2*lr*lam'),),
        (("steps.shrink", 11, "never closed"),),
    ),
    Slip(
        "an interaction that cannot be read",
        (("tolerance: 0.0005}", "tolerance: 0.0005"),),
        (("interactions.a", 23, "no }"),),
    ),
    Slip(
        "an invisible character in a key",
        (("title:", "title\u200b:"),),
        (("title\u200b", 2, "did you mean title?"),),
    ),
]
