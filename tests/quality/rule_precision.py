"""How often each rule is right on the shipped gold, written into transforms/lexicons/rules/*.toml.

    python -m tests.quality.rule_precision [--check]

Right is, judged by the functions of gold/score_gold.py:

- figures: a complete row (value, unit or currency, bound, counted noun); where the gold is vague, the span alone;
- dates: the TIMEX3 value; quotes: a stretch that the gold has, with its speaker (of what we call scare quotes: that the gold has no
  speech there); actors: a named mention of a person, since the gold has no others;
- facts: the status, of clauses that the gold has: its list of clauses is not complete, so nothing is said of others.

A rule that made no row that can be judged gets no figures. What the gold calls optional is left out. --check writes nothing and
ends with 1 where a file does not have the figures measured.
"""

import argparse
import importlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "gold"), str(HERE.parent.parent)]
quick = importlib.import_module("quick")
adapters = importlib.import_module("adapters")
scorer = importlib.import_module("score_gold")

from transforms.extract import rows_of  # noqa: E402

GOLD = HERE / "gold" / "gold_wikinews.jsonl"
RULES = HERE.parent.parent / "transforms" / "lexicons" / "rules"
TABLES = ("actors", "dates", "facts", "figures", "quotes")

Row = dict[str, Any]
Judged = tuple[str, bool]  # the rule, and whether its row is right
_HEADER = re.compile(r"^\[([\w-]+)\]$")
_MEASURED = re.compile(r"^(precision|support) *=")


def judged_figures(gold: Row, rows: list[Row]) -> Iterator[Judged]:
    """Each figure within the annotated part."""
    until = gold["annotated_until"]
    found = [r for r in rows if until is None or r["start"] < until]
    given = gold["figures"]
    match = {j: given[i] for i, j in scorer.match_spans(given, found, "start", "end", "start", "end")}
    for j, row in enumerate(found):
        figure = match.get(j)
        if figure is None:
            if not _on_optional(row, given):
                yield row["rule"], False
        elif not figure.get("optional"):
            yield row["rule"], bool(figure.get("vague")) or _complete(figure, row)


def _complete(figure: Row, row: Row) -> bool:
    return all(ok(figure, row) for ok in (scorer.value_ok, scorer.unit_ok, scorer.bound_ok, scorer.head_ok))


def judged_dates(gold: Row, rows: list[Row]) -> Iterator[Judged]:
    """Each date."""
    got, rest = scorer.pairs(gold["dates"], rows)
    yield from ((row["rule"], False) for row in rest)
    for date, row, _ in got:
        if not date.get("optional"):
            yield row["rule"], row["timex_value"] in [date["timex_value"], *date.get("timex_value_alt", [])]


def judged_quotes(gold: Row, rows: list[Row]) -> Iterator[Judged]:
    """Each quote by the rule of its row; the speaker's rule is judged with it."""
    speech = [q for q in gold["quotes"] if q["kind"] != "scare"]
    for row in (r for r in rows if r["kind"] == "scare"):
        yield row["rule"], not any(scorer.ov(q["start"], q["end"], row["start"], row["end"]) > 0 for q in speech)
    got, rest = scorer.pairs(speech, [r for r in rows if r["kind"] != "scare"])
    yield from ((row["rule"], False) for row in rest)
    for quote, row, _ in got:
        if not quote.get("optional"):
            yield row["rule"], _speaker_right(quote, row)


def _speaker_right(quote: Row, row: Row) -> bool:
    names = [n for n in (quote["speaker_name"], quote["speaker_text"], *quote.get("speaker_name_alt", [])) if n]
    said = scorer.toks(row["speaker_name"]) | scorer.toks(row["speaker_text"])
    return any(scorer.toks(n) & said for n in names) if names else not said


def judged_actors(gold: Row, rows: list[Row]) -> Iterator[Judged]:
    """Each named mention of a person within the annotated part."""
    until = gold["annotated_until"]
    given = [{"start": start, "end": end} for person in gold["people"] for start, end in person["mentions"]]
    found = [r for r in rows if r["type"] == "person" and r["mention"] == "name" and (until is None or r["start"] < until)]
    match = {j for _, j in scorer.match_spans(given, found, "start", "end", "start", "end")}
    yield from ((row["rule"], j in match) for j, row in enumerate(found))


def judged_facts(gold: Row, rows: list[Row]) -> Iterator[Judged]:
    """Each clause that the gold has, too."""
    found = [r for r in rows if gold["clauses_from"] <= r["pred_start"] < gold["clauses_until"]]
    for i, j in scorer.match_spans(gold["clauses"], found, "pred_start", "pred_end", "pred_start", "pred_end"):
        clause, row = gold["clauses"][i], found[j]
        yield row["rule"], row["status"] in [clause["status"], *clause.get("status_alt", [])]


def _on_optional(row: Row, given: list[Row]) -> bool:
    return any(f.get("optional") and scorer.ov(f["start"], f["end"], row["start"], row["end"]) > 0 for f in given)


def measured() -> dict[str, dict[str, tuple[float, int]]]:
    """Precision (to two decimals) and support of each rule of each table, over Docs that quick.py keeps."""
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines() if line.strip()]
    judge = {
        "actors": judged_actors,
        "dates": judged_dates,
        "facts": judged_facts,
        "figures": judged_figures,
        "quotes": judged_quotes,
    }
    right: dict[str, Counter[str]] = defaultdict(Counter)
    support: dict[str, Counter[str]] = defaultdict(Counter)
    for article, one in zip(gold, quick.docs_of(GOLD, gold, refresh=False), strict=True):
        for table, rows in _with_rules(rows_of(one)).items():
            for rule, ok in judge[table](article, rows):
                support[table][rule] += 1
                right[table][rule] += ok
    return {t: {rule: (round(right[t][rule] / n, 2), n) for rule, n in support[t].items()} for t in TABLES}


def _with_rules(found: Any) -> dict[str, list[Row]]:
    """The rows of an article as the scorer takes them, each with its rule."""
    rows = {table: [asdict(r) for r in getattr(found, table)] for table in TABLES}
    told = adapters.gold(rows)
    adapted = {"figures": told["figures"], "dates": told["dates"], "quotes": told["quotes"], "facts": told["clauses"]}
    joined = {t: [a | {"rule": r["rule"]} for a, r in zip(adapted[t], rows[t], strict=True)] for t in adapted}
    return joined | {"actors": rows["actors"]}


def written(text: str, figures: dict[str, tuple[float, int]]) -> str:
    """A file of rules with the figures of each behind its reason, and no others."""
    lines: list[str] = []
    pending: list[str] = []
    for line in text.splitlines():
        if header := _HEADER.match(line):
            precision, support = figures.get(header[1], (None, None))
            pending = [] if support is None else [f"precision = {precision}", f"support = {support}"]
        if _MEASURED.match(line):
            continue
        lines.append(line)
        if line.startswith("reason"):
            lines += pending
    return "\n".join(lines) + "\n"


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--check", action="store_true", help="write nothing")
    a = ap.parse_args()
    stale = 0
    for table, figures in measured().items():
        path = RULES / f"{table}.toml"
        before = path.read_text("utf-8")
        after = written(before, figures)
        unlisted = sorted(set(figures) - set(re.findall(r"^\[([\w-]+)\]$", before, re.MULTILINE)))
        if unlisted:
            sys.exit(f"{path.name} does not list {', '.join(unlisted)}")
        stale += before != after
        if not a.check:
            path.write_text(after, "utf-8")
        rows = sum(n for _, n in figures.values())
        share = sum(p * n for p, n in figures.values()) / rows
        print(f"{table}: {len(figures)} rules measured over {rows} rows, {share:.1%} right{'' if before == after else ' (changed)'}")
    return 1 if a.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
