"""What ranking models with intervals costs at PRISM's size, against a loop over replicates.

    python perf/preference_cost.py [--replicates 1000] [--rounds 3]

1,396 made-up participants judge 42,306 battles between 21 models; participants are drawn again in
each replicate. Run one after the other in each round:

- `package`: scored replies to tallies, and rank centrality of all replicates at once;
- `choix`: its `rank_centrality` on the winner and loser of every battle, one replicate at a time;
- `release`: the release's arithmetic, written out plainly: a count for each battle in a loop, the
  matrix, and 1,000 steps of the walk.

The last two run few replicates, and their times are scaled. Scores of one replicate are compared
with choix's first. The aim is under 3 s for 1,000 replicates on two cores. The other aggregations
are measured once; `elo`, which plays tournaments, over a hundred replicates, scaled.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from scorers.intervals.bootstrap import cluster_weights
from scorers.preferences.aggregations.aggregation import AGGREGATIONS
from scorers.preferences.aggregations.rank_centrality import rank_centrality, released_of
from scorers.preferences.battles import battles_of
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies

PEOPLE, MODELS, BATTLES = 1_396, 21, 42_306
IN_A_LOOP, OF_ELO = 5, 100


def make(seed: int = 0) -> ScoredReplies:
    """Turns of four replies, and of two for the last, of as many battles as PRISM has."""
    rng = np.random.default_rng(seed)
    turns = BATTLES // 6
    person = np.concatenate([np.arange(PEOPLE), rng.integers(PEOPLE, size=turns - PEOPLE)])
    model = rng.random((turns, MODELS)).argsort(axis=1)[:, :4].ravel()
    worth = np.linspace(12, -12, MODELS)
    score = np.clip((60 + worth[model] + rng.normal(0, 25, 4 * turns)).round(), 1, 100)
    return ScoredReplies(
        tuple(f"model {m:02}" for m in range(MODELS)),
        tuple(f"p{r:04}" for r in range(PEOPLE)),
        np.repeat(np.arange(turns), 4),
        np.repeat(person, 4),
        model,
        score,
    )


def comparisons(tallies: Tallies, weights: np.ndarray) -> np.ndarray:
    """Winner and loser of each battle of one replicate; of a tie each way."""
    battles, outcome = tallies.battles, tallies.battles.outcomes(tallies.threshold)
    times = weights[battles.person].astype(int)
    one = np.column_stack([battles.first, battles.second])
    won, lost = (
        np.repeat(pairs[kept], times[kept], axis=0)
        for pairs, kept in ((one, outcome >= 0), (one[:, ::-1], outcome <= 0))
    )
    return np.concatenate([won, lost])


def as_released(pairs: np.ndarray) -> np.ndarray:
    """The release's scores by plain loops."""
    wins = np.zeros((MODELS, MODELS))
    for winner, loser in pairs:
        wins[winner, loser] += 1
    wins += 1
    np.fill_diagonal(wins, 0)
    upper, lower = np.triu_indices(MODELS, 1), np.tril_indices(MODELS, -1)
    total = wins[upper] + wins[lower]
    wins[upper] /= total
    wins[lower] /= total
    wins /= MODELS - 1
    np.fill_diagonal(wins, 1 - wins.sum(axis=0))
    scores = np.full(MODELS, 1 / MODELS)
    for _ in range(1_000):
        scores = wins @ scores
    return scores


def seconds(run: Callable[[], object]) -> float:
    """How long a run takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def loops(tallies: Tallies, weights: np.ndarray) -> dict[str, Callable[[], object]]:
    """The rivals by name, each over a few replicates."""

    def released() -> None:
        for row in weights[:IN_A_LOOP]:
            as_released(comparisons(tallies, row))

    found: dict[str, Callable[[], object]] = {"release": released}
    try:
        import choix
    except ImportError:
        print("choix is not installed (pip install choix): it is left out")
        return found

    def by_choix() -> None:
        for row in weights[:IN_A_LOOP]:
            choix.rank_centrality(MODELS, comparisons(tallies, row).tolist())

    ours = np.log(rank_centrality(tallies, weights[:1], regularisation=0.0)[0])
    theirs = choix.rank_centrality(MODELS, comparisons(tallies, weights[0]).tolist())
    np.testing.assert_allclose(ours - ours.mean(), theirs, atol=1e-8)
    return {"choix": by_choix, **found}


def main() -> None:
    """Print seconds by round, and how many times longer the loops take."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    replies = make()
    tallies = Tallies.of(replies)
    print(f"{len(tallies.people)} people, {len(battles_of(replies))} battles, {MODELS} models")
    weights = cluster_weights(PEOPLE, 0, arguments.replicates)
    wins, ties = tallies.counts(weights[:1])
    pairs = comparisons(tallies, weights[0])
    np.testing.assert_allclose(as_released(pairs), released_of(wins + ties)[0], atol=1e-9)
    measured: dict[str, list[float]] = {}

    def note(name: str, taken: float, replicates: int) -> None:
        scaled = taken * arguments.replicates / replicates
        measured.setdefault(name, []).append(scaled)
        how = "" if replicates == arguments.replicates else f" (of {replicates}, scaled)"
        print(f"{name:<24}{arguments.replicates} replicates {scaled:9.2f} s{how}", flush=True)

    few = min(IN_A_LOOP, arguments.replicates)
    rivals = loops(tallies, weights)
    for _ in range(arguments.rounds):
        note(
            "package",
            seconds(
                lambda: rank_centrality(
                    Tallies.of(replies), cluster_weights.__wrapped__(PEOPLE, 1, len(weights))
                )
            ),
            arguments.replicates,
        )
        for name, run in rivals.items():
            note(name, seconds(run), few)
    for name in rivals:
        ratios = [
            theirs / ours for theirs, ours in zip(measured[name], measured["package"], strict=True)
        ]
        print(
            f"{name} / package: median {statistics.median(ratios):.0f} "
            f"(from {min(ratios):.0f} to {max(ratios):.0f})"
        )
    for name, aggregation in AGGREGATIONS.items():
        count = min(OF_ELO if name == "elo" else len(weights), len(weights))
        drawn = weights[:count]
        note(name, seconds(lambda: aggregation.aggregate(tallies, drawn)), count)  # noqa: B023


if __name__ == "__main__":
    main()
