"""Runs of the task, and every command on them: its manifest is all that they know it by."""

import json
import math
import re
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from inspect_ai._util.registry import registry_lookup
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

import valuegauge
from benchmarks.prism._material import Setup, load_material
from benchmarks.prism.task import prism
from evals.cli.main import main
from evals.reports.report import read_report
from providers.respondents.loyal_respondent import loyal_distribution
from ratings.asked import read_asked
from ratings.prism.prism import load_prism
from ratings.prism.release import write_release
from scorers.inspect_adapter.run_log import read_run
from scorers.preferences.preferred_choice import PAIRS, POSITIONS
from tests.evaluate import evaluate

SUITE = """
name: preferences
tasks:
  - task: prism
    arguments: {data: sample, known: ratings, conversations: 1}
    models: [respondent/0.8, respondent/0.4]
  - task: prism
    arguments: {data: sample, known: ratings, conversations: 1, people: 10}
    solvers: [random_reply, best_model]
"""


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]):
    """Types a command and gives its exit code and what it printed."""

    def type_in(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as done:
            main([str(word) for word in words])
        return int(done.value.code or 0), *capsys.readouterr()

    return type_in


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prism")


def answered(folder: Path, model: str, solver: str | None = None, **arguments):
    chosen = {"solver": registry_lookup("solver", f"benchmarks/{solver}")()} if solver else {}
    (log,) = evaluate(prism(data="sample", **arguments), model=model, log_dir=str(folder), **chosen)
    assert log.status == "success", log.error
    return log


@pytest.fixture(scope="module")
def whole(folder: Path):
    """A run on every test participant, made once: by the name of a model or of a baseline."""

    @cache
    def made(who: str):
        model, solver = (who, None) if "/" in who else ("none/none", who)
        return answered(folder / "whole", model, solver)

    return made


def saying(name: str, texts: list[str]) -> str:
    """A model that says one text after the other, and begins again."""
    calls = count()

    class Saying(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            output = ModelOutput.from_content(name, texts[next(calls) % len(texts)])
            output.usage = ModelUsage()
            return output

    modelapi(name=name)(Saying)
    return f"{name}/model"


def scores_of(log) -> dict:
    return read_report(log.location).scores


def test_respondents_of_known_loyalty_are_found_out(folder: Path, whole):
    """Their accuracy lies in the interval, and they favour no position."""
    accuracy = scores_of(answered(folder, "respondent/0.5", conversations=1))["accuracy"].estimate
    assert accuracy.low < 50 < accuracy.high
    loyalty, found = 0.8, scores_of(whole("respondent/0.8"))
    row = found["accuracy"].estimate
    assert row.low < 100 * loyalty < row.high
    inside = [found[name].estimate.low < 0 < found[name].estimate.high for name in POSITIONS]
    assert sum(inside) >= 3
    assert math.isnan(found["loss"].estimate.value)
    assert found["loss"].estimate.reason == "no answer has this number"
    assert found["loss"].valid != 0  # nothing is missing: there are no probabilities


@pytest.mark.parametrize("way", ["logprobs", "stated"])
def test_log_loss_is_that_of_a_respondent_as_sure_as_it_is_right(folder: Path, way: str):
    chance = 0.7
    log = answered(folder, f"respondent/{chance}", elicitation=way, conversations=1)
    row = scores_of(log)["loss"].estimate
    counts = np.array([s.metadata["counts"][0] for s in log.samples])
    ties = np.array([len(s.metadata["preferred"]) for s in log.samples])
    # a wrong answer leaves the preferred replies the others' share each; ties add theirs up
    wrong = -np.log(ties * (1 - chance) / (counts - 1))
    right = -np.log(chance + (ties - 1) * (1 - chance) / (counts - 1))
    expected = (chance * right + (1 - chance) * wrong).mean()
    assert row.low < expected < row.high
    assert read_run(Path(log.location)).arguments_of("condition")["elicitation"] == way


def test_a_baseline_that_goes_by_position_has_an_order_effect(folder: Path):
    found = scores_of(answered(folder, saying("first", ["A"]), people=12))
    assert found["position_1"].estimate.low > 50
    assert found["position_2"].estimate.high < 0


def test_a_reader_who_knows_women_better_is_found_unequal(folder: Path):
    """Its accuracies by group, and their spread, are those planted and those worked out again."""
    planted = {"Female": 0.95, "Male": 0.35}
    gender = load_prism("sample").survey["gender"].astype(str)

    class Unequal(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            asked = read_asked(input[-1].metadata)
            chance = planted.get(gender[asked.participant], 0.6)
            chosen = int(loyal_distribution(chance, asked, 0).argmax())
            return ModelOutput.from_content("unequal", "ABCD"[chosen])

    modelapi(name="unequal")(Unequal)
    log = answered(folder, "unequal/model", conversations=2)
    found = scores_of(log)
    for group, chance in planted.items():
        row = found[f"gender {group}"].estimate
        assert row.low < 100 * chance < row.high
    right: dict[str, list[bool]] = {}
    for sample in log.samples:
        own = "ABCD".index(sample.output.completion) + 1 in sample.metadata["preferred"]
        right.setdefault(sample.metadata["participant"], []).append(own)
    people = pd.Series({name: 100 * np.mean(own) for name, own in right.items()})
    groups = people.groupby(gender.where(gender != "Prefer not to say")).mean()
    assert found["sigma gender"].estimate.value == pytest.approx(groups.std())
    assert found["sigma gender"].estimate.value > found["sigma age"].estimate.value


def test_answers_that_cannot_be_read_are_wrong_and_counted(folder: Path):
    said = ["A", "no idea", "Reply B.", "I'm sorry, I can't tell.", ""]
    log = answered(folder, saying("mumbles", said), people=20)
    report = read_report(log.location)
    assert set(report.counts) == {"valid", "unreadable", "refusal", "empty"}
    grid = report.run.grid()
    missing = grid.statuses[:, 0] != "valid"
    assert not grid.right[missing].any()
    assert np.isnan(grid.values["position_1"][missing]).all()
    row = report.scores["accuracy"]
    assert row.lowest < row.highest
    assert report.valid == pytest.approx(1 - missing.mean())


def test_baselines_are_what_they_say(folder: Path, whole):
    material = load_material(Setup("sample", "ratings", "opening", "all", 0))

    def chosen(log):
        turns = [material.by_id[sample.id] for sample in log.samples]
        letters = [sample.output.completion for sample in log.samples]
        return zip(turns, map("ABCD".index, letters), strict=True)

    openers = load_prism("sample").openers()
    openers = openers[openers["user_id"].isin(set(material.halves.train))]
    means = openers.groupby("model_name", observed=True)["score"].mean().to_dict()
    best = whole("best_model")
    for turn, k in chosen(best):
        assert means[turn.models[k]] == max(means[model] for model in turn.models)
    by_chance = np.mean([1 / len(turn.replies) for turn in material.turns])
    assert scores_of(best)["accuracy"].estimate.low > 100 * by_chance
    for turn, k in chosen(answered(folder, "none/none", "longest_reply", people=8)):
        lengths = [len(text) for text in turn.texts]
        assert lengths[k] == max(lengths)
    seen = 0
    for turn, k in chosen(
        answered(folder, "none/none", "own_favourite", known="ratings", people=8)
    ):
        rows = material.earlier.rows(turn.participant, turn.conversation)
        models, scores = map(np.array, material.earlier.models_and_scores(rows))
        own = {m: scores[models == m].mean() for m in turn.models if m in models}
        found = own or means
        assert found[turn.models[k]] == max(found[model] for model in turn.models if model in found)
        seen += bool(own)
    assert seen > 10


def test_a_folder_in_the_layout_of_the_release_is_asked_and_kept_apart(
    folder: Path, typed, monkeypatch
):
    """As one's own ratings, by its contents, also where its path is relative."""
    write_release(load_prism("sample"), folder / "release")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PWD", str(folder))
    (log,) = evaluate(
        prism(data="release", known="ratings:4", people=5),
        model="respondent/0.7",
        log_dir=str(folder / "own"),
    )
    assert log.status == "success", log.error
    run = read_run(Path(log.location))
    assert run.measured["card"] == "prism (own ratings)"
    assert len(run.measured["card_revision"]) == 16
    code, out, err = typed("show", log.location)
    assert (code, err) == (0, "")
    assert "SYNTHETIC" not in out


def test_the_embedded_family_learns_from_the_training_participants(folder: Path):
    """It is better than guessing, in accuracy and in log-loss, and knows no test participant."""
    found = scores_of(answered(folder, "family/default", elicitation="logprobs", conversations=2))
    turns = load_material(Setup("sample", "none", "opening", "all", 0)).turns
    by_chance = np.mean([len(turn.preferred) / len(turn.replies) for turn in turns])
    guessing = np.mean([np.log(len(turn.replies) / len(turn.preferred)) for turn in turns])
    assert found["accuracy"].estimate.low > 100 * by_chance
    assert found["loss"].estimate.high < guessing


def test_the_embedded_family_says_what_it_cannot_be_given(folder: Path):
    (log,) = evaluate(
        prism(data="sample", known="stated+ratings:3", people=2),
        model="family/default",
        log_dir=str(folder / "refused"),
    )
    assert log.status == "error"
    assert "family/default cannot be given 'ratings:3'" in log.error.message


def test_the_favourite_needs_earlier_ratings(folder: Path):
    (log,) = evaluate(
        prism(data="sample", people=2),
        model="none/none",
        solver=registry_lookup("solver", "benchmarks/own_favourite")(),
        log_dir=str(folder / "failed"),
    )
    assert log.status == "error"
    assert "own_favourite needs earlier ratings" in log.error.message


@pytest.fixture(scope="module")
def logs(folder: Path) -> Path:
    (folder / "suite.yaml").write_text(SUITE, encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        main(["run", str(folder / "suite.yaml"), "--log-dir", str(folder / "logs")])
    assert not done.value.code
    return folder / "logs"


def by_model(logs: Path) -> dict[str, Path]:
    return {run.model: run.path for run in map(read_run, sorted(logs.glob("*.eval")))}


def test_a_suite_of_it_is_planned(folder: Path, logs: Path, typed):
    code, out, err = typed("plan", folder / "suite.yaml", "--json")
    assert (code, err) == (0, "")
    calls = {run["who"]: run["calls"] for run in json.loads(out)["runs"]}
    assert calls["baseline best_model"] == 0
    assert calls["respondent/0.8"] > 50


def test_it_is_shown_with_its_ceiling(logs: Path, typed):
    path = by_model(logs)["respondent/0.8"]
    code, out, err = typed("show", path)
    assert (code, err) == (0, "")
    flat = " ".join(re.sub("[│┃]", " ", out).split())
    for words in ("SYNTHETIC DATA", "respondent/0.8, prism on prism_sample", "ceiling",
                  "44 published repeats", "100.0% valid"):  # fmt: skip
        assert words in flat, words
    code, out, _ = typed("show", path, "--json")
    found = json.loads(out)
    assert set(found["ceilings"]) == {"accuracy", *PAIRS}
    for name, ceiling in found["ceilings"].items():
        assert 50 < ceiling["low"] < ceiling["value"] < ceiling["high"] <= 100, name
    assert {"accuracy", "conversation_type unguided", "gender Female", "sigma_inequity",
            "sigma_inequity_corrected", "sigma age", *PAIRS, *POSITIONS, "loss"} <= set(
                found["scores"])  # fmt: skip


def test_two_runs_of_it_are_compared(logs: Path, typed):
    found = by_model(logs)
    code, out, _ = typed("compare", found["respondent/0.4"], found["respondent/0.8"], "--json")
    compared = json.loads(out)
    assert (code, compared["task"], compared["unit"]) == (0, "prism", "participants")
    moved = {one["name"]: one for one in compared["changes"]}
    assert moved["accuracy"]["beyond"]["difference"]["low"] > 0
    assert {"pairs_31", "position_1", "gender Male"} <= set(moved)


def test_a_run_is_checked_against_a_baseline(folder: Path, logs: Path, typed):
    baseline, found = folder / "baseline.json", by_model(logs)
    same = found["respondent/0.8"]
    assert typed("check", same, "--baseline", baseline, "--write-baseline")[0] == 0
    code, out, _ = typed("check", same, "--baseline", baseline, "--json")
    assert (code, json.loads(out)[0]["failed"]) == (0, False)
    code, out, _ = typed("check", found["respondent/0.4"], "--baseline", baseline, "--json")
    assert code == 1
    verdicts = {one["name"]: one["verdict"] for one in json.loads(out)[0]["scores"]}
    assert verdicts["accuracy"] == "moved"


def test_it_has_a_table_in_a_leaderboard(folder: Path, whole, typed):
    store, site = folder / "store.duckdb", folder / "site"
    (folder / "two").mkdir()
    for who in ("respondent/0.8", "best_model"):
        path = Path(whole(who).location)
        (folder / "two" / path.name).write_bytes(path.read_bytes())
    code, out, err = typed("leaderboard", "collect", folder / "two", "--store", store)
    assert (code, err) == (0, ""), out
    code, out, err = typed("leaderboard", "build", "--store", store, "--out", site)
    assert (code, err) == (0, ""), out
    assert "1 table with 2 rows; 0 runs apart" in out
    assert "PRISM preferences" in (site / "index.html").read_text(encoding="utf-8")
    code, out, _ = typed("export", "--store", store, "--format", "json")
    (table,) = json.loads(out)["tables"]
    assert (code, table["benchmark"], len(table["rows"])) == (0, "prism", 2)
    assert {row["rater"] for row in table["rows"]} == {"respondent/0.8", "baseline best_model"}
    ranked = {row["rater"]: row["scores"]["accuracy"]["rank"] for row in table["rows"]}
    assert ranked["respondent/0.8"] == 1
    code, out, _ = typed("export", "--store", store, "--format", "csv")
    assert "baseline best_model" in out


def test_a_program_gets_its_scores(logs: Path):
    found = valuegauge.scores(*by_model(logs).values()).set_index(["rater", "score"])["value"]
    assert found["respondent/0.8", "accuracy"] > found["respondent/0.4", "accuracy"]


def test_a_log_whose_scores_were_changed_is_refused(folder: Path, logs: Path, typed):
    """A choice of the fifth reply, or a score beyond 100, is what no run leaves."""
    path = by_model(logs)["respondent/0.8"]
    changed = folder / "changed.json"
    from inspect_ai.log import read_eval_log, write_eval_log

    log = read_eval_log(str(path))
    log.samples[0].metadata["scores"] = [999.0, 1.0]
    write_eval_log(log, str(changed))
    code, _, err = typed("show", changed)
    assert code != 0
    assert "the log lacks what a ceiling needs: scores.0" in " ".join(err.split())
    log = read_eval_log(str(path))
    for score in log.samples[0].scores.values():
        score.metadata["chosen"] = [5]
    write_eval_log(log, str(changed))
    code, _, err = typed("show", changed)
    assert "has the choice 5 of" in " ".join(err.split())
