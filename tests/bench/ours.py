"""The whole pipeline with one worker, after start-up: plan, read, annotate, extract, link, check, write, commit."""

import json
import sys
import tempfile
import time
from pathlib import Path

from pipeline.options import RunOptions
from pipeline.run import run
from transforms.annotate.language import recognised
from transforms.annotate.model import annotated
from transforms.extract import EXTRACTORS
from transforms.flow.drafts import Drafts
from transforms.link import head_of, linked
from transforms.repeats import fingerprint


def once(source: Path) -> float:
    with tempfile.TemporaryDirectory() as out:
        started = time.perf_counter()
        run(RunOptions(sources=(str(source),), output=Path(out) / "ds", workers=1))
        return time.perf_counter() - started


def parts(source: Path) -> dict[str, float]:
    """Seconds that each part takes on the same articles when it is done alone."""
    import datetime as dt

    from schemas.article import Article
    from transforms.read import Defaults, Source, records_in

    read = records_in(Source(str(source), str(source.parent)), defaults=Defaults(dt.datetime.now(dt.UTC)))
    articles = [r.item for r in read if isinstance(r.item, Article)]
    spent = {}
    started = time.perf_counter()
    for a in articles:
        recognised(a)
        fingerprint(a.text or "")
    spent["fingerprint and language"] = time.perf_counter() - started
    started = time.perf_counter()
    docs = list(annotated([recognised(a) for a in articles]))
    spent["annotate"] = time.perf_counter() - started
    found: list[dict[str, tuple[object, ...]]] = [{} for _ in docs]
    for kind, extract in EXTRACTORS.items():
        started = time.perf_counter()
        for d, rows in zip(docs, found, strict=True):
            rows[kind] = tuple(extract(d))
        spent[kind] = time.perf_counter() - started
    started = time.perf_counter()
    for d, rows in zip(docs, found, strict=True):
        linked(head_of(d), Drafts(**rows))  # type: ignore[arg-type]
    spent["link"] = time.perf_counter() - started
    return spent


source = Path(sys.argv[1])
lines = source.read_text("utf-8").splitlines()
with tempfile.TemporaryDirectory() as folder:
    some, one = Path(folder) / "some.jsonl", Path(folder) / "one.jsonl"
    some.write_text("\n".join(lines[:32]), "utf-8")
    one.write_text(lines[0], "utf-8")
    once(some)  # Beam, the model and the lexicons are loaded now
    started = once(one)  # what a slice costs however few its articles: the graph is built, the engine's threads start and stop
took = {"run": once(source), "start": started} | parts(source)
took["rest"] = took["run"] - sum(v for k, v in took.items() if k != "run")
print(json.dumps(took))
