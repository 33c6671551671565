"""What following a feed costs: processor time of all processes from a poll to the commit of one new article, and of a poll with nothing new.

    python -m tests.bench.poll_to_commit [--rounds N] [--before COMMIT] [--python PATH]

A watch of this tree and `run` in a loop of an older commit (from a git worktree of its own) stand side by side, each with a feed of its own
that has one more article each time it is asked; they take turns. The older commit runs with the Python given: its packages may be others.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.loopback import Loopback
from tests.processes import processor_time
from tests.scripted_feeds import Site, scrolling

ROOT: Final = Path(__file__).parents[2]
BEFORE: Final = "01c1513"
WARM: Final = 4  # cycles that are not counted: the model is loaded, files are read for the first time


class Side:
    """One of those that are compared: a process, and the feed that it follows."""

    def __init__(self, kind: str, tree: Path, articles: int, folder: Path, python: str) -> None:
        folder.mkdir()
        self._err = folder / "err.txt"
        server = Loopback()
        self.site = Site(server, {"/f": scrolling(articles, shown=30)})
        argv = [python, str(ROOT / "tests" / "bench" / "cycles.py"), kind, *self.site.addresses, str(folder)]
        environment = os.environ | {"PYTHONPATH": str(tree)}
        with self._err.open("wb") as err:
            self.process = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, text=True, env=environment, cwd=tree
            )
        self._wait()

    def cycle(self) -> float:
        """One cycle; the processor time that it took, in seconds."""
        before = processor_time(self.process.pid)
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self._wait()
        return processor_time(self.process.pid) - before

    def _wait(self) -> None:
        assert self.process.stdout is not None
        while (line := self.process.stdout.readline()) != "ready\n":
            if not line:
                said = self._err.read_text("utf-8", "replace").strip().rpartition("\n")[2]
                raise RuntimeError(f"it ended with {self.process.wait()}: {said}")

    def end(self) -> None:
        """Let it end, and wait for that."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds of processor time a cycle: with one new article, and with none."""

    article: float
    article_before: float
    nothing: float

    def __str__(self) -> str:
        return (
            f"from poll to commit of one new article: {self.article / self.article_before:.2f} times the processor time of run in a loop at "
            f"{BEFORE} ({self.article:.3f} s against {self.article_before:.3f} s here); a poll with nothing new takes "
            f"{self.nothing / self.article:.3f} of that ({1000 * self.nothing:.1f} ms)"
        )


@contextlib.contextmanager
def tree_of(commit: str, folder: Path) -> Iterator[Path]:
    """The files of an older commit. Raises subprocess.CalledProcessError where git does not have it."""
    tree = folder / "before"
    subprocess.run(["git", "-C", str(ROOT), "worktree", "add", "--quiet", "--detach", str(tree), commit], check=True)
    try:
        yield tree
    finally:
        subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(tree)], check=False)


def compared(rounds: int, before: str = BEFORE, python: str = sys.executable) -> Compared:
    """Let both take turns; the mean of each, since a commit now and then sums up those before it."""
    with tempfile.TemporaryDirectory(prefix="factwire-bench-") as tmp, tree_of(before, Path(tmp)) as old:
        new = Side("watch", ROOT, WARM + rounds, Path(tmp) / "watch", sys.executable)
        past = Side("run", old, WARM + rounds, Path(tmp) / "run", python)
        try:
            for side in (new, past):
                for _ in range(WARM):
                    side.cycle()
            taken = [(new.cycle(), past.cycle()) for _ in range(rounds)]
            assert new.site.told_all and past.site.told_all
            nothing = sum(new.cycle() for _ in range(10 * rounds)) / (10 * rounds)
        finally:
            for side in (new, past):
                side.end()
    ours, theirs = (sum(each) / rounds for each in zip(*taken, strict=True))
    return Compared(ours, theirs, nothing)


def main(arguments: Sequence[str] | None = None) -> None:
    """Tell how they compare; where git does not have the older commit, that."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--rounds", type=int, default=20)
    ap.add_argument("--before", default=BEFORE)
    ap.add_argument("--python", default=sys.executable)
    a = ap.parse_args(arguments)
    if subprocess.run(["git", "-C", str(ROOT), "cat-file", "-e", f"{a.before}^{{commit}}"], capture_output=True, check=False).returncode:
        print(f"a watch is not compared with {a.before}: git does not have it here")
        return
    try:
        print(compared(a.rounds, a.before, a.python), flush=True)
    except RuntimeError as error:
        print(f"a watch is not compared with {a.before}: {error}; name a Python that has its packages with --python")


if __name__ == "__main__":
    main()
