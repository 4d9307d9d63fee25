"""What battles connect: which models can be compared at all, and where a maximum exists."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from ratings.arrays import BoolArray, FloatArray


def components(battles: FloatArray) -> list[list[int]]:
    """Sets of models that battles connect, largest first; models without a battle are left out.

    >>> components(np.array([[0, 2, 0, 0], [2, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0.0]]))
    [[0, 1]]
    """
    met = battles + battles.T > 0
    np.fill_diagonal(met, False)
    number, of = csgraph.connected_components(sparse.csr_array(met), directed=False)
    found = [np.flatnonzero(of == one).tolist() for one in range(number)]
    return sorted((one for one in found if len(one) > 1), key=len, reverse=True)


def apart(models: Sequence[str], battles: FloatArray) -> str | None:
    """Why models cannot be compared: none has a battle, or they fall into parts; None if they can.

    Args:
        models: K names.
        battles: K x K, how many each pair has, either order.
    """
    found = components(battles)
    if not found:
        return "there is no battle between two models"
    if len(found) > 1:
        parts = "; ".join(", ".join(models[m] for m in part) for part in found)
        return f"no battle connects these sets of models, so they cannot be compared: {parts}"
    return None


def reachable(steps: BoolArray) -> BoolArray:
    """Whether the model of the row reaches that of the column in one step or more, B x K x K."""
    reach = steps.astype(np.float32)
    for _ in range(int(np.ceil(np.log2(max(steps.shape[-1], 2))))):
        reach = np.minimum(reach + reach @ reach, 1.0)
    return reach > 0


def taking_part(battles: FloatArray) -> BoolArray:
    """B x K, which models have a battle.

    Args:
        battles: B x K x K, how many each pair has, either order.
    """
    met: BoolArray = battles > 0
    return np.asarray(met.any(axis=1) | met.any(axis=2))


def strongly_connected(steps: BoolArray, there: BoolArray) -> BoolArray:
    """B, whether every model that is there reaches every other.

    Args:
        steps: B x K x K.
        there: B x K.
    """
    needed = there[:, :, None] & there[:, None, :] & ~np.eye(steps.shape[-1], dtype=bool)
    return np.asarray((reachable(steps) | ~needed).all(axis=(1, 2)))
