"""The verb that watches. Heavy imports stand inside it."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.arguments import (
    ColumnNames,
    Gazetteer,
    KafkaOptions,
    Lexicons,
    Model,
    OutputMade,
    PublishedAt,
    Texts,
    Workers,
    columns,
    texts,
)
from pipeline.config_file import Config, sources_of
from pipeline.ended import end_at_once
from pipeline.feeds_cli import AllowPorts, AllowPrivate, FeedsFile, fetching
from pipeline.options import PRISM, Engine, RunOptions, day, workers
from transforms.user_data import checked as user_data

Sources = Annotated[
    list[str] | None,
    typer.Argument(metavar="SOURCE", help="Addresses of feeds, folders, files or globs that fill up, topics of Kafka.", show_default=False),
]


def watch(
    ctx: typer.Context,
    *,
    sources: Sources = None,
    feeds: FeedsFile = None,
    output: OutputMade,
    every: Annotated[str, typer.Option(metavar="TIME", help="How often folders are looked at, and feeds asked at most.")] = "5m",
    runner: Annotated[str, typer.Option(metavar="NAME", help="The engine: local (also called DirectRunner) or prism.")] = "local",
    prism_location: Annotated[Path | None, typer.Option(metavar="PATH", help="Where the program prism is, if it is not found.")] = None,
    window: Annotated[str, typer.Option(metavar="TIME", help="What prism commits at once.")] = "1m",
    published_at: PublishedAt = None,
    column_names: ColumnNames = "",
    model: Model = None,
    lexicons: Lexicons = None,
    gazetteer: Gazetteer = None,
    worker_count: Workers = "auto",
    text: Texts = "full",
    allow_private: AllowPrivate = False,
    allow_port: AllowPorts = None,
    kafka_options: KafkaOptions = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON a commit on stdout, and nothing else there.")] = False,
    config: Config = None,
) -> None:
    """Watch feeds, folders and topics, add what is new. Until SIGTERM or Ctrl-C; Beam's own options may follow behind --."""
    from pipeline.watch.watch_options import WatchOptions, duration

    options = WatchOptions(
        run=RunOptions(
            sources=tuple(sources_of(ctx, sources)),
            output=output,
            published_at=None if published_at is None else day(published_at),
            columns=columns(column_names),
            model=model,
            workers=workers(worker_count),
            engine=Engine(name=runner, prism=prism_location, beam=tuple(ctx.obj or ())),
            texts=texts(text),
            feeds=feeds,
            fetching=fetching(private=allow_private, ports=allow_port, now=False),
            kafka_options=kafka_options,
            own=user_data(lexicons, gazetteer),
        ),
        every=duration(every, "--every"),
        window=duration(window, "--window"),
    )
    from pipeline.watch.service import Service
    from pipeline.watch.stopping import Stopping
    from pipeline.watch.watch_telling import Telling
    from transforms.flow.memory import one_arena

    one_arena()

    stopping = Stopping()
    with stopping.on_signals():
        if runner in PRISM:
            from pipeline.stream.drive import PrismWatch

            end_at_once()
            PrismWatch(options, stopping, Service(), Telling(as_json)).run()
        else:
            from pipeline.watch.local_watch import LocalWatch

            LocalWatch(options, stopping, Service(), Telling(as_json)).run()
