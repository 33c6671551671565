"""Files of stores that Beam has a filesystem for: listed, copied beside the run, read as any file, and known by their names in the store."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from apache_beam.io.filesystem import BeamIOError, FileMetadata, FileSystem
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.cli import main
from pipeline.remote import is_remote, listed
from pipeline.retry import retry
from tests.polling import WORDS, Ran, item, ran, rss
from transforms.read import sources_in

pytestmark = pytest.mark.usefixtures("articles_only")


class Shelf(FileSystem):
    """A store in memory, under shelf://; what it was asked for stands in `opened`."""

    files: ClassVar[dict[str, bytes]] = {}
    changed: ClassVar[dict[str, float]] = {}
    opened: ClassVar[list[str]] = []
    hosts: ClassVar[list[str | None]] = []  # an option of Beam's, as it reached the filesystem
    wrong: ClassVar[dict[str, Exception]] = {}  # raised by whoever opens, reads ("read") or lists ("list")

    def __init__(self, pipeline_options: PipelineOptions) -> None:
        super().__init__(pipeline_options)
        self.hosts.append(pipeline_options.get_all_options()["hdfs_host"])

    @classmethod
    def scheme(cls) -> str:
        return "shelf"

    def has_dirs(self) -> bool:
        return False

    def _list(self, dir_or_prefix: str) -> Iterator[FileMetadata]:
        if "list" in self.wrong:
            raise self.wrong["list"]
        return (self.metadata(path) for path in sorted(self.files) if path.startswith(dir_or_prefix))

    def exists(self, path: str) -> bool:
        return path in self.files

    def metadata(self, path: str) -> FileMetadata:
        return FileMetadata(path, len(self.files[path]), self.changed.get(path, 1.5))

    def open(self, path: str, mime_type: str = "", compression_type: str = "") -> Any:
        assert compression_type == "uncompressed"  # what is compressed is told by the bytes, and checked to its end
        if path in self.wrong:
            raise self.wrong[path]
        self.opened.append(path)
        return _Breaking(self.files[path]) if "read" in self.wrong else io.BytesIO(self.files[path])

    def join(self, basepath: str, *paths: str) -> str: ...
    def split(self, path: str) -> tuple[str, str]: ...
    def mkdirs(self, path: str) -> None: ...
    def create(self, path: str, mime_type: str = "", compression_type: str = "") -> Any: ...
    def copy(self, source_file_names: list[str], destination_file_names: list[str]) -> None: ...
    def rename(self, source_file_names: list[str], destination_file_names: list[str]) -> None: ...
    def size(self, path: str) -> int: ...
    def last_updated(self, path: str) -> float: ...
    def checksum(self, path: str) -> str: ...
    def delete(self, paths: list[str]) -> None: ...


class _Breaking(io.BytesIO):
    """It gives half, then the connection is gone."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise Shelf.wrong["read"]
        return super().read(len(self.getvalue()) // 2)


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch) -> type[Shelf]:
    for name in ("files", "changed", "wrong"):
        monkeypatch.setattr(Shelf, name, {})
    for name in ("opened", "hosts"):
        monkeypatch.setattr(Shelf, name, [])
    return Shelf


def line(number: int, text: str = WORDS) -> bytes:
    return json.dumps({"id": f"n{number}", "text": f"{text} {number}"}).encode() + b"\n"


def uris(made: Ran) -> set[str]:
    return {row["source_uri"] for row in made.rows()}


def test_a_file_of_a_store_is_read_by_its_name_there(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.files["shelf://news/a.jsonl"] = line(1) + line(2)
    made = ran(tmp_path, "shelf://news/a.jsonl")
    assert (made.exit_code, made.articles, uris(made)) == (0, 2, {"shelf://news/a.jsonl"})
    assert not list((made.dataset / "_staging").rglob("*.jsonl"))


def test_what_is_unchanged_is_not_copied_again(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.files |= {"shelf://news/a.jsonl": line(1), "shelf://news/b.jsonl": line(2)}
    ran(tmp_path, "shelf://news/*.jsonl")
    shelf.opened.clear()
    shelf.files["shelf://news/b.jsonl"] = line(3)
    shelf.changed["shelf://news/b.jsonl"] = 2.5
    made = ran(tmp_path, "shelf://news/*.jsonl")
    assert (shelf.opened, made.articles, made.outcome.account.total.unchanged) == (["shelf://news/b.jsonl"], 1, 1)
    ran(tmp_path, "shelf://news/*.jsonl", recheck=True)
    assert len(shelf.opened) == 3


def test_a_store_that_tells_no_time_is_read_each_time(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.files["shelf://news/a.jsonl"] = line(1)
    shelf.changed["shelf://news/a.jsonl"] = 0.0
    assert [ran(tmp_path, "shelf://news/a.jsonl").articles for _ in range(2)] == [1, 0]
    assert len(shelf.opened) == 2


def test_the_rows_are_those_of_the_same_files_here(shelf: type[Shelf], tmp_path: Path) -> None:
    here = tmp_path / "here"
    contents = {
        "a.txt": f"A headline\n\n{WORDS}".encode(),
        "a.json": b'{"outlet": "The Post", "published_at": "2024-05-06"}',
        "deep/b.jsonl": line(1) + b"no json\n",
        "deep/feed.rss": rss(item(1)),
        "README.txt": b"not an article",
        "picture.png": b"\x89PNG",
    }
    for name, content in contents.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(content)
        shelf.files[f"shelf://news/2024/{name}"] = content
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    local, remote = ran(tmp_path / "one", str(here)), ran(tmp_path / "two", "shelf://news/2024")
    assert plain(local, str(here)) == plain(remote, "shelf://news/2024")
    assert [Path(each).name for each in remote.outcome.skipped] == ["picture.png"]


def plain(made: Ran, root: str) -> list[Any]:
    """The rows without what differs between two runs."""
    rows = [row | {"run_id": "", "fetched_at": None, "rejected_at": None} for table in ("articles", "rejects") for row in made.rows(table)]
    return sorted(repr(row).replace(root, "") for row in rows)


GLOBS = ["in/**/*.jsonl", "in/**", "in/**/b/*.jsonl", "**/a.jsonl", "in/*.jsonl", "in/**/c/**/*.jsonl", "in/a**.jsonl", "in/b/?.jsonl"]


@pytest.mark.parametrize("pattern", GLOBS)
def test_a_pattern_means_in_a_store_what_it_means_on_disk(shelf: type[Shelf], tmp_path: Path, pattern: str) -> None:
    places = ["in/a.jsonl", "in/b/a.jsonl", "in/b/b.jsonl", "in/b/c/d/a.jsonl", "in/c/a.jsonl", "in/.hidden/a.jsonl", "other/a.jsonl"]
    for place in places:
        shelf.files[f"shelf://b/{place}"] = b""
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(b"")
    here = [Path(s.path).relative_to(tmp_path).as_posix() for s in sources_in([f"{tmp_path}/{pattern}"]).found]
    there = [s.path.removeprefix("shelf://b/") for s in listed([f"shelf://b/{pattern}"], []).found]
    assert sorted(there) == sorted(here) != []


def test_files_of_one_name_in_two_places_stay_two_articles(shelf: type[Shelf], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{WORDS} here", "utf-8")
    shelf.files |= {"shelf://one/a.txt": f"{WORDS} one".encode(), "shelf://two/a.txt": f"{WORDS} two".encode()}
    made = ran(tmp_path, [str(tmp_path / "a.txt"), "shelf://one/a.txt", "shelf://two/", "shelf://two/a.txt"])
    assert [row["version"] for row in made.rows()] == [1, 1, 1]


def test_a_read_that_breaks_off_is_a_failed_source_and_can_be_tried_again(
    shelf: type[Shelf], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.files |= {"shelf://news/a.jsonl": line(1), "shelf://news/b.jsonl": line(2) + line(3)}
    shelf.wrong["read"] = ConnectionResetError("shelf://me:hunter@news/a.jsonl?sig=opensesame was cut off")
    (tmp_path / "c.jsonl").write_bytes(line(4))
    made = ran(tmp_path, ["shelf://news/*", str(tmp_path / "c.jsonl")])
    assert (made.exit_code, made.articles) == (2, 1)
    rejects = made.rows("rejects")
    assert {(r["scope"], r["reason"], r["retryable"]) for r in rejects} == {("source", "unreadable", True)}
    assert {r["source_uri"] for r in rejects} == set(shelf.files)
    assert not re.search("hunter|opensesame", made.everything())
    shelf.wrong.clear()
    again = retry(made.dataset, workers=1)
    assert (again.tried, again.settled, again.account.total.articles) == (2, 2, 3)
    assert retry(made.dataset, workers=1).tried == 0


def test_a_copy_that_is_shorter_than_it_should_be_is_not_read(shelf: type[Shelf], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.files["shelf://news/a.jsonl"] = line(1)
    monkeypatch.setattr(Shelf, "metadata", lambda _self, path: FileMetadata(path, 10_000, 1.5))
    made = ran(tmp_path, "shelf://news/a.jsonl")
    assert (made.exit_code, made.articles) == (2, 0)
    assert "it ended at byte" in made.rows("rejects")[0]["message"]


def test_a_store_that_cannot_be_listed_fails_and_the_others_are_read(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.wrong["list"] = BeamIOError("List operation failed", {"shelf://news/": PermissionError("403 not yours")})
    (tmp_path / "c.jsonl").write_bytes(line(4))
    made = ran(tmp_path, ["shelf://news/*.jsonl", str(tmp_path / "c.jsonl")])
    assert (made.exit_code, made.articles) == (2, 1)
    (reject,) = made.rows("rejects")
    assert "403 not yours" in reject["message"]
    assert not reject["retryable"]  # there is no file of that name: the next run lists again


@pytest.mark.parametrize("name", ["x[1].jsonl", "a b.jsonl", "n\u00e9.jsonl", "line\nend.jsonl", "n" * 300 + ".jsonl", "..jsonl"])
def test_odd_names(shelf: type[Shelf], tmp_path: Path, name: str) -> None:
    shelf.files[f"shelf://news/{name}"] = line(1)
    assert ran(tmp_path, f"shelf://news/{name}").articles == 1


def test_a_name_cannot_leave_the_folder_of_the_run(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.files |= {"shelf://news/../../../up.jsonl": line(1), "shelf://news/..": line(2)}
    made = ran(tmp_path, ["shelf://news/../../../up.jsonl", "shelf://news/.."])
    assert made.articles == 2
    assert not list(tmp_path.rglob("up.jsonl"))


@pytest.mark.parametrize("argument", ["shelf://news/none.jsonl", "shelf://news/*.jsonl", "shelf://news/"])
def test_what_names_nothing(argument: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["run", argument, "-o", str(tmp_path / "ds")]
    assert main(argv) == 1
    assert argument in capsys.readouterr().err
    assert main([*argv, "--allow-empty", "--quiet"]) == (1 if "none" in argument else 0)


@pytest.mark.parametrize(("scheme", "extra"), [("gs", "gcp"), ("s3", "aws"), ("azfs", "azure"), ("hdfs", "hadoop"), ("GS", "gcp")])
def test_an_extra_that_is_missing_is_named(
    scheme: str, extra: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.remote._is_installed", lambda module: False)
    assert main(["run", f"{scheme}://me:secret@bucket/x.jsonl", "-o", str(tmp_path / "ds")]) == 1
    said = capsys.readouterr().err
    assert f'pip install "apache-beam[{extra}]"' in said
    assert "secret" not in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "ds").exists()


@pytest.mark.parametrize(
    ("argument", "advice"), [("ftp://host/x.jsonl", "there is nothing that reads ftp://"), ("file:///x.txt", "path alone")]
)
def test_a_scheme_that_nobody_reads(argument: str, advice: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", argument, "-o", str(tmp_path / "ds")]) == 1
    assert advice in capsys.readouterr().err


def test_a_filesystem_that_is_not_set_up_says_so(shelf: type[Shelf], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shelf.files["shelf://news/a.jsonl"] = line(1)
    shelf.wrong["list"] = ValueError("shelf_host is not set")
    assert main(["run", "shelf://news/*", "-o", str(tmp_path / "ds")]) == 1
    said = capsys.readouterr().err
    assert "shelf_host is not set" in said
    assert "behind --" in said


def test_options_of_beam_reach_the_store_in_a_run_and_in_a_retry(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.files["shelf://news/a.jsonl"] = line(1)
    shelf.wrong["shelf://news/a.jsonl"] = BeamIOError("gone for lunch")
    dataset = str(tmp_path / "ds")
    for argv in (["run", "shelf://news/a.jsonl", "-o", dataset], ["retry", dataset]):
        shelf.hosts.clear()
        assert main([*argv, "--", "--hdfs_host=store.example"]) == 2
        assert set(shelf.hosts) == {"store.example"}
    assert all("store.example" not in path.read_text("utf-8") for path in (tmp_path / "ds" / "_runs").iterdir())


def test_other_verbs_take_no_options_of_beam(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compact", "ds", "--", "--hdfs_host=store.example"]) == 1
    assert "compact takes no options of Beam's" in capsys.readouterr().err


def test_what_is_remote() -> None:
    assert [is_remote(s) for s in ("gs://b/x", " S3://b/x", "hdfs://h/x", "x.txt", "http://e.org", "HTTPS://e.org", "C://x", "a:b")] == (
        [True, True, True] + [False] * 5
    )
