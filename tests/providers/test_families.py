"""A fitted family in a model's place; the fit here is the truth, so its answers are known."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import get_model

from benchmarks.value_profiles.decode_ratings import decode_ratings
from benchmarks.value_profiles.encode_profiles import encode_profiles
from decoders.families import family_named
from providers.families import FamilyAPI
from ratings.asked import AskedRating
from ratings.data_sets.published.planted import plant
from tests.evaluate import evaluate


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str, int | None]]:
    """In place of a fit the planted truth; every fit is written down."""
    made: list[tuple[int, str, int | None]] = []
    planted, busy = plant(), threading.Lock()

    def fit_split(
        prepared: Any, family: Any, representation: Any, partitions: int | None
    ) -> SimpleNamespace:
        assert busy.acquire(blocking=False), "two fits at once"
        assert family.name == family_named("default").name
        made.append((prepared.split.seed, representation.name, partitions))
        busy.release()
        return SimpleNamespace(
            prepared=prepared,
            predict=lambda raters, instances: planted.probabilities(
                representation.name, raters, instances
            ),
        )

    monkeypatch.setattr("decoders.fit_split.fit_split", fit_split)
    return made


@pytest.mark.parametrize("elicitation", ["logprobs", "stated"])
def test_it_is_fitted_once_and_answers_as_the_truth_does(
    fits: list[tuple[int, str, int | None]], elicitation: str, tmp_path: Path
):
    task = decode_ratings(
        data="planted", representation="measured", raters=20, seed=2, elicitation=elicitation
    )
    logs = [
        evaluate(task, model=model, log_dir=str(tmp_path))[0]
        for model in (get_model("family/default", memoize=False), "respondent/follows")
    ]
    assert [log.status for log in logs] == ["success", "success"]
    assert sorted(fits) == [(2, "measured", None), (2, "none", None)]
    one, other = (log.results.scores[0].metrics for log in logs)
    for name in ("information", "loss", "accuracy"):
        assert one[name].value == pytest.approx(other[name].value)


def test_what_profiles_are_compared_with_is_fitted_to_the_same_partition(fits: list[Any]):
    family = FamilyAPI("default")
    for given in ("profile:a.json", "shuffled(profile:a.json)", "measured"):
        asked = AskedRating(
            data="planted", seed=0, representation="none", run_representation=given, rater=None,
            choices=5, instance="nature-1-for",
        )  # fmt: skip
        row = family.predicted(asked)
        assert row.sum() == pytest.approx(1)
    assert fits == [(0, "none", 1), (0, "none", None)]


def test_what_it_cannot_do_is_told_in_one_line(fits: list[Any], tmp_path: Path):
    with pytest.raises(PrerequisiteError, match="unknown family 'defualt'.*default"):
        FamilyAPI("defualt")
    with pytest.raises(PrerequisiteError, match="family takes no arguments, found 'seed'"):
        FamilyAPI("default", seed=1)
    (log,) = evaluate(
        encode_profiles(data="planted", raters=1), model="family/default",
        log_dir=str(tmp_path),
    )  # fmt: skip
    assert log.status == "error"
    assert "family/default answers decode_ratings only" in log.error.message
    assert not fits
    assert np.isfinite(plant().information("measured"))
