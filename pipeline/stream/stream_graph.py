"""The unbounded graph on one screen."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import apache_beam as beam
from apache_beam.coders.typecoders import registry
from apache_beam.transforms.window import FixedWindows, IntervalWindow

from pipeline.build import extract
from pipeline.graph import Work
from pipeline.stream.desk import desk
from pipeline.stream.known import Known, Sent, dropped_among, read_among
from pipeline.stream.poller import Poll, Polled
from pipeline.stream.stream_elements import Dropped, Shown, Told
from pipeline.stream.window import Noted
from transforms.flow.packed import Packed
from transforms.flow.receipt import Receipt, write_shard
from transforms.steps import HandoverCoder

BATCHES = 16  # groups of a window's articles that the model takes at once, where there are so many
SHARDS = 1  # files a table and window

for _type in (Shown, Told, Dropped):
    registry.register_coder(_type, HandoverCoder)


def stream(p: beam.Pipeline, watch: str, work: Work, window: float) -> Any:
    """Wire a watch: poll, drop what is known, cut into windows of so many seconds, extract, write, commit."""
    polled = p | "Watch" >> beam.Create([watch]) | "Poll" >> beam.ParDo(Poll(window)).with_output_types(Polled)
    shown, told = polled | "Shown" >> beam.FlatMap(shown_among), polled | "Told" >> beam.FlatMap(told_among)
    known = shown | "Known" >> beam.ParDo(Known()).with_output_types(Sent)  # type: ignore[no-untyped-call]
    sent = known | "Windows" >> beam.WindowInto(FixedWindows(window))
    receipts = (
        extract(sent | "Read" >> beam.FlatMap(read_among), work) | "Shard" >> beam.GroupByKey() | "Write" >> beam.Map(write_window, watch)
    )
    noted = (told | "ToldWindows" >> beam.WindowInto(FixedWindows(window)), sent | "Dropped" >> beam.FlatMap(dropped_among), receipts)
    together = noted | "Noted" >> beam.Flatten() | "Together" >> beam.Map(together_by_window) | "Window" >> beam.GroupByKey()
    return together | "Commit" >> beam.FlatMap(commit_window, watch)


def shown_among(polled: Polled) -> Iterable[tuple[str, Shown]]:
    """What was polled, unless it tells of the rest."""
    if not isinstance(polled, Told):
        yield polled


def told_among(polled: Polled) -> Iterable[Told]:
    """What tells of the rest of what was polled."""
    if isinstance(polled, Told):
        yield polled


def write_window(group: tuple[str, Iterable[Packed]], watch: str, window: Any = beam.DoFn.WindowParam) -> Receipt:
    """The files of one shard of a window, and their receipt."""
    shard, packs = group
    here = desk(watch)
    with here.keeping():
        return write_shard(packs, staging=here.staging(slice_of(window)), name=shard, run_id=watch)


def together_by_window(noted: Noted) -> tuple[str, Noted]:
    """All that is noted of a window under one key."""
    return "window", noted


def commit_window(group: tuple[str, Iterable[Noted]], watch: str, window: Any = beam.DoFn.WindowParam) -> Iterable[str]:
    """Hand the window to the desk, which commits it."""
    desk(watch).commit(slice_of(window), group[1])
    return ()


def slice_of(window: IntervalWindow) -> str:
    """The name of a window among the slices of its run."""
    return f"w{dt.datetime.fromtimestamp(float(window.start), dt.UTC):%Y%m%dT%H%M%S}"
