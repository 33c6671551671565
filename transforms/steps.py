"""The Beam steps: a few lines each around the pure functions of this package.

Four rules that engines taught us (measured): no buffer is kept until `finish_bundle` (one engine loses it without a word), no step has
tagged outputs (the same engine gives every element to each of them), every PCollection has a type (Beam sees `Any` where annotations
are postponed, and then catches no wrong chaining), and what a step knows beside its element is bound to its function: of a step that is given
it as arguments Beam keeps those of the last call, with the element among them, until the graph is let go (2.77: an article's tokens and drafts).
"""

import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Literal

import apache_beam as beam
from apache_beam.coders import Coder, FastPrimitivesCoder, NullableCoder
from apache_beam.coders.typecoders import registry
from apache_beam.typehints.typehints import UnionConstraint, is_nullable

from schemas.article import Article
from schemas.reject import Reject
from schemas.tables import FACT_TABLES
from transforms.annotate import Annotated
from transforms.annotate.language import recognised
from transforms.annotate.model import ModelMissingError, annotated
from transforms.extract import EXTRACTORS
from transforms.flow.at_hand import PlaceAtHand, TakesAtHand
from transforms.flow.check import checked, failed, in_text_order
from transforms.flow.drafts import Drafts
from transforms.flow.handover import put, put_packed, taken, taken_packed
from transforms.flow.heartbeat import beat, set_aside
from transforms.flow.memory import give_memory_back
from transforms.flow.packed import Packed, in_parts, inflated, packed, squeezed_some
from transforms.flow.place import Place
from transforms.flow.receipt import Receipt, write_shard
from transforms.flow.rows import Rows
from transforms.flow.take import Take, Takes
from transforms.link import head_of, linked
from transforms.repeats import fingerprint
from transforms.user_data import UserData, use

_AT_ONCE: Final = 64  # articles, at most: Docs are large, and a group of somebody else's graph may hold thousands

_VERY_LONG: Final = 1_000_000  # characters

# Engines run the bundles of a process in threads. The matrices of several batches at once need the memory of all and no less time: a
# worker on Prism had 1,048 MB at its peak over 800 articles, with this 562 (measured).
_one_at_a_time: Final = threading.Lock()

Readable = Take | Takes | TakesAtHand
Read = Article | Reject  # what comes of a record
Tried = Annotated | Reject  # what comes of an article
Linked = tuple[Rows, tuple[Reject, ...]]  # the rows of an article that hold, and what was set aside of it


@dataclass(frozen=True, slots=True)
class Draft:
    """What one branch found in one article: the rows of one kind, or the error that it met."""

    kind: str
    rows: tuple[Any, ...] = ()
    packs: tuple[Packed, ...] = ()  # of a very long article instead: its rows wait until its tokens are gone, and would take 200 MB
    error: Reject | None = None

    def all_rows(self) -> tuple[Any, ...]:
        """The rows, unpacked."""
        return self.rows + tuple(row for pack in self.packs for row in inflated(pack))


class HandoverCoder(Coder):
    """Elements as `handover` puts them. The size is a guess, since Beam asks it of a sample."""

    def encode(self, value: Any) -> bytes:
        return put(value)

    def decode(self, encoded: bytes) -> Any:
        return taken(encoded)

    def estimate_size(self, value: Any) -> int:
        return 10_000

    def is_deterministic(self) -> bool:
        return False


class PackedCoder(HandoverCoder):
    """Rows on their way to the writer. By reference they are in memory once, not once more for each look that the engine takes at them."""

    def encode(self, value: Any) -> bytes:
        return put_packed(value)

    def decode(self, encoded: bytes) -> Any:
        return taken_packed(encoded)


class EitherCoder(Coder):
    """What is of one type or another. Beam asks for it by the class of all unions: one registered for a union is never used (measured)."""

    @classmethod
    def from_type_hint(cls, typehint: Any, registry: Any) -> Any:
        """As its types are handed over, where all are; else as Beam does it."""
        if is_nullable(typehint):
            return NullableCoder.from_type_hint(typehint, registry)
        if all(isinstance(registry.get_coder(each), HandoverCoder) for each in typehint.union_types):
            return HandoverCoder()
        return FastPrimitivesCoder()


for _type in (Annotated, Article, Draft, Receipt, Reject):
    registry.register_coder(_type, HandoverCoder)
registry.register_coder(Packed, PackedCoder)
registry.register_coder(UnionConstraint, EitherCoder)


def spread(identity: str, over: int) -> str:
    """A stable key out of `over`: Python's own hash differs from process to process."""
    return f"{zlib.crc32(identity.encode()) % over:06d}"


# --- read


@dataclass
class ReadTakes(beam.PTransform[Any, Any]):
    """Takes -> their articles and rejects."""

    takes: Sequence[Readable]

    def expand(self, begin: Any) -> Any:
        """Spread the takes over the workers, where there are several, and read each."""
        takes = beam.Create(list(self.takes), reshuffle=len(self.takes) > 1)
        return begin | "Takes" >> takes.with_output_types(Readable) | "Items" >> beam.FlatMap(items_of)


def items_of(take: Readable) -> Iterable[Read]:
    """The articles and rejects of a take."""
    beat("read")
    return take.items()


def articles_among(item: Read) -> Iterable[Article]:
    """The item, if it is an article."""
    if isinstance(item, Article):
        yield item


def annotated_among(item: Tried) -> Iterable[Annotated]:
    """The item, if it is an annotated article."""
    if isinstance(item, Annotated):
        yield item


def rejects_among(item: Read | Annotated) -> Iterable[Reject]:
    """The item, if it is a reject."""
    if isinstance(item, Reject):
        yield item


# --- annotate


@dataclass
class Annotate(beam.PTransform[Any, Any]):
    """Articles -> annotated articles, in batches from a GroupByKey; an article that the model cannot take is a reject.

    `ready` is called before each batch: what a process that belongs to us is made ready by.
    """

    model: str
    batches: int
    own: UserData
    ready: Callable[[], None]

    def expand(self, articles: Any) -> Any:
        """Key by a stable hash, group, annotate a group at a time."""
        return (
            articles
            | "Key" >> beam.Map(by_batch, self.batches)
            | "Batch" >> beam.GroupByKey()
            | "Model" >> beam.FlatMap(partial(annotate_batch, model=self.model, own=self.own, ready=self.ready))
        )


def by_batch(article: Article, batches: int) -> tuple[str, Article]:
    """An article under the key of its batch."""
    return spread(article.article_id, batches), article


def annotate_batch(batch: tuple[str, Iterable[Article]], model: str, own: UserData, ready: Callable[[], None]) -> Iterable[Tried]:
    """A batch annotated some at once; where that fails, one by one, so that one bad text costs only itself."""
    use(own)
    ready()
    articles = distinct(batch[1])
    for first in range(0, len(articles), _AT_ONCE):
        tried = list(_annotate_some(articles[first : first + _AT_ONCE], model))
        give_memory_back()  # before the extractors, which run within the yield: the model leaves 100 MB of a very long article (measured)
        yield from tried


def distinct(articles: Iterable[Article]) -> list[Article]:
    """Each text of each article once, in an order that hangs on nothing but what they are."""
    kept: dict[str, Article] = {}
    for article in sorted(articles, key=lambda a: (a.article_id, a.version, a.text_sha256, a.source_uri, a.fetched_at)):
        kept.setdefault(article_key(article), article)
    return list(kept.values())


def _annotate_some(articles: Sequence[Article], model: str) -> Iterable[Tried]:
    beat("annotate", *articles)
    known = [recognised(replace(article, **fingerprint(article.text or "")._asdict())) for article in articles]
    try:
        yield from _annotated(known, model)
    except ModelMissingError:
        raise
    except Exception:  # which article it was, only trying each can tell; that one then becomes a reject
        for article in known:
            beat("annotate", article)
            yield _annotate_one(article, model)


def _annotated(articles: Sequence[Article], model: str) -> list[Annotated]:
    with _one_at_a_time:
        return list(annotated(articles, model_name=model))


def _annotate_one(article: Article, model: str) -> Tried:
    try:
        return _annotated([article], model)[0]
    except Exception as error:
        reject = failed(article, "annotate", "the model", error, scope="record")
        set_aside(reject)
        return reject


# --- extract: five branches side by side over the same annotated articles


def article_key(article: Article) -> str:
    """The key under which an article's drafts meet again; two texts of one article in one run stay apart."""
    return f"{article.article_id}-{article.text_sha256}"


def draft_head(article: Annotated, own: UserData) -> tuple[str, Draft]:
    """The article's own part of what link needs."""
    use(own)
    beat("extract", article.article)
    return article_key(article.article), Draft("head", (head_of(article),))


def draft(article: Annotated, kind: str, own: UserData) -> tuple[str, Draft]:
    """What the extractor of one kind finds. An error of ours costs the article that kind, is a reject, and ends nothing."""
    use(own)
    long = len(article.text) > _VERY_LONG
    try:
        rows = EXTRACTORS[kind](article)
        found = Draft(kind, packs=tuple(squeezed_some(rows))) if long else Draft(kind, tuple(rows))
    except Exception as error:
        found = Draft(kind, error=failed(article.article, "extract", f"reading {kind}", error))
    if long:
        give_memory_back()  # what the rules listed leaves holes of 110 MB in a text of five million characters (measured)
    return article_key(article.article), found


# --- link, check


@dataclass
class LinkArticles(beam.PTransform[Any, Any]):
    """Drafts of all branches -> finished, checked rows, packed for writing, keyed by their shard."""

    shards: int
    texts: Literal["full", "none"]
    own: UserData

    def expand(self, drafts: Any) -> Any:
        """Bring an article's head and drafts together, link them."""
        return (
            drafts
            | "Meet" >> beam.GroupByKey()
            | "Link" >> beam.FlatMap(partial(link_article, shards=self.shards, texts=self.texts, own=self.own))
        )


def link_article(met: tuple[str, Iterable[Draft]], shards: int, texts: str, own: UserData) -> Iterable[tuple[str, Packed]]:
    """The rows of one article, checked and packed, with the rejects of its parts; those of a very long one in several packs."""
    rows, wrong = link_drafts(met, own)
    article = rows.article if texts == "full" else replace(rows.article, text=None)
    tables = {"articles": (article,), **{table: getattr(rows, table) for table in FACT_TABLES}, "rejects": wrong}
    for some in in_parts(tables):
        yield spread(article.article_id, shards), packed(some)


def link_drafts(met: tuple[str, Iterable[Draft]], own: UserData) -> Linked:
    """The rows of one article, checked, and the rejects of its parts."""
    use(own)
    by_kind = {d.kind: d for d in met[1]}
    head = by_kind.pop("head").rows[0]
    beat("link", head.article)
    errors = [d.error for d in by_kind.values() if d.error]
    found = Drafts(**{kind: d.all_rows() for kind, d in by_kind.items()})
    try:
        rows, wrong = checked(linked(head, found))
    except Exception as error:
        rows, wrong = checked(linked(head, Drafts()))
        errors.append(failed(head.article, "link", "linking", error))
    for reject in (*errors, *wrong):
        set_aside(reject)
    return rows, tuple(in_text_order([*errors, *wrong]))


def pack_reject(reject: Reject) -> tuple[str, Packed]:
    """A reject on its way to the writer; all of them in one file."""
    return spread("", 1), packed({"rejects": (reject,)})


# --- write


@dataclass
class WriteTables(beam.PTransform[Any, Any]):
    """Packed rows -> one Parquet file a table and shard where they belong, and a receipt of what was written."""

    place: Place | PlaceAtHand

    def expand(self, rows: Any) -> Any:
        """Bring a shard's rows together and write them."""
        return rows | "Shard" >> beam.GroupByKey() | "Files" >> beam.Map(partial(write_group, place=self.place))


def write_group(group: tuple[str, Iterable[Packed]], place: Place | PlaceAtHand) -> Receipt:
    """One shard's files and their receipt."""
    shard, packs = group
    beat("write")
    here = place.place if isinstance(place, PlaceAtHand) else place
    return write_shard(packs, staging=here.staging, name=here.share + shard, run_id=here.run_id)
