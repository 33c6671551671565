"""What each stage of the graph takes, measured in one run of it.

    OPENBLAS_NUM_THREADS=1 python -m tests.bench.stages FILE.jsonl

On one thread, as workers have it: of several, those that wait for work count too, and the model's stages look twice as dear. Prints
JSON: milliseconds of processor time an article, by stage. The graph is that of a worker, run in this process by Beam's local runner
once everything is loaded. The functions of the stages are replaced by some that look at the clock, here and nowhere else, so that a run of
a user's pays nothing for it. A stage's time is its own: what it calls of others is theirs, and what is left of the run is Beam's.
"""

import datetime as dt
import functools
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pipeline.engines.execute import words_to
from pipeline.engines.forked_graph import KeptGraph
from pipeline.engines.ways import warm
from pipeline.graph import Graph
from transforms import extract, steps
from transforms.annotate import model as annotation
from transforms.flow import at_hand
from transforms.flow.memory import calm_memory
from transforms.flow.take import FromSource
from transforms.parse.pinned_model import PINNED_MODEL
from transforms.read import Defaults, Source
from transforms.user_data import NONE

BEAM: Final = "Beam, coders, handover"
ROUNDS: Final = 3  # each over the whole file; what a process does for the first time is done in the first
# Where a function that belongs to a stage is looked up, its name there, and the stage.
CALLS: Final = (
    (steps, "recognised", "language"),
    (steps, "fingerprint", "fingerprint"),
    (steps, "annotated", "annotate, rest"),
    (steps, "linked", "link with facts"),
    (steps, "checked", "check"),
    (steps, "packed", "pack"),
    (steps, "write_shard", "rows to Arrow, Parquet"),
    (steps, "give_memory_back", "memory given back"),
    (annotation, "set_sentence_starts", "sentence starts"),
    (annotation, "complete", "pos and lemma"),
    (annotation, "hang_on_sayings", "pos and lemma"),
)


class Stopwatch:
    """Processor time by stage. Of nested stages the inner one counts."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._open: list[str] = []
        self._since = time.process_time()

    @contextmanager
    def at(self, stage: str) -> Generator[None]:
        """Count what the block takes for this stage."""
        self._turn()
        self._open.append(stage)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted for a stage; what it would yield is made at once."""

        @functools.wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            with self.at(stage):
                made = function(*given, **named)
                return list(made) if isinstance(made, Generator) else made

        return timed

    def _turn(self) -> None:
        now = time.process_time()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now


def watch_stages(watch: Stopwatch) -> None:
    """Have this process's stages timed, for as long as it lives."""
    for place, name, stage in CALLS:
        setattr(place, name, watch.timed(stage, getattr(place, name)))
    for kind, function in list(extract.EXTRACTORS.items()):
        extract.EXTRACTORS[kind] = watch.timed(kind, function)
    take = at_hand.TakesAtHand
    take.items = watch.timed("read", take.items)  # type: ignore[method-assign]
    nlp = annotation.model()
    nlp.make_doc = watch.timed("tokenizer", nlp.make_doc)  # type: ignore[method-assign]
    nlp._components = [(name, _Timed(pipe, name, watch)) for name, pipe in nlp._components]  # type: ignore[misc]  # all of them trained


class _Timed:
    """A component of the model whose methods are timed; spaCy's own are C's, and cannot be replaced one by one."""

    def __init__(self, pipe: Any, stage: str, watch: Stopwatch) -> None:
        self._pipe, self._stage, self._watch = pipe, stage, watch

    @property  # type: ignore[misc]
    def __class__(self) -> type[Any]:
        return type(self._pipe)  # for `isinstance`

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._pipe, name)
        return self._watch.timed(self._stage, found) if name in ("predict", "set_annotations") else found


def measured(source: Path) -> dict[str, float]:
    """By stage: milliseconds an article, the least of the rounds."""
    articles = sum(1 for line in source.read_text("utf-8").splitlines() if line.strip())
    positions = tuple((number, 1) for number in range(1, articles + 1))
    take = FromSource(Source(str(source), str(source)), Defaults(dt.datetime.now(dt.UTC)), positions)
    warm(PINNED_MODEL, NONE)
    calm_memory()
    watch = Stopwatch()
    watch_stages(watch)
    rounds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder, words_to(Path(folder)):
            graph = Graph((take,), articles, PINNED_MODEL, "full", Path(folder), "bench")
            kept = KeptGraph(graph.work, ())  # a child's own graph runs once
            watch.seconds.clear()
            with watch.at(BEAM):
                kept.over(graph)
        rounds.append(dict(watch.seconds))
    best = min(rounds, key=lambda seconds: sum(seconds.values()))
    return {stage: 1000 * seconds / articles for stage, seconds in sorted(best.items(), key=lambda each: -each[1])}


def table(stages: dict[str, float]) -> str:
    """The stages as lines, the dearest first."""
    whole = sum(stages.values())
    lines = [f"  {stage}: {ms:.1f} ms an article, {100 * ms / whole:.0f} %" for stage, ms in stages.items()]
    return "\n".join([*lines, f"  all of it: {whole:.1f} ms an article"])


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]))))
