"""Nominal mentions: "the US president", "the company", "protesters", and the actor whom they stand for where the text tells."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schemas.actor import ActorType
from transforms.actors import places
from transforms.actors.bodies_named import DEFINITE, NamesIn, bodies, body_meant, companies, place_meant
from transforms.actors.mention import Cluster
from transforms.actors.offices import Holders, country_named
from transforms.actors.persons import roles
from transforms.actors.token_view import TokenView
from transforms.article.datelines import dateline_end
from transforms.words.lexicon import lexicon, words

_AROUND = 8  # tokens behind "the government" in which a country may be named that is rather meant
_AGAIN = 10  # sentences over which plurals that read the same are the same people
_INSIDE_TAGS = ("NN", "NNP", "NNPS", "JJ", "HYPH", "AFX", "POS", "VBN", "CD", "NNS")
_VAGUE = frozenset(["head", "executive"])  # "his head", "the executive": not by themselves anybody


@dataclass(frozen=True, slots=True)
class Nominal:
    """A nominal mention: tokens start..end, the token of its head noun, and what it stands for, where the text tells."""

    start: int
    end: int
    head: int
    type: ActorType
    rule: str
    actor: Cluster | None
    country: str | None = None
    in_full: "Nominal | None" = None  # the mention that says who is meant: "the Norvian government" of "the government"
    passing: bool = False  # whether the same words elsewhere may be others


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase that may be a nominal mention: its first token, that of its head noun, and whether "the", "its" or "Norvia's" opens it."""

    start: int
    head: int
    definite: bool


def nominals_in(w: TokenView, clusters: Sequence[Cluster], taken: set[int]) -> Iterator[Nominal]:
    """The nominal mentions of an article in text order; heads inside names and titles are none."""
    index = _by_sentence(w, clusters)
    holders = Holders(w, clusters, index)
    titled = {i for c in clusters for n in c.names if n.title for i in range(n.title.start, n.title.end)}
    of_states: dict[str, list[Nominal]] = defaultdict(list)
    groups: dict[str, Nominal] = {}
    for i in range(w.headline, len(w)):
        if w.tag[i].startswith("NN") and i not in taken and i not in titled and not _goes_on(w, i):
            start = _start_of(w, i)
            owned = places.owns(w.string(start, i)) and (w.dep[i] != "pobj" or w.lower[start - 1] != "as")  # "named as its captain"
            nominal = _nominal(w, holders, index, _Phrase(start, i, start < i and (owned or w.lower[start] in DEFINITE)))
            if nominal is not None and not _is_title_of_work(w, start, i):
                nominal = _same_group(w, _of_a_state(w, index, nominal, of_states[w.lower[i]]), groups)
                if not _lacks_its_name(w, nominal):
                    yield nominal


def _lacks_its_name(w: TokenView, nominal: Nominal) -> bool:
    """Whether "the party" or "the band" is one that the text surely names, though not where the rules look: no body of its own."""
    alone = nominal.head - nominal.start == 1 and nominal.actor is None and nominal.in_full is None
    return alone and w.lower[nominal.head] in words("actors-organisations", "named")


def _same_group(w: TokenView, nominal: Nominal, last: dict[str, Nominal]) -> Nominal:
    """Who of those before a group is: "the students" the last who were called so, "students" only the same words near by.

    "Students" of one university are not the "students" of another ten paragraphs below, nor "investors in bonds" the investors, and
    "the group" is another body each time. `last` are the latest by noun and by phrase.
    """
    phrase, noun, restriction = w.string(nominal.start, nominal.end).lower(), w.lower[nominal.head], _restriction(w, nominal)
    if nominal.type != "group" and not restriction and noun not in words("actors-organisations", "passing"):
        return nominal
    bare = f"phrase:{phrase.removeprefix('the ')}"
    again = last.get(bare + restriction if restriction or phrase != f"the {noun}" else noun)
    if again is not None and again.head - again.start > 1 and _is_of_others(w, nominal):
        again = None  # "the families of the victims" are not "the affected families"
    people = nominal.type == "group" and w.lower[nominal.start] in DEFINITE
    near = again is not None and w.sentence[nominal.start] - w.sentence[again.start] <= _AGAIN
    if again is not None and (people or (near and not (nominal.type == "organisation" and _heading_between(w, again.end, nominal.start)))):
        nominal = replace(nominal, in_full=again.in_full or again)
    if _lacks_its_name(w, nominal):
        return nominal
    nominal = replace(nominal, passing=True)
    last[noun] = last[bare + restriction] = nominal
    last.setdefault(bare, nominal)
    return nominal


def _is_of_others(w: TokenView, nominal: Nominal) -> bool:
    """Whether "of" behind a group says whose or which it is."""
    return nominal.type == "group" and w.lower[nominal.end : nominal.end + 1] == ["of"] and w.doc[nominal.end].head.i == nominal.head


def _heading_between(w: TokenView, start: int, end: int) -> bool:
    """Whether a line without a stop stands between two tokens: below a heading a text goes on with something else."""
    lines = w.article[w.offset[start] : w.offset[end]].split("\n")[1:-1]
    return any(line[-1:].isalnum() for line in lines)


def _restriction(w: TokenView, nominal: Nominal) -> str:
    """What says which people or which body is meant, behind it: "in bonds", "in neighbouring Norvia", but not "of the attack"."""
    at, noun = nominal.end, w.doc[nominal.head]
    if nominal.actor is not None or w.lower[at : at + 1] not in (["in"], ["at"], ["from"], ["of"]) or w.doc[at].head.i != noun.i:
        return ""
    end = w.run_behind(at, lambda view, i: view.tag[i].startswith(("NN", "JJ", "DT")), _AROUND)
    named = any(w.is_capital(i) for i in range(at, end)) or (nominal.type == "group" and w.lower[at + 1] != "the")
    return f" {w.string(at, end).lower()}" if named else ""


def _of_a_state(w: TokenView, index: NamesIn, nominal: Nominal, told: list[Nominal]) -> Nominal:
    """The government, behind "the French government" and no other: that one, unless only other countries are named just before.

    `told` are the phrases before that say more than the noun.
    """
    of_states = w.lower[nominal.head] in words("actors-organisations", "of_a_state")
    if nominal.rule != "body-nominal" or nominal.actor is not None or not of_states or _restriction(w, nominal):
        return nominal
    if nominal.head - nominal.start > 1:
        told.append(nominal)
        return nominal
    states = {n.country for n in told}
    if len(states) != 1 or None in states or w.lower[nominal.start] != "the":
        return nominal
    here = w.sentence[nominal.start]
    named = [*index.get(here - 1, ()), *index.get(here, ())]
    near = {c.country for c, n in named if c.type == "place" and c.country and n.start < nominal.end + _AROUND}
    return nominal if near and near.isdisjoint(states) else replace(nominal, in_full=told[0])


def _nominal(w: TokenView, holders: Holders, index: NamesIn, phrase: _Phrase) -> Nominal | None:
    """What a phrase mentions, by what sort of noun heads it. A sort settles it: a noun that is refused as a body's is not asked as a place's."""
    if _is_group(w, phrase.head):
        return _group(w, phrase)
    if not phrase.definite:
        return None
    if _is_office(w, phrase.head):
        return _office_holder(w, holders, index, phrase)
    if _is_body(w, phrase.head) and (w.lower[phrase.start] in ("the", "this", "that") or _is_of_a_place(w, phrase)):
        return _body(w, index, phrase)
    if _is_place(w, phrase):
        return _place(w, index, phrase)
    return None


def _is_group(w: TokenView, i: int) -> bool:
    if w.lower[i].rpartition("-")[2] not in words("actors-groups", "plural"):
        return False
    return w.tag[i] in ("NNS", "NNPS", "NN") or w.doc[i].is_sent_start  # "Neighbours", with a capital from the sentence


def _group(w: TokenView, phrase: _Phrase) -> Nominal | None:
    """People in the plural: "protesters", "US troops"; but no things, as "MP3 players" and "sources of income" are."""
    i = phrase.head
    of_a_thing = bool(i) and w.lower[i - 1] in lexicon("actors-groups")["things"].get(w.lower[i], ())
    made_of = w.lower[i] in words("actors-groups", "of_things") and w.lower[i + 1 : i + 2] == ["of"]
    if of_a_thing or made_of:
        return None
    return Nominal(phrase.start, i + 1, i, "group", "group-nominal", None, country_named(w, phrase.start, i))


def _is_office(w: TokenView, i: int) -> bool:
    return w.lower[i] in roles() and w.lower[i] in words("actors-titles", "roles", "unique")


def _office_holder(w: TokenView, holders: Holders, index: NamesIn, phrase: _Phrase) -> Nominal | None:
    """The person in an office that one alone holds: "the US president", whose name the text may tell."""
    start, i, end = phrase.start, phrase.head, _end_of(w, phrase.head)
    if w.lower[i] in _VAGUE and (
        end - start == 2 or w.text[i] != w.lower[i] or _is_of_somebody(w, i)
    ):  # "the Scottish Executive" is a body
        return None
    holder = _set_off(w, index, end) or _described(w, index, phrase, end, "person") or holders.of(start, i, end)
    no_title = w.lower[i] in words("actors-titles", "roles", "no_title")
    if holder is None and (no_title or _only_describes(w, start, i) or holders.may_be_named(start, i)):
        return None
    return Nominal(start, end, i, "person", "role-nominal", holder, country_named(w, start, end))


def _is_of_somebody(w: TokenView, head: int) -> bool:
    """Whether a head is a part of somebody's body: "the girl's head", but not "the charity's head of research"."""
    owner = w.lower[head - 2]
    return w.tag[head - 1] == "POS" and owner not in bodies() and w.text[head - 2] == owner and w.lower[head + 1 : head + 2] != ["of"]


def _body(w: TokenView, index: NamesIn, phrase: _Phrase) -> Nominal | None:
    """An organisation by its sort: "the ministry"; "the company" only where the text tells which."""
    start, i = phrase.start, phrase.head
    actor = _described(w, index, phrase, i + 1, "organisation") or body_meant(w, index, start, i)
    if actor is None and (w.lower[i] in companies() or _only_describes(w, start, i)):
        return None
    return Nominal(start, i + 1, i, "organisation", "body-nominal", actor, country_named(w, start, i))


def _is_place(w: TokenView, phrase: _Phrase) -> bool:
    """Whether the noun is a place's and not a speaker's own: in speech "this country" is theirs."""
    shared = w.lower[phrase.start] == "the" or not w.quoted[phrase.head]
    return w.text[phrase.head] in words("actors-places", "nouns") and shared


def _place(w: TokenView, index: NamesIn, phrase: _Phrase) -> Nominal | None:
    actor = place_meant(w, index, phrase.start, phrase.head)
    return Nominal(phrase.start, phrase.head + 1, phrase.head, "place", "place-nominal", actor) if actor is not None else None


def _is_of_a_place(w: TokenView, phrase: _Phrase) -> bool:
    """Whether a phrase is the name of a state and what it alone has: "Norvia's government"."""
    country = country_named(w, phrase.start, phrase.head - 1)
    return country is not None and w.tag[phrase.head - 1] == "POS" and w.lower[phrase.head] in words("actors-organisations", "of_a_state")


def _is_body(w: TokenView, i: int) -> bool:
    """Whether a noun is a body's, and not the right to do something: "the authority to close the port"."""
    noun = w.lower[i]
    if not (noun in bodies() or _is_somebodys(w, i)) or (noun == "authority" and w.lower[i + 1 : i + 2] == ["to"]):
        return False
    return w.lower[i - 1] not in lexicon("actors-organisations")["no_bodies"].get(noun, ()) and not _is_built(w, i)


def _is_built(w: TokenView, i: int) -> bool:
    """Whether a church, a school or a hospital is the building: "bought the former church", "demolished the school"."""
    if w.lower[i] not in words("actors-organisations", "buildings"):
        return False
    done = w.dep[i] in ("dobj", "nsubjpass") and w.doc[i].head.lemma_ in words("actors-organisations", "of_buildings")
    return done or w.lower[i + 1 : i + 2] in (["across"], ["opposite"], ["near"]) or w.lower[i + 1 : i + 3] == ["next", "to"]


def _is_somebodys(w: TokenView, i: int) -> bool:
    """Whether those who work for somebody are called by the name: "the Brown campaign", but not "the campaign"."""
    named = w.tag[i - 1] == "NNP" and w.is_capital(i - 1) and (w.lower[i - 2] == "the" or w.doc[i - 1].ent_type_ == "PERSON")
    return w.lower[i] in words("actors-organisations", "of_a_person") and named


def _only_describes(w: TokenView, start: int, head: int) -> bool:
    """Whether a phrase says what somebody is instead of naming anybody: "became the first woman", "is the leader"."""
    return w.dep[head] == "attr" or any(w.tag[i] in ("JJS", "RBS") or w.lower[i] in ("first", "only", "next") for i in range(start, head))


def _is_title_of_work(w: TokenView, start: int, head: int) -> bool:
    """Whether an article and a noun with capitals in the midst of a sentence are a title: "films such as The Fisher King"."""
    return w.text[start] == "The" and w.is_capital(head) and not w.doc[start].is_sent_start and not w.quoted[start]


def _goes_on(w: TokenView, i: int) -> bool:
    """Whether the noun only modifies the next: "the company website", "the president's office" is another matter."""
    following = w.tag[i + 1] if i + 1 < len(w) else "."
    return following.startswith("NN") or following == "HYPH"


def _start_of(w: TokenView, head: int) -> int:
    start = head
    while start and w.sentence[start - 1] == w.sentence[head] and w.tag[start - 1] in _INSIDE_TAGS:
        within = start <= w.doc[start - 1].head.i <= head
        if w.tag[start - 1] == "NNS" and w.spaced(start) and not within:  # "the injuries police officers suffered"
            break
        start -= 1
    if start and w.tag[start - 1] in ("DT", "PRP$"):
        start -= 1
    while start < head and (w.tag[start] in ("POS", "HYPH", "CD")):
        start += 1
    return start


def _end_of(w: TokenView, head: int) -> int:
    """Where the phrase ends: "the president of Chrysler" goes on over "of" and the noun phrase behind it."""
    end = head + 1
    if end + 1 >= len(w) or w.lower[end] != "of":
        return end
    last = end + 1 + (w.lower[end + 1] in ("the", "its", "his", "her", "their"))
    while last < len(w) and w.tag[last] in ("NN", "NNS", "NNP", "NNPS", "JJ", "HYPH"):
        last += 1
    while last > end and not w.tag[last - 1].startswith("NN"):
        last -= 1
    return last if last > end + 1 else end


def _set_off(w: TokenView, index: NamesIn, comma: int) -> Cluster | None:
    """The person whose name, with a short title at most, stands between commas behind the phrase: "Its chairman, Sen. Ann Lee, said"."""
    if w.text[comma : comma + 1] != [","]:
        return None
    first = comma + 1  # of the name or its title: "its spokeswoman, Rear Admiral Ann Lee"
    here = (n for n in index.get(w.sentence[comma], ()) if n[0].type == "person" and first in (n[1].start, n[1].title and n[1].title.start))
    cluster, name = next(here, (None, None))
    behind = w.lower[name.end : name.end + 2] if name is not None else []
    return None if behind[:1] == ["and"] or behind == [",", "and"] else cluster


def _described(w: TokenView, index: NamesIn, phrase: _Phrase, end: int, kind: ActorType) -> Cluster | None:
    """Who is named right before the comma that sets the phrase off: "Ann Lee, the leader of Norvia First, said"; in a list nobody is."""
    comma = phrase.start - 1
    noun = w.doc[phrase.head]
    listed = w.lower[end : end + 1] == ["and"] or w.lower[end : end + 2] == [",", "and"]
    if comma < 1 or w.text[comma] != "," or noun.dep_ != "appos" or listed:
        return None
    here = index.get(w.sentence[comma], ())
    return next((c for c, n in here if c.type == kind and n.end == comma and n.start <= noun.head.i < n.end), None)


def _by_sentence(w: TokenView, clusters: Sequence[Cluster]) -> NamesIn:
    """The names by sentence, but for those that only tell where an onlooker works: "the firm" is no analyst's employer."""
    index: NamesIn = defaultdict(list)
    observers = words("actors-titles", "roles", "observers")
    outside = {i for c in clusters for t in c.titles if t.head in observers and not t.country for i in range(t.start, t.end)}
    dateline = dateline_end(w.article) or 0  # whose agency is not what the text is about either
    for cluster in clusters:
        for name in (n for n in cluster.names if n.start not in outside and w.offset[n.start] >= dateline):
            index[w.sentence[name.start]].append((cluster, name))
    return index
