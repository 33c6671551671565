"""`factwire forget`: no byte of the article is left in any file, the copies that stay are settled, and it is not read again."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.compact import compact
from pipeline.dataset import Dataset, IntegrityError, writing
from pipeline.dataset.verify import problems_in
from pipeline.dataset.views import connect
from pipeline.forget import forget
from pipeline.traces import Traces
from schemas.ids import digest
from schemas.tables import FACT_TABLES
from tests.test_run import TEXTS, all_rows, started

STORY = (
    "Quillon Varga, a baker in Ostrava, was wrongly named on Tuesday as the man who robbed the savings bank in Plzen. "
    "Police said on Wednesday that 14 witnesses had described somebody else. His lawyer, Ann Lee, demanded an apology of "
    "every newspaper that had printed the name, and said that her client had lost 30 customers and two thirds of his income. "
    'The mayor denied that he had asked for the arrest. "We regret it," he said.'
)
EDITED = STORY.replace("Tuesday", "Monday").replace("14 witnesses", "15 witnesses")
URL = "https://news.example/2024/varga-robbery"
TRACES = ("Varga", "varga", "Plzen", "somebody else")  # words that nothing else here has


def line(number: int, text: str, **more: Any) -> str:
    return json.dumps({"id": f"n{number}", "text": text, "published_at": "2024-05-07"} | more) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with the story at its address, edited since, copied by others, in a text file of its own, and in a bad line."""
    folder = tmp_path_factory.mktemp("forget")
    (folder / "in").mkdir()
    lines = [line(n, text) for n, text in enumerate(TEXTS)]
    lines += [
        line(10, STORY, url=URL, published_at="2024-05-06"),
        line(11, STORY.upper()),
        line(12, STORY),
        line(13, STORY.replace("a baker", "the baker")),
    ]
    bad = json.dumps({"id": "bad", "text": STORY})[:-1]
    (folder / "in" / "news.jsonl").write_text("".join([*lines, bad + "\n", '{"id": "empty"}\n']), "utf-8")
    (folder / "in" / "varga-named.txt").write_text(f"Baker named\n\n{STORY}", "utf-8")
    (folder / "in" / "varga-named.json").write_text(
        json.dumps({"url": "https://other.example/varga", "published_at": "2024-05-09"}), "utf-8"
    )
    started(folder / "in", folder / "ds", max_bad=1)
    with (folder / "in" / "news.jsonl").open("a", encoding="utf-8") as file:
        file.write(line(10, EDITED, url=URL, published_at="2024-05-06"))
    started(folder / "in", folder / "ds", max_bad=1)
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A copy of the dataset, with something left in staging."""
    shutil.copytree(made / "ds", tmp_path / "ds")
    staged = tmp_path / "ds" / "_staging" / "dead" / "0000"
    staged.mkdir(parents=True)
    (staged / "workers.log").write_text(STORY, "utf-8")
    return tmp_path / "ds"


def everything(dataset: Path) -> str:
    """All that can be read in any file below a dataset: Parquet files by their values and as bytes, all others as bytes."""
    told = []
    for path in dataset.rglob("*"):
        if path.is_file():
            told.append(path.name)
            told.append(path.read_bytes().decode("latin-1"))
            if path.suffix == ".parquet":
                told.append(repr(pq.ParquetFile(path).read().to_pylist()))
    return "\n".join(told)


def article_of(dataset: Path, sql: str) -> str:
    with connect(Dataset.open(dataset)) as connection:
        return connection.execute(f"SELECT article_id FROM articles_all WHERE {sql}").fetchall()[0][0]


def test_by_address_all_versions_go_and_the_same_text_elsewhere(copy: Path) -> None:
    mine = digest("url", URL)
    told = forget(copy, url=URL + "?utm_source=x")
    assert (told.rows["articles"], len(told.same_text), len(told.near)) == (3, 1, 3)
    left = everything(copy)
    assert EDITED not in left
    assert URL not in left
    assert repr(STORY) not in left  # as a text of its own; the text file has it under a headline
    for table in ("articles", *FACT_TABLES):
        assert not [r for p in (copy / table).rglob("*.parquet") for r in pq.ParquetFile(p).read().to_pylist() if r["article_id"] == mine]
    assert list(problems_in(Dataset.open(copy))) == []


def holding_it(dataset: Path) -> list[str]:
    """The articles of which a version holds the story, in the order of their ids."""
    with connect(Dataset.open(dataset)) as connection:
        sql = "SELECT DISTINCT article_id FROM articles_all WHERE text ILIKE '%plzen%' ORDER BY article_id"
        return [row[0] for row in connection.execute(sql).fetchall()]


@pytest.mark.parametrize("which", [0, -1], ids=["smallest id first", "largest id first"])
def test_nothing_is_left_once_its_copies_are_forgotten_too(made: Path, copy: Path, which: int) -> None:
    assert len(holding_it(copy)) == 5
    while ids := holding_it(copy):  # an article that lost one version with the very same text may have others that stay
        forget(copy, article=ids[which])
    left = everything(copy)
    assert not [trace for trace in TRACES if trace in left]
    assert "empty" in left  # another record's reject
    assert list(problems_in(Dataset.open(copy))) == []
    before = all_rows(copy)
    manifests = sorted((copy / "_runs").iterdir())
    again = started(made / "in", copy, recheck=True, max_bad=1)
    total = again.account.total
    assert (total.records, total.filtered, total.unchanged, total.articles, total.rejects) == (13, 6, 7, 0, 0)
    assert total.balances
    assert not again.committed
    assert all_rows(copy) == before
    assert sorted((copy / "_runs").iterdir()) == manifests


def test_what_was_forgotten_does_not_come_back_with_news_beside_it(made: Path, copy: Path, tmp_path: Path) -> None:
    forget(copy, url="https://other.example/varga")
    shutil.copytree(made / "in", tmp_path / "in")
    moved = tmp_path / "in" / "elsewhere.txt"
    (tmp_path / "in" / "varga-named.txt").rename(moved)
    with (tmp_path / "in" / "news.jsonl").open("a", encoding="utf-8") as file:
        file.write(line(20, "The council approved 3 new parks on Friday."))
    outcome = started(tmp_path / "in", copy, max_bad=1)
    assert (outcome.account.total.articles, outcome.account.total.filtered) == (1, 1)  # the text is known by its hash
    assert outcome.account.total.balances
    assert "other.example/varga" not in everything(copy)
    assert "elsewhere" not in everything(copy)


def test_the_copies_that_stay_are_settled(copy: Path) -> None:
    def standing() -> list[tuple]:
        with connect(Dataset.open(copy)) as connection:
            sql = "SELECT article_id, cluster_id, is_canonical FROM articles WHERE text ILIKE '%plzen%' ORDER BY article_id"
            return connection.execute(sql).fetchall()

    before = standing()
    assert len({cluster for _, cluster, _ in before}) == 1
    canonical = next(article for article, _, chosen in before if chosen)
    assert canonical == digest("url", URL)
    forget(copy, article=canonical)
    after = standing()
    assert [chosen for _, _, chosen in after].count(True) == 1
    assert {cluster for _, cluster, _ in after} == {min(article for article, _, _ in after)}
    assert canonical not in everything(copy).replace(f'"{canonical}"', "")  # only as the hash that is remembered


def test_again_it_says_that_it_is_forgotten(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", str(copy), "--url", URL]) == 0
    shown = capsys.readouterr().out
    assert "forgotten: 3 rows of articles" in shown
    assert "nearly the same text stays in" in shown
    sequence = Dataset.open(copy).log.sequence
    for name in (["--url", URL], ["--article", digest("url", URL)]):
        assert main(["forget", str(copy), *name]) == 0
        assert "already" in capsys.readouterr().out
    assert Dataset.open(copy).log.sequence == sequence


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--url or by --article"),
        (["--url", URL, "--article", "x"], "--url or by --article"),
        (["--url", "varga"], "no web address"),
        (["--url", "https://news.example/other"], "no article of the dataset has the address"),
        (["--article", "0" * 32], "no article of the dataset has the id"),
    ],
)
def test_what_names_no_article(made: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", str(made / "ds"), *arguments]) == 1
    assert said in capsys.readouterr().err
    assert Dataset.open(made / "ds").log.sequence == 2


def test_a_strange_file_that_may_hold_it_is_named(copy: Path) -> None:
    mine = next(path for path in (copy / "articles").rglob("*.parquet"))
    strange = mine.with_name("saved.parquet")
    shutil.copy(mine, strange)
    with pytest.raises(IntegrityError, match=r"saved\.parquet"):
        forget(copy, url=URL)
    assert len(list(problems_in(Dataset.open(copy)))) == 1  # the strange file; the article is gone from the others
    strange.unlink()
    assert str(forget(copy, url=URL)).startswith("forgotten already")


def test_what_a_crash_before_the_folding_leaves_is_folded_by_the_next_run(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.dataset.writer.fold", crash)
        with pytest.raises(KeyboardInterrupt):
            forget(copy, url="https://other.example/varga")
    assert "varga-named.txt" in everything(copy)  # as the name of a source in the manifests of the first runs
    with writing(Dataset.open(copy)):
        pass
    assert "varga-named.txt" not in everything(copy)


def test_compacted_before_and_after(copy: Path) -> None:
    compact(copy)
    forget(copy, url="https://other.example/varga")
    compact(copy)
    opened = Dataset.open(copy)
    assert "varga-named" not in everything(copy)
    assert list(problems_in(opened)) == []
    assert len(opened.log.forgotten) == 4  # its id, which is the hash of its address; its text; its file; its address as a source


def test_a_dataset_without_texts(made: Path, tmp_path: Path) -> None:
    started(made / "in", tmp_path / "ds", texts="none", max_bad=1)
    forget(tmp_path / "ds", url=URL)
    assert URL not in everything(tmp_path / "ds")
    assert started(made / "in", tmp_path / "ds", texts="none", recheck=True, max_bad=1).account.total.filtered == 3


@pytest.mark.parametrize(
    ("excerpt", "found"),
    [
        ("", False),
        ("wrongly named on Tuesday as the man who", True),
        ('{"text": "Quillon Varga, a baker in Ostrava, was', True),
        ("WRONGLY named, on Tuesday: as the", True),
        ("a baker in", True),
        ("a baker", False),
        ("The mayor said on Tuesday that nobody was there to be seen", False),
    ],
)
def test_traces(excerpt: str, found: bool) -> None:
    assert Traces([STORY]).stand_in(excerpt) is found


def test_traces_behind_escapes() -> None:
    text = "Die Bäckerei in Zürich öffnet früh am Morgen für alle Gäste"
    assert Traces([text]).stand_in(json.dumps({"text": text}))
