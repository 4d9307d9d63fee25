"""How people are spread on each score."""

from typing import Any

import numpy as np
from scipy.stats import gaussian_kde

from ratings.arrays import FloatArray
from scorers.psychometrics.human_norms import scores_of_people
from scorers.scores.data_at_hand import People
from scorers.scores.manifests import Manifest, ScoreFamily
from scorers.scores.shared_responses import TAGGED, tags_of

STEPS = 41
LEAST_ITEMS = 2  # that a person rated of a score
LEAST_PEOPLE = 5
_TAIL = 0.005  # of the people at each end, beyond whom no density is drawn


def people_spread(people: People, manifest: Manifest) -> dict[str, Any]:
    """By score the density of people's own scores, at `STEPS` equal steps.

    Nobody rated all items, and which ones somebody rated moves a score. So a person's score is
    that of people's mean ratings, plus how far the person lies from these on the items that they
    rated: on those of the score, less, where it is centred, on all with a tag. The noise of few
    items is in it, and people look more spread than they are. Scores of fewer than `LEAST_PEOPLE`
    people, or all alike, have none.
    """
    out = {}
    for family in manifest.scores.values():
        if family.estimator not in TAGGED:
            continue
        tagged = tags_of(people.grid, family)
        centred = family.estimator == "centred_tagged_mean"
        middle, _ = scores_of_people(people.means[None], tagged, centred=centred)
        away, counts = scores_of_people(people.ratings - people.means, tagged, centred=centred)
        scores = middle + away
        for d, name in enumerate(family.names):
            kept = (counts[:, d] >= LEAST_ITEMS) & ~np.isnan(scores[:, d])
            values = family.scale * scores[kept, d]
            if kept.sum() >= LEAST_PEOPLE and np.ptp(values) > 0:
                out[name] = _density(values, family) | {
                    "people": int(kept.sum()),
                    "items": float(np.median(counts[kept, d])),
                }
    return out


def _density(values: FloatArray, family: ScoreFamily) -> dict[str, Any]:
    estimate = gaussian_kde(values)
    margin = float(np.sqrt(estimate.covariance[0, 0]))
    low, high = np.quantile(values, (_TAIL, 1 - _TAIL)) + np.array([-margin, margin])
    low, high = np.clip([low, high], *family.range)
    points, step = np.linspace(low, high, STEPS, retstep=True)
    return {
        "low": float(low),
        "step": float(step),
        "density": [round(one, 5) for one in estimate(points).tolist()],
    }
