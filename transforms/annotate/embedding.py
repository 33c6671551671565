"""Word embeddings computed once for each distinct word that a process meets instead of once for each token."""

import threading
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from thinc.api import Model, chain, with_array

from transforms.annotate.matrix_ops import no_training
from transforms.annotate.row_keys import row_keys

_EMBEDDING: Final = ("extract_features", "list2ragged", "with_array", "with_array", "ragged2list")  # spaCy's MultiHashEmbed
_REMEMBERED: Final = 20_000  # words kept, 8 MB an embedding: bounded, so that memory stays flat over a long run
_FEWEST: Final = 16  # rows of a product, at least: of fewer, BLAS adds up some otherwise, and the last bit hangs on what else is new


def embed_words_once(model: Model[Any, Any]) -> None:
    """Change the embedding layers in a spaCy component's model, in place. Values are the same; layers of another make are left alone.

    What spaCy's embedding makes of a token hangs on the word's form alone, not on where it stands, and the layers up to here are a third
    of the model's work (measured).
    """
    for node in list(model.walk()):
        for at, layer in enumerate(node.layers):
            if tuple(inner.name.partition("(")[0] for inner in layer.layers) == _EMBEDDING:
                extract, to_ragged, embed, mix, to_list = layer.layers
                memory = _Memory(chain(embed.layers[0], mix.layers[0]))
                once: Model[Any, Any] = Model("rows_once", _forward, layers=[memory.layers], attrs={"memory": memory})
                node.layers[at] = chain(extract, to_ragged, with_array(once), to_list)


class _Memory:
    """What layers make of rows of features, kept by the rows' keys until it is full; then it begins anew. For several threads."""

    def __init__(self, layers: Model[Any, Any]) -> None:
        self.layers = layers
        self._lock = threading.Lock()
        self._places: dict[int, int] = {}
        self._made = np.empty((_REMEMBERED, layers.get_dim("nO")), dtype=np.float32)

    def __call__(self, rows: npt.NDArray[np.uint64]) -> npt.NDArray[np.float32]:
        """`rows`: shape (tokens, features). Gives shape (tokens, width)."""
        keys, first, place = np.unique(row_keys(rows), return_index=True, return_inverse=True)
        if len(keys) > _REMEMBERED:
            return self._make(rows[first])[place]
        with self._lock:
            return self._kept(keys, rows[first])[place]

    def _kept(self, keys: npt.NDArray[np.uint64], rows: npt.NDArray[np.uint64]) -> npt.NDArray[np.float32]:
        at = np.array([self._places.get(key, -1) for key in keys.tolist()], dtype=np.intp)
        if len(self._places) + np.count_nonzero(at < 0) > _REMEMBERED:
            self._places.clear()
            at[:] = -1
        new = np.flatnonzero(at < 0)
        at[new] = np.arange(len(self._places), len(self._places) + len(new))
        self._made[at[new]] = self._make(rows[new])
        self._places.update(zip(keys[new].tolist(), at[new].tolist(), strict=True))
        return self._made[at]

    def _make(self, rows: npt.NDArray[np.uint64]) -> npt.NDArray[np.float32]:
        padded = np.concatenate([rows, np.zeros((max(0, _FEWEST - len(rows)), rows.shape[1]), dtype=np.uint64)])
        made: npt.NDArray[np.float32] = self.layers.predict(padded)
        return made[: len(rows)]


def _forward(model: Model[Any, Any], rows: Any, is_train: bool) -> Any:
    """`rows`: uint64 of shape (tokens, features). Only for inference."""
    return model.attrs["memory"](rows), no_training
