"""ninjs, NewsML-G2 and NITF: what an item says is kept, what its source says of its use is obeyed, and what is broken costs itself alone."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from schemas.article import Article
from schemas.reject import Reject
from tests.reading import FETCHED, article, articles, read, rejects
from transforms.read import Record

SMALL = Path(__file__).parent / "small" / "agency"
NINJS: dict[str, Any] = json.loads((SMALL / "ninjs1.json").read_text("utf-8"))
MESSAGE = (SMALL / "message.xml").read_text("utf-8")
NITF = (SMALL / "nitf.xml").read_text("utf-8")
SECRET = "Nobody may read this yet"


def ninjs(path: Path, *items: object) -> list[Record]:
    return read(path / "a.json", json.dumps(list(items)).encode())


def newsml(path: Path, item: str) -> list[Record]:
    """The records of one item of NewsML-G2."""
    return read(
        path / "a.xml", f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1" version="1">{item}</newsItem>'.encode()
    )


def nitf(path: Path, old: str, new: str) -> list[Record]:
    assert old in NITF
    return read(path / "a.xml", NITF.replace(old, new).encode())


def only(records: list[Record]) -> Reject:
    (reject,) = (r.item for r in records if isinstance(r.item, Reject))
    assert not articles(records)
    return reject


def kept(found: Article) -> tuple[object, ...]:
    return found.item_version, found.urgency, found.written_in, found.keywords, found.language, found.input_format


# --- what is kept


def test_what_the_small_files_say_of_themselves() -> None:
    assert kept(article(read(SMALL / "ninjs1.json"))) == ("3", 4, "Vesterøy", ("maritime accident", "ferries"), "en", "ninjs")
    assert kept(articles(read(SMALL / "message.xml"))[0]) == ("4", 3, "Oslo", ("budget", "parliament"), "en", "newsml")
    assert kept(article(read(SMALL / "nitf.xml"))) == (None, 5, "ROME", ("cafés",), "en", "nitf")


def test_dates(tmp_path: Path) -> None:
    found = article(ninjs(tmp_path, NINJS))
    assert (found.published_at, found.updated_at) == (
        dt.datetime(2025, 5, 6, 16, 5, tzinfo=dt.UTC),
        dt.datetime(2025, 5, 6, 19, 30, tzinfo=dt.UTC),
    )
    assert (found.published_local_date, found.published_origin) == (dt.date(2025, 5, 6), "metadata")
    without = {k: v for k, v in NINJS.items() if k != "firstcreated"}
    assert article(ninjs(tmp_path, without)).published_at == dt.datetime(2025, 5, 6, 19, 30, tzinfo=dt.UTC)
    records = ninjs(tmp_path, NINJS | {"firstcreated": "yesterday"})
    assert rejects(records) == [("part", "bad_date")] and article(records).published_at == dt.datetime(2025, 5, 6, 19, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"versionCreated": "2025-05-06T21:30:00+02:00", "pubStatus": "usable", "bodies": [{"role": "main", "contentType": "text/html", "value": "<p>The body.</p>"}]},
        {"versioncreated": "2025-05-06T21:30:00+02:00", "bodies": [{"role": "x:short", "value": "No."}, {"role": "x:body", "value": "The body."}]},
        {"versioncreated": "2025-05-06T21:30:00+02:00", "body_text": "The body."},
        {"versioncreated": "2025-05-06T21:30:00+02:00", "body_xhtml": "<div><p>The body.</p></div>", "body_text": "The body, again."},
    ],
)  # fmt: skip
def test_bodies_of_each_version(changes: dict[str, Any], tmp_path: Path) -> None:
    found = article(ninjs(tmp_path, {"uri": "urn:x:1", "headline": "Head"} | changes))
    assert (found.title, found.text) == ("Head", "Head\n\nThe body.")
    assert found.updated_at == dt.datetime(2025, 5, 6, 19, 30, tzinfo=dt.UTC)


def test_an_item_is_one_article_wherever_it_comes_from(tmp_path: Path) -> None:
    uri = "urn:newsml:tidewire.example:20250509:21"
    in_xml = articles(read(SMALL / "message.xml"))[0]
    in_json = article(ninjs(tmp_path, {"uri": uri, "versioncreated": "2025-05-09T12:30:00+02:00", "body_text": "Other."}))
    in_lines = article(read(tmp_path / "b.jsonl", json.dumps({"uri": uri, "pubstatus": "usable", "body_text": "Third."}).encode()))
    assert in_xml.article_id == in_json.article_id == in_lines.article_id and in_xml.guid == uri


def test_an_item_without_an_id_is_known_by_its_place(tmp_path: Path) -> None:
    one, two = (
        article(nitf(tmp_path / name, 'id-string="cafe-20250510" regsrc="TW"', ""))
        for name in ("", "x")
        if not (tmp_path / name).mkdir(exist_ok=True)
    )
    assert one.guid is None and one.article_id == two.article_id != article(read(SMALL / "nitf.xml")).article_id


def test_what_is_no_text_is_told_and_is_no_fault(tmp_path: Path) -> None:
    for kind in ("picture", "video", "composite"):
        reject = only(ninjs(tmp_path, {"uri": "urn:x:1", "type": kind, "pubstatus": "usable", "headline": "A harbour"}))
        assert (reject.reason, reject.is_bad) == ("not_text", False) and kind in reject.message
    elsewhere = '<itemMeta><itemClass qcode="ninat:text"/></itemMeta><contentMeta><headline>H</headline></contentMeta><contentSet><remoteContent href="a.xml"/></contentSet>'
    assert only(newsml(tmp_path, elsewhere)).reason == "not_text"
    alert = '<itemMeta><itemClass qcode="ninat:text"/></itemMeta><contentMeta><headline>Quake in Rand</headline></contentMeta>'
    assert article(newsml(tmp_path, alert)).text == "Quake in Rand"


# --- what is not to be used


STATUSES = [
    ("usable", None),
    ("stat:usable", None),
    ("http://cv.iptc.org/newscodes/pubstatusg2/usable", None),
    ("Usable ", None),
    ("", None),
    ("withheld", "withheld"),
    ("stat:withheld", "withheld"),
    ("canceled", "canceled"),
    ("cancelled", "canceled"),
    ("stat:canceled", "canceled"),
    ("http://cv.iptc.org/newscodes/pubstatusg2/canceled", "canceled"),
    ("CANCELED", "canceled"),
    ("stat:on-hold", "withheld"),
]


@pytest.mark.parametrize(("status", "reason"), STATUSES)
def test_each_spelling_of_a_status(status: str, reason: str | None, tmp_path: Path) -> None:
    made = [
        ninjs(tmp_path, NINJS | {"pubstatus": status}),
        ninjs(tmp_path, {k: v for k, v in NINJS.items() if k != "pubstatus"} | {"pubStatus": status}),
        newsml(tmp_path, f'<itemMeta><pubStatus qcode="{status}"/></itemMeta><contentMeta><headline>{SECRET}</headline></contentMeta>'),
        newsml(tmp_path, f'<itemMeta><pubStatus uri="{status}"/></itemMeta><contentMeta><headline>{SECRET}</headline></contentMeta>'),
        nitf(tmp_path, 'management-status="usable"', f'management-status="{status}"'),
    ]
    for records in made:
        assert [r for _, r in rejects(records)] == ([reason] if reason else [])
        assert len(articles(records)) == (reason is None)


def test_of_what_may_not_be_used_no_word_is_shown(tmp_path: Path) -> None:
    item = NINJS | {"headline": SECRET, "body_html": f"<p>{SECRET}</p>", "ednote": SECRET}
    for changes in ({"pubstatus": "canceled"}, {"pubstatus": "withheld"}, {"embargoed": "2031-01-01T00:00:00Z"}, {"embargoed": ""}):
        reject = only(ninjs(tmp_path, item | changes))
        assert SECRET not in repr(reject) and not reject.is_bad
    assert only(ninjs(tmp_path, NINJS | {"pubstatus": "canceled"})).article_id == article(ninjs(tmp_path, NINJS)).article_id


NOW = FETCHED  # 2026-01-10, noon in UTC


@pytest.mark.parametrize(
    ("embargo", "held", "ends"),
    [
        ("2026-01-10T12:00:01Z", True, True),
        ("2026-01-10T12:00:00Z", False, False),
        ("2026-01-10T13:30:00+02:00", False, False),
        ("2026-01-10T08:00:00-05:00", True, True),
        ("2026-01-10T06:00:00", True, True),  # of no zone: it may be one in which it is not yet six
        ("2026-01-09T23:59:00", False, False),
        ("2026-01-11", True, True),
        ("2026-01-10", False, False),
        ("", True, False),
        ("until the speech", True, False),
        (None, False, False),
    ],
)
def test_embargoes(embargo: str | None, held: bool, ends: bool, tmp_path: Path) -> None:
    made = [ninjs(tmp_path, NINJS | {"embargoed": embargo})]
    if embargo is not None:
        made.append(
            newsml(tmp_path, f"<itemMeta><embargoed>{embargo}</embargoed></itemMeta><contentMeta><headline>H</headline></contentMeta>")
        )
    if embargo:
        made.append(nitf(tmp_path, 'date.release norm="20250510T120000Z"', f'date.release norm="{embargo}"'))
    for records in made:
        assert bool(articles(records)) is not held
        if held:
            assert (only(records).reason, only(records).retryable) == ("embargoed", ends)


def test_what_was_under_an_embargo_was_written_for_its_end(tmp_path: Path) -> None:
    records = ninjs(tmp_path, NINJS | {"embargoed": "2025-05-08T06:00:00+02:00"})
    assert article(records).published_local_date == dt.date(2025, 5, 8)
    early = ninjs(tmp_path, NINJS | {"embargoed": "2025-05-01T06:00:00+02:00"})
    assert article(early).published_local_date == dt.date(2025, 5, 6)


def test_an_embargo_of_nitf_by_its_status(tmp_path: Path) -> None:
    embargoed = NITF.replace('management-status="usable"', 'management-status="embargoed"')
    assert len(articles(read(tmp_path / "a.xml", embargoed.encode()))) == 1  # its release was in May
    without = embargoed.replace('<date.release norm="20250510T120000Z"/>', "")
    assert only(read(tmp_path / "a.xml", without.encode())).reason == "embargoed"


# --- what is broken


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"pubstatus": 5}, "`pubstatus` must be text, not a number"),
        ({"embargoed": 20310101}, "`embargoed` must be text, not a number"),
        ({"embargoed": {}}, "`embargoed` must be text, not an object"),
        ({"body_html": ["x"]}, "`bodyhtml` must be text, not a list"),
        ({"bodies": "x"}, "`bodies` must be a list of objects, not text"),
        ({"bodies": [1]}, "`bodies` must be a list of objects"),
        ({"headline": {}}, "`headline` must be text, not an object"),
        ({"type": []}, "`type` must be text, not a list"),
    ],
)
def test_wrong_types_where_they_decide(changes: dict[str, Any], told: str, tmp_path: Path) -> None:
    records = ninjs(tmp_path, NINJS | changes, NINJS | {"uri": "urn:x:2"})
    assert rejects(records) == [("record", "bad_type")] and len(articles(records)) == 1
    assert told in next(r.item.message for r in records if isinstance(r.item, Reject))


@pytest.mark.parametrize(
    "name", ["byline", "located", "language", "copyrightholder", "subject", "keywords", "urgency", "version", "infosource"]
)
@pytest.mark.parametrize("value", [5, 1.5, True, None, [], [None, 5, {}], {}, {"a": 1}, "", 10**40])
def test_wrong_types_elsewhere_say_nothing(name: str, value: object, tmp_path: Path) -> None:
    records = ninjs(tmp_path, NINJS | {name: value})
    assert not rejects(records) and len(articles(records)) == 1


@pytest.mark.parametrize("cut", range(40, len(MESSAGE), 211))
def test_a_message_that_is_cut_keeps_its_whole_items(cut: int, tmp_path: Path) -> None:
    records = read(tmp_path / "a.xml", MESSAGE[:cut].encode())
    whole = [MESSAGE.find(end, start) for end, start in _ends() if MESSAGE.find(end, start) + len(end) <= cut]
    assert len([r for r in records if r.position]) == len(whole)
    assert [reason for _, reason in rejects(records) if reason in ("truncated", "corrupt", "not_a_feed")] in (
        ["truncated"],
        ["corrupt"],
        ["not_a_feed"],
    )


def _ends() -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for end in ("</packageItem>", "</newsItem>"):
        at = -1
        while (at := MESSAGE.find(end, at + 1)) >= 0:
            found.append((end, at))
    return found


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<newsMessage/>", "unsupported"),
        ("<newsMessage><itemSet/></newsMessage>", "unsupported"),
        ('<newsItem guid="x"><itemMeta></newsItem>', "corrupt"),
        ("<nitf><body>", "truncated"),
        ("<nitf>" + "<p>" * 200_000, "truncated"),
        ("<nitf>" + "<p>" * 200_000 + "</p>" * 200_000 + "</nitf>", "corrupt"),
        ('<nitf a="' + "x" * 16_000_000 + '"/>', "too_large"),
        ("<newsItem>" + "<a/>" * 6_000_000, "too_large"),
    ],
)
def test_xml_that_holds_nothing(content: str, reason: str, tmp_path: Path) -> None:
    assert [r for _, r in rejects(read(tmp_path / "a.xml", content.encode()))] == [reason]


def test_entities_are_not_expanded_and_files_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET, "utf-8")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    head = f'<!DOCTYPE nitf [<!ENTITY l0 "ha">{laughs}<!ENTITY file SYSTEM "file://{tmp_path}/secret"><!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>'
    records = read(tmp_path / "a.xml", f"{head}<nitf><body><body.content><p>x &l29; &file; y</p></body.content></body></nitf>".encode())
    assert SECRET not in repr(records) and len(repr(records)) < 5000


def test_many_items(tmp_path: Path) -> None:
    item = '<newsItem guid="urn:x:{}" version="1"><contentMeta><headline>Head {}</headline></contentMeta></newsItem>'
    content = "<newsMessage><itemSet>" + "".join(item.format(n, n) for n in range(2100)) + "</itemSet></newsMessage>"
    records = read(tmp_path / "a.xml", content.encode())
    assert len(articles(records)) == 2000 and rejects(records) == [("part", "too_many")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.xml", NITF.replace("UTF-8", encoding).replace("Cy Moe", "Cé").replace("Flo Grey", "Flö Grey").encode(encoding)
    )
    assert article(found).byline == "By Flö Grey"


def test_newsml_of_before_g2_is_no_newsml(tmp_path: Path) -> None:
    old = '<?xml version="1.0"?><NewsML><NewsItem><NewsComponent/></NewsItem></NewsML>'
    assert rejects(read(tmp_path / "a.xml", old.encode())) == [("source", "not_a_feed")]


def test_our_own_records_are_no_ninjs(tmp_path: Path) -> None:
    record = {"uri": "x", "headline": "H", "text": "Ours.", "versioncreated": "2025"}
    assert article(read(tmp_path / "a.jsonl", json.dumps(record).encode())).input_format == "jsonl"
    assert article(read(tmp_path / "b.json", json.dumps([{"uri": "x", "title": "H", "body": "Ours."}]).encode())).input_format == "json"
