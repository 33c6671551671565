"""How a run is put together.

A run is one line of data flow. `cli` turns the command line into frozen `options`. `run` locks the `dataset`, which recovers
what a crash left; `plan` reads the sources, tells new from known and cuts what is new into slices. Each slice is `build` as a Beam graph
(read, annotate, five extractors side by side, link and check, write) and `execute`d on an engine of `runners`; its receipts are
checked against the plan, its `copies` are found, and the dataset commits it. The `account` says what became of every record.
Beside that: `rerun` (stored texts again), `query` (SQL), `api` (one text, without Beam), `show` (what a person sees).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.api import extract as extract

__version__ = "0.1.0"
__all__ = ["__version__", "extract"]


def __getattr__(name: str) -> Any:
    # `from pipeline import extract` loads spaCy; `factwire --help` must not.
    if name == "extract":
        from pipeline.api import extract

        return extract
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
