import numpy as np
import pytest
from scipy import stats

from ratings.errors import DataError
from scorers.preferences.group_differences import GroupTest, group_differences
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies
from tests.scorers.preferences.made_replies import scored_replies


def two_groups(
    seed: int = 0,
    sizes: tuple[int, int] = (40, 200),
    turns: tuple[int, int] = (4, 4),
    noise: tuple[float, float] = (12, 12),
    own: tuple[float, float] = (5, 5),
    shift: float = 0,
) -> tuple[Tallies, list[str]]:
    """Two groups that give the same scores to all models but m2, which the second prefers more."""
    parts = []
    for g in (0, 1):
        worth = np.tile(60 - 3 * (np.arange(6) - 3.0), (sizes[g], 1))
        worth[:, 2] += shift * g
        parts.append(
            scored_replies(
                sizes[g], 6, turns[g], noise=noise[g], own=own[g], seed=seed, sample=g, worth=worth
            )
        )
    one, other = parts
    replies = ScoredReplies(
        one.models,
        tuple(f"p{r}" for r in range(sum(sizes))),
        np.concatenate([one.turn, other.turn + one.turn.max() + 1]),
        np.concatenate([one.person, other.person + sizes[0]]),
        np.concatenate([one.model, other.model]),
        np.concatenate([one.score, other.score]),
    )
    return Tallies.of(replies), ["a"] * sizes[0] + ["b"] * sizes[1]


def outcome_of(seed: int, aggregation: str, **made: object) -> GroupTest:
    tallies, groups = two_groups(seed, **made)
    return group_differences(
        tallies, groups, aggregation, seed=seed, permutations=299, replicates=2
    )


@pytest.mark.parametrize(
    "name", ["rank_centrality", "bradley_terry", "elo_mle", "win_rate", "mean_score", "borda"]
)
def test_a_planted_difference_is_found_where_it_is(name: str):
    tallies, groups = two_groups(sizes=(100, 150), turns=(6, 6), shift=12)
    found = group_differences(tallies, groups, name, permutations=499, replicates=200)
    assert found.p_value < 0.01
    assert found.groups == {"a": 100, "b": 150}
    by_model = {one.model: one for one in found.models}
    assert by_model["m2"].corrected < 0.05
    low, high = by_model["m2"].effects["b"].low, by_model["m2"].effects["b"].high
    assert 0 < low < by_model["m2"].effects["b"].value < high
    assert by_model["m2"].effects["a"].value == pytest.approx(-by_model["m2"].effects["b"].value)


def test_effects_of_mean_scores_are_differences_of_means():
    tallies, groups = two_groups(shift=10)
    found = group_differences(tallies, groups, "mean_score", permutations=99, replicates=500)
    sums, inside = tallies.scores, np.array(groups) == "b"
    means = [
        sums.score[part].sum(axis=0) / sums.replies[part].sum(axis=0) for part in (inside, ~inside)
    ]
    np.testing.assert_allclose([m.effects["b"].value for m in found.models], means[0] - means[1])


def test_mean_scores_of_equal_numbers_give_welchs_statistic_to_permute():
    """With every person scoring every model once, the p-value nears that of Welch's test."""
    full = Tallies.of(scored_replies(150, 6, turns=1, shown=6, noise=12, own=0, seed=4))
    means = full.scores.score
    label = np.array(["a"] * 60 + ["b"] * 90)
    found = group_differences(full, label.tolist(), "mean_score", permutations=4_999, replicates=2)
    for k, one in enumerate(found.models):
        welch = stats.ttest_ind(means[label == "a", k], means[label == "b", k], equal_var=False)
        assert one.p_value == pytest.approx(welch.pvalue, abs=0.02)


def test_three_groups_and_people_in_none():
    tallies, _ = two_groups(shift=0)
    rng = np.random.default_rng(0)
    groups = rng.choice(["x", "y", "z", "none"], size=240)
    labels = [None if one == "none" else str(one) for one in groups]
    labels[labels.index(None)] = np.nan  # as pandas has it
    found = group_differences(tallies, labels, permutations=199, replicates=20)
    assert set(found.groups) == {"x", "y", "z"}
    assert found.left_out == (groups == "none").sum()
    assert sum(found.groups.values()) + found.left_out == 240
    assert all(set(one.effects) == {"x", "y", "z"} for one in found.models)
    assert found.p_value > 0.05


def test_the_order_of_people_and_names_of_groups_do_not_matter_to_effects():
    tallies, groups = two_groups(shift=8)
    one = group_differences(tallies, groups, permutations=99, replicates=10)
    swapped = ["z" if group == "a" else "y" for group in groups]
    other = group_differences(tallies, swapped, permutations=99, replicates=10)
    for left, right in zip(one.models, other.models, strict=True):
        assert left.effects["a"].value == pytest.approx(right.effects["z"].value)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["a"] * 240, "two groups or more, but has 1$"),
        ([None] * 240, "two groups or more, but has 0$"),
        (["a"] * 239 + ["b"], "the group b has one person"),
        (["a", "b"], "2 labels of groups for 240 people"),
    ],
)
def test_groups_that_cannot_be_compared_are_refused(groups: list, message: str):
    with pytest.raises(DataError, match=message):
        group_differences(two_groups()[0], groups)


def test_what_depends_on_an_order_of_battles_is_not_tested():
    tallies, groups = two_groups()
    with pytest.raises(DataError, match="test elo_mle instead"):
        group_differences(tallies, groups, "elo")


def test_a_model_that_one_person_alone_has_seen_is_named_as_the_trouble():
    replies = scored_replies(people=30)
    kept = (replies.model != 5) | (replies.person == 3)
    tallies = Tallies.of(replies.where(kept))
    with pytest.raises(DataError, match="without one of 1 people there is no answer"):
        group_differences(tallies, ["a", "b"] * 15, "mean_score")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("rank_centrality", {}),
        # the same chances to win in both groups, but one agrees among itself less
        ("rank_centrality", {"noise": (5, 12), "own": (12, 5)}),
        ("rank_centrality", {"noise": (12, 5), "own": (5, 12)}),
        ("rank_centrality", {"turns": (10, 2)}),
        ("mean_score", {"noise": (12, 6), "own": (8, 3)}),
        ("mean_score", {"turns": (2, 10)}),
        ("bradley_terry", {"turns": (10, 2)}),
    ],
)
def test_false_alarms_are_no_more_than_nominal(name: str, made: dict, in_full: bool):
    times = 100 if in_full else 30
    found = [outcome_of(1000 + seed, name, **made) for seed in range(times)]
    overall = sum(one.p_value < 0.05 for one in found)
    any_model = sum(min(model.corrected for model in one.models) < 0.05 for one in found)
    for alarms in (overall, any_model):
        assert stats.binomtest(alarms, times, 0.05, alternative="greater").pvalue > 0.01


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rank_centrality", "mean_score"])
def test_planted_differences_are_found_mostly(name: str, in_full: bool):
    times = 100 if in_full else 20
    found = [outcome_of(seed, name, turns=(6, 6), shift=8) for seed in range(times)]
    assert np.mean([one.p_value < 0.05 for one in found]) > 0.9
    by_model = [{model.model: model for model in one.models} for one in found]
    assert np.mean([models["m2"].corrected < 0.05 for models in by_model]) > 0.9


@pytest.mark.slow
def test_intervals_of_effects_cover(in_full: bool):
    times, hits = (200 if in_full else 50), 0
    for seed in range(times):
        tallies, groups = two_groups(seed, sizes=(50, 150), shift=10)
        found = group_differences(
            tallies, groups, "mean_score", seed=seed, permutations=1, replicates=300
        )
        effect = next(one for one in found.models if one.model == "m2").effects["b"]
        hits += effect.low <= 10 <= effect.high
    assert stats.binomtest(hits, times, 0.95, alternative="less").pvalue > 0.01
