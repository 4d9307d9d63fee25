"""A benchmark that joins by its manifest alone is shown, by a report of no code of its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from inspect_ai import Task
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from evals.cli.main import main
from evals.reports.plain import Report
from evals.reports.report import read_report
from scorers.inspect_adapter.layouts import ChosenAnswers
from scorers.scores import manifests
from tests.evaluate import evaluate

MANIFEST = """
name: mood
title: Mood
paper: none
comparability: 1-A
about: How cheerful answers are.
limits: [It is a toy.]
cards: {toy: planted}
rater: the model
instance: a question
resampling_unit: person
answers: {scorers: [cheer], layout: predictions, cluster: person, units: people}
arguments: {}
scores:
  cheer:
    title: Cheerful answers
    estimator: mean_of
    of: cheer
    headline: true
    scale: 100
    unit: per cent of the answers
    range: [0, 100]
    direction: higher
    margin: 5
"""
SAID = ["yes", "no", "yes", "?", "yes", "yes", "no", "yes"]


@solver
def says() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state.output = ModelOutput.from_content("toy", SAID[int(state.sample_id)])
        return state

    return solve


@scorer(metrics=[mean()])
def cheer() -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        found = {"yes": 1.0, "no": 0.0}.get(state.output.completion)
        answers = (
            ChosenAnswers([None], ["unreadable"])
            if found is None
            else ChosenAnswers([1], ["valid"])
        )
        return Score(value=found or 0.0, metadata={**answers.as_metadata(), "cheer": [found]})

    return score


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The log of a run of a benchmark whose manifest is in a folder of its own."""
    (tmp_path / "benchmarks" / "mood").mkdir(parents=True)
    (tmp_path / "benchmarks" / "mood" / "manifest.yaml").write_text(MANIFEST)
    monkeypatch.setattr(manifests, "benchmark_folders", lambda: [tmp_path / "benchmarks"])
    manifests.manifests.cache_clear()
    samples = [
        Sample(input="Cheerful?", id=str(s), metadata={"person": f"p{s}"}) for s in range(len(SAID))
    ]
    mood = Task(
        name="mood", dataset=samples, solver=says(), scorer=cheer(), metadata={"card": "planted"}
    )
    (done,) = evaluate(mood, model="mockllm/model", log_dir=str(tmp_path / "logs"))
    assert done.status == "success", done.error
    yield Path(done.location)
    manifests.manifests.cache_clear()


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as done:
        main(["show", *words])
    return int(done.value.code or 0), *capsys.readouterr()


def test_it_is_shown_by_its_manifest(log: Path, capsys: pytest.CaptureFixture[str]):
    assert type(read_report(log)) is Report
    code, out, err = typed(capsys, str(log))
    assert (code, err) == (0, "")
    flat = " ".join(out.split())
    for words in (
        "SYNTHETIC DATA",
        "mockllm/model, mood on planted: 8 samples, 8 answers; 87.5% valid",
        "Cheerful answers │ 71.4 │",
        "per cent of the answers",
        "│ unreadable │ 1 │ 12.5% │",
        "Examples of answers that were not read",
    ):
        assert words in flat, words


def test_its_data_are_those_of_the_manifest(log: Path, capsys: pytest.CaptureFixture[str]):
    code, out, _ = typed(capsys, str(log), "--json")
    found = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    assert code == 0
    (score,) = found["scores"].values()
    assert score["estimate"]["value"] == pytest.approx(100 * 5 / 7)
    assert score["estimate"]["low"] < 100 * 5 / 7 < score["estimate"]["high"]
    assert (score["lowest"], score["highest"]) == pytest.approx((100 * 5 / 8, 100 * 6 / 8))
    assert score["on_items"]["reason"] is not None
    assert found["counts"] == {"valid": 7, "unreadable": 1}
    assert (found["samples"], found["answers"], found["valid"]) == (8, 8, 7 / 8)
    assert [one["text"] for one in found["unread"]] == ["?"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--plot", "mood.png"], "--plot has no picture of mood"),
        (["--variants"], "--variants shows prompt variants, and mood has none"),
        (["--family", "default"], "--family is for runs of decode_ratings"),
    ],
)
def test_what_it_does_not_have_is_refused(
    log: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
):
    code, out, err = typed(capsys, str(log), *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
