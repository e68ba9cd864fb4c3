"""The file of formulas is what the server says of them."""

import json

from tests.frontend.interactions import formulas


def test_the_file_holds_what_the_server_says() -> None:
    assert json.loads(formulas.FILE.read_text()) == formulas.cases()
