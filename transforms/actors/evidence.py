"""Of what type a name is: the evidence of all its mentions, weighed by the table `actors-evidence`.

Person, organisation and place are decided for a cluster as a whole, never for one mention. What turns out to be
a thing (a film, a browser) is no actor.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from schemas.actor import ActorType
from transforms.actors.lists_of_names import is_among_persons, is_beside_company, is_listed
from transforms.actors.lone_surnames import goes_on_as_he
from transforms.actors.mention import Name, Title
from transforms.actors.name_forms import Votes, by_form, weight_of
from transforms.actors.persons import roles
from transforms.actors.things import is_among_goods, is_material, spelled_as_thing
from transforms.actors.token_view import NAME_TAGS, TokenView
from transforms.actors.works import has_stars, is_awarded, is_played_in
from transforms.article.datelines import dateline_end
from transforms.parse.grammar import DASHES, SUBJECTS
from transforms.words.lexicon import lexicon, words
from transforms.words.reporting import forms

_TYPES: Final[tuple[ActorType, ...]] = ("person", "organisation", "place", "group")
_APPOSITION = 8  # tokens in which an apposition has to name its head noun
_POST = 7  # words of a post between the role and "at"
_SCORE = re.compile(r"\d{1,3}[-–]\d{1,3}")
_WITHIN = frozenset(["in", "at", "near", "across", "outside", "around", "inside", "throughout"])
_CALLED = frozenset(["called", "named", "dubbed", "titled", "entitled"])
_AGAINST = frozenset(["against", "over", "with", "to", "by"])  # behind "match", "win", "defeat"
_POSSESSIVE = frozenset(["'s", "’s", "'", "’"])


def weigh(w: TokenView, names: Iterable[Name]) -> None:
    """Note at each name what its place in the text says of its type."""
    dateline = dateline_end(w.article) or 0
    line = w.article.rfind("\n", 0, dateline) + 1
    for name in names:
        name.votes = _by_context(w, name)
        if line <= w.offset[name.start] < dateline and w.text[name.start - 1 : name.start] != ["("]:  # the agency stands in brackets
            name.votes["place"] += weight_of("place", "dateline")


def total(names: Iterable[Name]) -> Votes:
    """The evidence of some names together: each form once, each place where one stands, the model's labels up to a limit."""
    votes: Votes = defaultdict(float)
    forms: dict[str, Name] = {}
    labels: Counter[ActorType] = Counter()
    for name in names:
        forms.setdefault(name.text, name)
        for kind, weight in name.votes.items():
            votes[kind] += weight
        if name.label:
            labels[name.label] += 1
    for name in forms.values():
        if name.known:
            votes[name.known.type] += weight_of("place", "known")
        for kind, weight in by_form(name.text, name.words).items():
            votes[kind] += weight
    limits = lexicon("actors-evidence")["limits"]
    for label, count in labels.items():
        votes[label] += min(limits["model_cap"], weight_of(label, "model") * count)
    if votes["no person"]:
        votes["thing"] += weight_of("thing", "word") if labels["person"] else 0.0
    votes["place"] -= max(0.0, votes["inside"] - limits["inside_cap"])
    votes["person"] += max(-limits["article_cap"], limits["article"] * votes["article"])
    return votes


def decided(votes: Votes) -> ActorType | None:
    """The type with the most evidence; ties go to the earlier of person, organisation, place, group. None is a thing.

    What the model calls a group has to sound like one. A common noun that has its capital from the sentence alone names nobody. A single word that the model alone takes for a person, once, needs to do something or to stand in a list of names.
    """
    best = max(_TYPES, key=votes.__getitem__)
    idle = votes["lone"] and not votes["acts"] and votes["person"] <= weight_of("person", "model")
    plural = votes["common plural"] and votes["place"] <= 0  # "Neighbours said"; "Apple said" is a firm
    common = not votes["sure capital"] and (votes["common noun"] if best == "person" else plural)  # "Turnout stood at 68 %"
    if (best == "person" and idle) or (common and votes[best] <= lexicon("actors-evidence")["limits"]["model_cap"]):
        return None
    if best == "group" and votes["group"] < weight_of("group", "known") and votes["ending"]:
        return None
    return best if votes[best] > votes["thing"] else None


def _by_context(w: TokenView, name: Name) -> Votes:
    votes: Votes = defaultdict(float)
    alone = len(name.words) == 1
    votes["lone"] += alone
    votes["sure capital"] += not (alone and w.doc[name.start].is_sent_start)
    votes["acts"] += w.is_subject(name.end) or is_listed(w, name)
    _by_what_precedes(w, name, votes)
    _by_what_follows(w, name, votes)
    if is_beside_company(w, name):
        votes["organisation"] += weight_of("organisation", "listed")
    elif not alone and is_among_persons(w, name):
        votes["person"] += weight_of("person", "listed")
    if alone and goes_on_as_he(w, name.start):
        votes["person"] += weight_of("person", "goes_on")
    if is_material(w, name):
        votes["thing"] += weight_of("thing", "described")
    if sign := spelled_as_thing(w, name):
        votes["thing"] += weight_of("thing", sign)
    if name.title:
        votes["person"] += weight_of("person", _sign_of(name.title))
    if w.sentence[name.start] in w.rosters and _is_in_line_up(w, name):
        votes["person"] += weight_of("person", "roster")
    if alone and _acts_as_many(w, name.end):
        votes["organisation"] += weight_of("organisation", "many")
    return votes


def _is_in_line_up(w: TokenView, name: Name) -> bool:
    """Whether a name of a line-up is a player's, "Dudek", "L Deacon", and not the club in the bracket behind one, "B Jackman (Connacht)"."""
    bracketed = w.text[name.start - 1] == "(" and w.text[name.end : name.end + 1] == [")"]
    return not bracketed and (len(name.words) == 1 or (len(name.words) == 2 and len(name.words[0]) == 1))


def _acts_as_many(w: TokenView, end: int) -> bool:
    """Whether a plural verb stands behind a name alone: "Chelsea have", "Leeds were", as teams and bands are spoken of."""
    return (
        w.lower[end : end + 1] in (["have"], ["are"], ["were"])
        and w.is_subject(end)
        and not (w.tag[end - 1] == "NNS" and w.doc[end - 1].is_sent_start)
    )


def _sign_of(title: Title) -> str:
    if title.text is None and title.head is None:
        return "honorific"
    return "either_title" if title.head in _bodies() else "title"


def _by_what_precedes(w: TokenView, name: Name, votes: Votes) -> None:
    if not name.start:
        return
    before, second = w.lower[name.start - 1], w.lower[name.start - 2] if name.start > 1 else ""
    described = w.text[name.start - 1] == "The" and second in words("actors-things", "words")
    if described or is_awarded(w, name) or is_among_goods(w, name):
        votes["thing"] += weight_of("thing", "described")  # "the film The Mill"
    if _stands_in_brackets(w, name):
        votes["organisation"] += weight_of("organisation", "bracketed")
    elif before in ("the", "a", "an"):
        votes["article"] += 1
    elif _is_within(w, name.start - 1):
        weight = weight_of("place", "at" if before == "at" else "inside")
        votes["place"] += weight
        votes["inside"] += weight
    if _is_played(before, second) and name.label != "person" and len(name.words) == 1:
        votes["organisation"] += weight_of("organisation", "opponent")
    elif before in ("in", "of") and second in words("actors-organisations", "held"):
        votes["organisation"] += weight_of("organisation", "belongings")
    if (noun := _called(w, name.start)) is not None:
        _by_noun(w, noun, votes)
    elif second and before in ("of", "at", "for"):
        _by_what_is_of_it(w, name.start - 1, votes)
    elif before in _bodies() or (before == "," and second in _bodies()):
        votes["organisation"] += weight_of("organisation", "described")
    elif before in words("actors-things", "words") and w.tag[name.start - 1].startswith("NN"):
        votes["thing"] += weight_of("thing", "described")


def _is_played(before: str, second: str) -> bool:
    """Whether the words before a name show that it is a club or a team: "beat X", "the match against X"."""
    against = before in _AGAINST and second in words("actors-organisations", "matches")
    return against or before in words("actors-organisations", "opposing")


def _called(w: TokenView, start: int) -> int | None:
    """The noun before "called" and the name that begins at token `start`: "the event, called the X", "a virus known as X", "the firm was named X"."""
    verb = start - 1 - (w.lower[start - 1] in ("the", "a", "an"))
    if verb > 0 and w.lower[verb] == "as" and w.lower[verb - 1] == "known":
        verb -= 1
    elif verb < 1 or w.lower[verb] not in _CALLED:
        return None
    noun = verb - 1 - (w.text[verb - 1] == "," or w.lower[verb - 1] in ("is", "was", "are", "were"))
    return noun if noun >= 0 and w.tag[noun] in ("NN", "NNS") else None


def _stands_in_brackets(w: TokenView, name: Name) -> bool:
    """As an acronym stands behind what it is short for: "Norgrid Workers United (NWU)"."""
    opened = name.start > 1 and w.text[name.start - 1] == "(" and w.tag[name.start - 2] in NAME_TAGS
    return opened and w.text[name.end : name.end + 1] == [")"]


def _by_what_is_of_it(w: TokenView, preposition: int, votes: Votes) -> None:
    """What the noun before "of", "at" or "for" says: "chairman of X", "an adviser at X", "the city of X"."""
    noun, led_by = w.lower[preposition - 1], w.lower[preposition]
    if noun in _leading() or (led_by == "at" and _works_at(w, preposition)):
        votes["organisation"] += weight_of("organisation", "led")
    elif led_by == "of" and noun in (words("actors-places", "nouns") | words("actors-places", "of_a_place")):
        votes["place"] += weight_of("place", "described")


def _is_within(w: TokenView, i: int) -> bool:
    """Whether token i says that something is inside what follows, itself or before another: "in X and Y", but not "confidence in X"."""
    if w.lower[i] == "and":
        while i and (w.tag[i - 1] in NAME_TAGS or w.tag[i - 1] == "HYPH"):
            i -= 1
        i -= 1
    return i >= 0 and w.lower[i] in _WITHIN and w.lower[max(0, i - 1)] not in words("actors-organisations", "trusted")


def _works_at(w: TokenView, at: int) -> bool:
    """Whether the phrase before "at" is somebody's post: "senior adviser on mobile media at Ericsson"."""
    for i in range(at - 1, max(-1, at - 1 - _POST), -1):
        if w.lower[i] in roles():
            return True
        if not w.tag[i].startswith(("NN", "JJ")) and w.tag[i] not in ("IN", "CC", "DT", "HYPH", "POS"):
            return False
    return False


def _by_what_follows(w: TokenView, name: Name, votes: Votes) -> None:
    end = name.end
    if end >= len(w):
        return
    after, following = w.lower[end], w.lower[end + 1] if end + 1 < len(w) else ""
    if after == "who" or (after == "," and following == "who"):
        votes["person"] += weight_of("person", "relative")
    elif after == "," and following:
        _by_what_is_set_off(w, end, votes)
    elif after in DASHES and w.spaced(end) and following:
        _by_apposition(w, end, votes)
    elif after in _POSSESSIVE or (after == "and" and following == "its"):
        _by_what_it_has(following, votes)
        if len(name.words) == 1 and following in words("actors-things", "named_after"):
            votes["thing"] += weight_of("thing", "described")  # "Murphy's law"
    elif after == "-" and following == "based":
        votes["place"] += weight_of("place", "described")
    elif after in words("actors-organisations", "after"):
        votes["organisation"] += weight_of("organisation", "belongings")
    elif after in words("actors-organisations", "squad") or _SCORE.fullmatch(after):
        votes["organisation"] += weight_of("organisation", "squad")
    elif after in forms("speech"):
        _by_what_is_said(w, end + 1, votes)
    elif w.text[end] in words("actors-not", "events") and _is_before_event(w, name):
        votes["thing"] += weight_of("thing", "described")  # "the World Cross Country Championships"
    elif has_stars(w, end) or (after in words("actors-things", "words") and w.tag[end] in ("NN", "NNS")):
        votes["thing"] += weight_of("thing", "described" if has_stars(w, end) else "followed")


def _is_before_event(w: TokenView, name: Name) -> bool:
    """Whether a name of several words goes on with the noun for an event, and with no further name: "Tarn Open", but not "Tarn Open Source"."""
    end = name.end
    return len(name.words) > 1 and not name.known and w.tag[end] in NAME_TAGS and w.tag[end + 1 : end + 2] not in (["NNP"], ["NNPS"])


def _by_what_it_has(thing: str, votes: Votes) -> None:
    """What "X's wife", "X's striker", "X's board" and "X and its chairman" say of X."""
    if thing in words("actors-titles", "roles", "no_title"):
        votes["person"] += weight_of("person", "kin")
    elif thing in words("actors-organisations", "of_a_club"):
        votes["organisation"] += weight_of("organisation", "squad")
    elif thing in words("actors-organisations", "of_a_firm"):
        votes["organisation"] += weight_of("organisation", "belongings")


def _by_what_is_set_off(w: TokenView, comma: int, votes: Votes) -> None:
    """What "X, 49," and "X, founded in 2019," say, and an apposition."""
    if w.lower[comma + 1] in ("founded", "headquartered"):
        votes["organisation"] += weight_of("organisation", "founded")
    elif w.lower[comma + 1] == "starring" or is_played_in(w, comma + 1):
        votes["thing"] += weight_of("thing", "described")
    elif _is_age(w, comma + 1):
        votes["person"] += weight_of("person", "age")
    else:
        _by_apposition(w, comma, votes)


def _by_what_is_said(w: TokenView, at: int, votes: Votes) -> None:
    """Who says "he" is a person and who says "it" a body, mostly: "X said it would close"."""
    speaks_of = next((word for word in w.lower[at : at + 2] if word not in ("that", "on")), "")
    told = (t.lower_ for said in w.doc[at - 1].rights if said.dep_ == "ccomp" for t in said.lefts if t.dep_ in SUBJECTS)
    if speaks_of in ("he", "she") or not {"he", "she"}.isdisjoint(told):
        votes["person"] += weight_of("person", "says")
    elif speaks_of in ("it", "its") and not _is_expletive(w, at + (w.lower[at] == "that")):
        votes["organisation"] += weight_of("organisation", "says")


def _is_expletive(w: TokenView, i: int) -> bool:
    """Whether "it" at token i may be nobody: "it would be better"."""
    return w.lower[i] == "it" and (w.dep[i] != "nsubj" or w.doc[i].head.lemma_ in ("be", "'s"))


def _by_apposition(w: TokenView, comma: int, votes: Votes) -> None:
    """What "NPD Group, a market research firm" and "Tiger - the newest version" are called: the last noun of the phrase."""
    if w.lower[comma + 1] not in ("a", "an", "the", "one", "another"):
        return
    head = None
    for i in range(comma + 2, min(comma + 2 + _APPOSITION, len(w))):
        if not (w.tag[i].startswith(("NN", "JJ", "HYPH")) or w.tag[i] in ("POS", "RBS", "VBG", "CD")):
            break
        head = i if w.tag[i].startswith("NN") else head
    if head is not None:
        _by_noun(w, head, votes)


def _by_noun(w: TokenView, head: int, votes: Votes) -> None:
    """What the noun says by which something is called: a company, a film, a town."""
    if w.lower[head] in _bodies():
        votes["organisation"] += weight_of("organisation", "described")
    elif w.lower[head] in words("actors-things", "words"):
        votes["thing"] += weight_of("thing", "described")
    elif w.lower[head] in words("actors-places", "nouns"):
        votes["place"] += weight_of("place", "described")


def _is_age(w: TokenView, i: int) -> bool:
    return w.text[i].isdigit() and len(w.text[i]) <= 2 and i + 1 < len(w) and w.text[i + 1] in (",", ".", ")")


@functools.cache
def _bodies() -> frozenset[str]:
    nouns = lexicon("actors-organisations")["nouns"]
    return frozenset([*nouns["company"], *nouns["body"], *nouns["part"]])


@functools.cache
def _leading() -> frozenset[str]:
    """Roles that somebody has in an organisation rather than in a place."""
    leading = ["executive", "officer", "ceo", "chairman", "founder", "co-founder", "director", "head", "boss", "employee"]
    return frozenset(leading).intersection(roles())
