"""The pages of docs/ that are made from the code: tables from the schemas, rules from their lexicons.

UPDATE_GOLDEN=1 python -m pytest tests/test_docs.py
"""

from collections.abc import Iterator

from pipeline.rules import rules
from pipeline.show import what_a_row_is
from schemas.arrow import describe
from schemas.tables import FACT_TABLES, TABLES

_GENERATED = "<!-- Generated: UPDATE_GOLDEN=1 python -m pytest tests/test_docs.py -->"


def tables_page() -> Iterator[str]:
    """docs/tables.md, in lines."""
    yield from (
        _GENERATED,
        "# Tables",
        "",
        'What `factwire schema` prints. Null means "not said" or "not known"; offsets count Unicode code points in `articles.text`, the end',
        "is not part of it. Every row of a fact table has its words in `text`, proved at writing, and the `rule` that made it ([rules](rules.md)).",
        "",
        "In SQL, a table's name is a view of the latest version of each article, with corrections applied; `<table>_all` has all versions.",
        "The files lie under `<table>/day=YYYY-MM-DD/`: the UTC day of the **commit**, when the rows were added, not of the news. The views have no",
        "such column, so filter by `published_at`, or by `happened_start` of facts; who globs the files sees `day`, and should use it only to",
        "read what was added since some day.",
        "",
        "In `actors`, an honorific (Sir, Lord, Dr) is no `title`: that is an office, a post or a rank.",
        "",
        "In `dates`, the anchor of `anchor_origin` published is the day of writing: `published_local_date`, unless the text tells another by naming today's",
        "weekday, or the page was changed years later. `anchor_date` has the day that was taken.",
    )
    for name, record in TABLES.items():
        yield from ("", f"## {name}", "", what_a_row_is(record), "", "| column | type | unit | meaning |", "|---|---|---|---|")
        yield from (
            f"| {' | '.join(_plain(cell) for cell in (f'`{column}`', kind, unit, meaning))} |"
            for column, kind, unit, meaning in describe(record)
        )


def rules_page() -> Iterator[str]:
    """docs/rules.md, in lines."""
    yield from (
        _GENERATED,
        "# Rules",
        "",
        "What `factwire schema --rules` prints. Each row of a fact table names the rule that made it. Precision is the share of rows right among",
        "those that our own gold (51 articles of Wikinews) can judge, and how many those are: few rows say little, and a rule without any was",
        "not met there, or makes what the gold does not hold. How it was measured, and what it does not say: [accuracy](accuracy.md).",
    )
    for table in FACT_TABLES:
        yield from ("", f"## {table}", "", "| rule | right | of rows | why it is there |", "|---|---|---|---|")
        for rule in rules([table]):
            right = "" if rule.precision is None else f"{rule.precision:.0%}"
            yield f"| `{rule.name}` | {right} | {rule.support or ''} | {_plain(rule.reason)} |"


def _plain(text: str) -> str:
    """Text in a cell of Markdown."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


PAGES = {"tables.md": tables_page, "rules.md": rules_page}
