"""make corpus: every feed of the corpus through the reader, whole, cut at 20 points, and with bytes flipped.

    python -m tests.corpus [--corpus FOLDER] [--cuts N] [--flips N] [--share PERCENT]

Prints how many inputs were read, the most processor time and memory that one took, and what went wrong, if anything did.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from schemas.article import Article
from tests.reading import FETCHED
from transforms.read import Defaults, Source, apart, records_in

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "feeds"
MOST_SECONDS = 2.0  # of processor time for one input
MOST_MEMORY = 256  # MB of the parser's process
SEED = 20261124
_NO_FEEDS = ("LICENSE", "SOURCE.md")
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Found:
    """What reading the inputs showed."""

    inputs: int = 0
    articles: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0  # the most that one input took
    slowest: str = ""
    memory: int = 0  # MB, the most that the parser's process had
    wrong: list[str] = field(default_factory=list)


def feeds(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.rglob("*") if path.is_file() and path.name not in _NO_FEEDS)


def variants(path: Path, cuts: int, flips: int) -> Iterator[tuple[str, bytes]]:
    """The file whole, cut at points spread over it, and with a few bytes of it changed; the same ones each time."""
    data = path.read_bytes()
    chance = random.Random(f"{SEED} {path.name}")
    yield "whole", data
    for number in range(1, cuts + 1):
        at = len(data) * number // (cuts + 1)
        yield f"cut at {at}", data[:at]
    for number in range(flips):
        changed = bytearray(data)
        for _ in range(1 + len(data) // 2000):
            if changed:
                changed[chance.randrange(len(changed))] = chance.randrange(256)
        yield f"flipped {number}", bytes(changed)


def begun() -> Found:
    """Nothing found yet, and no parser that keeps what it took for others."""
    for child in apart._children:
        apart._stop(child)
    return Found()


def tried(inputs: Iterator[tuple[str, bytes]] | list[tuple[str, bytes]], found: Found, *, file: str = "feed.xml") -> None:
    """Read each input as a file of that name and note what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file
        for name, data in inputs:
            path.write_bytes(data)
            began = _spent()
            try:
                records = list(records_in(Source(str(path), folder), defaults=Defaults(FETCHED)))
            except Exception as error:  # this is what is looked for
                found.wrong.append(f"{name}: {type(error).__name__}: {error}")
                continue
            seconds = _spent() - began
            found.inputs += 1
            found.memory = max(found.memory, _peak())
            if seconds > found.seconds:
                found.seconds, found.slowest = seconds, name
            if seconds > MOST_SECONDS:
                found.wrong.append(f"{name}: took {seconds:.1f} s")
            for record in records:
                if isinstance(record.item, Article):
                    found.articles += 1
                else:
                    found.rejects[record.item.reason] += 1
                    if record.item.reason in ("timeout", "failed", "unsafe"):
                        found.wrong += [f"{name}: {record.item.message}"] if record.item.reason != "unsafe" else []
    if found.memory > MOST_MEMORY:
        found.wrong.append(f"the parser's process had {found.memory} MB")


def _spent() -> float:
    """Processor seconds of this process and of its parser's."""
    return time.process_time() + sum(_ticks(child.pid) for child in apart._children if child.poll() is None) / _TICK


def _ticks(process: int) -> int:
    numbers = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return int(numbers[11]) + int(numbers[12])


def _peak() -> int:
    """MB that the parser's process had at most."""
    lines = [Path(f"/proc/{child.pid}/status").read_text("utf-8") for child in apart._children if child.poll() is None]
    return max((int(text.partition("VmHWM:")[2].split()[0]) >> 10 for text in lines), default=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--flips", type=int, default=3)
    parser.add_argument("--share", type=int, default=100, help="per cent of the files")
    given = parser.parse_args()
    files = feeds(given.corpus)
    chosen = random.Random(SEED).sample(files, max(1, len(files) * given.share // 100))
    found = Found()
    begin = time.process_time()
    for path in chosen:
        tried(((f"{path.relative_to(given.corpus)} {how}", data) for how, data in variants(path, given.cuts, given.flips)), found)
    print(f"{found.inputs:,} inputs of {len(chosen):,} files: {found.articles:,} articles; rejects: {dict(found.rejects.most_common())}")
    print(
        f"most processor time for one: {found.seconds:.2f} s ({found.slowest}); memory: {found.memory} MB; {time.process_time() - begin:.0f} s here"
    )
    for line in found.wrong:
        print(f"WRONG {line}")
    sys.exit(bool(found.wrong))


if __name__ == "__main__":
    main()
