"""The report as people see it, in Chromium: filters, focus, links, timeline, narrow and dark, and hostile words inert.

Each view is opened for real, by mouse and by keyboard; after each test nothing was complained of and nothing was asked of the network.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from tests.needs import lack, needs
from tests.report_pages import HOSTILE, corrected, data_of

pytestmark = needs("chromium")
if not lack("chromium"):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Browser, Page, expect

    from tests.browsing import Opened, chromium, opened

DEAL = "Norvia refuses harbour deal"


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    page = folder / "report.html"
    assert main(["report", str(corrected(folder / "a set")), "--html", str(page)]) == 0
    return page


@pytest.fixture(scope="module")
def data(file: Path) -> dict[str, Any]:
    return data_of(file.read_text("utf-8"))


@pytest.fixture
def report(browser: "Browser", file: Path) -> Iterator["Opened"]:
    with opened(browser, file, viewport={"width": 1280, "height": 900}) as found:
        yield found
        found.well()


def article(data: dict[str, Any], title: str) -> str:
    return f"#/article/{data['list']['id'][data['list']['title'].index(title)]}"


def row(data: dict[str, Any], title: str, table: str, said: str) -> str:
    """The route to the first row that says so."""
    rows = data["rows-0"][data["list"]["title"].index(title)]["rows"][table]
    n = next(n for n, told in enumerate(rows["said"]) if said in told)
    return f"{article(data, title)}/{rows['row_id'][n]}"


def chosen(page: "Page") -> str:
    """What is marked as the row in focus."""
    page.wait_for_selector(".mark.chosen")
    return "".join(page.locator(".mark.chosen").all_inner_texts())


# --- the overview


def test_the_overview_has_its_charts_and_each_leads_to_its_articles(report: "Opened") -> None:
    page = report.at("")
    expect(page.locator("h1")).to_have_text("10 articles of 9 outlets")
    expect(page.locator(".notes")).to_contain_text("1 in German")
    expect(page.locator(".notes")).to_contain_text("kept without text")
    for title in ("Articles by day of publication", "Who is quoted most", "On whose word the facts rest", "What was set aside, and why"):
        expect(page.locator(f"h3:has-text('{title}')")).to_be_visible()
    assert page.locator(".columns .tall").count() > 10
    page.locator(".bars a", has_text="Ann Lee").first.click()
    expect(page.locator(".told")).to_have_text("1 of 10 articles")
    expect(page.locator(".entry h2")).to_have_text([DEAL])


def test_a_column_of_the_chart_leads_to_its_days(report: "Opened") -> None:
    page = report.at("")
    page.get_by_text("The same as a table").click()
    page.get_by_role("link", name="11 June 2025").or_(page.get_by_role("link", name="9 to 15 June 2025")).click()
    expect(page.locator(".entry h2")).to_have_text(["Quaro counts its ships"])


def test_corrections_are_told(report: "Opened", data: dict[str, Any]) -> None:
    page = report.at("")
    expect(page.locator("section", has_text="What people have put right").locator("li")).to_have_count(3)
    page = report.at(row(data, DEAL, "figures", "2,700,000,000"))
    expect(page.locator(".panel .corrected")).to_contain_text("bound set to")
    expect(page.locator(".panel .corrected")).to_contain_text("the paper rounds")
    expect(page.locator("header .corrected")).to_contain_text("no ratio")


# --- the list


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("words=harbour", [DEAL]),
        ("words=%22sell+the+harbour%22", [DEAL]),
        ("words=flotte+ist", ["Norvia zählt 17 Schiffe"]),
        ("words=ZAHLT", ["Norvia zählt 17 Schiffe"]),
        ("words=analysts+harbour", []),
        ("words=put+analysts", ["Norvia's profit put at $2.8 billion by analysts. Its debt was $800 million."]),
        ("actor=ann+lee", [DEAL]),
        (
            "outlet=Other+Times&order=oldest",
            ["Norvia's profit put at $2.8 billion by analysts. Its debt was $800 million.", "Quaro counts its ships"],
        ),
        ("table=quotes", [DEAL]),
        ("table=unclaimed", [DEAL]),
        ("table=corrected", [DEAL]),
        ("status=refused", [DEAL]),
        ("from=2025-05-05&to=2025-05-06", ["Norvia zählt 17 Schiffe", DEAL]),
        ("words=nothing+of+the+kind", []),
    ],
)
def test_filters_stand_in_the_address(report: "Opened", query: str, titles: list[str]) -> None:
    page = report.at(f"#/articles?{query}")
    expect(page.locator(".told")).to_have_text(f"{len(titles)} of 10 articles")
    assert page.locator(".entry h2").all_inner_texts() == titles


def test_filters_are_typed_and_chosen(report: "Opened") -> None:
    page = report.at("#/articles")
    expect(page.locator(".told")).to_have_text("10 articles")
    page.get_by_label("Words").fill("counts")
    expect(page.locator(".told")).to_have_text("1 of 10 articles")
    expect(page.locator(".passage mark")).to_have_text("counts")
    assert page.evaluate("location.hash") == "#/articles?words=counts"
    page.get_by_label("Words").fill("")
    expect(page.locator(".told")).to_have_text("10 articles")
    page.get_by_label("With").select_option("quotes")
    expect(page.locator(".told")).to_have_text("1 of 10 articles")
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator(".told")).to_have_text("10 articles")
    page.get_by_label("Named").fill("holt")
    expect(page.locator("#names-offered option")).to_have_attribute("value", "Holt")
    expect(page.locator(".told")).to_have_text("1 of 10 articles")


def test_from_an_article_one_goes_on_in_the_list(report: "Opened") -> None:
    page = report.at("#/articles?from=2025-05-05&to=2025-05-06")
    page.locator(".entry a").first.click()
    expect(page.locator("h1")).to_have_text("Norvia zählt 17 Schiffe")
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator(".notice")).to_contain_text("In German, so it was not analysed")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("h1")).to_have_text(DEAL)


# --- an article


def test_every_mark_stands_over_the_words_of_its_row(report: "Opened", data: dict[str, Any]) -> None:
    """Of all rows of figures, dates and actors, in articles with characters beyond 16 bits too."""
    for n, block in enumerate(data["rows-0"]):
        if not block["kept"]:
            continue
        text = data["texts-0"][n]
        for table in ("figures", "dates", "actors"):
            rows = block["rows"].get(table, {"row_id": []})
            for k, row_id in enumerate(rows["row_id"]):
                page = report.at(f"#/article/{data['list']['id'][n]}/{row_id}")
                assert chosen(page) == text[rows["start"][k] : rows["end"][k]]


def test_keys_go_from_row_to_row(report: "Opened", data: dict[str, Any]) -> None:
    page = report.at(article(data, DEAL))
    page.locator(".legend input").last.focus()
    page.keyboard.press("Tab")
    seen = []
    for _ in range(4):
        seen.append(chosen(page))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", "the focus is seen"
        page.keyboard.press("ArrowRight")
    assert seen[0] == "Ann Lee" and len(set(seen)) == 4
    page.keyboard.press("ArrowLeft")
    assert chosen(page) == seen[3]
    expect(page.locator(".panel h2")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.text')") is None, "one step of the Tab key leads out of the text"


def test_what_is_hidden_is_passed_over(report: "Opened", data: dict[str, Any]) -> None:
    page = report.at(article(data, DEAL))
    for name in ("actors", "facts", "quotes"):
        page.get_by_label(name).uncheck()
    page.locator(".legend input").last.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    kinds = set()
    for _ in range(5):
        kinds.add(page.locator(".panel h2").inner_text())
        page.keyboard.press("ArrowRight")
    assert kinds <= {"Figure", "Date", "Unread"}


def test_links_lead_from_row_to_row(report: "Opened", data: dict[str, Any]) -> None:
    page = report.at(row(data, DEAL, "figures", "2,700,000,000"))
    expect(page.locator(".panel h2")).to_have_text("Figure")
    page.locator(".panel .ties a", has_text="last year").click()
    expect(page.locator(".panel h2")).to_have_text("Date")
    assert chosen(page) == "last year"
    expect(page.locator(".panel .ties", has_text="Used by")).to_contain_text("2,700,000,000")
    page = report.at(row(data, DEAL, "quotes", "Ann Lee"))
    page.locator(".panel .ties a", has_text="Ann Lee, person").click()
    expect(page.locator(".panel h2")).to_have_text("Actor")
    expect(page.locator(".panel .ties", has_text="Rows of this actor")).to_contain_text("Norvia would never sell")
    page.get_by_role("link", name="All articles with Ann Lee").click()
    expect(page.locator(".told")).to_have_text("1 of 10 articles")


def test_rows_that_lie_over_one_another_are_told_apart(report: "Opened", data: dict[str, Any]) -> None:
    page = report.at(article(data, DEAL))
    mark = page.locator(".mark", has_text="€3 billion")
    assert {"figures", "quotes"} <= set((mark.get_attribute("class") or "").split())
    mark.click()
    expect(page.locator(".panel h2")).to_have_text("Figure")
    page.locator(".panel", has_text="Also read here").locator("button.bare").first.click()
    expect(page.locator(".panel h2")).to_have_text("Quote")
    assert chosen(page) == "We offered €3 billion for it."
    lines = page.locator(".mark.figures.quotes").first.evaluate("e => getComputedStyle(e).backgroundImage")
    assert "linear-gradient" in lines and "radial-gradient" in lines, "a line and dots, not colours alone"


def test_what_is_unclaimed_is_marked(report: "Opened", data: dict[str, Any]) -> None:
    page = report.at(article(data, DEAL))
    page.locator(".mark.unclaimed").first.click()
    expect(page.locator(".panel")).to_contain_text("Unread")


def test_main_facts_come_first_and_all_rows_are_folded(report: "Opened", data: dict[str, Any]) -> None:
    page = report.at(article(data, DEAL))
    expect(page.locator(".main-facts li").first).to_contain_text("Norvia would never sell the harbour")
    assert page.locator(".all-rows details[open]").count() == 0
    page.locator(".all-rows summary", has_text="facts").click()
    expect(page.locator(".all-rows details[open] li")).to_have_count(3)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0


def test_an_article_without_text_is_shown_by_its_rows(report: "Opened", data: dict[str, Any]) -> None:
    title = "Norvia's profit put at $2.8 billion by analysts. Its debt was $800 million."
    page = report.at(article(data, title))
    expect(page.locator(".notice")).to_contain_text("--text none")
    page.locator(".rows a", has_text="money 800,000,000").first.click()
    expect(page.locator(".panel h2")).to_have_text("Figure")
    expect(page.locator(".panel blockquote")).to_have_text("$800 million")


def test_an_article_that_is_not_there_is_told(report: "Opened") -> None:
    expect(report.at("#/article/ffffffffff").locator("h1")).to_have_text("No such article")


# --- the timeline


def test_the_timeline_is_by_when_it_happened(report: "Opened", data: dict[str, Any]) -> None:
    page = report.at("#/timeline")
    count = len(data["events"]["row"])
    expect(page.locator(".told")).to_have_text(f"{count} events")
    expect(page.locator(".event")).to_have_count(count)
    page.get_by_label("Words").fill("rose")
    expect(page.locator(".told")).to_have_text(f"1 of {count} events")
    expect(page.locator(".when")).to_have_text("2024")
    page.locator(".event a").click()
    expect(page.locator("h1")).to_have_text(DEAL)
    expect(page.locator(".panel h2")).to_have_text("Fact")
    assert chosen(page) == "rose"


# --- a part of a dataset


def test_one_article_alone_is_at_once_open(browser: "Browser", tmp_path: Path) -> None:
    page = tmp_path / "one.html"
    assert main(["report", str(corrected(tmp_path / "a set")), "--html", str(page), "--article", "Norvia refuses"]) == 0
    with opened(browser, page) as report:
        expect(report.at("").locator("h1")).to_have_text(DEAL)
        assert report.page.locator("nav").count() == 0
        report.page.locator(".main-facts a").first.click()
        expect(report.page.locator(".panel h2")).to_have_text("Fact")
        report.well()


def test_a_selection_says_so(browser: "Browser", tmp_path: Path) -> None:
    page = tmp_path / "some.html"
    assert main(["report", str(corrected(tmp_path / "a set")), "--html", str(page), "--limit", "3"]) == 0
    with opened(browser, page) as report:
        expect(report.at("").locator(".notes")).to_contain_text("the 3 newest of 10 articles")
        expect(report.at("#/articles").locator(".entry")).to_have_count(3)
        report.well()


# --- hostile words


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_words(report: "Opened", data: dict[str, Any], words: str) -> None:
    page = report.at(f"{article(data, words)}")
    assert page.locator("h1").inner_text().split() == words.split()
    assert page.locator(".text p").first.inner_text().split() == words.split()
    assert page.locator("main a[href^='javascript:'], main a[href^='data:']").count() == 0
    for mark in page.locator(".mark").all():
        mark.click()
        expect(page.locator(".panel h2")).to_be_visible()
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    report.well()


# --- for everybody

ROUTES = ("", "#/articles?words=harbour", "#/timeline", "#/article/", "#/article/?row")


def routed(data: dict[str, Any], route: str) -> str:
    if route.endswith("?row"):
        return row(data, DEAL, "figures", "2,700,000,000")
    return article(data, DEAL) if route == "#/article/" else route


@pytest.mark.parametrize("looks", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(browser: "Browser", file: Path, data: dict[str, Any], looks: str, width: int) -> None:
    # axe is put into the page by the test, which the page's own policy does not allow to anybody else.
    with opened(browser, file, viewport={"width": width, "height": 800}, color_scheme=looks, bypass_csp=True) as report:
        for route in ROUTES:
            page = report.at(routed(data, route))
            if route.endswith("?row"):
                page.wait_for_selector(".mark.chosen")
            found = Axe().run(page)
            assert found.violations_count == 0, f"{route}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{route} is wider than the window"
        report.well()


def test_it_prints_without_what_only_a_screen_needs(report: "Opened", data: dict[str, Any]) -> None:
    page = report.at(article(data, DEAL))
    page.emulate_media(media="print")
    for selector in (".panel", ".legend", ".steps", "#masthead nav"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator(".text").is_visible()
