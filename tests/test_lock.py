"""The same rows on every Python that we name: requirements.lock gives each of them the same versions, and they are what is installed."""

import re
import sys
import tomllib
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

HOME = Path(__file__).parent.parent
LOCK = [Requirement(line.rstrip(" \\")) for line in (HOME / "requirements.lock").read_text("utf-8").splitlines() if line[:1].isalnum()]
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]
PYTHONS = [f"3.{minor}" for minor in range(11, 15)]

# What has one version for one Python and another for the next, and why that is right.
SEVERAL: Final = {
    "spacy": "from 3.8.8 on it needs 2.7 times the processor time, 3.8.4 has no wheels for 3.13, nothing before 3.8.11 for 3.14; one model for all",
}


def locked(python: str) -> dict[str, str]:
    """What the lock file installs on that Python, on Linux: name -> version."""
    where = {**default_environment(), "python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    return {each.name: str(each.specifier) for each in LOCK if each.marker is None or each.marker.evaluate(where)}


def test_each_package_has_one_version_for_all_pythons() -> None:
    versions = defaultdict(set)
    for python in PYTHONS:
        for name, wanted in locked(python).items():
            versions[name].add(wanted)
    assert {name for name, found in versions.items() if len(found) > 1} == set(SEVERAL)


def test_what_only_some_pythons_install_decides_no_rows() -> None:
    everywhere, anywhere = set(locked(PYTHONS[0])), set(locked(PYTHONS[0]))
    for python in PYTHONS[1:]:
        everywhere &= set(locked(python))
        anywhere |= set(locked(python))
    # Parts of the standard library for older Pythons, and spaCy's names of languages, which nothing of ours asks for.
    assert anywhere - everywhere <= {
        "importlib-metadata",
        "lazy-importer",
        "zipp",
        "backports-tarfile",
        "tomli",
        "langcodes",
        "language-data",
    }


def test_the_pythons_are_those_that_the_project_names() -> None:
    named = SpecifierSet(PROJECT["requires-python"])
    assert [f"3.{minor}" for minor in range(20) if named.contains(f"3.{minor}.0")] == PYTHONS


def test_each_line_is_pinned_and_has_no_address() -> None:
    text = (HOME / "requirements.lock").read_text("utf-8")
    assert all(re.fullmatch(r"==[^,*]+", str(each.specifier)) for each in LOCK)
    assert "://" not in text and "--index" not in text


@pytest.mark.parametrize("name", sorted(locked(".".join(map(str, sys.version_info[:2])))))
def test_what_is_installed_is_what_is_locked(name: str) -> None:
    assert f"=={version(name)}" == locked(".".join(map(str, sys.version_info[:2])))[name]
