"""The client of the frontend is generated from the API as it is now."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

FRONTEND = Path(settings.BASE_DIR, "frontend")
MEND = "make it so: manage.py spectacular --format openapi-json --file frontend/openapi.json, then npm run generate"


def test_the_frontend_knows_the_api_as_it_is() -> None:
    now = StringIO()
    call_command("spectacular", format="openapi-json", stdout=now)
    assert json.loads((FRONTEND / "openapi.json").read_text()) == json.loads(now.getvalue()), MEND


def test_the_types_of_the_frontend_come_from_its_schema(tmp_path: Path) -> None:
    if not (FRONTEND / "node_modules" / "openapi-typescript").exists():
        pytest.skip("the packages of the frontend are not installed: make frontend")
    generated = tmp_path / "schema.d.ts"
    generate = ["exec", "--", "openapi-typescript", "openapi.json", "--output", str(generated)]
    npm = [sys.executable, str(Path(settings.BASE_DIR, "scripts", "frontend.py"))]
    subprocess.run([*npm, *generate], check=True, capture_output=True, cwd=FRONTEND)
    assert generated.read_text() == (FRONTEND / "src" / "api" / "schema.d.ts").read_text(), MEND
