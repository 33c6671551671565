"""python -m tests.soak [--minutes N]: all that is soaked; or one thing: python -m tests.soak watch --engine local --minutes 30 --rate 1,
python -m tests.soak month --days 30."""

import argparse
import sys

from tests.soak import month, steady_watch

ENGINES = ("local", "prism")


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--minutes", type=float, default=30)
    verbs = ap.add_subparsers(dest="what")
    watch = verbs.add_parser("watch", help="a watch under a steady flow")
    watch.add_argument("--engine", choices=ENGINES, default="local")
    watch.add_argument("--minutes", type=float, default=30)
    watch.add_argument("--rate", type=float, default=1, help="items a second")
    watch.add_argument("--json", action="store_true")
    by_minute = verbs.add_parser("month", help="a dataset to which each minute adds, by a clock that is given")
    by_minute.add_argument("--days", type=int, default=month.DAYS)
    a = ap.parse_args()
    if a.what == "watch":
        return steady_watch.main(a.engine, a.minutes, a.rate, as_json=a.json)
    if a.what == "month":
        return month.main(a.days)
    month.main(month.DAYS)
    return max(steady_watch.main(engine, a.minutes, 1, as_json=False) for engine in ENGINES)


if __name__ == "__main__":
    sys.exit(main())
