"""What the project asks of itself: one list of checks, and packages that are pinned to the byte."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKED = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
JAVASCRIPT = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))["packages"]


def parts_of_lint() -> list[str]:
    found = re.search(r"(?m)^LINT := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert found is not None
    return found[1].split()


def test_a_commit_is_checked_by_the_parts_of_make_lint() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (repository,) = config["repos"]
    assert [hook["entry"] for hook in repository["hooks"]] == [f"make {part}" for part in parts_of_lint()]


def test_every_check_of_the_makefile_is_part_of_make_lint() -> None:
    targets = re.findall(r"(?m)^(lint-\w+): environment$", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert targets == parts_of_lint()


# The packages


def ours() -> dict[str, Any]:
    (package,) = [each for each in LOCKED if each["name"] == PROJECT["project"]["name"]]
    return dict(package["metadata"])


def asked_for(requirements: list[str]) -> set[tuple[str, str]]:
    read = [Requirement(text) for text in requirements]
    return {(each.name.lower(), str(each.specifier)) for each in read}


def locked_for(entries: list[dict[str, Any]]) -> set[tuple[str, str]]:
    # The order of several bounds is not kept.
    return {(each["name"], str(Requirement(f"x{each.get('specifier', '')}").specifier)) for each in entries}


def test_the_lock_was_made_for_what_the_project_requires() -> None:
    project, locked = PROJECT["project"], ours()
    optional = [text for extra in project["optional-dependencies"].values() for text in extra]
    assert asked_for(project["dependencies"] + optional) == locked_for(locked["requires-dist"])
    groups = PROJECT["dependency-groups"]
    assert groups.keys() == locked["requires-dev"].keys()
    for name, group in groups.items():
        assert asked_for(group) == locked_for(locked["requires-dev"][name])


def test_every_python_package_is_pinned_and_every_file_has_its_hash() -> None:
    others = [each for each in LOCKED if each["name"] != PROJECT["project"]["name"]]
    assert others
    for package in others:
        assert package["source"].keys() == {"registry"}, package["name"]
        files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
        assert package["version"], package["name"]
        assert files, package["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), package["name"]


def test_every_javascript_package_is_pinned_and_has_its_hash() -> None:
    others = {name: package for name, package in JAVASCRIPT.items() if name}
    assert others
    for name, package in others.items():
        assert package["version"], name
        assert package["integrity"].startswith("sha512-"), name
