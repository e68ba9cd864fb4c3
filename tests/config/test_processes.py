"""Who runs from a data folder, as the kernel knows it: real processes that hold locks."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.processes import Register

ROOT = Path(__file__).parents[2]
ENTERED = """
import sys
from pathlib import Path
from config.processes import Register
register = Register.open(Path(sys.argv[1]))
getattr(register, sys.argv[2])()
print("in", flush=True)
sys.stdin.read()
"""


def entered(var: Path, how: str) -> "subprocess.Popen[str]":
    """Return a process that is in the register and stays there until it is killed."""
    command = [sys.executable, "-c", ENTERED, str(var), how]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
    assert process.stdout
    assert process.stdout.readline() == "in\n"
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_every_living_process_is_told_in_whatever_order_they_came(tmp_path: Path) -> None:
    parents = [entered(tmp_path, "enter_as_parent") for _ in range(2)]
    children = [entered(tmp_path, "enter_as_child") for _ in range(3)]
    later = entered(tmp_path, "enter_as_parent")
    register = Register.open(tmp_path)
    assert register.parents() == {process.pid for process in [*parents, later]}
    assert register.children() == {process.pid for process in children}
    end(children[1])
    assert register.children() == {children[0].pid, children[2].pid}
    for process in [*parents, later, children[0], children[2]]:
        end(process)
    assert not register.parents() | register.children()


def test_a_process_does_not_count_itself(tmp_path: Path) -> None:
    register = Register.open(tmp_path)
    register.enter_as_parent()
    assert register.parents() == set()
    os.close(register.descriptor)


@pytest.mark.parametrize("how", ["enter_as_parent", "enter_as_child"])
def test_another_folder_has_other_processes(tmp_path: Path, how: str) -> None:
    process = entered(tmp_path / "mine", how)
    register = Register.open(tmp_path / "other")
    assert not register.parents() | register.children()
    end(process)
