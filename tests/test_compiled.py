"""The rules compiled (`make compiled`): the wheel gives the rows that the plain files give, and says what they say."""

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.engines import ROOT
from tests.needs import needs

DECIDE_ROWS = ("cases", "handover", "user_data", "token_tree")  # tests that are run once more over the compiled rules

# Prints where the rules were loaded from, then the rows of each article that we bring, as they come out of a pickle.
ROWS = """
import json, pickle, sys
from dataclasses import asdict
from pathlib import Path
from pipeline.api import article_of_text
from transforms.annotate.language import recognised
from transforms.annotate.model import annotated
from transforms.extract import EXTRACTORS
from transforms.flow.drafts import Drafts
from transforms.link import head_of, linked
from transforms.actors import names
print(names.__file__)
texts = [json.loads(line)["text"] for line in Path("seeds/wikinews.jsonl").read_text("utf-8").splitlines()]
for each in annotated([recognised(article_of_text(text, published_at=None)) for text in texts]):
    found = pickle.dumps((head_of(each), {kind: tuple(extract(each)) for kind, extract in EXTRACTORS.items()}))
    head, drafts = pickle.loads(found)
    rows = asdict(linked(head, Drafts(**drafts)))
    del rows["article"]["fetched_at"]
    print(json.dumps(rows, default=str))
"""


def done(*command: str | Path, cwd: Path, **environment: str) -> str:
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment
    run = subprocess.run(command, cwd=cwd, env=own, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    return run.stdout


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked, and the tests beside it: a checkout whose rules are compiled."""
    folder = tmp_path_factory.mktemp("compiled")
    done("sh", ROOT / ".ci" / "compiled", cwd=ROOT, PYTHON=sys.executable, TO=str(folder / "wheel"))
    (wheel,) = (folder / "wheel").glob("factwire-*.whl")
    checkout = folder / "checkout"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(checkout)
    shutil.copytree(ROOT / "tests", checkout / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", checkout)
    return checkout


def test_nothing_is_asked_of_a_display_in_a_form_that_the_compiler_does_not_take() -> None:
    """mypyc ends with an internal error at `x in (*those, y)`; `x in {*those, y}` is the same question."""
    found = [
        f"{file.relative_to(ROOT)}:{question.lineno}"
        for file in sorted((ROOT / "transforms").rglob("*.py"))
        for question in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(question, ast.Compare)
        for shown in question.comparators
        if isinstance(shown, ast.Tuple | ast.List) and any(isinstance(each, ast.Starred) for each in shown.elts)
    ]
    assert not found


@pytest.mark.compiled
@needs("compiler")
def test_the_rows_are_the_same(compiled: Path) -> None:
    plain, fast = (done(sys.executable, "-c", ROWS, cwd=where).splitlines() for where in (ROOT, compiled))
    assert Path(fast[0]).is_relative_to(compiled) and Path(fast[0]).suffix in (".so", ".pyd")
    assert Path(plain[0]).suffix == ".py"
    assert len(plain) > 50 and fast[1:] == plain[1:]


@pytest.mark.compiled
@needs("compiler")
def test_the_cases_hold(compiled: Path) -> None:
    files = [f"tests/test_{name}.py" for name in DECIDE_ROWS]
    done(sys.executable, "-m", "pytest", "--numprocesses", "2", *files, cwd=compiled)


@pytest.mark.compiled
@needs("compiler")
def test_a_run_works(compiled: Path, tmp_path: Path) -> None:
    run = ("-m", "pipeline", "run", "seeds/wikinews.jsonl", "--json", "--workers", "2", "--output", str(tmp_path / "facts"))
    account = json.loads(done(sys.executable, *run, cwd=compiled))
    assert account["articles"] > 50 and account["rejects"] == 0


@pytest.mark.compiled
@needs("compiler")
def test_the_wheel_holds_the_licence_of_the_compilers_runtime(compiled: Path) -> None:
    (notices,) = compiled.glob("factwire-*.dist-info/licenses/THIRD_PARTY_NOTICES.md")
    assert "Copyright (c) 2012-2023 Jukka Lehtosalo" in notices.read_text("utf-8")
