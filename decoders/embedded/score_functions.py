"""Score functions: numbers given to the choices, of which everything else is linear."""

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray, IntArray


def score_functions(most: int, ordered: bool) -> FloatArray:
    """Scores of each choice for every number of choices, (K + 1) x K x D; the first axis counts.

    Ordered choices get orthogonal polynomials of their position: the first is its direction, the
    second how extreme it is. Choices without an order get an indicator each, so that nothing
    depends on how they are sorted. Either way a function has mean 0 and mean square 1 over the
    choices; functions and choices beyond an instance's own number are 0.

    Args:
        most: K, the largest number of choices of an instance.
        ordered: whether choices are ordered.

    >>> score_functions(3, ordered=True)[2, :, 0].round(6).tolist()
    [-1.0, 1.0, 0.0]
    """
    functions = most - 1 if ordered else most
    out = np.zeros((most + 1, most, functions))
    for count in range(2, most + 1):
        made = _polynomials(count) if ordered else _indicators(count)
        out[count, :count, : made.shape[1]] = made
    return out


def has_score(scores: FloatArray, counts: IntArray) -> npt.NDArray[np.bool_]:
    """Whether each of I instances has each score function, I x D."""
    there: npt.NDArray[np.bool_] = np.abs(scores).sum(axis=1)[counts] > 0
    return there


def _polynomials(count: int) -> FloatArray:
    positions = np.linspace(-1, 1, count)
    powers = np.vander(positions, count, increasing=True)
    basis, _ = np.linalg.qr(powers)
    signs = np.sign((basis * powers).sum(axis=0))
    scaled: FloatArray = (basis * signs)[:, 1:] * np.sqrt(count)
    return scaled


def _indicators(count: int) -> FloatArray:
    if count == 2:  # one is the other's mirror
        return np.array([[-1.0, 1.0], [1.0, -1.0]])
    centred = np.eye(count) - 1 / count
    scaled: FloatArray = centred / np.sqrt((centred**2).mean(axis=0))
    return scaled
