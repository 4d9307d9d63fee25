from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from decoders.cluster_raters import (
    CANDIDATES,
    RaterClusters,
    candidate_log_probabilities,
    candidate_raters,
    cluster_raters,
    fit_losses,
)
from decoders.families import family_named
from decoders.fit_split import SplitFit, fit_split
from ratings.data_sets.data_set import DataSet
from ratings.errors import DataError
from ratings.prepared import PreparedSplit
from ratings.representations.names import parse_representation
from ratings.representations.rater_context import RaterContext, no_context
from ratings.splits import Split, split_raters
from ratings.table import RatingTable
from scorers.information.profile_clusters import assign, cluster_profiles, loss_table
from scorers.information.v_information import log_losses

SEED = 0
RATERS, INSTANCES = 120, 24


@pytest.fixture(scope="module")
def data() -> DataSet:
    """Two kinds of raters: what the one agrees with, the other disagrees with."""
    rng = np.random.default_rng(5)
    kind = rng.integers(2, size=RATERS)
    side = rng.choice([-1, 1], size=INSTANCES) * np.where(kind == 1, 1, -1)[:, None]
    logits = 1.2 * side[:, :, None] * np.linspace(-1, 1, 4)
    shares = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    drawn = 1 + (rng.random((RATERS, INSTANCES, 1)) > shares.cumsum(axis=2)).sum(axis=2)
    rank = rng.random((RATERS, INSTANCES)).argsort(axis=1).argsort(axis=1)
    table = RatingTable.from_positions(
        np.where(rank < 20, np.minimum(drawn, 4), 0).astype(np.int8),
        raters=pd.DataFrame(
            {"kind": np.array(["a", "b"])[kind], "about": [f"Is of kind {'ab'[k]}." for k in kind]},
            index=[f"r{r}" for r in range(RATERS)],
        ),
        instances=pd.DataFrame({"text": [f"statement {i}" for i in range(INSTANCES)]}),
        choices=("no", "rather no", "rather yes", "yes"),
    )
    return DataSet(
        "two", table, "Agree?", ordered=True, demographics=("kind",), groundtruth="about"
    )


@pytest.fixture(scope="module")
def fit(data: DataSet) -> SplitFit:
    return fit_split(
        PreparedSplit.of(data, SEED), family_named("default"), parse_representation("cluster:2"), 2
    )


@pytest.fixture(scope="module")
def found(fit: SplitFit) -> RaterClusters:
    return fit.clusters["cluster:2"]


def agreement(one: np.ndarray, other: np.ndarray) -> float:
    """Share of raters in the right one of two clusters, whichever way they are numbered."""
    same = float((one == other).mean())
    return max(same, 1 - same)


def test_two_planted_kinds_are_found_and_test_raters_assigned(
    data: DataSet, fit: SplitFit, found: RaterClusters
):
    kind = (data.table.raters["kind"] == "b").to_numpy()
    sizes = np.diff(fit.prepared.partition.starts)
    cluster = found.of(fit.prepared)
    for half in (fit.prepared.split.train, fit.prepared.split.test):
        known = half[sizes[half] >= 5]
        assert agreement(cluster[known], kind[known]) > 0.9


def test_clusters_carry_nearly_all_there_is(data: DataSet, fit: SplitFit):
    """As much as being given the kind itself, but for raters with few fit ratings."""
    family = family_named("default")

    def lost(one: SplitFit) -> float:
        targets = one.test_targets()
        shares = one.predict(targets.raters, targets.instances)
        return float(log_losses(shares, targets.ratings).mean())

    none, informed = (
        lost(fit_split(PreparedSplit.of(data, SEED), family, parse_representation(name), 2))
        for name in ("none", "demographics")
    )
    assert none - informed > 0.1
    assert none - lost(fit) > 0.6 * (none - informed)


def test_the_same_is_found_from_the_table_alone(data: DataSet, fit: SplitFit, found: RaterClusters):
    """Losses written out rating by rater, then the search of the scorers."""
    frame = data.table.ratings.iloc[fit.prepared.partition.fit]
    rows = np.stack(
        [
            found.log_probabilities[i, :, k - 1]
            for i, k in zip(frame["instance"].cat.codes, frame["rating"], strict=True)
        ]
    )
    losses = loss_table(rows, frame["rater"].cat.codes.to_numpy(), RATERS)
    np.testing.assert_allclose(fit_losses(found.log_probabilities, fit.prepared), losses)
    again = cluster_profiles(losses[fit.prepared.split.train], 2, seed=SEED)
    assert again.chosen == found.found.chosen
    np.testing.assert_array_equal(again.assignment, found.found.assignment)
    np.testing.assert_array_equal(found.of(fit.prepared), assign(losses, again.chosen))
    of_training = found.of(fit.prepared)[fit.prepared.split.train]
    np.testing.assert_array_equal(of_training, found.found.assignment)


def test_new_raters_are_assigned_by_their_fit_ratings_alone(
    data: DataSet, fit: SplitFit, found: RaterClusters
):
    positions = data.table.positions().copy()
    rows = fit.prepared.partition.evaluation
    where = data.table.rater_codes[rows], data.table.instance_codes[rows]
    positions[where] = 5 - positions[where]
    table = RatingTable.from_positions(
        positions,
        raters=data.table.raters,
        instances=data.table.instances,
        choices=data.table.choices,
    )
    other = replace(data, table=table)
    np.testing.assert_array_equal(
        found.of(replace(fit.prepared, data=other)), found.of(fit.prepared)
    )
    another = fit.prepared.redrawn(1)
    assert agreement(found.of(another), found.of(fit.prepared)) > 0.8


def test_the_table_is_what_the_decoder_predicts_of_each_candidate(data: DataSet, fit: SplitFit):
    inner = fit_split(
        PreparedSplit.of(data, SEED),
        family_named("default"),
        parse_representation("demographics"),
        1,
    )
    some = inner.given.take([3, 8, 9])
    table = candidate_log_probabilities(inner.decoder, some, data)
    assert table.shape == (INSTANCES, 3, 4)
    for candidate, rater in enumerate((3, 8, 9)):
        own = inner.predict(np.full(INSTANCES, rater), np.arange(INSTANCES))
        np.testing.assert_allclose(np.exp(table[:, candidate]), own, rtol=1e-5)


def test_a_cluster_is_given_as_its_number_and_the_text_of_its_profile(data: DataSet):
    what = parse_representation("cluster:2(groundtruth)")
    context = fit_split(PreparedSplit.of(data, SEED), family_named("default"), what, 1).given
    labels = context.labels["cluster:2(groundtruth)"]
    assert set(labels) == {"1", "2"}
    texts = context.texts["groundtruth"].groupby(labels).unique()
    assert sorted(text for (text,) in texts) == ["Is of kind a.", "Is of kind b."]
    assert context.raters == tuple(data.table.raters.index)
    assert not context.counts.any()


def test_clusters_of_examples_give_a_number_and_no_example(fit: SplitFit):
    """A candidate's known ratings are not those of the raters put in its cluster."""
    assert list(fit.given.labels) == ["cluster:2"]
    assert fit.given.texts.shape[1] == 0
    assert not fit.given.counts.any()


def context_of(raters: int, texts: Sequence[str] | None = None) -> RaterContext:
    plain = no_context([f"r{r}" for r in range(raters)])
    return plain if texts is None else replace(plain, texts=pd.DataFrame({"profile:a": texts}))


def test_candidates_are_training_raters_drawn_by_seed(data: DataSet):
    split = split_raters(data, SEED)
    drawn = candidate_raters(split, context_of(RATERS))
    assert set(drawn) <= set(split.train)
    assert len(set(drawn)) == 60
    many = Split(3, np.arange(0, 1000, 2), np.arange(1, 1000, 2))
    context = context_of(1000)
    assert len(set(candidate_raters(many, context))) == CANDIDATES
    assert (candidate_raters(many, context) % 2 == 0).all()
    other = Split(4, many.train, many.test)
    assert list(candidate_raters(many, context)) != list(candidate_raters(other, context))


def test_raters_without_a_profile_are_no_candidates():
    """Nobody can be put into a cluster by a profile that was never written."""
    split = Split(3, np.arange(0, 1000, 2), np.arange(1, 1000, 2))
    context = context_of(1000, ["likes rain" if r % 20 == 0 else "" for r in range(1000)])
    drawn = candidate_raters(split, context)
    assert drawn.tolist() == list(range(0, 1000, 20))
    everybody = context_of(1000, ["likes rain"] * 1000)
    assert list(candidate_raters(split, everybody)) == list(
        candidate_raters(split, context_of(1000))
    )


def test_clusters_know_whom_their_candidates_describe(fit: SplitFit, found: RaterClusters):
    assert found.raters.tolist() == candidate_raters(fit.prepared.split, fit.given).tolist()
    names = [f"r{r}" for r in found.raters]
    assert list(found.candidates.raters) == names


def test_more_clusters_than_candidates_are_refused(data: DataSet, fit: SplitFit):
    message = "^61 clusters need as many candidates; there are 60$"
    with pytest.raises(DataError, match=message):
        cluster_raters(fit.prepared, fit.decoder, fit.given, 61)
