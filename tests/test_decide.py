"""What becomes of the texts of one article: the decision that a run and a stream share."""

import datetime as dt
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.decide import MOST_VERSIONS, Candidate, Decision, candidate_of, decided
from schemas.ids import text_key
from tests.conftest import article_of

T = [dt.datetime(2025, 1, day, tzinfo=dt.UTC) for day in (1, 2, 3)]
TEXTS = st.sampled_from("abcdef")


def candidate(text: str, position: int = 1, at: dt.datetime = T[0], **more: object) -> Candidate:
    return Candidate(**{"place": (0, position), "article_id": "x", "text_sha256": text, "updated_at": at, "published_at": at, "most_versions": None} | more)  # type: ignore[arg-type]  # fmt: skip


candidates = st.builds(
    lambda text, at, forgotten, position: candidate(text, position, at, forgotten=forgotten),
    TEXTS,
    st.sampled_from(T),
    st.just(False),
    st.integers(1, 99),
)
known_texts = st.dictionaries(TEXTS, st.integers(1, 9)).map(lambda texts: {text: n for n, text in enumerate(texts, start=1)})


def fates(known: dict[str, int], *given: Candidate, **more: object) -> list[tuple[str, str, int | None]]:
    return [(c.text_sha256, d.fate, d.version) for c, d in decided(known, given, **more)]  # type: ignore[arg-type]


def test_each_fate() -> None:
    given = [candidate("a"), candidate("new", at=T[1]), candidate("new", 2, at=T[2]), candidate("gone", forgotten=True)]
    assert fates({"a": 3}, *given) == [
        ("a", "unchanged", None),
        ("gone", "forgotten", None),
        ("new", "new", 4),
        ("new", "repeat", None),
    ]


def test_an_article_that_tells_the_time_stops_at_some_version() -> None:
    given = [candidate(f"{n:02d}", n, most_versions=MOST_VERSIONS) for n in range(MOST_VERSIONS + 3)]
    assert Counter(d.fate for _, d in decided({}, given)) == {"new": MOST_VERSIONS, "filtered": 3}
    assert fates({"old": MOST_VERSIONS}, given[0]) == [("00", "filtered", None)]


def test_a_text_that_the_model_could_not_take_is_not_tried_again() -> None:
    failed = {text_key("x", "a")}
    assert fates({}, candidate("a"), candidate("b"), failed=failed) == [("a", "unchanged", None), ("b", "new", 1)]
    assert fates({}, candidate("a", article_id="y"), failed=failed) == [("a", "new", 1)]


def test_only_what_was_fetched_has_a_most_of_versions() -> None:
    article = article_of("Text.", dt.date(2025, 1, 1))
    assert candidate_of(article, (0, 1), fetched=False, forgotten=()).most_versions is None
    assert candidate_of(article, (0, 1), fetched=True, forgotten=()).most_versions == MOST_VERSIONS
    assert candidate_of(replace(article, input_format="atom"), (0, 1), fetched=False, forgotten=()).most_versions == MOST_VERSIONS
    assert candidate_of(article, (0, 1), fetched=False, forgotten={article.article_id}).forgotten


@given(known_texts, st.lists(candidates, max_size=12), st.randoms())
def test_the_order_of_the_input_does_not_show(known: dict[str, int], given: list[Candidate], chance: object) -> None:
    shuffled = list(given)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert list(decided(known, given)) == list(decided(known, shuffled))


@given(known_texts, st.lists(candidates, max_size=12))
def test_every_text_ends_once_and_versions_count_on(known: dict[str, int], given: list[Candidate]) -> None:
    made = list(decided(known, given))
    assert len(made) == len(given)
    new = [(c.text_sha256, d.version) for c, d in made if d.fate == "new"]
    assert {text for text, _ in new} == {c.text_sha256 for c in given} - known.keys()
    assert [version for _, version in new] == list(range(len(known) + 1, len(known) + 1 + len(new)))
    assert all(d.version is None for _, d in made if d.fate != "new")


@given(known_texts, st.lists(candidates, max_size=12), st.integers(0, 12))
def test_in_two_goes_the_same_texts_are_new(known: dict[str, int], given: list[Candidate], cut: int) -> None:
    """What a first go has committed is known to the second: between them they find what one would."""
    texts = dict(known)
    for part in (given[:cut], given[cut:]):
        texts |= {c.text_sha256: d.version for c, d in decided(dict(texts), part) if d.version is not None}
    at_once = {c.text_sha256 for c, d in decided(known, given) if d == Decision("new", d.version)}
    assert texts.keys() == known.keys() | at_once
    assert sorted(texts.values()) == list(range(1, len(texts) + 1))
