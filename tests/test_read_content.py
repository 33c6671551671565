"""Gzip is found by content and checked to its end; what is whole before damage is kept."""

import bz2
import gzip
import io
import json
import lzma
import os
import random
import zipfile
import zlib
from pathlib import Path

import pytest

from schemas.reject import Reject
from tests.reading import article, articles, read, rejects
from transforms.read import content
from transforms.read.content import all_of, chunks_of
from transforms.read.damage import DamageError

RANDOM = random.Random(7)
LINES = b"".join(
    json.dumps({"id": n, "text": f"Story {n}. {RANDOM.random()} and {RANDOM.random()}."}).encode() + b"\n" for n in range(3000)
)
PACKED = gzip.compress(LINES, mtime=0)


def ids(records: list[object]) -> list[int]:
    return [int(a.guid or -1) for a in articles(records)]  # type: ignore[arg-type]


@pytest.mark.hostile(75, 76)
def test_gzip_is_found_by_content(tmp_path: Path) -> None:
    assert ids(read(tmp_path / "a.jsonl", PACKED)) == list(range(3000))
    assert ids(read(tmp_path / "b.jsonl.gz", LINES)) == list(range(3000))
    assert article(read(tmp_path / "c.txt.gz", gzip.compress(b"Some news."))).input_format == "txt"


@pytest.mark.hostile(77)
def test_all_members_are_read(tmp_path: Path) -> None:
    half = LINES.index(b"\n", len(LINES) // 2) - 30  # in the middle of a line
    members = gzip.compress(LINES[:half]) + gzip.compress(b"") + gzip.compress(LINES[half:])
    assert ids(read(tmp_path / "a.jsonl.gz", members)) == list(range(3000))


@pytest.mark.hostile(72)
@pytest.mark.parametrize("cut", [len(PACKED) - 4, len(PACKED) - 9, len(PACKED) // 2, 2000])
def test_truncated_gzip_keeps_its_good_records(tmp_path: Path, cut: int) -> None:
    records = read(tmp_path / "a.jsonl.gz", PACKED[:cut])
    kept = ids(records)  # type: ignore[arg-type]
    assert kept == list(range(len(kept))) and kept
    assert rejects(records) == [("part", "truncated")]
    (reject,) = (r.item for r in records if isinstance(r.item, Reject))
    assert f"truncated at byte {cut}" in reject.message and not reject.retryable
    if cut > len(PACKED) - 10:
        assert len(kept) == 3000


@pytest.mark.hostile(73)
def test_a_wrong_checksum_keeps_its_records(tmp_path: Path) -> None:
    broken = bytearray(PACKED)
    broken[-6] ^= 0xFF
    records = read(tmp_path / "a.jsonl.gz", bytes(broken))
    assert ids(records) == list(range(3000)) and rejects(records) == [("part", "corrupt")]  # type: ignore[arg-type]


def test_bytes_flipped_in_the_middle_end_it_there(tmp_path: Path) -> None:
    broken = bytearray(PACKED)
    broken[len(PACKED) // 2 :] = os.urandom(len(PACKED) // 2 + 1)
    records = read(tmp_path / "a.jsonl.gz", bytes(broken))
    assert len(ids(records)) > 1000 and ("part", "corrupt") in rejects(records)  # type: ignore[arg-type]


@pytest.mark.hostile(74)
@pytest.mark.parametrize("tail", [bytes(100), b"garbage", b"\x1f"])
def test_what_follows_the_end_is_told(tmp_path: Path, tail: bytes) -> None:
    records = read(tmp_path / "a.jsonl.gz", PACKED + tail)
    assert len(ids(records)) == 3000  # type: ignore[arg-type]
    assert rejects(records)[0][0] == "part"
    records = read(tmp_path / "a.txt.gz", gzip.compress(b"Some news.") + bytes(8))
    assert article(records).text == "Some news." and rejects(records) == [("part", "corrupt")]


@pytest.mark.hostile(72, 73)
@pytest.mark.parametrize(("damage", "reason"), [(lambda b: b[:-3], "truncated"), (lambda b: b[:-8] + bytes(8), "corrupt")])
def test_half_a_text_is_no_article(tmp_path: Path, damage: object, reason: str) -> None:
    records = read(tmp_path / "a.txt.gz", damage(gzip.compress(b"Some news that may be whole or not.")))  # type: ignore[operator]
    assert rejects(records) == [("record", reason)] and not articles(records)


def archives() -> dict[str, bytes]:
    as_zip = io.BytesIO()
    with zipfile.ZipFile(as_zip, "w") as file:
        file.writestr("a.txt", "news")
    return {
        "gz.gz": gzip.compress(PACKED),
        "zip.gz": gzip.compress(as_zip.getvalue()),
        "gz.bz2": bz2.compress(PACKED),
        "zip.xz": lzma.compress(as_zip.getvalue()),
    }


@pytest.mark.hostile(80)
@pytest.mark.parametrize("kind", archives())
def test_what_is_packed_twice_is_rejected(tmp_path: Path, kind: str) -> None:
    assert rejects(read(tmp_path / "a.txt", archives()[kind])) == [("source", "unsupported")]


@pytest.mark.hostile(79)
def test_a_bomb_is_cut(tmp_path: Path) -> None:
    bomb = gzip.compress(b'{"text": "good"}\n' + bytes(40 << 20), 9)
    records = read(tmp_path / "a.jsonl.gz", bomb)
    assert len(articles(records)) == 1 and rejects(records) == [("part", "unsafe")]
    assert rejects(read(tmp_path / "a.txt.gz", bomb)) == [("record", "unsafe")]
    assert rejects(read(tmp_path / "a.rss.gz", bomb)) == [("source", "too_large")]


@pytest.mark.hostile(83)
def test_a_file_that_grows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES * 10)
    pieces = chunks_of(str(path))
    next(pieces)
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(DamageError) as told:
        list(pieces)
    assert told.value.reason == "changed_while_read" and told.value.retryable


def test_a_read_error_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES)
    monkeypatch.setattr(content, "CHUNK", 1000)

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 5000:
                raise OSError(5, "Input/output error")
            return super().read(size)

    monkeypatch.setattr(os, "fdopen", lambda descriptor, mode: Failing(LINES))
    records = read(path)
    assert rejects(records) == [("part", "unreadable")] and len(articles(records)) > 20


@pytest.mark.hostile(78)
def test_an_empty_stream_is_whole(tmp_path: Path) -> None:
    assert read(tmp_path / "a.jsonl.gz", gzip.compress(b"")) == read(tmp_path / "b.jsonl", b"") == []


def test_output_that_fills_the_buffer_to_the_byte_is_whole(tmp_path: Path) -> None:
    for size in (content.CHUNK, content.CHUNK * 2, content.CHUNK - 1):
        path = tmp_path / f"{size}.gz"
        plain = RANDOM.randbytes(1000) * (size // 1000 + 1)
        path.write_bytes(gzip.compress(plain[:size]))
        data, damage = all_of(str(path), 1 << 30)
        assert (data, damage) == (plain[:size], None)
        assert zlib.crc32(data) == zlib.crc32(plain[:size])
