"""The report as a file: what it holds, what it leaves out, and that nothing in it comes to be markup. What a browser makes of it: the next file."""

import base64
import datetime as dt
import fnmatch
import hashlib
import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.answers.article_page import Page
from pipeline.cli import main
from pipeline.report.articles import MAIN, STATUSES, main_facts, shown, unclaimed, web_address
from pipeline.report.overview import questions
from pipeline.report.packed_data import columns, packed, transposed
from pipeline.report.page import _SCRIPTS, _STYLES
from schemas.column import columns_of
from schemas.tables import FACT_TABLES
from tests.report_pages import HOSTILE, corrected, data_of

ROOT = Path(__file__).parent.parent
ASSETS = ROOT / "pipeline" / "report" / "assets"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x), max_leaves=9
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corrected(tmp_path_factory.mktemp("report") / "a set")


def written(dataset: Path, file: Path, *words: str) -> str:
    assert main(["report", str(dataset), "--html", str(file), *words]) == 0
    return file.read_text("utf-8")


@pytest.fixture(scope="module")
def page(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(dataset, tmp_path_factory.mktemp("page") / "report.html")


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert main(["report", *map(str, words)]) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    return captured.err


# --- data in a page


@given(JSON)
def test_what_is_packed_comes_back_and_cannot_end_its_comment(value: Any) -> None:
    told = packed("some-7", value)
    assert data_of(told) == {"some-7": value}
    assert told == packed("some-7", value)
    assert re.fullmatch(r"<!--some-7 [A-Za-z0-9+/=]+-->\n", told)


@given(st.lists(st.fixed_dictionaries({"a": st.none() | st.floats(allow_nan=False, allow_infinity=False), "b": st.booleans()}), min_size=1))
def test_columns_say_what_rows_said(rows: list[dict[str, Any]]) -> None:
    told = transposed(rows)
    for name in ("a", "b"):
        values = [row[name] for row in rows]
        assert told.get(name, [None] * len(rows)) == values or not any(v not in (None, False) for v in values)
    assert json.loads(json.dumps(told)) == told


def test_a_column_that_says_nothing_is_left_out() -> None:
    assert columns({"a": [None, ""], "b": [[], False], "c": [0.0, None], "d": [1.5, 3.0]}) == {"c": [0, None], "d": [1.5, 3]}


def test_what_json_does_not_have_is_no_value_of_a_page() -> None:
    with pytest.raises(ValueError, match="JSON"):
        packed("x", float("nan"))
    with pytest.raises(TypeError, match="no place"):
        packed("x", object())


# --- what is told of an article


def facts_page(*facts: tuple[str, int, bool]) -> Page:
    rows = [{"section": section, "paragraph": paragraph, "is_reporting": saying} for section, paragraph, saying in facts]
    return Page({}, {table: rows if table == "facts" else [] for table in FACT_TABLES})


@pytest.mark.parametrize(
    ("facts", "main"),
    [
        ([("headline", 0, False), ("deck", 1, False), ("body", 2, False), ("body", 3, False), ("body", 4, False)], [0, 1, 2, 3]),
        ([("headline", 0, True), ("body", 5, False), ("body", 6, True), ("body", 6, False), ("body", 7, False)], [1, 3]),
        ([("body", 0, False)] * (MAIN + 3), list(range(MAIN))),
        ([], []),
    ],
)
def test_acts_of_the_first_paragraphs_are_the_main_facts(facts: list[tuple[str, int, bool]], main: list[int]) -> None:
    assert main_facts(facts_page(*facts)) == main


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", "file:///etc/passwd", "//host.example/x", None, ""]
)
def test_only_addresses_of_the_web_are_led_to(url: str | None) -> None:
    assert web_address(url) is None
    assert web_address("https://news.example/1") == "https://news.example/1"


def test_what_a_person_has_added_is_unclaimed_no_more() -> None:
    article = {"unclaimed": [{"start": 3, "end": 5}, {"start": 9, "end": 12}]}
    rows = {table: [] for table in FACT_TABLES} | {
        "figures": [{"row_id": "a", "start": 3, "end": 6}, {"row_id": "b", "start": 9, "end": 11}]
    }
    assert unclaimed(Page(article, rows)) == [[3, 5], [9, 12]]
    assert unclaimed(Page(article, rows, frozenset({"a", "b"}))) == [[9, 12]]


def test_the_columns_that_are_shown_are_those_of_the_tables() -> None:
    for table, record in FACT_TABLES.items():
        assert set(shown(table)) <= {c.name for c in columns_of(record)}
        assert not [name for name in shown(table) if name.endswith(("_start", "_end")) and not name.startswith("happened")]


# --- what a page holds


def test_every_article_is_there_with_its_rows_and_copies_are_folded(page: str) -> None:
    data = data_of(page)
    assert data["head"]["articles"] == len(data["list"]["title"]) == 10
    assert data["list"]["day"] == sorted(data["list"]["day"], reverse=True)
    n = data["list"]["title"].index("Norvia refuses harbour deal")
    block, text = data["rows-0"][n], data["texts-0"][n]
    assert [text[s:e] for s, e in zip(block["rows"]["dates"]["start"], block["rows"]["dates"]["end"], strict=True)] == [
        "Friday",
        "last year",
        "2023",
    ]
    assert block["copies"] == [{"outlet": "Copy Daily", "kind": "exact", "url": "https://copydaily.example/2"}]
    assert [text[s:e] for s, e in block["unclaimed"]] == ["1½"]
    assert data["list"]["figures"][n] == len(block["rows"]["figures"]["said"]) == 4
    assert "text" not in block["rows"]["figures"], "it stands in the text"
    assert block["source"] == "1.txt", "no folders of the machine"


def test_rows_point_at_rows_by_their_numbers(page: str) -> None:
    data = data_of(page)
    n = data["list"]["title"].index("Norvia refuses harbour deal")
    rows = data["rows-0"][n]["rows"]
    risen = rows["figures"]["said"].index(next(s for s in rows["figures"]["said"] if "2,700,000,000" in s))
    assert rows["dates"]["said"][rows["figures"]["date_id"][risen]].startswith("“last year”")
    assert rows["actors"]["canonical_name"][rows["figures"]["actor_id"][risen]] == "Norvia"
    assert rows["actors"]["canonical_name"][rows["quotes"]["speaker_actor_id"][0]] == "Ann Lee"
    assert rows["facts"]["figure_ids"][-1] == [risen]


def test_an_article_without_text_has_the_words_of_its_rows(page: str) -> None:
    data = data_of(page)
    n = next(n for n, text in enumerate(data["texts-0"]) if "put at $2.8 billion by analysts" in text)
    assert data["rows-0"][n]["kept"] is False
    assert data["rows-0"][n]["rows"]["figures"]["text"] == ["$2.8 billion", "$800 million"]


def test_corrections_are_applied_and_told(page: str) -> None:
    data = data_of(page)
    n = data["list"]["title"].index("Norvia refuses harbour deal")
    block = data["rows-0"][n]
    told = {c["action"]: c for c in block["corrections"]}
    assert set(told) == {"set", "drop", "add"}
    figures = block["rows"]["figures"]
    assert figures["bound"][told["set"]["row"]] == "about" and told["set"]["why"] == "the paper rounds"
    assert told["drop"]["row"] is None and not any("ratio" in said for said in figures["said"])
    assert figures["said"][told["add"]["row"]] == "count 40 of piers"
    assert [n for n, each in enumerate(figures["corrected"]) if each] == sorted((told["set"]["row"], told["add"]["row"]))
    assert len(data["head"]["overview"]["corrections"]["rows"]) == 3
    assert data["list"]["corrected"][n] == 2


def test_the_overview_counts(page: str) -> None:
    told = {name: each["rows"] for name, each in data_of(page)["head"]["overview"].items()}
    assert set(told) == set(questions())
    assert told["counts"][0]["articles"] == 10 and told["counts"][0]["without_text"] == 1
    assert told["copies"] == [{"copies": 1}]
    assert told["languages"] == [{"language": "de", "articles": 1}]
    assert {row["type"] for row in told["actors"]} == {"person", "organisation", "place"}
    assert next(row for row in told["actors"] if row["type"] == "place") == {
        "type": "place",
        "name": "Norvia",
        "articles": 7,
        "mentions": 7,
    }
    assert {row["name"]: row["quotes"] for row in told["speakers"]} == {"Ann Lee": 1, "Holt": 1}
    assert {row["source_type"]: row["facts"] for row in told["sources"]} == {"named": 1, "article": 7, "anonymous": 1}
    assert {row["status"]: row["facts"] for row in told["statuses"]} == {"occurred": 7, "refused": 1}
    assert told["rejects"] == [{"reason": "bad_json", "rejects": 1, "example": "no JSON: mend line 3"}]
    assert sum(row["articles"] for row in told["days"]) == 10
    assert told["account"][0]["records"] == 0, "this dataset was made without a run"


def test_events_stand_by_when_they_happened(page: str) -> None:
    data = data_of(page)
    events = data["events"]
    assert events["from"] == sorted(events["from"], reverse=True)
    place = data["list"]["title"].index(HOSTILE[0])
    n = events["article"].index(place)
    assert (events["from"][n], events["to"][n], events["who"][n], events["predicate"][n]) == ("2025-06-01", "2025-06-30", "Norvia", "has")
    assert events["row"][n] in data["rows-0"][place]["rows"]["facts"]["row_id"]
    assert "said" not in events["predicate"], "a saying is no event"


def test_statuses_are_bits_in_their_order(page: str) -> None:
    data = data_of(page)
    n = data["list"]["title"].index("Norvia refuses harbour deal")
    bits = data["list"]["statuses"][n]
    assert {STATUSES[b] for b in range(len(STATUSES)) if bits >> b & 1} == {"refused", "occurred", "reported", "asserted"}


def test_the_same_dataset_gives_the_same_page(dataset: Path, page: str, tmp_path: Path) -> None:
    assert written(dataset, tmp_path / "again.html") == page


def test_nothing_of_the_machine_is_in_a_page(dataset: Path, page: str) -> None:
    told = json.dumps(data_of(page), ensure_ascii=False) + page
    assert str(dataset.parent) not in told and "wire/1.txt" not in told


# --- a part of a dataset


def test_a_limit_takes_the_newest_and_says_so(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = data_of(written(dataset, tmp_path / "some.html", "--limit", "2"))
    captured = capsys.readouterr()
    assert "2 articles" in captured.out and "the newest of 10" in captured.err
    assert data["head"]["articles"] == 2 and data["head"]["of"] == 10
    assert data["list"]["day"] == ["2025-06-20"] * 2
    assert data["head"]["overview"]["counts"]["rows"][0]["articles"] == 10
    assert max(data["events"]["article"]) < 2


def test_options_narrow_a_page_down(dataset: Path, tmp_path: Path) -> None:
    data = data_of(written(dataset, tmp_path / "some.html", "--outlet", "other", "--since", "2025-06-05"))
    assert data["list"]["title"] == ["Quaro counts its ships"]
    assert data["head"]["only"] == {"outlet": "other", "since": "2025-06-05", "until": None}
    assert data["head"]["overview"]["counts"]["rows"][0]["articles"] == 1


def test_one_article_alone(dataset: Path, tmp_path: Path) -> None:
    data = data_of(written(dataset, tmp_path / "one.html", "--article", "Norvia refuses"))
    assert data["head"]["single"] and data["list"]["title"] == ["Norvia refuses harbour deal"]
    assert data["head"]["overview"]["counts"]["rows"][0]["articles"] == 1


def test_what_was_not_analysed_is_said(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(dataset, tmp_path / "page.html")
    told = capsys.readouterr().err
    assert "not in English, so without facts: 1 de" in told
    assert "--text none" in told and "1 article" in told


def test_what_was_forgotten_is_in_no_later_page(tmp_path: Path) -> None:
    dataset = corrected(tmp_path / "a set")
    assert main(["forget", str(dataset), "--url", "https://examplenews.example/1"]) == 0  # and its copy
    told = json.dumps(data_of(written(dataset, tmp_path / "page.html")), ensure_ascii=False)
    assert "harbour" not in told and "the paper rounds" not in told
    assert "counts its ships" in told


# --- what cannot be done is told in a sentence


def test_refusals(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "end its name in .html" in refused(capsys, dataset, "--html", tmp_path / "page.pdf")
    assert "lies inside the dataset" in refused(capsys, dataset, "--html", dataset / "page.html")
    assert "no article has" in refused(capsys, dataset, "--html", tmp_path / "p.html", "--article", "nothing like it")
    assert "leave out --limit" in refused(capsys, dataset, "--html", tmp_path / "p.html", "--article", "Norvia refuses", "--limit", "3")
    assert "--limit is a number of rows from 1" in refused(capsys, dataset, "--html", tmp_path / "p.html", "--limit", "0")
    assert "holds no article" in refused(capsys, dataset, "--html", tmp_path / "p.html", "--outlet", "nobody")
    assert "No such file" in refused(capsys, dataset, "--html", tmp_path / "none" / "p.html")
    assert list(tmp_path.iterdir()) == [], "what fails leaves nothing behind"


# --- nothing comes to be markup


class Elements(HTMLParser):
    """The elements of a page and the attributes that make things happen."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_hostile_words_are_no_markup(page: str) -> None:
    elements = Elements()
    elements.feed(page)
    assert elements.names.count("script") == 1 and elements.names.count("style") == 1
    assert not {"img", "svg", "iframe", "object", "embed", "link", "form", "base"} & set(elements.names)
    assert not [name for name in elements.attributes if name.startswith("on") or name == "style"]
    for words in HOSTILE:
        assert words not in page


def test_the_name_of_a_dataset_is_no_markup(tmp_path: Path) -> None:
    dataset = corrected(tmp_path / "<script>alert(1)<")
    page = written(dataset, tmp_path / "page.html")
    assert "<title>&lt;script&gt;alert(1)&lt;: what the news says</title>" in page
    assert page.count("<script") == 1


def test_the_policy_allows_this_style_and_this_script_alone(page: str) -> None:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found
    policy = dict(each.split(" ", 1) for each in found[1].split("; "))
    assert policy["default-src"] == "'none'" and policy["require-trusted-types-for"] == "'script'"
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        own = re.search(rf"<{element}[^>]*>(.*?)</{element}>", page, re.DOTALL)
        assert own
        assert policy[directive] == f"'sha256-{base64.b64encode(hashlib.sha256(own[1].encode()).digest()).decode()}'"


def test_the_script_has_no_way_out_and_makes_no_html() -> None:
    sinks = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\(|localStorage"
    for name in _SCRIPTS:
        assert not re.findall(sinks, (ASSETS / name).read_text("utf-8")), name
    for name in _STYLES:
        assert not re.findall(r"@import|url\(", (ASSETS / name).read_text("utf-8")), name


def test_every_asset_is_in_the_page_and_in_the_wheel() -> None:
    assert {path.name for path in ASSETS.iterdir()} == {*_SCRIPTS, *_STYLES, "page.html"}
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert "pipeline.report" in told["packages"]
    patterns = told["package-data"]["pipeline.report"]
    for path in (*ASSETS.iterdir(), ASSETS.parent / "page_queries.toml"):
        assert any(fnmatch.fnmatch(str(path.relative_to(ASSETS.parent)), pattern) for pattern in patterns), path


def test_days_are_days(page: str) -> None:
    assert all(day is None or dt.date.fromisoformat(day) for day in data_of(page)["list"]["day"])
