"""Corrections as case files: what a person has put right becomes a test of the rules (tests/test_cases.py tells their form)."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any, Final

from pipeline.answers.lookup import records
from pipeline.dataset import Dataset
from pipeline.dataset.stores.store_address import shown
from pipeline.dataset.views import connect, steadily
from pipeline.options import UsageError
from schemas.column import columns_of
from schemas.fact_row import FactRow
from schemas.tables import FACT_TABLES

_CORRECTED: Final = """
SELECT c.*, a.published_local_date AS published,
       trim(replace(sentence_before(a.text, c.start) || c.text || sentence_after(a.text, c.start, c.start + length(c.text)), chr(10), ' ')) AS sentence
FROM (SELECT k.*, r.start, r.same, r.like_this FROM corrections k JOIN ({rows}) r USING (row_id) WHERE k.holds) c
JOIN articles_all a USING (article_id, version) ORDER BY c.corrected_at, c.field
"""
_SHARED: Final = {c.name for c in columns_of(FactRow)}
_SAME: Final = ("kind", "timex_type", "type", "predicate")  # columns by which a row that must not be there is told from others on its words

Row = dict[str, Any]


def write_cases(output: Path, folder: Path) -> list[Path]:
    """Write a file for each row with a correction that holds, `folder`/<table>/<name>.toml; those that are there are written anew.

    Columns that hold ids are left out: they are of one dataset. Raises UsageError where there is none, DatasetError, OSError.
    """
    rows = steadily(output, _read)
    if not rows:
        raise UsageError(f"{shown(output)} has no correction of an article that is kept with its text; nothing was written")
    written = []
    for row_id, corrections in rows.items():
        first = corrections[0]
        name = re.sub(r"[^a-z0-9]+", "-", first["text"].lower())[:40].strip("-") or "row"
        path = folder / first["table_name"] / f"{name}-{row_id[:8]}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_case(corrections), "utf-8")
        written.append(path)
    return written


def _read(dataset: Dataset) -> dict[str, list[Row]]:
    """The corrections that hold, by row, with the sentence of each."""
    with connect(dataset) as connection:
        tables = [table for (table,) in connection.execute("SELECT DISTINCT table_name FROM corrections_all ORDER BY 1").fetchall()]
        if not tables:
            return {}
        places = " UNION ALL ".join(_places(table) for table in tables)
        found: dict[str, list[Row]] = {}
        for row in records(connection, _CORRECTED.format(rows=places)):
            if row["sentence"] is not None:
                found.setdefault(row["row_id"], []).append(row)
        return found


def _places(table: str) -> str:
    """SQL for where the rows of a table begin, those that were dropped or added too, with the column that tells them apart."""
    same = next((name for name in _SAME if name in {c.name for c in columns_of(FACT_TABLES[table])}), "rule")
    told = f"row_id, start, '{same}' AS same, {same} AS like_this"
    return f"SELECT {told} FROM internal.{table}_made UNION SELECT {told} FROM internal.{table}_added"


def _case(corrections: list[Row]) -> str:
    first = corrections[0]
    record = FACT_TABLES[first["table_name"]]
    lines = [f"text = {_toml(first['sentence'])}", f"why = {_toml('; '.join(dict.fromkeys(c['why'] for c in corrections)))}"]
    if first["published"]:
        lines.append(f"published = {first['published']}")
    if any(c["action"] == "drop" for c in corrections):
        return "\n".join([*lines, "", "[[absent]]", f"text = {_toml(first['text'])}", *_like(first)]) + "\n"
    values: Row = {}
    for c in corrections:
        values |= json.loads(c["value"]) if c["action"] == "add" else {c["field"]: json.loads(c["value"])}
    days = {c.name for c in columns_of(record) if c.annotation is dt.date}
    told = {
        n: v
        for n, v in values.items()
        if n not in _SHARED and not n.endswith(("_id", "_ids", "_start", "_end")) and not isinstance(v, list)
    }
    told |= {n: values[n] for n in days & values.keys()}
    null = [name for name, value in told.items() if value is None]
    lines += ["", "[[expect]]", f"text = {_toml(first['text'])}"]
    lines += [f"{name} = {value if name in days else _toml(value)}" for name, value in told.items() if value is not None]
    set_null = [name for name in null if any(c["field"] == name for c in corrections)]
    return "\n".join([*lines, *([f"null = {_toml(set_null)}"] if set_null else [])]) + "\n"


def _like(first: Row) -> list[str]:
    return [] if first["same"] == "rule" or first["like_this"] is None else [f"{first['same']} = {_toml(first['like_this'])}"]


def _toml(value: Any) -> str:
    """A text, number, truth or list as TOML has it: as JSON, but for the one control character that JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
