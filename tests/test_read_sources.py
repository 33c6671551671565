import os
import socket
from pathlib import Path

import pytest

from tests.reading import FETCHED, articles, rejects
from transforms.read import Defaults, NothingMatchedError, Record, Source, SourceError, records_in, sources_in
from transforms.read.advice import unread

LINE = b'{"text": "One line of news."}\n'


def test_what_is_not_read_is_told_by_sorts_with_what_to_do() -> None:
    told = list(unread(["in/a.PDF", "in/b.pdf", "in/c.pdf", "in/d.pdf", "in/e.pdf", "in/x.docx", "in/y.dat", "in/z"]))
    assert told == [
        "not read, without a suffix: in/z: where it holds text or one of our formats, name it; its content tells the rest",
        "not read, .dat: in/y.dat: where it holds text or one of our formats, name it or give a glob such as '*.dat'; its content tells the rest",
        "not read, .docx: in/x.docx: convert it first (soffice --convert-to txt FILE.doc does; a table to CSV)",
        "not read, .pdf: in/a.PDF, in/b.pdf, in/c.pdf and 2 more: convert it to text first (pdftotext FILE.pdf does), or to HTML",
    ]


def names(arguments: list[Path | str], base: Path) -> list[str]:
    return [str(Path(source.path).relative_to(base)) for source in sources_in([str(a) for a in arguments]).found]


def read(source: Source) -> list[Record]:
    return list(records_in(source, defaults=Defaults(FETCHED)))


def filled(base: Path, *files: str) -> Path:
    for file in files:
        path = base / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LINE)
    return base


def test_a_folder_is_read_through_for_known_kinds(tmp_path: Path) -> None:
    filled(tmp_path, "b.jsonl", "a/x.ndjson.gz", "a/deep/y.TXT", "f.rss", "f.atom", "z.pdf", "page.html", "notes.md")
    assert names([tmp_path], tmp_path) == ["a/deep/y.TXT", "a/x.ndjson.gz", "b.jsonl", "f.atom", "f.rss", "page.html"]
    assert [Path(p).name for p in sources_in([str(tmp_path)]).skipped] == ["notes.md", "z.pdf"]


def test_what_goes_along_with_articles_is_no_source(tmp_path: Path) -> None:
    filled(
        tmp_path, "a.txt", "a.json", "b.txt.gz", "b.json", "README.txt", "readme", "LICENSE-2.txt", "COPYING", ".hidden.txt", ".git/c.txt"
    )
    found = sources_in([str(tmp_path)])
    assert [Path(s.path).name for s in found.found] == ["a.txt", "b.txt.gz"]
    assert found.skipped == ()


def test_a_file_that_is_named_itself_is_always_a_source(tmp_path: Path) -> None:
    filled(tmp_path, "README.txt", "odd.dat", ".hidden")
    assert names([tmp_path / "README.txt", tmp_path / "odd.dat", tmp_path / ".hidden"], tmp_path) == [".hidden", "README.txt", "odd.dat"]


def test_content_tells_where_the_name_does_not(tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(LINE)
    (tmp_path / "feed").write_bytes(b"<?xml version='1.0'?>\n<!-- a --><!-- b -->\n<rss version='2.0'><channel/></rss>")
    (tmp_path / "feed.xml").write_bytes(b"<feed xmlns='http://www.w3.org/2005/Atom'/>")
    (tmp_path / "map.xml").write_bytes(b"<?xml version='1.0'?><urlset/>")
    (tmp_path / "prose").write_bytes(b"Not known to be news.")
    found = sources_in([str(tmp_path)])
    assert [Path(s.path).name for s in found.found] == ["feed", "feed.xml", "lines"]
    assert [Path(p).name for p in found.skipped] == ["map.xml", "prose"]
    assert rejects(read(Source(str(tmp_path / "map.xml"), str(tmp_path)))) == [("source", "not_a_feed")]
    assert len(articles(read(Source(str(tmp_path / "lines"), str(tmp_path))))) == 1


@pytest.mark.parametrize("missing", ["nowhere.txt", "nowhere/", "a\nb.txt"])
def test_no_such_source_is_one_sentence(tmp_path: Path, missing: str) -> None:
    with pytest.raises(SourceError, match="no such file or folder"):
        sources_in([f"{tmp_path}/{missing}"])


def test_nothing_matched_is_told_apart(tmp_path: Path) -> None:
    filled(tmp_path, "only.pdf")
    with pytest.raises(NothingMatchedError, match="nothing matched"):
        sources_in([f"{tmp_path}/*.txt"])
    with pytest.raises(NothingMatchedError, match="no articles in the folder"):
        sources_in([str(tmp_path)])


def test_globs(tmp_path: Path) -> None:
    filled(tmp_path, "2024/a.txt", "2024/a.json", "2025/deep/b.txt", "2025/c.dat", "README.txt")
    assert names([f"{tmp_path}/**/*.txt"], tmp_path) == ["2024/a.txt", "2025/deep/b.txt"]
    assert names([f"{tmp_path}/20*"], tmp_path) == ["2024/a.txt", "2025/deep/b.txt"]
    assert names([f"{tmp_path}/*/*.dat"], tmp_path) == ["2025/c.dat"]
    assert {s.relative_path for s in sources_in([f"{tmp_path}/20*"]).found} == {"2024/a.txt", "2025/deep/b.txt"}


@pytest.mark.hostile(86)
def test_each_real_file_once(tmp_path: Path) -> None:
    filled(tmp_path, "real.txt", "in/other.txt")
    (tmp_path / "a-link.txt").symlink_to(tmp_path / "real.txt")
    (tmp_path / "in" / "back").symlink_to(tmp_path)
    os.link(tmp_path / "real.txt", tmp_path / "in" / "same.txt")
    found = names([tmp_path, tmp_path / "in", tmp_path / "real.txt", f"{tmp_path}/*.txt"], tmp_path)
    assert len(found) == 2
    assert "a-link.txt" not in found


@pytest.mark.hostile(83)
def test_loops_of_links_end(tmp_path: Path) -> None:
    filled(tmp_path, "a.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "round").symlink_to(".")
    found = sources_in([str(tmp_path)]).found
    assert [Path(s.path).name for s in found] == ["a.txt", "loop.txt"]
    assert rejects(read(found[1])) == [("source", "unreadable")]


@pytest.mark.parametrize(
    "name", [b"new\nline.txt", b" spaces .txt", b"[a-z]*?.txt", b"\xff\xfe.txt", b"a" * 251 + b".txt", "日本.txt".encode()]
)
@pytest.mark.hostile(84)
def test_odd_names(tmp_path: Path, name: bytes) -> None:
    path = f"{tmp_path}/{os.fsdecode(name)}"
    Path(path).write_bytes(b"A sentence of news.")
    by_name, by_folder = sources_in([path]).found, sources_in([str(tmp_path)]).found
    assert by_name == by_folder
    (article,) = articles(read(by_name[0]))
    assert article.source_uri.encode()  # fit for a column of text


@pytest.mark.hostile(83)
def test_what_is_no_file_is_rejected_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s.txt"))
    for path in (tmp_path / "pipe.txt", tmp_path / "s.txt", Path("/dev/zero"), tmp_path, Path("/dev/null")):
        assert rejects(read(Source(str(path), str(tmp_path)))) == [("source", "unreadable")]
    server.close()


@pytest.mark.hostile(83)
def test_a_folder_that_cannot_be_listed_is_a_failed_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, "a.txt", "locked/b.txt")
    listed = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    locked, plain = sorted(sources_in([str(tmp_path)]).found, key=lambda s: s.path, reverse=True)
    assert Path(plain.path).name == "a.txt"
    assert rejects(read(locked)) == [("source", "unreadable")]


@pytest.mark.hostile(83)
def test_a_file_that_vanishes_is_a_failed_source(tmp_path: Path) -> None:
    (record,) = read(Source(str(tmp_path / "gone.txt"), str(tmp_path)))
    assert (record.position, record.item.reason, record.item.retryable) == (0, "unreadable", True)  # type: ignore[union-attr]
    assert "No such file" in record.item.message  # type: ignore[union-attr]


def test_identity_moves_with_the_folder(tmp_path: Path) -> None:
    for root in ("old", "new/deeper"):
        filled(tmp_path / root, "x/a.jsonl", "b.txt")
    ids = [[articles(read(s))[0].article_id for s in sources_in([str(tmp_path / root)]).found] for root in ("old", "new/deeper")]
    assert ids[0] == ids[1]
    (alone,) = sources_in([str(tmp_path / "old" / "b.txt")]).found
    assert articles(read(alone))[0].article_id in ids[0]


def test_files_of_one_name_in_two_folders_stay_two_articles(tmp_path: Path) -> None:
    filled(tmp_path, "a/1.txt", "b/1.txt", "b/2.txt")
    found = sources_in([str(tmp_path / "a"), str(tmp_path / "b")]).found
    assert [s.relative_path for s in found] == ["a/1.txt", "b/1.txt", "2.txt"]
    assert len({articles(read(s))[0].article_id for s in found}) == 3
