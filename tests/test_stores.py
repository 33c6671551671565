"""Datasets in object stores: addresses, what is said where a store cannot be used, leases, and the verbs as a user runs them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.dataset import Dataset, LockedError, NotADatasetError, writing
from pipeline.dataset.stores import lease, open_mirrors
from pipeline.dataset.stores.lease import Lease, holder_of
from pipeline.dataset.stores.mirror import Mirror
from pipeline.dataset.stores.store import Store
from pipeline.dataset.stores.store_address import address_of, shown
from pipeline.watch.status import findings
from tests.object_store import BUCKET, SECRET, Environ, Server, complaints, rows_in, serving
from tests.polling import WORDS
from tests.torture.prepared_rows import article, commit_rows, figures
from tests.watching import wait_until, watching

pytestmark = pytest.mark.service

ROOT = Path(f"s3://{BUCKET}/news")


@pytest.fixture(scope="module")
def one() -> Iterator[Server]:
    with serving() as made:
        yield made


def lead(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lead this process to a server, as one that has not been to any."""
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(open_mirrors, "_mirrors", {})


@pytest.fixture
def server(one: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    lead(one, monkeypatch)
    yield one
    one.answers = lambda _: None
    for key in one.keys(ROOT):
        one.client.delete_object(Bucket=BUCKET, Key=f"{ROOT.name}/{key}")


@pytest.fixture
def store(server: Server) -> Store:
    address = address_of(ROOT)
    assert address
    return Store.at(address)


def said(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence in which a command line ends that cannot do as it is asked."""
    assert main(argv) == 1
    told = capsys.readouterr()
    assert len(told.err.splitlines()) == 1
    assert SECRET not in told.err + told.out
    assert told.out == ""
    return told.err.removeprefix("factwire: ").rstrip()


# --- addresses


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("s3://wire/news/2026", "s3://wire/news/2026"),
        ("S3://wire/news/", "s3://wire/news"),
        ("gs://wire", "gs://wire"),
        ("az://wire/a=b/c_d.e", "az://wire/a=b/c_d.e"),
        ("news", None),
        ("/data/s3/news", None),
        ("./s3:/news", None),
        ("c:/news", None),
    ],
)
def test_what_is_an_address(given: str, meant: str | None, tmp_path: Path) -> None:
    path = Path(given) if not given.startswith("./") else tmp_path / given
    assert (str(address_of(path)) if address_of(path) else None) == meant
    assert shown(path) == (meant or str(path))


@pytest.mark.parametrize(
    "given", ["hdfs://name/news", "https://wire.example/news", "s3://wire/a?b", "s3://wire/a b", "s3://wire/a/../b", "gs://wire/*"]
)
def test_what_no_dataset_can_have(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotADatasetError):
        address_of(Path(given))
    assert "choose another" in (told := said(["query", given], capsys)) or "give one of these" in told


# --- what cannot be used


def test_what_is_not_there(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(["query", str(ROOT)], capsys) == f"s3://{BUCKET}/news: no dataset is there; name what `factwire run --output` wrote"
    for verb in (["query", "s3://nobodys/news"], ["run", "seeds/articles", "-o", "s3://nobodys/news"]):
        assert said(verb, capsys) == "s3://nobodys/news: there is no bucket nobodys; make it, or name another"


def test_what_is_something_else(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.put(ROOT, "holiday.jpg", b"")
    assert "a place with other content; choose a new or empty one" in said(["run", "seeds/articles", "-o", str(ROOT)], capsys)
    server.put(ROOT, "figures/day=2026-01-01/r-0000-0000.parquet", b"")
    assert "_head.json, which leads to the commits that added them, is missing" in said(["run", "seeds/articles", "-o", str(ROOT)], capsys)


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        ("403 Forbidden", "AccessDenied", "the store refuses it (AccessDenied); look after the credentials and what they may do there"),
        ("403 Forbidden", "InvalidAccessKeyId", "the store refuses it (InvalidAccessKeyId)"),
        ("400 Bad Request", "ExpiredToken", "the store refuses it (ExpiredToken)"),
    ],
)
def test_what_is_refused(server: Server, capsys: pytest.CaptureFixture[str], status: str, code: str, told: str) -> None:
    server.answers = lambda _: (status, f"<Error><Code>{code}</Code><Message>of {SECRET}</Message></Error>".encode())
    assert told in said(["query", str(ROOT)], capsys)


def test_a_right_to_read_alone(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(Dataset.create(ROOT)) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)], "figures": figures(article(1))})
    reads = {"GET", "HEAD"}
    server.answers = lambda e: None if e["REQUEST_METHOD"] in reads else ("403 Forbidden", b"<Error><Code>AccessDenied</Code></Error>")
    assert main(["query", str(ROOT), "SELECT count(*) AS n FROM figures", "--format", "csv"]) == 0
    assert capsys.readouterr().out.split() == ["n", "3"]
    assert main(["search", str(ROOT), "troops"]) == 0
    assert "so the index is made anew for each search" in capsys.readouterr().err
    assert "cannot be written, the store refuses it (AccessDenied)" in said(["compact", str(ROOT)], capsys)
    assert main(["doctor", str(ROOT)]) == 1
    assert "WRONG  s3://wire/news: cannot be written, the store refuses it (AccessDenied)" in capsys.readouterr().out


def test_a_store_that_does_not_answer(server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.dataset.stores.settings._RETRIES", {"max_retries": 1})
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert "it does not answer" in said(["query", str(ROOT)], capsys)


def test_no_credentials(server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "there are no credentials for it; set AWS_PROFILE or AWS_ACCESS_KEY_ID" in said(["query", str(ROOT)], capsys)


def test_a_profile_leads_to_it(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told = server.environment()
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    config = tmp_path / "config"
    config.write_text(
        f"[profile desk]\nregion = eu-west-1\nendpoint_url = {told['AWS_ENDPOINT_URL']}\n"
        f"aws_access_key_id = desk\naws_secret_access_key = {SECRET}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "desk")
    seen: list[str] = []
    server.answers = lambda e: seen.append(e.get("HTTP_AUTHORIZATION", ""))
    assert "no dataset is there" in said(["query", str(ROOT)], capsys)
    assert all("Credential=desk/" in each and "/eu-west-1/" in each for each in seen)
    monkeypatch.setattr(open_mirrors, "_mirrors", {})
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "The config profile (nobody) could not be found" in said(["query", str(ROOT)], capsys)


def test_a_library_that_is_not_installed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.dataset.stores.settings._NEEDED", {"gs": ("no_such_library",)})
    monkeypatch.setattr(open_mirrors, "_mirrors", {})
    assert 'install it with pip install "factwire[gs]"' in said(["query", "gs://wire/news"], capsys)


@pytest.mark.parametrize("header", ["HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH"])
def test_a_store_without_conditional_writes(server: Server, header: str, capsys: pytest.CaptureFixture[str]) -> None:
    def deaf(environ: Environ) -> None:
        environ.pop(header, None)

    server.answers = deaf
    assert "has no conditional writes (If-None-Match and If-Match)" in said(["run", "seeds/articles", "-o", str(ROOT)], capsys)
    assert [key for key in server.keys(ROOT) if key != "_head.json"] == []


def test_a_plain_run_loads_nothing_of_stores(tmp_path: Path) -> None:
    code = "import sys, pipeline.run, pipeline.dataset.views; print([m for m in ('obstore', 'boto3', 'fsspec', 'asyncio') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": "."})
    assert told.stdout.strip() == "[]"


# --- conditional writes and leases


def test_a_lost_answer_is_known_again(store: Store) -> None:
    """The library asks again where no answer came; the second time, what it has written itself stands in the way."""
    tag = store.create("a", b"mine")
    assert tag is not None
    assert store.create("a", b"mine") == tag
    assert store.create("a", b"another's") is None
    assert store.replace("a", b"next", tag) is not None
    assert store.replace("a", b"next", tag) is not None
    assert store.replace("a", b"third", tag) is None
    assert store.replace("none", b"there", tag) is None


def test_a_lease_has_one_holder(store: Store) -> None:
    first = Lease(store, "lease", "run")
    assert not first.taken_over
    with pytest.raises(LockedError, match=rf"another run \(process {os.getpid()} on .*\) is writing to it") as error:
        Lease(store, "lease", "run")
    assert error.value.exit_code == 75
    first.check()
    first.release()
    assert holder_of(store, "lease") is None
    second = Lease(store, "lease", "run")
    assert not second.taken_over
    second.release()


def test_a_lease_is_renewed_and_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "SECONDS", 1.0)
    monkeypatch.setattr(lease, "_SLACK", 1.0)
    held = Lease(store, "lease", "run")
    time.sleep(3)
    with pytest.raises(LockedError):
        Lease(store, "lease", "run")
    held._ended.set()  # its process is gone, but for what it may do when it wakes up
    held._thread.join()
    wait_until(lambda: holder_of(store, "lease") is None, "the lease ended")
    assert not held.is_held()
    with lease.leased(store, "lease") as other:
        assert other.taken_over
        with pytest.raises(LockedError, match="another has taken it"):
            held.check()
        assert other.is_held()


@pytest.mark.parametrize("ahead", [-86_400, 86_400])
def test_a_lease_goes_by_the_clock_of_the_store(store: Store, monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    """The clock of this machine is a day ahead, or behind."""
    clock = time.time
    held = Lease(store, "lease", "run")
    monkeypatch.setattr(time, "time", lambda: clock() + ahead)
    with pytest.raises(LockedError):
        Lease(store, "lease", "run")
    held.release()


def test_mirrors_go_with_their_processes(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    code = (
        "import os, sys, tempfile; from pathlib import Path; from pipeline.dataset.stores.open_mirrors import mirror_of;"
        f"print(mirror_of(Path({str(ROOT)!r})).root, flush=True); sys.argv[1:] and os._exit(1)"
    )
    environment = os.environ | {"PYTHONPATH": ".", "TMPDIR": str(tmp_path)}

    def folder(*arguments: str) -> Path:
        told = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, env=environment)
        return Path(told.stdout.strip())

    assert not folder().exists()
    left = folder("at once")
    assert left.exists()
    folder()
    assert not left.exists()


# --- the verbs


def write(folder: Path, *numbers: int) -> None:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        told = {"id": str(number), "text": f"{WORDS}Line {number}.", "title": f"Story {number}", "published_at": "2026-03-01"}
        (folder / f"{number}.jsonl").write_text(json.dumps(told) + "\n")


@pytest.mark.usefixtures("articles_only")
def test_the_verbs(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*argv: str) -> str:
        assert main(list(argv)) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    out, wire = shown(ROOT), tmp_path / "wire"
    write(wire, 1, 2, 3)
    told("run", str(wire), "-o", out)
    told("run", str(wire), "-o", str(tmp_path / "disk"))
    varying = ("run_id", "fetched_at")
    assert rows_in(ROOT, varying) == rows_in(tmp_path / "disk", varying)
    assert "nothing new" in (again := told("run", str(wire), "-o", out))
    assert f"dataset: {out} (" in again
    write(wire, 4)
    assert json.loads(told("run", str(wire), "-o", out, "--json"))["rows"] == {"articles": 1, "clusters": 1}
    assert "Story 2" in told("show", out, "story 2")
    assert "4 articles" in told("search", out, "line")
    assert "4 articles" in told("search", out, "line")
    assert "_index/search.sqlite" in server.keys(ROOT)
    assert "merged into" in told("compact", out)
    told("export", out, "--to", str(tmp_path / "tables"))
    assert (tmp_path / "tables" / "articles.csv").read_text("utf-8").count("Story") == 8  # titles, and the texts that begin with them
    assert f"read_parquet(['{out}/articles/day=" in told("views", out)
    article_id = told("query", out, "SELECT article_id FROM articles WHERE title = 'Story 3'", "--format", "csv").split()[-1]
    assert "forgotten: 1 row of articles" in told("forget", out, "--article", article_id)
    assert not [key for key in server.keys(ROOT) if key.startswith("_index") or b"Line 3" in server.body(ROOT, key)]
    assert "WRONG" not in told("doctor", out)
    assert told("query", out, "SELECT count(*) AS n FROM articles", "--format", "csv").split() == ["n", "3"]
    assert complaints(server, ROOT, rows_in(ROOT)) == []


def test_a_correction(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(Dataset.create(ROOT)) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)], "figures": figures(article(1))})
    row = figures(article(1))[0].row_id
    assert main(["correct", str(ROOT), row, "--drop", "--why", "it counts nothing"]) == 0
    assert main(["query", str(ROOT), "SELECT count(*) AS n FROM figures", "--format", "csv"]) == 0
    assert capsys.readouterr().out.split()[-1] == "2"
    assert main(["explain", str(ROOT), figures(article(1))[1].row_id]) == 0


def test_a_file_that_is_gone(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(Dataset.create(ROOT)) as writer:
        made = commit_rows(writer, "r", "0", {"articles": [article(1)], "figures": figures(article(1))})
    gone = next(added.path for added in made.adds if added.table == "figures")
    server.client.delete_object(Bucket=BUCKET, Key=f"{ROOT.name}/{gone}")
    assert "a committed file is missing or cannot be read" in said(["query", str(ROOT), "SELECT text FROM figures"], capsys)
    assert main(["doctor", str(ROOT)]) == 1
    assert f"WRONG  {shown(ROOT)}/{gone}: committed, but cannot be read" in capsys.readouterr().out


def test_damage_is_told_by_the_name_in_the_store(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(Dataset.create(ROOT)) as writer:
        commit_rows(writer, "r", "0", {"articles": [article(1)]})
    server.put(ROOT, "_runs/00000001-commit.json", b"{")
    open_mirrors._mirrors.clear()
    assert said(["query", str(ROOT)], capsys).startswith(f"s3://{BUCKET}/news/_runs/00000001-commit.json: damaged or cut short")


@pytest.mark.usefixtures("articles_only")
def test_a_watch(server: Server, tmp_path: Path) -> None:
    write(tmp_path / "wire", 1)
    with watching(tmp_path, str(tmp_path / "wire"), output=ROOT) as watch:
        watch.until(lambda: len(watch.heard.commits) == 1, "the first was committed")
        write(tmp_path / "wire", 2)
        watch.until(lambda: len(watch.heard.commits) == 2, "the second was committed")
        with pytest.raises(LockedError, match="another watch"), Mirror.held(open_mirrors.mirror_of(ROOT), "_watch/alive.json", "watch"):  # type: ignore[arg-type]
            pass
        assert any("is alive" in told for told, fine in findings(ROOT, watch.heard.commits[0].moment) if fine)
    assert rows_in(ROOT)["articles"].total() == 2
    assert any("was stopped" in told for told, _ in findings(ROOT, watch.heard.commits[0].moment))
