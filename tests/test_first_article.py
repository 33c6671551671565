"""The article that this project was started from: what must come out of it, as golden rows and as claims that no change may break."""

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipeline.api import article_of_file, rows_from
from schemas.tables import FACT_TABLES
from transforms.flow.rows import Rows

FIRST = Path(__file__).parent.parent / "seeds" / "articles" / "mexico-refuses-troops.txt"
GOLDEN = Path(__file__).parent / "golden" / "first-article.jsonl"
IDS = ("row_id", "article_id", "run_id", "published_at", "outlet", "version")


@pytest.fixture(scope="module")
def rows() -> Rows:
    return rows_from(article_of_file(str(FIRST), published_at=None))


def plain(rows: Rows) -> list[str]:
    """The rows without what hangs on the file's place: ids of rows become the texts that they stand for."""
    names = {a.actor_id: a.canonical_name for a in rows.actors}
    texts = {r.row_id: r.text for table in FACT_TABLES for r in getattr(rows, table)}

    def value(of: Any) -> Any:
        if isinstance(of, str):
            return names.get(of, texts.get(of, of))
        if isinstance(of, list | tuple):
            return [value(i) for i in of]
        return {k: value(v) for k, v in of.items()} if isinstance(of, dict) else of

    lines = []
    for table in FACT_TABLES:
        for row in getattr(rows, table):
            columns = {k: value(v) for k, v in dataclasses.asdict(row).items() if k not in IDS and v not in (None, (), "")}
            lines.append(json.dumps({"table": table} | columns, ensure_ascii=False, default=str))
    return lines


def test_golden_rows(rows: Rows) -> None:
    """Changed only on purpose: `UPDATE_GOLDEN=1 pytest tests/test_first_article.py`, and the difference is read."""
    found = plain(rows)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text("\n".join(found) + "\n", "utf-8")
    assert found == GOLDEN.read_text("utf-8").splitlines()


def test_actors(rows: Rows) -> None:
    clusters = {(a.actor_id, a.canonical_name, a.type) for a in rows.actors}
    named = [(name, type_) for _, name, type_ in clusters]
    for one in (("Claudia Sheinbaum", "person"), ("Donald Trump", "person"), ("Mexico", "place"), ("United States", "place")):
        assert named.count(one) == 1, one
    assert ("White House", "organisation") in named
    assert ("Wall Street Journal", "organisation") in named
    names = {a.actor_id: a.canonical_name for a in rows.actors}
    assert {names[a.actor_id] for a in rows.actors if a.text == "Sheinbaum"} == {"Claudia Sheinbaum"}
    assert {names[a.actor_id] for a in rows.actors if a.text == "Trump"} == {"Donald Trump"}
    assert not [a for a in rows.actors if "Offer" in a.text and a.mention == "name"]
    assert {a.title for a in rows.actors if names[a.actor_id] == "Claudia Sheinbaum" and a.title} == {"Mexican President"}
    assert "US President" in {a.title for a in rows.actors if names[a.actor_id] == "Donald Trump"}


def test_figures_are_five(rows: Rows) -> None:
    found = [(f.value, f.kind, f.counted, f.qualifier, f.base) for f in sorted(rows.figures, key=lambda f: f.start)]
    assert found == [
        (2.0, "count", "countries", None, None),
        (25.0, "percent", "tariffs", None, "all Mexican imports"),
        (25.0, "percent", "tariff", None, "Mexican car imports"),
        (10000.0, "count", "troops", None, None),
        (29.0, "count", "suspected cartel members", "suspected", None),
    ]


def test_dates(rows: Rows) -> None:
    found = [(d.text, d.timex_value, d.modifier, d.anchor_origin) for d in rows.dates]
    assert found == [
        ("Saturday", "2025-05-03", None, "published"),
        ("mid-April", "2025-04", "MID", "published"),
        ("Saturday", "2025-05-03", None, "published"),
        ("Saturday", "2025-05-03", None, "published"),
        ("last year", "2024", None, "published"),
        ("February", "2025-02", None, "published"),
        ("That same month", "2025-02", None, "previous_date"),
    ]
    assert rows.dates[6].anchor_row_id == rows.dates[5].row_id


@pytest.mark.parametrize(
    ("words", "kind", "speaker", "channel"),
    [
        ("subordinate", "mixed", "Claudia Sheinbaum", None),
        ("It is true", "direct", "Claudia Sheinbaum", None),
        ("I propose that the US army", "direct", "Donald Trump", None),
        ("to achieve the most secure", "mixed", "White House", "statement"),
        ("The president has been crystal clear", "direct", "White House", "statement"),
        ("essentially run by the cartels", "mixed", "Donald Trump", None),
        ("wage war", "mixed", "Donald Trump", None),
        ("willingness to cooperate", "indirect", "Claudia Sheinbaum", None),
        ("if Trump wishes to assist", "indirect", "Claudia Sheinbaum", None),
        ("Sheinbaum rejected the proposal", "indirect", "Sources", None),
    ],
)
def test_quotes(rows: Rows, words: str, kind: str, speaker: str, channel: str | None) -> None:
    names = {a.actor_id: a.canonical_name for a in rows.actors}
    found = [q for q in rows.quotes if words in q.text and q.kind == kind]
    innermost = min(found, key=lambda q: q.end - q.start)
    assert names.get(innermost.speaker_actor_id or "", innermost.speaker_text) == speaker
    if channel:
        assert innermost.channel == channel


def test_no_troops_were_sent(rows: Rows) -> None:
    moved = [f for f in rows.facts if f.predicate_lemma in ("send", "deploy", "enter")]
    assert moved
    assert not [f for f in moved if f.status in ("occurred", "ongoing") and f.polarity == "positive"]


def test_nothing_is_left_unread(rows: Rows) -> None:
    assert rows.article.unclaimed == ()
    assert rows.article.published_origin == "sidecar"
