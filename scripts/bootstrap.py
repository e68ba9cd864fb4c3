"""Make ``.venv`` with exactly the packages of ``uv.lock``; does nothing when it already has them.

Runs under the machine's own Python with nothing installed, so it uses the standard library only.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UV_VERSION = "0.13.9"
THIS = Path(__file__).resolve()
ROOT = THIS.parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / ".made-from"


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit("Assay needs Python 3.11 or newer; choose one with: make PYTHON=python3.12 ...")
    with one_at_a_time():
        wanted = fingerprint()
        if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
            return
        if not works():
            make_environment()
        install()
        STAMP.write_text(wanted)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second ``make`` in the same folder wait for the first."""
    lock = ROOT / "var" / "bootstrap.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def fingerprint() -> str:
    """Return what the environment depends on: the lock, how it is installed, the folder that its scripts name."""
    return hashlib.sha256((ROOT / "uv.lock").read_bytes() + THIS.read_bytes() + os.fsencode(ROOT)).hexdigest()


def works() -> bool:
    """Return whether the environment has a running Python with pip; a moved or half-made one has not."""
    probe = [str(PYTHON), "-c", "import pip"]
    return PYTHON.exists() and subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0


def make_environment() -> None:
    print("Making the virtual environment in .venv ...", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=False)
    if made.returncode:
        sys.exit("Could not make a virtual environment; on Debian: apt-get install python3-venv")


def install() -> None:
    print("Installing the locked packages ...", flush=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", f"uv=={UV_VERSION}"]
    # An activated environment elsewhere must not draw the packages to itself.
    surroundings = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    surroundings |= {"UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT), "UV_PYTHON_DOWNLOADS": "never"}
    sync = [str(PYTHON), "-m", "uv", "sync", "--frozen", "--all-extras", "--quiet", "--python", str(PYTHON)]
    for command in (pip, sync):
        if subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode:
            sys.exit(f"This failed: {' '.join(command)}")


main()
