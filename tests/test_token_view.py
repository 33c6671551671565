"""The tokens of an article as lists, and what is asked of them."""

from pipeline.api import article_of_text
from transforms.actors.token_view import TokenView
from transforms.annotate.language import recognised
from transforms.annotate.model import annotated


def test_a_word_is_found_wherever_it_stands() -> None:
    text = "Roe said the fleet left Norvia. The fleet, said Roe, was Norvia's. Roe left."
    (article,) = annotated([recognised(article_of_text(text, published_at=None))])
    view = TokenView.of(article)
    for word in {*view.text, "Lund", "roe"}:
        assert list(view.places_of(word)) == [i for i, written in enumerate(view.text) if written == word]
    assert len(view.places_of("Roe")) == 3
