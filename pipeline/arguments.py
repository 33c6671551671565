"""Options that several verbs of the command line take."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.options import UsageError

Output = Annotated[Path, typer.Argument(metavar="OUT", help="The dataset's folder.", show_default=False)]
OutputMade = Annotated[
    Path, typer.Option("--output", "-o", metavar="OUT", help="The dataset's folder, or its address in a store; made if it is not there.")
]
Model = Annotated[str | None, typer.Option(metavar="NAME", help="Another installed spaCy pipeline for English.")]
Lexicons = Annotated[
    Path | None, typer.Option(metavar="DIR", help="A folder of your own lexicons (.toml): lists add to ours, values replace ours.")
]
Gazetteer = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Your own names, CSV with name, aliases, type and id: they settle type, name and id.")
]
PublishedAt = Annotated[str | None, typer.Option(metavar="DATE", help="The day of articles that carry no date, YYYY-MM-DD.")]
ColumnNames = Annotated[
    str,
    typer.Option(
        "--columns",
        metavar="OURS=THEIRS,...",
        help="What tables and objects of JSON call it, where their names are not known: text=story,title=head,published_at=day.",
        show_default=False,
    ),
]
KafkaOptions = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="How brokers of kafka:// sources are spoken to: lines NAME=VALUE, as their client (librdkafka) has them."
    ),
]
Workers = Annotated[str, typer.Option("--workers", metavar="N|auto", help="Processes; auto is one a core.")]
Texts = Annotated[str, typer.Option("--text", metavar="full|none", help="Whether the dataset keeps the articles' texts.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the account as JSON on stdout.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Tell of each source, article and commit.")]
LogJson = Annotated[bool, typer.Option("--log-json", help="Tell of progress as JSON, an object a line on stderr.")]


def texts(given: str) -> Literal["full", "none"]:
    """What `--text` says. Raises UsageError."""
    if given == "full":
        return "full"
    if given == "none":
        return "none"
    raise UsageError(f"--text is full or none, not {given!r}")


def columns(given: str) -> str:
    """What `--columns` says, checked. Raises UsageError."""
    from transforms.read.column_names import Columns, ColumnsError

    try:
        return str(Columns.of(given)) if given.strip() else ""
    except ColumnsError as error:
        raise UsageError(str(error)) from error
