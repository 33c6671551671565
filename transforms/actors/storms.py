"""Storms have people's names and are no actors: "Typhoon Halong", and "Halong" from there on."""

from collections.abc import Iterator

from transforms.actors.persons import honorifics
from transforms.actors.token_view import TokenView
from transforms.words.lexicon import words


def storms_in(w: TokenView) -> Iterator[tuple[int, int]]:
    """The tokens of each storm's name, with its kind and without; a person who has the name as well has a longer one."""
    kinds = words("actors-not", "storms")
    named = [i for i, word in enumerate(w.text[:-1]) if word in kinds and _names_storm(w, i)]
    if not named:
        return
    yield from ((i, i + 2) for i in named)
    alone = {w.text[i + 1] for i in named}
    yield from ((i, i + 1) for i, word in enumerate(w.text) if word in alone)


def _names_storm(w: TokenView, i: int) -> bool:
    """Whether a single name follows: neither "Storm Force Ten" nor "Mr Storm Weaver"."""
    following = w.tag[i + 2 : i + 3] in (["NNP"], ["NNPS"]) and i >= w.headline
    return w.tag[i + 1] == "NNP" and w.is_capital(i + 1) and not following and not (i and w.text[i - 1] in honorifics())
