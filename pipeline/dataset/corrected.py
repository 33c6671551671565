"""What people have put right, laid over the tables as SQL: the files stay as the rules made them, the views show what holds."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pipeline.dataset.columns import read
from pipeline.dataset.core import Dataset
from schemas.arrow import arrow_schema
from schemas.sql import sql_text, sql_type
from schemas.tables import FACT_TABLES

BY_HAND: Final = "by-hand"  # the rule of rows that a person has added

Row = dict[str, Any]


@dataclass(slots=True)
class Laid:
    """The corrections of one table that hold."""

    values: defaultdict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))  # by column, by row_id
    dropped: set[str] = field(default_factory=set)
    added: dict[str, Row] = field(default_factory=dict)


def corrections_of(dataset: Dataset) -> list[Row]:
    """All corrections, oldest first. Raises DamagedDatasetError."""
    found: list[tuple[int, Row]] = []
    for file in dataset.live_files("corrections"):
        found += [(file.sequence, row) for row in read(dataset, file).to_pylist()]
    return [row for _, row in sorted(found, key=lambda each: (each[1]["corrected_at"], each[0]))]


def laid(corrections: Iterable[Row]) -> dict[str, Laid]:
    """What holds of corrections, by table; a table all of whose corrections were undone is there too."""
    tables: defaultdict[str, Laid] = defaultdict(Laid)
    for c in corrections:
        holds, row_id = tables[c["table_name"]], c["row_id"]
        match c["action"]:
            case "set" if row_id in holds.added:
                holds.added[row_id] = holds.added[row_id] | {c["field"]: json.loads(c["value"])}
            case "set":
                holds.values[c["field"]][row_id] = json.loads(c["value"])
            case "drop":
                holds.dropped.add(row_id)
            case "add":
                holds.added[row_id] = json.loads(c["value"])
            case "undo":
                holds.dropped.discard(row_id)
                holds.added.pop(row_id, None)
                for values in holds.values.values():
                    values.pop(row_id, None)
    return dict(tables)


def corrected_tables(tables: dict[str, Laid]) -> str:
    """SQL that makes what the views of these tables lean on: `internal.<table>_fixed_<column>`, `_dropped` and `_added`."""
    made: list[str] = []
    for table, holds in tables.items():
        record: Any = FACT_TABLES[table]
        types = {f.name: sql_type(f.type) for f in arrow_schema(record)}
        for name, values in holds.values.items():
            made.append(_filled(f"{table}_fixed_{name}", {"row_id": "VARCHAR", "value": types[name]}, list(values.items())))
        made.append(_filled(f"{table}_dropped", {"row_id": "VARCHAR"}, [(row_id,) for row_id in sorted(holds.dropped)]))
        made.append(_filled(f"{table}_added", types, [[row.get(name) for name in types] for row in holds.added.values()]))
    return "\n".join(made)


def _filled(name: str, types: dict[str, str], rows: Sequence[Sequence[Any]]) -> str:
    columns = ", ".join(f'"{column}" {type_}' for column, type_ in types.items())
    listed = ",\n    ".join(f"({', '.join(map(sql_text, row))})" for row in rows)
    return f"CREATE OR REPLACE TABLE internal.{name} ({columns});" + (
        f"\nINSERT INTO internal.{name} VALUES\n    {listed};" if rows else ""
    )


def corrected_view(table: str, holds: Laid) -> str:
    """SQL for the rows of a table, from those that the rules made (`internal.<table>_made`), as they hold."""
    fixed = [name for name, values in holds.values.items() if values]
    joins = "".join(f" LEFT JOIN internal.{table}_fixed_{name} AS fixed_{name} ON fixed_{name}.row_id = m.row_id" for name in fixed)
    replaced = ", ".join(f'CASE WHEN fixed_{n}.row_id IS NULL THEN m."{n}" ELSE fixed_{n}.value END AS "{n}"' for n in fixed)
    return (
        f"SELECT m.* {f'REPLACE ({replaced})' if replaced else ''} FROM internal.{table}_made m{joins}"
        f" WHERE m.row_id NOT IN (SELECT row_id FROM internal.{table}_dropped)"
        f" UNION ALL BY NAME SELECT a.* FROM internal.{table}_added a"
        f" WHERE a.row_id NOT IN (SELECT row_id FROM internal.{table}_dropped) AND a.row_id NOT IN (SELECT row_id FROM internal.{table}_made)"
    )


_HOLDS: Final = (
    """corrected_at > coalesce(max(corrected_at) FILTER (action = 'undo') OVER (PARTITION BY row_id), '-infinity'::TIMESTAMPTZ)"""
)


def corrections_view(tables: dict[str, Laid]) -> str:
    """SQL for the corrections, with whether each holds or was undone, and whether the rules make its row; null for one that was added."""
    if not tables:
        return f"SELECT c.*, {_HOLDS} AS holds, NULL::BOOLEAN AS row_is_made FROM main.corrections_all c"
    rows = " UNION ALL ".join(f"SELECT row_id FROM internal.{table}_made" for table in sorted(tables))
    made = f"c.row_id IN ({rows})"
    return (
        f"SELECT c.*, {_HOLDS} AS holds, CASE WHEN bool_or(action = 'add') OVER (PARTITION BY row_id) THEN NULL ELSE {made} END AS row_is_made"
        " FROM main.corrections_all c ORDER BY corrected_at"
    )
