"""What the kept tables know by name, wherever it stands: places, nations, peoples, offices, companies, and what is no actor."""

import functools
from collections.abc import Iterator, Sequence
from itertools import islice

import spacy
from spacy import about
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from transforms.actors import places
from transforms.actors.mention import IN_CAPITALS, Known
from transforms.actors.persons import roles
from transforms.actors.token_view import TokenView
from transforms.words.kept_table import kept
from transforms.words.lexicon import lexicon, words


def from_tables(w: TokenView) -> Iterator[tuple[int, int, str, Known | None]]:
    """Tokens start..end of what the tables know, the rule that names the table, and the actor where one is known."""
    tables = _tables()
    matcher, kinds = _matcher()
    for key, start, end in matcher(w.doc.source):
        kind = kinds[key]
        form = w.doc[start:end].text
        known = tables[kind].get(form)
        if kind == "adjective" and _is_noun(w, start, end):
            known = places.peoples().get(form + "s") or known
        if kind in ("adjective", "place") and w.text[end : end + 1] and w.text[end] in words("actors-not", "contests"):
            kind, known = "not", None  # "the Mexican Open"
        if kind == "adjective" and start < w.headline and w.tag[start] == "VB":
            continue
        if kind == "company" and w.lower[start] in roles() and end - start == 1 and w.doc[start].is_sent_start and w.tag[end] == "NNP":
            continue  # "Economist Colin Garrow"
        yield start, end, f"{kind}-name" if kind != "not" else "no-actor", known


def _is_noun(w: TokenView, start: int, end: int) -> bool:
    """Whether a nationality names people: "two Germans", "the French said", but not "the French minister"."""
    following = w.tag[end] if end < len(w) else "."
    if following.startswith(("NN", "JJ", "HYPH", "CD", "VBG", "VBN", "POS", "CC")):
        return False
    return (start > 0 and w.lower[start - 1] in ("the", "a", "an") and w.tag[end - 1] != "NNP") or w.tag[end - 1] in ("NNS", "NNPS")


@functools.cache
def _tables() -> dict[str, dict[str, Known | None]]:
    return {
        "place": _also_in_capitals(places.places()),
        "adjective": _also_in_capitals(places.nationalities()),
        "people": _also_in_capitals(places.peoples()),
        "office": dict.fromkeys(lexicon("actors-organisations")["offices"]),
        "company": dict.fromkeys(lexicon("actors-organisations")["companies"]),
        "not": dict.fromkeys(lexicon("actors-not")["words"]),
    }


def _also_in_capitals(table: dict[str, Known]) -> dict[str, Known | None]:
    """A table with its forms in capitals as well, as headlines and datelines of agencies have them."""
    both: dict[str, Known | None] = {form.upper(): known for form, known in table.items() if len(form) >= IN_CAPITALS}
    return both | dict(table)


@functools.cache
def _matcher() -> tuple[PhraseMatcher, dict[int, str]]:
    """The matcher, and the table that each of its keys stands for: the Doc's own vocabulary need not know them."""
    vocab = Vocab()
    matcher = PhraseMatcher(vocab)
    forms = [form for table in _tables().values() for form in table]
    docs = (Doc(vocab, words=tokens) for tokens in kept("names", (about.__version__, *forms), lambda: _tokens(forms)))
    for kind, table in _tables().items():
        matcher.add(kind, list(islice(docs, len(table))))
    return matcher, {vocab.strings[kind]: kind for kind in _tables()}


def _tokens(forms: Sequence[str]) -> list[list[str]]:
    """The forms, each cut into tokens as a text is."""
    nlp = spacy.blank("en")
    return [[token.text for token in nlp.make_doc(form)] for form in forms]
