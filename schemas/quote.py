"""Quotes: one row a quotation or attribution: what was said, by whom, and how it is attributed."""

from typing import Literal

from schemas.column import column, table
from schemas.fact_row import FactRow, Stretch

QuoteKind = Literal["direct", "indirect", "mixed", "scare"]
CueClass = Literal["neutral", "assert", "deny", "demand", "promise", "speculate", "question", "criticise", "admit"]


@table("quotes", version=2)
class Quote(FactRow):
    """One quotation. start and end are the hull of `content`."""

    kind: QuoteKind = column("direct: all in quotation marks; mixed: partly; indirect: none; scare: marks, but nobody's speech")
    content: tuple[Stretch, ...] = column("what was said, without the outer marks, the cue and the speaker; in pieces where interrupted")
    quoted: tuple[Stretch, ...] = column("the stretches in quotation marks, without the marks: the words as they were said", default=())
    speaker_text: str | None = column("the speaker as named in the text", default=None)
    speaker_start: int | None = column("first character of speaker_text", unit="characters", default=None)
    speaker_end: int | None = column("character after the last of speaker_text", unit="characters", default=None)
    speaker_actor_id: str | None = column("the actor who speaks, see actors", default=None)
    speaker_rule: str | None = column("the rule that found the speaker", default=None)
    cue_text: str | None = column("the word or words that show the attribution, as written", default=None)
    cue_start: int | None = column("first character of cue_text", unit="characters", default=None)
    cue_end: int | None = column("character after the last of cue_text", unit="characters", default=None)
    cue_class: CueClass | None = column("what sort of saying it is", default=None)
    addressee: str | None = column("who was spoken to, as written", default=None)
    channel: (
        Literal["statement", "interview", "post", "report", "court", "speech", "letter", "broadcast", "press_conference", "call"] | None
    ) = column("by what means it was said", default=None)
    crosses_paragraphs: bool = column("whether the content goes over a paragraph's end", default=False)
