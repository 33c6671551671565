"""Named mentions: what the model calls an entity, cut to the name; and names it overlooked.

The model's extents and labels are a start, no more: an entity is cut where a possessive, a title or a bracket ends the name.
What the tables of places, offices and the user's gazetteer know is added, and what stands behind a title.
"""

import functools
import re
from collections.abc import Iterable, Iterator

from schemas.actor import ActorType
from transforms.actors import places
from transforms.actors.compounds import by_and, by_tails
from transforms.actors.gazetteer import user_names
from transforms.actors.known_names import from_tables
from transforms.actors.lone_surnames import goes_on_as_he
from transforms.actors.mention import IN_CAPITALS, MODEL_TYPES, Known, Name
from transforms.actors.persons import abbreviated, first_names, honorifics, office_vocabulary, postnominals, roles
from transforms.actors.split_names import PARTICLES, over_links, parted
from transforms.actors.storms import storms_in
from transforms.actors.things import describes, is_small_elsewhere
from transforms.actors.token_view import NAME_TAGS, TokenView
from transforms.annotate.tokens import is_word
from transforms.parse.grammar import DASHES
from transforms.parse.token_tree import BEGINS
from transforms.words.lexicon import words

_BRACKETS = frozenset('()[]{}<>"“”‘«»;:/|*•')
_CONNECTORS = frozenset(["of", "and", "&", "for", "the", "on", "de", "la", "le", "du", "des", "del", "-", "–", "'s", "’s", "'", "’", "."])
_PARTICLES = PARTICLES | frozenset(["-", "'", "’"])
_ARTICLES = frozenset(["al", "el", "ul", "ad", "ar", "as", "at", "az", "ash"])
_ADDRESSES = frozenset(["Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms."])  # honorifics that open no company's name
_MODEL_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)\d{3,}[A-Za-z]{0,2}|[A-Z]{1,3}\d+[A-Za-z]?")  # "6600", "A380"; years are none
_PERIOD = re.compile(r"(?:FY|CY)\d{2,4}|[QH][1-4](?:FY\d+)?|[1-4][QH]\d*")  # of business: "FY26", "3Q"
_MANY_OF = re.compile(r"[A-Z]{2,4}s")  # "MPs", "NGOs"
_RUN = 4  # words of a name behind a title
_VOWELS = "aeio"  # before which the article is "an"; "u" may be spoken as in "unit"


def names_in(w: TokenView) -> list[Name]:
    """The named mentions of the article's body in text order, none overlapping another; a title-case headline is left out."""
    found = (
        *user_names(w),
        *(made(w, start, end, known.type if known else None, rule, known) for start, end, rule, known in from_tables(w)),
        *(made(w, start, end, None, "no-actor") for start, end in storms_in(w)),
        *_from_model(w),
        *_behind_titles(w),
        *_by_first_names(w),
        *_by_legal_forms(w),
        *(made(w, start, end, "organisation", "joined-name") for start, end in by_and(w)),
        *(made(w, start, end, "organisation", "tail-name") for start, end in by_tails(w)),
        *(Name(start, end, form, w.string(start, end), "person", "parted-name") for start, end, form in parted(w)),
        *_lone(w),
    )
    return settled(n for n in found if n.start >= w.headline or n.known)


def settled(names: Iterable[Name]) -> list[Name]:
    """The longest of overlapping names stay, the user's before all; what no actor is takes its words along."""
    taken: set[int] = set()
    kept = []
    for name in sorted(names, key=lambda n: (n.rule != "gazetteer-name", n.start - n.end, n.start)):
        if taken.isdisjoint(range(name.start, name.end)):
            taken.update(range(name.start, name.end))
            kept.append(name)
    return sorted((n for n in kept if not _is_no_actor(n)), key=lambda n: n.start)


def made(w: TokenView, start: int, end: int, label: ActorType | None, rule: str, known: Known | None = None) -> Name:
    return Name(start, end, tuple(w.text[start:end]), w.string(start, end), label, rule, known)


def _from_model(w: TokenView) -> Iterator[Name]:
    for entity in w.doc.ents:
        label = MODEL_TYPES.get(entity.label_)
        if label is not None and not _is_postnominal(w, entity.start, entity.end):
            if _is_addressed(w, entity.start, entity.end):
                label = "person"
            for name in in_entity(w, entity.start, entity.end, label):
                if describes(w, name):
                    if len(name.words) > 1:  # "the largely Black Little Vernon" is a place where people live
                        yield made(w, name.start + 1, name.end, "place", name.rule)
                elif not is_small_elsewhere(w, name) and not _ends_a_title(w, name):
                    yield _completed(w, name)


def _is_addressed(w: TokenView, start: int, end: int) -> bool:
    """Whether an entity is a person by what it begins with: "Mr Roe", "Lady Justice Roe", "Spokeswoman Sandy Roe"."""
    if (start and w.text[start - 1] in honorifics()) or w.text[start] in _ADDRESSES:
        return True
    judged = w.text[start] in honorifics() and w.text[start + 1 : start + 2] == ["Justice"] and end - start > 2
    named = w.lower[start] in roles() and end - start > 2 and w.text[start + 1] in first_names() and w.text[end - 1] not in _no_name()
    return judged or named


def _ends_a_title(w: TokenView, name: Name) -> bool:
    """Whether a word is the end of a longer title: the "Dead" of "Shaun of the Dead"; but "the Speaker of the House", "the Bank of the West"."""
    i = name.start
    if name.end - i > 1 or name.label == "person" or i < 3 or w.lower[i - 2 : i] != ["of", "the"]:
        return False
    before = w.text[i - 3]
    titled = w.is_capital(i - 3) and w.tag[i - 3].startswith("NN") and w.lower[i - 3] not in roles() | honorifics().keys()
    return titled and before not in _no_name() and name.text not in _no_name() and is_word(name.text.lower())


def _is_postnominal(w: TokenView, start: int, end: int) -> bool:
    """Whether an entity is nothing but what stands behind somebody's name: "Ann Lee KC", "Ann Lee, KC"."""
    if end - start > 1 or w.text[start] not in postnominals() or start < 2:
        return False
    return w.tag[start - 1 - (w.text[start - 1] == ",")] in NAME_TAGS


def _completed(w: TokenView, name: Name) -> Name:
    """The name with its legal form, and a person's with the first name or surname that the model left out."""
    start, end = _with_head(w, name), over_links(w, name.end)
    if name.label == "organisation" and w.text[end - 1] in _legal() and _is_hyphen(w, end):
        return made(w, start, end + 2, "organisation", name.rule)  # "Halvorsen Co-op" is no Halvorsen Co.
    if end < len(w) and w.text[end] in _legal() and name.label == "organisation":
        end += 1
    elif w.text[end : end + 1] == [","] and w.text[end + 1 : end + 2] and w.text[end + 1] in words("actors-organisations", "sure_legal"):
        return made(w, start, end + 2, "organisation", name.rule)  # "Halvorsen Davis, Inc."
    if name.label == "organisation" or w.text[start] in words("actors-organisations", "words"):
        end = _over_its_field(w, _over_foreign_links(w, end))
        start -= _is_acronym_of_it(w, start, end)
    if name.label == "person":
        start = _over_first_names(w, start)
        start -= start > w.headline and is_initial(w, start - 1)
        end = _over_hyphen(w, w.run_behind(end - 1, _belongs, 2))
        start = _over_article(w, start)
    return name if (start, end) == (name.start, name.end) else made(w, start, end, name.label, name.rule)


def _over_first_names(w: TokenView, start: int) -> int:
    """Where a person's name begins that the model cut short; what stands behind "Chancellor of the" is the office's, before a first name."""
    first = w.run_before(start, _belongs, 2)
    of_office = first < start and first > 1 and w.text[start] in first_names() and w.lower[first - 1] in ("of", "for", "the")
    return start if of_office and w.text[first] not in first_names() else first


def _with_head(w: TokenView, name: Name) -> int:
    """Where an organisation's name begins whose first word the model left out: "the Centre for Inland Waters"."""
    link = name.start - 1 - (w.lower[name.start - 1] == "the")
    if name.label != "organisation" or link <= w.headline or w.sentence[link - 1] != w.sentence[name.start]:
        return name.start
    goes_on = w.tag[name.end : name.end + 1] == ["NN"]  # "Space Center for the Apollo program"
    begins = f"{w.text[link - 1]} {w.lower[link]}" in words("actors-organisations", "begins") and not w.is_capital(link - 2)
    return link - 1 if begins and not goes_on else name.start


def _over_foreign_links(w: TokenView, end: int) -> int:
    """Where a body's name ends that goes on in its own language: "Fondation pour l'Enfance"."""
    links, stop = words("actors-organisations", "foreign_links"), end
    while w.text[stop : stop + 1] and w.text[stop] in links:
        stop += 1
    goes_on = stop > end and w.text[stop : stop + 1] and w.is_capital(stop) and w.sentence[stop] == w.sentence[end - 1]
    return stop + 1 if goes_on else end


def _over_its_field(w: TokenView, end: int) -> int:
    """Where a body's name ends that goes on with its field: "UN Office" of "UN Office for the Coordination of Relief"."""
    bodies = words("actors-organisations", "words") | words("actors-organisations", "joined")
    stop = end + 1 + (w.lower[end + 1 : end + 2] == ["the"])
    if w.text[end - 1] not in bodies or w.lower[end : end + 1] != ["for"] or not _is_field(w, stop):
        return end
    while _is_field(w, stop) or (w.lower[stop : stop + 1] in (["of"], ["and"]) and _is_field(w, stop + 1)):
        stop += 1
    return stop


def _is_field(w: TokenView, i: int) -> bool:
    return i < len(w) and w.tag[i].startswith(("NN", "JJ")) and w.is_capital(i) and w.doc[i].ent_type_ != "DATE"


def _is_acronym_of_it(w: TokenView, start: int, end: int) -> bool:
    """Whether the acronym before a name of two words belongs to it: "the OTC Bulletin Board"; but "the US State Department" is the US's."""
    if start < 2 or end - start < 2 or w.lower[start - 2] != "the" or w.doc[start - 1].ent_type_:
        return False
    before = w.text[start - 1]
    return before.isalpha() and before.isupper() and 1 < len(before) <= IN_CAPITALS and before not in countries_and_adjectives()


def _over_hyphen(w: TokenView, end: int) -> int:
    """Where a name that ends before token `end` ends with what a hyphen ties to it: "Brel-Moss", but not "Brel-led"."""
    return end + 2 if _is_hyphen(w, end) and w.is_capital(end + 1) and w.tag[end + 1] in NAME_TAGS else end


def _is_hyphen(w: TokenView, i: int) -> bool:
    """Whether token i ties the words before and behind it into one."""
    return i + 1 < len(w) and w.text[i] == "-" and not w.spaced(i) and not w.spaced(i + 1)


def _over_article(w: TokenView, start: int) -> int:
    """Where a person's name begins whose Arabic article a hyphen ties to it: "al-Hariri"."""
    tied = start > 1 and w.text[start - 1] == "-" and w.lower[start - 2] in _ARTICLES and not w.spaced(start) and not w.spaced(start - 1)
    return start - 2 if tied else start


def is_initial(w: TokenView, i: int) -> bool:
    """Whether the word before a surname is a first name's initial without its dot: "B Olsen", but not "Plan B"."""
    if len(w.text[i]) > 1 or not w.is_capital(i) or w.text[i] == "I" or w.doc[i].ent_type_ or not (w.spaced(i) and w.spaced(i + 1)):
        return False
    # "A" at the start of a sentence may be the article, but not before a vowel: "A Brown spokesman", "A Olsen".
    article = w.text[i] == "A" and w.doc[i].is_sent_start and w.lower[i + 1][0] not in _VOWELS
    return not article and not (i and w.is_capital(i - 1))


def _belongs(w: TokenView, i: int) -> bool:
    """Whether a word beside a person's name is a part of it: a capitalised name that nothing else explains."""
    word = w.text[i]
    if w.tag[i] != "NNP" or not w.is_capital(i) or word.isupper() or w.doc[i].ent_type_:
        return False
    if w.lower[i] in roles() or word in honorifics() or word in abbreviated() or word in countries_and_adjectives():
        return word in first_names() and w.lower[i] not in roles()
    return word in first_names() or not (w.doc[i].is_sent_start or word in _no_name())


@functools.cache
def _no_name() -> frozenset[str]:
    """Words of organisations, places and things, which end or begin no person's name."""
    of_bodies = (words("actors-organisations", table) for table in ("words", "legal", "offices", "companies"))
    return words("actors-places", "ends").union(words("actors-not", "ends"), words("actors-not", "in_no_person"), *of_bodies)


def in_entity(w: TokenView, start: int, end: int, label: ActorType) -> Iterator[Name]:
    """The names in an entity: cut where it runs over a possessive, a bracket or a title, and trimmed."""
    if w.text[start] in words("actors-not", "one_letter") and start and w.lower[start - 1] in ("on", "via"):
        start += 1
    begin = start
    for i in range(start, end + 1):
        if i < end and not _cuts(w, begin, i, end, label):
            continue
        span = _trimmed(w, begin, i, label)
        if span and (begin == start or _stands_alone(w, *span)):
            yield made(w, *span, label, "model-name")
        begin = i + 1


def _cuts(w: TokenView, begin: int, i: int, end: int, label: ActorType) -> bool:
    text = w.text[i]
    if text in _BRACKETS or text.isspace() or (text in DASHES and w.spaced(i)):
        return True
    if text == ",":
        return not _spans_comma(w, begin, i, end, label)
    if w.tag[i] == "POS":
        within = words("actors-organisations", "possessive_within")
        return i == end - 1 or i == begin or w.text[i - 1] not in within or label == "person"
    if text in words("actors-titles", "cuts", "words"):
        return i > begin
    if label == "person":
        return not (w.is_capital(i) or w.lower[i] in _PARTICLES or text == "." or _is_tied(w, i))
    return not (w.is_capital(i) or text[0].isdigit() or w.lower[i] in _CONNECTORS)


def _spans_comma(w: TokenView, begin: int, i: int, end: int, label: ActorType) -> bool:
    """Whether an organisation's name goes on: before a legal form, and in "Department for Culture, Media and Sport"."""
    if label != "organisation" or i + 1 >= end:
        return False
    listing = not {"of", "for"}.isdisjoint(w.lower[begin:i]) and "and" in w.lower[i:end]
    return w.text[i + 1] in _legal() or listing


def _trimmed(w: TokenView, start: int, end: int, label: ActorType) -> tuple[int, int] | None:
    while start < end and not (w.is_capital(start) and w.lower[start] not in ("the", "a", "an")):
        start += 1
    while end > start and not (w.is_capital(end - 1) or w.text[end - 1][0].isdigit() or _is_tied(w, end - 1)):
        end -= 1
    if label == "person":
        while end - start > 1 and w.text[end - 1] in postnominals():
            end -= 1
        while end - start > 1 and _is_address(w, start, end):
            start += 1
    elif end - start > 1 and w.text[end - 1] in ("Government", "Administration") and w.string(start, end - 1) in countries_and_adjectives():
        end -= 1
    return (start, end) if start < end and any(c.isalpha() for c in w.text[start]) else None


def _is_tied(w: TokenView, i: int) -> bool:
    """Whether a hyphen ties a small letter's word to the name before it: "Chung Mong-koo", but not "Brel-led"."""
    tied = i > 1 and w.text[i - 1] == "-" and not w.spaced(i) and not w.spaced(i - 1) and w.is_capital(i - 2)
    return tied and w.tag[i] in ("NNP", "NN", "FW", "NNPS")


def _is_address(w: TokenView, start: int, end: int) -> bool:
    """Whether a name's first word is part of a title: "President", "Mr", "Prime" before "Minister"; "Dean" in "Dean Smith" is none."""
    word = w.text[start]
    if word in honorifics() or word in abbreviated() or word in places.nationalities():
        return True
    if w.lower[start] in roles():
        surname = w.lower[start] in words("actors-titles", "roles", "no_title")
        return not (word in first_names() and end - start == 2) and not (surname and _is_hyphen(w, start + 2))  # "Son Heung-min"
    return w.lower[start] in office_vocabulary() and end - start > 2 and any(w.lower[i] in roles() for i in range(start + 1, end - 1))


def _stands_alone(w: TokenView, start: int, end: int) -> bool:
    """Whether what follows a possessive is a name of its own: "Mexico's Senate", but not "Trump's Offer"."""
    return end - start > 1 or w.text[end - 1] in words("actors-organisations", "words")


def _behind_titles(w: TokenView) -> Iterator[Name]:
    """Names that only their title gives away: "Mr Elson", "President Tokayev"."""
    for i in range(w.headline, len(w) - 1):
        if w.tag[i + 1] not in NAME_TAGS or not w.is_capital(i + 1) or w.text[i + 1] in postnominals():
            continue
        if w.text[i] in honorifics() or w.text[i] in abbreviated() or (w.lower[i] in roles() and w.text[i + 1] not in _no_name()):
            end = i + 1
            while end < len(w) and end - i <= _RUN and w.tag[end] in NAME_TAGS and w.is_capital(end):
                end += 1
            start = i + 1
            while start < end - 1 and _is_address(w, start, end):
                start += 1
            ranked = end - start > 1 and w.text[end - 1] in postnominals()
            end -= ranked
            if (ranked or w.lower[end - 1] not in roles()) and w.text[start] not in honorifics():
                yield made(w, start, end, "person" if w.text[i] in honorifics() else None, "titled-name")


def _by_first_names(w: TokenView) -> Iterator[Name]:
    """Names that the model overlooked and whose first word is a first name: "Neelie Kroes"."""
    given = first_names()
    for i in range(w.headline, len(w) - 1):
        if w.text[i] in given and w.tag[i] == "NNP" and not w.doc[i].ent_type_ and not w.text[i + 1].isupper():
            end = i + 1
            while end < len(w) and end - i <= _RUN and _belongs(w, end) and w.sentence[end] == w.sentence[i]:
                end = _over_hyphen(w, end + 1)
            if end > i + 1:
                yield made(w, i, end, "person", "first-name-name")


def _by_legal_forms(w: TokenView) -> Iterator[Name]:
    """Companies that the model overlooked or cut short, and whose last word is a legal form: "News Corporation", "Norvia Grid AS"."""
    sure, likely = words("actors-organisations", "sure_legal"), words("actors-organisations", "likely_legal")
    bare = set()
    for i, word in enumerate(w.text):
        if i <= w.headline or not (word in sure or word in likely) or w.doc[i].ent_iob == BEGINS or not w.is_capital(i - 1):
            continue
        if _is_hyphen(w, i + 1):  # "Co-op"
            continue
        start = w.run_before(i, _belongs_to_company, _RUN + 1)
        if start < i and (word in sure or not _may_be_no_form(w, start, i)):
            yield made(w, start, i + 1, "organisation", "legal-form-name")
            bare.add(tuple(w.text[start:i]))
    for form in (f for f in bare if len(f) > 1):  # of "Norvia Grid" alone the model may take the first word for a place
        for at in (i for i in w.places_of(form[0]) if tuple(w.text[i : i + len(form)]) == form):
            yield made(w, at, at + len(form), "organisation", "known-name")


def _lone(w: TokenView) -> Iterator[Name]:
    return (made(w, i, i + 1, "person", "lone-name") for i in range(w.headline, len(w)) if goes_on_as_he(w, i) and not w.doc[i].ent_type_)


def _belongs_to_company(w: TokenView, i: int) -> bool:
    return w.tag[i] in NAME_TAGS and w.is_capital(i) and w.lower[i] not in roles()


def _may_be_no_form(w: TokenView, start: int, at: int) -> bool:
    """Whether "AG" at token `at` may be an attorney general or "SA" South Africa: a name follows, or nothing but a place stands before."""
    followed = w.tag[at + 1 : at + 2] in (["NNP"], ["NN"], ["NNS"])
    return followed or w.text[at - 1].isupper() or places.country_of(w.string(start, at)) is not None


def _is_no_actor(name: Name) -> bool:
    if name.rule == "no-actor" or _is_product(name) or name.text.startswith("@") or honorifics().keys() >= set(name.words):
        return True
    if " " not in name.text and name.text.startswith(_prefixes()):
        return True
    if len(name.words) == 1 and not name.known and (_MANY_OF.fullmatch(name.text) or _PERIOD.fullmatch(name.text)):
        return True
    if name.known or name.rule in ("office-name", "company-name"):
        return False
    if name.label == "person":  # "Finance Bill", but not "Buffalo Bill" with a first name before it, nor "Mr Day"
        return len(name.words) > 1 and name.words[-1] in words("actors-not", "laws") and name.words[0] not in first_names()
    thing = len(name.words) > 1 and name.words[-1] in words("actors-not", "ends")
    return thing or (name.words[0][0] == "i" and name.words[0][1:2].isupper())  # "iPod"


@functools.cache
def _prefixes() -> tuple[str, ...]:
    """What makes an adjective of a name that a hyphen ties to it: "Ex-BBC", "Pro-Europeans"."""
    return tuple(words("actors-not", "prefixes"))


def _is_product(name: Name) -> bool:
    """Whether a name is what a company makes: "Nokia 6600", "Airbus A380", "Apple iPod"."""
    if len(name.words) < 2 or name.known:
        return False
    last, by_company = name.words[-1], name.words[0] in words("actors-organisations", "companies")
    numbered = by_company and _MODEL_NUMBER.fullmatch(last) is not None
    return numbered or (last in words("actors-not", "words") and (by_company or last[0].islower()))


def _legal() -> frozenset[str]:
    return words("actors-organisations", "legal")


@functools.cache
def countries_and_adjectives() -> frozenset[str]:
    return frozenset(places.places()) | frozenset(places.nationalities())
