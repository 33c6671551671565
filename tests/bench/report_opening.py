"""What it costs to open a report of 5,000 articles against one of 500, in processor time of Chromium.

    python -m tests.bench.report_opening [--articles FILE.jsonl] [--rounds N]

The articles are read for real, then told over again under other ids and days, so that both pages hold articles of one kind. Chromium opens the pages
in turns, each in a context of its own; what all its processes took until the overview stands is counted, but for Chromium's own start. The quickest
round counts.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pipeline.answers.named import Narrowed
from pipeline.dataset import Commit, Dataset, writing
from pipeline.dataset.rewrite import rows_by_table
from pipeline.dataset.views import connect
from pipeline.report.chosen import Wanted
from pipeline.report.page import report
from schemas.arrow import arrow_schema
from schemas.column import columns_of
from schemas.tables import FACT_TABLES, TABLES
from tests.bench.article_files import SEEDS
from tests.needs import lack
from transforms.flow.write import write_table

FEW: Final = 500
MANY: Final = 5_000
_DAYS: Final = 4_000  # over which the articles are spread
_SAME: Final = ("run_id", "external_id")  # ids of nothing that is told over again


def told_again(source: Path, root: Path, articles: int) -> None:
    """Make a dataset of at least so many articles out of one: each under new ids, on another day."""
    with connect(Dataset.open(source)) as connection, writing(Dataset.create(root)) as writer:
        ((there,),) = connection.execute("SELECT count(*) FROM articles").fetchall()
        folder, staged = writer.staging("again", "0000"), []
        for table in ("articles", *FACT_TABLES, "clusters"):
            record: Any = TABLES[table]
            columns = ", ".join(f'{expression} AS "{name}"' for name, expression in _told(record))
            rows = connection.sql(f"SELECT {columns} FROM {table} t, range({-(-articles // there)}) AS r(k)").to_arrow_table()
            staged.append(write_table(table, rows.cast(arrow_schema(record)), folder, "0000"))
        writer.commit(Commit(run="again", slice="0000", staged=staged, rows=rows_by_table(staged)))


def _told(record: Any) -> Iterator[tuple[str, str]]:
    """Each column with the SQL of its value in telling k."""
    for name in (column.name for column in columns_of(record)):
        if name.endswith("_id") and name not in _SAME:
            yield name, f"md5(t.{name} || k)"
        elif name.endswith("_ids"):
            yield name, f"list_transform(t.{name}, lambda each: md5(each || k))"
        elif name == "arguments":
            packed = 'role := a.role, "text" := a."text", "start" := a."start", "end" := a."end", actor_id := md5(a.actor_id || k)'
            yield name, f"list_transform(t.arguments, lambda a: struct_pack({packed}))"
        elif name in ("published_at", "published_local_date"):
            yield name, f"t.{name} - to_days(CAST(hash(t.article_id, k) % {_DAYS} AS INTEGER))"
        else:
            yield name, f't."{name}"'


def opened(files: list[Path], rounds: int) -> dict[Path, float]:
    """Seconds of processor time that each page took to open, in its quickest round."""
    from tests.browsing import chromium

    with chromium() as browser:
        session = browser.new_browser_cdp_session()

        def spent() -> dict[int, float]:
            return {each["id"]: each["cpuTime"] for each in session.send("SystemInfo.getProcessInfo")["processInfo"]}

        def once(file: Path) -> float:
            with browser.new_context() as context:
                page = context.new_page()
                page.wait_for_timeout(500)  # what a new window costs is no page's
                before = spent()
                page.goto(file.as_uri())
                page.wait_for_selector("main h1")
                after = spent()
                return sum(seconds - before.get(process, 0) for process, seconds in after.items())

        found = [{file: once(file) for file in files} for _ in range(rounds)]
    return {file: min(each[file] for each in found) for file in files}


def compared(source: Path, rounds: int, folder: Path) -> str:
    """What was measured, in a sentence."""
    run = [sys.executable, "-m", "pipeline", "run", str(source), "--output", str(folder / "read"), "--quiet"]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    told_again(folder / "read", folder / "again", MANY)
    pages = {count: folder / f"{count}.html" for count in (FEW, MANY)}
    for count, file in pages.items():
        report(folder / "again", file, Wanted(Narrowed(limit=count)))
    took = opened(list(pages.values()), rounds)
    few, many = (took[pages[count]] for count in (FEW, MANY))
    sizes = " and ".join(f"{file.stat().st_size / 1e6:.1f} MB" for file in pages.values())
    return f"a report of {MANY:,} articles opens in {many / few:.2f} times the processor time of one of {FEW} ({few:.2f} s here; {sizes})"


def main(argv: list[str] | None = None) -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--articles", type=Path, default=SEEDS)
    ap.add_argument("--rounds", type=int, default=8)
    a = ap.parse_args(argv)
    if lacking := lack("chromium"):
        print(f"what a report costs to open is not measured: {lacking}")
        return
    with tempfile.TemporaryDirectory() as tmp:
        print(compared(a.articles, a.rounds, Path(tmp)))


if __name__ == "__main__":
    main()
