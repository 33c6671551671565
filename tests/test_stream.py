"""The parts of the unbounded graph, without an engine: what is sent on, what is put off, what a window proves, what is committed when."""

import datetime as dt
import logging
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.account import Account, Tally, Written
from pipeline.dataset import Commit, Dataset, Input, IntegrityError, writing
from pipeline.decide import candidate_of, decided
from pipeline.stream.ahead import NOTHING, Ahead
from pipeline.stream.engine_output import _but_for, words_apart
from pipeline.stream.known import sifted
from pipeline.stream.stream_elements import Dropped, Shown, Told
from pipeline.stream.window import Window
from schemas.article import Article
from schemas.reject import Reject
from tests.conftest import article_of
from transforms.flow.receipt import Receipt

URI = "https://paper.example/feed"
TEXTS = "abcd"


def article(text: str, version: int = 0) -> Article:
    return replace(article_of(text), article_id="1" * 32, version=version, source_uri=URI, input_format="rss")


def reject(position: str) -> Reject:
    return Reject(scope="record", step="read", reason="empty_text", message="has no text", source_uri=URI, position=position)


def planned(known: dict[str, int], texts: Iterable[str]) -> list[Article]:
    """What the plan of a look leaves of the texts that a feed shows of one article, with the versions that it gives them."""
    shown = [article(text) for text in texts]
    candidates = [candidate_of(each, (0, n), fetched=True, forgotten=()) for n, each in enumerate(shown)]
    decisions = decided(known, candidates)
    return [replace(shown[c.place[1]], version=d.version) for c, d in decisions if d.version is not None]


@given(st.lists(st.tuples(st.lists(st.sampled_from(TEXTS), max_size=3), st.booleans()), max_size=12))
def test_a_stream_numbers_versions_as_runs_do_whatever_is_on_its_way(looks: list[tuple[list[str], bool]]) -> None:
    """`committed` tells whether all that was sent by then is committed before the next look."""
    by_runs: dict[str, int] = {}
    on_disk: dict[str, int] = {}
    kept: dict[str, int] = {}  # by the engine
    sent: dict[str, int] = {}
    for texts, committed in looks:
        by_runs |= {each.text_sha256: each.version for each in planned(by_runs, texts)}
        if new := planned(on_disk, texts):
            shown = Shown(tuple(new), fetched=True, after=new[0].version - 1)
            came, now = sifted(kept, shown)
            kept = dict(now)
            sent |= {each.text_sha256: each.version for each in came if isinstance(each, Article)}
            assert len(came) == len(new)
        if committed:
            on_disk = dict(sent)
    assert sent == by_runs


def test_a_reject_is_sent_on_once() -> None:
    first, known = sifted({}, Shown((reject("entry 1"),), fetched=True))
    again, _ = sifted(known, Shown((reject("entry 1"),), fetched=True))

    assert first == [reject("entry 1")]
    assert again == [Dropped(URI, "record", "unchanged")]


def test_one_version_too_many_is_dropped() -> None:
    known = {str(n): n for n in range(1, 25)}

    sent, now = sifted(known, Shown((article("new", 25),), fetched=True, after=24))

    assert sent == [Dropped(URI, "article", "filtered")]
    assert now == known


# --- windows


def told(number: int, **tally: int) -> Told:
    return Told(number, {URI: Tally(**tally)}, looked_at=dt.datetime(2025, 5, 5, tzinfo=dt.UTC))


def receipt(articles: int = 0, rejects: int = 0, parts: int = 0) -> Receipt:
    return Receipt((), {URI: articles}, {}, {URI: rejects}, {URI: parts}, 0.0)


def proved(*noted: Told | Dropped | Receipt) -> Account:
    window = Window.of("w1", noted)
    return window.account(Written.of(window.receipts))


def test_a_window_is_whole_where_each_record_came_out_of_it() -> None:
    account = proved(
        told(4, records=3, articles=2, rejects=1),
        told(5, records=9, articles=1, unchanged=8, parts=1),
        Dropped(URI, "article", "unchanged"),
        Dropped(URI, "article", "filtered"),
        Dropped(URI, "part", "unchanged"),
        receipt(articles=1, parts=2),
        receipt(rejects=1),
    )

    assert account.total == Tally(records=12, articles=1, rejects=1, unchanged=9, filtered=1, parts=2)


def test_an_article_that_the_model_refused_is_a_reject() -> None:
    assert proved(told(0, records=2, articles=2), receipt(articles=1, rejects=1)).total.rejects == 1


@pytest.mark.parametrize(
    "noted",
    [
        (told(0, records=2, articles=2), receipt(articles=1)),  # lost
        (told(0, records=1, articles=1), receipt(articles=1), receipt(articles=1)),  # doubled
        (told(0, records=1, articles=1), Dropped(URI, "article", "unchanged"), receipt(articles=1)),
        (told(0, records=1, rejects=1, parts=1), receipt(rejects=1)),  # a part lost
        (told(0), told(2)),  # a look lost
        (told(0), told(0)),
        (receipt(articles=1),),
    ],
)
def test_a_window_that_is_not_whole_is_not_committed(noted: tuple[Told | Dropped | Receipt, ...]) -> None:
    with pytest.raises(IntegrityError, match="not committed"):
        proved(*noted)


# --- what is ahead of the dataset


def state(minute: int) -> dict[str, str]:
    return {"asked_at": dt.datetime(2025, 5, 5, 8, minute, tzinfo=dt.UTC).isoformat(), "etag": f'"{minute}"'}


def test_what_was_told_counts_until_it_is_committed(tmp_path: Path) -> None:
    first = Ahead({URI: state(1)}, {})
    second = Ahead({URI: state(2)}, {"a.txt": Input("a.txt", 1, 2, 1, done=True)})
    with writing(Dataset.create(tmp_path / "ds")) as writer:
        assert first.plus(second).of(writer.dataset).feeds == {URI: state(2)}
        assert set(second.of(writer.dataset).inputs) == {"a.txt"}
        writer.commit(Commit(run="r", slice="w1", staged=(), rows={}, feeds=first.feeds))
        assert first.beyond(writer.dataset) == NOTHING
        assert second.beyond(writer.dataset) == second
        writer.commit(Commit(run="r", slice="w2", staged=(), rows={}, feeds=second.feeds, inputs=tuple(second.inputs.values())))
        assert second.beyond(writer.dataset) == NOTHING


# --- the engine's words


def test_what_threads_of_the_engine_say_when_it_has_gone_is_lost(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    gone = threading.Event()

    def reading() -> None:
        gone.wait()
        logging.getLogger("apache_beam.runners.worker.data_plane").error("failed to read")
        raise ConnectionError("the engine is gone")

    beam, level = logging.getLogger("apache_beam"), logging.getLogger("apache_beam").level
    hook = threading.excepthook
    try:
        with words_apart(tmp_path / "words.log"):
            late = threading.Thread(target=reading)
            late.start()
        gone.set()
        late.join()
        assert capfd.readouterr().err == ""
        heard: list[object] = []
        threading.excepthook = _but_for(frozenset([late]), heard.append)
        other = threading.Thread(target=reading)
        other.start()
        other.join()
        assert len(heard) == 1  # of another thread it is told
    finally:
        beam.setLevel(level)
        threading.excepthook = hook
