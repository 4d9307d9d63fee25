"""A task that is not valuegauge's, checked and compared from the command line."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from inspect_ai import Task
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi
from inspect_ai.scorer import Score, accuracy, match, mean, scorer

from evals.check.any_task import read_checked, same_categories
from evals.check.baseline import AcceptedLog, BaselineRun, add_askings
from evals.cli.main import main
from ratings.errors import DataError, UnknownNameError
from scorers.scores.responses import ResponseMatrix
from tests.evaluate import evaluate
from tests.leaderboard.made_logs import portrait_log

RNG = np.random.default_rng(0)
RIGHT = {"share": 0.8}


@modelapi(name="unsure_adder")
class UnsureAdder(ModelAPI):
    """Adds one, and is right as often as `RIGHT` says."""

    async def generate(self, input, tools, tool_choice, config):
        number = int(input[-1].text) + 1
        output = ModelOutput.from_content(
            "adder", str(number if RNG.random() < RIGHT["share"] else number + 50)
        )
        output.usage = ModelUsage()
        return output


@scorer(metrics=[mean()])
def size():
    async def score(state, target):
        return Score(value=len(state.output.completion) + RNG.random())

    return score


@scorer(metrics={"*": [accuracy()]})
def kinds():
    async def score(state, target):
        return Score(value={"even": int(state.sample_id) % 2 == 0, "mood": "glad"})

    return score


def log(folder: Path, name: str, share: float, ids: range = range(60), epochs: int = 2) -> Path:
    RIGHT["share"] = share
    task = Task(
        dataset=[
            Sample(id=i, input=str(i), target=str(i + 1), metadata={"topic": f"t{i // 5}"})
            for i in ids
        ],
        scorer=[match(), size(), kinds()],
        name="adding",
    )
    (found,) = evaluate(
        task, model=f"unsure_adder/{name}", epochs=epochs, log_dir=str(folder / name)
    )
    assert found.status == "success", found.error
    return Path(found.location.removeprefix("file://"))


@pytest.fixture(scope="module")
def logs(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("foreign")
    return {
        "old": log(folder, "old", 0.9),
        "again": log(folder, "again", 0.9),
        "worse": log(folder, "worse", 0.3, range(1, 60)),  # another model, one sample missing
    }


@pytest.fixture
def typed(capsys) -> Callable[..., tuple[int, str, str]]:
    def type_(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main([*map(str, arguments)])
        printed = capsys.readouterr()
        return int(caught.value.code or 0), printed.out, printed.err

    return type_


def test_the_scores_of_samples_are_its_answers(logs):
    run = read_checked(logs["worse"], "topic")
    grid = run.grid()
    assert list(grid.columns) == ["match", "size", "kinds even", "kinds mood = glad"]
    assert grid.labels["kind"] == ["share", "number", "share", "share"]
    assert (len(grid.samples), max(grid.epochs), len(set(grid.clusters))) == (118, 2, 12)
    units = {name: family.unit for name, family in run.manifest.scores.items()}
    assert units["match"] == "per cent"


def test_it_is_checked_from_end_to_end(logs, typed, tmp_path: Path):
    baseline = tmp_path / "b.json"
    assert typed("check", logs["old"], "--baseline", baseline, "--write-baseline")[0] == 0
    code, out, _ = typed("check", logs["again"], "--baseline", baseline, "--json")
    (same,) = json.loads(out)
    assert code == 0
    assert same["repeats"] == [2, 2]
    code, out, _ = typed(
        "check", logs["worse"], "--baseline", baseline, "--cluster", "topic", "--json"
    )
    (found,) = json.loads(out)
    assert code == 1
    scores = {score["name"]: score for score in found["scores"]}
    assert scores["match"]["verdict"] == "moved"
    assert scores["match"]["before"] == pytest.approx(90, abs=12)
    assert scores["kinds even"]["verdict"] == "same"
    assert (found["units"], found["baseline_units"]) == (59, 60)
    assert found["lengths"]["answers"] == 59 * 4
    assert found["lengths"]["verdict"] != "unknown"


def test_it_is_compared(logs, typed):
    code, out, _ = typed("compare", logs["old"], logs["worse"], "--cluster", "topic", "--json")
    assert code == 0
    changes = {change["name"]: change for change in json.loads(out)["changes"]}
    assert changes["match"]["differs"] == "beyond"


def test_a_category_that_a_run_never_came_to_has_no_share():
    one = grid(["glad", "sad", "glad", None])
    other = grid(["glad", "glad", "sorry", "glad"])
    both = same_categories(other, one)
    assert list(both.columns) == ["mood = glad", "mood = sorry", "mood = sad"]
    assert both.ratings[:, 2].tolist() == [0, 0, 0, 0]
    back = same_categories(one, other)
    np.testing.assert_array_equal(back.ratings[:, 2], [0, 0, 0, np.nan])
    assert same_categories(one, one) is one
    long = replace(one, lengths=np.arange(8.0).reshape(4, 2) // 2)
    assert same_categories(long, other).lengths.T.tolist() == [[0, 1, 2, 3]] * 3
    plain = ResponseMatrix.from_ratings(np.ones((2, 1)), ["a", "b"], ["a", "b"], ["v1"], [[], []])
    assert same_categories(plain, one) is plain


def grid(moods: list[str | None]) -> ResponseMatrix:
    kinds = sorted({mood for mood in moods if mood})
    numbers = np.array(
        [[np.nan if mood is None else float(mood == kind) for kind in kinds] for mood in moods]
    )
    columns = [f"mood = {kind}" for kind in kinds]
    return ResponseMatrix(
        samples=[f"s{s}" for s in range(len(moods))],
        epochs=[1] * len(moods),
        clusters=[f"s{s}" for s in range(len(moods))],
        columns=columns,
        ratings=numbers,
        right=None,
        statuses=np.where(np.isnan(numbers), "missing", "valid"),
        attributes=[{} for _ in moods],
        labels={"kind": ["share"] * len(kinds)},
        values=dict.fromkeys(columns, numbers),
    )


def test_what_cannot_be_is_one_line(logs, typed, tmp_path: Path):
    baseline, ours = tmp_path / "b.json", portrait_log(tmp_path / "ours.eval")
    typed("check", ours, "--baseline", baseline, "--write-baseline")
    code, out, err = typed("check", logs["old"], "--baseline", baseline)
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "has no run of adding" in err
    with pytest.raises(UnknownNameError, match="topic"):
        read_checked(logs["old"], "topik").grid()
    with pytest.raises(DataError, match="value_portrait has its own"):
        read_checked(ours, "query")


def test_a_run_without_a_category_of_the_baseline_is_added(logs):
    grid = read_checked(logs["old"]).grid()
    fewer = replace(
        grid.of_columns(grid.columns[:-1]),
        values={name: grid.values[name][:, :-1] for name in grid.columns[:-1]},
    )
    held = BaselineRun(
        {"benchmark": "adding"}, "model", [AcceptedLog("a", "", len(grid.samples))], grid
    )
    more = BaselineRun(
        {"benchmark": "adding"}, "model", [AcceptedLog("b", "", len(grid.samples))], fewer
    )
    (found,) = add_askings([held], [more], Path("b.json"))
    assert list(found.grid.columns) == list(grid.columns[:-1])
    assert list(found.grid.values) == list(grid.columns[:-1])
    other = replace(fewer, columns=[f"other {name}" for name in fewer.columns])
    with pytest.raises(DataError, match=r"b\.json and the log have no answer in common"):
        add_askings([held], [replace(more, grid=other)], Path("b.json"))
