"""What it costs to parse where it can be killed: the same pages and feeds parsed in this process, and apart from it.

python -m tests.bench.parsing ARTICLES.jsonl
"""

import html
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transforms.read.apart import parsed_apart
from transforms.read.feed_parse import parsed_feed
from transforms.read.page_parse import parsed_page

ROUNDS = 3
PAGES = 100
FURNITURE = "".join(f'<li><a href="/section/{n}">Section {n} of the site</a></li>' for n in range(150))
Parser = Callable[[bytes], Any]


def pages(articles: list[dict[str, Any]]) -> list[bytes]:
    """Pages of about 30 KB, as sites make them: navigation, the article, more links."""
    made = []
    for article in articles:
        title = html.escape(article.get("title") or "News")
        text = "".join(f"<p>{html.escape(line)}</p>" for line in article["text"].split("\n") if line.strip())
        head = f"<title>{title} - The Post</title><meta property='article:published_time' content='2025-11-03T08:00:00Z'>"
        body = f"<nav><ul>{FURNITURE}</ul></nav><article><h1>{title}</h1>{text}</article><footer><ul>{FURNITURE}</ul></footer>"
        made.append(f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode())
    return made


def feeds(articles: list[dict[str, Any]]) -> list[bytes]:
    """Feeds of ten entries with their full texts."""
    items = [
        f"<item><title>{html.escape(a.get('title') or 'News')}</title><link>https://post.example/{n}</link>"
        f"<description>{html.escape(a['text'])}</description></item>"
        for n, a in enumerate(articles)
    ]
    head = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>The Post</title>"
    return [f"{head}{''.join(items[n : n + 10])}</channel></rss>".encode() for n in range(0, len(items), 10)]


def seconds(parse: Parser, inputs: list[bytes]) -> float:
    """The least that all inputs took in a few rounds, after one to warm up."""
    parse(inputs[0])
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for data in inputs:
            parse(data)
        rounds.append(time.perf_counter() - started)
    return min(rounds)


def main() -> None:
    lines = Path(sys.argv[1]).read_text("utf-8").splitlines()[:PAGES]
    articles = [json.loads(line) for line in lines if line.strip()]
    told: dict[str, float] = {}
    kinds: dict[str, tuple[list[bytes], Parser, str]] = {
        "page": (pages(articles), parsed_page, "transforms.read.page_parse:parsed_page"),
        "feed": (feeds(articles), parsed_feed, "transforms.read.feed_parse:parsed_feed"),
    }
    for kind, (inputs, parser, name) in kinds.items():
        told[f"{kind} here"] = seconds(parser, inputs) / len(inputs)
        told[f"{kind} apart"] = seconds(lambda data, name=name: parsed_apart(name, data), inputs) / len(inputs)  # type: ignore[misc]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
