import pytest

from content.items.display import fill, format_number, format_value

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
