"""Options in factwire.toml, and the folder that `factwire init` makes: what counts, what is refused, that all of it is true."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer.main

import seeds
from pipeline.cli import app, main
from pipeline.config_file import VERBS

START = Path(seeds.__file__).parent / "start"
TEXT = "Ann Lee sold 12 boats on Friday.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with an article in each of two others."""
    monkeypatch.chdir(tmp_path)
    for name in ("in", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(TEXT, "utf-8")
    return tmp_path


def plan(capsys: pytest.CaptureFixture[str], *argv: str) -> list[str]:
    """The sources that a run would read."""
    assert main(["run", "--dry-run", "--json", *argv]) == 0
    return list(json.loads(capsys.readouterr().out)["sources"])


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(["run", "--dry-run", *argv]) == 1
    told = capsys.readouterr().err
    assert told.startswith("factwire: ") and told.count("\n") == 1
    return told.removeprefix("factwire: ").strip()


def test_the_file_of_the_folder_counts_and_the_command_line_wins(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "factwire.toml").write_text('[run]\nsources = ["in"]\noutput = "facts"\n', "utf-8")
    assert plan(capsys) == ["in/in.txt"]
    assert plan(capsys, "other") == ["other/other.txt"]
    assert plan(capsys, "other", "in") == ["in/in.txt", "other/other.txt"]
    assert main(["run", "--output", "facts2", "--dry-run"]) == 0


def test_a_file_elsewhere_names_paths_from_where_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "factwire.toml").write_text("this is not looked at", "utf-8")
    file = folder / "other" / "my.toml"
    file.write_text(f'workers = 1\n[run]\nsources = [".", "{folder}/in"]\noutput = "../facts"\nlexicons = "words"\n', "utf-8")
    assert refused(capsys, "--config", "other/my.toml").startswith("other/words")
    file.write_text(file.read_text("utf-8").replace('lexicons = "words"', ""), "utf-8")
    assert sorted(plan(capsys, "--config", "other/my.toml")) == sorted([f"{folder}/in/in.txt", "other/./other.txt"])
    monkeypatch.chdir(folder / "other")
    assert "./other.txt" in plan(capsys, "--config", "my.toml")


def test_what_stands_above_the_tables_is_for_each_verb_that_has_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "factwire.toml").write_text('published-at = 2025-05-06\nmax-bad = 2\n[rerun]\nwhere = "true"\n', "utf-8")
    assert "--max-bad is a share from 0 to 1, not 2.0" in refused(capsys, "in", "-o", "facts")
    assert main(["extract", "in/in.txt", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["article"]["published_local_date"] == "2025-05-06"
    assert main(["rerun", "facts"]) == 1
    assert "no such folder" in capsys.readouterr().err  # it takes neither max-bad nor published-at, and they are none of its business


WRONG = {
    "[run]\nmax_bad = 1": "run.max_bad is no option that may stand there; did you mean max-bad?",
    "nonsense = 1": "nonsense is no option that may stand there; there are ",
    "[rum]\nlimit = 1": "table rum is no option that may stand there; did you mean run?",
    "[rerun]\nsources = []": "rerun.sources is no option that may stand there; ",
    "[query]\nlimit = 3": "table query is no option that may stand there; ",
    "[run]\nstrict = 'yes'": "strict is true or false, not 'yes'",
    "[run]\nsources = 'in'": "sources is a list, not 'in'",
    "[run]\nlimit = [3]": "limit is a text, a number or a date, not [3]",
    "limit = true": "limit is a text, a number or a date, not True",
    "[run]\nconfig = 'b.toml'": "run.config is no option that may stand there; ",
    "[run\n": "is no TOML: ",
    "[run]\nx = 'b\0'": "is no TOML: ",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_one_sentence(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "factwire.toml").write_text(text, "utf-8")
    assert refused(capsys, "in", "-o", "facts").startswith(f"factwire.toml: {WRONG[text]}")


def test_a_file_that_is_not_there_or_no_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "in", "-o", "facts", "--config", "none.toml").startswith("none.toml: cannot be read (No such file")
    (folder / "bytes.toml").write_bytes(b"\xff\xfe")
    assert refused(capsys, "in", "-o", "facts", "--config", "bytes.toml").startswith("bytes.toml: is no TOML: ")


def test_help_and_completion_do_not_look_at_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "factwire.toml").write_text("nonsense = 1", "utf-8")
    command = typer.main.get_command(app)
    context = command.make_context("factwire", ["run"], resilient_parsing=True)
    command.commands["run"].make_context("run", [], parent=context, resilient_parsing=True)  # type: ignore[attr-defined]


def test_every_verb_that_takes_it_has_it() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert {name for name, command in commands.items() if any("--config" in each.opts for each in command.params)} == set(VERBS)


# --- factwire init


def test_init_makes_a_folder_in_which_a_run_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "my news"
    assert main(["init", str(made)]) == 0
    *files, _, now = capsys.readouterr().out.splitlines()
    assert sorted(files) == sorted(str(path) for path in made.rglob("*") if path.is_file())
    assert main(["init", str(made)]) == 1
    assert "nothing is written over" in capsys.readouterr().err
    cd, run, query = (shlex.split(each) for each in now.removeprefix("now: ").split(" && "))
    monkeypatch.chdir(cd[1])
    assert main([*run[1:], "--json", "--dry-run"]) == 0  # what comes of it, test_dist.py and test_docs.py see
    account = json.loads(capsys.readouterr().out)
    assert (account["records"], account["rejects"], len(account["sources"])) == (10, 0, 3)
    assert query[:3] == ["factwire", "query", tomllib.loads((made / "factwire.toml").read_text("utf-8"))["run"]["output"]]


def test_all_that_is_commented_out_may_be_let_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each option that the file proposes is one; with all of them it is only the files that they name that are missing."""
    let_in = re.sub(r"^# (?=[\w-]+ = )", "", (START / "factwire.toml").read_text("utf-8"), flags=re.MULTILINE)
    assert len(tomllib.loads(let_in)["run"]) == 6
    (folder / "factwire.toml").write_text(let_in, "utf-8")
    assert refused(capsys).startswith("lexicons: ")
    (folder / "factwire.toml").write_text(re.sub(r"^(lexicons|gazetteer) = .*\n", "", let_in, flags=re.MULTILINE), "utf-8")
    assert "articles" in refused(capsys)


def test_the_list_of_feeds_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.fetch.feed_list import feed_list

    (feed,) = feed_list([], START / "feeds.toml").feeds
    assert (feed.address, feed.outlet, feed.full_text) == ("https://news.example/feed.xml", "Example News", False)
