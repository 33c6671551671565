"""Stretches in marks and frames of the parse brought together: each becomes a row, part of another's row, or none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from schemas.fact_row import Stretch
from schemas.quote import CueClass, Quote, QuoteKind
from transforms.attributions.cues import speaker_columns
from transforms.attributions.frames import Attribution
from transforms.attributions.marked_doc import MarkedDoc
from transforms.quotes.adjacent_cues import Speech, cue_behind, follows, goes_on, is_heading, name_after_dash, named_before, says_less
from transforms.quotes.continued_speech import begins_sentence, called, carried, governed, in_first_person, joined, worded
from transforms.quotes.scare_quotes import is_embedded, is_no_speech, is_own_sentence, is_title, is_uttered, is_whole_sentence, speaks

_LOOSE = frozenset({"object", "preposition", "naming", "shown"})  # frames whose content is a noun
_OF_CLAUSE = frozenset({"nsubj", "nsubjpass", "aux", "auxpass"})
_MOSTLY = 0.8  # share of a frame in marks from which on the marks are what was said


@dataclass(slots=True)
class _Draft:
    """What is known of the stretches while they are settled: who speaks each, and which are spoken for."""

    speech: dict[int, Speech] = field(default_factory=dict)
    taken: dict[int, Speech] = field(default_factory=dict)  # stretches inside the row of a frame, which is by this speaker


def assembled(reading: MarkedDoc, verbs: dict[int, CueClass], frames: Sequence[Attribution]) -> Iterator[Quote]:
    """Yield the rows of an article, unordered."""
    draft = _Draft()
    for n in range(len(reading.marked)):
        if is_embedded(reading, n) and (is_title(reading, n) or reading.is_name(n)) and not is_uttered(reading, n, verbs):
            continue
        found = cue_behind(reading, n, verbs) or name_after_dash(reading, n)
        if found is None or says_less(reading, n, found):
            found = named_before(reading, n, verbs, found)
        if found is not None and not _by_anybody(found):
            draft.speech[n] = found
    for frame in frames:
        yield from _framed(reading, frame, draft)
    yield from _marked(reading, verbs, draft)


def _by_anybody(speech: Speech) -> bool:
    """Whether a speech is only supposed: "you start to think: ‘This is not my day’"."""
    return speech.said_by is not None and speech.said_by.text.lower() in ("you", "one", "anybody", "nobody")


def _by_one(speech: Speech) -> bool:
    """Whether somebody is told to speak who may go on: not "some people say that …"."""
    return speech.said_by is not None and speech.said_by.root.tag_ != "NNS"


def _framed(reading: MarkedDoc, frame: Attribution, draft: _Draft) -> Iterator[Quote]:
    """The row of a frame with the stretches in marks that it holds, unless they are nearly all of it."""
    spans = _spans(reading, frame)
    touched = [n for n in reading.touched(spans[0][0], spans[-1][1]) if _shared(spans, reading.marked[n].start, reading.marked[n].end)]
    if _is_what_marks_hold(reading, frame, spans, touched, draft):
        for n in touched:
            draft.speech.setdefault(n, Speech(frame.cue, None, frame.rule))
        return
    own = any(_own_cue(frame, draft.speech.get(n)) for n in touched)
    if _runs_over(reading, spans, touched, draft) or (own and frame.rule in _LOOSE):
        return
    kind: QuoteKind = "mixed" if touched else "indirect"
    speech = Speech(frame.cue, None, frame.rule)
    draft.taken.update({n: draft.speech.pop(n, speech) for n in touched})
    behind = list(_going_on(reading, touched[-1] + 1, speech, draft)) if touched else []
    draft.taken.update(dict.fromkeys(behind, speech))
    spans += [piece for n in behind for piece in reading.marked[n].pieces]
    quotations = [piece for n in touched + behind for piece in reading.marked[n].pieces]
    if touched and spans == [(reading.marked[touched[0]].outer_start, reading.marked[touched[0]].outer_end)]:
        spans, kind = quotations, "direct"  # what it is called stands all in marks: "dubbed “a farce”"
    yield _row(reading, spans, kind, frame.rule, {"quoted": _stretches(quotations), **frame.cue.columns()})


def _is_what_marks_hold(
    reading: MarkedDoc, frame: Attribution, spans: Sequence[tuple[int, int]], touched: Sequence[int], draft: _Draft
) -> bool:
    """Whether the stretches in marks are what was said, and the frame only tells who spoke them."""
    if not touched:
        return False
    first = touched[0]
    if reading.marked[first].outer_start == spans[0][0] and any(_own_cue(frame, draft.speech.get(n)) for n in touched):
        return True  # "Brel said: “We lost,” she said"
    quoted = sum(_shared(spans, reading.marked[n].outer_start, reading.marked[n].outer_end) for n in touched)
    if quoted < _MOSTLY * sum(b - a for a, b in spans):
        return False
    return not _is_named(reading, frame, first, draft.speech.get(first)) and not _clause_outside(reading, spans)


def _runs_over(reading: MarkedDoc, spans: Sequence[tuple[int, int]], touched: Sequence[int], draft: _Draft) -> bool:
    """Whether the parse ran over a mark, or an outer frame holds these words."""
    start, end = spans[0][0], spans[-1][1]
    return any(reading.marked[n].outer_start < start or reading.marked[n].outer_end > end or n in draft.taken for n in touched)


def _is_named(reading: MarkedDoc, frame: Attribution, n: int, speech: Speech | None) -> bool:
    """Whether a stretch is what something is called ("called it “a farce”"), unless another word of saying beside it speaks it."""
    if frame.rule != "naming" or not is_embedded(reading, n):
        return False
    return speech is None or (speech.cue is not None and speech.cue.head.i == frame.cue.head.i)


def _clause_outside(reading: MarkedDoc, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a subject or verb of what was said stands outside the marks: "These were “not for sale at any price,” she said"."""
    first = (reading.token_at(a) for a, _ in spans)
    tokens = (t for i, (_, b) in zip(first, spans, strict=True) for t in reading.doc[i : reading.token_at(b)])
    return any(t.dep_ in _OF_CLAUSE and not reading.touched(t.idx, t.idx + 1) for t in tokens)


def _own_cue(frame: Attribution, speech: Speech | None) -> bool:
    """Whether a stretch is spoken by a word of saying that stands inside a frame: "recalled the day when Lee wrote, “…”"."""
    return speech is not None and speech.cue is not None and any(a <= speech.cue.head.i < b for a, b in frame.content)


def _spans(reading: MarkedDoc, frame: Attribution) -> list[tuple[int, int]]:
    """The frame's content in characters; a mark that stands just outside a piece is taken in."""
    doc, spans = reading.doc, []
    for a, b in frame.content:
        start, end = doc[a].idx, doc[b - 1].idx + len(doc[b - 1].text)
        for m in (reading.marked[n] for n in reading.touched(start, end)):
            led = reading.text[start : m.outer_start].rstrip()
            if m.outer_start < end <= m.start and led.endswith((":", ",")):
                end = start + len(led) - 1  # what a colon leads to is spoken for itself
            elif start <= m.start and m.outer_start < end < m.outer_end:
                end = m.outer_end  # the parser may end a sentence inside a quotation, or behind its opening mark
            if m.outer_start < start <= m.start and m.end <= end:
                start = m.outer_start
        spans.append((start, end))
    return spans


def _shared(spans: Sequence[tuple[int, int]], start: int, end: int) -> int:
    """How many characters the spans have in common with start..end."""
    return sum(max(0, min(b, end) - max(a, start)) for a, b in spans)


def _marked(reading: MarkedDoc, verbs: dict[int, CueClass], draft: _Draft) -> Iterator[Quote]:
    """The rows of the stretches that no frame has taken in."""
    n, last = 0, cast("Speech | None", None)
    while n < len(reading.marked):
        m = reading.marked[n]
        if m.parent is None and n in draft.taken and _by_one(draft.taken[n]):
            last = draft.taken[n]
        elif n not in draft.taken and (m.parent is None or n in draft.speech):
            speech, kind = _spoken(reading, n, verbs, draft, last)
            if speech is not None:
                draft.speech[n] = speech
                last = speech if m.parent is None and speech.rule != "heading" else last
                together = [n, *_going_on(reading, n + 1, speech, draft)]
                pieces = [piece for each in together for piece in reading.marked[each].pieces]
                yield _row(reading, pieces, kind, speech.rule, {"quoted": _stretches(pieces), **_columns(speech)})
                n = together[-1]
            elif kind == "scare":
                yield _row(reading, m.pieces, kind, "no-speech", {"quoted": _stretches(m.pieces)})
        n += 1


def _going_on(reading: MarkedDoc, n: int, speech: Speech, draft: _Draft) -> Iterator[int]:
    """The stretches from `n` on that belong to the row of the one in front."""
    while n < len(reading.marked) and _goes_on(reading, n, speech, draft):
        yield n
        n += 1


def _goes_on(reading: MarkedDoc, n: int, speech: Speech, draft: _Draft) -> bool:
    """Whether a stretch belongs to the row of the one before: the rest of its sentence, or the next one of its speaker."""
    if is_heading(reading, n):
        return False
    if n in draft.speech:
        return goes_on(reading, n, speech, draft.speech[n])
    return n not in draft.taken and follows(reading, n, speech) and not is_no_speech(reading, n, reading.words(n))


def _spoken(reading: MarkedDoc, n: int, verbs: dict[int, CueClass], draft: _Draft, last: Speech | None) -> tuple[Speech | None, QuoteKind]:
    spoken = draft.speech.get(n) or called(reading, n) or joined(reading, n, draft.speech.get(n - 1))
    if spoken is not None:
        return spoken, "direct"
    if is_no_speech(reading, n, reading.words(n)):
        few = worded(reading, n, verbs) if not is_title(reading, n) else None
        return few, "direct" if few is not None else "scare"
    within = governed(reading, n, verbs)
    if within is not None:
        return within, "mixed"
    if is_heading(reading, n):
        return Speech(None, None, "heading"), "direct"
    if begins_sentence(reading, n):
        return carried(reading, n, verbs, last), "direct"
    return _within_sentence(reading, n, last)


def _within_sentence(reading: MarkedDoc, n: int, last: Speech | None) -> tuple[Speech | None, QuoteKind]:
    """A longer stretch inside a sentence that nobody is shown to say: speech all the same where only speech reads so."""
    if is_own_sentence(reading, n):
        return Speech(None, None, "own-sentence"), "mixed"
    if speaks(reading, n):
        return in_first_person(reading, n, last), "direct"
    return (Speech(None, None, "own-sentence"), "direct") if is_whole_sentence(reading, n) else (None, "scare")


def _columns(speech: Speech) -> dict[str, Any]:
    if speech.cue is not None:
        return speech.cue.columns()
    return speaker_columns(speech.speaker, speech.rule)


def _row(reading: MarkedDoc, spans: Sequence[tuple[int, int]], kind: QuoteKind, rule: str, columns: dict[str, Any]) -> Quote:
    start, end = spans[0][0], spans[-1][1]
    return Quote(
        start=start,
        end=end,
        text=reading.text[start:end],
        rule=rule,
        kind=kind,
        content=_stretches(spans),
        crosses_paragraphs=reading.crosses_paragraphs(start, end),
        **columns,
    )


def _stretches(spans: Iterable[tuple[int, int]]) -> tuple[Stretch, ...]:
    return tuple(Stretch(start=a, end=b) for a, b in spans)
