"""A real Dask cluster on loopback: a scheduler and workers, processes that end with the tests, whatever ends those."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline import with_parent
from tests import engines

_LOOPBACK = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--no-dashboard")
_HIDE = 'mount -t tmpfs tmpfs "$0" && exec "$@"'


class DaskCluster:
    """A scheduler, and what was started for it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        """`environment` is that of the scheduler."""
        self._folder, self._open = folder, ExitStack()
        self.started: list[subprocess.Popen[bytes]] = []  # workers, or their nannies
        folder.mkdir(exist_ok=True)
        file = folder / "scheduler.json"
        self.scheduler = self._started("scheduler", ("--port", "0", "--scheduler-file", str(file), *_LOOPBACK), environment)
        engines.wait_for(lambda: file.exists() and file.read_text("utf-8").endswith("}"))
        self.address: str = json.loads(file.read_text("utf-8"))["address"]

    def __enter__(self) -> "DaskCluster":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def worker(self, *options: str, environment: Mapping[str, str] | None = None, hiding: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a worker of one thread, with a nanny unless an option says otherwise, and wait until the scheduler has it.

        `hiding` is a folder in which it sees nothing, as one of another machine.
        """
        before = len(self.workers())
        ours = (self.address, "--nthreads", "1", *_LOOPBACK, "--local-directory", str(self._folder / "scratch"))
        process = self._started("worker", (*ours, *options), environment or {}, hiding)
        engines.wait_for(lambda: len(self.workers()) > before)
        self.started.append(process)
        return process

    def workers(self) -> set[str]:
        """The addresses of the workers that the scheduler has."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            return set(client.scheduler_info(n_workers=-1)["workers"])

    def on_workers(self, function: Any, *arguments: Any) -> Any:
        """What each worker makes of a function of Python's own, by its address."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            return client.run(function, *arguments)

    def tasks(self) -> int:
        """How many tasks the scheduler knows."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            found: int = client.run_on_scheduler(_tasks)
            return found

    def _started(
        self, what: str, options: tuple[str, ...], environment: Mapping[str, str], hiding: Path | None = None
    ) -> subprocess.Popen[bytes]:
        path = environment.get("PYTHONPATH", str(engines.ROOT))
        apart = ("/usr/bin/env", f"PYTHONPATH={path}") + (("unshare", "-m", "sh", "-c", _HIDE, str(hiding)) if hiding else ())
        log = self._open.enter_context((self._folder / f"{what}.log").open("ab"))
        process = with_parent.started(
            (*apart, sys.executable, "-m", f"distributed.cli.dask_{what}", *options),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | environment | {"PYTHONPATH": str(engines.ROOT)},
            cwd=self._folder,  # what Python is started in stands before PYTHONPATH
        )
        self._open.callback(_end, process)
        return process


def _tasks(dask_scheduler: Any) -> int:
    return len(dask_scheduler.tasks)


def _end(process: subprocess.Popen[bytes]) -> None:
    children = engines.offspring(process.pid)
    process.kill()
    process.wait()
    for child in children:
        if engines.alive(child):
            os.kill(child, signal.SIGKILL)
