#!/usr/bin/env python3
"""audit.py TABLE --seed N (--news BBC.jsonl | --pages FOLDER): 50 random rows of a table, to be judged right or wrong by a reader.

Prints each row with its sentence. Verdicts are kept in audit/<table>.jsonl, those on pages in audit/<table>-pages.jsonl, one line a
row: article or page, start, end, rule, right (true or false), reason. The texts of these sets are not ours to ship, so a verdict names
offsets, not words.
"""

import argparse
import importlib
import json
import pickle
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
quick = importlib.import_module("quick")

from tests.reading import CORPUS_FETCHED, articles, read  # noqa: E402
from transforms.annotate import Annotated  # noqa: E402
from transforms.annotate.language import ENGLISH, recognised  # noqa: E402
from transforms.annotate.model import annotated  # noqa: E402
from transforms.extract import rows_of  # noqa: E402

_BESIDE_THE_POINT = (
    "row_id",
    "article_id",
    "run_id",
    "outlet",
    "version",
    "published_at",
    "section",
    "paragraph",
    "sentence",
    "text",
    "predicate_start",
    "predicate_end",
)
_SEEDS = HERE.parent.parent / "seeds" / "wikinews.jsonl"


def in_news(news: Path, most: int) -> Iterator[tuple[str, Annotated]]:
    """The sample articles and at most `most` of a larger set, each with its name."""
    for path in (_SEEDS, news):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        if len(lines) > most:
            lines = random.Random(0).sample(lines, most)
        docs = quick.docs_of(path, [d | {"published": d.get("published_at") or d.get("published")} for d in lines], refresh=False)
        yield from ((one.article.guid, one) for one in docs)


def on_pages(folder: Path) -> list[tuple[str, Annotated]]:
    """The articles of a folder of packed pages that are in English, each with its file's name; kept in .cache/ as those of sets are."""
    kept = quick.CACHE / "pages.pickle"
    if not kept.exists():
        names = {str(path): path.name.removesuffix(".html.gz") for path in sorted(folder.rglob("*.html.gz"))}
        found = [recognised(article) for path in names for article in articles(read(Path(path), fetched_at=CORPUS_FETCHED))]
        made = [(names[one.article.source_uri], one) for one in annotated([a for a in found if a.language == ENGLISH])]
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(made))
    pages: list[tuple[str, Annotated]] = pickle.loads(kept.read_bytes())
    return pages


def shown(n: int, name: str, text: str, row: Any, names: dict[str, str]) -> None:
    around = text[max(0, row.start - 250) : row.start] + "[[" + text[row.start : row.end] + "]]" + text[row.end : row.end + 150]
    columns = {k: v for k, v in asdict(row).items() if v not in (None, "", (), []) and k not in _BESIDE_THE_POINT}
    print(
        f"--- {n} {name} ({row.published_at and row.published_at.date()}) {row.start}:{row.end}\n{around}\n{json.dumps(columns, default=str, ensure_ascii=False)}"
    )
    print("actors:", {k: names[v] for k, v in columns.items() if k.endswith("actor_id") and v in names})


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("table")
    ap.add_argument("--seed", type=int, required=True)
    where = ap.add_mutually_exclusive_group(required=True)
    where.add_argument("--news", type=Path)
    where.add_argument("--pages", type=Path)
    ap.add_argument("--size", type=int, default=50)
    ap.add_argument("--articles", type=int, default=400, help="articles drawn from the larger set, so that a draw takes a minute")
    a = ap.parse_args()
    rows = []
    for name, one in in_news(a.news, a.articles) if a.news else on_pages(a.pages):
        got = rows_of(one)
        names = {r.actor_id: r.canonical_name for r in got.actors}
        rows += [(name, one.text, r, names) for r in getattr(got, a.table)]
    drawn = random.Random(a.seed).sample(sorted(rows, key=lambda r: (r[0], r[2].start, r[2].end, r[2].rule)), a.size)
    for n, (name, text, row, actors) in enumerate(drawn):
        shown(n, name, text, row, actors)


if __name__ == "__main__":
    main()
