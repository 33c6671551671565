"""Damaged datasets, as every verb meets them: one sentence that names the file, exit code 1, and nothing made worse."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.dataset import Dataset, writing
from tests.torture.prepared_rows import article, commit_rows, figures, reject

VERBS = {
    "query": ["query", "OUT", "SELECT min(text) FROM articles"],
    "tables": ["query", "OUT"],
    "compact": ["compact", "OUT"],
    "forget": ["forget", "OUT", "--article", "0" * 32],
    "retry": ["retry", "OUT"],
    "doctor": ["doctor", "OUT"],
    "rerun": ["rerun", "OUT"],
}


def data(root: Path) -> Path:
    return min((root / "articles").rglob("*.parquet"))


def manifest(root: Path) -> Path:
    return max((root / "_runs").glob("0*.json"))


def without_file(root: Path) -> None:
    data(root).unlink()


def cut_short(root: Path) -> None:
    data(root).write_bytes(data(root).read_bytes()[:200])


def emptied(root: Path) -> None:
    data(root).write_bytes(b"")


def noise_inside(root: Path) -> None:
    content = bytearray(data(root).read_bytes())
    content[4:-2000] = random.Random(1).randbytes(len(content) - 2004)
    data(root).write_bytes(content)


def another_table(root: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), data(root))


def replaced(path: Path, make: Callable[[Path], None]) -> None:
    path.unlink()
    make(path)


def a_folder(root: Path) -> None:
    replaced(data(root), Path.mkdir)


def a_pipe(root: Path) -> None:
    replaced(data(root), os.mkfifo)


def a_device(root: Path) -> None:
    replaced(data(root), lambda path: path.symlink_to("/dev/zero"))


def manifest_a_pipe(root: Path) -> None:
    replaced(manifest(root), os.mkfifo)


def manifest_a_folder(root: Path) -> None:
    replaced(manifest(root), Path.mkdir)


def manifest_of_noise(root: Path) -> None:
    manifest(root).write_bytes(random.Random(1).randbytes(500))


def manifest_nested(root: Path) -> None:
    manifest(root).write_text("[" * 100_000, "utf-8")


def manifest_emptied(root: Path) -> None:
    manifest(root).write_bytes(b"")


def manifest_of_other_json(root: Path) -> None:
    manifest(root).write_text('{"format": 1, "content": null}', "utf-8")


def manifest_missing(root: Path) -> None:
    min((root / "_runs").glob("0*.json")).unlink()


def manifests_gone(root: Path) -> None:
    for path in (root / "_runs").iterdir():
        path.unlink()


def log_gone(root: Path) -> None:
    shutil.rmtree(root / "_runs")


def a_file_in_its_place(root: Path) -> None:
    shutil.rmtree(root)
    root.write_text("x", "utf-8")


def a_link_to_nowhere(root: Path) -> None:
    shutil.rmtree(root)
    root.symlink_to("nowhere")


DAMAGES: list[Callable[[Path], None]] = [
    *(without_file, cut_short, emptied, noise_inside, another_table, a_folder, a_pipe, a_device),
    *(manifest_a_pipe, manifest_a_folder, manifest_of_noise, manifest_nested, manifest_emptied, manifest_of_other_json, manifest_missing),
    *(manifests_gone, log_gone, a_file_in_its_place, a_link_to_nowhere),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("damage") / "ds"
    with writing(Dataset.create(root)) as writer:
        for number in range(2):
            of = [article(n) for n in range(number * 50, number * 50 + 50)]
            rows = {"articles": of, "figures": [f for each in of for f in figures(each)], "rejects": [reject(f"{number}.jsonl")]}
            commit_rows(writer, f"run{number}", "0000", rows)
    return root


def everything(root: Path) -> dict[str, bytes]:
    """All that a dataset holds, but for what it takes to look."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != "_lock" and "_staging" not in path.parts
    }


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_dataset(
    made: Path, tmp_path: Path, damage: Callable[[Path], None], verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "ds"
    shutil.copytree(made, root)
    damage(root)
    before = everything(root)
    code = main([os.fspath(root) if word == "OUT" else word for word in VERBS[verb]])
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    assert "LINE 1" not in said.err  # SQL of ours is nothing to a user
    assert len(said.err.splitlines()) <= 1
    assert everything(root) == before
    # What a verb need not read it cannot find damaged: `doctor` looks at all.
    needs_no_text = damage in (noise_inside, another_table) and verb in ("query", "tables", "retry", "forget", "rerun")
    assert code == 1 or needs_no_text, said
    assert code in (0, 1)


def test_the_file_is_named_and_what_to_do(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for damage in (without_file, cut_short, noise_inside, another_table, a_folder, a_pipe, a_device):
        root = tmp_path / damage.__name__
        shutil.copytree(made, root)
        damage(root)
        assert main(["compact", str(root)]) == 1
        said = capsys.readouterr().err
        assert ".parquet" in said, said
        assert "restore it from a backup" in said, said


@pytest.mark.parametrize("damage", [manifests_gone, log_gone])
def test_files_without_a_log_are_not_taken_for_a_new_dataset(
    made: Path, tmp_path: Path, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    root, source = tmp_path / "ds", tmp_path / "news.txt"
    source.write_text("Prices rose by 5% on Monday.", "utf-8")
    shutil.copytree(made, root)
    damage(root)
    before = everything(root)
    assert main(["run", str(source), "--output", str(root)]) == 1
    said = capsys.readouterr().err
    assert "holds 6 files of tables" in said and "restore _runs" in said and len(said.splitlines()) == 1
    assert everything(root) == before


def test_a_run_meets_a_pipe_in_the_place_of_a_file(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, source = tmp_path / "ds", tmp_path / "news.txt"
    source.write_text("Prices rose by 5% on Monday.", "utf-8")
    shutil.copytree(made, root)
    a_pipe(root)
    assert main(["run", str(source), "--output", str(root)]) == 1
    said = capsys.readouterr().err
    assert ".parquet: is no regular file" in said and len(said.splitlines()) == 1


def test_a_pipe_that_belongs_to_no_commit_and_one_as_the_lock(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "ds"
    shutil.copytree(made, root)
    os.mkfifo(data(root).with_name("strange.parquet"))
    assert main(["forget", str(root), "--article", article(1).article_id]) == 3
    assert "strange.parquet" in capsys.readouterr().err
    (root / "_lock").unlink()
    os.mkfifo(root / "_lock")
    assert main(["compact", str(root)]) == 1
    assert "_lock: is no regular file" in capsys.readouterr().err
    assert main(["query", str(root), "who-said-what"]) == 0


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["query", "OUT", 'SELECT "\udcff"'], "UTF-8"),
        (["rerun", "OUT", "--where", "outlet = '\udcff'"], "UTF-8"),
        (["rerun", "OUT", "--where", ""], "--where is empty"),
        (["rerun", "OUT", "--where", "1=1; DROP TABLE articles"], "--where"),
        (["forget", "OUT", "--article", "\udcff"], "UTF-8"),
        (["forget", "OUT", "--url", "http://[::1"], "no web address"),
    ],
)
def test_odd_words_for_a_dataset_that_is_whole(made: Path, argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(made)
    assert main([os.fspath(made) if word == "OUT" else word for word in argv]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
    assert everything(made) == before
