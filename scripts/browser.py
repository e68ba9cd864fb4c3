"""Make sure that a Chromium is there for the browser tests: as root, install Debian's.

Without one the browser tests skip and say so; under ``CI=true`` that is an error instead.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
)


def executable() -> str | None:
    """Return the path of the system's Chromium; ``CHROMIUM`` names another one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    if executable():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in INSTALL:
            subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
    if not executable() and os.environ.get("CI") == "true":
        sys.exit("No Chromium, and the browser tests must run here: apt-get install chromium")


if __name__ == "__main__":
    main()
