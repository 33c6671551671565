"""Names once more: mentions of the article's actors that the model overlooked, and those of a title-case headline."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from transforms.actors.mention import IN_CAPITALS, MODEL_TYPES, Cluster, Name
from transforms.actors.names import in_entity, is_initial, made, settled
from transforms.actors.token_view import NAME_TAGS, TokenView
from transforms.words.lexicon import words

_VERBAL = ("VBD", "VBZ", "MD", "RB", "POS")  # what may follow a single person, but hardly a plural noun


def overlooked(w: TokenView, clusters: Sequence[Cluster]) -> list[Name]:
    """The further mentions of the clusters' names and surnames; then what only the headline names."""
    taken = {i for c in clusters for n in c.names for i in range(n.start, n.end)}
    surnames = {n.surname for c in clusters if c.type == "person" for n in c.names if len(n.words[-1]) > 2}
    found = list(_known(w, taken, _aliases(clusters, surnames), surnames))
    taken |= {i for n in found for i in range(n.start, n.end)}
    return found + list(_in_headline(w, taken))


def _aliases(clusters: Sequence[Cluster], surnames: Collection[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """The forms of all names, and of persons the surname."""
    forms = {n.words for c in clusters for n in c.names} | set(surnames)
    return forms | {tuple(word.upper() for word in form) for form in forms if len("".join(form)) >= IN_CAPITALS}


def _known(w: TokenView, taken: set[int], aliases: Iterable[tuple[str, ...]], surnames: Collection[tuple[str, ...]]) -> Iterator[Name]:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for alias in sorted(aliases, key=lambda a: (-len(a), a)):
        by_first.setdefault(alias[0], []).append(alias)
    end = 0
    for i, word in enumerate(w.text):
        if i < end or word not in by_first:
            continue
        for alias in by_first[word]:
            stop = i + len(alias)
            if tuple(w.text[i:stop]) == alias and taken.isdisjoint(range(i, stop)) and _may_be_name(w, i, stop):
                led = alias in surnames and i > max(end, w.headline) and i - 1 not in taken and is_initial(w, i - 1)
                # "D Olsen" may be another than the Olsen who is known: the initial is part of the name.
                yield made(w, i - led, stop, "person" if led else None, "known-name")
                end = stop
                break


def _may_be_name(w: TokenView, start: int, end: int) -> bool:
    """Words that are tagged as common ones are no second mention of a name; in a headline the tags say nothing."""
    if start < w.headline:
        return True
    if end - start == 1 and w.tag[start] in ("NNS", "NN") and w.is_capital(start):
        return end < len(w) and w.tag[end] in _VERBAL and w.lower[end] not in ("were", "are", "have", "do")  # "Jobs noted"
    alone = end >= len(w) or w.tag[end] not in NAME_TAGS or end - start > 1
    return alone and any(t in NAME_TAGS for t in w.tag[start:end])


def _in_headline(w: TokenView, taken: set[int]) -> Iterator[Name]:
    """What the model finds in a title-case headline counts if all its words are tagged as names and none is spoken for."""
    storms = words("actors-not", "storms")
    for entity in w.doc.ents:
        label = MODEL_TYPES.get(entity.label_)
        if entity.start >= w.headline:
            return
        if label is None or not taken.isdisjoint(range(entity.start, entity.end)):
            continue
        for name in settled(in_entity(w, entity.start, entity.end, label)):
            sure = all(t in NAME_TAGS for t in w.tag[name.start : name.end]) and w.tag[name.end : name.end + 1] != ["POS"]
            if sure and name.words[0] not in storms:
                yield name
