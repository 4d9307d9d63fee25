"""Covariances of differences to one run: their diagonal is each one's error, and they are true."""

from dataclasses import replace

import numpy as np
import pytest

from scorers.scores.joint_differences import joint_differences
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import shared_responses

SCHWARTZ, BIG_FIVE = (manifest_of("value_portrait").scores[n] for n in ("schwartz", "big_five"))
NAMES = (*SCHWARTZ.names, *BIG_FIVE.names)
ITEMS, QUERIES = 60, 10
_TAGS = (
    np.random.default_rng(3).random((ITEMS, len(NAMES))) < 0.7
)  # every query has items of every score
TAGS = [[n for n, on in zip(NAMES, row, strict=True) if on] for row in _TAGS]
LEANINGS = np.random.default_rng(4).normal(3.5, 0.5, (4, ITEMS))


def grids(rng: np.random.Generator, variants: int = 6, epochs: int = 1) -> list[ResponseMatrix]:
    """Answers of four runs; the first is the one that the others are compared with."""
    out = []
    for leaning in LEANINGS:
        ratings = leaning[:, None] + rng.normal(0, 0.7, (epochs * ITEMS, variants)).reshape(
            epochs, ITEMS, variants
        )
        rows = [f"{i:02d}" for i in range(ITEMS)] * epochs
        clusters = [f"q{int(row) % QUERIES}" for row in rows]
        one = ResponseMatrix.from_ratings(
            ratings.reshape(-1, variants), rows, clusters, list("abcdef")[:variants], TAGS * epochs
        )
        out.append(replace(one, epochs=np.repeat(range(1, epochs + 1), ITEMS).tolist()))
    return out


def differences(runs: list[ResponseMatrix], *families):
    answers = [shared_responses(runs, family) for family in families or (SCHWARTZ, BIG_FIVE)]
    found = joint_differences(answers, 0, [1, 2, 3])
    assert found is not None
    return found


def with_gaps(runs: list[ResponseMatrix]) -> list[ResponseMatrix]:
    """Some answers missing, and items with one answer left, or none."""
    rng = np.random.default_rng(5)
    out = []
    for run in runs:
        lost = rng.random(run.ratings.shape) < 0.1
        lost[0], lost[1, 1:] = True, True
        out.append(run.without(lost))
    return out


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize(("variants", "epochs"), [(6, 1), (2, 2), (1, 3)])
def test_the_diagonal_is_the_error_of_each(variants: int, epochs: int, gaps: bool):
    runs = grids(np.random.default_rng(0), variants, epochs)
    found = differences(with_gaps(runs) if gaps and variants > 2 else runs)
    for joint, scoped in ((found.on, found.scores.on), (found.beyond, found.scores.beyond)):
        variances = scoped.errors.ravel() ** 2
        assert np.diag(joint.covariance) == pytest.approx(variances, nan_ok=True)
        known = ~np.isnan(variances)
        assert known.any()
        kept = joint.covariance[np.ix_(known, known)]
        assert np.linalg.eigvalsh(kept).min() > -1e-9


@pytest.mark.parametrize(("variants", "epochs"), [(6, 1), (1, 3)])
def test_covariances_on_these_items_are_those_of_asking_again(variants: int, epochs: int):
    found = [
        differences(grids(np.random.default_rng(seed), variants, epochs)) for seed in range(300)
    ]
    true = np.cov(np.array([one.values.ravel() for one in found]).T)
    mean = np.mean([one.on.covariance for one in found], axis=0)
    spread = np.sqrt(np.diag(true))
    apart = (mean - true) / spread[:, None] / spread
    assert np.abs(apart).max() < 0.25  # of correlations over 300 draws
    # half of the variance of a difference is that of the run that all are compared with
    scores = len(NAMES)
    across = np.diag(mean[:scores, scores:]) / np.diag(mean)[:scores]
    assert across == pytest.approx([0.5] * scores, abs=0.1)


def test_covariances_beyond_these_items_are_those_of_leaving_out_queries():
    runs = grids(np.random.default_rng(0))
    found = differences(runs)
    whole = found.values.ravel()
    queries = sorted(set(runs[0].clusters))
    kept = [[i for i, q in enumerate(runs[0].clusters) if q != one] for one in queries]
    without = [differences([run.rows(rows) for run in runs]).values.ravel() for rows in kept]
    falls = whole - np.array(without)
    expected = (len(queries) - 1) / len(queries) * falls.T @ falls
    assert found.beyond.covariance == pytest.approx(expected)


def test_asked_once_there_is_no_error_on_these_items():
    found = differences(grids(np.random.default_rng(0), variants=1))
    assert np.isnan(found.on.covariance).all()
    assert not np.isnan(found.beyond.covariance).any()


def test_nothing_tagged_has_no_differences():
    runs = grids(np.random.default_rng(0))
    bare = [replace(run, attributes=[{"tags": []}] * len(run.samples)) for run in runs]
    assert joint_differences([shared_responses(bare, SCHWARTZ)], 0, [1]) is None
