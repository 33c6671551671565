"""CONTRIBUTING.md and the pages it names: each recipe, applied to a copy of the repository, does what it says."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import __version__
from schemas.column import columns_of
from schemas.tables import FACT_TABLES, TABLES
from tests.engines import ROOT

PAGE = ROOT / "CONTRIBUTING.md"
WHOLE = ("pipeline", "schemas", "seeds", "transforms", "tests")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "cases", "bench", "quality", "*.xz")


def recipe(title: str) -> list[tuple[str, list[str]]]:
    """The changes of a section: the path of each, and its lines with what marks them."""
    (section,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    blocks = [block.splitlines() for block in re.findall(r"```diff\n(.*?)```", section, re.DOTALL)]
    return [(head, lines) for head, *lines in blocks]


def apply(root: Path, head: str, lines: list[str]) -> None:
    """Make one change. It must fit the file in exactly one place: else the page tells of a repository that is no more."""
    path = root / head[4:]
    assert {line[:1] or " " for line in lines} <= {" ", "+", "-"}, f"{head}: a line is marked by nothing"
    after = "\n".join(line[1:] for line in lines if line[:1] != "-")
    if head.startswith("+++ "):
        assert not path.exists(), f"{path} is there already"
        path.parent.mkdir(exist_ok=True)
        path.write_text(after + "\n", "utf-8")
        return
    before = "\n".join(line[1:] for line in lines if line[:1] != "+")
    text = path.read_text("utf-8")
    assert text.count(before) == 1, f"{head}: stands there {text.count(before)} times:\n{before}"
    path.write_text(text.replace(before, after), "utf-8")


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the repository with the recipe of that title applied; of the cases it has only those of the recipe."""

    def made(title: str) -> Path:
        root = tmp_path / "copy"
        for folder in WHOLE:
            shutil.copytree(ROOT / folder, root / folder, ignore=LEFT_OUT)
        for file in ("pyproject.toml", "README.md", "requirements.lock"):
            shutil.copy(ROOT / file, root / file)
        (root / "tests" / "cases").mkdir()
        changes = recipe(title)
        assert changes
        for head, lines in changes:
            if head.startswith("+++ "):
                (root / head[4:]).parent.mkdir(exist_ok=True)
            apply(root, head, lines)
        return root

    return made


def done(root: Path, *command: str, **environment: str) -> str:
    """What a command prints there. It must end well."""
    path = os.environ | {"PYTHONPATH": str(root)} | environment
    ran = subprocess.run([sys.executable, "-m", *command], cwd=root, env=path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, (ran.stdout + ran.stderr)[-4000:]
    return ran.stdout


def passing(root: Path, *tests: str, **environment: str) -> str:
    return done(root, "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", *tests, **environment)


def raised(root: Path, table: str) -> None:
    """Raise the version of a table by one and write the golden text. Without that, it is refused."""
    with pytest.raises(AssertionError, match=f"raise the version in schemas/ of {table}s first"):
        passing(root, "tests/test_schemas.py", "-k", "changed_column", UPDATE_GOLDEN="1")
    path = root / "schemas" / f"{table}.py"
    declared = re.compile(rf'(?<=@table\("{table}s", version=)\d+')
    path.write_text(declared.sub(lambda m: str(int(m[0]) + 1), path.read_text("utf-8")), "utf-8")
    passing(root, "tests/test_schemas.py", UPDATE_GOLDEN="1")


@pytest.mark.parametrize(("title", "cases"), [("A unit", 1), ("A verb of saying", 1), ("A rule", 1)])
def test_what_is_one_line_or_one_rule(title: str, cases: int, changed: Callable[[str], Path]) -> None:
    root = changed(title)
    assert f"{cases} passed" in passing(root, "tests/test_cases.py::test_case")
    if title == "A rule":
        listed = done(root, "pipeline", "schema", "--rules", COLUMNS="400")
        assert re.search(r"dates\W+small-hours\W.*the night with which the day begins", listed), listed


def test_a_case_fails_without_its_recipe(changed: Callable[[str], Path]) -> None:
    """Else the tests above would hold whatever the recipes do."""
    root = changed("A unit")
    shutil.copy(ROOT / "transforms" / "lexicons" / "figures-units.toml", root / "transforms" / "lexicons")
    with pytest.raises(AssertionError, match="no row has"):
        passing(root, "tests/test_cases.py::test_case")


def test_a_source(changed: Callable[[str], Path]) -> None:
    root = changed("A source")
    raised(root, "article")
    passing(root, "tests/test_schemas.py", "tests/test_layers.py", "-k", "golden or version or packages or floor or below")
    (root / "in").mkdir()
    (root / "in" / "note.md").write_text("# Mill to *close*\n\nThe mill in Oslo cut 40 jobs on Friday.\n", "utf-8")
    (root / "in" / "bytes.md").write_bytes(bytes(range(256)) * 4)
    done(root, "pipeline", "run", "in", "-o", "ds", "--workers", "1", "--max-bad", "1")
    rows = json.loads(
        done(
            root,
            "pipeline",
            "query",
            "ds",
            "SELECT a.title, a.input_format, f.counted FROM articles a JOIN figures f USING (article_id)",
            "--format",
            "json",
        )
    )
    assert rows == [{"title": "Mill to *close*", "input_format": "md", "counted": "jobs"}]
    wrong = json.loads(done(root, "pipeline", "query", "ds", "SELECT reason FROM rejects", "--format", "json"))
    assert wrong == [{"reason": "binary"}]


def test_a_table(changed: Callable[[str], Path]) -> None:
    """In a dataset of before there is none of it until its articles are extracted again."""
    root = changed("A table")
    raised(root, "article")
    passing(root, "tests/test_schemas.py", "tests/test_layers.py", "-k", "golden or version or packages or floor or below or begin")
    assert "2 passed" in passing(root, "tests/test_cases.py")
    dataset = str(root / "ds")
    (root / "one.txt").write_text("Norvia obeys Regulation (EU) 2016/679, the minister said on Monday.", "utf-8")
    (root / "two.txt").write_text("Directive 95/46 is no more, the ministry said.", "utf-8")
    before = subprocess.run(
        (sys.executable, "-m", "pipeline", "run", str(root / "one.txt"), "-o", dataset, "--workers", "1"),
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert before.returncode == 0, before.stderr
    sql = "SELECT a.law_count, l.number, l.rule FROM laws l JOIN articles a USING (article_id) ORDER BY l.number"
    rows = [{"law_count": 1, "number": number, "rule": "union-number"} for number in ("2016/679", "95/46")]
    query = ("pipeline", "query", dataset, sql, "--format", "json")
    assert json.loads(done(root, *query)) == []
    done(root, "pipeline", "run", "two.txt", "-o", dataset, "--workers", "1")
    assert json.loads(done(root, *query)) == rows[1:]
    done(root, "pipeline", "rerun", dataset, "--workers", "1")
    assert json.loads(done(root, *query)) == rows


def test_every_section_is_tested() -> None:
    sections = re.findall(r"^## (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sections == ["A unit", "A verb of saying", "A rule", "A source", "A table", "A release"]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")))])
def test_what_a_page_points_to_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
    named = re.findall(
        r"`((?:pipeline|transforms|schemas|tests|docs|deploy|findings)/[\w./-]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_changelog_is_in_versions() -> None:
    """The newest first; what is not released is on top, and is ahead of what the code calls itself only if there is a release of that."""
    heads = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heads[0] == "Unreleased"
    released = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) \(\d{4}-\d\d-\d\d\)", head) for head in heads[1:]]
    assert all(released), heads
    numbers = [tuple(map(int, m.groups())) for m in released if m]
    assert numbers == sorted(set(numbers), reverse=True)
    assert not numbers or ".".join(map(str, numbers[0])) == __version__


def test_a_search_for_a_column_by_its_full_name_finds_where_it_is_decided() -> None:
    table = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("| column | decided in |")[2].partition("\n## ")[0]
    decided = dict(re.findall(r"^\| ([a-z]+\.[a-z_]+) \| `(.*)` \|$", table, re.MULTILINE))
    assert len(decided) >= 10
    for column, file in decided.items():
        name, _, field = column.partition(".")
        assert field in {c.name for c in columns_of(TABLES[name])}
        found = [
            path
            for path in (ROOT / "transforms").rglob("*.py")
            if f"({column})" in (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
        ]
        assert [str(path.relative_to(ROOT)) for path in found] == [file], column


def test_the_architecture_page_says_where_every_column_is_made() -> None:
    section = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## Where a column is made")[2].partition("\n## ")[0]
    made: dict[str, set[str]] = {}
    table = ""
    for row in re.findall(r"^\| (.*) \|$", section, re.MULTILINE)[1:]:
        named, columns, _ = (cell.strip() for cell in row.split(" | ")) if not row.startswith("|") else ("", *row[2:].split(" | "))
        table = named or table
        made.setdefault(table, set()).update(columns.split(", "))
    shared = made.pop("every fact table") | {"run_id"}
    assert made.pop("rejects") == {"all"}
    assert made.keys() == TABLES.keys() - {"rejects"}
    for name, columns in made.items():
        declared = {c.name for c in columns_of(TABLES[name])}
        assert columns | (shared if name in FACT_TABLES else {"run_id"}) == declared, name
