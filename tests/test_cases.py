"""The case files: one text, why it is here, and the rows that must (or must not) come out of it.

A case is tests/cases/<table>/<name>.toml:
    text = "..."            the article
    why = "..."             what goes wrong without the rule
    rule = "..."            the rule that it is about, by its name in transforms/lexicons/rules/<table>.toml (optional)
    published = 2024-05-06  (optional)
    [[expect]]              a row that must be there: every column named has this value; `text` alone is a column too
    [[absent]]              no row may have all of these values
    only = true             no rows but the expected ones (so that a case without expect asks for no row at all)
`null = ["column", ...]` inside an expect names columns that must be null.
`quoted = ["...", ...]` gives the words of a quote's stretches in marks.
`argument_texts = ["complement: ..."]` gives a fact's further participants by role.
`*_text` (speaker_actor_text, subject_actor_text, date_text, quote_text, ...) stands for the canonical name of the actor, or the words of
the date or quote, of that id column.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import rows_in

CASES = Path(__file__).parent / "cases"
FILES = sorted(CASES.glob("*/*.toml"))


def value_of(row: Any, column: str, names: dict[str, str]) -> Any:
    if column.endswith(("actor_text", "date_text", "quote_text")):
        return names.get(getattr(row, column.removesuffix("_text") + "_id"))
    if column == "quoted":
        return [row.text[s.start - row.start : s.end - row.start] for s in row.quoted]
    if column == "argument_texts":
        return [f"{a.role}: {a.text}" for a in row.arguments]
    return getattr(row, column)


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and found is not None:
        return bool(abs(found - wanted) <= 1e-9 * max(1.0, abs(wanted)))
    if isinstance(wanted, list):
        return [i if isinstance(i, str) else dict_of(i) for i in found or ()] == wanted
    return bool(found == wanted)


def dict_of(item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


def matches(row: Any, wanted: dict[str, Any], names: dict[str, str]) -> bool:
    nulls = wanted.get("null", [])
    return all(same(value_of(row, c, names), v) for c, v in wanted.items() if c != "null") and all(getattr(row, c) is None for c in nulls)


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    assert case["why"], "a case says why it is here"
    rows = rows_in(case["text"], case.get("published"))
    names = {a.actor_id: a.canonical_name for a in rows.actors} | {r.row_id: r.text for r in (*rows.dates, *rows.quotes)}
    left = list(getattr(rows, path.parent.name))
    shown = "\n".join(str({k: v for k, v in dict_of(r).items() if v not in (None, "", ())}) for r in left)
    for wanted in case.get("expect", []):
        hit = next((r for r in left if matches(r, wanted, names)), None)
        assert hit is not None, f"no row has {wanted}; rows are:\n{shown}"
        left.remove(hit)
    for unwanted in case.get("absent", []):
        assert not any(matches(r, unwanted, names) for r in getattr(rows, path.parent.name)), f"a row has {unwanted}; rows are:\n{shown}"
    if case.get("only"):
        assert not left, f"rows beyond the expected ones: {[r.text for r in left]}"


def test_every_rule_is_listed_and_has_a_case() -> None:
    """A rule without a name, a reason and a case is none."""
    for path in sorted(CASES.glob("*")):
        rules = tomllib.loads((CASES.parent.parent / "transforms" / "lexicons" / "rules" / f"{path.name}.toml").read_text("utf-8"))
        cases = [tomllib.loads(f.read_text("utf-8")) for f in path.glob("*.toml")]
        used = {r.rule for c in cases for r in getattr(rows_in(c["text"], c.get("published")), path.name)}
        assert used <= set(rules), f"{path.name}: rules without an entry: {sorted(used - set(rules))}"
        covered = used | {c["rule"] for c in cases if "rule" in c}
        assert set(rules) <= covered, f"{path.name}: rules without a case: {sorted(set(rules) - covered)}"
        assert all(r["reason"] for r in rules.values())
