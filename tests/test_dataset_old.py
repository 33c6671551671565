"""Datasets of before: written by factwire when manifests had format 1, opened, asked, added to, compacted and forgotten from by this one.

The golden file holds two of them, made then with five and four commits of the prepared articles 0 to 4: `checkpoint` has a checkpoint at
the fourth, `folded` was compacted after the third. `old/` has a whole one, of real runs, with what it was read from: see its README.
"""

import csv
import io
import json
import tarfile
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.compact import compact
from pipeline.dataset import Dataset, writing
from pipeline.dataset.seen import seen_in
from pipeline.dataset.verify import altered, problems_in
from pipeline.dataset.views import connect
from schemas.ids import digest
from tests.torture.harness import rows_on_disk
from tests.torture.prepared_rows import article, commit_rows

GOLDEN = Path(__file__).parent / "golden" / "dataset-of-format-1.tar.xz"
COMMITS = {"checkpoint": 5, "folded": 5}
ARTICLES = {"checkpoint": 5, "folded": 4}


@pytest.fixture(params=sorted(COMMITS))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with tarfile.open(GOLDEN) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / str(request.param)


def test_it_is_as_it_was(old: Path) -> None:
    dataset = Dataset.open(old)
    assert [*problems_in(dataset), *altered(dataset)] == []
    assert len(dataset.commits) == COMMITS[old.name]
    assert sorted(dataset.inputs) == [f"in{n}" for n in range(ARTICLES[old.name])]
    assert dataset.feeds == {"f": {"etag": ARTICLES[old.name] - 1}}
    with connect(dataset) as connection:
        assert connection.sql("SELECT count(*) FROM articles").fetchall() == [(ARTICLES[old.name],)]
        assert connection.sql("SELECT count(*) FROM runs WHERE records = 1 AND commits = 1").fetchall() == [(ARTICLES[old.name],)]
    assert set(seen_in(dataset, [digest("article", n) for n in range(9)])) == {digest("article", n) for n in range(ARTICLES[old.name])}


def test_it_is_added_to_and_folded(old: Path) -> None:
    before = rows_on_disk(old)
    with writing(Dataset.open(old)) as writer:
        commit_rows(writer, "next", "0000", {"articles": [article(8)]}, account={"sources": {"in8": {"records": 1}}})
        commit_rows(writer, "run3", "0000", {"articles": [article(9)]})  # of a name that is there already
    compact(old)
    after = rows_on_disk(old)
    assert {t: rows for t, rows in after.items() if t != "articles"} == {t: rows for t, rows in before.items() if t != "articles"}
    assert (after["articles"].total(), (before["articles"] - after["articles"]).total()) == (ARTICLES[old.name] + 1, 0)
    dataset = Dataset.open(old)
    assert len(dataset.commits) == COMMITS[old.name] + 2
    assert len(dataset.inputs) == ARTICLES[old.name]
    assert list(problems_in(dataset)) == []
    told = "".join(path.read_text("utf-8") for path in (old / "_runs").glob("accounts-*.json"))
    assert all(f'"in{n}"' in told for n in (*range(ARTICLES[old.name]), 8))


OF_RUNS = Path(__file__).parent / "old" / "01c1513.tar.xz"
FORD = "http://en.wikinews.org/wiki/Ford_Motors_posts_US$2.7_billion_annual_profit"
BARRA = "http://en.wikinews.org/wiki/Mary_Barra_appointed_as_General_Motors_chief"


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: None) -> Path:
    """The dataset that commit 01c1513 wrote, beside its input, called as it was called then."""
    with tarfile.open(OF_RUNS) as archive:
        archive.extractall(tmp_path, filter="data")
    monkeypatch.chdir(tmp_path)
    return Path("news")


def asked(news: Path, sql: str, capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """The rows of a query as a user gets them."""
    capsys.readouterr()
    assert main(["query", str(news), sql, "--format", "csv"]) == 0
    return list(csv.reader(io.StringIO(capsys.readouterr().out)))[1:]


def added(news: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    """What became of the records of a run over the input."""
    capsys.readouterr()
    assert main(["run", "in", "-o", str(news), "--workers", "1", "--max-bad", "1", "--json"]) == 0
    account = json.loads(capsys.readouterr().out)
    return {name: account[name] for name in ("records", "articles", "rejects", "repeats", "unchanged", "filtered")}


def test_one_of_real_runs_is_whole_and_answers(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = Dataset.open(news)
    assert [*problems_in(dataset), *altered(dataset)] == []
    assert asked(news, "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM articles_all), count(*) FROM facts", capsys) == [
        ["12", "13", "408"]
    ]
    wrong = "SELECT count(*) FROM facts_all f JOIN articles_all a USING (article_id, version) WHERE a.text[f.start + 1 : f.end] != f.text"
    assert asked(news, wrong, capsys) == [["0"]]
    assert len(asked(news, "SELECT rule FROM figures JOIN rules USING (rule) WHERE table_name = 'figures'", capsys)) > 50
    for name in ("not-done", "who-said-what", "set-aside", "same-figure"):
        assert main(["query", str(news), name]) == 0
    assert main(["doctor", str(news)]) == 0


def test_one_of_real_runs_is_added_to(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is in it is known by the same identity, what was forgotten stays so, and only what is new comes in."""
    nothing = {"articles": 0, "rejects": 0, "repeats": 0}
    assert added(news, capsys) == nothing | {"records": 14, "unchanged": 13, "filtered": 1}
    with Path("in", "some.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "new", "text": "The mill in Oslo cut 40 jobs on Monday.", "published_at": "2024-05-07"}) + "\n")
    # The feed was looked through a moment ago: as a file that is as it was, all of it is unchanged.
    assert added(news, capsys) == nothing | {"records": 15, "articles": 1, "unchanged": 14, "filtered": 0}
    dates = "SELECT counted, d.start_date FROM figures f JOIN dates d USING (article_id) WHERE f.value = 40 AND f.outlet IS NULL"
    assert asked(news, dates, capsys) == [["jobs", "2024-05-06"]]
    assert list(problems_in(Dataset.open(news))) == []


def test_one_of_real_runs_is_compacted_and_forgotten_from(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = rows_on_disk(news)
    assert main(["compact", str(news)]) == 0
    after = rows_on_disk(news)
    assert {t: rows for t, rows in after.items() if t != "clusters"} == {t: rows for t, rows in before.items() if t != "clusters"}
    assert (before["clusters"] - after["clusters"]).total() == 1, "where an article stood before its second version came"
    assert after["clusters"] < before["clusters"]
    assert len(list(news.glob("facts/*/*.parquet"))) == 1
    assert main(["forget", str(news), "--url", BARRA]) == 0
    assert asked(news, f"SELECT count(*) FROM articles_all WHERE canonical_url IN ('{BARRA}', '{FORD}')", capsys) == [["0"]]
    assert b"Mary Barra" not in b"".join(path.read_bytes() for path in news.glob("_runs/*.json"))
    assert added(news, capsys) == {"records": 14, "articles": 0, "rejects": 0, "repeats": 0, "unchanged": 12, "filtered": 2}
    assert list(problems_in(Dataset.open(news))) == []


def test_one_of_real_runs_is_extracted_again(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows of today's rules in the place of those of then, for the same texts."""
    texts = asked(news, "SELECT article_id, text_sha256 FROM articles ORDER BY ALL", capsys)
    assert main(["rerun", str(news), "--workers", "1"]) == 0
    assert asked(news, "SELECT article_id, text_sha256 FROM articles ORDER BY ALL", capsys) == texts
    assert int(asked(news, "SELECT count(DISTINCT run_id) FROM facts", capsys)[0][0]) == 1
