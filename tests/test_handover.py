"""Elements between stages: pickled they come out equal, by reference they are the same, once."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.flow.handover import by_reference, put, put_packed, taken, taken_packed
from transforms.flow.packed import inflated, squeezed

THINGS = st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.tuples(inner, inner), max_leaves=9)


@given(THINGS)
def test_what_is_put_is_what_is_taken(thing: object) -> None:
    assert taken(put(thing)) == thing
    with by_reference():
        assert taken(put(thing)) is thing


@given(THINGS)
def test_what_is_packed_stays_packed(thing: object) -> None:
    rows = squeezed(thing)
    assert taken_packed(put_packed(rows)) == rows
    assert inflated(rows) == thing
    assert put_packed(rows) == put(thing)  # squeezed once
    with by_reference():
        assert taken_packed(put_packed(rows)) is rows


@given(st.lists(THINGS, max_size=9))
def test_each_is_taken_under_its_own_number(things: list[object]) -> None:
    with by_reference():
        told = [put(thing) for thing in things]
        assert [taken(each) for each in reversed(told)] == list(reversed(things))


def test_by_reference_an_element_is_taken_once() -> None:
    with by_reference():
        told = put("a")
        taken(told)
        with pytest.raises(KeyError):
            taken(told)


def test_nothing_is_held_when_the_block_has_ended_and_pickles_are_put_again() -> None:
    with by_reference():
        put(["left behind"])
    told = put(["afresh"])
    assert b"afresh" in pickle.dumps(taken(told))
    assert len(told) > 8
