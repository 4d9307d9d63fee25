"""Pairwise rank centrality: the share of time that a random walk spends at each model.

At each step another model is chosen at random and moved to with the chance that it beats the
present one. Source: Negahban, Oh and Shah (2017), Rank centrality: ranking from pairwise
comparisons; Kirk et al. (2024), The PRISM alignment dataset, appendix T.1.
"""

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.preferences.aggregations.win_graph import reachable, taking_part
from scorers.preferences.tallies import Tallies

REGULARISATION = 1.0
RELEASED_STEPS = 1_000
# The order of the release's win matrix, on which its figures depend; see `released`.
RELEASED_ORDER = (
    "command", "claude-instant-1", "palm-2", "zephyr-7b-beta", "llama-2-7b-chat", "gpt-4-turbo",
    "command-nightly", "gpt-4", "gpt-3.5-turbo", "claude-2", "llama-2-70b-chat", "command-light",
    "claude-2.1", "mistral-7b-instruct", "guanaco-33b", "falcon-7b-instruct", "pythia-12b",
    "llama-2-13b-chat", "luminous-supreme-control", "luminous-extended-control", "flan-t5-xxl",
)  # fmt: skip


def rank_centrality(
    tallies: Tallies, weights: FloatArray, regularisation: float = REGULARISATION
) -> FloatArray:
    """Scores of K models by each of B weightings of people, B x K; rows sum to one.

    Args:
        tallies: battles by person; a tie is one win of each side.
        weights: B x R, how often each person counts.
        regularisation: wins that every model starts with against every other.
    """
    wins, ties = tallies.counts(weights)
    return centrality_of(wins + ties, regularisation)


def centrality_of(wins: FloatArray, regularisation: float = REGULARISATION) -> FloatArray:
    """Scores from counts of wins, with a tie counted once for each side, B x K x K to B x K.

    The chance that i beats j is p_ij = (w_ij + a) / (w_ij + w_ji + 2 a), and the walk moves from
    j to i with p_ij / (K - 1). A model without any battle takes no part and is NaN. Without
    regularisation, pairs that never met have no step between them, and a row is NaN where the
    walk can end in more than one part of the models.

    Three models, where a beats b 3 to 1, b beats c 3 to 1, and a and c are even, by hand: without
    regularisation p_ab = p_bc = 3/4 and p_ac = 1/2. What leaves a model is what enters it, so
    a (1/4 + 1/2) = b 3/4 + c 1/2 and b (3/4 + 1/4) = a 1/4 + c 3/4, that is 3 a = 3 b + 2 c and
    4 b = a + 3 c: a, b and c are as 17, 11 and 9, of 37.

    >>> wins = np.array([[[0.0, 3, 2], [1, 0, 3], [2, 1, 0]]])
    >>> (37 * centrality_of(wins, 0.0)).round(9)
    array([[17., 11.,  9.]])
    """
    battles = wins + wins.transpose(0, 2, 1)
    there = taking_part(battles)
    prior = regularisation * (there[:, :, None] & there[:, None, :])
    shares = np.divide(
        wins + prior, battles + 2 * prior, out=np.zeros_like(wins), where=battles + 2 * prior > 0
    )
    models = np.arange(wins.shape[-1])
    shares[:, models, models] = 0.0
    others = np.maximum(there.sum(axis=1) - 1, 1)
    moves = shares / others[:, None, None]
    scores = _stationary(moves, there)
    if regularisation == 0:
        scores[~_one_end(moves, there)] = np.nan
    return np.where(there, scores, np.nan)


def released(
    tallies: Tallies, weights: FloatArray, regularisation: float = REGULARISATION
) -> FloatArray:
    """Scores as the release computes them, B x K: by the arithmetic of `released_of`.

    It depends on the order of the models, which is the release's here; others come after them.
    A model without any battle is NaN, but counts among the models.
    """
    known = [tallies.models.index(name) for name in RELEASED_ORDER if name in tallies.models]
    order = np.array(known + [m for m in range(len(tallies.models)) if m not in known])
    wins, ties = tallies.counts(weights)
    scores = np.empty((len(weights), len(order)))
    scores[:, order] = released_of((wins + ties)[:, order[:, None], order], regularisation)
    return np.where(taking_part(wins + ties), scores, np.nan)


def released_of(wins: FloatArray, regularisation: float = REGULARISATION) -> FloatArray:
    """The release's scores from counts of wins, B x K x K to B x K.

    Source: `compute_rank_centrality` of the release's `src/data_analysis/ranking.py`. It is not
    the method of the paper: wins of the k-th pair of the upper triangle are divided by the sum
    with those of the k-th of the lower one, each in the order of rows, which are the same two
    models in the first two pairs and the last, but hardly elsewhere.
    """
    return after_steps(released_moves(wins, regularisation))


def released_moves(wins: FloatArray, regularisation: float = REGULARISATION) -> FloatArray:
    """The release's matrix of moves, to the row's model from the column's; columns sum to one."""
    size = wins.shape[-1]
    upper, lower = np.triu_indices(size, 1), np.tril_indices(size, -1)
    moves = wins + regularisation * (1 - np.eye(size))
    total = moves[:, *upper] + moves[:, *lower]
    for triangle in (upper, lower):
        moves[:, *triangle] /= total
    moves /= max(size - 1, 1)
    stay = np.arange(size)
    moves[:, stay, stay] = 1 - moves.sum(axis=1)
    return moves


def after_steps(moves: FloatArray, steps: int = RELEASED_STEPS) -> FloatArray:
    """Where a walk is after so many steps from anywhere, B x K."""
    size = moves.shape[-1]
    found: FloatArray = np.linalg.matrix_power(moves, steps) @ np.full(size, 1 / size)
    return found


def _stationary(moves: FloatArray, there: BoolArray) -> FloatArray:
    """The stationary distribution of walks over the models that are there, B x K.

    Solves (I - P + u 1') x = u with u uniform: its solution sums to one and (I - P) x = 0.
    """
    size = moves.shape[-1]
    stay = np.arange(size)
    system = -moves
    system[:, stay, stay] = moves.sum(axis=1) + ~there
    start = there / np.maximum(there.sum(axis=1, keepdims=True), 1)
    system += start[:, :, None] * there[:, None, :]
    try:
        found = np.linalg.solve(system, start[:, :, None])
    except np.linalg.LinAlgError:  # some walk ends in more than one part
        found = np.linalg.pinv(system) @ start[:, :, None]
    scores: FloatArray = found[:, :, 0]
    return scores


def _one_end(moves: FloatArray, there: BoolArray) -> BoolArray:
    """B, whether all models that a walk can end in reach one another."""
    to = reachable(moves.transpose(0, 2, 1) > 0) | np.eye(moves.shape[-1], dtype=bool)
    final = there & (~to | to.transpose(0, 2, 1)).all(axis=2)
    apart = final[:, :, None] & final[:, None, :] & ~to
    return np.asarray(there.any(axis=1) & ~apart.any(axis=(1, 2)))
