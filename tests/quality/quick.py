#!/usr/bin/env python3
"""quick.py SET [--errors N] [--refresh]: the scores of one set in seconds, for work on a rule.

`measure.py` runs the whole pipeline and is what counts; this runs the same extractors and `link` in one process over Docs
that are kept in .cache/ between calls, then the same adapters and scorers. SET is a .jsonl or newsquant .json file.
"""

import argparse
import datetime as dt
import hashlib
import importlib
import json
import pickle
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
measure = importlib.import_module("measure")

from schemas.article import Article  # noqa: E402
from schemas.ids import text_sha256  # noqa: E402
from transforms.annotate import Annotated  # noqa: E402
from transforms.annotate.model import annotated  # noqa: E402
from transforms.extract import rows_of  # noqa: E402

CACHE = HERE.parent.parent / ".cache" / "docs"


def article(i: str, text: str, published: str | None) -> Article:
    day = dt.date.fromisoformat(published[:10]) if published else None
    return Article(
        article_id=hashlib.sha256(i.encode()).hexdigest()[:32],
        guid=i,
        source_uri="set",
        input_format="jsonl",
        fetched_at=dt.datetime.now(dt.UTC),
        text=text,
        text_sha256=text_sha256(text),
        language="en",
        published_at=dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) if day else None,
        published_local_date=day,
        published_origin="metadata" if day else "none",
    )


def docs_of(path: Path, gold: list[dict[str, Any]], refresh: bool) -> list[Annotated]:
    key = CACHE / f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}.pickle"
    if key.exists() and not refresh:
        return list(pickle.loads(key.read_bytes()))
    made = list(annotated([article(str(d.get("id", k)), d["text"], d.get("published") or d.get("reference")) for k, d in enumerate(gold)]))
    key.parent.mkdir(parents=True, exist_ok=True)
    key.write_bytes(pickle.dumps(made))
    return made


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("set", type=Path)
    ap.add_argument("--errors", type=int, default=0, help="show so many errors, where the scorer can")
    ap.add_argument("--refresh", action="store_true", help="annotate again")
    ap.add_argument("--out", type=Path, help="keep the predictions here")
    a = ap.parse_args()
    raw = a.set.read_text("utf-8")
    gold = json.loads(raw) if a.set.suffix == ".json" else [json.loads(line) for line in raw.splitlines() if line.strip()]
    kind = next((k for k in measure.KINDS if k[0](a.set.stem)), None)
    if kind is None:
        ap.error(f"{a.set}: no scorer is known for a set of this name; for events there is tests.quality.meantime_events")
    _, scorer, adapt, extra = kind
    out = a.out or Path(tempfile.mkstemp(suffix=".jsonl")[1])
    with out.open("w", encoding="utf-8") as f:
        for one in docs_of(a.set, gold, a.refresh):
            rows = rows_of(one)
            tables = {t: [asdict(r) for r in getattr(rows, t)] for t in measure.TABLES}
            found = adapt(tables)
            row = found if scorer == "gold" else {"quantities" if scorer == "newsquant" else "spans": found}
            f.write(json.dumps({"id": one.article.guid} | row, ensure_ascii=False) + "\n")
    script = HERE / ("gold/score_gold.py" if scorer == "gold" else f"scorers/score_{scorer}.py")
    errors = ["--errors", str(a.errors)] if a.errors and scorer not in ("gold", "newsquant") else []
    subprocess.run([sys.executable, str(script), str(a.set), str(out), *extra, *errors], check=True)


if __name__ == "__main__":
    main()
