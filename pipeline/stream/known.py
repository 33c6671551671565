"""The keyed step: what is on its way to a commit already goes no further, and versions are numbered on from it.

The dataset itself was asked when the sources were looked at. What it could not tell, since windows are still open or being worked on,
the engine keeps here, by article. It is kept for as long as the engine runs: about 350 bytes an article in Prism (measured).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import apache_beam as beam
from apache_beam.coders import PickleCoder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from pipeline.decide import candidate_of, decided
from pipeline.stream.stream_elements import Dropped, Shown
from schemas.article import Article
from schemas.reject import Reject
from transforms.steps import Read

Sent = Article | Reject | Dropped
Texts = Mapping[str, int]  # versions by the sha256 of their texts

_SEEN: Final[Texts] = {"": 0}  # of a reject there is only one


_TEXTS: Final = beam.DoFn.StateParam(ReadModifyWriteStateSpec("texts", PickleCoder()))


class Known(beam.DoFn):
    """Shown -> its articles with their versions and its rejects, as far as they are new; else what was dropped."""

    def process(self, keyed: tuple[str, Shown], texts: Any = _TEXTS) -> Iterable[Sent]:
        """Sift what is shown of one article, or one reject, and remember it."""
        known: Texts = texts.read() or {}
        sent, now = sifted(known, keyed[1])
        if now != known:
            texts.write(now)
        return sent


def sifted(known: Texts, shown: Shown) -> tuple[list[Sent], Texts]:
    """What is new of what is shown, what is dropped, and what is known then. Pure."""
    articles = [item for item in shown.items if isinstance(item, Article)]
    sent: list[Sent] = []
    now = dict(known)
    for reject in (item for item in shown.items if isinstance(item, Reject)):
        if known:
            sent.append(Dropped(reject.source_uri, "record" if reject.scope == "record" else "part", "unchanged"))
        else:
            sent.append(reject)
            now.update(_SEEN)
    candidates = [candidate_of(a, (0, n), fetched=shown.fetched, forgotten=()) for n, a in enumerate(articles)]
    for candidate, decision in decided(known, candidates, after=shown.after):
        article = articles[candidate.place[1]]
        if decision.version is None:
            sent.append(Dropped(article.source_uri, "article", "filtered" if decision.fate == "filtered" else "unchanged"))
        else:
            sent.append(replace(article, version=decision.version))
            now[article.text_sha256] = decision.version
    return sent, now


def read_among(sent: Sent) -> Iterable[Read]:
    """What was sent, unless it was dropped."""
    if not isinstance(sent, Dropped):
        yield sent


def dropped_among(sent: Sent) -> Iterable[Dropped]:
    """What was sent, if it was dropped."""
    if isinstance(sent, Dropped):
        yield sent
