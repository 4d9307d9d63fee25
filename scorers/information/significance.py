"""Whether a representation informs at all: a mixed model as published, and a permutation test.

The published test is a linear mixed model of the loss with the setting (`none` or the
representation) as fixed and the split as random effect. Here both losses of a rater in a split
are paired, so the setting's effect is the mean of their differences; the mean difference of a
rater in a split is the unit, because ratings of one rater are no independent witnesses, while a
mean per run would leave five numbers and hide how many people they rest on. A rater may be a test
rater of several splits, so raters are a second random effect, crossed with splits.

Both tests ask about the average rater. V-information itself averages over ratings, and where
raters with many ratings differ from those with few, the two differ.

Source: Sorensen et al. (2025), figure 4, for the mixed model; Satterthwaite (1946), An approximate
distribution of estimates of variance components, for the degrees of freedom.
"""

import math
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.regression.mixed_linear_model import MixedLM, MixedLMResultsWrapper

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.information.split_means import Labels, numbered
from scorers.information.v_information import pointwise_information

BLOCKS = 60
PERMUTATIONS = 9_999
_BATCH = 2_000_000  # signs drawn at a time
_ROUNDING = 1e-12
_AT_THE_BOUND = 1e-6  # of the variance of the cells' means
_NONE_BETWEEN = "no variance between splits was found: raters alone are random"


@dataclass(frozen=True)
class MixedTest:
    """The setting's effect in a mixed model.

    Attributes:
        coefficient: mean drop of the loss for an average rater, nats; positive where the
            representation informs.
        error: its standard error; NaN when there is none.
        p_value: two-sided, of Student's t with Satterthwaite's degrees of freedom; NaN when there
            is none.
        note: what was fitted instead of the full model and why, or why nothing was; None when
            the full model was fitted without trouble.
    """

    coefficient: float
    error: float
    p_value: float
    note: str | None = None


def mixed_model_test(
    none: FloatArray, losses: FloatArray, raters: Labels, splits: Labels, seed: int = 0
) -> MixedTest:
    """Mixed model of a representation's drop of the loss, with random raters and splits.

    With more than 60 raters they are put at random into 60 blocks of equal size, whose means
    stand for the raters: the model cannot be solved for thousands of crossed effects, and the
    blocks' means carry the same variance of the overall mean.

    The effect over its standard error is read as Student's t with Satterthwaite's degrees of
    freedom. They are those of the splits, S - 1, where splits cause most of the error, and those
    of the raters where these do. A normal distribution, Wald's z, would take the estimated
    variances for the true ones, and reject in 7 to 13 per cent of simulated studies of five
    splits without an effect, at 5 per cent; Student's rejects in 4 to 7.

    Args:
        none: N log-losses in nats of the decoder that is given nothing.
        losses: N log-losses of the representation, for the same ratings.
        raters: N labels.
        splits: N labels.
        seed: of the blocks.

    Returns:
        The test; with a note where the variance between splits came out as 0, where there is one
        split, or where nothing could be fitted.
    """
    table = _rater_means(none, losses[None], raters, splits)
    differences = table["difference 0"]
    mean = float(differences.groupby(table["split"]).mean().mean())
    if not np.isfinite(differences).all():
        return MixedTest(mean, math.nan, math.nan, "probability 0 was given to a chosen label")
    people = int(table["rater"].nunique())
    if people < 2 or np.ptp(differences) == 0:
        why = "one rater" if people < 2 else "all raters have the same difference"
        return MixedTest(mean, math.nan, math.nan, why)
    several = table["split"].nunique() > 1
    if not several:
        found = stats.ttest_1samp(differences, 0.0)
        error = float(differences.std() / math.sqrt(people))
        return MixedTest(
            mean, error, float(found.pvalue), "one split: Student's test over its raters"
        )
    blocks = np.random.default_rng(seed).permutation(people) % BLOCKS
    table["block"] = blocks[table["rater"]]
    cells = table.groupby(["split", "block"], as_index=False)[["difference 0"]].mean()
    return _fitted(pd.DataFrame(cells), mean)


def permutation_test(
    none: FloatArray,
    losses: FloatArray,
    raters: Labels,
    splits: Labels,
    seed: int = 0,
    permutations: int = PERMUTATIONS,
) -> FloatArray:
    """Two-sided p-values for the decoders at hand against `none`, by flipping signs of raters.

    If a representation did nothing, a rater's two losses could be swapped. A rater's mean
    differences, summed over the splits, change sign together, the same raters for all
    representations. The test is about the decoders at hand, and says nothing of how differently
    they would come out of another training: where between splits training scatters half as much
    as a rater's mean differs between raters, it rejects several times too often as a test of the
    representation. Then the mixed model and the interval of the V-information are the ones to read.

    Args:
        none: N log-losses in nats.
        losses: M x N log-losses of the same ratings.
        raters: N labels.
        splits: N labels.
        seed: of the signs.
        permutations: how many are drawn; the smallest p-value is 1 over one more.

    Returns:
        M values: (1 + permutations at least as extreme) / (1 + permutations). NaN where a loss
        is infinite, or all differences are 0.
    """
    table = _rater_means(none, losses, raters, splits)
    columns = [name for name in table.columns if str(name).startswith("difference")]
    sizes = table.groupby("split")["rater"].transform("size").to_numpy(float)
    shares = table[columns].to_numpy(float) / sizes[:, None]
    people = int(table["rater"].max()) + 1
    sums = np.stack([np.bincount(table["rater"], share, people) for share in shares.T])
    finite: npt.NDArray[np.bool_] = np.all(np.isfinite(sums), axis=1)
    sums[~finite] = 0.0
    observed = np.abs(sums.sum(axis=1))
    least = observed - _ROUNDING * np.abs(sums).sum(axis=1)
    rng = np.random.default_rng(seed)
    extreme = np.zeros(len(sums))
    rows = max(1, _BATCH // people)
    for first in range(0, permutations, rows):
        size = (min(rows, permutations - first), people)
        signs = rng.integers(2, size=size) * 2.0 - 1.0
        extreme += (np.abs(np.einsum("br,mr->bm", signs, sums)) >= least).sum(axis=0)
    p_values: FloatArray = (1 + extreme) / (1 + permutations)
    p_values[np.abs(sums).sum(axis=1) == 0] = np.nan
    return p_values


def _rater_means(
    none: FloatArray, losses: FloatArray, raters: Labels, splits: Labels
) -> pd.DataFrame:
    """Mean drops of the loss of every rater in every split, one column a representation."""
    drops = pointwise_information(none, losses)
    drops[np.isnan(drops)] = -np.inf  # infinite under both; a NaN would be left out of the means
    if not len(raters) == len(splits) == drops.shape[1] > 0:
        raise DataError(
            f"{drops.shape[1]} losses with {len(raters)} raters and {len(splits)} splits; give "
            "one rater and one split for each rating, and at least one rating"
        )
    frame = pd.DataFrame({f"difference {m}": row for m, row in enumerate(drops)})
    frame["rater"] = numbered(raters, "raters")[1]
    frame["split"] = numbered(splits, "splits")[1]
    return frame.groupby(["split", "rater"], as_index=False).mean()


def _fitted(cells: pd.DataFrame, mean: float) -> MixedTest:
    """The crossed model, or that without splits where it cannot be solved with them."""
    scale = float(cells["difference 0"].std())  # the optimiser wants numbers of order 1
    cells = cells.assign(drop=cells["difference 0"] / scale)
    components = {"block": "0 + C(block)", "split": "0 + C(split)"}
    full = _attempt(cells, components)
    if full is not None:
        between = full.vcomp[list(full.model.exog_vc.names).index("split")]
        note = None if between > _AT_THE_BOUND else _NONE_BETWEEN
        return _read(full, scale, cells, float(between), note)
    alone = _attempt(cells, {"block": "0 + C(block)"})
    if alone is not None:
        return _read(alone, scale, cells, 0.0, _NONE_BETWEEN)
    return MixedTest(mean, math.nan, math.nan, "the mixed model did not converge")


def _attempt(cells: pd.DataFrame, components: dict[str, str]) -> MixedLMResultsWrapper | None:
    """A converged fit with a standard error, or None."""
    with warnings.catch_warnings():
        # A variance near its bound of 0 warns, and what it means is said in the note instead.
        warnings.simplefilter("ignore")
        model = MixedLM.from_formula(
            "drop ~ 1", cells, groups=np.ones(len(cells)), vc_formula=components
        )
        try:
            result = model.fit(reml=True, method=["bfgs", "lbfgs"])
        except np.linalg.LinAlgError:
            return None
    error = float(result.bse.iloc[0])
    sound = result.converged and math.isfinite(error) and error > 0
    return result if sound and result.scale > _ROUNDING else None


def _read(
    result: MixedLMResultsWrapper,
    scale: float,
    cells: pd.DataFrame,
    between: float,
    note: str | None,
) -> MixedTest:
    """The test from a fit, given the variance between splits that it found.

    The error's square is one part that S splits' means show, with S - 1 degrees of freedom, and
    a rest that raters show (Satterthwaite 1946).
    """
    splits, blocks = cells["split"].nunique(), cells["block"].nunique()
    effect, error = float(result.params.iloc[0]), float(result.bse.iloc[0])
    whole = error**2
    of_splits = min(whole, (between + float(result.scale) * splits / len(cells)) / splits)
    freedom = whole**2 / (of_splits**2 / (splits - 1) + (whole - of_splits) ** 2 / (blocks - 1))
    p_value = float(2 * stats.t.sf(abs(effect) / error, freedom))
    return MixedTest(effect * scale, error * scale, p_value, note)
