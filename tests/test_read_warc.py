"""WARC: each page an article, each damage told, and what follows it read."""

import base64
import datetime as dt
import gzip
import hashlib
import random
import time
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard

from schemas.article import Article
from schemas.reject import Reject
from tests.needs import needs
from tests.reading import FETCHED, articles, read, rejects
from tests.test_read_pages import SENTENCES, page
from transforms.read import Defaults, Record, Source, records_in, sources_in
from transforms.read.http_message import EncodingError, Response
from transforms.read.warc_frames import Frame, Gap, frames_in
from transforms.read.web_page import LARGEST_PAGE

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "warc"
PAGE = page()


def sha1(content: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def record(kind: str, block: bytes, *, version: str = "1.0", length: int | None = None, **fields: str) -> bytes:
    named = {"WARC-Type": kind, "WARC-Record-ID": "<urn:uuid:0b5f4b0c-0000-4000-8000-000000000001>", "WARC-Date": "2025-12-01T10:00:00Z"}
    named |= {name.replace("_", "-"): value for name, value in fields.items()}
    named |= {"Content-Length": str(len(block) if length is None else length)}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"WARC/{version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def http(body: bytes, status: str = "200 OK", **fields: str) -> bytes:
    named = {"Content-Type": "text/html; charset=utf-8"} | {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def response(number: int, body: bytes = PAGE, status: str = "200 OK", more: dict[str, str] | None = None, **fields: str) -> bytes:
    return record("response", http(body, status, **fields), WARC_Target_URI=f"https://post.example/news/{number}", **(more or {}))


OTHERS = [
    record("warcinfo", b"software: x\r\n"),
    record("request", b"GET /news/1 HTTP/1.1\r\nHost: post.example\r\n\r\n", WARC_Target_URI="https://post.example/news/1"),
    record("metadata", b"fetchTimeMs: 3\r\n"),
    record("revisit", http(b""), WARC_Target_URI="https://post.example/news/1", WARC_Payload_Digest=sha1(PAGE)),
    record("response", b"20250101000000\n127.0.0.1\n", WARC_Target_URI="dns:post.example", Content_Type="text/dns"),
    response(9, b"moved", "301 Moved", Location="/x"),
    response(9, b"not found", "404 Not Found"),
    response(9, b"\x89PNG", Content_Type="image/png"),
    record("conversion", b"The harbour was closed.", WARC_Target_URI="https://post.example/news/1", Content_Type="text/plain"),
]
ARCHIVE = [
    OTHERS[0],
    response(1),
    *OTHERS[1:],
    response(2),
    record("resource", PAGE, WARC_Target_URI="https://post.example/3", Content_Type="text/html"),
]


def urls(records: list[Record]) -> list[str]:
    return [a.canonical_url or "" for a in articles(records)]


def told(records: list[Record]) -> list[str]:
    return [r.item.message for r in records if isinstance(r.item, Reject)]


@pytest.mark.hostile(82)
def test_pages_are_articles_and_nothing_else_is_a_record(tmp_path: Path) -> None:
    plain = read(tmp_path / "a.warc", b"".join(ARCHIVE))
    assert urls(plain) == ["https://post.example/news/1", "https://post.example/news/2", "https://post.example/3"]
    assert [r.position for r in plain] == [2, 11, 12] and rejects(plain) == []
    first = articles(plain)[0]
    assert (first.input_format, first.guid, first.language) == ("warc", "urn:uuid:0b5f4b0c-0000-4000-8000-000000000001", "en")
    assert first.text and first.text.endswith("\n\n".join(SENTENCES)) and first.fetched_at == FETCHED
    assert read(tmp_path / "a.warc", positions={11}) == plain[1:2]


def comparable(records: list[Record]) -> list[tuple[str, str | None]]:
    return [(a.article_id, a.text) for a in articles(records)]


@pytest.mark.hostile(82)
def test_members_whole_streams_and_names_do_not_matter(tmp_path: Path) -> None:
    plain = read(tmp_path / "a.warc", b"".join(ARCHIVE))
    by_record = read(tmp_path / "b.warc.gz", b"".join(gzip.compress(part) for part in ARCHIVE))
    in_one = read(tmp_path / "c.warc.gz", gzip.compress(b"".join(ARCHIVE)))
    unnamed = read(tmp_path / "d", b"".join(ARCHIVE))
    newer = read(tmp_path / "e.warc", b"".join(ARCHIVE).replace(b"WARC/1.0", b"WARC/1.1"))
    assert comparable(plain) == comparable(by_record) == comparable(in_one) == comparable(unnamed) == comparable(newer)
    assert [Path(s.path).name for s in sources_in([str(tmp_path)]).found] == ["a.warc", "b.warc.gz", "c.warc.gz", "d", "e.warc"]


@pytest.mark.parametrize("packed", [False, True])
def test_wherever_it_is_clipped_nothing_is_lost_silently(tmp_path: Path, packed: bool) -> None:
    parts = [OTHERS[0], response(1), OTHERS[1], response(2)]
    parts = [gzip.compress(part, mtime=0) for part in parts] if packed else parts
    whole = b"".join(parts)
    ends = [sum(map(len, parts[: n + 1])) for n in range(len(parts))]
    for cut in range(1, len(whole), 1 if packed else 7):
        records = read(tmp_path / "a.warc.gz", whole[:cut])
        pages = len(urls(records)) + rejects(records).count(("record", "truncated"))
        assert pages >= sum(cut >= ends[n] for n in (1, 3)), cut
        complete = any(end - (0 if packed else 4) <= cut <= end for end in ends)
        assert bool(rejects(records)) != complete, (cut, ends, rejects(records))
        assert complete or any(reason in ("truncated", "corrupt", "unsupported", "not_a_feed") for _, reason in rejects(records))


@pytest.mark.hostile(82)
@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (record("response", http(PAGE), length=len(http(PAGE)) - 9, WARC_Target_URI="https://post.example/bad"), ("part", "corrupt")),
        (b"garbage between records\r\n\r\n", ("part", "corrupt")),
        (b"WARC/1.0\r\nno head at all\r\n\r\n", ("part", "corrupt")),
        (record("response", http(PAGE), length=-5, WARC_Target_URI="https://post.example/bad"), ("part", "corrupt")),
        (bytes(100_000), ("part", "corrupt")),
        (b"x" * 2_000_000, ("part", "corrupt")),
    ],
    ids=["length too small", "garbage", "broken head", "negative length", "zeros", "much garbage"],
)  # fmt: skip
def test_reading_goes_on_after_damage(tmp_path: Path, bad: bytes, expected: tuple[str, str]) -> None:
    records = read(tmp_path / "a.warc", response(1) + bad + response(2) + OTHERS[1] + response(3))
    assert {f"https://post.example/news/{n}" for n in (1, 2, 3)} <= set(urls(records))
    assert expected in rejects(records)
    assert any("byte" in message for message in told(records))


@pytest.mark.hostile(82)
@pytest.mark.parametrize("length", [10**6, 10**18, 2**64 - 1])
def test_a_length_beyond_the_file_is_truncation(tmp_path: Path, length: int) -> None:
    records = read(
        tmp_path / "a.warc", response(1) + record("response", http(PAGE), length=length, WARC_Target_URI="https://post.example/2")
    )
    assert urls(records) == ["https://post.example/news/1"]
    assert any(reason in ("truncated", "corrupt") for _, reason in rejects(records))


@pytest.mark.hostile(82)
def test_a_huge_record_is_told_and_passed_by(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(response(1) + response(2, b"<html>" + b"<p>harbour</p>" * 1_500_000) + record("metadata", bytes(8 << 20)) + response(3))
    records = read(path)
    assert urls(records) == ["https://post.example/news/1", "https://post.example/news/3"]
    assert rejects(records) == [("record", "too_large")]


@pytest.mark.hostile(82)
@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"Transfer_Encoding": "chunked"}, b"%x\r\n" % len(PAGE[:400]) + PAGE[:400] + b"\r\n%X;x=y\r\n" % len(PAGE[400:]) + PAGE[400:] + b"\r\n0\r\n\r\n"),
        ({"Transfer_Encoding": "chunked"}, PAGE),
        ({"Content_Encoding": "gzip"}, gzip.compress(PAGE)),
        ({"Content_Encoding": "x-gzip"}, PAGE),
        ({"Content_Encoding": "identity"}, PAGE),
        ({"Content_Encoding": "deflate"}, zlib.compress(PAGE)),
        ({"Content_Encoding": "deflate"}, zlib.compress(PAGE)[2:-4]),
        ({"Content_Encoding": "br"}, PAGE),
        ({"Content_Encoding": "br"}, brotli.compress(PAGE)),
        ({"Content_Encoding": "zstd"}, PAGE),
        ({"Content_Encoding": "zstd"}, zstandard.compress(PAGE)),
        ({"Content_Encoding": "zstd"}, zstandard.compress(PAGE[:400]) + zstandard.compress(PAGE[400:])),
        ({"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"}, b"%x\r\n" % len(gzip.compress(PAGE)) + gzip.compress(PAGE) + b"\r\n0\r\n\r\n"),
        ({"Content_Type": ""}, PAGE),
        ({"Content_Type": "application/xhtml+xml"}, PAGE),
    ],
)  # fmt: skip
def test_encodings_of_http(tmp_path: Path, fields: dict[str, str], body: bytes) -> None:
    records = read(tmp_path / "a.warc", response(1, body, **fields))
    assert rejects(records) == [] and SENTENCES[3] in (articles(records)[0].text or "")


@pytest.mark.hostile(82)
@pytest.mark.parametrize(
    ("fields", "body", "reason"),
    [
        ({"Content_Encoding": "br"}, b"\x0b\x02\x80", "truncated"),
        ({"Content_Encoding": "br"}, brotli.compress(PAGE)[:-5], "truncated"),
        ({"Content_Encoding": "br"}, b"\xff" * 40, "corrupt"),
        ({"Content_Encoding": "br"}, brotli.compress(bytes(LARGEST_PAGE + 1)), "too_large"),
        ({"Content_Encoding": "zstd"}, b"(\xb5/\xfd", "truncated"),
        ({"Content_Encoding": "zstd"}, zstandard.compress(PAGE)[:-5], "truncated"),
        ({"Content_Encoding": "zstd"}, b"(\xb5/\xfd" + b"\xff" * 40, "corrupt"),
        ({"Content_Encoding": "zstd"}, zstandard.compress(bytes(LARGEST_PAGE + 1)), "too_large"),
        ({"Content_Encoding": "compress"}, b"\x1f\x9d\x90", "unsupported"),
        ({"Content_Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(PAGE)), "unsupported"),
        ({"Content_Encoding": "gzip"}, gzip.compress(PAGE)[:-30], "truncated"),
        ({"Content_Encoding": "gzip"}, gzip.compress(PAGE)[:40] + b"\xff" * 100, "corrupt"),
        ({"Content_Encoding": "gzip"}, gzip.compress(bytes(LARGEST_PAGE + 1)), "too_large"),
        ({"Transfer_Encoding": "chunked"}, b"5\r\n<html\r\nffffff\r\n>", "truncated"),
        ({"Transfer_Encoding": "chunked"}, b"5\r\n<html\r\nhello\r\n", "truncated"),
        ({}, b"<html><body></body></html>", "no_text"),
        ({}, b"%PDF-1.4 ", "unsupported"),
    ],
)  # fmt: skip
def test_pages_that_cannot_be_had(tmp_path: Path, fields: dict[str, str], body: bytes, reason: str) -> None:
    records = read(tmp_path / "a.warc", response(1, body, **fields) + response(2))
    assert rejects(records) == [("record", reason)] and urls(records) == ["https://post.example/news/2"]


def test_what_is_no_response_is_none() -> None:
    for message in (b"", b"\r\n\r\n", b"HTTP/1.1", b"HTTP/1.1 abc\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"):
        assert Response.of(message) is None
    lines = Response.of(b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n<p>")
    assert lines and lines.fields == {"content-type": "text/html"} and lines.body(10) == b"<p>"
    with pytest.raises(EncodingError):
        Response(200, {"content-encoding": "zstd"}, b"(\xb5/\xfd").body(10)


@pytest.mark.parametrize("kind", ["WARC_Block_Digest", "WARC_Payload_Digest"])
@pytest.mark.parametrize(
    "write", [lambda h: base64.b32encode(h).decode(), lambda h: h.hex(), lambda h: base64.urlsafe_b64encode(h).decode()]
)
def test_digests(tmp_path: Path, kind: str, write: object) -> None:
    content = http(PAGE) if kind == "WARC_Block_Digest" else PAGE
    right = "sha1:" + write(hashlib.sha1(content, usedforsecurity=False).digest())  # type: ignore[operator]
    assert rejects(read(tmp_path / "a.warc", response(1, more={kind: right}))) == []
    for unknown in ("crc32:ABC", "sha1:", "x"):
        assert rejects(read(tmp_path / "a.warc", response(1, more={kind: unknown}))) == []
    records = read(tmp_path / "a.warc", response(1, more={kind: sha1(b"another page")}))
    assert rejects(records) == [("part", "corrupt")] and len(articles(records)) == 1


def test_the_day_of_archiving_is_the_latest_day(tmp_path: Path) -> None:
    later = page(head='<meta property="article:published_time" content="2025-12-24">')
    records = read(tmp_path / "a.warc", response(1, later) + response(2, page(head='<meta name="date" content="2025-11-30">')))
    assert [a.published_local_date for a in articles(records)] == [None, dt.date(2025, 11, 30)]
    assert rejects(records) == [("part", "bad_date")]
    assert articles(read(tmp_path / "b.warc", response(1, more={"WARC_Date": "yesterday"})))


def test_what_was_cut_when_archived_is_flagged(tmp_path: Path) -> None:
    records = read(tmp_path / "a.warc", response(1, more={"WARC_Truncated": "length"}))
    assert rejects(records) == [("part", "short")]


def test_odd_addresses(tmp_path: Path) -> None:
    wget = record("response", http(PAGE), WARC_Target_URI="<https://post.example/news/1>")
    local = record("resource", PAGE, WARC_Target_URI="file:///home/ada/a.html", Content_Type="text/html")
    none = record("resource", PAGE, Content_Type="text/html")
    assert urls(read(tmp_path / "a.warc", wget + local + none)) == ["https://post.example/news/1", "", ""]


@pytest.mark.hostile(82)
@pytest.mark.parametrize("head", [b"filedesc://a.arc 127.0.0.1 20140216050221 text/plain 75\n1 0 X\n", b"\x04\x22\x4d\x18" + bytes(50)])
def test_arc_and_lz4_are_told(tmp_path: Path, head: bytes) -> None:
    for content in (head, gzip.compress(head)):
        (only,) = read(tmp_path / "a.warc", content)
        assert isinstance(only.item, Reject) and (only.item.scope, only.item.reason) == ("source", "unsupported")
        assert "first" in only.item.message


def test_frames_say_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(response(1) + b"x\r\n" + response(2))
    first, gap, second = frames_in(str(path))
    assert isinstance(first, Frame) and isinstance(gap, Gap) and isinstance(second, Frame)
    assert (first.offset, gap.offset, second.offset) == (0, len(response(1)) - 4, len(response(1)) + 3)
    assert (first.number, second.number, second.missing) == (1, 2, 0)


MEMBERS = [gzip.compress(part, mtime=0) for part in (OTHERS[0], response(1), OTHERS[1], response(2), response(3))]


def hurt(number: int, how: str) -> tuple[bytes, int]:
    """The archive with one member damaged, and where the next one begins."""
    member = MEMBERS[number]
    middle = len(member) // 2
    bad = {
        "bytes changed": member[:middle] + bytes(b ^ 0x5A for b in member[middle : middle + 40]) + member[middle + 40 :],
        "checksum": member[:-8] + b"\0\0\0\0" + member[-4:],
        "cut": member[:middle],
        "cut in its head": member[:5],
        "head overwritten": b"\0" * 10 + member[10:],
        "lost": b"",
        "noise": hashlib.sha512(b"x").digest() * 40,
        "zeros": member[:middle] + bytes(100_000),
    }[how]
    whole = [*MEMBERS[:number], bad, *MEMBERS[number + 1 :]]
    return b"".join(whole), sum(map(len, whole[: number + 1]))


@pytest.mark.hostile(82)
@pytest.mark.parametrize("how", ["bytes changed", "checksum", "cut", "cut in its head", "head overwritten", "noise", "zeros"])
@pytest.mark.parametrize("number", range(len(MEMBERS)))
def test_what_follows_a_damaged_member_is_read(tmp_path: Path, number: int, how: str) -> None:
    content, after = hurt(number, how)
    records = read(tmp_path / "a.warc.gz", content)
    others = {1: 1, 3: 2, 4: 3}
    lost = others.pop(number, None)
    found = urls(records)
    assert [url for url in found if not url.endswith(f"/{lost}")] == [f"https://post.example/news/{n}" for n in others.values()]
    assert len(found) == len(set(found))
    if number == len(MEMBERS) - 1:
        assert {"truncated", "corrupt"} & {reason for _, reason in rejects(records)}
    else:
        parts = [r.item for r in records if isinstance(r.item, Reject) and r.item.scope == "part"]
        assert "corrupt" in [part.reason for part in parts]
        looks_like_gzip = number or how not in ("head overwritten", "noise")
        assert not looks_like_gzip or any(f"byte {after} of the file" in part.message for part in parts)
    assert len({r.position for r in records if isinstance(r.item, Article)}) == len(found)
    wanted = records[-1].position
    assert list(read(tmp_path / "a.warc.gz", positions={wanted})) == [r for r in records if r.position == wanted]


def test_a_page_whose_member_breaks_off_is_told_and_the_next_page_is_not_taken_for_its_end(tmp_path: Path) -> None:
    content, _ = hurt(1, "cut")
    records = read(tmp_path / "a.warc.gz", content)
    assert urls(records) == ["https://post.example/news/2", "https://post.example/news/3"]
    assert ("record", "truncated") in rejects(records)
    assert any(message.startswith("record 2 lacks") for message in told(records))


def test_many_damaged_members_and_what_only_looks_like_one(tmp_path: Path) -> None:
    decoy = gzip.compress(b"no record at all")
    bad = MEMBERS[1][:200] + decoy + b"\x1f\x8b\x08\x00" * 3
    records = read(tmp_path / "a.warc.gz", b"".join(bad + MEMBERS[3] for _ in range(50)))
    assert len(articles(records)) == 50
    noise = MEMBERS[1][:200] + b"\x1f\x8b\x08\x00" * 500_000
    began = time.process_time()
    records = read(tmp_path / "a.warc.gz", MEMBERS[3] + noise + MEMBERS[4])
    assert time.process_time() - began < 20  # minutes, were it read anew for each
    assert urls(records)[0] == "https://post.example/news/2"
    assert rejects(records)


def test_wherever_it_is_damaged_one_or_two_records_are_lost_and_none_is_doubled(tmp_path: Path) -> None:
    parts = [record("response", http(PAGE), WARC_Target_URI=f"https://post.example/{n}", WARC_Record_ID=f"<urn:n:{n}>") for n in range(12)]
    whole = b"".join(gzip.compress(part, mtime=0) for part in parts)
    path = tmp_path / "a.warc.gz"
    for seed in range(150):
        dice = random.Random(seed)
        damaged, at = bytearray(whole), dice.randrange(len(whole) - 40)
        match dice.randrange(3):
            case 0:
                damaged[at : at + 20] = dice.randbytes(20)
            case 1:
                del damaged[at : at + dice.randrange(1, 300)]
            case _:
                damaged[at:at] = dice.randbytes(30)
        path.write_bytes(damaged)
        found = list(frames_in(str(path)))
        frames = [f for f in found if isinstance(f, Frame)]
        ids = [f.fields["warc-record-id"] for f in frames]
        unhurt = sum(f.block == http(PAGE) for f in frames)
        assert len(ids) == len(set(ids)), seed
        assert unhurt >= len(parts) - 2, seed
        assert unhurt == len(parts) or any(isinstance(f, Gap) for f in found), seed


DAMAGED = {
    "clipped.warc.gz": "truncated",
    "example-trunc.warc": "corrupt",
    "example-digest.warc": "corrupt",
    "example-wrong-chunks.warc.gz": "corrupt",
}
PAGES = {
    "block-sized-records.warc": 0,
    "block-sized-records.warc.gz": 0,
    "clueweb-quirk.warc.gz": 29,
    "example-bad-non-chunked.warc.gz": 1,
    "example-bad.warc.gz.bad": 1,
    "example-iana.org-chunked.warc": 1,
    "example-resource.warc.gz": 1,
    "example-space-in-target-uri.warc.gz": 0,
    "example-wget-bad-target-uri.warc.gz": 1,
    "example-wrong-chunks.warc.gz": 1,
    "example.warc": 1,
    "example.warc.gz": 1,
    "post-test.warc.gz": 0,
    "warcfile.warc": 16,
    "warcfile.warc.gz": 16,
}


@needs("corpus")
def test_the_archives_of_the_corpus() -> None:
    files = sorted(path for path in CORPUS.iterdir() if path.name not in ("LICENSE", "SOURCE.md"))
    for path in files:
        records = list(records_in(Source(str(path), str(CORPUS)), defaults=Defaults(FETCHED)))
        pages = sum(isinstance(r.item, Article) or r.item.scope == "record" for r in records)
        if ".arc" in path.name or path.suffix == ".lz4":
            assert rejects(records) == [("source", "unsupported")]
            continue
        assert pages == PAGES.get(path.name, 1 if path.name in ("clipped.warc.gz", "example-trunc.warc") else 0), path.name
        if path.name in DAMAGED:
            assert DAMAGED[path.name] in [reason for _, reason in rejects(records)], path.name
        else:
            assert not any(reason == "truncated" for _, reason in rejects(records)), path.name


def in_other_letters(data: bytes, how: str) -> bytes:
    """The record with the names of its own fields, not of those of HTTP, in other letters."""
    head, end, rest = data.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    named = [line.partition(b":") for line in lines]
    return b"\r\n".join([first, *(getattr(name, how)() + colon + value for name, colon, value in named)]) + end + rest


@pytest.mark.parametrize("how", ["lower", "upper", "title", "swapcase"])
@pytest.mark.parametrize("packed", [False, True])
def test_names_of_fields_are_the_same_in_any_letters(tmp_path: Path, how: str, packed: bool) -> None:
    plain = [*OTHERS[:3], *(response(n) for n in range(1, 6))]
    changed = [in_other_letters(each, how) if number % 2 else each for number, each in enumerate(plain)]
    content = b"".join(map(gzip.compress, changed)) if packed else b"".join(changed)
    found = [f for f in frames_in(str(write(tmp_path / "a.warc", content))) if isinstance(f, Frame)]
    assert [f.number for f in found] == list(range(1, 9)) and not any(f.missing for f in found)
    records = read(tmp_path / "a.warc")
    assert urls(records) == [f"https://post.example/news/{n}" for n in range(1, 6)] and rejects(records) == []


def test_damage_among_records_in_other_letters_is_told(tmp_path: Path) -> None:
    lower = [in_other_letters(response(n), "lower") for n in range(1, 4)]
    records = read(tmp_path / "a.warc", lower[0] + b"no record at all\r\n" + lower[1] + lower[2][:-300])
    assert urls(records)[:2] == ["https://post.example/news/1", "https://post.example/news/2"]
    assert [reason for _, reason in rejects(records)].count("truncated") == 2 and ("part", "corrupt") in rejects(records)
    many = read(tmp_path / "b.warc", b"".join(in_other_letters(record("metadata", b"x: 1"), "lower") for _ in range(1_200)) + lower[0])
    assert urls(many) == ["https://post.example/news/1"] and rejects(many) == []


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
