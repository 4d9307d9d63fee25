"""What Inspect prints of a run, one metric a line in the order of the log, can be read."""

from pathlib import Path

import pytest

from benchmarks.indie_value.task import indie_value
from benchmarks.value_portrait.task import value_portrait
from benchmarks.value_profiles.decode_ratings import decode_ratings
from tests.evaluate import evaluate

RUNS = {
    "value_portrait": (lambda: value_portrait(data="sample"), "respondent/power"),
    "indie_value": (lambda: indie_value(data="sample", people=3), "respondent/0.7"),
    "decode_ratings": (
        lambda: decode_ratings(data="planted", representation="groundtruth", raters=3),
        "respondent/follows",
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_ends_of_an_interval_stand_below_their_value(name: str, tmp_path: Path):
    task, model = RUNS[name]
    (log,) = evaluate(task(), model=model, limit=10, log_dir=str(tmp_path))
    assert log.status == "success", log.error
    names = list(log.results.scores[0].metrics)
    ends = [position for position, metric in enumerate(names) if metric.endswith("_low")]
    assert len(ends) > 3
    for position in ends:
        value = names[position].removesuffix("_low")
        assert names[position - 1 : position + 2] == [value, f"{value}_low", f"{value}_high"]
    assert sum(metric.endswith("_high") for metric in names) == len(ends)
