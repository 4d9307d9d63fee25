"""Scores are computed once, at the end of a run; the log has all of them however it was run."""

import itertools
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog

from benchmarks.value_portrait.task import value_portrait
from scorers.inspect_adapter import portrait


def asked(folder: Path, **settings) -> EvalLog:
    task = value_portrait(data="sample", dimensions=["schwartz"])
    (log,) = inspect_eval(
        task, model="respondent/power", limit=40, log_dir=str(folder), display="log", **settings
    )
    return log


@pytest.mark.parametrize(
    "settings",
    [{}, {"max_samples": 1}, {"epochs": 2}, {"max_samples": 1, "max_connections": 1}],
    ids=str,
)
def test_the_log_has_every_score_however_samples_were_run(
    settings: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    computed = []
    rows = portrait.portrait_rows

    def counted(scores, *rest):
        computed.append(len(scores))
        return rows(scores, *rest)

    monkeypatch.setattr(portrait, "portrait_rows", counted)
    # Inspect's display asks for metrics once a second: here the clock runs fast
    clock = SimpleNamespace(**{**vars(time), "perf_counter": itertools.count(0, 1000).__next__})
    monkeypatch.setattr("inspect_ai._eval.task.run.time", clock)
    log = asked(tmp_path, **settings)
    (score,) = log.results.scores
    assert {"Power", "Power_low", "Power_high", "alpha", "valid"} <= set(score.metrics)
    samples = 40 * settings.get("epochs", 1)
    assert set(computed) <= {0, samples}, "scores were computed while samples were asked"
    assert samples in computed
