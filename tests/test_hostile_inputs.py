"""Every input of tests/hostile.toml is covered by a test that carries its number, or is listed there as missing."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
LIST = tomllib.loads((TESTS / "hostile.toml").read_text("utf-8"))
TITLES = {int(number): title for name, group in LIST.items() if name != "missing" for number, title in group.items()}


def marked(tree: ast.AST) -> Iterator[int]:
    """The numbers of all `pytest.mark.hostile(...)` in a file, on functions, classes, parameters or the whole."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.hostile":
            yield from (int(ast.literal_eval(argument)) for argument in call.args)


def covered() -> dict[int, set[str]]:
    """The files that cover each number."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for path in sorted(TESTS.glob("test_*.py")):
        for number in marked(ast.parse(path.read_text("utf-8"))):
            found[number].add(path.name)
    return dict(found)


def test_the_list_is_whole() -> None:
    assert set(TITLES) == set(range(1, 99))
    assert len(set(TITLES.values())) == 98
    assert LIST["missing"] == sorted(set(LIST["missing"]) & set(TITLES))


def test_tests_name_inputs_of_the_list() -> None:
    assert covered().keys() <= TITLES.keys()


def test_every_input_is_covered() -> None:
    missing = set(LIST["missing"])
    assert {n: TITLES[n] for n in sorted(TITLES.keys() - covered().keys() - missing)} == {}
    assert {n: files for n, files in covered().items() if n in missing} == {}  # no longer missing: take them off the list
