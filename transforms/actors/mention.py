"""What the rules of this folder hand on: a name found in the text, the title beside it, and a cluster of names."""

from collections import defaultdict
from dataclasses import dataclass, field

from schemas.actor import ActorType, TitleQualifier

# The spaCy labels that an actor can have; DATE, MONEY, LAW and the like are none.
MODEL_TYPES: dict[str, ActorType] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
}
IN_CAPITALS = 4  # letters; shorter words in capitals are acronyms
Gender = str  # "male" or "female"; a person of whom nothing is known has none


@dataclass(frozen=True, slots=True)
class Known:
    """What a gazetteer knows of a name, ours of the world's places or the user's own."""

    key: str  # the same for all names of one actor
    canonical_name: str
    type: ActorType
    country: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """A title or office beside a name: its tokens, and what they say."""

    start: int
    end: int
    text: str | None  # as said, without qualifier; null where it is an honorific or a kinship
    words: frozenset[str] = frozenset()  # of the office, in lower case: "prime", "minister"
    head: str | None = None
    qualifier: TitleQualifier | None = None
    affiliation: str | None = None
    country: str | None = None
    gender: Gender | None = None


@dataclass(slots=True, eq=False)
class Name:
    """A named mention: tokens start..end of the Doc."""

    start: int
    end: int
    words: tuple[str, ...]
    text: str
    label: ActorType | None  # what the model took it for
    rule: str
    known: Known | None = None
    title: Title | None = None
    votes: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))  # what its place in the text says of its type

    @property
    def key(self) -> str:
        """What two mentions that read the same share."""
        return self.known.key if self.known else self.text

    @property
    def surname(self) -> tuple[str, ...]:
        """The last word with what is tied to it by a hyphen: "Saint-Andre" of "Philippe Saint-Andre"."""
        first = len(self.words) - 1
        while first > 2 and self.words[first - 1] == "-":
            first -= 2
        return self.words[first:]


@dataclass(slots=True, eq=False)
class Cluster:
    """The names of one actor in the article, and what was decided about it."""

    names: list[Name]
    type: ActorType = "organisation"
    known: Known | None = None
    canonical_name: str = ""
    country: str | None = None
    gender: Gender | None = None
    titles: list[Title] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.names[0].start
