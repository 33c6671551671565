"""The command line: verbs, their options, and which exit code an error means. Heavy imports stand inside the verbs."""

import json
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

import pipeline
from pipeline import answers_cli, feeds_cli, upkeep_cli, watch_cli
from pipeline.allocator import one_allocator
from pipeline.arguments import (
    AsJson,
    ColumnNames,
    Gazetteer,
    KafkaOptions,
    Lexicons,
    LogJson,
    Model,
    Output,
    OutputMade,
    PublishedAt,
    Texts,
    Verbose,
    Workers,
    columns,
    texts,
)
from pipeline.config_file import Config, sources_of
from pipeline.ended import Ended, leave, leaves_at_once
from pipeline.feeds_cli import AllowPorts, AllowPrivate, AskNow, FeedsFile, fetching
from pipeline.options import Engine, RunOptions, UsageError, day, workers
from pipeline.progress.choice import followed
from pipeline.saying import say, say_in_words
from transforms.flow.memory import collect_seldom
from transforms.user_data import checked as user_data

if TYPE_CHECKING:
    from pipeline.run import Outcome

EXIT_USAGE = 1
_FOR_BEAM = ("run", "watch", "retry")  # the verbs that hand on what stands behind --

app = typer.Typer(
    help="News articles in, fact tables out: figures, dates, actors, quotes and facts as Parquet, each row proved against its text.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Runner = Annotated[str, typer.Option(metavar="NAME", help="The engine: local (also called DirectRunner), prism or dask.")]
Scheduler = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Of a Dask cluster, such as tcp://host:8786.")]
Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SOURCE",
        help="Files, folders, globs (.txt .jsonl .json .csv .parquet .html .warc .rss .xml, also packed), addresses, topics of Kafka.",
        show_default=False,
    ),
]


class Stopped(BaseException):
    """SIGINT or SIGTERM came; what is committed stays, the next run takes up the rest."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


@app.command(context_settings={"allow_interspersed_args": True})
def run(
    ctx: typer.Context,
    *,
    sources: Sources = None,
    feeds: FeedsFile = None,
    output: OutputMade,
    published_at: PublishedAt = None,
    column_names: ColumnNames = "",
    model: Model = None,
    lexicons: Lexicons = None,
    gazetteer: Gazetteer = None,
    worker_count: Workers = "auto",
    runner: Runner = "local",
    scheduler: Scheduler = None,
    prism_location: Annotated[Path | None, typer.Option(metavar="PATH", help="Where the program prism is, if it is not found.")] = None,
    max_bad: Annotated[float, typer.Option(metavar="SHARE", help="More bad records than this share end in exit code 2.")] = 0.05,
    strict: Annotated[bool, typer.Option("--strict", help="Where the exit code would be 2, commit nothing.")] = False,
    limit: Annotated[
        int | None, typer.Option(metavar="N", help="Read on to at most so many new records; the same line again goes on.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read, write nothing.")] = False,
    recheck: Annotated[bool, typer.Option("--recheck", help="Look again into files that are unchanged since they were read.")] = False,
    text: Texts = "full",
    now: AskNow = False,
    allow_private: AllowPrivate = False,
    allow_port: AllowPorts = None,
    kafka_options: KafkaOptions = None,
    allow_empty: Annotated[bool, typer.Option("--allow-empty", help="A folder or glob without articles is no error.")] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
    log_json: LogJson = False,
    config: Config = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing where all is well: what cron wants.")] = False,
) -> None:
    """Read articles, extract their facts, and add them to a dataset. Beam's own options may follow behind --."""
    options = RunOptions(
        sources=tuple(sources_of(ctx, sources)),
        output=output,
        published_at=None if published_at is None else day(published_at),
        columns=columns(column_names),
        model=model,
        workers=workers(worker_count),
        engine=Engine(name=runner, scheduler=scheduler, prism=prism_location, beam=tuple(ctx.obj or ())),
        max_bad=max_bad,
        strict=strict,
        limit=limit,
        recheck=recheck,
        texts=texts(text),
        feeds=feeds,
        fetching=fetching(private=allow_private, ports=allow_port, now=now),
        kafka_options=kafka_options,
        allow_empty=allow_empty,
        own=user_data(lexicons, gazetteer),
    )
    from pipeline.run import run as start

    if dry_run:
        _look(options, as_json=as_json)
    else:
        with followed(quiet=quiet, verbose=verbose, log_json=log_json) as progress:
            outcome = start(options, progress=progress)
        _end(outcome, output, as_json=as_json, quiet=quiet)


def _look(options: RunOptions, *, as_json: bool) -> None:
    from pipeline import show
    from pipeline.run import dry_run

    plan = dry_run(options)
    print(json.dumps({"skipped_files": list(plan.skipped)} | plan.account.as_dict(), indent=1)) if as_json else show.plan(plan)


def _end(outcome: "Outcome", output: Path, *, as_json: bool, quiet: bool) -> NoReturn:
    if outcome.exit_code or not quiet:
        from pipeline import show

        print(json.dumps(outcome.as_dict(), indent=1)) if as_json else show.outcome(outcome, output)
    raise Ended(outcome.exit_code)


@app.command()
def rerun(
    output: Output,
    where: Annotated[
        str | None, typer.Option(metavar="SQL", help="Only articles of which this holds, e.g. \"outlet = 'Wikinews'\".")
    ] = None,
    model: Model = None,
    lexicons: Lexicons = None,
    gazetteer: Gazetteer = None,
    worker_count: Workers = "auto",
    runner: Runner = "local",
    scheduler: Scheduler = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    log_json: LogJson = False,
    config: Config = None,
) -> None:
    """Extract stored texts again with today's rules. Their rows are replaced in one commit."""
    from pipeline import show
    from pipeline.correct import left_behind
    from pipeline.rerun import rerun as start

    engine = Engine(name=runner, scheduler=scheduler)
    own = user_data(lexicons, gazetteer)
    with followed(verbose=verbose, log_json=log_json) as progress:
        outcome = start(output, where=where, model=model, workers=workers(worker_count), own=own, engine=engine, progress=progress)
    print(json.dumps(outcome.as_dict(), indent=1)) if as_json else show.outcome(outcome, output)
    for told in left_behind(output):
        say(told)


answers_cli.add_to(app)


@app.command()
def extract(
    file: Annotated[
        str, typer.Argument(metavar="FILE|ADDRESS|-", help="A file with one article, a web address of one, or - for standard input.")
    ],
    published_at: PublishedAt = None,
    model: Model = None,
    lexicons: Lexicons = None,
    gazetteer: Gazetteer = None,
    allow_private: AllowPrivate = False,
    allow_port: AllowPorts = None,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="How the facts are printed.")] = "table",
    config: Config = None,
) -> None:
    """Show the facts of one text at once, without a dataset."""
    published = None if published_at is None else day(published_at)
    own = user_data(lexicons, gazetteer)
    from pipeline import api, show
    from pipeline.sources import is_address
    from transforms.parse.pinned_model import PINNED_MODEL
    from transforms.read.clean import without_secrets

    try:
        if file == "-":
            article = api.article_of_text(sys.stdin.buffer.read().decode("utf-8", "replace"), published_at=published)
        elif is_address(file):
            from pipeline.one_page import article_at

            article = article_at(file, fetching(private=allow_private, ports=allow_port, now=True), published_at=published)
        elif "://" in file and not Path(file).exists():
            raise UsageError(f"{without_secrets(file)}: extract reads a file of this machine or a web page; give others to factwire run")
        else:
            article = api.article_of_file(file, published_at=published)
    except ValueError as error:
        raise UsageError(str(error)) from error
    rows = api.rows_from(article, model=model or PINNED_MODEL, own=own)
    show.rows_as_json(rows) if form == "json" else show.rows(rows)


@app.command()
def schema(
    table: Annotated[str | None, typer.Argument(metavar="TABLE", help="One table; without it all are shown.", show_default=False)] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules instead, with reason and measured precision.")] = False,
) -> None:
    """Show the tables' columns with type, unit and meaning."""
    from pipeline import show
    from schemas.tables import TABLES

    if table is not None and table not in TABLES:
        raise UsageError(f"there is no table {table!r}; the tables are {', '.join(TABLES)}")
    chosen = [table] if table else list(TABLES)
    show.rules(chosen) if rules else show.schemas(chosen)


for verb in (watch_cli.watch, *upkeep_cli.VERBS):
    app.command()(verb)
app.add_typer(feeds_cli.app, name="feeds")


def _version(asked: bool) -> None:
    if asked:
        print(f"factwire {pipeline.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Nothing is common to the verbs but the version."""
    if ctx.obj and ctx.invoked_subcommand not in _FOR_BEAM:
        raise UsageError(f"{ctx.invoked_subcommand} takes no options of Beam's; leave out -- and what stands behind it")


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit code. What stands behind `--` is Beam's."""
    try:
        code = _done(argv)
    except Exception:
        if leaves_at_once():
            traceback.print_exc()
            leave(EXIT_USAGE)
        raise
    if leaves_at_once():
        leave(code)
    return code


def _done(argv: list[str] | None) -> int:
    given = sys.argv[1:] if argv is None else argv
    one_allocator()
    collect_seldom()  # a run that finds nothing new does little else than load modules
    say_in_words()
    cut = given.index("--") if "--" in given else len(given)
    own, beam = given[:cut], given[cut + 1 :]
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        app(args=own, obj=beam, prog_name="factwire")
    except SystemExit as ended:  # help, the version, or a mistyped command line, which typer has explained
        return EXIT_USAGE if ended.code else 0
    except Ended as ended:
        return ended.code
    except Stopped as stopped:
        return _ended_by(stopped)
    except Exception as error:
        # A library that was interrupted may make an error of its own of it.
        early = next((e for e in (error.__cause__, error.__context__) if isinstance(e, Stopped)), None)
        return _ended_by(early) if early else _explained(error)
    return 0


def _ended_by(stopped: Stopped) -> int:
    return _sorry("stopped; what was committed stays, run it again to go on", 128 + stopped.signal)


def _explained(error: Exception) -> int:
    """The sentence and exit code of a user's trouble; an error of ours keeps its traceback."""
    from pipeline.trouble import explained

    known = explained(error)
    if known is None:
        raise error
    return _sorry(*known)


def _sorry(message: str, code: int) -> int:
    say(message, event="failed", exit_code=code)
    return code


def _stop(number: int, _frame: Any) -> NoReturn:
    raise Stopped(number)
