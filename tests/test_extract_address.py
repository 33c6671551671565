"""`factwire extract ADDRESS`: a page of the web is fetched as a run does, and its facts are shown."""

import json

import pytest

from pipeline.cli import main
from tests.loopback import Loopback, Reply, moved

PAGE = b"""<html><head><title>Norvia sells boats</title><meta property="article:published_time" content="2025-05-05T10:00:00Z"></head>
<body><article><h1>Norvia sells boats</h1><p>Norvia sold 12 boats on Friday, Ann Lee said. The company refused to sell any more of them to
its rivals in the harbour.</p><p>It expects to lose $5 million this year, up from $3 million in 2024. The government has planned to send 400
troops to the border, the mayor of Ostrava told reporters on Monday.</p></article></body></html>"""
ENTRY = "<item><title>%s</title><link>https://e.example/%s</link><description>Ann Lee sold 12 boats on Friday.</description></item>"
FEED = '<rss version="2.0"><channel><title>T</title>%s</channel></rss>'
HTML = {"Content-Type": "text/html"}


def test_a_page_is_extracted_with_its_own_date(web: Loopback, names: dict[str, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    web.routes |= {"/page": Reply(PAGE, headers=HTML), "/old": moved(web.url("/page", "news.test"))}
    for path in ("/page", "/old"):
        assert main(["extract", web.url(path, "news.test"), "--allow-private", "--format", "json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["article"]["title"] == "Norvia sells boats"
        assert found["article"]["source_uri"] == web.url("/page", "news.test")
        assert {"12", "$5 million"} <= {f["text"] for f in found["figures"]}
        assert "2025-05-02" in {d["start_date"] for d in found["dates"]}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/none", "not there (404)"),
        ("/two", "holds 2 articles; use `factwire run`"),
        ("/empty", "is empty"),
    ],
)
def test_what_is_no_article_is_told(
    web: Loopback, names: dict[str, list[str]], path: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = {"Content-Type": "application/rss+xml"}
    web.routes |= {
        "/two": Reply((FEED % (ENTRY % (1, 1) + ENTRY % (2, 2))).encode(), headers=feed),
        "/empty": Reply((FEED % "").encode(), headers=feed),
    }
    address = web.url(path, "me:hunter@news.test")
    assert main(["extract", address, "--allow-private"]) == 1
    captured = capsys.readouterr()
    assert said in captured.err and "hunter" not in captured.err and captured.out == ""


def test_addresses_of_an_intranet_are_fetched_only_where_that_is_asked_for(web: Loopback, capsys: pytest.CaptureFixture[str]) -> None:
    web.routes["/page"] = Reply(PAGE, headers=HTML)
    assert main(["extract", web.url("/page")]) == 1
    assert "--allow-private" in capsys.readouterr().err
    assert web.asked == []
