"""The environment decides, and what it leaves open is safe. Each case reads the settings in a fresh process."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
READ = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""
SERVER = {"DATABASE_URL": "postgres://someone:secret@db.example:5433/assay", "SECRET_KEY": "given"}


def read(var: Path, *names: str, **environment: str) -> dict[str, object]:
    """Return settings as a process sees them that has only ``environment`` besides the necessary."""
    base = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "ASSAY_VAR": str(var)}
    done = subprocess.run(
        [sys.executable, "-c", READ, *names],
        cwd=ROOT,
        env=base | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ValueError(done.stderr)
    values: dict[str, object] = json.loads(done.stdout)
    return values


def test_nothing_set_is_a_local_installation_without_debug(tmp_path: Path) -> None:
    values = read(tmp_path, "LOCAL", "DEBUG", "DEMO", "HTTPS", "ALLOWED_HOSTS")
    assert values == {
        "LOCAL": True,
        "DEBUG": False,
        "DEMO": False,
        "HTTPS": False,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
    }


def test_a_local_installation_makes_its_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    first = read(tmp_path, "SECRET_KEY")
    assert read(tmp_path, "SECRET_KEY") == first
    assert len(str(first["SECRET_KEY"])) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_database_of_ones_own_wants_a_key_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Set SECRET_KEY"):
        read(tmp_path, "SECRET_KEY", DATABASE_URL=SERVER["DATABASE_URL"])
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_ones_own_wants_https(tmp_path: Path) -> None:
    values = read(tmp_path, "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", **SERVER)
    assert values == {"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SECURE_SSL_REDIRECT": True}


def test_the_url_names_the_database(tmp_path: Path) -> None:
    databases = read(tmp_path, "DATABASES", **SERVER)["DATABASES"]
    assert isinstance(databases, dict)
    entry = databases["default"]
    assert (
        entry["ENGINE"],
        entry["HOST"],
        entry["PORT"],
        entry["USER"],
        entry["PASSWORD"],
        entry["NAME"],
    ) == (
        "config.backend",
        "db.example",
        5433,
        "someone",
        "secret",
        "assay",
    )


def test_a_forwarded_header_counts_only_behind_a_proxy(tmp_path: Path) -> None:
    assert read(tmp_path, "SECURE_PROXY_SSL_HEADER") == {"SECURE_PROXY_SSL_HEADER": None}
    assert read(tmp_path, "SECURE_PROXY_SSL_HEADER", PROXIES="1")["SECURE_PROXY_SSL_HEADER"]


def test_learning_management_systems_may_frame_us_when_named(tmp_path: Path) -> None:
    policy = read(tmp_path, "CONTENT_SECURITY_POLICY", FRAME_ANCESTORS="https://lms.example")
    assert "'frame-ancestors': ['https://lms.example']" in str(policy)


@pytest.mark.parametrize("name", ["SECRET_KEY", "METRICS_TOKEN"])
def test_a_secret_may_stand_in_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("$p@ss:w/rd %41#\n")
    assert read(tmp_path, name, **{f"{name}_FILE": str(tmp_path / "secret")}) == {name: "$p@ss:w/rd %41#"}


def test_a_secret_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SECRET_KEY_FILE names /nowhere, which cannot be read"):
        read(tmp_path, "SECRET_KEY", SECRET_KEY_FILE="/nowhere")


def test_mail_goes_to_standard_output_or_to_the_server_that_is_named(tmp_path: Path) -> None:
    names = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS")
    for url in ({}, {"EMAIL_URL": ""}):
        values = read(tmp_path, *names, **url)
        assert values["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    values = read(tmp_path, *names, EMAIL_URL="smtp+tls://me:p%40ss@mail.example:587")
    assert list(values.values()) == [
        "django.core.mail.backends.smtp.EmailBackend", "mail.example", 587, "p@ss", True
    ]  # fmt: skip


def database(values: dict[str, object]) -> dict[str, object]:
    databases = values["DATABASES"]
    assert isinstance(databases, dict)
    entry: dict[str, object] = databases["default"]
    return entry


def test_a_password_of_any_characters_stands_beside_the_url(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("p@ss:w/rd?#%41\n")
    given = {"POSTGRES_PASSWORD_FILE": str(tmp_path / "password"), "SECRET_KEY": "given"}
    url = "postgres://someone@db.example:5433/assay"
    assert database(read(tmp_path, "DATABASES", DATABASE_URL=url, **given))["PASSWORD"] == "p@ss:w/rd?#%41"
    assert database(read(tmp_path, "DATABASES", **SERVER | given))["PASSWORD"] == "secret"


def test_the_url_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text(SERVER["DATABASE_URL"])
    values = read(tmp_path, "LOCAL", "DATABASES", DATABASE_URL_FILE=str(tmp_path / "url"), SECRET_KEY="given")
    assert (values["LOCAL"], database(values)["HOST"]) == (False, "db.example")


# The documentation


def documented() -> dict[str, str]:
    """Return the table of docs/operations.md: what each variable is without a word."""
    text = (ROOT / "docs" / "operations.md").read_text()
    table = text.split("### Settings")[1].split("\n## ")[0]
    rows = [line.strip("| ").split("|") for line in table.splitlines() if line.startswith("| `")]
    return {names.strip(): default.strip() for names, default, *_ in rows}


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([A-Z_]+)`", cell)


def read_in_code() -> dict[str, ast.expr | None]:
    """Return each variable that the code reads, with the expression of its default."""
    found: dict[str, ast.expr | None] = {}
    for path in [ROOT / "config" / "settings.py", ROOT / "config" / "run.py"]:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                where = ast.unparse(call.func)
                if where.startswith("env.") or where in ("os.environ.get", "secret.given"):
                    found[str(call.args[0].value)] = call.args[-1] if len(call.args) > 1 else None
    return found


def test_every_setting_is_documented_and_none_that_is_not_there() -> None:
    told = [name for cell in documented() for name in names_in(cell)]
    assert sorted(told) == sorted(set(told))
    assert set(told) == set(read_in_code()) - {"DJANGO_SETTINGS_MODULE"}


def test_the_documented_defaults_are_those_of_the_code() -> None:
    read, checked = read_in_code(), set()
    for cell, default in documented().items():
        figures = [quoted or bare for quoted, bare in re.findall(r"`([^`]*)`|(?<!\S)(\d+)(?!\S)", default)]
        for number, name in enumerate(names_in(cell)):
            value = _value(read[name])
            if isinstance(value, bool):
                assert default.startswith("on" if value else "off"), name
            elif value:
                assert figures[number] == str(value), name
            checked |= {name} if value is not None else set()
    assert {
        "THROTTLE_ANONYMOUS",
        "THROTTLE_USER",
        "THROTTLE_SIGN_IN",
        "THROTTLE_GUEST",
        "THROTTLE_JOIN",
        "SIGN_IN_FAILURES",
        "PRACTICE_TOKEN_HOURS",
        "GUEST_DAYS",
        "MAX_BODY_BYTES",
        "HSTS_SECONDS",
        "PROXIES",
    } <= checked


def _value(expression: ast.expr | None) -> Any:
    """Return what an expression of constants comes to; None for any other, a list or a name of ours."""
    if expression is None or isinstance(expression, ast.List):
        return None
    try:
        return eval(compile(ast.Expression(expression), "default", "eval"), {"__builtins__": {}})
    except (NameError, TypeError):
        return None
