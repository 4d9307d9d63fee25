"""How many people are enough: the interval covers what is true of made people."""

import copy
import functools

import numpy as np
import pytest

from ratings.arrays import BoolArray, FloatArray
from ratings.errors import DataError
from ratings.prism.prism import load_prism
from scorers.welfare.enough import EVERY, people_enough
from scorers.welfare.matrix import WelfareMatrix, group_worth
from scorers.welfare.plan import load_plan
from scorers.welfare.plausible import plausible_worths
from scorers.welfare.rules import RULES
from scorers.welfare.sampling import Uniforms, choice_shares, sample_counts
from tests.scorers.welfare.made_people import made_people, worth_of_models

GROUPS = ("everyone", "nonmale", "nonwhite", "below_45")
GRID = (5, 20, 100)


def truth(
    ratings: FloatArray, masks: dict[str, BoolArray], pool: str, margin: float, rule: str
) -> dict[int, FloatArray]:
    """The chance for each group and for all at once, by n, where these are all people there are."""
    rng = np.random.default_rng(0)
    worth = group_worth(ratings, np.stack([masks[name] for name in GROUPS]))
    good = worth >= worth.max(axis=1, keepdims=True) - margin
    good = np.vstack([good, good.all(axis=0)])
    inside = ratings[masks[pool]]
    found = {}
    for people in GRID:
        uniforms = Uniforms.of(1_500, people, ratings.shape[1], rng)
        counts = sample_counts(np.ones(len(inside), dtype=np.intp), people, uniforms.picks)
        chosen = RULES[rule].choose(counts, inside, uniforms.tie_breaks)
        found[people] = choice_shares(chosen[None], ratings.shape[1])[0] @ good.T
    return found


def covered(
    ratings: FloatArray,
    masks: dict[str, BoolArray],
    true: dict[int, FloatArray],
    margin: float,
    rule: str,
    seed: int,
) -> list[tuple[bool, float]]:
    """Whether each interval covers, and how far the estimate is off."""
    found = people_enough(
        ratings, masks, ["everyone"], GROUPS, RULES[rule], margin, grid=GRID, seed=seed
    )
    table = found.table.set_index(["people", "group"])
    rows = []
    for people, chances in true.items():
        for group, chance in zip([*GROUPS, EVERY], chances, strict=True):
            row = table.loc[(people, group)]
            inside = row["chance low"] - 0.02 <= chance <= row["chance high"] + 0.02
            rows.append((bool(inside), float(row["chance"] - chance)))
    return rows


@functools.cache
def world(apart: float, seed: int) -> tuple[FloatArray, dict[int, FloatArray], np.random.Generator]:
    """The worth of models to groups that are so far apart, what is true of 10,000 people, and the
    random numbers that come next."""
    rng = np.random.default_rng(seed)
    worth = worth_of_models(rng, apart=apart)
    everybody, groups = made_people(rng, 10_000, worth)
    return worth, truth(everybody, groups, "everyone", 5.0, "max_rating"), rng


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 230])
@pytest.mark.parametrize("apart", [0.0, 3.0])
def test_the_interval_covers_whatever_the_groups(in_full: bool, apart: float, people: int):
    """0.02 on both sides is the error of 1,500 draws in what is called true."""
    rows = []
    for seed in range(60 if in_full else 8):
        worth, true, rng = world(apart, seed)
        ratings, masks = made_people(copy.deepcopy(rng), people, worth)
        rows += covered(ratings, masks, true, 5.0, "max_rating", seed)
    hits, off = np.array(rows).T
    assert hits.mean() > (0.92 if in_full else 0.85)
    if people > 200:
        assert abs(off.mean()) < (0.04 if in_full else 0.1)


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "margin"), [("max_rating", 5.0), ("max_choice", 0.05)])
def test_the_interval_covers_what_the_generator_planted(in_full: bool, rule: str, margin: float):
    """A few hundred of thousands of made people: what is true is of the thousands."""
    plan = load_plan()
    rows = []
    for seed in range(8 if in_full else 1):
        prism = load_prism("sample", people=4_000 if in_full else 1_500, seed=seed).balanced()
        masks = plan.masks(prism.survey)
        matrix = WelfareMatrix.of(prism.openers(), RULES[rule].kind, prism.survey.index)
        if rule == "max_rating":
            planted = np.array(
                [prism.truth.worth[prism.truth.models.index(m)] for m in matrix.models]
            )
            assert np.corrcoef(np.nanmean(matrix.worth, axis=0), planted)[0, 1] > 0.9
        true = truth(matrix.worth, masks, "everyone", margin, rule)
        rng = np.random.default_rng(seed)
        for _ in range(8 if in_full else 4):
            some = rng.choice(len(matrix.people), 230, replace=False)
            mine = {name: mask[some] for name, mask in masks.items()}
            rows += covered(matrix.worth[some], mine, true, margin, rule, seed)
    hits, _ = np.array(rows).T
    assert hits.mean() > (0.92 if in_full else 0.85)


def test_the_naive_curve_is_too_good_and_the_interval_covers():
    """Naive: as if the people at hand were all there are, so that who chooses also judges."""
    gaps, hits = [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        worth = worth_of_models(rng, spread=2.0, apart=0.0)
        everybody, groups = made_people(rng, 3_000, worth)
        ratings, masks = made_people(rng, 30, worth)
        true = truth(everybody, groups, "everyone", 1.0, "max_rating")[100][0]
        naive = truth(ratings, masks, "everyone", 1.0, "max_rating")[100][0]
        found = people_enough(
            ratings, masks, ["everyone"], ["everyone"], RULES["max_rating"], 1.0, grid=[100]
        )
        row = found.table.iloc[0]
        gaps.append(naive - true)
        hits.append(row["chance low"] - 0.02 <= true <= row["chance high"] + 0.02)
    assert np.mean(gaps) > 0.15
    assert np.mean(hits) > 0.8


def test_more_people_and_wider_margins_are_better():
    rng = np.random.default_rng(0)
    ratings, masks = made_people(rng, 230, worth_of_models(rng))
    wide, narrow = (
        people_enough(ratings, masks, ["everyone", "male"], GROUPS, RULES["max_rating"], margin)
        for margin in (10.0, 2.0)
    )
    assert (wide.table["chance"] >= narrow.table["chance"]).all()
    for _, mine in wide.table.groupby(["pool", "group"]):
        assert mine.sort_values("people")["chance"].diff().dropna().gt(-0.03).all()
    every = wide.table["group"].eq(EVERY)
    for _, mine in wide.table.groupby(["pool", "people"]):
        assert mine.loc[every[mine.index], "chance"].item() <= mine["chance"].min() + 1e-12
    for table in (wide.table, narrow.table):
        assert table["chance"].between(table["chance low"], table["chance high"]).all()
        assert table["chance"].between(0, 1 + 1e-12).all()


def test_the_smallest_number_is_the_one_from_which_on_it_is_reached():
    ratings = np.tile([90.0, 10.0], (40, 1)) + np.random.default_rng(0).normal(0, 1, (40, 2))
    masks = {"everyone": np.ones(40, dtype=bool)}
    found = people_enough(
        ratings, masks, ["everyone"], ["everyone"], RULES["max_rating"], 5.0, grid=(1, 2, 5)
    )
    assert found.enough == {"everyone": 1}
    assert found.surely == {"everyone": 1}
    rng = np.random.default_rng(0)
    ratings, masks = made_people(rng, 100, worth_of_models(rng, spread=1.0))
    found = people_enough(
        ratings, masks, ["everyone"], GROUPS, RULES["max_rating"], 0.0, grid=(1, 5)
    )
    assert found.enough == {"everyone": None}


def test_worlds_shrink_noise_and_keep_what_is_sure():
    """Of models that are worth the same, worlds differ less than means of few people do."""
    rng = np.random.default_rng(0)
    ratings, masks = made_people(rng, 60, (np.zeros(21), np.zeros((3, 21))))
    members = masks["everyone"][None]
    worlds = plausible_worths(ratings, members, 200, rng)
    shown = group_worth(ratings, members)[0]
    assert worlds.mean(axis=0)[0].std() < 0.5 * shown.std()
    ratings, masks = made_people(rng, 3_000, (np.linspace(-15, 15, 21), np.zeros((3, 21))))
    shown = group_worth(ratings, masks["everyone"][None])[0]
    worlds = plausible_worths(ratings, masks["everyone"][None], 200, rng)
    centred = worlds.mean(axis=0)[0] - worlds.mean()
    assert centred == pytest.approx(shown - shown.mean(), abs=0.5)


@pytest.mark.parametrize("people", [1, 2, 5])
@pytest.mark.parametrize("kind", ["rating", "choice"])
def test_few_people_are_enough_to_answer(people: int, kind: str):
    rng = np.random.default_rng(people)
    ratings = np.where(rng.random((people, 3)) < 0.7, rng.uniform(1, 100, (people, 3)), np.nan)
    ratings[0, 0] = 50.0
    worth = ratings if kind == "rating" else ratings / 100
    masks = {"everyone": np.ones(people, dtype=bool), "first": np.arange(people) < 1}
    rule = RULES[f"max_{kind}"]
    found = people_enough(worth, masks, ["everyone", "first"], ["everyone", "first"], rule, 5.0)
    assert found.table["chance"].between(0, 1 + 1e-12).all()


def test_a_model_that_nobody_saw_is_not_the_best():
    masks = {"everyone": np.ones(30, dtype=bool)}
    rng = np.random.default_rng(0)
    ratings = np.array([30.0, 40.0, 70.0]) + rng.normal(0, 2, (30, 3))
    asked = (["everyone"], ["everyone"], RULES["max_rating"], 2.0)
    known = people_enough(ratings, masks, *asked, grid=(10,)).table
    more = np.column_stack([ratings, np.full(30, np.nan)])
    assert people_enough(more, masks, *asked, grid=(10,)).table.equals(known)
    with pytest.raises(DataError, match="nobody rated a model"):
        people_enough(more[:, 3:], masks, *asked)


def test_ties_of_all_models_and_a_model_that_nobody_saw():
    masks = {"everyone": np.ones(30, dtype=bool)}
    for ratings in (np.full((30, 4), 50.0), np.tile([50.0, 60.0, np.nan], (30, 1))):
        found = people_enough(
            ratings, masks, ["everyone"], ["everyone"], RULES["max_rating"], 5.0, grid=(10,)
        )
        assert found.table["chance"].notna().all()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"margin": -1.0}, "the margin is -1"),
        ({"margin": np.nan}, "the margin is nan"),
        ({"grid": ()}, "at least 1"),
        ({"grid": (0, 5)}, "at least 1"),
        ({"pools": ["nobody"]}, "'nobody' has nobody"),
    ],
)
def test_what_cannot_be_answered_is_refused(options, named):
    masks = {"everyone": np.ones(4, dtype=bool), "nobody": np.zeros(4, dtype=bool)}
    asked = {"pools": ["everyone"], "margin": 5.0, "grid": (5,)} | options
    with pytest.raises(DataError, match=named):
        people_enough(
            np.full((4, 2), 50.0),
            masks,
            asked["pools"],
            ["everyone"],
            RULES["max_rating"],
            asked["margin"],
            grid=asked["grid"],
        )
