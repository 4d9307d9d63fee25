"""Value Portrait's Table 4: Cronbach's alpha of each value's items over models and wordings.

The paper's rows are its 27 models in six prompt variants each, 162 in all, with Power .96,
Achievement .95, Stimulation .93, Hedonism .92, Benevolence and Universalism .89, Conformity .88,
Self-Direction and Security .87 and Tradition .76. Those figures need the recorded answers of all
27 models; 21 of the recordings are not at hand here, so none of the ten is reached or missed. What
is tested is that the same statistic is made in the same way: on the six recordings at hand, against
two other routes from the authors' own numbers; and on 27 simulated models.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.board.table_profile import model_variant_rows, reliability_table
from leaderboard.published.recomputed import TABLE_4, recomputed_alphas
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.instruments.value_portrait import (
    VARIANTS,
    load_instrument,
    load_recording,
    recording_of,
)
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix
from tests.published.recordings import IN_TABLES_5_AND_6, grid_of

MANIFEST = manifest_of("value_portrait")


def alpha_by_hand(rows: np.ndarray) -> float:
    """k / (k - 1) * (1 - sum of the items' variances / variance of the totals)."""
    k = rows.shape[1]
    return k / (k - 1) * (1 - rows.var(axis=0, ddof=1).sum() / rows.sum(axis=1).var(ddof=1))


@lru_cache
def across_recordings() -> dict[str, Any]:
    grids = [grid_of(rater, "published") for rater in IN_TABLES_5_AND_6]
    return reliability_table(grids, MANIFEST)


@lru_cache
def read_by_the_authors() -> pd.DataFrame:
    """The numbers of the authors' parser: a row a model and variant, a column an item."""
    names = map(recording_of, IN_TABLES_5_AND_6)
    long = pd.concat([load_recording(name).assign(model=name) for name in names])
    wide = long.pivot(index=["model", "variant"], columns="instance", values="published")
    assert len(wide) == 6 * 6
    return wide.reindex(columns=load_instrument().items.index).astype(float)


@pytest.mark.usefixtures("mirror")
@pytest.mark.parametrize("value", SCHWARTZ)
def test_alpha_over_the_recordings_by_two_other_routes(value: str):
    items = load_instrument().tagged()[ALL_DIMENSIONS.index(value)]
    complete = read_by_the_authors().loc[:, items].dropna()
    found = across_recordings()[value]
    assert (found["rows"], found["items"]) == complete.shape
    assert 26 <= found["rows"] <= 35  # of six models in six variants
    # Pingouin's interval takes the rows of a model for independent ones; ours keeps them together.
    alpha, _ = pingouin.cronbach_alpha(data=complete)
    value, low, high = (found["alpha"][end] for end in ("value", "low", "high"))
    assert value == pytest.approx(alpha, abs=1e-9)
    assert value == pytest.approx(alpha_by_hand(complete.to_numpy()), abs=1e-9)
    assert low < value < high
    assert found["alpha"]["reason"] is None


@pytest.mark.usefixtures("mirror")
def test_table_4_as_far_as_the_recordings_at_hand_go():
    """Six of its 27 models: all alphas are lower than printed, so no cell is reached by them."""
    found = recomputed_alphas(IN_TABLES_5_AND_6)
    for one in found:
        print(f"{one.name}: {one.found.value:.2f} of {one.models} models, printed {one.printed}")
    assert [one.name for one in found] == list(SCHWARTZ) == list(TABLE_4)
    assert {one.models for one in found} == {6}
    for one in found:
        assert one.found.value == pytest.approx(across_recordings()[one.name]["alpha"]["value"])
    assert {one.name: round(one.found.value, 2) for one in found} == {
        "Universalism": 0.84, "Benevolence": 0.79, "Conformity": 0.80, "Tradition": 0.68,
        "Security": 0.65, "Power": 0.86, "Achievement": 0.86, "Hedonism": 0.73,
        "Stimulation": 0.82, "Self-Direction": 0.67,
    }  # fmt: skip
    assert all(one.found.value < one.printed for one in found)


def simulated_grid(rng: np.random.Generator, items: int) -> ResponseMatrix:
    """A model with a leaning of its own, in all of its answers: to items of Power, half of them
    of Tradition as well.
    """
    leaning = rng.normal(0, 1)
    ratings = np.clip(np.round(3.5 + leaning + rng.normal(0, 0.7, (items, len(VARIANTS)))), 1, 6)
    return ResponseMatrix(
        samples=[f"{i:02}-1" for i in range(items)],
        epochs=[1] * items,
        clusters=[f"{i:02}" for i in range(items)],
        columns=list(VARIANTS),
        ratings=ratings,
        right=None,
        statuses=np.full(ratings.shape, "valid"),
        attributes=[{"tags": ["Power"] if i % 2 else ["Power", "Tradition"]} for i in range(items)],
        labels={},
    )


def test_27_models_give_162_rows_and_incomplete_ones_are_left_out():
    rng = np.random.default_rng(4)
    grids = [simulated_grid(rng, 8) for _ in range(27)]
    full = reliability_table(grids, MANIFEST)
    assert list(full) == ["Tradition", "Power"]
    assert (full["Power"]["rows"], full["Power"]["items"]) == (162, 8)
    assert (full["Tradition"]["rows"], full["Tradition"]["items"]) == (162, 4)

    # an item of Power alone in two rows, and one of both in a third
    for model, item, variant in ((0, 1, 0), (26, 7, 5), (13, 2, 3)):
        grids[model].ratings[item, variant] = np.nan
        grids[model].statuses[item, variant] = "refusal"
    found = reliability_table(grids, MANIFEST)
    assert (found["Power"]["rows"], found["Tradition"]["rows"]) == (159, 161)
    stacked = np.vstack([grid.ratings.T for grid in grids])
    for name, items in (("Power", range(8)), ("Tradition", range(0, 8, 2))):
        rows = stacked[:, list(items)]
        complete = rows[~np.isnan(rows).any(axis=1)]
        assert found[name]["alpha"]["value"] == pytest.approx(alpha_by_hand(complete))
        assert found[name]["alpha"]["value"] != full[name]["alpha"]["value"]


def test_rows_are_models_in_wordings_and_not_models():
    """Models alone would be fewer rows and, their wordings averaged, a higher alpha."""
    rng = np.random.default_rng(5)
    grids = [simulated_grid(rng, 8) for _ in range(27)]
    found = reliability_table(grids, MANIFEST)["Power"]["alpha"]["value"]
    models = np.array([grid.ratings.mean(axis=1) for grid in grids])
    assert alpha_by_hand(models) > found + 0.005


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[ResponseMatrix], list[str]]:
    """Models that were asked some of some items, in any order, for one epoch or two."""
    items = [f"{i}-1" for i in range(draw(st.integers(1, 5)))]
    columns = list(VARIANTS[: draw(st.integers(1, 6))])
    out = []
    for _ in range(draw(st.integers(1, 4))):
        asked = draw(st.lists(st.sampled_from(items), unique=True, min_size=1))
        keys = draw(
            st.permutations([(s, e) for s in asked for e in range(draw(st.sampled_from([1, 2])))])
        )
        rating = st.one_of(st.integers(1, 6).map(float), st.just(np.nan))
        ratings = draw(
            st.lists(rating, min_size=len(keys) * len(columns), max_size=len(keys) * len(columns))
        )
        matrix = np.array(ratings).reshape(len(keys), len(columns))
        out.append(
            ResponseMatrix(
                samples=[sample for sample, _ in keys],
                epochs=[epoch + 1 for _, epoch in keys],
                clusters=[sample for sample, _ in keys],
                columns=columns,
                ratings=matrix,
                right=None,
                statuses=np.where(np.isnan(matrix), "refusal", "valid"),
                attributes=[{"tags": []}] * len(keys),
                labels={},
            )
        )
    wanted = draw(st.permutations(items))
    return out, wanted[: draw(st.integers(1, len(wanted)))]


@given(grids())
def test_a_row_holds_one_models_answers_in_one_wording(
    drawn: tuple[list[ResponseMatrix], list[str]],
):
    found, instances = drawn
    rows = model_variant_rows(found, instances)
    columns = found[0].columns
    assert rows.shape == (len(found) * len(columns), len(instances))
    for m, grid in enumerate(found):
        for v in range(len(columns)):
            for i, instance in enumerate(instances):
                said = [
                    rating
                    for sample, rating in zip(grid.samples, grid.ratings[:, v], strict=True)
                    if sample == instance and not np.isnan(rating)
                ]
                cell = rows[m * len(columns) + v, i]
                assert cell == sum(said) / len(said) if said else np.isnan(cell)
