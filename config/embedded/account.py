"""The operating-system account that runs the server: PostgreSQL refuses to be root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server's programs and owns its files."""

    uid: int
    gid: int

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run ``command`` to its end as this account, in a folder that every account may enter."""
        other = self.uid != os.geteuid()
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=self.uid if other else None,
            group=self.gid if other else None,
            extra_groups=[] if other else None,
        )

    def can(self, access: str, path: Path) -> bool:
        """Return whether this account has ``access`` (``-x``, ``-w``) to ``path``, as the kernel sees it."""
        return self.run("test", access, path).returncode == 0


def account_for(data: Path) -> Account:
    """Return who runs the server: the current user, or for root the owner of ``data``.

    Before there are data, root chooses ``postgres`` where that account exists, and else ``nobody``.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if data.exists():
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return Account(entry.pw_uid, entry.pw_gid)
