"""Rows by place: what is found is what going through all of them would find."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from transforms.article.placed import Placed


@dataclass(frozen=True)
class Piece:
    start: int
    end: int


STRETCHES = st.builds(lambda start, length: Piece(start, start + length), st.integers(0, 60), st.integers(0, 30))


@given(st.lists(STRETCHES), STRETCHES)
def test_those_over_a_stretch(rows: list[Piece], asked: Piece) -> None:
    found = Placed(rows).over(asked.start, asked.end)
    assert found == sorted((r for r in rows if r.start < asked.end and asked.start < r.end), key=lambda r: r.start)


@given(st.lists(STRETCHES), STRETCHES)
def test_those_that_start_in_a_stretch(rows: list[Piece], asked: Piece) -> None:
    found = Placed(rows).starting(asked.start, asked.end)
    assert found == sorted((r for r in rows if asked.start <= r.start < asked.end), key=lambda r: r.start)
