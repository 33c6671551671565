"""Figures beside one another: what one takes over from its neighbour, and which belong to the same change."""

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from transforms.figures.counted_before import counted_before
from transforms.figures.draft import FigureDraft
from transforms.figures.gapping import LENDERS, behind_compared, of_gap, with_unit_before
from transforms.figures.nouns import NOTHING, Counted, unnumbered
from transforms.figures.quantity import Quantity
from transforms.words.lexicon import lexicon, words

_SAID_AGAIN = re.compile(
    r"[ ]?\(|[ ]?/[ ]?|,?[ ]or[ ]|,?[ ]\(or[ ]|;[ ]"
)  # "5 miles (8 km)", "$149 / £99", "3 points, or 2%", "($1.2bn; £910m)"
_LISTED = re.compile(r",?[ ](?:and|or|to)[ ](?:an?[ ]|the[ ]|about[ ]|another[ ])?|,[ ]|[ ]?/[ ]?|-[ ](?:and|or|to)[ ]|-,[ ]")
_THAN_THE = re.compile(r",[ ](?:[a-z-]+[ ]){0,3}(?:than|above|below|from)[ ]the[ ]\Z")
_BE = re.compile(r"[ ](?:are|were|have|had)\b")
_SAME_RATE = 0.1  # of two conversions in one text
_SERIES = 12  # tokens between two figures of one series
_INDEX = re.compile(r"[A-Z]{2,6}-?\d{2,4}")  # "TA-125"
_WITH_UNIT = ("money", "measure", "percent", "duration", "percentage_point")


def completed(text: str, read: Sequence[FigureDraft]) -> list[FigureDraft]:
    """The figures with what their neighbours give them, and what stands before them, where nothing counted stands behind."""
    forward = list(read)
    for at in range(len(forward) - 2, -1, -1):
        forward[at] = _by_what_follows(text, _with_noun_of(text, forward[at], forward[at + 1]), forward[at + 1], read[:at])
    done: list[FigureDraft] = []
    for one in forward:
        before = done[-1] if done else None
        again = before is not None and _says_again(text, before, one)
        moved = (
            replace(one, bound=before.bound if one.bound == "exact" else one.bound, move=one.move or before.move)
            if again and before
            else one
        )
        whole = _ending_too(before, moved)
        for lender in done[:-LENDERS:-1]:
            whole = with_unit_before(lender, whole)
        done.append(_with_counted(text, whole, done, again=again))
    return done


def _ending_too(before: FigureDraft | None, one: FigureDraft) -> FigureDraft:
    """Rise to 85% by 2008 and 100% by 2010: a second end, or start, behind "and" is no amount of the change."""
    if before is None or before.move is None or one.move is None or one.move.role != "by" or before.move.role == "by":
        return one
    alike = before.move.word.i == one.move.word.i and before.quantity.kind == one.quantity.kind
    joined = one.span.start > before.span.end and one.span.doc[one.span.start - 1].lower_ in ("and", "or")
    return replace(one, move=replace(one.move, role=before.move.role)) if alike and joined else one


def _with_noun_of(text: str, one: FigureDraft, after: FigureDraft) -> FigureDraft:
    """500 and 1,000 songs: the first counts what the second counts, where nothing but "and" stands between them."""
    alike = one.quantity.kind == after.quantity.kind and one.quantity.unit_normalised == after.quantity.unit_normalised
    started = one.quantity.bare and one.move is not None and one.move.role == "from"  # "grew from 15 to 25 member states"
    if one.counted.phrase is not None or not alike or (one.move is not None and not started) or after.counted.phrase is None:
        return one
    behind = after.counted.phrase.start >= after.span.end
    return (
        replace(one, counted=replace(after.counted, rule="listed"))
        if behind and _LISTED.fullmatch(text, one.quantity.end, after.quantity.start)
        else one
    )


def _converted(text: str, one: FigureDraft, after: FigureDraft) -> bool:
    """A net worth of 1.4 billion ($1.8bn): a sum whose sign was lost on the way, since money stands for it in brackets."""
    quantity = one.quantity
    large = quantity.number.scaled or "," in text[quantity.start : quantity.end]
    lone = quantity.bare and quantity.number.form == "digits" and large and one.counted.phrase is None
    return (
        lone
        and after.quantity.kind == "money"
        and text[quantity.end : after.quantity.start] == " ("
        and text[after.quantity.end : after.quantity.end + 1] in (")", ";")
    )


def _rated(text: str, one: FigureDraft, after: FigureDraft, earlier: Sequence[FigureDraft]) -> Quantity:
    """The sum in the currency of a sum before it that was converted at about the same rate, else in an open one."""
    quantity, sum_, other = one.quantity, one.quantity.value, after.quantity.value
    for of, to in itertools.pairwise(earlier):
        value, into = of.quantity.value, to.quantity.value
        pair = of.quantity.kind == to.quantity.kind == "money" and to.quantity.currency == after.quantity.currency
        if not (pair and value and into and sum_ and other and _says_again(text, of, to)):
            continue
        if abs(into / value / (other / sum_) - 1) < _SAME_RATE:
            known = of.quantity
            sum_of = replace(known, start=quantity.start, end=quantity.end, number=quantity.number, value=quantity.value)
            return replace(sum_of, rule="money-converted")
    return replace(quantity, kind="money", rule="money-converted")


def _by_what_follows(text: str, one: FigureDraft, after: FigureDraft, earlier: Sequence[FigureDraft]) -> FigureDraft:
    """Exchange (16,369.03 up 58 points): the level of an index before its change is in points, too; a lost sign beside a conversion."""
    quantity = one.quantity
    if _converted(text, one, after):
        return replace(one, quantity=_rated(text, one, after, earlier))
    level = quantity.bare and quantity.number.form == "digits" and after.quantity.unit_normalised == "point"
    if (
        not level
        or one.counted.phrase is not None
        or text[quantity.end : after.quantity.start] not in (" up ", " down ", ", up ", ", down ")
    ):
        return one
    return replace(one, quantity=replace(quantity, kind="measure", unit_normalised="point", rule="index-level"))


def _says_again(text: str, before: FigureDraft, one: FigureDraft) -> bool:
    both = before.quantity.kind in _WITH_UNIT and one.quantity.kind in _WITH_UNIT
    return both and _SAID_AGAIN.fullmatch(text, before.quantity.end, one.quantity.start) is not None


def _with_elided(text: str, one: FigureDraft, before: FigureDraft) -> FigureDraft:
    """Six counts of fraud and five of theft: the second counts what the first counts, and no share of theft."""
    found, noun = before.counted.phrase, before.counted.head
    share = one.quantity.bare and before.quantity.bare and one.counted.rule == "share-of" and one.counted.base is None
    if not share or found is None or noun is None or found.start != before.span.end or not found.end_char <= one.quantity.start:
        return one
    of = noun.i + 1 < found.end and found.doc[noun.i + 1].lower_ == "of"
    joined = of and text[found.end_char : one.quantity.start] in (" and ", ", ", ", and ") and text.startswith(" of ", one.quantity.end)
    return replace(one, counted=replace(before.counted, phrase=found.doc[found.start : noun.i + 1], rule="listed")) if joined else one


def _with_counted(text: str, one: FigureDraft, done: Sequence[FigureDraft], *, again: bool) -> FigureDraft:
    """The figure with what it counts: found behind it, taken over from one before, or found before it."""
    if one.counted.phrase is not None:
        return _with_elided(text, one, done[-1]) if done else one
    taken = _taken_over(text, one, done, again=again)
    if taken is not None:
        return taken
    before = done[-1] if done else None
    found = counted_before(text, one.span, one.quantity, one.move)
    if again and found.rule == "stated":
        found = NOTHING  # what the clause states, it states of the sum that is said again
    if before is not None and found.rule == "in-bracket" and before.quantity.kind == "percent" and _is_whole(before, found):
        found = counted_before(text, before.span, one.quantity, one.move)
    if (other := next((d for d in done[:-LENDERS:-1] if _unit_of(text, found, d, one)), None)) is not None:
        found = replace(other.counted, rule="unit-of-other")  # "512 MB of storage for $99", "830bn rupees ($19bn)"
    if found.phrase is None and before is not None and _goes_on(before, one):
        found = replace(before.counted, rule="series")
    if found.phrase is None and before is not None and _part_of(text, before, one):
        found = replace(before.counted, base=before.counted.phrase, rule="part-of-before")
    if one.counted.base is not None and found.base is None:
        found = replace(found, base=one.counted.base, rule=found.rule or one.counted.rule)
    return replace(_level(one, found), counted=unnumbered(found))


def _is_whole(share: FigureDraft, found: Counted) -> bool:
    """Spending was 2% of GDP ($3bn): the noun before the bracket is what the share is of; the sum is the share's own."""
    base = share.counted.base
    return base is not None and found.head is not None and base.start <= found.head.i < base.end and base.start >= share.span.end


def _taken_over(text: str, one: FigureDraft, done: Sequence[FigureDraft], *, again: bool) -> FigureDraft | None:
    """The figure with what one before it counts, where the words between show that both are of the same."""
    before = done[-1] if done else None
    if again and before is not None and before.counted.head is not None:
        return replace(one, counted=replace(before.counted, rule="said-again"))
    if before is not None and (_up_from(before, one) or _more_of(text, before, one) or _than_the(text, before, one)):
        return replace(one, counted=replace(before.counted, rule="compared-with-before"))
    if before is not None and _another_share(before, one):
        return replace(one, counted=replace(before.counted, rule="series"))
    if (gap := of_gap(done, one)) is not None:
        return replace(one, counted=replace(gap[0], rule="gap"), move=gap[1])
    if before is not None and before.counted.head is not None and _ends_move(text, before, one):
        ended = replace(before.move, role="to") if one.move is None and before.move is not None and before.move.role == "by" else one.move
        return replace(_level(one, before.counted), counted=replace(before.counted, rule="end-of-change"), move=ended)
    return None


def _part_of(text: str, before: FigureDraft, one: FigureDraft) -> bool:
    """Of 300 firms, half were small: a share that stands alone before its verb is of those counted just before."""
    alone = one.quantity.kind in ("ratio", "percent") and one.move is None and _BE.match(text, one.quantity.end) is not None
    near = one.span.sent.start == before.span.sent.start and one.span.start - before.span.end < _SERIES
    head = before.counted.head
    return alone and near and before.quantity.kind == "count" and head is not None and head.tag_ in ("NNS", "NNPS")


def _up_from(before: FigureDraft, one: FigureDraft) -> bool:
    """To 3.9 million headsets, up from 2.4 million; a dividend of $2 a share, up from $1.50: the start is of what the figure before is of."""
    if one.move is None or one.move.role != "from" or before.quantity.kind != one.quantity.kind:
        return False
    if one.quantity.bare and before.quantity.bare and before.move is not None:
        return True
    beside = before.span.end <= one.move.word.i < one.span.start and one.span.start - before.span.end < _SERIES
    return beside and one.move.word.pos_ not in ("VERB", "AUX", "NOUN") and before.counted.head is not None


def _another_share(before: FigureDraft, one: FigureDraft) -> bool:
    """70% of firms gained, another 18% lost; 60% of grants for schools, 30% for roads: a further share is of the same whole."""
    if before.quantity.kind != "percent" or one.quantity.kind != "percent" or one.move is not None or before.counted.base is None:
        return False
    doc, start, end = one.span.doc, one.span.start, one.span.end
    if one.span.sent.start != before.span.sent.start:
        return False
    led = doc[start - 1].lower_
    return led in words("figures-counting", "further", "words") or (
        led in (",", "and") and end < len(doc) and doc[end].lower_ in ("for", "to")
    )


def _than_the(text: str, before: FigureDraft, one: FigureDraft) -> bool:
    """187,000 jobs, more than the 150,000 that were expected: a bare number that another is compared with counts the same."""
    gap = text[before.quantity.end : one.quantity.start]
    return (
        one.quantity.kind == before.quantity.kind
        and before.counted.head is not None
        and _THAN_THE.search(gap) is not None
        and "." not in gap
    )


def _more_of(text: str, before: FigureDraft, one: FigureDraft) -> bool:
    """Sold 4.2 million cars, 5% more than a year ago; income of $2bn, compared with $1.7bn: what was counted just before."""
    if before.counted.head is None or one.span.sent.start != before.span.sent.start:
        return False
    if one.quantity.kind in ("money", "percent", "measure") and one.quantity.kind == before.quantity.kind and behind_compared(one.span):
        return one.span.start - before.span.end < _SERIES
    behind = before.counted.phrase is not None and before.counted.phrase.start >= before.span.end
    more = one.quantity.kind in ("ratio", "percent") and one.move is not None and one.move.word.lower_ in ("more", "fewer", "less")
    return behind and more and before.counted.phrase is not None and text[before.counted.phrase.end_char : one.quantity.start] == ", "


@functools.cache
def _to() -> re.Pattern[str]:
    """What stands between a change and its end: "5% to $3", "5% to close at $3", "5% from a year ago to reach $3"."""
    ending, reaching = ("|".join(lexicon("figures-change")["ending"][k]) for k in ("words", "reaching"))
    ended = rf"to[ ](?:{ending})[ ](?:\w+[ ]){{0,2}}at"
    return re.compile(
        rf"(?:,?[ ](?:to|at|{ended})|(?:[ ][A-Za-z'’]+){{0,6}},?[ ](?:{ended}|to[ ](?:{reaching})))"
        r"[ ](?:(?:about|around|between|some|an?|just|over|nearly|under)[ ])?"
    )


def _ends_move(text: str, before: FigureDraft, one: FigureDraft) -> bool:
    """Up 9.4 per cent to $84, from $5m to $6m: the end of a change is of what its amount or its start is of."""
    if _to().fullmatch(text, before.quantity.end, one.quantity.start) is None or before.quantity.kind == "count":
        return False
    started = text[max(0, before.quantity.start - 16) : before.quantity.start].lower()
    amount = before.move is not None and before.move.role == "by"
    return amount or (before.quantity.kind == one.quantity.kind and "from " in started)


def _unit_of(text: str, found: Counted, other: FigureDraft, one: FigureDraft) -> bool:
    """Whether what seems to be counted is only the unit of another figure; "the 8 GB" alone may name a thing."""
    inside = found.head is not None and other.span.start <= found.head.i < other.span.end
    converted = text[other.quantity.end : one.quantity.start].lstrip() in ("(", "/", "or ")
    return inside and (converted or other.counted.head is not None or other.quantity.kind == "money")


def _level(one: FigureDraft, found: Counted) -> FigureDraft:
    """A bare number that an index stands at is in points: "the index closed at 4,577.10"."""
    quantity = one.quantity
    if not quantity.bare or found.head is None or quantity.number.form != "digits" or quantity.number.scaled:
        return one
    named = {t.lower_ for t in (found.phrase or ())} & words("figures-names", "fixed", "words")
    if not named and found.head.lemma_.lower() not in ("index", "average") and _INDEX.fullmatch(found.head.text) is None:
        return one
    return replace(one, quantity=replace(quantity, kind="measure", unit_normalised="point", rule="index-level"))


def _goes_on(before: FigureDraft, one: FigureDraft) -> bool:
    """An elliptical series: "19% of the market ... rivals at 15%"; "10 in Leeds and 5 in York"."""
    kind = one.quantity.kind
    if one.span.start and one.span.doc[one.span.start - 1].lower_ == "top":
        return False  # "three singles in the top ten"
    if before.quantity.kind != kind or kind not in ("percent", "count", "measure", "money", "age"):
        return False
    if one.span.start - before.span.end >= _SERIES or one.span.sent.start != before.span.sent.start:
        return False
    return kind in ("percent", "count") or (
        one.span.root.dep_ in ("conj", "appos") and before.span.start <= one.span.root.head.i < before.span.end
    )


def related(read: Sequence[FigureDraft], at: int) -> Quantity | None:
    """The other figure of the same change: of an end or a start its amount, of an amount its end."""
    move = read[at].move
    if move is None:
        return None
    near = [r for r in read[max(0, at - 3) : at + 4] if r is not read[at] and r.move is not None]
    same = [r for r in near if r.move is not None and r.move.word.i == move.word.i and r.move.role != move.role]
    if not same and move.role in ("from", "to"):
        same = [r for r in near if r.span.end <= read[at].span.start and r.span.sent.start == read[at].span.sent.start][-1:]
    wanted = ("to", "from") if move.role == "by" else ("by", "to", "from")
    ordered = sorted(same, key=lambda r: wanted.index(r.move.role) if r.move else len(wanted))
    return ordered[0].quantity if ordered else None
