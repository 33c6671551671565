"""Small feeds and pages of our own (`small/`): what must come out of each, whole, cut, damaged, and packed into an archive.

They stand in for the large corpus of real files, which only whoever has it can read (`make corpus`).
"""

import gzip
import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas.article import Article
from tests.corpus import begun, feeds, tried, variants
from tests.reading import articles, read, rejects
from tests.test_read_warc import response
from transforms.read import Record

SMALL = Path(__file__).parent / "small"
EXPECTED: dict[str, Any] = tomllib.loads((SMALL / "expected.toml").read_text("utf-8"))
PAGES = sorted((SMALL / "pages").iterdir())


def told(article: Article) -> dict[str, Any]:
    """An article as `expected.toml` writes it down."""
    columns = {
        "title": article.title,
        "text": (article.text or "")[article.body_start :],
        "url": article.canonical_url,
        "guid": article.guid,
        "day": article.published_local_date,
        "byline": article.byline,
    }
    return {name: value for name, value in columns.items() if value is not None}


def test_every_file_is_expected_and_there() -> None:
    assert sorted(EXPECTED) == sorted(str(path.relative_to(SMALL)) for path in SMALL.glob("*/*"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_file_gives_what_is_expected_of_it(name: str) -> None:
    wanted, records = EXPECTED[name], read(SMALL / name)
    assert [told(a) for a in articles(records)] == wanted["articles"]
    assert {a.outlet for a in articles(records)} == {wanted.get("outlet")}
    assert rejects(records) == [tuple(reject) for reject in wanted.get("rejects", [])]


def test_feeds_whole_cut_and_flipped() -> None:
    """Nothing raises, none takes long; and where a feed is only cut, the entries in front of the cut are still there."""
    found, files = begun(), feeds(SMALL / "feeds")
    for path in files:
        tried([(f"{path.name} {how}", data) for how, data in variants(path, cuts=20, flips=6)], found)
    assert not found.wrong
    assert found.inputs == len(files) * 27
    assert found.articles >= 200  # 205 today; 27 times 16, had nothing been cut or flipped


def cut_behind(path: Path, mark: bytes, number: int, folder: Path) -> list[Record]:
    """The records of a feed that ends in the midst of the tag behind its so-many-th entry."""
    parts = path.read_bytes().split(mark)
    return read(folder / path.name, mark.join(parts[:number]) + mark + b"\n<it")


@pytest.mark.parametrize(("name", "mark"), [("rss20.xml", b"</item>"), ("atom10.atom", b"</entry>")])
def test_the_entries_before_a_cut_are_read(name: str, mark: bytes, tmp_path: Path) -> None:
    for number in (1, 2):
        found = articles(cut_behind(SMALL / "feeds" / name, mark, number, tmp_path))
        assert [told(a) for a in found] == EXPECTED[f"feeds/{name}"]["articles"][:number]


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_of_the_pages_gives_the_pages(packed: bool, tmp_path: Path) -> None:
    members = [response(number, path.read_bytes()) for number, path in enumerate(PAGES)]
    content = b"".join(map(gzip.compress, members)) if packed else b"".join(members)
    records = read(tmp_path / "a.warc", content)
    texts = [EXPECTED[f"pages/{path.name}"]["articles"][0]["text"] for path in PAGES]
    assert [told(a)["text"] for a in articles(records)] == texts
    assert rejects(records) == []


@pytest.mark.parametrize("packed", [False, True])
def test_a_clipped_archive_keeps_its_whole_pages_and_says_that_it_is_clipped(packed: bool, tmp_path: Path) -> None:
    members = [response(number, path.read_bytes()) for number, path in enumerate(PAGES)]
    members = [gzip.compress(m) for m in members] if packed else members
    chance = random.Random(7)
    for whole in range(len(members)):
        cut = chance.randrange(len(members[whole]) // 4, len(members[whole]) - 8)
        records = read(tmp_path / "a.warc", b"".join(members[:whole]) + members[whole][:cut])
        wanted = [EXPECTED[f"pages/{path.name}"]["articles"][0]["text"] for path in PAGES[:whole]]
        assert [told(a)["text"] for a in articles(records)] == wanted
        assert "truncated" in [reason for _, reason in rejects(records)]
