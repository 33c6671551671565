"""Whole runs of the command line, killed or told to stop at random moments: Beam, the model and all.

`python -m tests.torture.whole` is the host: it loads the command line once, then forks a child for each run that it is asked for on
standard input, sends it a signal after so many seconds, and tells how it ended. Beam and the model are its workers' to load, as in any run.
"""

import functools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from pipeline.dataset import Dataset
from pipeline.dataset.views import connect
from schemas.tables import TABLES
from tests.torture.harness import complaints, scratch

ROOT: Final = Path(__file__).parent.parent.parent
_VARYING: Final = {"run_id": "", "fetched_at": None, "rejected_at": None}
_LONGEST: Final = 240  # seconds, for a run on a busy machine
_TO_STOP: Final = 120  # seconds, from the signal to the end of the run
_STOPPING: Final = (signal.SIGTERM, signal.SIGINT)
_SIGNALS: Final = (signal.SIGKILL, *_STOPPING)

_TEXTS: Final = (
    "Norvik Shipping said on Monday that it had cut 1,200 jobs. Chief executive Ann Lee called the step painful.",
    "The mayor of Norvik, Per Holm, denied on Friday that the bridge was closed. About 40 people protested.",
    'Profits rose 5% to $3bn last year, the bank said. "We are pleased," said its chairman, Tom Reed.',
    "Two ministers refused to resign. The president plans to visit Oslo in June.",
    "The union threatened to strike next week unless wages rise by 3 percent.",
)
_COPIED: Final = " ".join(_TEXTS)  # long enough for copies of it to be found


def write_sources(folder: Path) -> None:
    """Articles, an edited one, copies, and records that are none."""
    folder.mkdir()
    lines = [{"id": f"n{number}", "text": text, "published_at": "2024-05-06"} for number, text in enumerate(_TEXTS)]
    lines += [{"id": f"c{number}", "text": _COPIED, "published_at": f"2024-05-0{number}"} for number in (1, 2)]
    lines.append({"id": "n1", "text": _TEXTS[1].replace("40", "90"), "published_at": "2024-05-07"})
    (folder / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + "no json\n", "utf-8")
    (folder / "b.txt").write_text(f"A headline\n\n{_TEXTS[0]}", "utf-8")


def rows_of(root: Path) -> dict[str, Counter[str]]:
    """The rows of each table, without what differs between runs; of `clusters` those that count."""
    found = {
        table: Counter(
            repr(row | {column: value for column, value in _VARYING.items() if column in row})
            for path in root.glob(f"{table}/**/*.parquet")
            for row in pq.ParquetFile(path).read().to_pylist()
        )
        for table in TABLES
        if table != "clusters"
    }
    with connect(Dataset.open(root)) as connection:
        standing = connection.sql("SELECT article_id, version, cluster_id, is_canonical FROM articles").fetchall()
    return found | {"clusters": Counter(map(repr, standing))}


@dataclass(frozen=True)
class Whole:
    """What a whole run leaves where nothing happens, and how long it takes."""

    rows: dict[str, Counter[str]]
    seconds: float


@functools.cache
def _host() -> "subprocess.Popen[str]":
    """The host; it ends with this process, whose pipe it reads."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    argv = [sys.executable, "-m", "tests.torture.whole"]
    return subprocess.Popen(argv, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def run(sources: Path, out: Path, *, seconds: float = _LONGEST, number: int = signal.SIGKILL, workers: int = 1) -> int:
    """Run the sources into a dataset, and send it a signal after so many seconds; the exit code, negative for a signal."""
    argv = ["run", str(sources), "--output", str(out), "--workers", str(workers), "--max-bad", "1", "--quiet"]
    host = _host()
    if host.stdin is None or host.stdout is None:
        raise RuntimeError("the host has no pipes")
    host.stdin.write(json.dumps([argv, seconds, number]) + "\n")
    host.stdin.flush()
    return int(host.stdout.readline())


def undisturbed(sources: Path, base: Path | None = None) -> Whole:
    """What a run does when nothing happens. Raises RuntimeError where that is not as it should be."""
    with scratch(base) as root:
        run(sources, root.with_name("first"))  # waits for the host to be ready
        began = time.monotonic()
        code = run(sources, root)
        seconds = time.monotonic() - began
        rows = rows_of(root)
        if code or (wrong := complaints(root, rows, rows_of)):
            raise RuntimeError(f"the undisturbed run ended with {code}" + (f" and left: {wrong}" if not code else ""))
    return Whole(rows, seconds)


def at_random(sources: Path, peace: Whole, dice: random.Random, base: Path | None = None, *, workers: int = 1) -> list[str]:
    """Kill a run at a random moment, or tell it to stop, and judge how it ended and what the next one leaves."""
    with scratch(base) as root:
        number = dice.choice(_SIGNALS)
        ended = run(sources, root, seconds=dice.uniform(0, peace.seconds), number=number, workers=workers)
        found = _ending(ended, number, root, peace)
        if code := run(sources, root):
            return [*found, f"the next run ended with {code}"]
        return found + complaints(root, peace.rows, rows_of)


def _ending(code: int, number: int, root: Path, peace: Whole) -> list[str]:
    """What is wrong with how a run ended that was sent a signal. One that had ended before is whole."""
    if code == (-number if number == signal.SIGKILL else 128 + number):
        return []
    if code == 0 and rows_of(root) == peace.rows:
        return []
    return [f"{signal.Signals(number).name} ended the run with {code}"]


def _serve() -> None:
    """Fork a run for each line of standard input, and tell its exit code."""
    import pipeline.plan
    import pipeline.run

    pipeline.plan.SLICE = 5  # two commits a run
    for line in sys.stdin:
        argv, seconds, number = json.loads(line)
        # Until the child knows what to do with a signal, none is to reach it.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        child = os.fork()
        if child == 0:
            _child(argv)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        timers = [threading.Timer(seconds, os.kill, (child, number)), threading.Timer(seconds + _TO_STOP, os.kill, (child, signal.SIGKILL))]
        for timer in timers:
            timer.start()
        _, status = os.waitpid(child, 0)
        for timer in timers:
            timer.cancel()
            timer.join()
        print(os.waitstatus_to_exitcode(status), flush=True)


def _child(argv: list[str]) -> None:
    from pipeline import cli

    os.dup2(2, 1)  # what it prints is no answer to whoever asked for it
    code = 70
    try:
        for number in _STOPPING:
            signal.signal(number, cli._stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        code = cli.main(argv)
    except cli.Stopped as early:  # before the command line had begun
        code = 128 + early.signal
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()
