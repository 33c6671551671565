"""SQL over a dataset, and what it has seen."""

import dataclasses
import datetime as dt
import hashlib
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from pipeline.dataset import Commit, DamagedDatasetError, Dataset, writing
from pipeline.dataset.seen import SeenText, seen_in
from pipeline.dataset.views import ask, connect
from schemas.arrow import arrow_schema, to_table
from schemas.article import Article
from schemas.cluster import Cluster
from schemas.figure import Figure
from schemas.ids import digest
from schemas.tables import FACT_TABLES, TABLES
from tests.torture.prepared_rows import article, commit_rows, figures, reject
from transforms.flow.write import StagedFile


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "it's [a] da*ta set?")


def cluster(number: int, version: int, together: int, *, canonical: bool = False) -> Cluster:
    kind = None if canonical else "near"
    return Cluster(
        article_id=digest("article", number),
        version=version,
        cluster_id=digest("article", together),
        is_canonical=canonical,
        duplicate_kind=kind,
    )


def answers(dataset: Dataset, sql: str) -> list[tuple]:
    with connect(dataset) as connection:
        return ask(connection, sql).fetchall()


def two_versions(dataset: Dataset) -> Dataset:
    old, new, other = article(1), article(1, version=2, addition=" Corrected."), article(2)
    noon = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    account = {"records": 3, "unchanged": 2, "languages": {"en": 3}, "sources": {"a": 3}}
    with writing(dataset) as writer:
        commit_rows(
            writer, "r1", "0", {"articles": [old, other], "figures": figures(old) + figures(other), "rejects": [reject()]}, created=noon
        )
        commit_rows(writer, "r2", "0", {"articles": [new], "figures": figures(new)[:1]}, account=account, created=noon)
        return writer.dataset


def test_folders_are_no_columns(tmp_path: Path) -> None:
    def columns(dataset: Dataset) -> dict[str, list[str]]:
        with connect(dataset) as connection:
            return {table: [c[0] for c in connection.execute(f"FROM {table}_all").description or ()] for table in TABLES}

    dataset = Dataset.create(tmp_path / "text=x" / "article_id=y" / "position=z")
    before = columns(dataset)
    two_versions(dataset)
    after = Dataset.open(dataset.root)
    assert columns(after) == before
    assert answers(after, "SELECT DISTINCT text = 'x', article_id = 'y' FROM articles") == [(False, False)]
    known = article(1)
    assert [s.version for s in seen_in(after, [known.article_id])[known.article_id]] == [1, 2]


def test_every_table_has_its_views_before_there_is_a_row(dataset: Dataset) -> None:
    with connect(dataset) as connection:
        shown = {name for (name,) in ask(connection, "SHOW TABLES").fetchall()}
        assert shown == {*TABLES, *(f"{table}_all" for table in TABLES), "runs", "rules"}
        for table, cls in TABLES.items():
            columns = ask(connection, f"FROM {table}_all").description
            assert [name for name, *_ in columns or ()] == arrow_schema(cls).names
            assert ask(connection, f"FROM {table}").fetchall() == []
        assert ask(connection, "SELECT sum(value), min(published_at) FROM figures").fetchall() == [(None, None)]
    assert seen_in(dataset, ["x"]) == {}


def test_views_show_the_latest_version_and_all_shows_all(dataset: Dataset) -> None:
    dataset = two_versions(dataset)
    assert answers(dataset, "SELECT count(*) FROM articles_all") == [(3,)]
    assert answers(dataset, "SELECT title IS NULL, version FROM articles ORDER BY version") == [(True, 1), (True, 2)]
    assert answers(dataset, "SELECT version, count(*) FROM figures GROUP BY version ORDER BY version") == [(1, 3), (2, 1)]
    assert answers(dataset, "SELECT count(*) FROM figures_all") == [(7,)]
    assert answers(dataset, "SELECT count(*) FROM rejects") == [(1,)]
    for table in FACT_TABLES:
        assert len(answers(dataset, f"SELECT article_id, version FROM {table}")) == (4 if table == "figures" else 0)


def test_the_newest_cluster_row_of_an_article_counts(dataset: Dataset) -> None:
    two_versions(dataset)
    past = dt.datetime(1999, 1, 1, tzinfo=dt.UTC)
    with writing(dataset) as writer:
        commit_rows(writer, "r3", "0", {"clusters": [cluster(1, 1, 1, canonical=True), cluster(1, 2, 1, canonical=True)]})
        commit_rows(writer, "r0", "0", {"clusters": [cluster(1, 2, 0)]}, created=past)  # the clock went back
        dataset = writer.dataset
    one, two = digest("article", 1), digest("article", 2)
    assert answers(dataset, "SELECT article_id, cluster_id, is_canonical, duplicate_kind FROM articles ORDER BY version DESC") == [
        (one, digest("article", 0), False, "near"),
        (two, two, True, None),
    ]
    assert answers(dataset, "SELECT article_id, version, cluster_id FROM clusters") == [(one, 2, digest("article", 0))]
    assert answers(dataset, "SELECT count(*) FROM clusters_all") == [(3,)]


def test_runs_have_their_account(dataset: Dataset) -> None:
    rows = answers(
        two_versions(dataset),
        "SELECT sequence, run_id, records, unchanged, repeats, rows['figures'], account->>'$.languages.en', account->>'$.sources.a' FROM runs ORDER BY ALL",
    )
    assert rows == [(1, "r1", None, None, None, 6, None, None), (2, "r2", 3, 2, None, 1, "3", None)]


@pytest.mark.hostile(97)
def test_rows_written_by_other_versions_are_read_together(dataset: Dataset) -> None:
    whole = to_table(Figure, figures(article(1)))
    older = whole.drop_columns(["counted_head", "per"]).select([*reversed(whole.drop_columns(["counted_head", "per"]).column_names)])
    newer = whole.append_column("mood", pa.array(["good"] * 3))
    with writing(dataset) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)], "figures": figures(article(1))})
        for version, table in {"0": older, "9": newer}.items():
            folder = writer.staging("r", f"v{version}")
            path = folder / "figures" / "0.parquet"
            path.parent.mkdir()
            pq.write_table(table.replace_schema_metadata({"factwire.table": "figures", "factwire.version": version}), path)
            data = path.read_bytes()
            staged = StagedFile("figures", "figures/0.parquet", 3, len(data), hashlib.sha256(data).hexdigest())
            writer.commit(Commit(run="r", slice=f"v{version}", staged=[staged], rows={"figures": 3}))
        dataset = writer.dataset
    assert answers(dataset, "SELECT count(*), count(mood), sum(start) FROM figures") == [
        (9, 3, 3 * sum(f.start for f in figures(article(1))))
    ]


def test_a_plain_reader_finds_the_same_rows(tmp_path: Path) -> None:
    dataset = two_versions(Dataset.create(tmp_path / "out"))
    folder = dataset.root / "figures"
    with_arrow = pyarrow.dataset.dataset(folder, partitioning="hive")
    with_duckdb = duckdb.sql(
        f"SELECT count(*), count(DISTINCT day) FROM read_parquet('{folder}/*/*.parquet', hive_partitioning = true)"
    ).fetchall()
    assert answers(dataset, "SELECT count(*) FROM figures_all") == [(with_arrow.count_rows(),)]
    assert with_duckdb == [(with_arrow.count_rows(), 1)]


WRITING = [
    "COPY (SELECT 1) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "WITH x AS (COPY (SELECT 1) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)) SELECT * FROM x",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "CREATE TABLE x (a INT)",
    "DROP VIEW articles",
    "DELETE FROM internal.files",
    "SET enable_external_access = true",
    "ATTACH '/tmp/x.db'",
    "INSTALL httpfs",
    "SELECT 1; SELECT 2",
    "",
    "-- nothing",
]
LOOKING_ELSEWHERE = [
    "FROM read_text('/etc/passwd')",
    "FROM '/etc/passwd.csv'",
    "FROM glob('/*')",
    "FROM read_csv('https://example.org/x.csv')",
    "FROM read_parquet('{folder}/articles/*/*.parquet')",
    "FROM frame",
]


@pytest.mark.parametrize("sql", WRITING)
def test_a_query_cannot_write(dataset: Dataset, sql: str) -> None:
    dataset = two_versions(dataset)
    (file, *_) = dataset.paths("articles")
    before = Path(file).read_bytes()
    with pytest.raises(ValueError, match=r"one SELECT|cannot write"):
        answers(dataset, sql.format(file=file.replace("'", "''")))
    assert Path(file).read_bytes() == before


@pytest.mark.parametrize("sql", LOOKING_ELSEWHERE)
def test_a_query_reads_committed_files_only(dataset: Dataset, sql: str) -> None:
    frame = pa.table({"a": [1]})
    assert len(frame) == 1
    with pytest.raises(duckdb.Error, match=r"disabled by configuration|Table with name"):
        answers(two_versions(dataset), sql.format(folder=str(dataset.root).replace("'", "''")))


@pytest.mark.parametrize(
    ("sql", "said"),
    [("SELEC 1", 'near "SELEC"'), ("SELECT x FROM articles", 'column "x"'), ("FROM nowhere", "nowhere"), ("SELECT 'a'::INT", "'a'")],
)
def test_a_wrong_query_is_told_in_its_own_words(dataset: Dataset, sql: str, said: str) -> None:
    with pytest.raises(duckdb.Error, match=said) as error:
        answers(dataset, sql)
    assert "$sql" not in str(error.value)


@pytest.mark.parametrize(
    "sql", ["SELECT 1;", "VALUES (1)", "WITH x AS (SELECT 1) FROM x", "DESCRIBE articles", "SUMMARIZE figures", "SHOW TABLES", "FROM runs"]
)
def test_what_may_be_asked(dataset: Dataset, sql: str) -> None:
    assert answers(two_versions(dataset), sql)


def test_times_are_shown_in_utc(dataset: Dataset) -> None:
    with writing(dataset) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
        dataset = writer.dataset
    assert answers(dataset, "SELECT published_at::VARCHAR FROM articles") == [("2024-01-02 00:00:00+00",)]


def test_seen_texts_are_those_of_the_ids_asked_for(dataset: Dataset) -> None:
    dataset = two_versions(dataset)
    first, second = article(1), article(1, addition=" Corrected.")
    assert seen_in(dataset, [first.article_id, "unknown", first.article_id]) == {
        first.article_id: (SeenText(first.text_sha256, 1, "r"), SeenText(second.text_sha256, 2, "r"))
    }
    assert seen_in(dataset, []) == {}


def test_seen_texts_do_not_count_what_was_removed_or_not_committed(dataset: Dataset) -> None:
    dataset = two_versions(dataset)
    with writing(dataset) as writer:
        commit_rows(writer, "r3", "0", {"articles": [article(2)]}, removes=[a.path for a in writer.dataset.live_files("articles")])
        dataset = writer.dataset
    strange = dataset.root / "articles" / "day=2026-01-01" / "x-0-0.parquet"
    strange.parent.mkdir(parents=True)
    pq.write_table(to_table(Article, [dataclasses.replace(article(7))]), strange)
    assert set(seen_in(dataset, [digest("article", n) for n in range(9)])) == {digest("article", 2)}


def test_a_lost_file_is_told(dataset: Dataset) -> None:
    dataset = two_versions(dataset)
    Path(dataset.paths("articles")[0]).unlink()
    with pytest.raises(DamagedDatasetError, match="cannot be read"):
        seen_in(dataset, [digest("article", 1)])
