"""The model's encoder, which sees each token among its neighbours, run over a stretch of tokens at a time."""

from typing import Any, Final, NamedTuple, cast

import numpy as np
import numpy.typing as npt
from thinc.api import Model

from transforms.annotate.matrix_ops import no_training

_LAYER: Final = "residual(expand_window>>maxout>>layernorm>>dropout)"  # of spaCy's MaxoutWindowEncoder
_STRETCH: Final = 768  # tokens at once: 256 and 2,000 were slower (measured)
_EPSILON: Final = 1e-8  # what thinc adds to a variance

Floats = npt.NDArray[np.float32]


class _Layer(NamedTuple):
    weights: Floats  # (3 * width, pieces * width): of the token before, the token, the token behind; the first piece of all outputs first
    bias: Floats  # (pieces * width,)
    scale: Floats  # (width,)
    shift: Floats  # (width,)


def encode_in_stretches(model: Model[Any, Any]) -> None:
    """Change the encoders in a spaCy component's model, in place. Values are the same; layers of another make are left alone.

    A batch of 9,000 tokens goes through 10 MB a step; of a stretch, all steps stay in the processor's cache. Two thirds of what is left
    are the products of matrices.
    """
    for node in list(model.walk()):
        for at, encoder in enumerate(node.layers):
            if encoder.layers and all(layer.name == _LAYER for layer in encoder.layers) and (layers := _parameters(encoder)):
                node.layers[at] = Model("encode_in_stretches", _forward, attrs={"layers": layers})


def _parameters(encoder: Model[Any, Any]) -> list[_Layer]:
    """What each layer has learnt; nothing if one looks further than to the next token."""
    found = []
    for residual in encoder.layers:
        expand, normed = residual.layers[0].layers
        if expand.attrs["window_size"] != 1:
            return []
        maxout, norm = normed.layers[0].layers
        weights, bias = (cast("Floats", maxout.get_param(name)) for name in ("W", "b"))
        scale, shift = (cast("Floats", norm.get_param(name)) for name in ("G", "b"))
        wide = weights.transpose(2, 1, 0)  # inputs, pieces, outputs
        found.append(_Layer(wide.reshape(len(wide), -1), bias.T.reshape(-1), scale, shift))
    return found


def _forward(model: Model[Any, Any], tokens: Floats, is_train: bool) -> Any:
    """`tokens`: shape (tokens, width), and so is what it gives. Only for inference."""
    layers: list[_Layer] = model.attrs["layers"]
    overlap = len(layers)  # as far as a token's neighbours can tell
    encoded = np.empty_like(tokens)
    for start in range(0, len(tokens), _STRETCH):
        first, stop = max(0, start - overlap), start + _STRETCH
        encoded[start:stop] = _encoded(tokens[first : stop + overlap], layers)[start - first :][:_STRETCH]
    return encoded, no_training


def _encoded(tokens: Floats, layers: list[_Layer]) -> Floats:
    """All layers over one stretch. Each step writes where there is something already, and adds up in the order of thinc's own."""
    rows, width = tokens.shape
    around = np.zeros((rows, 3 * width), dtype=np.float32)
    here = around[:, width : 2 * width]
    here[:] = tokens
    best, square = np.empty_like(tokens), np.empty_like(tokens)
    for layer in layers:
        around[1:, :width] = here[:-1]
        around[:-1, 2 * width :] = here[1:]
        made = around @ layer.weights
        made += layer.bias
        best[:] = made[:, :width]
        for piece in range(width, made.shape[1], width):
            np.maximum(best, made[:, piece : piece + width], out=best)
        best -= best.mean(axis=1, keepdims=True)
        variance = np.multiply(best, best, out=square).mean(axis=1, keepdims=True)
        best *= (variance + _EPSILON) ** -0.5
        best *= layer.scale
        best += layer.shift
        here += best
    return here
