"""What of a page is its article: the title without its tail, the authors, the body in one piece and without what stands about it."""

import json

import pytest

from tests.reading import FETCHED
from transforms.read.page_lines import is_prompt
from transforms.read.page_title import Names, without_tail
from transforms.read.web_page import Page, page_of

SENTENCES = [
    "The council of Norvia voted on Tuesday to build a second bridge over the river at a cost of 40 million crowns.",
    "Mayor Jon Pell said that the work would begin in June, and that it would take three years and two hundred people.",
    "Residents of the east bank have asked for a crossing since the ferry was closed in 2012, after its engine had failed.",
    "“We lost our shops when the ferry went,” said Ann Roe, who has sold bread in the old market for thirty years.",
    "The state pays half of it; the rest is to come from a toll that drivers will pay until the year 2041.",
    "Work on the road to the bridge is planned for the autumn, and the council will choose a builder on 12 May.",
]
PARAGRAPHS = [f"<p>{sentence}</p>" for sentence in SENTENCES]
WHOLE = "\n\n".join(SENTENCES)
HEADLINE = "Norvia votes for a second bridge"
NAMES = Names.of(["The Norvia Pundit", "https://www.norviapundit.co.uk/", "Norvia Welle", "CBD"], ["National", "Sport"])


def page(body: str, head: str = "", title: str = HEADLINE) -> Page:
    data = f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return page_of(data.encode(), fetched_at=FETCHED, address="https://norviapundit.example/news/bridge")


def ld(**said: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | said)}</script>'


def article(inside: str = "".join(PARAGRAPHS)) -> str:
    return f"<article><h1>{HEADLINE}</h1><div class='entry-content'>{inside}</div></article>"


@pytest.mark.parametrize(
    "tail",
    [
        " | CBD News",
        " - The Norvia Pundit",
        " – Norvia Pundit",
        " | norviapundit.co.uk",
        " - National | The Norvia Pundit",
        " – NW – 06.05.2025",
        " | The Norvia Pundit | by Tom Brand",
        " * The Norvia Pundit * by Tom Brand",
        "｜Norvia Welle",
        "--National--Norvia Welle",
        " - 2025-05-06",
    ],
)
def test_what_a_site_puts_behind_its_titles_goes(tail: str) -> None:
    assert without_tail(HEADLINE + tail, [], NAMES) == HEADLINE
    assert without_tail(HEADLINE + tail, [HEADLINE], Names.of([], [])) == HEADLINE


@pytest.mark.parametrize(
    "title",
    [
        "Norvia - National park or car park?",
        "Bridge vote: what the Norvia Pundit got wrong",
        "The bridge - by those who will pay for it",
        "Votes, tolls and bread | National",
        "The crash of 24 October 1929",
        "Norvia–Lindby",
        "CBD News",
    ],
)
def test_what_belongs_to_a_headline_stays(title: str) -> None:
    assert without_tail(title, [], NAMES) == title
    assert without_tail(title, ["Another story altogether", title], NAMES) == title


@pytest.mark.parametrize(
    ("title", "headline", "kept"),
    [
        ("Who pays? - Analysis | The Paper", "Who pays?", "Who pays? - Analysis | The Paper"),  # the rest is longer than the headline
        ("Who pays for the bridge? - Analysis", "Who pays for the bridge?", "Who pays for the bridge?"),
        ("“Bread first”, she says of bridges | Paper", '"Bread first", she says of bridges', "“Bread first”, she says of bridges"),
        ("Live - Norvia votes for a second bridge", "Live", "Live - Norvia votes for a second bridge"),
        ("橋の建設に賛成多数　市議会：日刊ノルビア", "橋の建設に賛成多数 市議会", "橋の建設に賛成多数　市議会"),
    ],
)
def test_the_pages_own_headline_says_where_the_title_ends(title: str, headline: str, kept: str) -> None:
    assert without_tail(title, [headline], Names.of([], [])) == kept


def test_the_title_is_that_of_the_page() -> None:
    head = f'<meta property="og:title" content="{HEADLINE} | CBD News"><meta property="og:site_name" content="CBD">'
    assert page(article(), head).title == HEADLINE
    assert page(article(), f'<meta property="og:title" content="{HEADLINE} - NW - 06.05.2025">' + ld(headline=HEADLINE)).title == HEADLINE
    assert page(article().replace("h1", "h2"), ld(headline="R&uuml;ckbau von Br&uuml;cken"), title="").title == "Rückbau von Brücken"


BYLINE = "<p class='byline'>By <a rel='author' href='/a/tom'>Tom Brand</a></p>"


@pytest.mark.parametrize(
    ("head", "body", "byline"),
    [
        (ld(author={"name": "CBD"}, publisher={"name": "CBD"}), BYLINE, "Tom Brand"),
        (ld(author={"name": "CBD"}, publisher={"name": "CBD"}), "", "CBD"),
        (ld(author="CBD", publisher={"name": "CBD"}) + '<meta name="articleauthor" content="Ann Roe">', BYLINE, "Ann Roe"),
        ('<meta name="author" content="The Norvia Times https://www.norviatimes.example">', "", "The Norvia Times"),
        ('<meta name="author" content="tom@norviapundit.example">', BYLINE, "Tom Brand"),
        ('<meta name="author" content="105092">', BYLINE, "Tom Brand"),
        ('<meta name="author" content="Tom Brand"><meta name="parsely-author" content="tom-brand">', "", "Tom Brand"),
        (ld(author=[{"name": "Ann Roe (aro)"}, {"name": "Tom Brand (tb.)"}]), "", "Ann Roe, Tom Brand"),
        (ld(author={"name": "Ann Roe und Tom Brand, dpa"}), "", "Ann Roe, Tom Brand, dpa"),
        (ld(author={"name": "Ann Roe, Tom Brand and Lea Moss"}), "", "Ann Roe, Tom Brand, Lea Moss"),
        (ld(author={"name": "Le Phare et AFP"}), "", "Le Phare et AFP"),
        (ld(author={"name": "José Ortega y Gasset"}), "", "José Ortega y Gasset"),
        (ld(author={"@id": "#t"}) + '<script type="application/ld+json">{"@id": "#t", "@type": "Person", "name": "Tom Brand"}</script>', "", "Tom Brand"),
        ("", "<p class='meta'>von <a href='/autoren/name/tom-brand'>Dr. Tom Brand</a></p>", "Dr. Tom Brand"),
        ("", "<span itemprop='author'>Autor: Ann Roe und Tom Brand</span>", "Ann Roe, Tom Brand"),
        ("", "<div class='comments'><span class='comment-author'>Kate Lind</span></div>", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_authors(head: str, body: str, byline: str | None) -> None:
    assert page(article(body + "".join(PARAGRAPHS)), '<meta property="og:site_name" content="CBD">' + head).byline == byline


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ("<time itemprop='datePublished'>2025-10-30T10:20:00Z</time>", "2025-10-30T10:20:00+00:00"),
        ("<time itemprop='dateModified'>2025-10-31</time><time itemprop='datePublished'> 2025-10-30 </time>", "2025-10-30T00:00:00+00:00"),
        ("<time itemprop='datePublished' datetime='2025-10-29'>2025-10-30</time>", "2025-10-29T00:00:00+00:00"),
        ("<time itemprop='datePublished'>Thursday</time>", None),
    ],
)
def test_the_date_of_a_time_is_what_it_shows(dates: str, published: str | None) -> None:
    found = page(article(dates + "".join(PARAGRAPHS))).published
    assert (found and found.at.isoformat()) == published


@pytest.mark.parametrize(
    "named", ["class='article-body'", "class='x entry-content'", "itemprop='articleBody'", "class='grid article__content'"]
)
@pytest.mark.parametrize("wrapped", ["{}", "<div class='row'>{}</div>"])
def test_a_body_in_several_containers_is_whole(named: str, wrapped: str) -> None:
    parts = ["".join(PARAGRAPHS[at : at + 2]) for at in (0, 2, 4)]
    inset = "<div class='ad'>Advertisement</div><aside><h3><a href='/x'>Another story of the week</a></h3></aside>"
    whole = inset.replace("h3", "b").join(wrapped.format(f"<div {named}>{part}</div>") for part in parts)
    assert page(f"<main><h1>{HEADLINE}</h1>{whole}</main>").text == WHOLE


def test_the_posts_of_a_list_stay_apart() -> None:
    second = "".join(f"<p>{sentence.replace('bridge', 'tunnel')}</p>" for sentence in SENTENCES)
    posts = [
        f"<div class='entry-content'>{''.join(PARAGRAPHS)}</div>",
        f"<h2><a href='/2'>Norvia digs</a></h2><div class='entry-content'>{second}</div>",
    ]
    assert "tunnel" not in page(f"<main><h2><a href='/1'>{HEADLINE}</a></h2>{''.join(posts)}</main>").text
    apart = "".join(f"<article>{post}</article>" for post in posts)
    assert "tunnel" not in page(f"<main>{apart}</main>").text
    related = f"<div class='related'><div class='entry-content'>{second}</div></div>"
    assert "tunnel" not in page(f"<main><h1>{HEADLINE}</h1>{posts[0]}{related}</main>").text


def test_a_body_for_two_screens_is_one() -> None:
    twice = f"<div class='article-body desktop'>{''.join(PARAGRAPHS)}</div><div class='article-body mobile'>{''.join(PARAGRAPHS)}</div>"
    assert page(f"<main><h1>{HEADLINE}</h1>{twice}</main>").text == WHOLE
    assert page(article("".join(PARAGRAPHS * 2))).text == WHOLE


PROMPTS = [
    "Join our commenting forum",
    "Join thought-provoking conversations, follow other readers and see their replies",
    "Got a story? Get in touch with our news team by emailing us at news@post.example.",
    "MORE : Man finds a fish in the old pier",
    "ALSO READ: Storm closes the harbour for a week",
    "Sign up for breaking news, reviews, opinion, and more.",
    "Follow the Pundit on Facebook, Twitter and Instagram.",
    "© 2025 Norvia Press. All rights reserved.",
    "Advertisement",
    "Lire aussi : Le pont sera payant",
    "[Related: How bridges fall]",
]
NO_PROMPTS = [
    "Join us, the mayor told the crowd, and nobody moved.",
    "Sign up for the census by 3 May or pay a fine, residents were told.",
    "More than 200 people followed her home.",
    "“Follow the money,” the auditor said: “it went to Facebook.”",
    "More: the chancellor who became a saint, by Ann Roe, is the best of the five plays that the theatre shows this year, and tickets for it are gone.",
    "Get out of the harbour, the coast guard told the crews.",
    "Support for the bridge fell to 43 percent.",
    "Related companies were fined as well.",
    "Contact with the crew was lost at noon.",
]


@pytest.mark.parametrize("line", PROMPTS)
def test_lines_to_the_reader_are_left_out(line: str) -> None:
    assert is_prompt(line) and page(article("".join(PARAGRAPHS) + f"<p>{line}</p>")).text == WHOLE
    assert page(article(f"<p>{line}</p>".join(PARAGRAPHS))).text == WHOLE


@pytest.mark.parametrize("line", NO_PROMPTS[:4] + NO_PROMPTS[5:])
def test_lines_of_the_article_are_none(line: str) -> None:
    assert not is_prompt(line) and page(article("".join(PARAGRAPHS) + f"<p>{line}</p>")).text == f"{WHOLE}\n\n{line}"


def test_links_on_lines_of_their_own_lead_elsewhere() -> None:
    teaser = "<p><a href='/fish'><strong>MAN FINDS A FISH IN THE OLD PIER</strong></a></p>"
    listed = "<ul><li><a href='/1'>Man finds a fish in a pier</a></li><li><a href='/2'>The ferry that nobody took</a></li></ul>"
    assert page(article(teaser.join(PARAGRAPHS) + listed)).text == WHOLE
    linked = "<p>The mayor <a href='/1'>had said before</a> that the ferry would stay.</p>"
    mixed = "<ul><li><a href='/1'>The first bridge, built in 1911</a></li><li>The ferry, which nobody took</li></ul>"
    text = page(article("".join(PARAGRAPHS) + linked + mixed)).text
    assert "had said before" in text and "built in 1911" in text


def test_the_head_of_the_article_is_not_said_twice() -> None:
    head = f"<h1>{HEADLINE}</h1><p class='x'>Von Tom Brand</p><p>Stand: 06.05.2025, 06:00 Uhr</p>"
    said = ld(headline=HEADLINE, author="Tom Brand", datePublished="2025-05-06")
    assert page(f"<article>{head}{''.join(PARAGRAPHS)}</article>", said).text == WHOLE
    early = "<p>In May 2025, Tom Brand and his 12 men left the harbour of Norvia.</p>"
    assert page(article(early + "".join(PARAGRAPHS)), said).text.startswith("In May 2025, Tom Brand")


def test_a_kicker_is_not_glued_to_its_headline() -> None:
    inside = "<h2><span>Unrest in Norvia:</span><span>Ferry on fire</span></h2>"
    assert "Unrest in Norvia: Ferry on fire" in page(article(PARAGRAPHS[0] + inside + "".join(PARAGRAPHS[1:]))).text
    parted = "<h2><span>The Game D</span><span>ay of Norvia</span></h2>"
    assert "The Game Day of Norvia" in page(article(PARAGRAPHS[0] + parted + "".join(PARAGRAPHS[1:]))).text


def test_boxes_and_captions_are_no_text() -> None:
    bio = "<div class='author-bio'><p>Tom Brand has written about bridges and rivers for the Pundit since 2009.</p></div>"
    teaser = "<p class='md:line-clamp-2'>A man of 74 has found a fish in the pier that was closed in May, the harbour said.</p>"
    figure = "<figure><img src='a.jpg'><figcaption><p>Jon Pell on the ferry, which will go, in 2011</p></figcaption></figure>"
    assert page(article("".join(PARAGRAPHS[:3]) + figure + teaser + "".join(PARAGRAPHS[3:]) + bio)).text == WHOLE


MENU = "<div class='nav'><ul>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(40)) + "</ul></div>"


def test_menus_are_not_read_as_the_article() -> None:
    body = f"<div id='wrapper'>{MENU}<aside><section><article><h1>{HEADLINE}</h1><div>{''.join(PARAGRAPHS)}</div></article></section></aside></div>"
    assert page(body, '<meta property="og:type" content="article">').text == WHOLE
    found = page(MENU.replace("<a", "<b").replace("</a", "</b"), '<meta property="og:type" content="article">')
    assert "not_article" in [reason for reason, _ in found.flags]


def test_what_the_page_says_of_its_length_counts_where_the_text_is_much_shorter() -> None:
    stub = f"<article><h1>{HEADLINE}</h1><div class='intro'>{PARAGRAPHS[0]}{PARAGRAPHS[1]}</div></article>"
    assert page(stub, ld(articleBody="\n\n".join(SENTENCES))).text == WHOLE
    assert page(article(), ld(articleBody=SENTENCES[0])).text == WHOLE
    assert page(article(), ld(articleBody=WHOLE.replace("u", "&uuml;"), wordCount=7_000)).text == WHOLE


def test_a_day_behind_the_title_dates_a_page_that_says_nothing_else() -> None:
    other = "<aside><h2>Ferry closed <span class='date'>24.04.2025</span></h2></aside>"
    found = page(article() + other, f'<meta property="og:title" content="{HEADLINE} | NW | 06.05.2025">')
    assert found.published and found.published.local_date.isoformat() == "2025-05-06"
