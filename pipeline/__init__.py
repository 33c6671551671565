"""How a run is put together.

A run is one line of data flow. `cli` turns the command line into frozen `options`. `run` locks the `dataset`, which recovers
what a crash left; `plan` reads the sources, tells new from known and cuts what is new into slices. Each slice is `build` as a Beam graph
(read, annotate, five extractors side by side, link and check, write) and `execute`d on an engine of `runners`; its receipts are
checked against the plan, its `copies` are found, and the dataset commits it. The `account` says what became of every record.
Beside that: `rerun` (stored texts again), `query` (SQL), `api` (one text, without Beam), `beam_api` (the same steps in a Beam pipeline of
somebody else's), `show` (what a person sees).
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.api import extract as extract
    from pipeline.beam_api import Extract as Extract
    from pipeline.beam_api import read_record as read_record

__version__ = "0.1.0"
__all__ = ["Extract", "__version__", "extract", "read_record"]

_FROM = {"extract": "pipeline.api", "Extract": "pipeline.beam_api", "read_record": "pipeline.beam_api"}


def __getattr__(name: str) -> Any:
    # `from pipeline import extract` loads spaCy, `Extract` loads Beam as well; `factwire --help` must do neither.
    if name in _FROM:
        return getattr(importlib.import_module(_FROM[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
