"""Differences to the run without a system prompt, from logs and from answers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.value_portrait.task import value_portrait
from evals.studies.system_prompts.differences import differences_of, prompt_differences
from evals.studies.system_prompts.prompts import SystemPrompt
from ratings.errors import DataError, UnknownNameError
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from scorers.comparison.paired import paired_scores
from scorers.inspect_adapter.run_log import read_run
from scorers.scores.manifests import manifest_of
from tests.evaluate import evaluate

PROMPTS = [SystemPrompt("One", "Group", "@one # and\n- more"), SystemPrompt("Two", "Group", "two")]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Runs of a model that varies with its seed alone; each seed stands for a prompt."""
    folder = str(tmp_path_factory.mktemp("logs"))

    def run(persona: str | None, model: str = "respondent/power", variants: str = "v1,v2") -> Path:
        task = value_portrait(data="sample", variants=variants, persona=persona)
        (log,) = evaluate(task, model=model, limit=40, log_dir=folder)
        return Path(log.location.removeprefix("file://"))

    return {
        "plain": run(None),
        "one": run("\\" + PROMPTS[0].text),
        "two": run(PROMPTS[1].text),
        "again": run(PROMPTS[1].text),
        "another model": run(PROMPTS[1].text, "respondent/hedonism"),
        "other variants": run(PROMPTS[1].text, variants="v1,v3"),
    }


def of(logs: dict[str, Path], *names: str) -> list[Path]:
    return [logs[name] for name in names]


def test_differences_are_those_of_two_runs_whatever_the_order_of_logs(logs: dict[str, Path]):
    found = prompt_differences(of(logs, "two", "plain", "one"), PROMPTS, ["schwartz", "big_five"])
    assert found.prompts == tuple(PROMPTS)
    assert found.scores == (*SCHWARTZ, *BIG_FIVE)
    families = [manifest_of("value_portrait").scores[name] for name in ("schwartz", "big_five")]
    plain = read_run(logs["plain"]).grid()
    for row, name in enumerate(("one", "two")):
        pairs = paired_scores(plain, read_run(logs[name]).grid(), families)
        for scope, scoped in (("on", found.on), ("beyond", found.beyond)):
            expected = [getattr(pair, scope) for pair in pairs]
            for what in ("values", "errors", "freedom"):
                joined = np.concatenate([getattr(one, what)[0] for one in expected])
                assert getattr(scoped, what)[row] == pytest.approx(joined, nan_ok=True)
    assert found.cov_on.shape == found.cov_beyond.shape == (30, 30)
    assert found.vanilla[:10] == pytest.approx(
        paired_scores(plain, plain, families[:1])[0].before, nan_ok=True
    )
    assert found.item_changes.shape == (2, 40)
    assert found.tagged.shape == (15, 40)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("plain", "one"), "there is no log with Group: Two among the 2 given"),
        (("one", "two"), "there is no log with no system prompt among the 2 given"),
        (("plain", "one", "two", "again"), "have the same system prompt"),
        (("plain", "one", "another model"), "is a log of respondent/hedonism, .* respondent/power"),
        (("plain", "one", "other variants"), "asks something else than"),
    ],
)
def test_logs_that_do_not_go_together_are_refused(logs: dict[str, Path], names, message: str):
    with pytest.raises(DataError, match=message):
        prompt_differences(of(logs, *names), PROMPTS, ["schwartz"])


def test_a_family_that_there_is_not_is_named(logs: dict[str, Path]):
    with pytest.raises(UnknownNameError, match=r"unknown family 'schwarz'.*: schwartz"):
        prompt_differences(of(logs, "plain", "one", "two"), PROMPTS, ["schwarz"])


def test_items_without_tags_have_no_differences(logs: dict[str, Path]):
    grids = [read_run(logs[name]).grid() for name in ("plain", "one")]
    bare = [replace(one, attributes=[{"tags": []}] * len(one.samples)) for one in grids]
    with pytest.raises(DataError, match="no item that was asked counts for any of the scores"):
        differences_of(bare, PROMPTS[:1], ["schwartz"])
