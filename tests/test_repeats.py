"""Copies: signatures that last, clusters that do not depend on order, and what edits are seen through."""

import datetime as dt
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.arrow import arrow_schema, from_dict, to_table
from schemas.article import Article
from schemas.cluster import Cluster
from schemas.column import UInt32
from schemas.ids import digest, text_sha256
from transforms.repeats import Candidate, Window, candidate_of, clusters_of, fingerprint, recent, signature
from transforms.repeats.components import BANDS, ROWS_OF_BAND, WINDOW

WIKINEWS = [json.loads(line) for line in (Path(__file__).parent.parent / "seeds" / "wikinews.jsonl").read_text("utf-8").splitlines()]
EPOCH = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
COUNTING = "The quick brown fox number {} jumps over the lazy dog number {}. "
TEXT = "".join(COUNTING.format(n, n * n) for n in range(10))


# Fingerprints


def test_a_signature_is_the_same_for_ever() -> None:
    found = signature(TEXT)
    assert found is not None
    assert (len(found), found[:4], digest(*found)) == (128, (146566069, 134923961, 180547617, 18836787), "0bfe6a8b9097c02d468c5b72d1cd1eb1")


def test_another_process_with_another_hash_seed_gives_the_same_signature() -> None:
    code = f"from transforms.repeats import signature; print(signature({TEXT!r}))"
    run = subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(signature(TEXT))


def test_under_fifty_words_there_is_no_signature() -> None:
    assert signature(" ".join(str(n) for n in range(49))) is None
    assert signature(" ".join(str(n) for n in range(50))) is not None


@given(st.text())
def test_any_text_has_a_fingerprint(text: str) -> None:
    found = fingerprint(text * 60)
    assert len(found.words_sha256) == 64
    assert (found.signature is None) == (found.word_count < 50)


@pytest.mark.parametrize("text", ["", "\ud800", "\x00" * 99, "… – !", "🗞" * 80, "a" * 100_000, "ǅ\u0301 " * 60])
def test_odd_texts_have_a_fingerprint(text: str) -> None:
    assert len(fingerprint(text).words_sha256) == 64


def test_case_space_and_punctuation_make_no_difference_but_a_figure_does() -> None:
    hashed = fingerprint("Prices rose 5 % – a “record” in café CAFÉS.").words_sha256
    assert fingerprint('prices  rose\n5% - a "record", in cafe\u0301 cafés').words_sha256 == hashed
    assert fingerprint("Prices rose 6 % – a “record” in café CAFÉS.").words_sha256 != hashed


def test_texts_without_words_are_not_all_one() -> None:
    assert fingerprint("!!!").words_sha256 != fingerprint("???").words_sha256


def test_equal_minima_estimate_the_jaccard_index() -> None:
    words = [f"w{n}" for n in range(3000)]
    one, other = signature(" ".join(words[:2000])), signature(" ".join(words[1000:]))
    assert np.equal(np.array(one), np.array(other)).mean() == pytest.approx(1 / 3, abs=0.13)  # three standard deviations of 128 minima


def test_a_long_text_is_hashed_in_blocks_to_the_same_end() -> None:
    words = " ".join(str(n) for n in range(9000))
    halves = signature(" ".join(words.split()[:5000])), signature(" ".join(words.split()[4998:]))
    assert np.array_equal(np.minimum(*map(np.array, halves)), np.array(signature(words)))


def test_a_fingerprint_takes_about_a_millisecond_at_most() -> None:
    text = " ".join(" ".join(a["text"] for a in WIKINEWS).split()[:400])
    best = min(_seconds(lambda: fingerprint(text)) for _ in range(50))
    assert best < 0.003  # a busy neighbour on the same core doubles it


def _seconds(call: Callable[[], object]) -> float:
    start = time.process_time()  # not by the clock on the wall: other work on the machine is not ours
    call()
    return time.process_time() - start


def test_signatures_keep_all_32_bits_in_arrow() -> None:
    article = replace(_article("a", TEXT), signature=(UInt32(0), UInt32(2**32 - 1)))
    table = to_table(Article, [article])
    assert table.schema.field("signature").type == pa.list_(pa.uint32())
    assert from_dict(Article, table.to_pylist()[0]).signature == (0, 2**32 - 1)


# Clusters


def _candidate(article_id: str, text: str = TEXT, day: float | None = 0, **other: object) -> Candidate:
    published = None if day is None else EPOCH + dt.timedelta(days=day)
    columns = {"version": 1, "published_at": published, "fetched_at": EPOCH, **fingerprint(text)._asdict(), **other}
    return Candidate(article_id=article_id, **columns)


def _said(rows: Iterable[Cluster]) -> dict[str, tuple[str, bool, str | None]]:
    return {r.article_id: (r.cluster_id, r.is_canonical, r.duplicate_kind) for r in rows}


def test_an_article_alone_is_its_own_cluster() -> None:
    assert clusters_of([_candidate("a")], [], run_id="r") == [
        Cluster(article_id="a", version=1, published_at=EPOCH, cluster_id="a", is_canonical=True, run_id="r")
    ]
    assert clusters_of([], []) == []


def test_the_earliest_copy_counts_and_the_smallest_id_names_the_cluster() -> None:
    found = clusters_of([_candidate("a", TEXT + "More.", 2), _candidate("b", TEXT, 1), _candidate("c", TEXT.upper(), None)], [])
    assert _said(found) == {"a": ("a", False, "near"), "b": ("a", True, None), "c": ("a", False, "exact")}


def test_of_copies_published_together_the_smallest_id_counts() -> None:
    assert _said(clusters_of([_candidate("b"), _candidate("a")], [])) == {"a": ("a", True, None), "b": ("a", False, "exact")}


@pytest.mark.parametrize(("days", "together"), [(7, True), (7.001, False)])
def test_copies_lie_within_seven_days(days: float, together: bool) -> None:
    found = clusters_of([_candidate("a", day=0), _candidate("b", day=days)], [])
    assert (found[1].cluster_id == "a") is together


@pytest.mark.parametrize(("days", "together"), [(7, True), (8, False)])
def test_without_a_date_the_time_of_fetching_counts(days: int, together: bool) -> None:
    undated = _candidate("b", day=None, fetched_at=EPOCH + dt.timedelta(days=days))
    assert (clusters_of([_candidate("a", day=-300), undated], [])[1].cluster_id == "a") is together


def test_copies_of_copies_are_copies() -> None:
    found = clusters_of([_candidate(i, day=d) for i, d in (("a", 12), ("b", 0), ("c", 6))], [])
    assert {r.cluster_id for r in found} == {"a"}


def test_short_texts_are_copies_only_when_their_words_are_the_same() -> None:
    texts = {"a": "Markets are closed today.", "b": "MARKETS are closed today", "c": "Markets are closed today, too."}
    found = clusters_of([_candidate(i, t) for i, t in texts.items()], [])
    assert _said(found) == {"a": ("a", True, None), "b": ("a", False, "exact"), "c": ("c", True, None)}


def test_only_what_changed_is_told() -> None:
    first = clusters_of([_candidate("b"), _candidate("c", day=1)], [])
    settled = [_candidate("b", standing=first[0]), _candidate("c", day=1, standing=first[1])]
    late = clusters_of([_candidate("d", day=2)], settled)
    assert _said(late) == {"d": ("b", False, "exact")}
    early = clusters_of([_candidate("a", day=-1)], settled)
    assert _said(early) == {"a": ("a", True, None), "b": ("a", False, "exact"), "c": ("a", False, "exact")}
    assert [r.revision for r in early] == [1, 2, 2]


def test_a_new_version_leaves_its_cluster() -> None:
    first = clusters_of([_candidate("a"), _candidate("b", day=1)], [])
    settled = [_candidate("a", standing=first[0]), _candidate("b", day=1, standing=first[1])]
    found = clusters_of([_candidate("a", "Another text.", version=2)], settled)
    assert _said(found) == {"a": ("a", True, None), "b": ("b", True, None)}
    assert [(r.version, r.revision) for r in found] == [(2, 2), (1, 2)]


def test_an_older_version_that_comes_late_changes_nothing() -> None:
    row = clusters_of([_candidate("a", version=2)], [])[0]
    assert clusters_of([_candidate("a", "Another text.", version=1)], [_candidate("a", version=2, standing=row)]) == []


def test_an_article_without_a_fingerprint_is_refused() -> None:
    with pytest.raises(ValueError, match="article a has no fingerprint"):
        candidate_of(to_table(Article, [_article("a", TEXT)]).to_pylist()[0])


def test_what_remains_of_a_cluster_is_settled_anew() -> None:
    rows = clusters_of([_candidate("a"), _candidate("b", day=1), _candidate("c", day=2)], [])
    remaining = [_candidate("b", day=1, standing=rows[1]), _candidate("c", day=2, standing=rows[2])]
    assert _said(clusters_of([], remaining)) == {"b": ("b", True, None), "c": ("b", False, "exact")}


def test_thousands_of_copies_are_no_trouble() -> None:
    copies = [_candidate(f"{n:05}", day=n / 1000) for n in range(3000)]
    assert _seconds(lambda: clusters_of(copies, [])) < 5
    alike = [replace(c, signature=(*c.signature[:-1], n)) for n, c in enumerate(copies) if c.signature]
    assert {r.cluster_id for r in clusters_of(alike, [])} == {"00000"}


# The end state does not depend on order and slices


def _article(article_id: str, text: str, **other: object) -> Article:
    fields = {"source_uri": "test", "input_format": "txt", "fetched_at": EPOCH, "text": text, "text_sha256": text_sha256(text)}
    return Article(article_id=article_id, **fields | other)  # type: ignore[arg-type]


@st.composite
def _articles(draw: st.DrawFn) -> Article:
    """A version of one of few articles, its text a variant of one of few: signatures that differ in 0 to 80 minima."""
    base, changed, cut = draw(st.integers(0, 2)), draw(st.sampled_from((0, 0, 10, 40, 55, 80))), draw(st.integers(0, 48))
    minima = np.random.default_rng(base).integers(0, 2**32, 128)
    minima[cut : cut + changed] = np.random.default_rng((base, changed, cut)).integers(0, 2**32, changed)
    short = draw(st.sampled_from((False, False, False, True)))
    days = st.integers(0, 20).map(lambda d: EPOCH + dt.timedelta(days=d))
    return _article(
        draw(st.sampled_from("abcdefghijklmnop")),
        "",
        version=draw(st.integers(1, 2)),
        published_at=draw(st.none() | days | days),
        fetched_at=draw(days),
        word_count=20 if short else draw(st.sampled_from((100, 150, 300))),
        words_sha256=text_sha256(f"{base}" if short else f"{base} {changed} {cut if changed else 0}"),
        signature=None if short else tuple(minima.tolist()),
    )


_MANY = st.lists(_articles(), max_size=24, unique_by=lambda a: (a.article_id, a.version))


class _InMemory:
    """What is committed, in two tables."""

    def __init__(self) -> None:
        self.tables = {"articles": arrow_schema(Article).empty_table(), "clusters": arrow_schema(Cluster).empty_table()}

    def about(self, window: Window) -> Iterable[pa.Table]:
        rows = self.tables["articles"]
        half = rows.num_rows // 2
        return [part for part in (rows.slice(0, half), rows.slice(half)) if part.num_rows and window.may_hold(*_span(part))]

    def articles(self, ids: Iterable[str]) -> pa.Table:
        return self._among("articles", "article_id", ids)

    def clusters(self, column: str, ids: Iterable[str]) -> pa.Table:
        return self._among("clusters", column, ids)

    def _among(self, table: str, column: str, ids: Iterable[str]) -> pa.Table:
        rows = self.tables[table]
        return rows.filter(pc.is_in(rows[column], value_set=pa.array(list(ids), pa.string())))


def _span(rows: pa.Table) -> tuple[int | None, int | None, int | None, int | None, int]:
    """Between which moments rows of articles lie, as the dataset's files tell it."""
    published, fetched = (rows[column].cast(pa.int64()) for column in ("published_at", "fetched_at"))
    ends = [pc.min_max(moments).as_py() for moments in (published, fetched)]
    return ends[0]["min"], ends[0]["max"], ends[1]["min"], ends[1]["max"], published.null_count


def _committed(slices: Iterable[Sequence[Article]]) -> dict[str, Cluster]:
    """The newest row of each article after committing the slices in turn, the recent ones asked for."""
    committed = _InMemory()
    for articles in slices:
        fresh = to_table(Article, articles)
        rows = clusters_of([candidate_of(row) for row in fresh.to_pylist()], recent(fresh, committed))
        committed.tables["articles"] = pa.concat_tables([committed.tables["articles"], fresh])
        committed.tables["clusters"] = pa.concat_tables([committed.tables["clusters"], to_table(Cluster, rows)])
    newest = {row["article_id"]: row for row in committed.tables["clusters"].sort_by("revision").to_pylist()}
    return {article: replace(from_dict(Cluster, row), revision=1) for article, row in newest.items()}


@settings(max_examples=40)
@given(articles=_MANY, order=st.randoms(use_true_random=False))
def test_any_order_and_slicing_ends_in_the_same_state(articles: list[Article], order: random.Random) -> None:
    at_once = _committed([articles])
    assert at_once.keys() == {a.article_id for a in articles}
    shuffled = order.sample(articles, len(articles))
    cuts = sorted(order.randint(0, len(articles)) for _ in range(order.randint(1, 6)))
    slices = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(articles)], strict=True)]
    assert _committed([s for s in slices if s]) == at_once


@settings(max_examples=100)
@given(fresh=_MANY.filter(bool), there=_MANY.filter(bool))
def test_a_window_holds_what_may_be_a_copy_by_its_time(fresh: list[Article], there: list[Article]) -> None:
    window, rows = Window.of(to_table(Article, fresh)), to_table(Article, there)
    found = window.holds(rows).tolist()
    near = [any(_apart(one, other) <= WINDOW for other in fresh) for one in there]
    assert found == near
    assert window.may_hold(*_span(rows)) or not any(found)


@settings(max_examples=200)
@given(articles=_MANY)
def test_clusters_are_what_the_definition_says(articles: list[Article]) -> None:
    newest = {a.article_id: a for a in sorted(articles, key=lambda a: a.version)}
    cluster = {i: i for i in newest}
    for _ in newest:  # as often as a chain can be long
        for one in newest.values():
            for other in newest.values():
                if _copies(one, other):
                    cluster[one.article_id] = min(cluster[one.article_id], cluster[other.article_id])
    found = clusters_of([candidate_of(row) for row in to_table(Article, articles).to_pylist()], [])
    assert {r.article_id: r.cluster_id for r in found} == cluster
    assert sum(r.is_canonical for r in found) == len(set(cluster.values()))


def _apart(one: Article, other: Article) -> dt.timedelta:
    if one.published_at and other.published_at:
        return abs(one.published_at - other.published_at)
    return abs(one.fetched_at - other.fetched_at)


def _copies(one: Article, other: Article) -> bool:
    """The definition of a copy, pair by pair and slowly."""
    if _apart(one, other) > WINDOW:
        return False
    if one.words_sha256 == other.words_sha256:
        return True
    if one.signature is None or other.signature is None:
        return False
    equal = [a == b for a, b in zip(one.signature, other.signature, strict=True)]
    if not any(all(equal[b * ROWS_OF_BAND : (b + 1) * ROWS_OF_BAND]) for b in range(BANDS)):
        return False
    jaccard = sum(equal) / 128
    sizes = one.word_count - 2, other.word_count - 2
    return jaccard >= 0.6 or jaccard * sum(sizes) / (1 + jaccard) / min(sizes) >= 0.8


# What edits are seen through: the kinds that agencies' customers make, on 60 Wikinews articles


def _words_edited(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    for place in chance.sample(range(len(words)), len(words) // 20):
        words[place] = f"edited{place}"
    return " ".join(words)


def _paragraphs_moved(text: str, chance: random.Random) -> str:
    paragraphs = text.split("\n")
    return "\n".join(chance.sample(paragraphs, len(paragraphs)))


def _cut(share: float) -> Callable[[str, random.Random], str]:
    return lambda text, _: " ".join(text.split(" ")[: round(len(text.split(" ")) * share)])


EDITS: dict[str, tuple[Callable[[str, random.Random], str], str, float]] = {
    "typography": (lambda text, _: text.upper().replace("\n", "\n\n").replace('"', "”").replace(" - ", " – "), "exact", 1.0),
    "byline": (lambda text, _: f"By Ann Other, Daily Example\nLONDON —\n{text}\nAdditional reporting by A. Writer", "near", 1.0),
    "headline": (lambda text, _: f"What you need to know this morning, in brief\n\n{text}", "near", 1.0),
    "words": (_words_edited, "near", 1.0),
    "paragraphs": (_paragraphs_moved, "near", 1.0),
    "cut to 60 %": (_cut(0.6), "near", 1.0),
    "cut to 40 %": (_cut(0.4), "near", 0.9),
}


@pytest.mark.parametrize("kind", EDITS)
def test_edited_copies_are_found(kind: str) -> None:
    edit, expected, floor = EDITS[kind]
    chance = random.Random(11)
    originals = [_candidate(f"{n:02} original", a["text"]) for n, a in enumerate(WIKINEWS)]
    copies = [_candidate(f"{n:02} copy", edit(a["text"], chance), 1) for n, a in enumerate(WIKINEWS)]
    measurable = {c.article_id[:2] for c in copies if c.signature is not None or expected == "exact"}
    found = clusters_of([*originals, *copies], [])
    tied = {r.article_id[:2] for r in found if r.duplicate_kind == expected}
    assert len(tied & measurable) / len(measurable) >= floor
    assert all(r.article_id[:2] == r.cluster_id[:2] for r in found), "two different articles were taken for copies"


def test_sixty_articles_are_sixty_clusters() -> None:
    found = clusters_of([_candidate(f"{n:02}", a["text"]) for n, a in enumerate(WIKINEWS)], [])
    assert len({r.cluster_id for r in found}) == len(found) == len(WIKINEWS) == 60
