"""make quality: accuracy by measure.py, over the shipped gold or any folder of sets, held against the floors.

    python -m tests.quality [--data FOLDER] [--json] [--only NAME]

Without --data the shipped gold alone is measured, so that anyone can repeat it. Exit code 1 where a figure that has a floor in
floors.toml lies below it.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def measured(folder: Path, only: str | None) -> dict[str, Any]:
    """The scores of every set in the folder, by its name."""
    command = [sys.executable, str(HERE / "measure.py"), str(folder), "--json", "--factwire", f"{sys.executable} -m pipeline"]
    p = subprocess.run(command + (["--only", only] if only else []), capture_output=True, text=True, check=False)
    if p.returncode:
        sys.exit(f"measure.py ended {p.returncode}: {p.stderr[-2000:]}")
    return dict(json.loads(p.stdout))


def flat(scores: Any, prefix: str = "") -> dict[str, float]:
    """Nested scores as dotted names, in percent where the scorer gives shares."""
    if isinstance(scores, dict):
        return {k: v for name, part in scores.items() for k, v in flat(part, f"{prefix}.{name}" if prefix else name).items()}
    if isinstance(scores, bool) or not isinstance(scores, int | float):
        return {}
    return {prefix: scores * 100 if isinstance(scores, float) and scores <= 1 else float(scores)}


def below(scores: dict[str, Any], floors: dict[str, dict[str, float]]) -> list[str]:
    """A line for each figure that has a floor and lies under it."""
    lines = []
    for name, wanted in floors.items():
        if name not in scores:
            continue
        got = flat(scores[name])
        lines += [
            f"{name}: {figure} is {got.get(figure, 0):.1f}, its floor is {floor}"
            for figure, floor in wanted.items()
            if got.get(figure, 0) < floor
        ]
    return lines


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", type=Path, default=HERE / "gold")
    ap.add_argument("--only", help="sets whose names contain this")
    ap.add_argument("--json", action="store_true")
    a = ap.parse_args()
    scores = measured(a.data, a.only)
    floors = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
    wrong = below(scores, floors)
    if a.json:
        print(json.dumps({"scores": scores, "below_floor": wrong}, indent=1))
    else:
        for name, part in scores.items():
            print(f"== {name}")
            for figure, value in flat(part).items():
                floor = floors.get(name, {}).get(figure)
                print(f"  {figure:60} {value:8.1f}" + (f"   (floor {floor})" if floor is not None else ""))
        print("\n".join(wrong) if wrong else "no figure lies below its floor")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
