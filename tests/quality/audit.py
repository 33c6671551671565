#!/usr/bin/env python3
"""audit.py TABLE --seed N --news BBC.jsonl: 50 random rows of a table, to be judged right or wrong by a reader.

Prints each row with its sentence. Verdicts are kept in audit/<table>.jsonl, one line a row: article, start, end, rule,
right (true or false), reason. The texts of the larger set are not ours to ship, so a verdict names offsets, not words.
"""

import argparse
import importlib
import json
import random
import sys
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
quick = importlib.import_module("quick")

from transforms.extract import rows_of  # noqa: E402


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("table")
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--news", type=Path, required=True)
    ap.add_argument("--size", type=int, default=50)
    ap.add_argument("--articles", type=int, default=400, help="articles drawn from the larger set, so that a draw takes a minute")
    a = ap.parse_args()
    rows = []
    for path in (HERE.parent.parent / "seeds" / "wikinews.jsonl", a.news):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        if len(lines) > a.articles:
            lines = random.Random(0).sample(lines, a.articles)
        docs = quick.docs_of(path, [d | {"published": d.get("published_at") or d.get("published")} for d in lines], refresh=False)
        for one in docs:
            got = rows_of(one)
            names = {r.actor_id: r.canonical_name for r in got.actors}
            rows += [(one.article.guid, one.text, r, names) for r in getattr(got, a.table)]
    drawn = random.Random(a.seed).sample(sorted(rows, key=lambda r: (r[0], r[2].start, r[2].end, r[2].rule)), a.size)
    for n, (guid, text, row, names) in enumerate(drawn):
        around = text[max(0, row.start - 250) : row.start] + "[[" + text[row.start : row.end] + "]]" + text[row.end : row.end + 150]
        columns = {
            k: v for k, v in asdict(row).items() if v not in (None, "", (), []) and k not in ("row_id", "article_id", "run_id", "outlet")
        }
        print(f"--- {n} {guid} {row.start}:{row.end}\n{around}\n{json.dumps(columns, default=str, ensure_ascii=False)}")
        print("actors:", {k: names[v] for k, v in columns.items() if k.endswith("actor_id") and v in names})


if __name__ == "__main__":
    main()
