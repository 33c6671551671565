"""The verbs that answer questions about a dataset. Heavy imports stand inside the verbs."""

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from pipeline.arguments import Output
from pipeline.options import UsageError, day

About = Annotated[str | None, typer.Option(metavar="WORDS", help="Only rows about this: what is said or counted, or their sentence.")]
Outlet = Annotated[str | None, typer.Option(metavar="NAME", help="Only articles of this outlet, or of those with this in their name.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Published on this day or later (timeline: happened).")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Published on this day or before (timeline: happened).")]

PublishedSince = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Published on this day or later.")]
PublishedUntil = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Published on this day or before.")]


class _WithQueries(TyperCommand):
    """A command whose help lists the queries by name; they are read only where it is asked for."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        from pipeline.answers.named import named_queries

        with formatter.section("Queries by name"):
            formatter.write_dl([(q.name, q.question) for q in named_queries()])


def query(
    output: Output,
    sql: Annotated[
        str | None,
        typer.Argument(
            metavar="SQL|NAME", help="A SELECT over the tables, or a query by name; without it they are listed.", show_default=False
        ),
    ] = None,
    about: About = None,
    person: Annotated[str | None, typer.Option(metavar="NAME", help="Only rows of this person, or that name them.")] = None,
    outlet: Outlet = None,
    since: Since = None,
    until: Until = None,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="Only acts that were refused, planned, alleged, ...")] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", help="At most so many rows.")] = None,
    copies: Annotated[bool, typer.Option("--copies", help="Rows of copies of an article too, not of the first alone.")] = False,
    form: Annotated[Literal["table", "csv", "json", "jsonl", "markdown"], typer.Option("--format", help="How rows are printed.")] = "table",
    file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write all rows to a .csv, .xlsx, .jsonl, .json, .md or .parquet.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show all rows on a terminal, not the first 50.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Show texts and ids whole on a terminal.")] = False,
) -> None:
    """Ask a dataset by a query's name or in SQL (DuckDB). Options from --about to --copies are for queries by name."""
    from pipeline.answers import query as asking
    from pipeline.answers.named import Narrowed

    if sql is None:
        asking.overview(output)
        return
    narrowed = Narrowed(
        about=about,
        person=person,
        outlet=outlet,
        since=day(since) if since else None,
        until=day(until) if until else None,
        status=status,
        limit=limit,
        copies=copies,
    )
    asking.answer(output, asking.Asked(sql=sql, form=form, file=file, every=every, full=full, narrowed=narrowed))


def export(
    output: Output,
    folder: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where the files are written; made if it is not there.")],
    form: Annotated[
        Literal["csv", "xlsx", "jsonl", "json", "markdown", "parquet"], typer.Option("--format", help="What they are.")
    ] = "csv",
) -> None:
    """Write a dataset's tables to files, one a table. The latest version of each article; copies are marked, not left out."""
    from pipeline.answers.exporting import export as start
    from pipeline.wording import many

    for file, rows in start(output, folder, form, _tell).items():
        print(f"{file}: {many(rows, 'row')}")


def views(
    output: Output,
    file: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it here, not to standard output.")] = None,
) -> None:
    """Print a dataset's views as SQL. DuckDB, a notebook or DBeaver run it without Factwire."""
    from pipeline.answers.exporting import views as written

    script = written(output, file.name if file else "FILE")
    if file is None:
        print(script, end="")
    else:
        file.write_text(script, "utf-8")


def search(
    output: Output,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help='All must be there; "a phrase", OR, -without and the beginning of a word* are known.'),
    ],
    outlet: Outlet = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(metavar="N", help="At most so many articles.")] = 10,
    copies: Annotated[bool, typer.Option("--copies", help="Copies of an article too, not the first alone.")] = False,
    form: Annotated[Literal["table", "csv", "json", "jsonl", "markdown"], typer.Option("--format", help="How hits are printed.")] = "table",
) -> None:
    """Search articles, quotes and facts for words, best first. The index lies in the dataset and is kept current by searching."""
    from pipeline.answers import search as searching

    sought = searching.Sought(
        words=" ".join(f'"{each}"' if " " in each and '"' not in each and len(words) > 1 else each for each in words),
        outlet=outlet,
        since=day(since) if since else None,
        until=day(until) if until else None,
        limit=limit,
        copies=copies,
    )
    hits, total = searching.search(output, sought, _tell)
    searching.show(hits, total, form, _tell)


def show(
    output: Output,
    article: Annotated[
        list[str], typer.Argument(metavar="ARTICLE", help="Its id or a row's (or how it begins), its address, or words of its title.")
    ],
) -> None:
    """Show an article with what was read in it. Its text with the rows marked, and what each says beside it."""
    from pipeline.answers import article_page

    article_page.show(article_page.page_of(output, " ".join(article)), _tell)


def explain(
    output: Output,
    row: Annotated[str, typer.Argument(metavar="ROW_ID", help="A row's id, or how it begins, as it stands beside each answer.")],
) -> None:
    """Explain a row. Its sentence, its columns, the rule that made it and how good that is, the rows that it is tied to."""
    from pipeline.answers import explain as explaining

    explaining.show(explaining.explain(output, row), _tell)


def report(
    output: Output,
    file: Annotated[Path, typer.Option("--html", metavar="FILE", help="The page that is written.")],
    article: Annotated[
        str | None, typer.Option(metavar="ARTICLE", help="Of this article alone: its id or a row's, its address, or words of its title.")
    ] = None,
    outlet: Outlet = None,
    since: PublishedSince = None,
    until: PublishedUntil = None,
    limit: Annotated[int | None, typer.Option(metavar="N", help="At most so many articles, the newest: 5,000 if not said.")] = None,
) -> None:
    """Write a dataset as a page for a browser. One file with charts, a list, marked articles and a timeline; it needs no network."""
    from pipeline.answers.named import Narrowed
    from pipeline.report.chosen import Wanted
    from pipeline.report.page import report as write
    from pipeline.wording import many

    narrowed = Narrowed(outlet=outlet, since=day(since) if since else None, until=day(until) if until else None, limit=limit)
    if article is not None and narrowed.given():
        raise UsageError(f"--article is one article alone; leave out {narrowed.given()[0]}")
    written = write(output, file, Wanted(narrowed, article))
    print(f"{file}: {many(written.articles, 'article')}, {written.size / 1e6:,.1f} MB; open it in a browser")
    if written.articles < written.of:
        _tell(
            f"these are the newest of {written.of:,} articles: --limit takes more, --outlet, --since and --until others; the charts count all"
        )
    if written.unanalysed:
        told = ", ".join(f"{count:,} {language}" for language, count in written.unanalysed.items())
        _tell(f"not in English, so without facts: {told}")
    if written.without_text:
        _tell(f"kept without their texts (--text none), so shown by their rows alone: {many(written.without_text, 'article')}")


def _tell(sentence: str) -> None:
    sys.stdout.flush()
    print(sentence, file=sys.stderr)


def add_to(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    app.command(cls=_WithQueries)(query)
    for verb in (search, show, explain, report, export, views):
        app.command()(verb)
