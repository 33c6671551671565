"""What some tests need of the machine, by name. Without it a test is skipped with a sentence; where nothing may lack, it fails with the same.

    @needs("go")
    def test_...

FACTWIRE_NO_SKIPS=1 (`.ci/run` sets it) makes a failure of each such skip, but for the names in FACTWIRE_MAY_LACK (separated by commas).
"""

import functools
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.engines.prism_found import at_hand

BROKER = Path(__file__).parent.parent / ".cache" / "kafka" / "of.xml"  # written when it is whole
SHARED = Path(__file__).parent.parent.parent / "shared" / "corpus"


@dataclass(frozen=True)
class Need:
    name: str
    here: Callable[[], bool]
    install: str  # what to do about it, after "needs NAME: "


def program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def compiler() -> bool:
    """Whether extensions of this Python can be compiled: that takes its headers too."""
    named = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    return shutil.which(named.split()[0]) is not None and Path(sysconfig.get_path("include"), "Python.h").exists()


def mounts() -> bool:
    """Whether a file system can be mounted: for that a process must be root, and a container may still forbid it."""
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False).returncode:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


@functools.cache
def airflow_python() -> str:
    """Airflow wants an environment of its own: AIRFLOW_PYTHON names the Python of one."""
    return os.environ.get("AIRFLOW_PYTHON", sys.executable)


def airflow() -> bool:
    return subprocess.run([airflow_python(), "-c", "import airflow.sdk"], check=False, capture_output=True).returncode == 0


@functools.cache
def java() -> int:
    """The version of the Java that is here; 0 where there is none."""
    if not shutil.which("java"):
        return 0
    told = subprocess.run(["java", "-version"], check=False, capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


NEEDS = {
    "airflow": Need("Airflow", airflow, "install apache-airflow into an environment of its own and name its Python in AIRFLOW_PYTHON"),
    "chromium": Need("Chromium", program("chromium", "chromium-browser", "google-chrome"), "install the package chromium"),
    "compiler": Need("a C compiler", compiler, "install one and Python's headers (Debian: gcc and python3-dev)"),
    "corpus": Need("the corpus", SHARED.is_dir, f"put it at {SHARED}"),
    "go": Need("Go", program("go"), "install Go 1.26 or later"),
    "kafka": Need(
        "a broker of Kafka",
        lambda: java() >= 17 and (BROKER.exists() or program("mvn")()),
        "install a Java runtime, 17 or later, and Maven, which fetches it (Debian: default-jre-headless and maven)",
    ),
    "java": Need("Java", program("java"), "install a Java runtime, 17 or later (Debian: default-jre-headless)"),
    "mount": Need("to mount file systems", mounts, "run the tests as root, outside of containers that forbid it"),
    "prism": Need("Prism", lambda: at_hand(None) is not None or program("go")(), "install Go 1.26 or later: the tests build it once"),
    "proc": Need("/proc", Path("/proc/self/status").exists, "run the tests on Linux"),
    "systemd": Need("systemd-analyze", program("systemd-analyze"), "install the package systemd"),
}


@functools.cache
def lack(name: str) -> str | None:
    """The sentence about what is not here, or None."""
    need = NEEDS[name]
    return None if need.here() else f"needs {need.name}: {need.install}"


def needs(*names: str) -> pytest.MarkDecorator:
    """A test, or with `pytestmark` a file, is run only where all that is named is here."""
    assert set(names) <= set(NEEDS), f"unknown needs: {set(names) - set(NEEDS)}"
    return pytest.mark.needs(*names)


def look(item: pytest.Item) -> None:
    """Skip or fail a test that needs what is not here."""
    for name in (name for mark in item.iter_markers("needs") for name in mark.args):
        if sentence := lack(name):
            if os.environ.get("FACTWIRE_NO_SKIPS") and name not in os.environ.get("FACTWIRE_MAY_LACK", "").split(","):
                pytest.fail(sentence, pytrace=False)
            pytest.skip(sentence)
