"""Archives and packed files: their members are read as the files that they are, bombs are refused, and what is whole before damage is kept."""

import bz2
import gzip
import io
import json
import lzma
import random
import string
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from schemas.reject import Reject
from tests.reading import article, articles, read, rejects
from transforms.read import Record, archive, unpack
from transforms.read.record import MEMBER, place_of

RANDOM = random.Random(7)
LINES = b"".join(
    json.dumps({"id": n, "text": f"Story {n}. {RANDOM.random()} and {RANDOM.random()}."}).encode() + b"\n" for n in range(3000)
)
PACKERS: dict[str, Callable[[bytes], bytes]] = {"bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor().compress}
TEXT = b"Quay rebuilt\n\nThe quay was rebuilt in a year.\n"


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


def tarred(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return made.getvalue()


def ids(records: list[Record]) -> list[int]:
    return [int(a.guid or -1) for a in articles(records)]


def told(records: list[Record]) -> list[str]:
    return [r.item.message for r in records if isinstance(r.item, Reject)]


# --- packed files


@pytest.mark.parametrize("kind", PACKERS)
def test_packed_files_are_found_by_content(kind: str, tmp_path: Path) -> None:
    packed = PACKERS[kind](LINES)
    for name in (f"a.jsonl.{kind}", "b.jsonl", "c"):
        assert ids(read(tmp_path / name, packed)) == list(range(3000))
    assert article(read(tmp_path / f"d.txt.{kind}", PACKERS[kind](TEXT))).title == "Quay rebuilt"
    assert ids(read(tmp_path / f"e.jsonl.{kind}", LINES)) == list(range(3000))


@pytest.mark.parametrize("kind", PACKERS)
def test_all_parts_of_a_packed_file_are_read(kind: str, tmp_path: Path) -> None:
    pack, half = PACKERS[kind], LINES.index(b"\n", len(LINES) // 2) - 30
    content = (
        pack(LINES[:half]) + (b"\0" * 8 if kind == "xz" else b"") + pack(b"") + pack(LINES[half:]) + (b"\0" * 4 if kind == "xz" else b"")
    )
    records = read(tmp_path / f"a.jsonl.{kind}", content)
    assert ids(records) == list(range(3000)) and not rejects(records)


def test_frames_that_are_to_be_skipped(tmp_path: Path) -> None:
    skipped = struct.pack("<II", 0x184D2A50, 7) + b"ignored"
    records = read(
        tmp_path / "a.jsonl.zst", skipped + PACKERS["zst"](LINES) + skipped + PACKERS["zst"](b'{"text": "x", "id": 3000}\n') + skipped
    )
    assert ids(records) == list(range(3001)) and not rejects(records)


@pytest.mark.parametrize("kind", PACKERS)
@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_a_truncated_file_keeps_its_good_records(kind: str, share: float, tmp_path: Path) -> None:
    packed = PACKERS[kind](LINES)
    cut = int(len(packed) * share)
    records = read(tmp_path / f"a.jsonl.{kind}", packed[:cut])
    assert ids(records) == list(range(len(ids(records))))
    assert [reason for _, reason in rejects(records)] == ["truncated"]
    assert f"truncated at byte {cut}" in told(records)[0]


@pytest.mark.parametrize("kind", PACKERS)
def test_damage_is_told(kind: str, tmp_path: Path) -> None:
    packed = bytearray(PACKERS[kind](LINES))
    packed[len(packed) // 2 : len(packed) // 2 + 50] = bytes(50)
    records = read(tmp_path / f"a.jsonl.{kind}", bytes(packed))
    assert "corrupt" in [reason for _, reason in rejects(records)] and len(articles(records)) < 3000
    records = read(tmp_path / f"b.jsonl.{kind}", PACKERS[kind](LINES) + b"and more")
    assert ids(records) == list(range(3000)) and rejects(records) == [("part", "corrupt")]
    assert "they were left out" in told(records)[0]


@pytest.mark.hostile(79)
@pytest.mark.parametrize("kind", PACKERS)
def test_a_packed_bomb_is_cut(kind: str, tmp_path: Path) -> None:
    bomb = PACKERS[kind](b'{"text": "good"}\n' + bytes(40 << 20))
    records = read(tmp_path / f"a.jsonl.{kind}", bomb)
    assert len(articles(records)) <= 1 and [r for _, r in rejects(records)] == ["unsafe"]


@pytest.mark.hostile(79)
def test_a_window_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(unpack, "LARGEST_DICTIONARY", 1 << 16)
    huge = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=23)).compressobj()
    content = huge.compress(LINES) + huge.flush()
    assert rejects(read(tmp_path / "a.jsonl.zst", content)) == [("source", "corrupt")]


# --- archives


@pytest.mark.parametrize("pack", [lambda b: b, gzip.compress, *PACKERS.values()], ids=["tar", "gz", *PACKERS])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tars_packed_or_not(pack: Callable[[bytes], bytes], form: int, tmp_path: Path) -> None:
    members = {"in/" + "long" * 30 + "/a.txt": TEXT, "b.jsonl.bz2": bz2.compress(LINES), "c.csv": b"id,text\n7,Row.\n"}
    records = read(tmp_path / "a", pack(tarred(members, form)))
    assert not rejects(records) and [a.input_format for a in articles(records)] == ["txt"] + ["jsonl"] * 3000 + ["csv"]


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zips_of_each_kind(kind: int, tmp_path: Path) -> None:
    records = read(tmp_path / "a.zip", zipped({"a.txt": TEXT, "b.jsonl": LINES}, kind))
    assert not rejects(records) and len(articles(records)) == 3001


def test_a_record_is_known_by_its_member(tmp_path: Path) -> None:
    content = zipped({"x/a.jsonl": b'{"text": "one"}\n{"text": 5}\n', "y/a.jsonl": b'{"text": "one"}\n'})
    records = read(tmp_path / "a.zip", content)
    assert [r.position for r in records] == [MEMBER + 1, MEMBER + 2, 2 * MEMBER + 1]
    one, other = articles(records)
    assert one.article_id != other.article_id and one.source_uri == other.source_uri == str(tmp_path / "a.zip")
    (bad,) = (r.item for r in records if isinstance(r.item, Reject))
    assert (bad.position, bad.message[:19]) == ("x/a.jsonl, line 2", "x/a.jsonl: line 2 `")
    assert place_of(2 * MEMBER + 1) == "record 1 of member 2" and place_of(12) == "record 12"


def test_only_wanted_members_are_unpacked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    content = zipped({f"{n}.jsonl": b'{"text": "a"}\n{"text": "b"}\n' for n in range(5)})
    whole = read(tmp_path / "a.zip", content)
    unpacked: list[str] = []
    real = archive._Archive._unpacked
    monkeypatch.setattr(
        archive._Archive, "_unpacked", lambda self, member, folder: unpacked.append(member.name) or real(self, member, folder)
    )
    some = read(tmp_path / "a.zip", positions=frozenset({2 * MEMBER + 2, 5 * MEMBER + 1}))
    assert unpacked == ["1.jsonl", "4.jsonl"]
    assert [r.item for r in some] == [r.item for r in whole if r.position in (2 * MEMBER + 2, 5 * MEMBER + 1)]


def test_what_stands_beside_a_text_says_more_of_it(tmp_path: Path) -> None:
    members = {"a/q.txt": TEXT, "a/q.json": b'{"outlet": "The Post"}', "b/q.json": b'[{"title": "T", "text": "Own."}]'}
    for content in (zipped(members), tarred(members)):
        records = read(tmp_path / "a", content)
        assert [(a.title, a.outlet) for a in articles(records)] == [("Quay rebuilt", "The Post"), ("T", None)] and not rejects(records)


def test_what_is_no_source_is_left_out_and_told(tmp_path: Path) -> None:
    members = {
        "README": b"x",
        ".hidden.txt": TEXT,
        "__MACOSX/._a.txt": b"\0",
        "p.jpg": b"\xff\xd8\xff",
        "data.json": b'{"a": 1}',
        "a.txt": TEXT,
    }
    records = read(tmp_path / "a.zip", zipped(members))
    assert len(articles(records)) == 1 and rejects(records) == [("part", "unsupported")]
    assert told(records) == ["holds 2 files of no kind that is read, which were left out: p.jpg, data.json"]
    assert rejects(read(tmp_path / "b.zip", zipped({"p.jpg": b"\xff\xd8\xff"}))) == [("source", "unsupported")]
    assert rejects(read(tmp_path / "c.zip", zipped({}))) == [("source", "unsupported")]


@pytest.mark.hostile(80)
@pytest.mark.parametrize("inner", [zipped({"a.txt": TEXT}), tarred({"a.txt": TEXT}), gzip.compress(tarred({"a.txt": TEXT}))])
def test_an_archive_inside_an_archive_is_refused(inner: bytes, tmp_path: Path) -> None:
    for content in (zipped({"in.zip": inner, "b.txt": TEXT}), tarred({"in.tar": inner, "b.txt": TEXT})):
        records = read(tmp_path / "a", content)
        assert len(articles(records)) == 1 and rejects(records) == [("part", "unsupported")]
        assert "an archive inside an archive" in told(records)[0]


@pytest.mark.hostile(79)
def test_bombs_in_archives_are_refused(tmp_path: Path) -> None:
    big = bytes(60 << 20)
    for content in (zipped({"a.txt": TEXT, "b.txt": big, "c.txt": TEXT}), bz2.compress(tarred({"a.txt": TEXT, "b.txt": big}))):
        records = read(tmp_path / "a", content)
        assert "unsafe" in [reason for _, reason in rejects(records)] and len(articles(records)) <= 1


@pytest.mark.hostile(79)
def test_many_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """A directory that names one member again and again: each is small, all together are not."""
    whole = zipped({"a.txt": b"News. " * 200_000})
    directory = whole.index(b"PK\1\2")
    end = whole.index(b"PK\5\6")
    entry = whole[directory:end]
    named = b"".join(entry[:46] + letter.encode() + b".txt" for letter in string.ascii_letters)
    content = whole[:directory] + named + whole[end : end + 8] + struct.pack("<HHII", 52, 52, len(named), directory) + b"\0\0"
    records = read(tmp_path / "a.zip", content)
    assert {reason for _, reason in rejects(records)} <= {"unsafe", "corrupt"} and rejects(records) and len(articles(records)) < 20


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd.txt",
        "./a.txt",
        "../../up.txt",
        "a/../../b.txt",
        "C:\\x\\y.txt",
        "\\\\host\\z.txt",
        "x" * 300 + ".txt",
        "caf\xe9.txt",
        "a\nb.txt",
    ],
)
def test_names_lead_nowhere(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for content in (zipped({name: TEXT}), tarred({name: TEXT})):
        records = read(tmp_path / "in" / "a", content)
        assert article(records).title == "Quay rebuilt" and not rejects(records)
    assert [p.name for p in tmp_path.rglob("*")] == ["in", "a"]


def test_links_and_devices_in_a_tar_are_no_files(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as file:
        for name, kind in (("a.txt", tarfile.SYMTYPE), ("b.txt", tarfile.LNKTYPE), ("c.txt", tarfile.CHRTYPE), ("d.txt", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            file.addfile(info)
    assert rejects(read(tmp_path / "a.tar", made.getvalue())) == [("source", "unsupported")]


def test_a_member_that_claims_a_huge_head(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    content = tarred({"a.txt": TEXT})[:1024] + info.tobuf(tarfile.USTAR_FORMAT) + bytes(2000)
    records = read(tmp_path / "a.tar", content)
    assert len(articles(records)) == 1 and rejects(records) == [("part", "corrupt")]


def test_an_encrypted_member_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT}))
    for at in (content.index(b"PK\3\4") + 6, content.index(b"PK\1\2") + 8):
        content[at] |= 1
    records = read(tmp_path / "a.zip", bytes(content))
    assert len(articles(records)) == 1 and rejects(records) == [("part", "unsupported")] and "encrypted" in told(records)[0]


def test_an_unknown_way_of_packing_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT}))
    for at in (content.index(b"PK\3\4") + 8, content.index(b"PK\1\2") + 10):
        content[at] = 9  # Deflate64
    records = read(tmp_path / "a.zip", bytes(content))
    assert len(articles(records)) == 1 and rejects(records) == [("part", "corrupt")]


@pytest.mark.parametrize("cut", [30, 200, -1, -30, -60])
def test_a_cut_zip_is_told(cut: int, tmp_path: Path) -> None:
    records = read(tmp_path / "a.zip", zipped({"a.txt": TEXT, "b.jsonl": LINES})[:cut])
    assert [reason for _, reason in rejects(records)] == ["corrupt"] and not articles(records)


def test_a_cut_tar_keeps_its_whole_members(tmp_path: Path) -> None:
    whole = tarred({"a.txt": TEXT, "b.jsonl": LINES, "c.txt": TEXT})
    for cut in (1024 + 600, 5000, len(whole) // 2):
        records = read(tmp_path / "a.tar", whole[:cut])
        assert articles(records)[0].title == "Quay rebuilt"
        assert "corrupt" in [reason for _, reason in rejects(records)]


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("a.docx", zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), "pandoc FILE.docx"),
        ("a.xlsx", zipped({"xl/workbook.xml": b""}), "save it as CSV"),
        ("a.odt", zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""}), "pandoc FILE.odt"),
        ("a.epub", zipped({"META-INF/container.xml": b""}), "pandoc FILE.epub"),
        ("a.pdf", b"%PDF-1.7\n", "pdftotext FILE.pdf"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "soffice --convert-to txt"),
        ("a.rtf", b"{\\rtf1 x}", "pandoc FILE.rtf"),
    ],
)
def test_what_is_not_read_gets_the_advice_that_helps(name: str, content: bytes, advice: str, tmp_path: Path) -> None:
    records = read(tmp_path / name, content)
    assert rejects(records) == [("source", "unsupported")] and advice in told(records)[0]
