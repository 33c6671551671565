"""Actors in an annotated article: who is named, spoken of and meant.

names (what is called by name) -> titles (beside a name) -> clusters (one actor each, with its type) -> names again
(mentions that were overlooked) -> nominals ("the president") -> pronouns and
epithets ("the 28-year-old"). Type and canonical name are the cluster's.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from schemas.actor import Actor
from transforms.actors.coreference import clusters_of
from transforms.actors.evidence import weigh
from transforms.actors.mention import Cluster, Name
from transforms.actors.names import names_in
from transforms.actors.nominals import Nominal, nominals_in
from transforms.actors.overlooked import overlooked
from transforms.actors.pronouns import Reference, references_in
from transforms.actors.titles import title_of, with_body, within_titles
from transforms.actors.token_view import TokenView
from transforms.annotate import Annotated
from transforms.words.lexicon import words


def actors_in(article: Annotated) -> Iterator[Actor]:
    """Yield the actors of an article in text order, one row a mention; actor_id is the cluster's key within the article."""
    if not len(article.doc):
        return
    w = TokenView.of(article)
    clusters = _clusters(w)
    taken = {i for c in clusters for n in c.names for i in range(n.start, n.end)}
    nominals = list(nominals_in(w, clusters, taken))
    found = list(references_in(w, clusters, nominals))
    heads = {r.end for r in found if r.mention == "nominal"}
    rows = [*_named(w, clusters, heads), *_nominal(w, (n for n in nominals if n.head + 1 not in heads)), *_meant(w, found)]
    yield from sorted(rows, key=lambda r: (r.start, r.end))


def _clusters(w: TokenView) -> list[Cluster]:
    names = names_in(w)
    _read(w, names)
    idle = within_titles(w, names)
    names = [n for n in names if n not in idle]
    clusters = clusters_of(w, names)
    more = overlooked(w, clusters)
    if not more:
        return clusters
    _read(w, more)
    return clusters_of(w, sorted([*names, *more], key=lambda n: n.start))


def _read(w: TokenView, names: Sequence[Name]) -> None:
    """Fill in what stands around each name."""
    bodies = {i: n for n in names if n.label == "organisation" and len(n.words) > 1 for i in range(n.start, n.end)}
    for name in names:
        name.title = with_body(w, title_of(w, name.start, name.end), bodies)
    weigh(w, names)


def _named(w: TokenView, clusters: Sequence[Cluster], epithets: Collection[int]) -> Iterator[Actor]:
    """The rows of the names, but for a nationality that ends an epithet: "the Spaniard" is one person here."""
    no_owner = {n.text for c in clusters if c.type == "person" for n in c.names} | words("actors-titles", "no_owner", "words")
    for cluster in clusters:
        for name in (n for n in cluster.names if n.end not in epithets):
            title = name.title if cluster.type == "person" else None
            yield _row(
                w,
                name.start,
                name.end,
                rule=name.rule,
                mention="name",
                title=title.text if title else None,
                title_qualifier=title.qualifier if title else None,
                affiliation=title.affiliation if title and title.affiliation not in no_owner else None,
                **_shared(w, cluster),
            )


def _nominal(w: TokenView, nominals: Iterable[Nominal]) -> Iterator[Actor]:
    for nominal in nominals:
        yield _row(w, nominal.start, nominal.end, rule=nominal.rule, mention="nominal", **_shared(w, nominal.actor or nominal))


def _meant(w: TokenView, references: Iterable[Reference]) -> Iterator[Actor]:
    for meant in references:
        yield _row(w, meant.start, meant.end, rule=meant.rule, mention=meant.mention, **_shared(w, meant.actor))


def _row(w: TokenView, start: int, end: int, **columns: Any) -> Actor:
    where, text = w.place(start, end), w.string(start, end)
    return Actor(start=where.start, end=where.end, text=text, name=text, **columns)


def _shared(w: TokenView, actor: Cluster | Nominal) -> dict[str, str | None]:
    """The columns that all mentions of an actor share; without a name, those that read the same are one, but for those in passing."""
    if isinstance(actor, Nominal):
        actor = actor.in_full or actor
        which = f":{actor.start}" if actor.passing else ""
        return {
            "actor_id": f"nominal:{' '.join(w.lower[actor.start : actor.end]).removeprefix('the ')}{which}",
            "canonical_name": w.string(actor.start, actor.end),
            "type": actor.type,
            "country": actor.country,
        }
    return {
        "actor_id": f"named:{actor.first}",
        "canonical_name": actor.canonical_name,
        "type": actor.type,
        "country": actor.country,
        "external_id": actor.known.external_id if actor.known else None,
    }
