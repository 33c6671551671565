"""What it costs to read tables, beside our own JSON lines with the same articles: processor time as ratios, and memory.

    python -m tests.bench.table_reading [--rows N] [--rounds N] [FORMAT ...]

Each file is read whole, without the model, by a process of its own; the best of the rounds counts. Memory is told for a tenth of the
rows and for all of them, each as what the process had at most beyond what it had before it read: it must not grow with the file.
"""

import argparse
import csv
import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.article import Article
from tests.bench.article_files import SEEDS
from transforms.read import Defaults, Source, records_in

FORMATS = ("jsonl", "csv", "parquet", "arrow", "json")
COLUMNS = ("id", "title", "url", "outlet", "published_at", "text")
GROUP = 10_000  # rows of a row group, as other writers have tens of thousands


def rows(count: int) -> Iterator[dict[str, str]]:
    """So many articles, each another one: the seeds over and over, with a number."""
    seeds = [json.loads(line) for line in SEEDS.read_text("utf-8").splitlines()]
    for number, seed in enumerate(islice(cycle(seeds), count)):
        row = {name: seed.get(name) or "" for name in COLUMNS}
        yield row | {"id": f"n{number}", "url": f"https://post.example/{number}", "text": f"{row['text']}\n\nNumber {number}."}


def write(path: Path, count: int) -> None:
    """Write the articles in the format that the name tells."""
    kind = path.suffix[1:]
    if kind in ("parquet", "arrow"):
        schema = pa.schema([(name, pa.string()) for name in COLUMNS])
        made = rows(count)
        opened = pq.ParquetWriter(path, schema) if kind == "parquet" else pa.ipc.new_file(str(path), schema)
        with opened as writer:
            while group := list(islice(made, GROUP)):
                writer.write_table(pa.Table.from_pylist(group, schema))
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        if kind == "csv":
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            table.writerows(rows(count))
        elif kind == "jsonl":
            file.writelines(json.dumps(row) + "\n" for row in rows(count))
        else:
            file.write("[\n" + ",\n".join(json.dumps(row) for row in rows(count)) + "\n]\n")


def read(path: Path) -> dict[str, float]:
    """What it takes to read a file: seconds of the processor, MB, articles."""
    before, began = _peak(), time.process_time()
    records = records_in(Source(str(path), str(path.parent)), defaults=Defaults(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
    articles = sum(isinstance(record.item, Article) for record in records)
    return {"seconds": time.process_time() - began, "mb": _peak() - before, "articles": articles}


def _peak() -> float:
    return int(Path("/proc/self/status").read_text("utf-8").partition("VmHWM:")[2].split()[0]) / 1024


def apart(path: Path) -> dict[str, float]:
    """The same in a fresh process."""
    p = subprocess.run([sys.executable, "-m", "tests.bench.table_reading", "--read", str(path)], capture_output=True, text=True, check=True)
    return dict(json.loads(p.stdout))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--rows", type=int, default=100_000)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    ap.add_argument("formats", nargs="*", default=FORMATS)
    given = ap.parse_args()
    if given.read:
        print(json.dumps(read(given.read)))
        return
    with tempfile.TemporaryDirectory() as folder:
        sizes = {name: (Path(folder) / f"some.{name}", Path(folder) / f"all.{name}") for name in dict.fromkeys(("jsonl", *given.formats))}
        for some, every in sizes.values():
            write(some, given.rows // 10)
            write(every, given.rows)
        taken = [{name: apart(every) for name, (_, every) in sizes.items()} for _ in range(given.rounds)]
        base = min(each["jsonl"]["seconds"] for each in taken)
        for name, (some, every) in sizes.items():
            best = min(each[name]["seconds"] for each in taken)
            small, large = apart(some), taken[0][name]
            if large["articles"] != given.rows:
                sys.exit(f"{name}: {large['articles']:,} of {given.rows:,} rows were read")
            size = every.stat().st_size >> 20
            print(
                f"{name}: {given.rows:,} rows, {size} MB in {best:.1f} s, {best / base:.2f} of jsonl; "
                f"{small['mb']:.0f} MB for a tenth, {large['mb']:.0f} MB for all"
            )


if __name__ == "__main__":
    main()
