"""`Extract` in pipelines of others: the page's ten lines on three engines, from a wheel; the rows of a run; and what becomes of the rest."""

import dataclasses
import datetime as dt
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow.parquet as pq
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.test_stream import TestStream
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms import trigger, window
from apache_beam.transforms.window import TimestampedValue
from apache_beam.typehints.decorators import TypeCheckError

from pipeline import Extract, read_record
from pipeline.beam_api import MADE, received_of
from pipeline.dataset import Dataset
from pipeline.dataset.views import connect
from schemas.arrow import arrow_schema, to_table
from schemas.article import Article
from schemas.reject import Reject
from schemas.tables import FACT_TABLES, TABLES
from tests import engines
from tests.conftest import article_of, rows_in
from tests.needs import needs
from transforms.words.own_lexicons import LexiconError

PAGE = engines.ROOT / "docs" / "in-your-pipeline.md"
LOCAL = "--runner=FnApiRunner"
DASK = "--runner=apache_beam.runners.dask.dask_runner.DaskRunner"
NOT_SHIPPED = shutil.ignore_patterns(".*", "build", "dist", "demo", "*.egg-info", "__pycache__", "tests", "findings")
TEXT = 'The mill in Oslo cut 1,200 jobs on Friday. "We are sorry," said its chairman, Tom Reed.'
DAY = dt.date(2025, 5, 5)


def blocks() -> tuple[str, list[str]]:
    """The page's program, and the lines that it prints."""
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (printed,) = re.findall(r"```\n(1200 .*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return program, printed.splitlines()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds, and the page's program beside it."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(engines.ROOT, folder / "shipped", ignore=NOT_SHIPPED)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, folder / "shipped"], check=True)
    (wheel,) = folder.glob("factwire-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-compile", "--target", folder / "site", wheel], check=True)
    shutil.rmtree(folder / "shipped")
    assert not (folder / "site" / "tests").exists()
    (folder / "news.py").write_text(blocks()[0], "utf-8")
    return folder


def printed_by(installed: Path, *options: str) -> list[str]:
    """What the page's program prints with these options, the checkout being out of its sight."""
    environment = os.environ | {"PYTHONPATH": str(installed / "site")}
    where = "import pipeline; print(pipeline.__file__)"
    common: dict[str, Any] = {"cwd": installed, "env": environment, "capture_output": True, "text": True}
    found = subprocess.run([sys.executable, "-c", where], **common, check=True).stdout
    assert Path(found).is_relative_to(installed)
    done = subprocess.run([sys.executable, "news.py", *options], **common, timeout=engines.PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return sorted(done.stdout.splitlines())


def test_ten_lines_of_the_page_on_the_local_runner(installed: Path) -> None:
    program, printed = blocks()
    assert len([line for line in program.splitlines() if line]) <= 12
    assert printed_by(installed, LOCAL) == sorted(printed)


@pytest.mark.engine
@needs("prism", "proc")
def test_ten_lines_of_the_page_on_prism(installed: Path) -> None:
    from pipeline.engines.prism import PrismProcess

    prism = PrismProcess(engines.prism())
    try:
        there = ("--runner=PortableRunner", f"--job_endpoint={prism.endpoint}", "--environment_type=LOOPBACK")
        assert printed_by(installed, *there) == sorted(blocks()[1])
    finally:
        prism.end()


@pytest.mark.engine
@needs("proc")
def test_ten_lines_of_the_page_on_dask(installed: Path, tmp_path: Path) -> None:
    """There a worker prints."""
    pytest.importorskip("distributed", reason="needs Dask: install factwire[dask]")
    from tests.dask_cluster import DaskCluster

    with DaskCluster(tmp_path / "cluster") as cluster:
        for _ in range(2):
            cluster.worker(environment={"PYTHONPATH": str(installed / "site")})
        assert printed_by(installed, DASK, f"--dask_client_address={cluster.address}") == []
        lines = (tmp_path / "cluster" / "worker.log").read_text("utf-8").splitlines()
        assert sorted(set(blocks()[1]) & set(lines)) == sorted(blocks()[1])
        assert all(lines.count(line) == 1 for line in blocks()[1])


# --- its rows and rejects, in this process


def tables_of(items: list[Any], tmp_path: Path, **options: Any) -> dict[str, list[Any]]:
    """The rows of each table, in text order."""
    found: dict[str, list[Any]] = {}
    with beam.Pipeline(runner=FnApiRunner()) as p:
        tables = p | beam.Create(items) | Extract(**options)
        assert tuple(tables) == MADE
        for table, rows in tables.items():
            assert rows.element_type is TABLES[table]
            rows | f"Keep {table}" >> beam.combiners.ToList() | f"Write {table}" >> beam.Map(_put, tmp_path / f"{table}.pickle")
    for table in MADE:
        found[table] = sorted(pickle.loads((tmp_path / f"{table}.pickle").read_bytes()), key=lambda row: getattr(row, "start", 0))
    return found


def _put(rows: list[Any], path: Path) -> None:
    path.write_bytes(pickle.dumps(rows))


def test_rows_are_those_of_a_run(tmp_path: Path) -> None:
    """Of the same lines, but for the version that a dataset counts and the run."""
    lines = (engines.ROOT / "seeds" / "wikinews.jsonl").read_text("utf-8").splitlines()[:3]
    (tmp_path / "news.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert engines.run(tmp_path / "news.jsonl", "-o", tmp_path / "ds", "--workers", "1").code == 0
    found = tables_of([item for line in lines for item in read_record(json.loads(line))], tmp_path)
    with connect(Dataset.open(tmp_path / "ds")) as connection:
        for table in MADE[1:-1]:
            left_out = ("run_id", "published_at")  # DuckDB gives that in the machine's zone
            stored = connection.sql(f"FROM {table}_all").to_arrow_table().to_pylist()
            theirs = [{k: v for k, v in row.items() if k not in left_out} for row in stored]
            ours = [_plain(dataclasses.asdict(row), left_out) for row in found[table]]
            assert len(ours) > 5, table
            assert sorted(ours, key=lambda r: r["row_id"]) == sorted(theirs, key=lambda r: r["row_id"]), table


def _plain(row: dict[str, Any], left_out: tuple[str, ...]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in row.items() if k not in left_out}


def test_what_cannot_be_read_is_a_reject_and_the_rest_goes_on(tmp_path: Path) -> None:
    right = article_of(TEXT, DAY)
    handed_on = Reject(scope="record", step="read", reason="bad_json", message="is no JSON", source_uri="s")
    wrong = [
        dataclasses.replace(right, article_id="1", text=None),
        dataclasses.replace(right, article_id="2", text=" \n"),
        dataclasses.replace(right, article_id="3", text=TEXT + " And more."),
        dataclasses.replace(right, article_id="4", input_format="pdf"),  # type: ignore[arg-type]
        dataclasses.replace(right, article_id="5", text="x" * 5_000_001),
        handed_on,
    ]
    found = tables_of([*wrong, right], tmp_path)
    reasons = {r.article_id: r.reason for r in found["rejects"]}
    assert reasons == {"1": "missing_text", "2": "missing_text", "3": "bad_value", "4": "bad_value", "5": "too_long", None: "bad_json"}
    assert [r for r in found["rejects"] if r.article_id is None] == [handed_on]
    assert [a.article_id for a in found["articles"]] == [right.article_id]
    assert tuple(found["facts"]) == rows_in(TEXT, DAY).facts != ()


def test_rows_are_written_as_the_page_says(tmp_path: Path) -> None:
    """As Parquet by Beam's own sink, with the schemas that Factwire's own files have."""
    with beam.Pipeline(runner=FnApiRunner()) as p:
        tables = p | beam.Create([article_of(TEXT, DAY)]) | Extract()
        for table, rows in tables.items():
            sink = beam.io.WriteToParquet(str(tmp_path / table), arrow_schema(TABLES[table]), file_name_suffix=".parquet", num_shards=1)
            rows | f"Dicts {table}" >> beam.Map(dataclasses.asdict) | f"Write {table}" >> sink
    found = rows_in(TEXT, DAY)
    for table in FACT_TABLES:
        (file,) = tmp_path.glob(f"{table}-*.parquet")
        written = pq.read_table(file)
        assert written.schema.equals(arrow_schema(TABLES[table]))
        by_id = {row["row_id"]: row for row in written.to_pylist()}
        assert by_id == {row["row_id"]: row for row in to_table(TABLES[table], getattr(found, table)).to_pylist()} != {}, table


def test_two_texts_of_one_article_stay_apart_and_one_text_counts_once(tmp_path: Path) -> None:
    """Whoever has no dataset counts no versions, and may hand in an article twice."""
    one, other = TEXT, "The bank in Bern hired 70 clerks on Monday."
    articles = [dataclasses.replace(article_of(text, DAY), article_id="same", version=0) for text in (one, other, one)]
    found = tables_of(articles, tmp_path, batches=1)
    assert sorted(a.text for a in found["articles"]) == sorted([one, other])
    assert found["rejects"] == []
    assert sorted(f.counted for f in found["figures"]) == ["clerks", "jobs"]


def test_more_articles_than_the_model_takes_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.steps._AT_ONCE", 3)
    texts = [f"The mill in Oslo cut {number:,} jobs on Friday." for number in range(1000, 1008)]
    found = tables_of([article_of(text, DAY) for text in texts], tmp_path, batches=1)
    assert sorted(f.value for f in found["figures"]) == [float(number) for number in range(1000, 1008)]


def test_windows_are_kept(tmp_path: Path) -> None:
    """Rows stand in the window of their article."""

    def in_window(row: Any, here: Any = beam.DoFn.WindowParam) -> tuple[str, int]:
        return row.text, int(here.start)

    with beam.Pipeline(runner=FnApiRunner()) as p:
        articles = p | beam.Create([(article_of(TEXT, DAY), 5), (article_of("The bank hired 70 clerks.", DAY), 15)])
        timed = articles | beam.Map(lambda pair: TimestampedValue(pair[0], pair[1])).with_output_types(Article)
        tables = timed | beam.WindowInto(window.FixedWindows(10)) | Extract()
        found = tables["figures"] | beam.Map(in_window) | "Together" >> beam.WindowInto(window.GlobalWindows())
        assert_that(found, lambda got: sorted(got) == [("1,200", 0), ("70", 10)] or pytest.fail(str(got)))


def test_a_stream_is_extracted_window_by_window() -> None:
    """An input without an end: a window's rows come when it is over, and an article that comes too late is in none."""
    first, second = (TimestampedValue(article_of(text, DAY), at) for text, at in ((TEXT, 1), ("The bank hired 70 clerks.", 12)))
    late = TimestampedValue(article_of("The port lost 5 ships.", DAY), 3)
    come = TestStream().add_elements([first]).advance_watermark_to(11).add_elements([late, second]).advance_watermark_to_infinity()
    with beam.Pipeline("BundleBasedDirectRunner", PipelineOptions(streaming=True)) as p:
        articles = p | come.with_output_types(Article) | beam.WindowInto(window.FixedWindows(10))
        found = (articles | Extract())["figures"] | beam.Map(lambda row: row.text) | "Together" >> beam.WindowInto(window.GlobalWindows())
        assert_that(found, equal_to(["1,200", "70"]))


@pytest.mark.parametrize(
    "more",
    [
        {"trigger": trigger.AfterWatermark(early=trigger.AfterCount(1)), "accumulation_mode": trigger.AccumulationMode.DISCARDING},
        {"allowed_lateness": 60},
    ],
    ids=["trigger", "lateness"],
)
def test_windows_that_would_tear_an_article_apart_are_refused(more: dict[str, Any]) -> None:
    windowed = beam.Pipeline() | beam.Create([article_of(TEXT)]) | beam.WindowInto(window.FixedWindows(10), **more)
    with pytest.raises(ValueError, match="without trigger and allowed_lateness"):
        windowed | Extract()


def test_what_is_no_article_ends_the_pipeline(tmp_path: Path) -> None:
    """Beam finds it where it knows the types, and else we do: what is neither article nor reject would be lost without a word."""
    with pytest.raises(TypeCheckError, match=r"schemas\.article\.Article"):
        tables_of([{"text": TEXT}], tmp_path)
    with pytest.raises(TypeError, match=r"takes articles .*, not dict; `read_record` makes them of dicts"):
        received_of({"text": TEXT})  # type: ignore[arg-type]


def test_lexicons_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "figures-units.toml").write_text('[length]\nunits = [{ name = "smoot", factor = 1.7018, words = ["smoot"] }]\n', "utf-8")
    article = article_of("The bridge is 364 smoots long.", DAY)
    assert [f.unit for f in tables_of([article], tmp_path, lexicons=own)["figures"]] == ["smoot"]
    assert [f.unit for f in tables_of([article], tmp_path)["figures"]] == [None]
    with pytest.raises(LexiconError):
        tables_of([article], tmp_path, lexicons=tmp_path / "nowhere")


def test_a_process_of_others_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we do to our own workers, the collector and the allocator, is not done to somebody else's."""
    monkeypatch.setattr("gc.freeze", lambda: pytest.fail("froze"))
    monkeypatch.setattr("pyarrow.set_memory_pool", lambda _: pytest.fail("chose a pool"))
    from transforms.flow.memory import calm_memory

    calm_memory.cache_clear()
    assert tables_of([article_of(TEXT, DAY)], tmp_path)["figures"]


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"id": 7, "text": TEXT, "outlet": "A", "published_at": DAY}, ("2025-05-05", None)),
        ({"text": TEXT, "published_at": dt.datetime(2025, 5, 5, 23, tzinfo=dt.UTC)}, ("2025-05-05", None)),
        ({"text": TEXT, "published_at": "no day", "more": ...}, (None, "bad_date")),
        ({"text": ...}, (None, "bad_type")),
        ({"text": b"bytes"}, (None, "bad_type")),
        ({"text": "\ud800"}, (None, "empty_text")),
        ({}, (None, "missing_text")),
    ],
    ids=str,
)
def test_a_record_is_read_as_a_line_is(record: dict[str, Any], found: tuple[str | None, str | None]) -> None:
    items = list(read_record(record))
    days = [str(i.published_local_date) for i in items if isinstance(i, Article) and i.published_local_date]
    reasons = [i.reason for i in items if isinstance(i, Reject)]
    assert (next(iter(days), None), next(iter(reasons), None)) == found
    assert len([i for i in items if isinstance(i, Article) or i.scope == "record"]) == 1


def test_records_are_known_by_address_id_or_text() -> None:
    def known(**record: Any) -> str:
        (article,) = read_record({"text": TEXT} | record)
        assert isinstance(article, Article)
        return article.article_id

    assert known(url="https://a.example/x", id=1) == known(url="https://A.example/x", id=2) != known(id=1)
    assert known(id=1) == known(id="1", title="T") != known(id=1, outlet="O")
    assert known() == known(title="T") != known(text="Another.")
