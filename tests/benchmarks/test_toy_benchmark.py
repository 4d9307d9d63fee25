"""A benchmark is one folder: with it alone every command knows it, and nothing else is edited."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from inspect_ai._util.registry import registry_lookup

import benchmarks
import valuegauge
from benchmarks._registry import register_all
from evals.cli.main import main
from evals.reports.report import REPORTS, read_report
from ratings.errors import DataError, UnknownNameError
from scorers.inspect_adapter.choices import choice_accuracy, choice_inequity, choice_statuses
from scorers.inspect_adapter.run_log import read_run
from scorers.scores.manifests import manifests
from tests.evaluate import evaluate

TOY = {
    "__init__.py": '"""Which toys a pupil would choose."""\n',
    "README.md": "# Toy\n\n    inspect eval benchmarks/toy --model toy_pupil/train\n",
    "manifest.yaml": """
name: toy
title: Toys
paper: "Doe (2026), Toys"
comparability: 1-A
about: How often a model names the toy that a pupil chose.
limits: [It is a toy.]
cards: {sample: value_portrait_sample}
rater: a pupil, whom the model predicts
instance: a question, with toys to choose from
resampling_unit: pupil
answers:
  scorers: [toys_named]
  layout: choices
  cluster: pupil
  units: young pupils
  statuses: benchmarks.toy._toys:STATUSES
instrument: benchmarks.toy._toys:instrument
samples: benchmarks.toy._toys:samples
texts: benchmarks.toy._toys:texts
plan: {respondent: toy_pupil/train, talkative: 2}
solvers: {first_toy: "benchmarks.toy._toys:first_toy"}
providers: {toy_pupil: simulated}
arguments:
  data: {role: free, what: sample}
  pupils: {role: part, what: how many of the 8 pupils to ask about}
  wording: {role: setting, what: "plain, or friendly"}
  persona: {role: rater, text: true, what: who answers}
scores:
  right: {title: Right, estimator: share_right, unit: per cent, range: [0, 100], direction: higher,
          margin: 5, scale: 100, headline: true}
  kind: {title: By kind, estimator: share_right, by: {column: kinds}, unit: share, range: [0, 1],
         direction: higher, margin: 0.05}
  spread: {title: Spread, estimator: group_spread_corrected, groups: [school], unit: points,
           range: [-71, 71], direction: lower, margin: 5}
""",
    "_toys.py": '''"""The toys, the pupils and what they chose; a baseline and a simulated model."""

import pandas as pd
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi
from inspect_ai.solver import Generate, Solver, TaskState, solver

from ratings.instruments.tables import Instrument

PUPILS = 8
TOYS = (("ball", "doll", "model"), ("kite", "car", "robot"), ("drum", "puzzle", "top"))
KINDS = ("indoors", "outdoors", "indoors")
STATUSES = ("valid", "unreadable")


def chosen(pupil: int) -> list[int]:
    return [1 + (pupil + question) % 3 for question in range(len(TOYS))]


def instrument(data: str) -> Instrument:
    instances = pd.Index([f"q{q}" for q in range(len(TOYS))], name="instance")
    return Instrument(
        name="toy",
        data=data,
        synthetic=True,
        items=pd.DataFrame({"kind": KINDS}, index=instances),
        choices=pd.DataFrame(
            [(i, k, toy) for i, toys in zip(instances, TOYS) for k, toy in enumerate(toys, 1)],
            columns=["instance", "rating", "label"],
        ),
        tags=pd.get_dummies(pd.Series(KINDS, index=instances)),
    )


def samples(data: str) -> dict[str, str]:
    return {f"c{pupil}": f"c{pupil}" for pupil in range(PUPILS)}


def texts(data: str) -> dict[str, str]:
    return {f"c{pupil}": f"What would c{pupil} choose?" for pupil in range(PUPILS)}


@solver
def first_toy(nth: int = 1) -> Solver:
    """The first toy of each question, or the nth."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state.output = ModelOutput.from_content("first", " ".join(t[nth - 1] for t in TOYS))
        state.completed = True
        return state

    return solve


@modelapi(name="toy_pupil")
class ToyPupil(ModelAPI):
    """`half` knows every other pupil and names the first toys for the rest; others say two toys."""

    async def generate(self, input, tools, tool_choice, config) -> ModelOutput:
        pupil = int(input[-1].text[1])
        own = [1] * len(TOYS) if pupil % 2 else chosen(pupil)
        said = " ".join(toys[choice - 1] for toys, choice in zip(TOYS, own, strict=True))
        found = ModelOutput.from_content(
            "toy_pupil", said if self.model_name == "half" else "A model train, or a kite."
        )
        found.usage = ModelUsage()
        return found
''',
    "task.py": '''"""Toys: which would a pupil choose?"""

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import Score, Scorer, Target, scorer
from inspect_ai.solver import TaskState

from benchmarks._arguments import check_choice, check_no_unknown, check_whole_number
from benchmarks._ask_model import ask_once
from benchmarks._text_files import texts_from_files
from benchmarks.toy._toys import PUPILS, KINDS, STATUSES, TOYS, chosen
from ratings.sources.cards import load_card
from scorers.inspect_adapter.asking import user_errors
from scorers.inspect_adapter.layouts import ChosenAnswers
from scorers.inspect_adapter.manifest_scores import manifest_scores

HELLO = {"plain": "", "friendly": "Hello! "}


@texts_from_files
@task
def toy(
    data: str = "sample",
    pupils: int = PUPILS,
    wording: str = "plain",
    persona: str | None = None,
    **unknown: object,
) -> Task:
    with user_errors():
        check_no_unknown(unknown, toy)
        check_choice("data", data, ["sample"])
        check_whole_number("pupils", pupils, 1, PUPILS)
        check_choice("wording", wording, HELLO)
    system = [] if persona is None else [ChatMessageSystem(content=persona)]
    card = load_card("value_portrait_sample")
    return Task(
        dataset=[
            Sample(
                id=f"c{pupil}",
                input=[
                    *system,
                    ChatMessageUser(content=f"{HELLO[wording]}c{pupil} chooses of {TOYS}: which?"),
                ],
                metadata={
                    "pupil": f"c{pupil}",
                    "school": "east" if pupil % 2 else "west",
                    "chosen": chosen(pupil),
                    "counts": [len(toys) for toys in TOYS],
                },
            )
            for pupil in range(pupils)
        ],
        solver=ask_once(),
        scorer=toys_named(),
        version="1-A",
        metadata={
            "card": card.id,
            "card_revision": card.revision,
            "answers_in_full": PUPILS * len(TOYS),
            "kinds": list(KINDS),
        },
    )


@scorer(metrics=[manifest_scores("toy", STATUSES)])
def toys_named() -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        said = state.output.completion
        found = [next((k for k, toy in enumerate(t, 1) if toy in said), None) for t in TOYS]
        right = [int(k == own) for k, own in zip(found, state.metadata["chosen"])]
        answers = ChosenAnswers(found, ["valid" if k else "unreadable" for k in found])
        return Score(
            value=sum(right) / len(right),
            answer=answers.text,
            metadata={"right": right, **answers.as_metadata()},
        )

    return score
''',
}
SUITE = """
name: toys
tasks:
  - task: toy
    solvers: [first_toy]
  - task: toy
    vary: {persona: [null, "@FOLDER/ann.txt"]}
models: [toy_pupil/train]
"""


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder outside the package that holds `toy`, added to the path of the package."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "toy").mkdir()
    for name, text in TOY.items():
        (folder / "toy" / name).write_text(text, encoding="utf-8")
    benchmarks.__path__.append(str(folder))
    manifests.cache_clear()
    register_all()
    yield folder
    benchmarks.__path__.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith("benchmarks.toy")]:
        del sys.modules[name]
    del benchmarks.toy
    manifests.cache_clear()
    register_all()


@pytest.fixture
def typed(outside: Path, capsys: pytest.CaptureFixture[str]):
    """Types a command and gives its exit code and what it printed."""

    def type_in(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as done:
            main([str(word) for word in words])
        return int(done.value.code or 0), *capsys.readouterr()

    return type_in


@pytest.fixture(scope="module")
def log(outside: Path) -> Path:
    """A log of the task by its registered name."""
    (done,) = evaluate("benchmarks/toy", model="toy_pupil/half", log_dir=str(outside / "eval"))
    assert done.status == "success", done.error
    assert done.results is not None
    assert done.results.scores[0].metrics["right"].value == pytest.approx(16 / 24)
    return Path(done.location)


@pytest.fixture
def suite(outside: Path) -> Path:
    (outside / "ann.txt").write_text("You are Ann.")
    (outside / "toys.yaml").write_text(SUITE.replace("FOLDER", str(outside)))
    return outside / "toys.yaml"


@pytest.fixture
def logs(suite: Path, log: Path, typed) -> Path:
    """The folder of the logs of the suite, which is run once; later it is resumed."""
    code, out, err = typed("run", suite, "--log-dir", suite.parent / "logs", "--json")
    assert code == 0, out + err
    assert [run["status"] for run in json.loads(out)["runs"]] == ["complete"] * 3
    return suite.parent / "logs"


def by_model(logs: Path) -> dict[str, Path]:
    return {run.model: run.path for run in map(read_run, sorted(logs.glob("*.eval")))}


def test_it_is_listed(typed):
    code, out, _ = typed("benchmarks", "toy", "--json")
    (found,) = json.loads(out)
    assert (code, found["title"]) == (0, "Toys")
    assert [(one["name"], one["default"]) for one in found["arguments"]] == [
        ("data", "sample"), ("pupils", 8), ("wording", "plain"), ("persona", None)
    ]  # fmt: skip
    assert " toy, " in " ".join(typed("--help")[1].split())
    assert "inspect eval benchmarks/toy" in typed("toy")[2]


def test_a_suite_of_it_is_planned_and_costs_nothing(
    suite: Path, typed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ratings.sources.prices.load_prices", pytest.fail)  # nothing has a price
    code, out, err = typed("plan", suite, "--json")
    assert (code, err) == (0, "")
    nothing = {"low": 0.0, "high": 0.0}
    assert [(run["who"], run["calls"], run["cost_usd"]) for run in json.loads(out)["runs"]] == [
        ("baseline first_toy", 0, nothing),
        ("toy_pupil/train", 8, nothing),
        ("toy_pupil/train", 8, nothing),
    ]
    assert "toy_pupil/train: 0 (local)" in typed("plan", suite)[1]
    suite.write_text(suite.read_text().replace("first_toy", "frist_toy"))
    code, _, err = typed("plan", suite)
    assert "unknown baseline 'frist_toy'; allowed (nearest first): first_toy" in err


def test_it_is_shown(log: Path, logs: Path, typed):
    code, out, err = typed("show", log, logs)
    assert (code, err) == (0, "")
    flat = " ".join(out.split())
    for words in (
        "SYNTHETIC DATA",
        "toy_pupil/half, toy on value_portrait_sample: 8 samples, 24 answers; 100.0% valid",
        "asked with persona=You are Ann.",
        "│ Right │ 66.7 │",
        "│ unreadable │ 8 │ 33.3% │",
    ):
        assert words in flat, words
    code, out, _ = typed("show", logs, "--json")
    assert code == 0
    values = {
        (one["model"], one["arguments"].get("persona")): one["scores"]["right"]["estimate"]["value"]
        for one in json.loads(out)
    }
    by_model = pytest.approx(100 * 4 / 24)
    assert values == {
        ("baseline first_toy", None): pytest.approx(100 * 8 / 24),
        ("toy_pupil/train", None): by_model,
        ("toy_pupil/train", "You are Ann."): by_model,
    }


def test_two_runs_of_it_are_compared(log: Path, logs: Path, typed):
    before = by_model(logs)["baseline first_toy"]
    code, out, _ = typed("compare", before, log, "--json")
    found = json.loads(out)
    assert (code, found["task"], found["unit"], found["units"]) == (0, "toy", "young pupils", 8)
    moved = {one["name"]: (one["before"], one["after"]) for one in found["changes"]}
    assert set(moved) >= {"right", "indoors", "outdoors"}
    assert moved["right"] == pytest.approx((100 * 8 / 24, 100 * 16 / 24))


def test_a_run_is_checked_against_a_baseline(outside: Path, log: Path, logs: Path, typed):
    baseline = outside / "baseline.json"
    assert typed("check", log, "--baseline", baseline, "--write-baseline")[0] == 0
    code, out, err = typed("check", log, "--baseline", baseline, "--json")
    (found,) = json.loads(out)
    assert (code, err, found["benchmark"], found["failed"]) == (0, "", "toy", False)
    code, out, _ = typed("check", by_model(logs)["toy_pupil/train"], "--baseline", baseline)
    assert code == 1, out  # a third of its answers cannot be read


def test_it_has_a_table_in_a_leaderboard(outside: Path, log: Path, logs: Path, typed):
    store, site = outside / "store.duckdb", outside / "site"
    code, out, err = typed("leaderboard", "collect", log, logs, "--store", store)
    assert (code, err) == (0, ""), out
    assert "4 logs went in" in out
    code, out, err = typed("leaderboard", "build", "--store", store, "--out", site)
    assert (code, err) == (0, ""), out
    assert "1 table with 4 rows; 0 runs apart" in out
    assert "Toys" in (site / "index.html").read_text(encoding="utf-8")
    code, out, _ = typed("export", "--store", store, "--format", "json")
    (table,) = json.loads(out)["tables"]
    assert (code, table["benchmark"]) == (0, "toy")
    assert {row["rater"]: row["kind"] for row in table["rows"]} == {
        "baseline first_toy": "baseline",
        "toy_pupil/half": "simulated",
        "toy_pupil/train": "simulated",
        "toy_pupil/train (persona=You are Ann.)": "simulated",
    }
    code, out, _ = typed("export", "--store", store, "--format", "csv")
    assert code == 0
    assert "baseline first_toy" in out


def test_a_program_gets_its_tables(log: Path, logs: Path):
    found = valuegauge.scores(log, logs).set_index(["rater", "score"])["value"]
    assert found["toy_pupil/half", "right"] == pytest.approx(100 * 16 / 24)
    instrument = valuegauge.instrument("toy", data="sample")
    assert list(instrument.items.index) == ["q0", "q1", "q2"]
    assert isinstance(instrument.tags, pd.DataFrame)


@pytest.mark.parametrize("package", ["", "benchmarks/"])
def test_its_scorer_is_found_under_both_names(outside: Path, package: str):
    assert registry_lookup("scorer", f"{package}toys_named") is not None


@contextmanager
def changed_manifest(outside: Path, old: str, new: str) -> Iterator[None]:
    path = outside / "toy" / "manifest.yaml"
    assert old in TOY["manifest.yaml"]
    path.write_text(TOY["manifest.yaml"].replace(old, new), encoding="utf-8")
    manifests.cache_clear()
    try:
        yield
    finally:
        path.write_text(TOY["manifest.yaml"], encoding="utf-8")
        manifests.cache_clear()


def test_the_metrics_of_choices_are_those_of_its_manifest(outside: Path, log: Path):
    scores = read_run(log).scores
    found = choice_accuracy(["in", "out", "in"], benchmark="toy")(scores)
    plain = {name for name in found if not name.endswith(("_low", "_high"))}
    assert plain == {"right", "right_answered", "in", "out"}
    assert found["right"] == pytest.approx(16 / 24)
    assert choice_statuses(benchmark="toy")(scores)["valid"] == 1.0
    with changed_manifest(outside, "group_spread_corrected", "group_spread"):
        found = choice_inequity(benchmark="toy")(scores)
    # west is all right, east a third of the time
    assert found["spread"] == pytest.approx(100 * np.std([1, 1 / 3], ddof=1))
    assert {"spread_corrected", "spread_null", "spread_p"} <= set(found)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("lists: {sure: share}", "sure: Field required"),
        ("lists: {chosen_in: text, right: share}", "chosen_in: Field required"),
        ("lists: {right: text}", "right.0: it should be a valid string"),
        ("fields: {school: whole}", "school: it should be a valid integer, found '(east|west)'"),
        ("fields: {school: word}", "answers.fields.school"),
    ],
)
def test_a_log_without_what_its_report_reads_is_refused(
    outside: Path, log: Path, more: str, said: str
):
    with (
        changed_manifest(outside, "  units:", f"  {more}\n  units:"),
        pytest.raises(DataError, match=said),
    ):
        read_run(log)
    with changed_manifest(outside, "  units:", "  fields: {school: text}\n  units:"):
        assert read_run(log).complete


def test_a_scorer_of_two_benchmarks_must_be_told_which(outside: Path, log: Path):
    scores = read_run(log).scores
    with (
        changed_manifest(outside, "[toys_named]", "[statement_choices]"),
        pytest.raises(ValueError, match=r"\(indie_value, toy\): name one"),
    ):
        choice_statuses()(scores)


def test_every_report_that_a_manifest_names_exists():
    assert {manifest.report for manifest in manifests().values()} <= set(REPORTS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("first_toy:", "random:", "more than one baseline named 'random'"),
        ("name: toy", "name: indie_value", "more than one benchmark named 'indie_value'"),
        ("toy_pupil: simulated", "humans: simulated", "more than one provider named 'humans'"),
        ("toy_pupil: simulated", "toy_pupil: pretended", "providers.toy_pupil"),
    ],
)
def test_a_name_that_another_has_is_refused(outside: Path, old: str, new: str, said: str):
    with changed_manifest(outside, old, new), pytest.raises(DataError, match=said):
        manifests()


def test_a_report_that_does_not_exist_is_named(outside: Path, log: Path):
    with (
        changed_manifest(outside, "\nplan:", "\nreport: value_portrat\nplan:"),
        pytest.raises(UnknownNameError, match="nearest first.: value_portrait,"),
    ):
        read_report(log)
