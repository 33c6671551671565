"""Titles and offices beside a name: "Mexican President Claudia Sheinbaum", "Jim Press, the vice chairman of Chrysler" (actors.title_qualifier)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from schemas.actor import TitleQualifier
from transforms.actors import places
from transforms.actors.affiliations import affiliation_of
from transforms.actors.bodies_named import bodies
from transforms.actors.mention import Name, Title
from transforms.actors.persons import abbreviated, gender_of, honorifics, office_vocabulary, roles
from transforms.actors.token_view import NAME_TAGS, TokenView
from transforms.words.lexicon import lexicon, words

_LONGEST = 14  # tokens of an apposition that is still a title
_DETERMINERS = frozenset(["the", "a", "an", "its", "his", "her", "their", "our", "this", "one"])
_NOUNISH = ("NN", "NNP", "NNPS", "JJ", "HYPH", "CD", "NNS", "VBN", "JJR", "JJS", "AFX")
_INSIDE = frozenset(["of", "for", "at", "and", "&", "the", "-", "'s", "’s"])
_OPENERS = (",", "(", "–", "—", "--", "-")
_CLOSERS = frozenset([",", ".", ")", ";", "–", "—", "--", "-", ":", '"', "”", "’", "'", "?", "!"])
_THEN = frozenset(["time", "moment"])


def title_of(w: TokenView, start: int, end: int) -> Title | None:
    """The title beside the name at tokens start..end; of several the one in front."""
    before, after = before_name(w, start), after_name(w, end)
    if before and before.text:
        return before
    if after and before and after.gender is None:
        return replace(after, gender=before.gender)
    return after or before


def before_name(w: TokenView, start: int) -> Title | None:
    """The title that ends where the name begins: "former Chief Operating Officer, Tim Cook", "Mr Cook"."""
    last, sex = start - 1, None
    while last >= 0 and w.text[last] in honorifics():
        sex = gender_of(honorifics()[w.text[last]])
        last -= 1
    honoured = last < start - 1
    bare = Title(last + 1, start, None, gender=sex) if honoured else None
    if last > 0 and w.text[last] == ")":  # behind which a parse may begin a sentence
        return _bracketed(w, last, sex) or bare
    if last < 0 or w.sentence[last] != w.sentence[start]:
        return bare
    if w.text[last] in abbreviated() or is_role(w, last):
        return _title(w, _first_of_title(w, last), last + 1, sex)
    if elected := _elected(w, last):
        return _title(w, _first_of_title(w, elected - 1), last + 1, sex)
    if w.text[last] == ",":
        return _reversed(w, last, sex)
    office = _office_of(w, last)
    return bare if office is None else _title(w, _first_of_title(w, office), last + 1, sex)


def is_role(w: TokenView, i: int) -> bool:
    """Whether token i is a role; a fellow is one in an institution only, a member in a body: "senior fellow", "council member"."""
    before = w.lower[i - 1] if i else ""
    if w.lower[i] == "member":
        return before in lexicon("actors-organisations")["nouns"]["body"]
    if w.lower[i] != "fellow":
        return w.lower[i] in roles()
    return before in words("actors-titles", "fellows", "words") or w.lower[i + 1 : i + 2] in (["at"], ["with"])


def _elected(w: TokenView, i: int) -> int | None:
    """Behind the role of whom token i says to be chosen and not yet in office: "president-elect", "chairman designate"."""
    if w.lower[i] not in words("actors-titles", "qualifiers", "elected"):
        return None
    end = i - (w.text[i - 1] == "-")
    return end if end and is_role(w, end - 1) else None


def _bracketed(w: TokenView, closing: int, sex: str | None) -> Title | None:
    """The title of "(tour manager) Ann Lee": a bracket that holds nothing but a role's words."""
    first = _first_of_title(w, closing - 1) if closing and is_role(w, closing - 1) else 0
    return _title(w, first, closing, sex) if first and w.text[first - 1] == "(" else None


def _reversed(w: TokenView, comma: int, sex: str | None) -> Title | None:
    """The title of "the general secretary of Unite, Tony Woodley": a definite phrase in front of the comma."""
    first = comma
    while first > max(w.headline, comma - _LONGEST) and (_goes_with_title(w, first - 1) or _is_sent_to(w, first - 1)):
        first -= 1
    while first < comma and w.lower[first] in _INSIDE:
        first += 1
    head = _head(w, first, comma)
    if head is None or _is_of_another(w, first, comma):
        return None
    owned = first < head and w.is_capital(first) and not w.doc[first].is_sent_start  # "said RNID director, Ann Lee"
    opened = first and (w.lower[first - 1] in _DETERMINERS or w.tag[first - 1] == "POS" or owned)
    owner = next((i + 1 for i in range(head, first, -1) if w.tag[i] == "POS"), first)
    return _title(w, owner, comma, sex) if opened or w.lower[first] in _DETERMINERS or owner > first else None


def _is_sent_to(w: TokenView, i: int) -> bool:
    """Whether token i leads to where somebody is in office: "ambassador to the United Nations"."""
    return i > 0 and w.lower[i] == "to" and is_role(w, i - 1)


def _is_of_another(w: TokenView, first: int, comma: int) -> bool:
    """Whether "as" leads to an office in the midst of a sentence: "as he ends his term as US president, Ann Lee said"."""
    led = first - 1 - (w.lower[first - 1] in _DETERMINERS)
    if led < 1 or w.lower[led] != "as" or w.dep[led] != "prep" or w.doc[led].is_sent_start:
        return False
    end = w.run_behind(comma, lambda view, i: view.tag[i] in NAME_TAGS or view.tag[i] == "HYPH", _LONGEST)
    return w.text[end : end + 1] != [","]  # "as the chairman, Ann Lee, called"


def _goes_with_title(w: TokenView, i: int) -> bool:
    """Whether a token may stand inside a title; a participle only before a role ("managing director")."""
    if w.tag[i] == "VBG":
        return i + 1 < len(w) and (w.lower[i + 1] in roles() or w.tag[i + 1] == "HYPH")
    if w.lower[i] in _DETERMINERS:
        return w.lower[i] in ("the", "a", "an") and i > 0 and w.lower[i - 1] in ("of", "for", "at", "and", "to")
    return w.tag[i] in _NOUNISH or w.lower[i] in _INSIDE or w.tag[i] == "POS"


def after_name(w: TokenView, end: int) -> Title | None:
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


def _closes(w: TokenView, i: int) -> bool:
    """Whether an apposition ends before token i: at a mark, a preposition, a relative pronoun or a verb."""
    if i >= len(w) or w.text[i].isspace() or w.text[i] in _CLOSERS:
        return True
    return w.tag[i] in ("WP", "WDT", "IN", "TO", "MD", "WP$") or w.tag[i].startswith("V") or w.lower[i] == "behind"


def _head(w: TokenView, first: int, last: int) -> int | None:
    """The role that heads the phrase: the last noun before the first preposition."""
    head = None
    for i in range(first, last):
        if w.lower[i] in ("of", "for", "at", "and", "&", "to") and head is not None:
            break
        if (elected := _elected(w, i)) is not None:
            return elected - 1
        if w.tag[i].startswith("NN"):
            head = i
    return head if head is not None and is_role(w, head) else None


def _after_possessor(w: TokenView, first: int, head: int) -> int:
    """Where the title begins behind its owner: "Ford's vice president" is vice president."""
    return next((i + 1 for i in range(head - 1, first - 1, -1) if w.tag[i] == "POS"), first)


def _first_of_title(w: TokenView, last: int) -> int:
    """How far a title that ends at token `last` reaches to the left."""
    first = last
    while first > max(w.headline, last - _LONGEST) and w.sentence[first - 1] == w.sentence[last]:
        joined = w.lower[first - 1] in ("and", "&") and first > 1 and (w.lower[first - 2] in roles() or _are_fields(w, first - 2, first))
        if not joined and not _may_be_of_title(w, first - 1):
            break
        first -= 1 + joined
    return _over_object(w, first, last)


def _may_be_of_title(w: TokenView, i: int) -> bool:
    """Whether a word may stand before a role in a title; a plural only where offices have it: "sports minister", "Police chief"."""
    if w.tag[i] == "NNS":
        return w.lower[i] in office_vocabulary()
    return w.tag[i] in ("NN", "NNP", "NNPS", "JJ", "HYPH", "AFX") and w.lower[i] not in words("actors-titles", "times")


def _are_fields(w: TokenView, one: int, other: int) -> bool:
    """Whether both words are fields of an office that "and" joins: "Police and Crime Commissioner"."""
    fields = words("actors-organisations", "fields")
    return all(w.is_capital(i) and (w.text[i] in fields or w.lower[i] in office_vocabulary()) for i in (one, other))


def _over_object(w: TokenView, first: int, last: int) -> int:
    """Where the title begins behind a noun that is none of its words: "a charge Finance Minister Ana Brel called baseless"."""
    for i in range(last, first, -1):
        noun, own = w.tag[i - 1] == "NN" and not w.is_capital(i - 1), words("actors-titles", "qualifiers", "former")
        if noun and w.is_capital(i) and w.lower[i - 1] not in office_vocabulary() | own:
            return i
    return first


def _office_of(w: TokenView, last: int) -> int | None:
    """The role of "President of the United States Barack Obama", seen from the last word before the name."""
    if _announces_body(w, last):
        return None
    of = _preposition_before(w, last)
    if of and w.text[of - 1] == "State" and w.lower[of] == "for":  # "Secretary of State for Health Ann Lee"
        of = _preposition_before(w, of - 1)
    return of - 1 if of and w.lower[of - 1] in roles() else None


def _announces_body(w: TokenView, i: int) -> bool:
    """Whether token i says what the name behind it is: "the campaign group Freedom"; "founder of the CGA consultancy Ann Lee" has its name before."""
    if w.lower[i] not in bodies() or w.is_capital(i):
        return False
    before = w.text[i - 1]
    return not w.is_capital(i - 1) or before in places.nationalities() or before in places.places()


def _preposition_before(w: TokenView, last: int) -> int:
    """Where the "of", "for" or "at" stands before the nouns that end with token `last`; 0 where none does."""
    i = last
    while i > 0 and last - i < 5 and w.tag[i].startswith(("NN", "JJ")) and w.lower[i] not in _INSIDE:
        i -= 1
    i -= i < last and w.lower[i] == "the"
    return i if 0 < i < last and w.lower[i] in ("of", "for", "at") else 0


def _title(w: TokenView, first: int, last: int, sex: str | None) -> Title | None:
    """What the title at tokens first..last says; a kinship says the gender only."""
    first = _without_description(w, first, last)
    qualifier, first = _qualifier(w, first, last)
    if first and w.tag[first - 1] == "CD" and not w.spaced(first):  # "10,000m champion"
        first -= 1
    of = next((i for i in range(first + 1, last) if w.lower[i] in ("of", "for", "at")), last)
    if w.lower[last - 1] in _THEN:  # "his attorney at the time"
        last = of
    chosen = next((i for i in range(first, of) if _elected(w, i)), None)
    end = of if chosen is None else _elected(w, chosen) or chosen
    head = next((w.lower[i] for i in reversed(range(first, end)) if is_role(w, i)), w.lower[end - 1] if end > first else None)
    if head is None:
        return None
    sex = sex or gender_of(honorifics().get(w.text[first])) or gender_of(roles().get(head))
    if head in words("actors-titles", "roles", "no_title"):
        return Title(first, last, None, head=head, gender=sex)
    affiliation, country = affiliation_of(w, first, last, end)
    office = frozenset(office_words([w.lower[i] for i in (*range(first, end), *range(of, last))]))
    said = w.string(first, last)
    if chosen is not None:
        said, qualifier = w.string(first, end) + said[len(w.string(first, chosen + 1)) :], "candidate"
    return Title(first, last, said, office, head_of_office(office, head), qualifier, affiliation, country, sex)


def _without_description(w: TokenView, first: int, last: int) -> int:
    """Where a title begins behind what only describes: a dash, an age, "late", "visibly furious", "famed"."""
    described = words("actors-titles", "roles", "not_in_title")
    aged = next((i + 1 for i in range(first, min(first + 6, last - 1)) if w.lower[i] == "old" and w.text[i - 1] == "-"), first)
    first = max(first, aged)
    for i in range(first, last - 1):
        if not (w.text[i] in ("-", "–", "—") or (w.lower[i] in described and not is_role(w, i)) or _is_passing(w, i)):
            return i
    return max(first, last - 1)


def _is_passing(w: TokenView, i: int) -> bool:
    """Whether an adjective before a title tells of the moment only: an adverb stands before it, or a name follows that no office begins with."""
    if w.tag[i] != "JJ" or w.is_capital(i) or w.lower[i] in office_vocabulary():
        return False
    degree = i > 0 and w.tag[i - 1] == "RB" and w.lower[i - 1].endswith("ly")
    return degree or (w.is_capital(i + 1) and w.text[i + 1] not in places.nationalities() and w.lower[i + 1] not in office_vocabulary())


def with_body(w: TokenView, title: Title | None, bodies: Mapping[int, Name]) -> Title | None:
    """The title with the whole name of the body that it begins with, or in the midst of: "Bank of Norvia governor"."""
    if title is None or not title.text:
        return title
    body = bodies.get(title.start)
    if body is None or body.end >= title.end:
        return _with_body_behind(w, title, bodies)
    if body.start == title.start and not (title.affiliation and body.text.startswith(title.affiliation)):
        return title
    qualifier, first = _qualifier(w, body.start, title.end)
    said = w.string(first, title.end)
    office = title.words - {word.lower() for word in body.words}
    return replace(title, start=first, text=said, words=office, qualifier=qualifier or title.qualifier, affiliation=body.text)


def _with_body_behind(w: TokenView, title: Title, bodies: Mapping[int, Name]) -> Title:
    """The title with the whole name of the body behind it, of which it has the first words: "co-founder of the Institute for Clean Air"."""
    for i in range(title.start + 1, title.end):
        body = bodies.get(i)
        if body and body.start == i and title.affiliation and body.text.startswith(title.affiliation):
            return replace(title, end=max(title.end, body.end), text=w.string(title.start, max(title.end, body.end)), affiliation=body.text)
    return title


def within_titles(w: TokenView, names: Sequence[Name]) -> set[Name]:
    """The names that are nothing but words of somebody's office: "Finance" before "Minister", but not "Senate" before "leader"."""
    titles = [n.title for n in names if n.title and n.title.text]
    offices = {i for t in titles for i in range(t.start, t.end)}
    bodies = words("actors-organisations", "public") | words("actors-organisations", "words")
    return {
        n
        for n in names
        if n.rule == "model-name"
        and offices.issuperset(range(n.start, n.end))
        and all(w.lower[i] in office_vocabulary() and w.text[i] not in bodies for i in range(n.start, n.end))
    }


def _qualifier(w: TokenView, first: int, last: int) -> tuple[TitleQualifier | None, int]:
    tied = first > 0 and w.text[first - 1] == "-"  # "then-President"
    before = w.lower[first - 1 - tied] if first > tied else ""
    for qualifier in ("former", "acting", "then"):
        given = words("actors-titles", "qualifiers", qualifier)
        if before in given:
            return qualifier, first
        if w.lower[first] in given and last - first > 1:
            skipped = first + 1
            return qualifier, skipped + (w.text[skipped] == "-" and last - skipped > 1)
    running = any(w.lower[i] in words("actors-titles", "qualifiers", "candidate") for i in range(first, last))
    if running and words("actors-not", "words").isdisjoint(w.text[first:last]):  # an Oscar nominee seeks no office
        return "candidate", first
    return None, first


def office_words(core: list[str]) -> list[str]:
    """The words of an office that tell it from others, one form for "CEO" and "chief executive officer"."""
    joined = " ".join(core)
    for form, same in lexicon("actors-titles")["same"].items():
        joined = joined.replace(form, same)
    return [word for word in joined.split() if word not in ("-", "the", "of", "'s", "’s", "and")]


def head_of_office(office: frozenset[str], head: str) -> str:
    """The head in that one form."""
    return next((same for same in lexicon("actors-titles")["same"].values() if same in office), head)
