"""make's first step: which Python it takes, when it makes the environment anew, and what it says. The interpreters are stand-ins."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

HOME: Final = Path(__file__).parent.parent

# Answers what the script asks a Python for, keeps a list of what pip was told, and makes an environment that has itself as its Python.
STAND_IN: Final = """#!/bin/sh
case "$1" in
    -) cat > /dev/null; echo "{looked}" ;;
    -c) echo "{version}" ;;
    -m)
        case "$2" in
            venv) rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
            pip) echo "pip $*" >> calls; echo "Collecting a"; exit "${{PIP_ENDS:-0}}" ;;
        esac ;;
esac
"""


class Machine:
    """A checkout and a folder of commands, which is all that there is on the path beside the tools of POSIX."""

    def __init__(self, folder: Path) -> None:
        self.home, self.bin = folder / "checkout", folder / "bin"
        (self.home / ".ci").mkdir(parents=True)
        self.bin.mkdir()
        for name in (".ci/environment", "requirements.lock", "pyproject.toml"):
            shutil.copy(HOME / name, self.home / name)
        for tool in ("sh", "cat", "cksum", "grep", "awk", "rm", "mkdir", "cp", "dirname"):
            (self.bin / tool).symlink_to(str(shutil.which(tool)))

    def has(self, name: str, version: str, looked: str | None = None) -> None:
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text(STAND_IN.format(version=version, looked=looked or version))
        (self.bin / name).chmod(0o755)

    def made(self, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["sh", ".ci/environment"],
            cwd=self.home,
            env={"PATH": str(self.bin), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def installs(self) -> int:
        """How many times the packages were installed."""
        calls = self.home / "calls"
        return calls.read_text().count("-r requirements.lock") if calls.exists() else 0


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_it_is_made_once_and_told(machine: Machine) -> None:
    machine.has("python3", "3.12")
    first = machine.made()
    assert first.returncode == 0, first.stderr
    assert re.search(r"Making the environment .venv with Python 3\.12 .*: up to 1\d\d packages, some minutes\.", first.stdout)
    second = machine.made()
    assert (second.returncode, second.stdout, second.stderr, machine.installs) == (0, "", "", 1)


def test_another_python_is_taken_where_python3_does_not_fit(machine: Machine) -> None:
    machine.has("python3", "3.15", looked="/usr/bin/python3 is Python 3.15")
    machine.has("python3.11", "3.11", looked="/usr/bin/python3.11 lacks venv and ensurepip")
    machine.has("python3.13", "3.13")
    machine.has("python3.14", "3.14")
    assert "with Python 3.13" in machine.made().stdout
    assert machine.made().stdout == ""


def test_a_python_that_is_named_is_taken_and_no_other(machine: Machine) -> None:
    machine.has("python3", "3.11")
    machine.has("python3.14", "3.14")
    assert "with Python 3.11" in machine.made().stdout
    assert "with Python 3.14" in machine.made(PYTHON="python3.14").stdout
    assert machine.made(PYTHON="python3.14").stdout == "" == machine.made().stdout  # what stands is good enough where none is named
    machine.has("old", "3.9", looked="old is Python 3.9")
    refused = machine.made(PYTHON="old")
    assert refused.returncode == 1 and "old is Python 3.9" in refused.stderr


def test_where_no_python_fits_one_sentence_says_what_to_do(machine: Machine) -> None:
    machine.has("python3", "3.10", looked="/usr/bin/python3 is Python 3.10")
    ended = machine.made()
    assert ended.returncode == 1 and ended.stdout == ""
    (sentence,) = ended.stderr.splitlines()
    assert "Python 3.11 to 3.14" in sentence and "apt install python3-venv" in sentence.replace("python3 python3-venv", "python3-venv")
    assert "/usr/bin/python3 is Python 3.10" in sentence and "there is no python3.14" in sentence


@pytest.mark.parametrize("change", ["lock", "version", "gone"])
def test_it_is_made_anew_where_what_it_was_made_of_has_changed(machine: Machine, change: str) -> None:
    machine.has("python3", "3.12")
    machine.made()
    if change == "lock":
        with (machine.home / "requirements.lock").open("a") as lock:
            lock.write("# changed\n")
    elif change == "version":  # the link in the environment leads to the new one
        machine.has("python3", "3.13")
        shutil.copy(machine.bin / "python3", machine.home / ".venv" / "bin" / "python")
    else:
        (machine.home / ".venv" / "bin" / "python").unlink()
    assert "Making the environment" in machine.made().stdout
    assert machine.installs == 2
    assert machine.made().stdout == ""


def test_what_was_interrupted_is_made_by_the_next_make(machine: Machine) -> None:
    machine.has("python3", "3.12")
    broken = machine.made(PIP_ENDS="1")
    assert broken.returncode == 1 and "could not be installed" in broken.stderr
    assert "Making the environment" in machine.made().stdout
    assert machine.made().stdout == ""


def test_a_real_python_is_looked_at(machine: Machine) -> None:
    """Without an index nothing can be installed, which is said; the rest is real."""
    ended = machine.made(PYTHON=sys.executable, PIP_NO_INDEX="1", PIP_FIND_LINKS="", HOME=os.environ.get("HOME", "/"))
    assert f"with Python {sys.version_info.major}.{sys.version_info.minor}" in ended.stdout
    assert ended.returncode == 1 and "could not be installed" in ended.stderr
    assert not (machine.home / ".venv" / ".ready").exists()
