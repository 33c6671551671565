"""The ways in which a worker runs graphs: what it makes ready before it forks a child, and what runs a graph in that child."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from pipeline.engines.execute import Runs
from pipeline.graph import Graph, Work
from transforms.user_data import UserData

if TYPE_CHECKING:
    from pipeline.engines.forked_graph import KeptGraph

# Read once before the first fork, so that matchers, word lists and the like are made here and not in every child.
_WARMING: Final = 'The firm said on Monday that sales rose 5% to $3bn. "We are glad," said its chairman, Tom Reed, in Oslo.'
_warmed: Final[list[tuple[str, UserData] | None]] = [None]  # always one
_built: Final[list[tuple[Any, ...]]] = [(None, None, None)]  # always one: the work, Beam's options, and the graph built for them


class Way(Protocol):
    """How a worker runs graphs. It is sent to the worker with each of them."""

    def ready(self, graph: Graph) -> Runs:
        """Load and build what a child is to start with. Starts no thread: a fork would lose it."""


@dataclass(frozen=True, slots=True)
class Local:
    """Beam's local runner, in the child itself."""

    beam_options: tuple[str, ...]

    def ready(self, graph: Graph) -> Runs:
        """Have model and graph at hand."""
        _warm(graph)
        return _kept(graph.work, self.beam_options)


@dataclass(frozen=True, slots=True)
class OnPrism:
    """A Prism that stands, with the steps run in the child. gRPC begins in the child: it does not survive a fork."""

    endpoint: str
    beam_options: tuple[str, ...]

    def ready(self, graph: Graph) -> Runs:
        """Have the model at hand."""
        from pipeline.engines.submitted import StepsHere

        _warm(graph)
        return StepsHere(self.endpoint, self.beam_options)


def _warm(graph: Graph) -> None:
    """Load all that a child will need, once for each model and user's data. Starts no thread: a fork would lose it."""
    from pipeline.engines import lean
    from transforms.flow.memory import calm_memory
    from transforms.user_data import use

    lean.load()
    use(graph.own)
    if graph.articles:
        warm(graph.model, graph.own)
    calm_memory()


def warm(model: str, own: UserData) -> None:
    """Load the model, and all that is read once a process. Raises ModelMissingError."""
    import pyarrow.parquet  # noqa: F401 - with which each child writes

    from pipeline.api import article_of_text
    from transforms.annotate.language import recognised
    from transforms.annotate.model import annotated
    from transforms.extract import rows_of
    from transforms.flow.memory import give_memory_back
    from transforms.read.web_address import canonical_url

    if (model, own) != _warmed[0]:
        article = recognised(article_of_text(_WARMING, published_at=None))
        rows_of(next(annotated([article], model_name=model)))
        canonical_url("https://news.example/1")
        give_memory_back()
        _warmed[0] = model, own


def _kept(work: Work, beam_options: tuple[str, ...]) -> "KeptGraph":
    """The graph for this work: that of the order before where it fits, else a new one in its place."""
    from pipeline.engines.forked_graph import KeptGraph

    if (work, beam_options) != _built[0][:2]:
        _built[0] = work, beam_options, KeptGraph(work, beam_options)
    return cast("KeptGraph", _built[0][2])
