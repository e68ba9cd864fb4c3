"""The container files agree with the project, as far as that can be seen without an engine."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


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


def test_every_secret_comes_from_a_file_that_the_repository_leaves_out() -> None:
    named = {name for service in SERVICES.values() for name in service["secrets"]}
    assert named == set(COMPOSE["secrets"])
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    for service in SERVICES.values():
        files = {value for name, value in service["environment"].items() if name.endswith("_FILE")}
        assert files == {f"/run/secrets/{name}" for name in service["secrets"]}


def test_no_secret_stands_in_the_environment() -> None:
    environment = SERVICES["web"]["environment"] | SERVICES["db"]["environment"]
    assert not {"SECRET_KEY", "POSTGRES_PASSWORD"} & set(environment)
    assert environment["METRICS_TOKEN"] == "${METRICS_TOKEN:-}"
    assert "@db" in environment["DATABASE_URL"]
    assert ":@" not in environment["DATABASE_URL"]
    assert environment["DATABASE_URL"].count(":") == len(("scheme", "port"))


def test_every_image_is_one_release() -> None:
    base = [line.split()[0] for line in stages()]
    images = [name for name in base if name != "frontend"] + [SERVICES["db"]["image"]]
    assert len(images) == len(stages()) + 1
    assert [name for name in images if not re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-slim)?", name)] == []


@pytest.mark.parametrize("name", ["web", "db"])
def test_a_container_may_do_and_use_only_what_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["pids_limit"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


def test_only_the_database_gets_capabilities_back_and_they_are_those_of_its_entry() -> None:
    assert "cap_add" not in SERVICES["web"]
    assert SERVICES["db"]["cap_add"] == ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]


def test_what_is_written_beside_the_database_is_written_to_memory() -> None:
    mounted = [place.partition(":")[0] for place in SERVICES["web"]["tmpfs"]]
    assert mounted == ["/tmp", "/srv/var/run"]
    assert "ASSAY_VAR=/srv/var" in stages()[-1]
    assert "uid=10001" in SERVICES["web"]["tmpfs"][1]
    assert "--uid 10001" in stages()[-1]


def test_the_service_waits_for_a_healthy_database() -> None:
    assert COMPOSE["services"]["web"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert all("healthcheck" in service for service in COMPOSE["services"].values())


def test_every_variable_of_the_service_is_one_that_the_settings_read() -> None:
    settings = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', settings))
    secret = set(re.findall(r'secret\.given\("([A-Z_]+)"', settings))
    assert set(SERVICES["web"]["environment"]) <= read | secret | {f"{name}_FILE" for name in secret}
