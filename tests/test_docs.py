"""docs/: what is shown there is what happens, every command is one that factwire takes, and the generated pages are those of the code."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import typer.main

from pipeline.cli import app
from tests.engines import ROOT
from tests.generated import PAGES
from transforms.annotate.tokens import lemma_of

DOCS = ROOT / "docs"
MARK = "=== "
WITH_COMMANDS = ["README.md", *(f"docs/{page.name}" for page in sorted(DOCS.glob("*.md")))]


def blocks(page: str, kind: str) -> list[str]:
    """What stands between fences of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)


def commands_of(page: str) -> list[str]:
    """Every line of a page that calls factwire."""
    shown = [line.removeprefix("$ ") for block in blocks(page, "console") for line in block.splitlines() if line.startswith("$ ")]
    listed = [line for kind in ("", "sh", "sh not-run") for block in blocks(page, kind) for line in block.replace("\\\n", " ").splitlines()]
    in_sentences = re.findall(r"`(factwire [a-z][^`…]*)`", re.sub(r"```.*?```", "", (ROOT / page).read_text("utf-8"), flags=re.DOTALL))
    return [line for line in (*shown, *listed, *in_sentences) if line.startswith("factwire ")]


def taken(line: str) -> None:
    """Raises for a verb or an option that is not there."""
    words = shlex.split(re.split(r" [|>&] | && ", line.partition(" -- ")[0])[0], comments=True)
    command = typer.main.get_command(app)
    context = command.make_context("factwire", [words[1]], resilient_parsing=True)
    for word in list(words[1:]):
        below = getattr(command, "commands", {}).get(word)
        if below is None:
            break
        command, words = below, words[1:]
    command.make_context(command.name, words[1:], parent=context)


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_factwire_takes_every_line(page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copy(ROOT / "seeds" / "start" / "factwire.toml", tmp_path)  # as it lies where a reader of the tutorial and the how-to is
    monkeypatch.chdir(tmp_path)
    lines = commands_of(page)
    assert lines or page not in ("README.md", "docs/tutorial.md", "docs/how-to.md")
    for line in lines:
        if words_that_stand_for_others(line):
            continue
        try:
            taken(line)
        except Exception as error:
            pytest.fail(f"{line}: {error}")


def words_that_stand_for_others(line: str) -> bool:
    """Whether a sentence names a verb alone, or with OUT and the like: those are not whole."""
    return len(line.split()) < 3 or re.search(r"\b[A-Z]{3,}\b", line.partition(" -- ")[0].replace("SELECT", "").split('"')[0]) is not None


# --- run


def in_bash(script: str, folder: Path) -> str:
    """What a script prints in which `factwire` is ours. It must end well."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / "factwire").write_text(f'#!/bin/sh\nexec {sys.executable} -m pipeline "$@"\n', "utf-8")
    (programs / "factwire").chmod(0o755)
    environment = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "100", "ROOT": str(ROOT)}
    (folder / "here").mkdir()
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script], cwd=folder / "here", env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def shown(block: str) -> list[tuple[str, str]]:
    """The commands of a console, each with what is shown below it."""
    return [(first, rest) for first, _, rest in (part.partition("\n") for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:])]


def fits(output: str, told: str) -> bool:
    """Whether an output is what is told of it: `…` in a line stands for anything there, alone on a line for any lines."""
    pattern = "".join(r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in told.splitlines())
    return re.fullmatch(pattern, output) is not None


def test_what_fits() -> None:
    assert fits("a\nb\nc\n", "a\n…\n") and fits("a 1 b\n", "a … b\n") and fits("", "…\n")
    assert not fits("a\nb\n", "a\n") and not fits("a 1 b\n", "a … c\n")


@pytest.mark.slow
def test_the_tutorial_shows_what_happens(tmp_path: Path) -> None:
    steps = [step for block in blocks("docs/tutorial.md", "console") for step in shown(block)]
    assert len(steps) >= 12
    script = "".join(f"echo '{MARK}{number}'\n{command}\n" for number, (command, _) in enumerate(steps))
    outputs = re.split(rf"^{MARK}\d+\n", in_bash(script, tmp_path), flags=re.MULTILINE)[1:]
    for (command, told), output in zip(steps, outputs, strict=True):
        assert fits(output, told), f"$ {command}\n{output}\n--- the page has\n{told}"


@pytest.mark.slow
def test_the_how_to_works(tmp_path: Path) -> None:
    runnable = blocks("docs/how-to.md", "sh")
    assert len(runnable) >= 4
    in_bash("\n".join(runnable), tmp_path)


def test_the_lemma_that_contributing_warns_of() -> None:
    (line, lemma) = re.findall(r"^\$ .*lemma_of\((.*?)\)\)\"\n(.*)$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)[0]
    assert lemma_of(*(word.strip(" '") for word in line.split(","))) == lemma


# --- generated


@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_are_those_of_the_code(page: str) -> None:
    path, now = DOCS / page, "\n".join(PAGES[page]()) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(now, "utf-8")
    assert path.read_text("utf-8") == now, f"docs/{page} is not what the code says: UPDATE_GOLDEN=1 python -m pytest tests/test_docs.py"


def test_the_query_of_the_picture_is_the_one_that_is_shown() -> None:
    sql = (DOCS / "not-done.sql").read_text("utf-8")
    assert f"```sql\n{sql}```" in (ROOT / "README.md").read_text("utf-8")
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE articles (article_id TEXT, version INT, is_canonical BOOL)")
        connection.execute("CREATE TABLE facts (article_id TEXT, version INT, status TEXT)")
        connection.execute("INSERT INTO articles VALUES ('a', 1, true), ('b', 1, false)")
        connection.execute("INSERT INTO facts VALUES ('a', 1, 'refused'), ('a', 1, 'occurred'), ('b', 1, 'refused'), ('a', 1, 'refused')")
        assert connection.execute(sql).fetchall() == [("refused", 2)]
    assert (DOCS / "not-done.png").read_bytes().startswith(b"\x89PNG")


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    assert [page.name for page in DOCS.glob("*.md") if page.name != "README.md" and f"]({page.name})" not in index] == []
