"""Torture the dataset: `python -m tests.torture --each 20 --rounds 1000`."""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.torture import whole
from tests.torture.harness import AFTER_A_CRASH, at_damage, at_limit, at_point, at_random, undisturbed


def main() -> int:
    """Print a line a kind of kill and what each left wrong; exit code 1 if anything did."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--each", type=int, default=20, help="kills at each named point")
    parser.add_argument("--rounds", type=int, default=1000, help="rounds of kills at random moments")
    parser.add_argument(
        "--runs", type=int, default=40, help="whole runs of the command line that are killed or told to stop at random moments"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the random moments")
    parser.add_argument("--on", type=Path, help="folder on the disk to be tortured; the system's temporary one if not given")
    options = parser.parse_args()
    dice = random.Random(options.seed)
    peace = undisturbed(options.on)
    print(f"undisturbed: {sum(c.total() for c in peace.rows.values())} rows, {len(peace.reached)} points, {peace.seconds:.2f} s")
    wrong = 0
    for point in sorted(peace.reached.keys() | AFTER_A_CRASH.keys()):
        wrong += _repeat(point, options.each, lambda point=point: at_point(point, peace, dice, options.on))
    deaths: Counter[int] = Counter()
    wrong += _repeat("random moments", options.rounds, lambda: at_random(peace, dice, options.on, deaths))
    wrong += _repeat("damaged checkpoint and manifest", options.each, lambda: at_damage(peace, dice, options.on))
    wrong += _repeat("files that cannot grow", options.each, lambda: at_limit(peace, dice, options.on))
    print("commits when killed: " + ", ".join(f"{commits} in {rounds}" for commits, rounds in sorted(deaths.items())))
    wrong += _whole_runs(options.runs, dice)
    print("nothing lost, nothing doubled, every file readable" if not wrong else f"{wrong} rounds went wrong")
    return 1 if wrong else 0


def _whole_runs(times: int, dice: random.Random) -> int:
    if not times:
        return 0
    with tempfile.TemporaryDirectory(prefix="factwire-torture-") as folder:
        sources = Path(folder) / "in"
        whole.write_sources(sources)
        peace = whole.undisturbed(sources)
        return _repeat("whole runs", times, lambda: whole.at_random(sources, peace, dice, workers=dice.choice((1, 1, 1, 2))))


def _repeat(name: str, times: int, once: Callable[[], list[str]]) -> int:
    began, wrong = time.monotonic(), 0
    for number in range(times):
        if found := once():
            wrong += 1
            print(f"  {name}, round {number}: " + "; ".join(found), flush=True)
    print(f"{name}: {times} rounds, {wrong} wrong, {time.monotonic() - began:.0f} s", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
