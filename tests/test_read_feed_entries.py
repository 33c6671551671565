"""Entries of feeds as programs write them: several authors, addresses, escapes too many, links that are none, texts of others."""

from pathlib import Path

import pytest

from tests.reading import article, read
from transforms.read.markup import plain_text

TEXT = "The council of Norvia voted on Tuesday to spend 4 million crowns on a new bridge."
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def rss(inside: str, title: str = "Norvia Post") -> bytes:
    channel = (
        f"<channel><title>{title}</title><link>https://post.example/</link><item>{inside}<description>{TEXT}</description></item></channel>"
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {DC}>{channel}</rss>'.encode()


def atom(inside: str, head: str = "") -> bytes:
    entry = f"<entry><id>urn:1</id><updated>2025-05-06T08:00:00Z</updated>{inside}<summary>{TEXT}</summary></entry>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Norvia Post</title>{head}{entry}</feed>'.encode()


@pytest.mark.parametrize(
    ("inside", "byline"),
    [
        ("<dc:creator>Jane Roe</dc:creator><dc:creator>Tom Brand</dc:creator>", "Jane Roe, Tom Brand"),
        ("<author>jane@post.example (Jane Roe)</author><author>t.brand@post.example (Tom Brand)</author>", "Jane Roe, Tom Brand"),
        ("<author>noreply@blogger.com (Jane Roe)</author>", "Jane Roe"),
        ("<author>Jane Roe &lt;jane.roe@post.example&gt;</author>", "Jane Roe"),
        ("<author>jane.roe@post.example</author>", None),
        ("<author>jane.roe@post.com</author>", None),
        ("<dc:creator>jroe</dc:creator><author>Jane Roe</author>", "Jane Roe"),
        ("<dc:creator>jroe</dc:creator>", "jroe"),
        ("<dc:creator>dpa</dc:creator>", "dpa"),
        ("<dc:creator><![CDATA[By JANE ROE, Staff Writer]]></dc:creator>", "JANE ROE, Staff Writer"),
        ("<dc:creator>Jane Roe and Tom Brand</dc:creator>", "Jane Roe, Tom Brand"),
        ("<dc:creator>Herald staff</dc:creator>", "Herald staff"),
    ],
)
def test_all_authors_and_no_addresses(tmp_path: Path, inside: str, byline: str | None) -> None:
    assert article(read(tmp_path / "a.rss", rss(inside))).byline == byline


def test_authors_of_atom(tmp_path: Path) -> None:
    two = "<author><name>Jane Roe</name><email>jane@post.example</email></author><author><name>Tom Brand</name></author>"
    mail = "<author><email>desk@post.example</email></author>"
    assert article(read(tmp_path / "a.atom", atom(two))).byline == "Jane Roe, Tom Brand"
    assert article(read(tmp_path / "b.atom", atom(mail))).byline is None
    assert article(read(tmp_path / "c.atom", atom("", two))).byline == "Jane Roe, Tom Brand"


def test_whose_text_a_collector_has_is_the_outlet(tmp_path: Path) -> None:
    inside = "<title>Ferry to return - The Herald</title><source url='https://herald.example'>The Herald</source>"
    found = article(read(tmp_path / "a.rss", rss(inside, title='"ferry" - Search News')))
    assert (found.outlet, found.title) == ("The Herald", "Ferry to return")
    own = article(read(tmp_path / "b.rss", rss("<title>Ferry to return - at last</title>")))
    assert (own.outlet, own.title) == ("Norvia Post", "Ferry to return - at last")
    gathered = article(read(tmp_path / "c.atom", atom("<title>Ferry</title><source><title>Lindby Herald</title><id>urn:h</id></source>")))
    assert gathered.outlet == "Lindby Herald"


def test_headlines_in_a_list_are_not_glued_to_whose_they_are() -> None:
    one = "<li><a href='/1'>Council votes for a bridge</a>&nbsp;&nbsp;<font color='#6f6f6f'>Norvia Post</font></li>"
    assert plain_text(f"<ol>{one}{one}</ol>").split("\n\n")[0] == "Council votes for a bridge\nNorvia Post"
    assert plain_text("<p>It rained.&nbsp;&nbsp;The pier was closed, at 5&nbsp;pm.</p>") == "It rained. The pier was closed, at 5 pm."


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("&lt;p&gt;It rained.&lt;/p&gt;&lt;p&gt;Second line.&lt;/p&gt;", "It rained.\n\nSecond line."),
        ('&lt;div class=&quot;a&quot;&gt;&lt;a href="/x"&gt;It rained.&lt;/a&gt;&lt;/div&gt;', "It rained."),
        ("<p>The tag &lt;b&gt; is old, and so is &lt;/b&gt;.</p>", "The tag <b> is old, and so is </b>."),
        ("Write &lt;p&gt;Hello&lt;/p&gt; and save.", "Write <p>Hello</p> and save."),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_what_was_escaped_twice_is_read_and_what_is_spoken_of_stays(given: str, text: str) -> None:
    assert plain_text(given) == text


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("<title>Use of &lt;b&gt; in pages grows</title>", "Use of <b> in pages grows"),
        ('<title type="text">Use of &lt;b&gt; in pages grows</title>', "Use of <b> in pages grows"),
        ('<title type="html">Use of &lt;b&gt;bold&lt;/b&gt; grows</title>', "Use of bold grows"),
        ("<title>The &lt;em&gt;Norvia&lt;/em&gt; sails</title>", "The Norvia sails"),
        ("<title>AT&amp;amp;T cuts 300 jobs</title>", "AT&T cuts 300 jobs"),
        ('<title type="html">&lt;3 Bridges</title>', "<3 Bridges"),
    ],
)
def test_titles_of_type_text(tmp_path: Path, title: str, read_as: str) -> None:
    assert article(read(tmp_path / "a.atom", atom(title))).title == read_as


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("<link>N/A</link><guid isPermaLink='false'>a</guid>", None),
        ("<link>null</link>", None),
        ("<link>#top</link>", None),
        ("<link>www.post.example/ns</link>", "https://www.post.example/ns"),
        ("<link></link><guid>https://post.example/g/4</guid>", "https://post.example/g/4"),
        ("<link>none</link><guid isPermaLink='true'>https://post.example/g/5</guid>", "https://post.example/g/5"),
        ("<link>/news/1</link>", "https://post.example/news/1"),
        ("<link>story.html</link>", "https://post.example/story.html"),
        ("<link>?p=12</link>", "https://post.example/?p=12"),
    ],
)
def test_links_that_are_none(tmp_path: Path, link: str, url: str | None) -> None:
    assert article(read(tmp_path / "a.rss", rss(f"<title>T</title>{link}"))).canonical_url == url
