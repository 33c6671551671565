"""One side of `tests.bench.poll_to_commit`: cycles of a watch, or of what came before it, one for each line on standard input.

    python -m tests.bench.cycles watch|run ADDRESS FOLDER

Says "ready" when it waits for the next line. `run` uses nothing that commit 01c1513 does not have: the packages are those on the path.
"""

import datetime as dt
import sys
import time
from pathlib import Path

from pipeline.options import Fetching, RunOptions

OFTEN = dt.timedelta(milliseconds=20)


def ready() -> bool:
    """Wait for the next line; whether there was one."""
    print("ready", flush=True)
    return bool(sys.stdin.readline())


def run_again_and_again(address: str, folder: Path) -> None:
    """Today's way to follow a feed without `watch`, at its cheapest: `run` in a loop, in one process, the worker kept."""
    from pipeline.run import run

    asking = Fetching(private=True, ask="now", feed_gap=0.0, page_gap=0.0)
    while ready():
        run(RunOptions(sources=(address,), output=folder / "ds", workers=1, fetching=asking))


def watch(address: str, folder: Path) -> None:
    """A watch that goes on when it is told to, rather than by the clock."""
    from pipeline.watch.local_watch import LocalWatch
    from pipeline.watch.service import Service
    from pipeline.watch.stopping import Stopping
    from pipeline.watch.watch_options import WatchOptions
    from pipeline.watch.watch_telling import Telling

    class Prompted(Stopping):
        @property
        def asked(self) -> bool:
            """The loop asks before each cycle."""
            return not ready()

        def wait(self, seconds: float) -> bool:
            """Nothing ends the short waiting for the feed to fall due."""
            time.sleep(max(0.0, seconds))
            return False

    fetching = Fetching(private=True, feed_gap=0.0, page_gap=0.0)
    options = RunOptions(sources=(address,), output=folder / "ds", workers=1, fetching=fetching)
    LocalWatch(WatchOptions(run=options, every=OFTEN), Prompted(), Service({}), Telling()).run()


if __name__ == "__main__":
    {"watch": watch, "run": run_again_and_again}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
