"""What feedparser's own tests expect of feeds, for the fields that an article keeps.

Each of its files begins with a comment that says what the parser is to make of it, in Python. Of that expression we take the
comparisons of a kept field with a value, and ask our reader for the same: text for markup, an address of the web or none.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.needs import needs
from transforms.read.feed_parse import Entry, Feed, parsed_feed
from transforms.read.format import bom_of
from transforms.read.markup import plain_text
from transforms.read.web_address import web_address

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "feeds" / "feedparser"
EXPECTATION = re.compile(r"Description:\s*(.*?)\s*Expect:\s*(.*)\s*-->", re.DOTALL)
HEADER = re.compile(r"^Header:\s+([^:]+):(.*)$", re.MULTILINE)
TEXTS = ("description", "summary", "content")
PLAIN = {"title": "title", "id": "guid", "guid": "guid", "author": "byline", "link": "link", "published": "published", "updated": "updated"}
LEAST = 900  # comparisons that are made

# Where we differ on purpose, by a part of the file's path.
DEVIATIONS: dict[str, str] = {
    "base/http_entry_id_base": "an entry's id is kept as written: made absolute it would change with the address of the feed",
    "base/http_item_link_base_docuri": "the address that the file was served from is that of feedparser's own test server",
    "entry_author_map_author": "a byline has no address of mail",
    "entry_title_text_plain_brackets": "feedparser keeps the tag that such a title speaks of, and so do we; the comparison would take it out",
    "cdf/": "Microsoft's channel definition format of 1997 is not read",
    "rss/item_description_not_a_doctype": "what follows <! is a comment up to the next >, as in a browser",
    "sanitize/entry_summary_iframe": "what stands inside an iframe is seen by no reader",
    "sanitize/item_content_encoded_script_nested_cdata": "a mark of CDATA within HTML is a comment up to the next >, as in a browser",
    "sanitize/xml_malicious_comment": "a comment without end is shown, lest it hide the article",
}


def expectation(path: Path) -> tuple[ast.expr | None, dict[str, str]]:
    data = path.read_bytes()
    text = data.decode(bom_of(data) or "utf-8", "replace")
    found = EXPECTATION.search(text)
    headers = {name.strip().lower(): value.strip() for name, value in HEADER.findall(text[: found.start()] if found else "")}
    try:
        return (ast.parse(found[2].strip(), mode="eval").body if found else None), headers
    except SyntaxError:
        return None, headers


def comparisons(expected: ast.expr | None) -> Iterator[tuple[list[str | int], Any]]:
    """Which field is to have which value: ["entries", 0, "title"], "A title"."""
    for node in ast.walk(expected) if expected else ():
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq) and isinstance(node.comparators[0], ast.Constant):
            way = way_of(node.left)
            if way:
                yield way, node.comparators[0].value


def way_of(node: ast.expr) -> list[str | int] | None:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        before = way_of(node.value)
        return before and [*before, node.slice.value]
    if isinstance(node, ast.Attribute):
        before = way_of(node.value)
        return before and [*before, node.attr]
    return None


def differs(feed: Feed, way: list[str | int], value: Any) -> str | None:
    """What our reader says instead, or None where it says the same, or keeps no such field."""
    plain = (plain_text(value) or None) if isinstance(value, str) else None
    match way:
        case ["feed", "title"] | ["feed", "title_detail", "value"]:
            return None if feed.title == plain else f"feed title {feed.title!r}, not {plain!r}"
        case ["entries", int(number), *field]:
            if number >= len(feed.entries):
                return f"entry {number} is missing"
            return entry_differs(feed.entries[number], field, value, plain)
    return None


def entry_differs(entry: Entry, field: list[str | int], value: Any, plain: str | None) -> str | None:
    match field:
        case [("description" | "summary")] | [("description_detail" | "summary_detail"), "value"] | ["content", int(), "value"]:
            # The longest of content and summary is kept.
            same = entry.text == (plain or "") or len(entry.text) > len(plain or "") > 0
            return None if same else f"text {entry.text!r}, not {plain!r}"
        case ["title_detail", "value"]:
            return None if entry.title == plain else f"title {entry.title!r}, not {plain!r}"
        case ["link"]:
            return None if entry.link == web_address(value) else f"link {entry.link!r}, not {value!r}"
        case [str(name)] if name in PLAIN:
            expected = plain if name == "title" else value.strip() or None
            ours = getattr(entry, PLAIN[name])
            return None if ours == expected or (ours or "").strip() == expected else f"{name} {ours!r}, not {expected!r}"
    return None


def kept(way: list[str | int]) -> bool:
    return way[:2] in (["feed", "title"], ["feed", "title_detail"]) or (
        way[0] == "entries" and len(way) > 2 and (way[2] in PLAIN or str(way[2]).removesuffix("_detail") in (*TEXTS, "title"))
    )


@needs("corpus")
def test_what_feedparser_expects_of_the_fields_that_are_kept() -> None:
    made, wrong, excused = 0, [], Counter[str]()
    for path in sorted(CORPUS.rglob("*.xml")):
        expected, headers = expectation(path)
        ways = [(way, value) for way, value in comparisons(expected) if kept(way)]
        if not ways:
            continue
        feed = Feed.of(
            parsed_feed(path.read_bytes(), address=web_address(headers.get("content-location")), content_type=headers.get("content-type"))
        )
        made += len(ways)
        name = str(path.relative_to(CORPUS))
        for way, value in ways:
            if told := (feed.refused and f"refused: {feed.refused[1]}") or differs(feed, way, value):
                reason = next((part for part in DEVIATIONS if part in name), None)
                if reason:
                    excused[reason] += 1
                else:
                    wrong.append(f"{name}: {told}")
    assert not wrong, f"{len(wrong)} of {made}:\n" + "\n".join(wrong)
    assert made >= LEAST and set(excused) == set(DEVIATIONS), (made, set(DEVIATIONS) - set(excused))
