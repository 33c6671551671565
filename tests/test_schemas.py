"""The record classes are the schema: types, documentation, validation and the golden text all come from them."""

import dataclasses
import datetime as dt
import os
import re
import typing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.arrow import arrow_schema, complaints, describe, from_dict, golden_text, to_table
from schemas.column import columns_of
from schemas.fact_row import Stretch
from schemas.figure import Figure
from schemas.ids import row_id, row_ids
from schemas.quote import Quote
from schemas.tables import FACT_TABLES, TABLES

GOLDEN = Path(__file__).parent / "golden" / "schemas.txt"


def test_a_changed_column_asks_for_a_new_version() -> None:
    """The golden text holds each table's version: `UPDATE_GOLDEN=1 pytest` writes it, but only where a version was raised."""
    now, golden = golden_text(TABLES.values()), GOLDEN.read_text("utf-8")
    if os.environ.get("UPDATE_GOLDEN") and now != golden:
        assert not (same := unraised(golden, now)), f"raise the version in schemas/ of {', '.join(same)} first: nothing was written"
        GOLDEN.write_text(now, "utf-8")
        golden = now
    assert now == golden, "a column changed: raise the table's version, then run with UPDATE_GOLDEN=1"


def unraised(golden: str, now: str) -> list[str]:
    """The tables whose columns are others than in the golden text, though their version is none that is higher; or that are gone."""
    before, after = tables_in(golden), tables_in(now)
    changed = [table for table, (_, columns) in before.items() if table not in after or after[table][1] != columns]
    lowered = [table for table, (version, _) in after.items() if version < before.get(table, (0, ""))[0]]
    return sorted({table for table in changed if table not in after or after[table][0] <= before[table][0]} | set(lowered))


def tables_in(golden: str) -> dict[str, tuple[int, str]]:
    """Version and columns of each table of a golden text."""
    found = re.findall(r"^\[(\w+) version (\d+)\]\n((?:.+\n)*)", golden, re.MULTILINE)
    return {table: (int(version), columns) for table, version, columns in found}


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        ("[a version 1]\nx: int32 -- new words\n\n[b version 2]\ny: string -- a name\n", ["a"]),
        ("[a version 2]\nx: int32 -- new words\n\n[b version 2]\ny: string -- a name\n", []),
        ("[a version 1]\nx: int32 -- a number\n\n[b version 1]\ny: string -- a name\n", ["b"]),
        ("[a version 1]\nx: int32 -- a number\n\n[b version 2]\n", ["b"]),
        ("[b version 2]\ny: string -- a name\n", ["a"]),
        ("[a version 1]\nx: int32 -- a number\n\n[b version 2]\ny: string -- a name\n\n[c version 1]\nz: double -- new\n", []),
    ],
    ids=["a column", "raised", "lowered", "a column less", "a table less", "a table more"],
)
def test_the_golden_text_is_written_only_where_a_version_was_raised(now: str, refused: list[str]) -> None:
    assert unraised("[a version 1]\nx: int32 -- a number\n\n[b version 2]\ny: string -- a name\n", now) == refused


def test_every_table_is_in_the_golden_text() -> None:
    found = tables_in(GOLDEN.read_text("utf-8"))
    assert {table: (version, columns.count("\n")) for table, (version, columns) in found.items()} == {
        table: (cls.VERSION, len(columns_of(cls))) for table, cls in TABLES.items()
    }


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_means(table: str) -> None:
    for name, _, unit, meaning in describe(TABLES[table]):
        assert len(meaning) > 10, name
        if name in ("start", "end") or (name.endswith(("_start", "_end")) and name not in ("happened_start", "happened_end")):
            assert unit == "characters", name


@pytest.mark.parametrize("table", FACT_TABLES)
def test_fact_tables_begin_with_what_all_share(table: str) -> None:
    shared = [c.name for c in columns_of(TABLES[table])][:13]
    assert shared == [
        "row_id", "article_id", "version", "published_at", "outlet", "section", "paragraph", "sentence", "start", "end", "text", "rule", "run_id",
    ]  # fmt: skip


def test_complaints_name_the_column() -> None:
    right = Figure(start=0, end=1, text="5", rule="r", kind="count")
    assert complaints(right) == []
    wrong = dataclasses.replace(right, kind=typing.cast("typing.Any", "many"), bound=typing.cast("typing.Any", None))
    assert [c.split()[0] for c in complaints(wrong)] == ["kind", "bound"]


def test_an_older_row_without_a_column_takes_its_default() -> None:
    row = to_table(Figure, [Figure(start=0, end=1, text="5", rule="r", kind="count")]).to_pylist()[0]
    del row["bound"]
    assert from_dict(Figure, row).bound == "exact"


texts = st.text(st.characters(codec="utf-8"), max_size=40)
stretches = st.builds(Stretch, start=st.integers(0, 1000), end=st.integers(0, 1000))
quotes = st.builds(
    Quote,
    start=st.integers(0, 2**31 - 1),
    end=st.integers(0, 2**31 - 1),
    text=texts,
    rule=texts,
    kind=st.sampled_from(["direct", "indirect"]),
    content=st.lists(stretches, max_size=3).map(tuple),
    published_at=st.none() | st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31), timezones=st.just(dt.UTC)),
    speaker_text=st.none() | texts,
    crosses_paragraphs=st.booleans(),
)


@given(st.lists(quotes, max_size=5))
def test_rows_survive_parquet(rows: list[Quote]) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(to_table(Quote, rows), sink)
    read = pq.read_table(pa.BufferReader(sink.getvalue()))
    assert read.schema.equals(arrow_schema(Quote))
    assert [from_dict(Quote, r) for r in read.to_pylist()] == rows


@given(st.text(max_size=9), st.lists(st.tuples(*3 * [st.integers(0, 10**7)]), min_size=1, max_size=3))
def test_ids_of_many_rows_are_those_of_each(article: str, places: list[tuple[int, int, int]]) -> None:
    identity = row_ids("figures", article, "ab")
    assert [identity(*place) for place in places] == [row_id("figures", article, "ab", *place) for place in places]
