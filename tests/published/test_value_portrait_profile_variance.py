"""Value Portrait's Table 8: the variance of a model's ten value scores.

Its eleven models are not among the source's recordings. So the statistic is compared with the
printed scores of the table itself, and against the recordings of the models of Table 5.
"""

import numpy as np
import pandas as pd
import pytest

from evals.instruments.averages import recorded_ratings
from evals.studies.profile_variance.tags import printed_variances
from leaderboard.published.figures import published_rows
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import load_instrument, recording_of, recordings
from scorers.intervals.observations import Observations
from scorers.scores.profile_variance import profile_variance, variance_of
from scorers.scores.ratio_scores import RatioScores

# The ten values in the order of the circle, and the variance.
TABLE_8 = {
    "Qwen2.5 0.5B": [-0.48, 0.19, 0.30, -0.31, 0.08, 0.11, -0.10, -0.18, 0.60, -0.39, 0.113],
    "Qwen2.5 1.5B": [0.01, -0.10, 0.06, 0.03, 0.04, 0.03, -0.03, 0.05, 0.05, -0.00, 0.002],
    "Qwen2.5 3B": [-0.38, -0.03, -0.06, -0.20, 0.25, 0.06, -0.05, -0.18, 0.40, 0.19, 0.054],
    "Qwen2.5 7B": [0.25, 0.47, -0.19, -0.44, 0.49, -0.11, -0.37, -0.10, 0.11, 0.23, 0.108],
    "Qwen2.5 14B": [0.35, 0.68, 0.18, -0.78, 0.81, -0.37, -0.43, 0.09, 0.14, 0.33, 0.249],
    "R1-Distill 1.5B": [-0.50, 0.14, -0.04, -0.02, 0.35, 0.08, 0.01, -0.21, 0.05, 0.39, 0.065],
    "R1-Distill 7B": [-0.03, 0.34, 0.09, -0.10, 0.04, -0.08, 0.03, 0.01, -0.12, 0.12, 0.018],
    "R1-Distill 14B": [0.30, 0.72, -0.27, -0.12, 0.47, -0.18, -0.28, -0.15, -0.07, 0.09, 0.115],
    "Gemma3-it 4B": [-0.04, 0.05, -0.01, -0.18, -0.11, 0.04, -0.01, -0.01, 0.19, -0.13, 0.011],
    "Gemma3-it 12B": [0.24, 0.40, -0.03, -0.30, 0.14, -0.15, -0.11, -0.04, 0.09, 0.25, 0.045],
    "Gemma3-it 27B": [0.34, 0.36, 0.15, -0.33, 0.45, -0.15, -0.30, -0.14, 0.20, 0.07, 0.079],
}  # fmt: skip
PRINTED = {
    row["rater"]: row["values"]
    for row in published_rows("value_portrait", "value_portrait", SCHWARTZ, {"threshold": 0.3})
}


def rounding(scores: np.ndarray, half: float = 0.005) -> float:
    """How far the variance of scores can be from that of the same scores rounded."""
    apart = np.abs(scores - scores.mean())
    return float((2 * half * apart.sum() + len(scores) * half**2) / (len(scores) - 1))


def published(scores: np.ndarray) -> float:
    still = np.tile(scores, (2, 1))
    return profile_variance(scores, still, np.full(len(scores), 9)).published.value


@pytest.mark.parametrize("model", TABLE_8)
def test_table_8_from_its_own_scores(model: str):
    *cells, variance = TABLE_8[model]
    scores = np.array(cells)
    assert abs(published(scores) - variance) <= rounding(scores) + 0.0005


def test_table_8_divides_by_nine_and_not_by_ten():
    """All eleven to .001 with n - 1, nine of them exactly; none of the larger ones with n."""
    rows = [(np.array(row[:-1]), row[-1]) for row in TABLE_8.values()]
    gaps = [abs(published(scores) - variance) for scores, variance in rows]
    assert max(gaps) < 0.001
    with_n = [abs(scores.var() - variance) for scores, variance in rows if variance > 0.04]
    assert min(with_n) > 0.003


@pytest.mark.usefixtures("mirror")
@pytest.mark.parametrize(
    "model",
    ["gpt-4o-2024-05-13", "o1-mini", "claude-3-5-haiku", "mistral-medium", "mistral-tiny",
     "llama-3.1-8b-instruct", "gemini-2.0-flash-thinking-exp-01-21"],
)  # fmt: skip
def test_the_variance_of_a_recording_is_that_of_its_printed_row(model: str):
    instrument, recording = load_instrument(), recording_of(model)
    assert recording is not None
    means = pd.DataFrame(recorded_ratings(recording)).mean(axis=1).to_numpy()
    tagged, queries = instrument.tagged()[: len(SCHWARTZ)], list(instrument.items["query"])
    found = variance_of(
        RatioScores.of(
            [(SCHWARTZ, Observations.asked_once(means[None], tagged, queries, centred=True))],
            np.unique(queries).tolist(),
        )
    )
    row = np.array([PRINTED[model][name] for name in SCHWARTZ])
    # The one cell that is printed otherwise, llama's Stimulation, is within .0002 of rounding.
    assert abs(found.published.value - published(row)) <= rounding(row, 0.0052)
    assert found.published.low <= found.corrected.value < found.published.value
    assert found.published.value <= found.published.high


def test_the_models_of_table_8_have_no_recording():
    for name in recordings():
        assert not name.lower().startswith(("qwen2.5", "deepseek-r1-distill", "gemma"))


def test_the_published_rows_of_table_8_and_its_variances_are_these():
    rows = published_rows("value_portrait", "value_portrait", SCHWARTZ, {"threshold": 0.3})
    found = [row for row in rows if row["sources"] == ["Han et al. (2025), Table 8"]]
    variances = printed_variances()
    assert [
        [*(row["values"][name] for name in SCHWARTZ), variances[row["rater"]]] for row in found
    ] == list(TABLE_8.values())
