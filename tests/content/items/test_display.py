import pytest

from content.items.display import fill, format_number, format_value, is_exact, typeset

VALUES = {"w": [1.0, -2.5], "lr": 0.1, "lam": 0.0001}


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (2.0, None, "2"),
        (0.1 + 0.2, None, "0.3"),
        (0.0001, None, "0.0001"),
        (1 / 3, None, "0.333333"),
        (1 / 3, 2, "0.33"),
        (-0.001, 2, "0.00"),
        (-0.0, None, "0"),
        (123456.789, None, "123457"),
        (1e-9, None, r"1 \times 10^{-9}"),
        (2.5e12, None, r"2.5 \times 10^{12}"),
    ],
)
def test_a_number_is_written_as_people_write_it(value, places, shown):
    assert format_number(value, places) == shown


def test_vectors_and_matrices_have_their_forms():
    assert format_value([1.0, -2.5]) == "(1, -2.5)"
    assert format_value([[1.0, 0.0], [0.0, 1.0]]) == r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("$w = {w}$", "$w = (1, -2.5)$"),
        ("{lr:3}", "0.100"),
        (r"$2 \cdot {lr} \cdot {lam}$", r"$2 \cdot 0.1 \cdot 0.0001$"),
        (r"$\mathbf{w}$", r"$\mathbf{w}$"),
        (r"$\frac{lr}{lam}$", r"$\frac{lr}{lam}$"),
        (r"$\frac{{lr}}{{lam}}$", r"$\frac{0.1}{0.0001}$"),
        ("$x^{lr} y_{lam}$", "$x^{lr} y_{lam}$"),
        ("{lr}{lam}", "0.10.0001"),
        (r"$\{lr\}$", r"$\{lr\}$"),
    ],
)
def test_placeholders_are_filled_and_tex_is_left_alone(text, filled):
    assert fill(text, VALUES, {}) == filled


MORE = {"p": -3.0, "q": 3.7, "third": 1 / 3, "half": 0.5, "v": [-1.0, 2.0], "tiny": 0.1 + 0.2, "six": 6.0}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("$5 - {p}$", "$5 - (-3)$"),
        ("5 - {p} is", "5 - (−3) is"),
        ("$5 - {q}$", "$5 - 3.7$"),
        (r"$3 \cdot {p} + {p}$", r"$3 \cdot (-3) + (-3)$"),
        (r"$3 \cdot ({q})$", r"$3 \cdot 3.7$"),
        (r"$3 \cdot ({p})$", r"$3 \cdot (-3)$"),
        (r"$({q}) \cdot {half}$", r"$3.7 \cdot 0.5$"),
        (r"$({p}) \cdot {half}$", r"$(-3) \cdot 0.5$"),
        ("$f({q})$", "$f(3.7)$"),
        ("${p}^2 + {q}^2$", "$(-3)^2 + 3.7^2$"),
        ("$-{p}$", "$-(-3)$"),
        ("The weight is {p}.", "The weight is −3."),
        ("- {p} is a point of a list\n- {p}", "- −3 is a point of a list\n- −3"),
        ("| weight | {p} |", "| weight | −3 |"),
        ("from {v}", "from (−1, 2)"),
        (r"${q} \cdot {v}$", r"$3.7 \cdot (-1, 2)$"),
        ("$5w {p:+}$", "$5w - 3$"),
        ("$5w {q:+2}$", "$5w + 3.70$"),
    ],
)
def test_signs_are_set_as_people_write_them(text, filled):
    assert typeset(text, MORE, {}) == filled


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        (r"$x \approx {half}$", "$x = 0.5$"),
        (r"$x = {third}$", r"$x \approx 0.333333$"),
        (r"$x = {third:2}$.", r"$x \approx 0.33$."),
        (r"$x \approx {tiny}$", "$x = 0.3$"),
        (r"$x = \frac{{six}}{2} \approx {q} = {third}$", r"$x = \frac{6}{2} = 3.7 \approx 0.333333$"),
        (r"$x \approx {half} \cdot {third}$", r"$x \approx 0.5 \cdot 0.333333$"),
        (r"$n \ge {third}$", r"$n \ge 0.333333$"),
        ("x ≈ {six}, y = {third}.", "x = 6, y ≈ 0.333333."),
        ("$v = {v}$", "$v = (-1, 2)$"),
        (r"$x \approx {p}$", "$x = -3$"),
    ],
)
def test_equal_or_about_equal_is_told_by_the_value(text, filled):
    assert typeset(text, MORE, {}) == filled


@pytest.mark.parametrize(
    ("value", "places", "exact"),
    [
        (0.5, None, True),
        (1 / 3, None, False),
        (0.125, 2, False),
        (1234567.0, None, True),
        ([1.0, 1 / 3], 2, False),
    ],
)
def test_a_number_is_exact_when_what_is_shown_is_all_of_it(value, places, exact):
    assert is_exact(value, places) is exact


def test_what_programs_read_keeps_its_hyphen():
    assert fill("w - {p}", MORE, {}) == "w - -3"
