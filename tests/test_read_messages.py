"""Messages of a topic, read from the file that they were taken into: each by its content, and whatever is wrong concerns that message alone."""

import datetime as dt
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from schemas.reject import Reject
from transforms.read import Defaults, Origin, Record, Source, records_in
from transforms.read.column_names import Columns
from transforms.read.jsonl import LONGEST_LINE
from transforms.read.messages import BATCH, FORMAT, Message, MessageFile, key_of_message, message_at
from transforms.read.record import MEMBER

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "messages.toml").read_text("utf-8"))["message"]
DEFAULTS = Defaults(fetched_at=dt.datetime(2025, 6, 1, tzinfo=dt.UTC))
URI = "kafka://broker.example:9092/wire"


def file_of(folder: Path, messages: Sequence[Message], *, topic_id: str = "id-1") -> Source:
    path = folder / f"{topic_id}.messages"
    with MessageFile(path, topic="wire", topic_id=topic_id) as file:
        for message in messages:
            file.add(message)
    return Source(str(path), str(folder), format=FORMAT, origin=Origin(URI, f"kafka/{topic_id}"))


def read(folder: Path, *values: bytes, topic_id: str = "id-1", defaults: Defaults = DEFAULTS) -> list[Record]:
    source = file_of(folder, [Message(1, 40 + number, value) for number, value in enumerate(values)], topic_id=topic_id)
    return list(records_in(source, defaults=defaults))


def article(folder: Path, value: Any, **more: Any) -> Article:
    (record,) = read(folder, json.dumps(value).encode() if isinstance(value, dict) else value, **more)
    assert isinstance(record.item, Article)
    return record.item


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_what_messages_hold(case: dict[str, Any], tmp_path: Path) -> None:
    items = [r.item for r in read(tmp_path, bytes.fromhex(case["hex"]) if "hex" in case else case["value"].encode())]
    for kind, expected in ((Article, case.get("articles", [])), (Reject, case.get("rejects", []))):
        found = [item for item in items if isinstance(item, kind)]
        assert [{name: getattr(item, name) for name in wanted} for item, wanted in zip(found, expected, strict=True)] == expected
        assert all(item.source_uri == URI for item in found)


def test_positions_tell_the_message_and_only_what_is_wanted_is_read(tmp_path: Path) -> None:
    many = [Message(number % 3, number, json.dumps({"text": f"Number {number}."}).encode()) for number in range(BATCH * 2 + 10)]
    many[7] = Message(1, 7, b'[{"text": "One."}, {"text": "Two."}]')
    source = file_of(tmp_path, many)
    records = list(records_in(source, defaults=DEFAULTS))
    assert [r.position for r in records][6:10] == [7 * MEMBER + 1, 8 * MEMBER + 1, 8 * MEMBER + 2, 9 * MEMBER + 1]
    assert len(records) == len(many) + 1
    wanted = frozenset({8 * MEMBER + 2, (BATCH * 2 + 3) * MEMBER + 1})
    assert list(records_in(source, defaults=DEFAULTS, positions=wanted)) == [r for r in records if r.position in wanted]


def test_what_has_no_id_is_known_by_where_it_stands(tmp_path: Path) -> None:
    same = {"text": "The ferry was late."}
    first, second = (r.item for r in read(tmp_path, *[json.dumps(same).encode()] * 2))
    assert isinstance(first, Article) and isinstance(second, Article)
    assert first.article_id != second.article_id
    assert article(tmp_path, same) == first
    assert article(tmp_path, same, topic_id="id-2").article_id != first.article_id  # the topic was made anew


@pytest.mark.parametrize(
    "value",
    [
        b'{"id": "a1", "text": "The ferry was late."}',
        b'{"uri": "urn:example:7", "headline": "Ferry", "body_text": "The ferry was late."}',
        b"<item><guid>g1</guid><title>Ferry late</title></item>",
        b'{"id": "j1", "content_text": "The ferry was late."}',
    ],
)
def test_what_has_an_id_is_the_same_article_wherever_it_stands(tmp_path: Path, value: bytes) -> None:
    here, there = read(tmp_path, value, value)
    assert isinstance(here.item, Article) and isinstance(there.item, Article)
    assert here.item.article_id == there.item.article_id == article(tmp_path, value, topic_id="id-2").article_id


def test_entries_without_guid_and_address_are_not_versions_of_each_other(tmp_path: Path) -> None:
    one = b"<item><title>Markets today</title><description>They rose.</description></item>"
    other = b"<item><title>Markets today</title><description>They fell.</description></item>"
    first, second = read(tmp_path, one, other)
    assert isinstance(first.item, Article) and isinstance(second.item, Article)
    assert first.item.article_id != second.item.article_id


def test_columns_that_the_user_names(tmp_path: Path) -> None:
    columns = Defaults(DEFAULTS.fetched_at, columns=Columns.of("text=tale,title=name"))
    made = article(tmp_path, {"tale": "The ferry was late.", "name": "Ferry"}, defaults=columns)
    assert made.text == "Ferry\n\nThe ferry was late."
    (bad,) = read(tmp_path, b'{"tale": "The ferry was late."}')
    assert isinstance(bad.item, Reject) and bad.item.reason == "missing_text"


def test_a_message_that_is_too_long(tmp_path: Path) -> None:
    bad, good = read(tmp_path, b'{"text": "' + b"a" * LONGEST_LINE + b'"}', b'{"text": "Short."}')
    assert isinstance(bad.item, Reject) and isinstance(good.item, Article)
    assert (bad.item.scope, bad.item.reason, len(bad.item.payload or "")) == ("record", "too_large", 500)


def test_rejects_name_their_message(tmp_path: Path) -> None:
    first, second = (r.item for r in read(tmp_path, b"{", b"{"))
    other = read(tmp_path, b"{", topic_id="id-2")[0].item
    assert isinstance(first, Reject) and isinstance(second, Reject) and isinstance(other, Reject)
    assert len({first.key, second.key, other.key}) == 3
    assert message_at(first.position) == (1, 40)
    assert (first.record_key or "").startswith(key_of_message("id-1", 1, 40))
    assert len(first.record_key or "") == 32


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("partition 0, offset 17", (0, 17)),
        ("partition 12, offset 9000000000000, entry 3", (12, 9000000000000)),
        ("partition 0, offset 17th", None),
        ("line 3", None),
        (None, None),
    ],
)
def test_the_place_of_a_reject(place: str | None, found: tuple[int, int] | None) -> None:
    assert message_at(place) == found


@given(value=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: b"{" + text.encode("utf-8", "replace"))))
def test_no_message_is_lost_and_none_stops_the_others(value: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    *records, last = read(tmp_path_factory.mktemp("any"), value, b'{"text": "The last."}')
    assert isinstance(last.item, Article) and last.position == 2 * MEMBER + 1
    whole = [r for r in records if isinstance(r.item, Article) or r.item.scope == "record"]
    assert whole or not value.removeprefix(b"\xef\xbb\xbf").strip() or value.lstrip().startswith((b"<", b"[")) or b"items" in value
