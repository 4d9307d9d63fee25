import numpy as np
import pandas as pd
import pytest

from scorers.tags.correlations import centred_ranks, correlate, rank_correlations
from scorers.tags.stability import bootstrap_shares, half_check, true_correlations
from tests.scorers.tags.planted import Planted, sparse, weak


def over_seeds(planted: Planted, seeds: int) -> dict[str, float]:
    """Means over seeds: tags that other people show, as foretold, and as resamples say."""
    rows = []
    for seed in range(seeds):
        table, scores = planted.draw(seed)
        first, second = correlate(table, scores), correlate(*planted.draw(seed + 5000))
        tags = first.found()
        sign = np.sign(first.r)
        held = second.found() & (np.sign(second.r) == sign)
        true = true_correlations(table, scores, splits=10, seed=seed)
        resampled = bootstrap_shares(table, scores, resamples=20, seed=seed)
        rows.append(
            {
                "held": held[tags].mean(),
                "foretold": true.again[tags].mean(),
                "resamples": resampled[tags].mean(),
                "r": (sign * first.r)[tags].mean(),
                "r of others": (sign * second.r)[tags].mean(),
                "r foretold": (sign * true.expected)[tags].mean(),
                "sign": (np.sign(second.r) == sign)[tags].mean(),
            }
        )
    found = pd.DataFrame(rows).mean()
    print(found.round(3).to_dict())
    return {str(name): float(value) for name, value in found.items()}


def test_the_chance_with_other_people_is_right_where_the_bootstrap_is_not():
    """Normal true correlations, as those of people are: 100 samples, each with other people.

    With so few items it errs on the high side, a little.
    """
    found = over_seeds(Planted(weak(60, 0.1), groups=3, raters=46), 100)
    assert found["held"] - 0.01 < found["foretold"] < found["held"] + 0.04
    assert found["r foretold"] == pytest.approx(found["r of others"], abs=0.03)
    assert found["resamples"] > found["held"] + 0.4
    assert found["r"] > 3 * found["r of others"]


def test_with_few_strong_relations_the_chance_errs_on_the_low_side():
    found = over_seeds(Planted(sparse(60, 1.0, 0.5), groups=2, raters=46), 20)
    assert found["held"] - 0.15 < found["foretold"] < found["held"] + 0.02
    assert found["r foretold"] == pytest.approx(found["r of others"], abs=0.03)
    assert found["resamples"] > found["held"] + 0.1


def test_without_a_relation_next_to_nothing_is_foretold():
    """With 60 items of two groups it errs on the high side: shared errors pass for a mean."""
    found = over_seeds(Planted(sparse(60, 0.0, 0.0), groups=2, raters=46), 20)
    assert found["foretold"] < 0.07
    assert abs(found["r foretold"]) < 0.05
    assert found["resamples"] > 0.55


def test_a_half_foretells_the_other():
    table, scores = Planted(weak(240, 0.12), groups=6, raters=46).draw(1)
    found = half_check(table, scores, halves=6, splits=8)
    assert found.tags > 100
    assert found.foretold == pytest.approx(found.held, abs=0.06)
    assert found.r_other < found.r / 2


def test_bootstrap_shares_are_those_of_resamples_drawn_one_by_one():
    table, scores = Planted(sparse(12, 1.0, 0.6), groups=2, raters=40).draw(0)
    shares = bootstrap_shares(table, scores, resamples=400, seed=0)
    tags = correlate(table, scores)
    matrix, values = table.matrix(), scores.to_numpy()
    rng = np.random.default_rng(1)
    d, i = np.unravel_index(np.argmin(np.abs(np.abs(tags.r) - 0.35)), tags.r.shape)
    there = np.flatnonzero(~np.isnan(matrix[:, i]))
    held = []
    for _ in range(400):
        rows = rng.choice(there, len(there))
        y, x = centred_ranks(values[rows][:, [d]]), centred_ranks(matrix[rows][:, [i]])
        held.append(rank_correlations(y, x)[0, 0] * np.sign(tags.r[d, i]) > 0.3120)
    assert shares[d, i] == pytest.approx(np.mean(held), abs=0.1)
    assert shares[tags.found()].min() > 0.3


def test_reasons_where_nothing_can_be_foretold():
    table, scores = Planted(sparse(8, 1.0, 0.5), groups=1, raters=40).draw(0)
    found = true_correlations(table, scores)
    assert np.isnan(found.again).all()
    assert found.reason == "a dimension has fewer than 10 items with a correlation"
    table, scores = Planted(sparse(12, 1.0, 0.5), groups=1, raters=5).draw(0)
    few = true_correlations(table, scores)
    assert few.reason == "half of the people are too few for a correlation"
    assert np.isnan(few.expected).all()
