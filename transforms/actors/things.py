"""What shows that a capitalised word is a product's, a material's or a common word, and nobody's."""

from transforms.actors.mention import Name
from transforms.actors.token_view import TokenView
from transforms.annotate.tokens import is_word
from transforms.words.lexicon import lexicon, words
from transforms.words.reporting import forms

_AMONG = frozenset(["like", "including"])
_PASSED_OVER = frozenset(["-", "the", "of", "and", "for"])  # in what an acronym is spelled out in


def is_among_goods(w: TokenView, name: Name) -> bool:
    """Whether a name is one of some things: "bags such as the Orvel Fjord"; in "songs like Roe's" Roe has one."""
    at = name.start - (w.lower[name.start - 1] in ("the", "a", "an"))
    noun = at - (2 if w.lower[max(0, at - 2) : at] == ["such", "as"] else 1)
    if noun < 1 or (noun == at - 1 and w.lower[noun] not in _AMONG) or w.tag[name.end : name.end + 1] == ["POS"]:
        return False
    noun -= 1 + (w.text[noun - 1] == ",")
    return noun >= 0 and w.lower[noun] in words("actors-things", "goods")


def is_material(w: TokenView, name: Name) -> bool:
    """Whether an acronym is what something is made with or without: "PVX-free", "a TQR coating"."""
    word, end = name.words[0], name.end
    if len(name.words) > 1 or not word.isupper():
        return False
    tied = w.text[end : end + 1] == ["-"] and not w.spaced(end) and w.lower[end + 1 : end + 2]
    return bool(tied and tied[0] in words("actors-things", "made_with")) or not words("actors-things", "materials").isdisjoint(
        w.lower[end : end + 1]
    )


def spelled_as_thing(w: TokenView, name: Name) -> str | None:
    """The sign that an acronym is spelled out in words of which none is a body's: "TQR stands for thermal quilt repair"."""
    word, first = name.words[0], name.end + 2
    if len(name.words) > 1 or not word.isupper() or w.lower[name.end : first] not in (["stands", "for"], ["stood", "for"]):
        return None
    spelled = [i for i in range(first, min(len(w), first + 2 * len(word))) if w.lower[i] not in _PASSED_OVER][: len(word)]
    if "".join(w.text[i][0].upper() for i in spelled) != word or any(_is_of_body(w, i) for i in spelled):
        return None
    return "described" if any(w.is_capital(i) for i in spelled) else "spelled"


def _is_of_body(w: TokenView, i: int) -> bool:
    nouns = lexicon("actors-organisations")["nouns"]
    named = any(
        w.text[i].capitalize() in words("actors-organisations", table) for table in ("words", "legal", "public", "generic_tail", "clubs")
    )
    return named or w.lower[i] in nouns["body"] or w.lower[i] in nouns["company"]


def is_small_elsewhere(w: TokenView, name: Name) -> bool:
    """Whether a name is a common noun that has its capital from the sentence alone: "Communities were cut off", with "communities" below.

    A singular may be somebody's name as well: it must be a noun that neither speaks nor owns anything, or is met just once.
    """
    i = name.start
    if name.end - i > 1 or w.tag[i] not in ("NN", "NNP", "NNS", "NNPS") or not w.doc[i].is_sent_start:
        return False
    small = w.places_of(w.lower[i])
    if not small:
        return False
    if w.tag[i] in ("NN", "NNP"):
        speaks = w.lower[i + 1 : i + 2] and (w.lower[i + 1] in forms("speech") or w.tag[i + 1] in ("POS", "NNP"))
        if (
            speaks
            or all(w.tag[k] != "NN" for k in small)
            or (w.tag[i] == "NNP" and len(w.places_of(name.text)) > 1)
            or not is_word(w.lower[i])
            or name.text in words("actors-organisations", "companies")
        ):
            return False
    return all(w.doc[k].is_sent_start for k in w.places_of(name.text) if k >= w.headline)


def describes(w: TokenView, name: Name) -> bool:
    """Whether a name's first word is an adjective and no name: "Black families", "the largely Black Little Vernon"."""
    if name.words[0] not in words("actors-not", "adjectives"):
        return False
    if name.start and w.tag[name.start - 1] == "RB" and w.lower[name.start - 1].endswith("ly"):
        return True
    behind = name.end < len(w) and w.tag[name.end] in ("NN", "NNS") and w.text[name.end].islower()
    return behind and len(name.words) == 1 and name.label != "person"
