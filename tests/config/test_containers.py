"""The container files agree with the project, as far as that can be seen without an engine."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def stages() -> list[str]:
    return re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]


def test_the_image_runs_as_an_ordinary_user() -> None:
    assert re.findall(r"^USER (\w+)$", stages()[-1], flags=re.MULTILINE) == ["assay"]


def test_whatever_the_image_copies_from_the_project_exists() -> None:
    copied = [line.split()[1:-1] for line in stages()[-1].splitlines() if re.match(r"COPY (?!--from)", line)]
    names = [name for line in copied for name in line]
    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_image_lets_through_whatever_it_copies() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"}
    copied = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.MULTILINE)
    sources = {name.split("/")[0] for line in copied for name in line.split()[:-1]}
    assert sources == let_through


def test_the_image_and_the_bootstrap_use_the_same_uv() -> None:
    bootstrap = (ROOT / "scripts" / "bootstrap.py").read_text()
    version = re.search(r'UV_VERSION = "(.+)"', bootstrap)
    assert version
    assert f"uv=={version[1]}" in DOCKERFILE


def test_nothing_secret_has_a_default() -> None:
    environment = COMPOSE["services"]["web"]["environment"] | COMPOSE["services"]["db"]["environment"]
    assert environment["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert environment["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_the_service_waits_for_a_healthy_database() -> None:
    assert COMPOSE["services"]["web"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert all("healthcheck" in service for service in COMPOSE["services"].values())


def test_every_variable_of_the_service_is_one_that_the_settings_read() -> None:
    settings = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', settings))
    assert set(COMPOSE["services"]["web"]["environment"]) <= read
