"""Mutants of small files through the readers: cut, flipped, doubled, blown up, with parts moved.

    python -m tests.mutants [--each N] [FILE ...]

Each file's mutants are read in a process of their own, whose memory is told; without FILEs those of `small/` that are no feeds and pages.
"""

import argparse
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.corpus import MOST_MEMORY, begun, tried

SMALL = Path(__file__).parent / "small"
FOLDERS = ("agency", "packed", "tables")
ROOT = Path(__file__).parent.parent


def files() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (SMALL / folder).iterdir())


def mutants(data: bytes, count: int, seed: str) -> Iterator[tuple[str, bytes]]:
    """So many mutants of a file, the same ones each time."""
    chance = random.Random(seed)
    ways = (_cut, _flipped, _flipped, _doubled, _blown_up, _moved, _left_out, _other_words)
    for number in range(count):
        made, way = bytearray(data), ways[number % len(ways)]
        for _ in range(chance.choice((1, 1, 1, 3))):
            way(made, chance)
        yield f"mutant {number} ({way.__name__[1:]})", bytes(made)


def _stretch(data: bytearray, chance: random.Random) -> slice:
    begin = chance.randrange(len(data) + 1)
    return slice(begin, min(len(data), begin + chance.choice((1, 4, 40, 400))))


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _flipped(data: bytearray, chance: random.Random) -> None:
    for _ in range(1 + len(data) // 1000):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)


def _doubled(data: bytearray, chance: random.Random) -> None:
    where = _stretch(data, chance)
    data[where.stop : where.stop] = data[where]


def _blown_up(data: bytearray, chance: random.Random) -> None:
    where = _stretch(data, chance)
    data[where.stop : where.stop] = bytes(data[where]) * chance.choice((10, 1000)) if len(data) < 1 << 20 else b""


def _moved(data: bytearray, chance: random.Random) -> None:
    where = _stretch(data, chance)
    piece = bytes(data[where])
    del data[where]
    at = chance.randrange(len(data) + 1)
    data[at:at] = piece


def _left_out(data: bytearray, chance: random.Random) -> None:
    del data[_stretch(data, chance)]


def _other_words(data: bytearray, chance: random.Random) -> None:
    """A number, name or text where another was: of the wrong type, too large, empty."""
    found = list(re.finditer(rb"\w+", data))
    if found:
        where = chance.choice(found)
        data[where.start() : where.end()] = chance.choice((b"", b"null", b"-1", b"9" * 30, b"[]", b"{}", b"NaN", b"\xff\xfe", b"a" * 5000))


def grown() -> int:
    """MB that this process had at most."""
    return int(Path("/proc/self/status").read_text("utf-8").partition("VmHWM:")[2].split()[0]) >> 10


def _one(path: Path, each: int) -> bool:
    """Read the mutants of one file here, and tell what it took; whether nothing went wrong."""
    found, data = begun(), path.read_bytes()
    tried([("whole", data)], found, file=path.name)
    before = grown()
    tried(mutants(data, each, path.name), found, file=path.name)
    more = grown() - before
    if more > MOST_MEMORY:
        found.wrong.append(f"reading took {more} MB")
    told = ", ".join(f"{reason} {count}" for reason, count in found.rejects.most_common(6))
    print(f"{path.name}: {found.inputs - 1:,} mutants, {found.articles:,} articles; rejects: {told}")
    print(
        f"  most for one: {found.seconds:.2f} s ({found.slowest}); memory: {more} MB more here, {found.memory} MB in the parser's process"
    )
    for line in found.wrong:
        print(f"  WRONG {line}")
    return not found.wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=1000)
    parser.add_argument("files", nargs="*", type=Path)
    given = parser.parse_args()
    if len(given.files) == 1:
        sys.exit(not _one(given.files[0], given.each))
    command = (sys.executable, "-m", "tests.mutants", "--each", str(given.each))
    codes = [subprocess.run([*command, str(path)], cwd=ROOT, check=False).returncode for path in given.files or files()]
    sys.exit(any(codes))


if __name__ == "__main__":
    main()
