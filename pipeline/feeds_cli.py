"""What the command line says of feeds: the options of fetching, and the verbs `feeds check` and `feeds list`. Heavy imports stand inside the verbs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.arguments import Output
from pipeline.ended import Ended
from pipeline.options import Fetching

app = typer.Typer(help="Look after feeds: try them out, or see how they stand.", no_args_is_help=True, rich_markup_mode=None)

FeedsFile = Annotated[Path | None, typer.Option("--feeds", metavar="FILE", help="A list of feeds to read as well, OPML or TOML.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch from addresses of an intranet or this machine too.")]
AllowPorts = Annotated[list[int] | None, typer.Option("--allow-port", metavar="N", help="Fetch from this port too, not only 80 and 443.")]
AskNow = Annotated[bool, typer.Option("--now", help="Ask feeds that are not due yet or were given up, too.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON on stdout.")]


def fetching(*, private: bool, ports: list[int] | None, now: bool) -> Fetching:
    """How to fetch, from the command line's options."""
    return Fetching(private=private, ports=frozenset(ports or ()), ask="now" if now else "due")


@app.command()
def check(
    what: Annotated[str, typer.Argument(metavar="FILE|ADDRESS", help="A list of feeds (OPML or TOML), or one address.")],
    allow_private: AllowPrivate = False,
    allow_port: AllowPorts = None,
    as_json: AsJson = False,
) -> None:
    """Fetch each feed once and say how it is. Its status, when it is due again, what is wrong and what to do."""
    from pipeline import feeds

    reports = feeds.checked(what, fetching(private=allow_private, ports=allow_port, now=True))
    print(json.dumps(feeds.as_json(reports), indent=1)) if as_json else feeds.show(reports)
    raise Ended(feeds.exit_code(reports))


@app.command("list")
def listing(
    output: Output,
    as_json: AsJson = False,
) -> None:
    """Show the feeds that a dataset knows, as they were when last asked."""
    from pipeline import feeds

    reports = feeds.known(output)
    print(json.dumps(feeds.as_json(reports), indent=1)) if as_json else feeds.show(reports)
