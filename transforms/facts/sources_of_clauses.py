"""Whose word a clause is: from the innermost out, whose claim it spells out, the clause that reports it, the quote in which it stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.fact import SourceType
from schemas.fact_row import Stretch
from schemas.quote import Quote
from transforms.article.mentions import Mentions
from transforms.article.placed import Placed
from transforms.facts.source_types import is_anaphor, is_body, outlet_in, source_type_of
from transforms.parse.clause import Clause
from transforms.words.reporting import saying

_FIRST_AND_SECOND: Final = frozenset({"i", "we", "you", "there", "what", "who", "which", "whoever"})
_OURSELVES: Final = frozenset({"i", "we"})
_SOMEBODY: Final = frozenset({"he", "she"})
_THINGS: Final = frozenset({"it", "this", "that", "these"})
_APPOSED: Final = re.compile(r", | (?:of|for|at) (?:[\w’'&-]+ ){0,5}[\w’'&-]+,? ")  # between a role and its name
_BESIDE: Final = frozenset({", ", " "})  # between a sort of company and its name
_APPOSITION: Final = 60  # characters behind a role in which its name may stand
_HOPS: Final = 30  # clauses between an act and its source


@dataclass(frozen=True, slots=True)
class Source:
    """Whose word it is."""

    type: SourceType
    text: str | None = None
    actor_id: str | None = None


ARTICLE: Final = Source("article")


class Holders:
    """Finds the source of each clause of one article, in text order (what "the report" is depends on what came before)."""

    def __init__(self, text: str, clauses: Sequence[Clause], quotes: Sequence[Quote], mentions: Mentions) -> None:
        self._text = text
        self._by_start: Mapping[int, Clause] = {c.predicate_start: c for c in clauses}
        self._quotes = Placed(q for q in quotes if q.kind != "scare")
        self._mentions = mentions
        self._outlet: Source | None = None
        self._last: SourceType = "anonymous"  # who spoke last before a "he" or "she"
        self._last_text = False  # whether the last source was a document
        self._known: dict[tuple[int, int], tuple[Stretch, str | None, SourceType]] = {}  # many clauses have one speaker

    def quote_of(self, clause: Clause) -> Quote | None:
        """The innermost quote in whose words the clause stands."""
        return self._around(clause.predicate_start)

    def _around(self, at: int) -> Quote | None:
        near = self._quotes.over(at, at + 1)
        around = [q for q in near if q.cue_start != at and any(s.start <= at < s.end for s in q.content)]
        return min(around, key=lambda q: q.end - q.start) if around else None

    def source_of(self, clause: Clause, quote: Quote | None) -> Source:
        """The innermost whose word the clause is, from the clause outwards; the article itself where nobody else is named."""
        at, around = clause, quote
        for _ in range(_HOPS):
            above = self._by_start.get(at.above) if at.above is not None else None
            if around is not None and (above is None or not _holds(around, above.predicate_start)):
                if at.holder is not None and _holds(around, at.holder.start):
                    return self._described(at.holder)
                if _says(around, at, above) and around.speaker_start is not None:
                    return self._spoken_in(around)
                around = None
            if at.holder is not None:
                return self._described(at.holder)
            if above is None:
                break
            if _speaks(at, above) and above.speaker is not None and self._third_person(above.speaker):
                return self._described(above.speaker)
            at = above
        return Source("anonymous") if quote is not None and quote.kind == "direct" else ARTICLE

    def _spoken_in(self, quote: Quote) -> Source:
        """Whose word a quote is. "I" and "we" are whoever speaks in the marks around them, and outside all marks the author."""
        spoken: Quote | None = quote
        while spoken is not None and (spoken.speaker_text or "").lower() in _OURSELVES:
            around = self._around(spoken.speaker_start or 0)
            spoken = around if around is not None and around.kind != "indirect" and around is not spoken else None
        if spoken is None:
            return ARTICLE
        if spoken.speaker_start is None:
            return Source("anonymous")
        return self._described(Stretch(start=spoken.speaker_start, end=spoken.speaker_end or 0), spoken)

    def _with_name(self, held: Stretch) -> Stretch:
        """What somebody is with the name beside it: "the firm's head, Ann Roe", "Ann Roe, the firm's head", "another carmaker, Norvia"."""
        named = self._mentions.at(held.start, held.end)
        if named is not None and named.mention == "name" and named.type == "person":
            return held
        body = is_body(self._text[held.start : held.end])
        for a in self._mentions.inside(held.end, held.end + _APPOSITION):
            between = self._text[held.end : a.start]
            if body and a.mention == "name" and a.type == "organisation" and between in _BESIDE:
                return Stretch(start=held.start, end=a.end)
            if a.mention == "name" and a.type == "person":
                return Stretch(start=held.start, end=a.end) if between == " " or _APPOSED.fullmatch(between) else held
        for a in reversed(self._mentions.inside(max(0, held.start - _APPOSITION), held.start)):
            if a.mention == "name" and a.type == "person":
                return Stretch(start=a.start, end=held.end) if self._text[a.end : held.start] == ", " else held
        return held

    def _third_person(self, held: Stretch) -> bool:
        """Whether a subject is a source: "I" and "we" are whoever is quoted, "you" is nobody, and "it" only where it stands for somebody."""
        words = self._text[held.start : held.end].lower()
        if words in _THINGS:
            return self._mentions.at(held.start, held.end) is not None
        return words not in _FIRST_AND_SECOND

    def _looked_up(self, held: Stretch) -> tuple[Stretch, str | None, SourceType]:
        """(the phrase with a name beside it, the actor that it names, what sort of source it is)."""
        kept = self._text[held.start : held.end].rstrip(",;: ")
        held = self._with_name(Stretch(start=held.start, end=held.start + len(kept)))
        actor, alone = self._mentions.at(held.start, held.end), self._mentions.one(held.start, held.end)
        return held, alone.actor_id if alone else None, source_type_of(self._text[held.start : held.end], actor)

    def _described(self, held: Stretch, quote: Quote | None = None) -> Source:
        key = (held.start, held.end)
        if key not in self._known:
            self._known[key] = self._looked_up(held)
        held, actor_id, kind = self._known[key]
        phrase = self._text[held.start : held.end]
        kind = self._type_of(phrase, kind, actor_id)
        actor_id = actor_id or self._spoken(held, quote)
        if kind == "document" and self._outlet is not None and is_anaphor(phrase):
            return Source("outlet", phrase, self._outlet.actor_id)
        if kind != "outlet":
            return Source(kind, phrase, actor_id)
        name = outlet_in(phrase)
        if name is not None:
            start, end = held.start + name[0], held.start + name[1]
            known = self._mentions.at(start, end)
            phrase, actor_id = self._text[start:end], known.actor_id if known is not None else actor_id
            self._outlet = Source("outlet", phrase, actor_id)
        return Source("outlet", phrase, actor_id)

    def _type_of(self, phrase: str, kind: SourceType, actor_id: str | None) -> SourceType:
        """A "he" or "she" of whom no actor is known is as named as who spoke last: an unnamed teacher goes on as "she", a report as "it"."""
        if phrase.lower() in _SOMEBODY:
            return self._last if actor_id is None else kind
        if phrase.lower() == "it" and actor_id is None:
            return "document" if self._last_text else kind
        self._last_text = kind == "document"
        if kind in ("named", "anonymous"):
            self._last = kind
        return kind

    def _spoken(self, held: Stretch, quote: Quote | None) -> str | None:
        """The actor of a quote's speaker, unless the words name him beside others ("Ann Roe and Bob Doe") or as whose they are."""
        if quote is None or any(a.actor_id == quote.speaker_actor_id for a in self._mentions.inside(held.start, held.end)):
            return None
        return quote.speaker_actor_id


def _holds(quote: Quote, at: int) -> bool:
    return quote.start <= at < quote.end


def _says(quote: Quote, top: Clause, above: Clause | None) -> bool:
    """Whether a quote's speaker says the clause that is the uppermost in it: of an indirect one that is a bare infinitive the article tells."""
    if quote.kind != "indirect":
        return True
    if top.relation == "conj":  # "said so, and denied a report"
        return above is None or above.predicate_start != quote.cue_start
    told = top.relation in ("complement", "noun", "purpose", "relative")  # "an offer to send"
    return not told or (above is not None and above.predicate_lemma in saying("speaks_for"))


def _speaks(clause: Clause, above: Clause) -> bool:
    """Whether the clause is what the one above says, asks, promises or denies; what somebody did not say is nobody's word."""
    if clause.relation == "content":
        open_ = (above.polarity == "negative" and clause.rule in ("question", "condition")) or above.rule == "question"
        unsaid = clause.rule == "unsaid" and above.predicate_lemma not in saying("thinks")
        return above.is_reporting and not open_ and not unsaid
    if clause.relation == "relative":
        return above.is_reporting and bool(clause.hedges)
    return clause.relation == "complement" and above.predicate_lemma in saying("speaks_for")
