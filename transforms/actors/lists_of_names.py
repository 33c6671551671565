"""What a list says of the names in it: among persons a name is a person's, beside a company a company's."""

from collections.abc import Iterator

from transforms.actors.mention import Name
from transforms.actors.persons import first_names
from transforms.actors.token_view import NAME_TAGS, TokenView
from transforms.words.lexicon import words


def is_listed(w: TokenView, name: Name) -> bool:
    """Whether a comma or "and" divides the name from another: "Dudek, Finnan, Hyypia"."""
    before = name.start > 1 and w.text[name.start - 1] in (",", ";", "and") and w.tag[name.start - 2] in NAME_TAGS
    after = name.end + 1 < len(w) and w.text[name.end] in (",", ";", "and") and w.tag[name.end + 1] in NAME_TAGS
    return before or after


def is_beside_company(w: TokenView, name: Name) -> bool:
    """Whether a single name stands in a list with a company that is known by name: "Hyundai, Suzuki and Ford"."""
    companies = words("actors-organisations", "companies")
    before = name.start > 1 and w.text[name.start - 1] in (",", "and") and w.text[name.start - 2] in companies
    after = name.end + 1 < len(w) and w.text[name.end] in (",", "and") and w.text[name.end + 1] in companies
    return len(name.words) == 1 and (before or after)


def is_among_persons(w: TokenView, name: Name) -> bool:
    """Whether a list names two persons beside it at least, and nobody else: "Alexei Petrov, Wang Shuo, Hiroshi Tanaka and Lim Do Hwan"."""
    beside = [*_listed_from(w, name.start, -1), *_listed_from(w, name.end - 1, 1)]
    return len(beside) > 1 and all(w.doc[i].ent_type_ == "PERSON" or w.text[i] in first_names() for i in beside)


def _listed_from(w: TokenView, at: int, step: int) -> Iterator[int]:
    """The first words of the names in the list that goes on before token `at`, or behind it."""
    edge = at + step
    while 0 < edge < len(w) - 1 and (w.text[edge] == "," or w.lower[edge] == "and"):
        while w.text[edge + step] in (",", "and") and 0 < edge + step < len(w) - 1:
            edge += step
        first = last = edge + step
        while 0 <= last + step < len(w) and w.tag[last] in NAME_TAGS and w.tag[last + step] in NAME_TAGS:
            last += step
        if w.tag[first] not in NAME_TAGS or first == last:
            return
        yield min(first, last)
        edge = last + step
