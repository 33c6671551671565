"""A stopped run of the tests leaves no process behind: of xdist, of ours, or any other that a test has started or forked."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.leftover_guard import alive
from tests.needs import needs

pytestmark = needs("proc")

HOME: Final = Path(__file__).parent.parent
TINY: Final = """
import json, os, subprocess, sys, time
from pathlib import Path
from pipeline.engines import local

def test_that_does_not_end():
    worker = local._standing_by(1)[0].process.pid
    asleep = [sys.executable, "-c", "import time; time.sleep(3600)"]
    started = subprocess.Popen(asleep, start_new_session=True).pid
    fork = os.fork()
    if not fork:
        time.sleep(3600)
    told = Path({told!r})
    told.with_suffix(".new").write_text(json.dumps([os.getpid(), worker, started, fork]))
    told.with_suffix(".new").rename(told)
    time.sleep(3600)
"""


def until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 300
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def to_the_group(process: subprocess.Popen[str]) -> None:
    """Ctrl-C at a keyboard."""
    os.killpg(process.pid, signal.SIGINT)


def terminated(process: subprocess.Popen[str]) -> None:
    process.terminate()


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()


PYTEST: Final = [sys.executable, "-m", "pytest", "-p", "tests.leftover_guard"]
MAKE: Final = ["make", "--old-file=environment", "test", f"BIN={Path(sys.executable).parent}"]


@pytest.mark.slow
@pytest.mark.parametrize(("processes", "stop"), [("-n0", killed), ("-n2", killed), ("-n2", to_the_group)])
def test_pytest_is_stopped(tmp_path: Path, processes: str, stop: Callable[[subprocess.Popen[str]], None]) -> None:
    nothing_is_left(tmp_path, lambda tiny: [*PYTEST, processes, tiny], stop)


@pytest.mark.slow
def test_make_is_stopped(tmp_path: Path) -> None:
    nothing_is_left(tmp_path, lambda tiny: [*MAKE, f"TESTS=-p tests.leftover_guard {tiny}"], terminated)


def nothing_is_left(folder: Path, command: Callable[[str], list[str]], stop: Callable[[subprocess.Popen[str]], None]) -> None:
    told, tiny = folder / "told.json", folder / "test_tiny.py"
    tiny.write_text(TINY.format(told=str(told)))
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    run = subprocess.Popen(command(str(tiny)), cwd=HOME, env=environment, process_group=0, stdout=subprocess.PIPE, text=True)
    assert until(lambda: told.exists() or run.poll() is not None)
    assert run.poll() is None, run.communicate()[0]
    processes = json.loads(told.read_text())
    assert all(map(alive, processes))
    stop(run)
    run.communicate(timeout=300)
    assert until(lambda: not any(map(alive, processes))), [pid for pid in processes if alive(pid)]
