"""What tests of the report share: the dataset of `answering` with more articles, some of which would do harm to a page, and what pages hold."""

import base64
import dataclasses
import datetime as dt
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline import correct
from pipeline.dataset import Dataset
from pipeline.dataset.views import connect
from tests.answering import Told, made

HOSTILE = (
    "</script><script>window.harmed = 1</script>",
    "--><img src=x onerror='window.harmed = 1'>",
    "<svg onload=window.harmed=1><a href='javascript:window.harmed=1'>press</a></svg>",
    "</style><iframe srcdoc='<script>parent.harmed = 1</script>'></iframe>",
    "{{constructor.constructor('window.harmed = 1')()}} ${window.harmed = 1} \u2028\u2029\u202e",
)
ROCKET = "\N{ROCKET} Norvia launches 5 rockets\n\nNorvia \N{ROCKET}\N{ROCKET} launched 5 rockets on 3 May 2025, its agency said."


def more() -> Iterator[Told]:
    """Articles with hostile words wherever an article has words, one with characters beyond 16 bits, one in another language."""
    for number, words in enumerate(HOSTILE, 20):
        text = f"{words}\n\nNorvia has 12 <b>{words}</b> ships."
        hostile = Told(number, text, f"Outlet {words}", "2025-06-20", title=words)
        hostile.article = dataclasses.replace(
            hostile.article, byline=words, canonical_url="javascript:window.harmed=1", source_uri=f"wire/{words}.txt"
        )
        hostile.add("figures", "12", kind="count", value=12.0, counted=words, counted_head="ship", base=words)
        hostile.actor("Norvia", "place", title=words)
        hostile.actor(words, "organisation", within=words)
        verb = hostile.place("has", within="Norvia has")
        hostile.add(
            "facts",
            f"Norvia has 12 <b>{words}</b> ships",
            subject="Norvia",
            predicate="has",
            predicate_lemma="have",
            predicate_start=verb[0],
            predicate_end=verb[1],
            object=words,
            hedges=(words,),
            happened_start=dt.date(2025, 6, 1),
            happened_end=dt.date(2025, 6, 30),
        )
        yield hostile
    rocket = Told(30, ROCKET, "Orbit", "2025-05-04")
    rocket.actor("Norvia", "place", within="Norvia \N{ROCKET}")
    rocket.add("figures", "5", within="launched 5", kind="count", value=5.0, counted="rockets", counted_head="rocket")
    day = dt.date(2025, 5, 3)
    rocket.add("dates", "3 May 2025", timex_type="DATE", timex_value="2025-05-03", anchor_origin="explicit", start_date=day, end_date=day)
    yield rocket
    foreign = Told(31, "Norvia zählt 17 Schiffe\n\nDie Flotte ist groß.", "Norvia Heute", "2025-05-06")
    foreign.article = dataclasses.replace(foreign.article, language="de")
    yield foreign


def corrected(root: Path) -> Path:
    """The dataset, in which people have put something right: a value set, a row dropped, a row added."""
    dataset = made(root, more())
    with connect(Dataset.open(dataset)) as connection:
        sql = "SELECT row_id FROM figures WHERE text = $text AND outlet = 'Example News'"
        risen, ratio = (str((connection.execute(sql, {"text": t}).fetchone() or ("",))[0]) for t in ("$2.7 billion", "12 of 40"))
    correct.correct(dataset, risen, ["bound=about"], "the paper rounds")
    correct.drop(dataset, ratio, "no ratio")
    correct.add(dataset, "figures", "Norvia refuses", "40", ["kind=count", "value=40", "counted=piers"], "nobody had read it")
    return dataset


def data_of(page: str) -> dict[str, Any]:
    """What a page holds, by name."""
    return {
        name: json.loads(gzip.decompress(base64.b64decode(packed))) for name, packed in re.findall(r"<!--([a-z]+(?:-\d+)?) (\S+)-->", page)
    }
