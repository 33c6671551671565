"""CSV, Parquet, Arrow and JSON files: columns by name, what is broken is one reject with its place, and nothing takes more than it may."""

import csv
import datetime as dt
import io
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.reject import Reject
from tests.reading import FETCHED, article, articles, read, rejects
from transforms.read import Defaults, Record, Source, arrow_file, csv_file, json_items, records_in
from transforms.read.column_names import FIELDS, KNOWN_NAMES, Columns, ColumnsError, names_by_field


def read_as(path: Path, content: bytes, columns: str = "", **more: Any) -> list[Record]:
    """All records of a file, with --columns."""
    path.write_bytes(content)
    defaults = Defaults(FETCHED, columns=Columns.of(columns) if columns else Columns())
    return list(records_in(Source(str(path), str(path.parent)), defaults=defaults, **more))


def messages(records: list[Record]) -> list[str]:
    return [r.item.message for r in records if isinstance(r.item, Reject)]


def texts(records: list[Record]) -> list[str]:
    return [(a.text or "")[a.body_start :] for a in articles(records)]


# --- names of columns


def test_a_name_means_one_thing() -> None:
    every = [name for names in KNOWN_NAMES.values() for name in names]
    assert len(every) == len(set(every))
    assert all(names[0] == field for field, names in KNOWN_NAMES.items())


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("Text", "Title"), "Text"),
        (("BODY TEXT",), "BODY TEXT"),
        (("article-body",), "article-body"),
        (("body", "text"), "text"),  # our own name first
        (("text_length", "subtext", "texts", "context"), None),
        (("source", "description", "summary", "name"), None),
    ],
)
def test_the_text_by_its_name(names: tuple[str, ...], text: str | None) -> None:
    assert names_by_field(Columns(), names).get("text") == text


@pytest.mark.parametrize(
    ("option", "wrong"),
    [
        ("text", "'text' is not"),
        ("text=", "'text=' is not"),
        ("", "is not"),
        ("body=text", "no 'body'; it has text, title"),
        ("text=a,text=b", "named twice"),
        ("text=a,", "'' is not"),
    ],
)
def test_an_option_that_cannot_be_meant(option: str, wrong: str) -> None:
    with pytest.raises(ColumnsError, match=wrong):
        Columns.of(option)


def test_an_option_as_it_is_kept() -> None:
    assert str(Columns.of(" text = story line , title=Head")) == "text=story line,title=Head"
    assert set(FIELDS) >= {"text", "title", "published_at", "url", "outlet", "byline", "id", "language", "updated_at"}


@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow", "json", "jsonl"])
def test_what_the_user_says_goes_before_what_is_known(kind: str, tmp_path: Path) -> None:
    row = {"text": "A summary.", "story line": "The whole of it.", "day": "2025-05-05", "title": "Head"}
    records = read_as(tmp_path / f"a.{kind}", table(kind, [row]), "text=story line,published_at=day")
    assert texts(records) == ["The whole of it."] and article(records).published_local_date == dt.date(2025, 5, 5)


@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow"])
def test_a_missing_column_is_one_sentence_with_the_names_that_there_are(kind: str, tmp_path: Path) -> None:
    content = table(kind, [{"story": "x", "words": "y"}])
    assert texts(read_as(tmp_path / f"b.{kind}", content)) == ["x"]
    records = read_as(tmp_path / f"a.{kind}", content, "text=storey")
    assert rejects(records) == [("source", "missing_text")]
    assert messages(records) == ["has no column 'storey', which --columns names for the text; it has story, words"]
    records = read_as(tmp_path / f"c.{kind}", table(kind, [{"tale": "x", "words": "y"}]))
    assert messages(records) == ["has no column of texts; it has tale, words: say which it is with --columns text=NAME"]


def test_objects_without_a_text_say_what_they_have(tmp_path: Path) -> None:
    for kind in ("json", "jsonl"):
        records = read_as(tmp_path / f"a.{kind}", table(kind, [{"tale": "x"}, {"text": "y"}]))
        assert texts(records) == ["y"]
        assert [m.split(" has ", 1)[1] for m in messages(records)] == ["no `text`; it has tale"]


def test_a_field_of_another_type_under_a_name_that_is_not_ours_means_something_else(tmp_path: Path) -> None:
    rows = [{"text": "a", "author": {"name": "Ada"}, "date": 17, "link": ["x"]}, {"text": "b", "byline": {"name": "Ada"}}]
    records = read_as(tmp_path / "a.json", table("json", rows))
    assert texts(records) == ["a"] and article(records).byline is None
    assert rejects(records) == [("record", "bad_type")]


def table(kind: str, rows: list[dict[str, Any]]) -> bytes:
    """A file with these rows."""
    if kind in ("json", "jsonl"):
        return json.dumps(rows).encode() if kind == "json" else b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    if kind == "csv":
        made = io.StringIO()
        writer = csv.DictWriter(made, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return made.getvalue().encode()
    return arrow(kind, pa.Table.from_pylist(rows))


def arrow(kind: str, rows: pa.Table, **options: Any) -> bytes:
    sink = pa.BufferOutputStream()
    if kind == "parquet":
        pq.write_table(rows, sink, **options)
    else:
        with (pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream)(sink, rows.schema) as writer:
            writer.write_table(rows)
    return bytes(sink.getvalue())


# --- CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_ends_of_lines(encoding: str, delimiter: str, end: str, tmp_path: Path) -> None:
    first = f'71{delimiter}"Rue; de, l’Été|x\t{end}{end}2nd ""line"""{delimiter}2025-05-01{end}'
    content = f"id{delimiter}text{delimiter}date{end}{first}72{delimiter}Ça va.{delimiter}{end}".encode(encoding)
    records = read(tmp_path / "a.csv", content)
    assert rejects(records) == []
    assert [a.guid for a in articles(records)] == ["71", "72"]
    assert texts(records) == ['Rue; de, l’Été|x\t\n\n2nd "line"', "Ça va."]
    assert articles(records)[0].published_local_date == dt.date(2025, 5, 1)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ('id,text\n1,"He said \\"hi\\", twice"\n2,plain\n', ['He said "hi", twice', "plain"]),  # as MySQL writes it
        ('id\ttext\n1\t"Hi," he said\n2\tan inch is 1"\n', ['"Hi," he said', 'an inch is 1"']),  # no marks at all
        ("sep=|\ntext|id\na, b; c|1\n", ["a, b; c"]),
        ("text\nonly one column\n\nand another row\n", ["only one column", "and another row"]),
        ("id,text\n1,x\n\n\n2,y", ["x", "y"]),
        ('"id","text"\n"1","x\u2028y\x85z"\n', ["x\u2028yz"]),  # U+2028 is no end of a line, U+0085 no character
    ],
)
def test_dialects(content: str, wanted: list[str], tmp_path: Path) -> None:
    records = read(tmp_path / ("a.tsv" if "\t" in content else "a.csv"), content.encode())
    assert (texts(records), rejects(records)) == (wanted, [])


@pytest.mark.parametrize(
    ("row", "reason", "told"),
    [
        ("2,b,c", "bad_value", "has 3 columns where the header has 2"),
        ("2", "bad_value", "has 1 columns"),
        ('2,"b"c', "bad_value", "is no row of a table"),
        ('2,"never closed', "bad_value", "has a quotation mark that is never closed"),
        ("2,", "missing_text", "has no text: `text` is empty"),
        ("2,  ", "empty_text", "has no text"),
    ],
)
def test_a_broken_row_costs_itself_alone(row: str, reason: str, told: str, tmp_path: Path) -> None:
    records = read(tmp_path / "a.csv", f"id,text\n1,a\n{row}\n3,c\n4,d\n".encode())
    assert texts(records) == ["a", "c", "d"] and rejects(records) == [("record", reason)]
    (bad,) = (r for r in records if isinstance(r.item, Reject))
    assert bad.position == 3 and isinstance(bad.item, Reject) and bad.item.position == "line 3" and told in bad.item.message


def test_many_open_marks_cost_no_more_than_their_rows(tmp_path: Path) -> None:
    content = b"id,text\n" + b"".join(b'%d,"open %d\n%d,whole\n' % (n, n, n) for n in range(0, 900, 3)) + b"x,end\n"
    assert texts(read(tmp_path / "a.csv", content))[-1] == "end"


def test_a_long_field_is_read_and_one_too_long_is_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    csv.field_size_limit(131_072)  # Python's own
    long = "word " * 100_000
    assert texts(read(tmp_path / "a.csv", f"id,text\n1,{long}\n".encode())) == [long]
    monkeypatch.setattr(csv_file, "LONGEST_ROW", 1000)
    records = read(tmp_path / "a.csv", ("id,text\n1," + "x" * 5000 + '\n2,b\n3,"' + "y\n" * 2000 + '"\n4,d\n').encode())
    assert rejects(records)[0] == ("record", "too_large")
    assert "b" in texts(records) and "d" in texts(records)


def test_bytes_of_no_encoding_are_told_once(tmp_path: Path) -> None:
    rows = b"id,text\n" + b"".join(b"%d,caf\xc3\xa9\n" % n for n in range(20_000)) + b"x,\xff\xfe broken\n"
    records = read(tmp_path / "a.csv", rows)
    assert len(articles(records)) == 20_001 and rejects(records) == [("part", "bad_encoding")]
    assert rejects(read(tmp_path / "b.csv", bytes(range(256)) * 20)) == [("source", "binary")]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"id,text\n", b"\xef\xbb\xbf"])
def test_no_rows(content: bytes, tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", content) == []


def test_only_wanted_rows_are_read(tmp_path: Path) -> None:
    content = b'text\na\n"b\nc"\nd\n'
    assert [(r.position, a.text) for r, a in _pairs(read(tmp_path / "a.csv", content, positions={3, 5}))] == [(3, "b\nc"), (5, "d")]


def _pairs(records: list[Record]) -> Iterator[tuple[Record, Any]]:
    return ((record, record.item) for record in records)


# --- Parquet and Arrow


DATES = [
    (pa.timestamp("ns"), dt.datetime(2025, 5, 1, 22, 30), dt.date(2025, 5, 1)),
    (pa.timestamp("s", "America/New_York"), dt.datetime(2025, 5, 2, 2, 30, tzinfo=dt.UTC), dt.date(2025, 5, 1)),
    (pa.timestamp("us", "+05:30"), dt.datetime(2025, 5, 1, 20, 30, tzinfo=dt.UTC), dt.date(2025, 5, 2)),
    (pa.date32(), dt.date(2025, 5, 1), dt.date(2025, 5, 1)),
    (pa.date64(), dt.date(2025, 5, 1), dt.date(2025, 5, 1)),
    (pa.string(), "2025-05-01", dt.date(2025, 5, 1)),
    (pa.dictionary(pa.int8(), pa.string()), "1 May 2025", dt.date(2025, 5, 1)),
]


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrows"])
@pytest.mark.parametrize(("of", "value", "day"), DATES, ids=[str(each[0]) for each in DATES])
def test_dates_of_each_type(kind: str, of: pa.DataType, value: object, day: dt.date, tmp_path: Path) -> None:
    rows = pa.table({"text": ["x", "y"], "published_at": pa.array([value, None], of)})
    records = read(tmp_path / ("a.parquet" if kind == "parquet" else "a.arrow"), arrow(kind, rows))
    assert [a.published_local_date for a in articles(records)] == [day, None] and not rejects(records)


@pytest.mark.parametrize("of", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_texts_of_each_type(of: pa.DataType, tmp_path: Path) -> None:
    content = arrow("arrow", pa.table({"text": pa.array(["ä", None, "ä"], of), "id": pa.array([11, 12, 2**63], pa.uint64())}))
    records = read(tmp_path / "a.arrow", content)
    assert texts(records) == ["ä", "ä"] and [a.guid for a in articles(records)] == ["11", str(2**63)]
    assert rejects(records) == [("record", "missing_text")]


def test_wrong_types_and_dates_out_of_range(tmp_path: Path) -> None:
    for column in (pa.array([1, 2]), pa.array([b"\xff", b"x"]), pa.array([["a"], []])):
        records = read(tmp_path / "a.parquet", arrow("parquet", pa.table({"text": column})))
        assert rejects(records) == [("record", "bad_type")] * 2
    far = pa.table({"text": ["x"], "published_at": pa.array([2**62], pa.timestamp("us"))})
    records = read(tmp_path / "b.parquet", arrow("parquet", far))
    assert article(records).published_at is None and rejects(records) == [("part", "bad_date")]
    unknown = pa.table({"text": ["x"], "date": pa.array([0], pa.timestamp("s", "Mars/Olympus"))})
    assert article(read(tmp_path / "a.arrow", arrow("arrow", unknown))).published_at == dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def test_rows_before_damage_are_kept(tmp_path: Path) -> None:
    rows = pa.table({"id": list(range(4000)), "text": [f"{n} {random.Random(n).random()}" for n in range(4000)]})
    # Without sums over its pages, which writers leave out by themselves, Parquet cannot tell.
    whole = bytearray(arrow("parquet", rows, row_group_size=1000, compression="zstd", use_dictionary=False, write_page_checksum=True))
    at = len(whole) // 2
    whole[at : at + 400] = bytes(400)
    records = read(tmp_path / "a.parquet", bytes(whole))
    kept = len(articles(records))
    assert 1000 <= kept < 4000 and rejects(records) == [("part", "corrupt")]
    assert f"the {kept} rows before were read" in messages(records)[0]


@pytest.mark.parametrize("cut", [3, 4, 20, 100, -1, -5, -200])
@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_a_cut_file_is_told(kind: str, cut: int, tmp_path: Path) -> None:
    content = arrow(kind, pa.table({"text": ["a", "b"]}))[:cut]
    records = read(tmp_path / f"a.{kind}", content)
    assert len(rejects(records)) == 1 and rejects(records)[0][1] in ("corrupt", "truncated")


def test_a_stream_cut_between_two_batches_is_told(tmp_path: Path) -> None:
    """Arrow itself takes it for a shorter stream (pyarrow 25.0.1)."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, pa.schema({"text": pa.string()})) as writer:
        for n in range(3):
            writer.write_batch(pa.record_batch({"text": [f"text {n}"]}))
    whole = bytes(sink.getvalue())
    mark = whole[-8:]
    cuts = [at for at in range(8, len(whole), 8) if _rows_of(whole[:at]) in (1, 2)]
    assert cuts
    assert rejects(read(tmp_path / "whole.arrow", whole)) == rejects(read(tmp_path / "behind.arrow", whole + b"more")) == []
    for at in cuts:
        records = read(tmp_path / f"cut{at}.arrow", whole[:at])
        assert (len(records), rejects(records)) == (_rows_of(whole[:at]) + 1, [("part", "truncated")])
    assert rejects(read(tmp_path / "unclosed.arrow", whole.removesuffix(mark))) == [("part", "truncated")]


def _rows_of(stream: bytes) -> int:
    try:
        return int(pa.ipc.open_stream(stream).read_all().num_rows)
    except (pa.ArrowException, OSError):
        return 0


def test_one_long_text_in_a_million_rows_takes_no_memory(tmp_path: Path) -> None:
    word = "long " * 100_000
    rows = pa.table({"text": pa.DictionaryArray.from_arrays(pa.array([0] * 3000, pa.int32()), [word])})
    (tmp_path / "a.parquet").write_bytes(arrow("parquet", rows, compression="zstd"))
    assert (tmp_path / "a.parquet").stat().st_size < 100_000
    before = pa.total_allocated_bytes()
    source = Source(str(tmp_path / "a.parquet"), str(tmp_path))
    most = 0
    for number, record in enumerate(records_in(source, defaults=Defaults(FETCHED))):
        assert not isinstance(record.item, Reject) and record.item.text == word
        most = max(most, pa.total_allocated_bytes() - before)
        if number > 300:
            break
    assert most < 32 << 20


def test_what_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    rows = pa.table({"text": ["a" * 1000] * 50_000})
    content = arrow("parquet", rows, compression="zstd", use_dictionary=False)
    assert len(content) < 100_000
    assert rejects(read(tmp_path / "a.parquet", content)) == [("source", "unsafe")]


def test_offsets_beyond_their_bytes_are_refused(tmp_path: Path) -> None:
    content = arrow("arrow", pa.table({"text": pa.array(["a", "b"])}))
    at = content.index(b"\0\0\0\0\1\0\0\0\2\0\0\0")
    bad = content[:at] + b"\0\0\0\0\xff\xff\xff\x7e\xff\xff\xff\x7f" + content[at + 12 :]
    assert rejects(read(tmp_path / "a.arrow", bad)) == [("source", "corrupt")]


def test_rows_are_known_by_their_number(tmp_path: Path) -> None:
    content = arrow("parquet", pa.table({"text": [f"t{n}" for n in range(1000)]}), row_group_size=300)
    some = read(tmp_path / "a.parquet", content, positions={1, 256, 257, 1000})
    assert [(r.position, a.text) for r, a in _pairs(some)] == [(n, f"t{n - 1}") for n in (1, 256, 257, 1000)]
    assert [r.item for r in some] == [r.item for r in read(tmp_path / "a.parquet") if r.position in {1, 256, 257, 1000}]


def test_batches_are_small_where_rows_are_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(arrow_file, "LARGEST_BATCH", 1 << 20)
    rows = [os.urandom(50_000).hex() for _ in range(60)]
    content = arrow("parquet", pa.table({"text": rows}))
    assert texts(read(tmp_path / "a.parquet", content)) == rows


# --- JSON


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ('[{"text": "a"}, {"text": "b"}]', ["a", "b"]),
        ('{"data": {"items": [{"text": "a"}]}}', ["a"]),
        (
            '{"meta": [{"n": 1}], "numbers": [1, 2], "deep": {"a": {"b": [{"text": "no"}]}}, "posts": [{"body": "a"}, {"body": "b"}]}',
            ["a", "b"],
        ),
        ('{"text": "one", "tags": [{"text": "no article"}]}', ["one"]),
        ('{"text": "one"}\n{"text": "two"}\n', ["one", "two"]),
        ('{\n "text": "one"\n}\n{\n "text": "two"\n}', ["one", "two"]),
        ('[{"text": "with \\"marks\\", [brackets] and {braces} \\\\"}]', ['with "marks", [brackets] and {braces} \\']),
        ("[]", []),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_shapes_of_json(content: str, wanted: list[str], encoding: str, tmp_path: Path) -> None:
    records = read(tmp_path / "a.json", content.encode(encoding))
    assert (texts(records), rejects(records)) == (wanted, [])


@pytest.mark.parametrize(
    ("content", "wanted", "wrong"),
    [
        (b'[{"text": "a"}, {"text": "b', ["a"], [("part", "truncated")]),
        (b'[{"text": "a"},', ["a"], [("part", "truncated")]),
        (b'[{"text": "a"} {"text": "b"}]', ["a"], [("part", "corrupt")]),
        (b'[{"text": "a"}] and more', ["a"], [("part", "corrupt")]),
        (b'[{"text": "a"}, 5, "x", null, [], {"text": 1}, {"text": "b"}]', ["a", "b"], [("record", "bad_type")] * 5),
        (b'[{"text": "a", "n": NaN}, {"text": "b"}]', ["b"], [("record", "bad_json")]),
        (b'[{"text": "a", "text": "b"}, {"text": "c"}]', ["c"], [("record", "bad_json")]),
        (b'[{"text": "a\xff"}, {"text": "c"}]', ["c"], [("record", "bad_encoding")]),
        (b'{"x": 1}', [], [("source", "missing_text")]),
        (b'{"x": ', [], [("source", "truncated")]),
        (b"hello", [], [("source", "bad_json")]),
        (b"[" * 5000, [], [("source", "unsafe")]),
        (b'{"a":' * 5000, [], [("source", "unsafe")]),
        (b'{"a": [' + b"[]," * 5_000_000 + b"[]]}", [], [("source", "unsafe")]),
        (b'[{"text": "' + b"x" * (11 << 20) + b'"}, {"text": "b"}]', ["b"], [("record", "too_large")]),
    ],
)
def test_broken_json(content: bytes, wanted: list[str], wrong: list[tuple[str, str]], tmp_path: Path) -> None:
    records = read(tmp_path / "a.json", content)
    assert (texts(records), rejects(records)) == (wanted, wrong)


def test_a_list_in_an_object_that_is_larger_than_one_object_may_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(json_items, "LONGEST_ITEM", 20_000)
    rows = [{"text": f"Story {n}. " + "x" * 500} for n in range(100)]
    records = read(tmp_path / "a.json", json.dumps({"total": 100, "articles": rows}).encode())
    assert len(texts(records)) == 100 and not rejects(records)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_items_are_the_same_however_the_bytes_come(size: int) -> None:
    items = [{"a": 'x"y\\', "b": [1, {"c": "]}"}]}, [], "te\\u00e9xt", -1.5e3, None, {}]
    data = json.dumps(items, indent=1).encode()
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    assert [json.loads(item.data) for item in json_items.list_items(chunks)] == items


@pytest.mark.parametrize(
    ("name", "content", "is_source"),
    [
        ("a.json", b'[{"title": "t", "text": "x"}]', True),
        ("a.json", b'{"articles": [{"headline": "t", "body": "x"}]}', True),
        ("a.json", b'{"uri": "urn:x", "versioncreated": "2025-05-01", "headline": "x"}', True),
        ("a.json", b'{"text": "x", "title": "t"}', True),
        ("package.json", b'{"name": "x", "version": "1", "description": "y"}', False),
        ("a.json", b'{"content": {"x": 1}}', False),
        ("a.json", b"[1, 2]", False),
        ("a", b'[{"title": "t", "text": "x"}]', True),
        ("a.csv", b"x\n", True),
        ("a.parquet", b"", True),
    ],
)
def test_which_files_of_a_folder_are_read(name: str, content: bytes, is_source: bool, tmp_path: Path) -> None:
    from transforms.read import sources_in

    (tmp_path / name).write_bytes(content)
    (tmp_path / "other.txt").write_text("News.", "utf-8")
    assert (str(tmp_path / name) in {s.path for s in sources_in([str(tmp_path)]).found}) is is_source


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "parquet", "arrow"])
def test_what_lies_behind_the_last_wanted_record_is_not_read(kind: str, tmp_path: Path) -> None:
    rows = [{"text": f"Number {n}."} for n in range(2000)]
    whole = read(tmp_path / f"a.{kind}", table(kind, rows))
    positions = [record.position for record in whole]
    for wanted in (frozenset(positions[3:9]), frozenset(positions[-2:]), frozenset({positions[0], 0}), frozenset({0}), frozenset[int]()):
        some = read(tmp_path / f"a.{kind}", positions=wanted)
        assert [r for r in some if r.position] == [r for r in whole if r.position in wanted]
    damaged = {"csv": b"\xff", "jsonl": b"{", "json": b"{"}.get(kind)
    if damaged:
        (tmp_path / f"a.{kind}").write_bytes((tmp_path / f"a.{kind}").read_bytes() + damaged)
        assert [r.position for r in read(tmp_path / f"a.{kind}", positions=frozenset({positions[5]}))] == [positions[5]]


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "arrow"])
@pytest.mark.parametrize("begin", [0, 1])
def test_an_id_that_is_but_the_number_of_its_row_is_none(kind: str, begin: int, tmp_path: Path) -> None:
    """Two tables that count their rows do not hold two versions of the same articles."""
    rows = [{"id": n, "text": f"Story {n}."} for n in range(begin, begin + 3)]
    one, two = (read_as(tmp_path / f"{name}.{kind}", table(kind, rows)) for name in "ab")
    assert len({a.article_id for a in articles(one + two)}) == 6 and {a.guid for a in articles(one + two)} == {None}
    named = read_as(tmp_path / f"a.{kind}", table(kind, rows), "id=id")
    assert [a.guid for a in articles(named)] == [str(n) for n in range(begin, begin + 3)]
    shifted = [{"id": 17 - n, "text": "x"} for n in range(3)]
    assert [a.guid for a in articles(read_as(tmp_path / f"c.{kind}", table(kind, shifted)))] == ["17", "16", "15"]
