"""Rows on their way to the writer: none is lost and none changes place, however many an article has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import annotation_of
from transforms import steps
from transforms.extract import EXTRACTORS
from transforms.flow import packed as packing
from transforms.flow.packed import in_parts, tables_of
from transforms.steps import draft, draft_head, link_article
from transforms.user_data import NONE

TEXT = "The mill in Halden sold 40 boats on Monday, Ann Roe said. “We lost 3% of our trade,” she told reporters."


@given(st.dictionaries(st.sampled_from("abcd"), st.lists(st.integers(), max_size=50)), st.integers(1, 60))
def test_parts_are_the_whole(rows: dict[str, list[int]], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "_MOST", most)
        parts = list(in_parts(rows))
    assert {table: [row for part in parts for row in part.get(table, ())] for table in rows} == rows
    assert all(sum(map(len, part.values())) <= most for part in parts)


def test_drafts_of_a_very_long_article_wait_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    article = annotation_of(TEXT)
    plain = [draft(article, kind, NONE)[1] for kind in EXTRACTORS]
    monkeypatch.setattr(steps, "_VERY_LONG", len(TEXT) - 1)
    monkeypatch.setattr(packing, "_CHUNK", 2)
    waiting = [draft(article, kind, NONE)[1] for kind in EXTRACTORS]
    assert not any(d.packs for d in plain) and not any(d.rows for d in waiting) and max(len(d.packs) for d in waiting) > 1
    assert [d.all_rows() for d in waiting] == [d.rows for d in plain]


def test_an_article_of_many_rows_is_written_as_one_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    article = annotation_of(TEXT)
    key, head = draft_head(article, NONE)
    drafts = [head, *(draft(article, kind, NONE)[1] for kind in EXTRACTORS)]
    ((shard, whole),) = link_article((key, drafts), 4, "full", NONE)
    monkeypatch.setattr(packing, "_MOST", 2)
    parts = list(link_article((key, drafts), 4, "full", NONE))
    assert len(parts) > 5 and {at for at, _ in parts} == {shard}
    assert tables_of([pack for _, pack in parts], run_id="r") == tables_of([whole], run_id="r")
