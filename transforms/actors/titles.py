"""Titles and offices beside a name: "Mexican President Claudia Sheinbaum", "Jim Press, the vice chairman of Chrysler"."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace

from schemas.actor import TitleQualifier
from transforms.actors import places
from transforms.actors.mention import Name, Title
from transforms.actors.persons import abbreviated, gender_of, honorifics, roles
from transforms.actors.words import Words
from transforms.lexicon import lexicon, words

_LONGEST = 14  # tokens of an apposition that is still a title
_WITH_PORTFOLIO = ("minister", "secretary", "commissioner")  # of something that is no organisation: "Minister of Industry"
_DETERMINERS = frozenset(["the", "a", "an", "its", "his", "her", "their", "our", "this", "one"])
_NOUNISH = ("NN", "NNP", "NNPS", "JJ", "HYPH", "CD", "NNS", "VBN", "JJR", "JJS", "AFX")
_INSIDE = frozenset(["of", "for", "at", "and", "&", "the", "-", "'s", "’s"])
_OPENERS = (",", "(", "–", "—", "--", "-")
_CLOSERS = frozenset([",", ".", ")", ";", "–", "—", "--", "-", ":", '"', "”", "’", "'", "?", "!"])
_TIMES = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "today",
        "yesterday",
        "tomorrow",
        "tonight",
        "year",
        "week",
        "month",
    ]
)
_THEN = frozenset(["time", "moment"])


def title_of(w: Words, start: int, end: int) -> Title | None:
    """The title beside the name at tokens start..end; of several the one in front."""
    before, after = before_name(w, start), after_name(w, end)
    if before and before.text:
        return before
    if after and before and after.gender is None:
        return Title(
            after.start, after.end, after.text, after.words, after.head, after.qualifier, after.affiliation, after.country, before.gender
        )
    return after or before


def before_name(w: Words, start: int) -> Title | None:
    """The title that ends where the name begins: "former Chief Operating Officer, Tim Cook", "Mr Cook"."""
    last, sex = start - 1, None
    while last >= 0 and w.text[last] in honorifics():
        sex = gender_of(honorifics()[w.text[last]])
        last -= 1
    honoured = last < start - 1
    if last < 0 or w.sentence[last] != w.sentence[start]:
        return Title(last + 1, start, None, gender=sex) if honoured else None
    if w.text[last] in abbreviated():
        return _title(w, _first_of_title(w, last), last + 1, sex)
    if w.lower[last] in roles():
        return _title(w, _first_of_title(w, last), last + 1, sex)
    if w.text[last] == ",":
        return _reversed(w, last, sex)
    office = _office_of(w, last)
    if office is not None:
        return _title(w, _first_of_title(w, office), last + 1, sex)
    return Title(last + 1, start, None, gender=sex) if honoured else None


def _reversed(w: Words, comma: int, sex: str | None) -> Title | None:
    """The title of "the general secretary of Unite, Tony Woodley": a definite phrase in front of the comma."""
    first = comma
    while first > max(w.headline, comma - _LONGEST) and _goes_with_title(w, first - 1):
        first -= 1
    while first < comma and w.lower[first] in _INSIDE:
        first += 1
    head = _head(w, first, comma)
    opened = first and (w.lower[first - 1] in _DETERMINERS or w.tag[first - 1] == "POS")
    owner = next((i + 1 for i in range(head or first, first, -1) if w.tag[i] == "POS"), first)
    return _title(w, owner, comma, sex) if head is not None and (opened or w.lower[first] in _DETERMINERS or owner > first) else None


def _goes_with_title(w: Words, i: int) -> bool:
    """Whether a token may stand inside a title; a participle only before a role ("managing director")."""
    if w.tag[i] == "VBG":
        return i + 1 < len(w) and (w.lower[i + 1] in roles() or w.tag[i + 1] == "HYPH")
    if w.lower[i] in _DETERMINERS:
        return w.lower[i] in ("the", "a", "an") and i > 0 and w.lower[i - 1] in ("of", "for", "at", "and")
    return w.tag[i] in _NOUNISH or w.lower[i] in _INSIDE or w.tag[i] == "POS"


def after_name(w: Words, end: int) -> Title | None:
    """The title in apposition: "Press, vice chairman of Chrysler,"; an age between them is passed over."""
    if end >= len(w) or w.text[end] not in _OPENERS:
        return None
    first = end + 1
    if first + 1 < len(w) and w.tag[first] == "CD" and w.text[first + 1] == ",":
        first += 2
    while first < len(w) and (w.lower[first] in _DETERMINERS or w.tag[first] == "RB"):
        first += 1
    last = first
    while last < min(len(w), first + _LONGEST) and _goes_with_title(w, last):
        last += 1
    head = _head(w, first, last)
    if head is None or not _closes(w, last):
        return None
    while last > head + 1 and (w.lower[last - 1] in _INSIDE or w.tag[last - 1] in ("VBG", "VBN", "CD", "HYPH")):
        if w.tag[last - 1] == "CD" and w.is_capital(last - 2):  # "Number 10"
            break
        last -= 1
    return _title(w, _after_possessor(w, first, head), last, None)


def _closes(w: Words, i: int) -> bool:
    """Whether an apposition ends before token i: at a mark, a preposition, a relative pronoun or a verb."""
    if i >= len(w) or w.text[i].isspace() or w.text[i] in _CLOSERS:
        return True
    return w.tag[i] in ("WP", "WDT", "IN", "TO", "MD", "WP$") or w.tag[i].startswith("V")


def _head(w: Words, first: int, last: int) -> int | None:
    """The role that heads the phrase: the last noun before the first preposition."""
    head = None
    for i in range(first, last):
        if w.lower[i] in ("of", "for", "at", "and", "&") and head is not None:
            break
        if w.tag[i].startswith("NN"):
            head = i
    return head if head is not None and w.lower[head] in roles() else None


def _after_possessor(w: Words, first: int, head: int) -> int:
    """Where the title begins behind its owner: "Ford's vice president" is vice president."""
    owners = [i for i in range(first, head) if w.tag[i] == "POS"]
    return owners[-1] + 1 if owners else first


def _first_of_title(w: Words, last: int) -> int:
    """How far a title that ends at token `last` reaches to the left."""
    first = last
    while first > max(w.headline, last - _LONGEST) and w.sentence[first - 1] == w.sentence[last]:
        tag, low = w.tag[first - 1], w.lower[first - 1]
        joined = low in ("and", "&") and first > 1 and w.lower[first - 2] in roles()
        if joined:
            first -= 2
        elif tag in ("NN", "NNP", "NNPS", "JJ", "HYPH", "AFX") and low not in _TIMES and not _ends_sentence(w, first - 1):
            first -= 1
        else:
            break
    return _over_object(w, first, last)


def _over_object(w: Words, first: int, last: int) -> int:
    """Where the title begins behind a noun that is none of its words: "a charge Finance Minister Ana Brel called baseless"."""
    for i in range(last, first, -1):
        noun, own = w.tag[i - 1] == "NN" and not w.is_capital(i - 1), words("actors-titles", "qualifiers", "former")
        if noun and w.is_capital(i) and w.lower[i - 1] not in office_vocabulary() | own:
            return i
    return first


def _office_of(w: Words, last: int) -> int | None:
    """The role of "President of the United States Barack Obama", seen from the last word before the name."""
    i = last
    while i > 0 and last - i < 5 and w.tag[i].startswith(("NN", "JJ")) and w.lower[i] not in _INSIDE:
        i -= 1
    if i == last or i < 1:
        return None
    if w.lower[i] == "the":
        i -= 1
    return i - 1 if i > 0 and w.lower[i] in ("of", "for", "at") and w.lower[i - 1] in roles() else None


def _ends_sentence(w: Words, i: int) -> bool:
    """Whether a token with a full stop ends a sentence that the parse ran on: "£50m. Chief executive"."""
    return w.text[i].endswith(".") and (w.text[i][0].isdigit() or w.text[i][0].islower())


def _title(w: Words, first: int, last: int, sex: str | None) -> Title | None:
    """What the title at tokens first..last says; a kinship says the gender only."""
    while last - first > 1 and w.lower[first] in words("actors-titles", "roles", "not_in_title"):
        first += 1
    qualifier, first = _qualifier(w, first, last)
    if first and w.tag[first - 1] == "CD" and not w.spaced(first):  # "10,000m champion"
        first -= 1
    core = [w.lower[i] for i in range(first, last)]
    cut = next((i for i, word in enumerate(core) if word in ("of", "for", "at") and i), len(core))
    if cut < len(core) and core[-1] in _THEN:  # "his attorney at the time"
        last, core = first + cut, core[:cut]
    head = next((word for word in reversed(core[:cut]) if word in roles()), core[cut - 1] if core else None)
    if head is None:
        return None
    sex = sex or gender_of(roles().get(head))
    if head in words("actors-titles", "roles", "no_title"):
        return Title(first, last, None, head=head, gender=sex)
    affiliation, country = _affiliation(w, first, last, first + cut)
    office = frozenset(office_words(core[:cut]))
    return Title(first, last, w.string(first, last), office, head_of_office(office, head), qualifier, affiliation, country, sex)


def with_body(w: Words, title: Title | None, bodies: Mapping[int, Name]) -> Title | None:
    """The title with the whole name of the body that it begins with, or in the midst of: "Bank of Norvia governor"."""
    body = bodies.get(title.start) if title and title.text else None
    if title is None or body is None or body.end >= title.end:
        return title
    if body.start == title.start and not (title.affiliation and body.text.startswith(title.affiliation)):
        return title
    qualifier, first = _qualifier(w, body.start, title.end)
    said = w.string(first, title.end)
    office = title.words - {word.lower() for word in body.words}
    return replace(title, start=first, text=said, words=office, qualifier=qualifier or title.qualifier, affiliation=body.text)


def within_titles(w: Words, names: Sequence[Name]) -> set[Name]:
    """The names that are nothing but words of somebody's office: "Finance" before "Minister", but not "Senate" before "leader"."""
    offices = {i for n in names if n.title and n.title.text for i in range(n.title.start, n.title.end - 1)}
    bodies = words("actors-organisations", "public") | words("actors-organisations", "words")
    return {
        n
        for n in names
        if n.rule == "model-name"
        and offices.issuperset(range(n.start, n.end))
        and all(w.lower[i] in office_vocabulary() and w.text[i] not in bodies for i in range(n.start, n.end))
    }


def _qualifier(w: Words, first: int, last: int) -> tuple[TitleQualifier | None, int]:
    for qualifier in ("former", "acting", "then"):
        given = words("actors-titles", "qualifiers", qualifier)
        before = w.lower[first - 1] if first else ""
        if before in given:
            return qualifier, first
        if w.lower[first] in given and last - first > 1:
            skipped = first + 1
            return qualifier, skipped + (w.text[skipped] == "-" and last - skipped > 1)
    running = any(w.lower[i] in words("actors-titles", "qualifiers", "candidate") for i in range(first, last))
    if running and words("actors-not", "words").isdisjoint(w.text[first:last]):  # an Oscar nominee seeks no office
        return "candidate", first
    return None, first


def _affiliation(w: Words, first: int, last: int, cut: int) -> tuple[str | None, str | None]:
    """(what the title belongs to, its country): the title's owner, the name before the role, or the name behind "of"."""
    if first > 1 and w.tag[first - 1] == "POS":
        start, end = first - 1, first - 1
        while start and w.tag[start - 1].startswith("NNP") and w.is_capital(start - 1) and w.text[start - 1] not in honorifics():
            start -= 1
    else:
        start = end = first
        while end < cut and _is_of_owner(w, start, end):
            end += 1
    if start == end and cut < last:
        start, end = _body_behind(w, cut, last)
        if w.lower[cut - 1] in _WITH_PORTFOLIO and w.lower[cut] != "at" and w.string(start, end) not in places.places():
            return None, None
    if start >= end:
        return None, None
    named = w.string(start, end)
    known = places.places().get(named) or places.nationalities().get(named)
    if known is None:
        return named, None
    return (known.canonical_name if named in places.nationalities() else named), known.country


def _body_behind(w: Words, cut: int, last: int) -> tuple[int, int]:
    """The name in "of the British union Unite": the first run of capitals, the next where the first is a nationality."""
    runs, i = [], cut + 1
    while i < last:
        end = i
        while end < last and (
            w.is_capital(end) or (end > i and w.lower[end] in ("of", "and", "&") and end + 1 < last and w.is_capital(end + 1))
        ):
            end += 1
        if end > i:
            runs.append((i, end))
        i = max(end, i + 1)
    if len(runs) > 1 and (w.string(*runs[0]) in places.nationalities() or w.string(*runs[0]) in places.places()):
        return runs[1] if runs[1][0] > runs[0][1] else runs[0]
    return runs[0] if runs else (cut, cut)


def _is_of_owner(w: Words, start: int, i: int) -> bool:
    """Whether the owner's name that begins at token `start` goes on with token i: no word of an office, nor "Sen."."""
    if not w.is_capital(i) or w.text[i] in abbreviated():
        return False
    return w.lower[i] not in office_vocabulary() or _is_office(w, start, i + 1)


def _is_office(w: Words, start: int, end: int) -> bool:
    """Whether the words are a body's name, though the last might belong to an office: "White House" Press Secretary."""
    return end - start > 1 and w.string(start, end) in words("actors-organisations", "offices")


def office_words(core: list[str]) -> list[str]:
    """The words of an office that tell it from others, one form for "CEO" and "chief executive officer"."""
    joined = " ".join(core)
    for form, same in lexicon("actors-titles")["same"].items():
        joined = joined.replace(form, same)
    return [word for word in joined.split() if word not in ("-", "the", "of", "'s", "’s", "and")]


def head_of_office(office: frozenset[str], head: str) -> str:
    """The head in that one form."""
    return next((same for same in lexicon("actors-titles")["same"].values() if same in office), head)


@functools.cache
def office_vocabulary() -> frozenset[str]:
    """Words that belong to an office where they stand before its role, however they are written."""
    return frozenset(roles()) | words("actors-titles", "office", "words")
