"""What a page raises, strikes out or marks as a time: exponents stay exponents, the numbers of notes and deleted text go."""

import pytest
from lxml import html

from transforms.read.page_parse import parsed_page
from transforms.read.page_raised import as_read


def shown(markup: str) -> str:
    return "".join(as_read(html.fromstring(f"<html><body><p>{markup}</p></body></html>")).itertext())


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>6</sup> tonnes", "10^6 tonnes"),
        ("2.5 × 10<sup>-3</sup> g", "2.5 × 10^-3 g"),
        ("the <b>10</b><sup>9</sup> cells", "the 10^9 cells"),
        ("5 km<sup>2</sup> and 3 m<sup>3</sup>", "5 km² and 3 m³"),
        ("$19<sup>99</sup>", "$19.99"),
        ("the 21<sup>st</sup> century", "the 21st century"),
        ("CO<sub>2</sub> rose", "CO2 rose"),
        ("Brand<sup>®</sup>", "Brand®"),
    ],
)
def test_what_is_raised_stays_what_it_is(markup: str, text: str) -> None:
    assert shown(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('12<sup><a href="#n3">3</a></sup> people', "12 people"),
        ('10<sup><a href="#n3">3</a></sup> people', "10 people"),
        ('45 people<sup class="footnote">4</sup> came', "45 people came"),
        ("In 2024<sup>3</sup> it rose", "In 2024 it rose"),
        ("It rose.<sup>[1]</sup> It fell.<sup>1,2</sup>", "It rose. It fell."),
        ('<a href="#n1"><sup>1</sup></a>Then', "Then"),
        ("so they say<sup>*</sup>", "so they say"),
    ],
)
def test_the_number_of_a_note_goes(markup: str, text: str) -> None:
    assert shown(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<del>$5 million</del> <ins>$6 million</ins>", " $6 million"),
        ("<s>$5 million</s>$6 million", "$6 million"),
        ("<strike>five</strike>six", "six"),
        ('<span style="color: red; text-decoration: line-through">five</span>six', "six"),
        ('<span style="text-decoration: underline">five</span>', "five"),
        ("<del>10<sup>6</sup></del>left", "left"),
    ],
)
def test_struck_out_text_is_no_text(markup: str, text: str) -> None:
    assert shown(markup) == text


def test_the_text_of_a_page() -> None:
    more = "More words follow here so that the page counts as an article, as the mayor of the town said on Monday in the hall."
    paragraphs = "<p>The site holds 10<sup>6</sup> tonnes.</p><p>It cost <del>$5 million</del> <ins>$6 million</ins> in all.</p>"
    page = f"<html><head><title>Site</title></head><body><article><h1>The site</h1>{paragraphs}<p>{more}</p></article></body></html>"
    text = parsed_page(page.encode())["text"]
    assert "10^6 tonnes" in text
    assert "$6 million" in text
    assert "$5 million" not in text


LATER = "it fell by 5 percent, the town said later on."
SHORT_LINES = (
    "<p>By Ann Roe, <time>30 November 2026</time></p><ul><li><time>10:05</time> The mayor of the town came to the bridge on foot.</li></ul>"
)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"Then on <time datetime='2026-11-29'>29 November</time> {LATER}", f"Then on 29 November {LATER}"),
        (f"<time>On Sunday</time> {LATER}", f"On Sunday {LATER}"),
        (f"The count of <output>12</output> came as {LATER}", f"The count of 12 came as {LATER}"),
        (f"From <time>May</time> to <time><b>June</b></time> {LATER}", f"From May to June {LATER}"),
    ],
)
def test_a_time_in_a_sentence_stays(markup: str, text: str) -> None:
    more = "<p>More words follow here so that the page counts as an article, as the mayor of the town said on Monday in the hall.</p>"
    page = f"<html><head><title>Site</title></head><body><article><h1>The site</h1><p>{markup}</p>{more}</article></body></html>"
    assert text in parsed_page(page.encode())["text"].split("\n\n")


def test_times_of_bylines_and_items_stay_marked() -> None:
    tree = as_read(html.fromstring(f"<html><body>{SHORT_LINES}</body></html>"))
    assert [time.text for time in tree.iter("time")] == ["30 November 2026", "10:05"]
