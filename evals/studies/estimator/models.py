"""What the estimators make of models: spread, error, test-retest, and pairs that differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from evals.studies.estimator.settings import LEVELLED, PREDICTED, PUBLISHED
from evals.studies.findings import Finding
from ratings.arrays import FloatArray
from ratings.output.numbers import number, percent
from scorers.comparison.differences import SIGNIFICANCE, holm
from scorers.intervals.means import mean_of_present
from scorers.intervals.observations import LinearObservations, Observations
from scorers.intervals.repeats import of_repeats
from scorers.intervals.scopes import Scoped, beyond_items
from scorers.predicted_values.model import ValueModel
from scorers.predicted_values.observations import predicted_observations
from scorers.psychometrics.correlation import row_correlations
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import SharedResponses, shared_responses

# From B x S x V ratings, or differences of ratings, to what scores are means of.
Observe = Callable[[FloatArray, bool], Observations | LinearObservations]


@dataclass(frozen=True, eq=False)
class OfModels:
    """Scores of B models by one estimator.

    Attributes:
        values: B x D.
        errors: B x D standard errors beyond these items.
        reach: B x D half widths of their 95% intervals.
        asking: B x D, on these items.
        by_variant: V x B x D, from each prompt variant alone.
        differences: P pairs x D, beyond these items.
    """

    values: FloatArray
    errors: FloatArray
    reach: FloatArray
    asking: FloatArray
    by_variant: FloatArray
    differences: Scoped


def model_findings(
    runs: Mapping[str, ResponseMatrix],
    published: Sequence[str],
    models: Mapping[str, ValueModel],
) -> list[Finding]:
    """What the published score and fitted models make of runs of language models.

    Args:
        runs: answers by name, at least two, to the same items in the same variants.
        published: names of the D values.
        models: by name of the estimator, as fitted to people.
    """
    shared = shared_responses(list(runs.values()), manifest_of("value_portrait").scores["schwartz"])
    observe = {PUBLISHED: _published(shared)} | {
        name: _predicted(model, shared) for name, model in models.items()
    }
    found = {name: _of_models(shared.numbers, each) for name, each in observe.items()}
    rises = _rises(models[PREDICTED], shared)
    width = float(np.mean(models[PREDICTED].reach_for_all()))
    profiles = _profiles(list(runs), published, found[PREDICTED], width)
    return [_separation(len(runs), found, rises), profiles]


def _published(shared: SharedResponses) -> Observe:
    def observe(repeats: FloatArray, differences: bool) -> Observations:
        found = SharedResponses(shared.family, shared.layout, repeats[..., None], by_column=True)
        ((_, observed),) = found.observations
        return observed

    return observe


def _predicted(model: ValueModel, shared: SharedResponses) -> Observe:
    samples, labels = shared.layout.samples, np.array(shared.layout.clusters, dtype=str)
    clusters = np.unique(labels, return_inverse=True)[1]
    return lambda repeats, differences: predicted_observations(
        model, of_repeats(repeats), samples, clusters, differences=differences
    )


def _of_models(ratings: FloatArray, observe: Observe) -> OfModels:
    found = beyond_items(observe(ratings, False))
    assert found.within is not None
    pairs = np.array(list(combinations(range(len(ratings)), 2)))
    return OfModels(
        values=found.values,
        errors=found.errors,
        reach=found.reach(),
        asking=found.within.errors,
        by_variant=np.stack(
            [observe(ratings[:, :, [v]], False).scores() for v in range(ratings.shape[2])]
        ),
        differences=beyond_items(observe(ratings[pairs[:, 1]] - ratings[pairs[:, 0]], True)),
    )


def _rises(model: ValueModel, shared: SharedResponses) -> FloatArray:
    """B, how far each run's ratings rise with the items' means over people."""
    items = pd.Index(shared.layout.samples).get_indexer(pd.Index(model.items))
    means = np.concatenate([part.means for part in model.parts])[items >= 0]
    ratings = mean_of_present(shared.numbers, axis=2)[:, items[items >= 0]]
    rise = means - means.mean()
    there = ~np.isnan(ratings)
    level = mean_of_present(ratings, axis=1)[:, None]
    found: FloatArray = (np.where(there, ratings - level, 0.0) @ rise) / (there @ rise**2)
    return found


def _separation(count: int, found: Mapping[str, OfModels], rises: FloatArray) -> Finding:
    rows = []
    for name, one in found.items():
        spread = one.values.std(axis=0, ddof=1)
        p_values = one.differences.p_values()
        assert one.differences.within is not None
        asked = one.differences.within.p_values()
        variants = list(combinations(one.by_variant, 2))
        retest = np.mean([row_correlations(a.T, b.T) for a, b in variants], axis=0)
        rows.append(
            {
                "estimator": name,
                "spread of models": spread.mean(),
                "error beyond": one.errors.mean(),
                "error / spread": (one.errors.mean(axis=0) / spread).mean(),
                "asking / spread": (one.asking.mean(axis=0) / spread).mean(),
                "test-retest": retest.mean(),
                "pairs differ beyond": _differing(p_values),
                "on items": _differing(asked),
                "uncorrected beyond": int((p_values < SIGNIFICANCE).sum()),
                "comparisons": p_values.size,
                "share that is agreement": (row_correlations(one.values.T, rises) ** 2).mean(),
            }
        )
    table = pd.DataFrame(rows)
    ours, theirs = (table[table["estimator"] == name].iloc[0] for name in (PREDICTED, PUBLISHED))
    return Finding(
        "models",
        "Does it tell models apart?",
        f"Of {ours['comparisons']} differences of {count} models in a value, "
        f"{ours['pairs differ beyond']} are significant beyond these items by the {PREDICTED} and "
        f"{theirs['pairs differ beyond']} by the {PUBLISHED}. A score's error beyond these items "
        f"is {number(ours['error / spread'])} of the models' spread against "
        f"{number(theirs['error / spread'])}, and scores of two wordings correlate "
        f"{number(ours['test-retest'])} against {number(theirs['test-retest'])}. But "
        f"{percent(ours['share that is agreement'], 0)} of the models' variance is how far their "
        f"ratings rise with people's mean ratings ({percent(theirs['share that is agreement'], 0)} "
        f"of the {PUBLISHED}'s).",
        table,
        (
            "Means over the values. spread: standard deviation over models. Pairs differ after "
            "Holm's correction over the pairs of a value.",
            f"{LEVELLED}: what is left when that rise is left out of account.",
        ),
    )


def _differing(p_values: FloatArray) -> int:
    """How many pairs differ in a value, after Holm's correction over the pairs of each value."""
    return int(sum((holm(column) < SIGNIFICANCE).sum() for column in p_values.T))


def _profiles(runs: Sequence[str], names: Sequence[str], found: OfModels, width: float) -> Finding:
    rows = [
        {
            "model": run,
            "value": name,
            "predicted": value,
            "predicted low": value - half,
            "predicted high": value + half,
        }
        for run, values, reach in zip(runs, found.values, found.reach, strict=True)
        for name, value, half in zip(names, values, reach, strict=True)
    ]
    return Finding(
        "model_values",
        "Which values are predicted of the models?",
        f"The values that people have on average whose ratings are like a model's. Where other "
        f"items would put a score is known to {number(float(found.reach.mean()))} either way; "
        f"what one person with such ratings values, to {number(width)}.",
        pd.DataFrame(rows),
        (
            "Points of the questionnaire, centred on the person's mean; intervals beyond these "
            "items.",
        ),
    )
