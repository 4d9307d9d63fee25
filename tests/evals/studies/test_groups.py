"""Accuracies by group, from logs of readers with known accuracies and from baselines."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from inspect_ai.log import read_eval_log, write_eval_log

from benchmarks.indie_value._baselines import majority_baseline
from benchmarks.indie_value._setup import Setup, load_material
from benchmarks.indie_value.task import indie_value
from evals.cli.main import main
from evals.cli.studies.groups import BASELINE_NAMES
from evals.reports.people import people_of
from evals.studies.groups import BASELINES, group_report, groups_of_logs, read_by_baseline
from evals.studies.groups_show import show_groups
from ratings.errors import DataError
from ratings.instruments.indie_value import DIMENSIONS, PROBES, load_catalog
from ratings.output.console import make_console
from ratings.survey.demonstrations import MOST
from scorers.inspect_adapter.run_log import read_run
from tests.evaluate import evaluate

PEOPLE = 60
FEMALE, MALE = 0.5, 0.9


def log_of(model: str, folder: Path, **arguments: object) -> Path:
    task = indie_value(**{"data": "sample", "people": PEOPLE, "probe": "1", **arguments})
    (log,) = evaluate(task, model=model, log_dir=str(folder))
    assert log.status == "success"
    return Path(log.location.removeprefix("file://"))


def by_chance(people: int) -> float:
    """Four standard errors, at most, of the accuracy of some people on 39 questions each."""
    return float(4 * np.sqrt(0.25 / (39 * people)))


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A reader to whom women and men are unlike, and one to whom everybody is alike."""
    folder = tmp_path_factory.mktemp("readers")
    known = folder / "reader.json"
    known.write_text(json.dumps({"accuracy": FEMALE, "Sex": {"male": MALE}}), encoding="utf-8")
    return {
        "unequal": log_of(f"respondent/{known}", folder),
        "equal": log_of("respondent/0.7", folder),
        "refined": log_of("respondent/0.7", folder, probe_form="refined", people=12),
    }


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["study", "groups", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_what_was_planted_in_a_group_is_found_there(logs: dict[str, Path]):
    report = groups_of_logs([logs["unequal"]], ["Sex", "Country"])
    sex, country = report.dimensions
    found = {one.group: one.accuracies[0] for one in sex.groups}
    people = {one.group: one.people for one in sex.groups}
    for group, truth in (("male", MALE), ("female", FEMALE)):
        assert found[group].value == pytest.approx(truth, abs=by_chance(people[group]))
        assert found[group].low < found[group].value < found[group].high
    assert [one.group for one in sex.groups] == ["male", "female"]
    assert sum(one.people for one in sex.groups) + sex.untold == PEOPLE
    assert sex.sigmas[0].raw == pytest.approx(
        100 * np.std([one.value for one in found.values()], ddof=1)
    )
    assert all(one.gain is None for one in sex.groups)
    # Sixty people in some fifty countries: nearly all have too few.
    few = [one for one in country.groups if one.people < report.least]
    assert len(few) > 10
    assert all(np.isnan(one.accuracies[0].value) for one in few)
    assert {one.accuracies[0].reason for one in few} == {"fewer than 10 people"}


def test_groups_of_every_dimension_are_those_of_the_survey(logs: dict[str, Path]):
    """Counts and spreads by another way: from the survey and the scores themselves."""
    report = groups_of_logs([logs["equal"]])
    assert [one.name for one in report.dimensions] == list(DIMENSIONS)
    material = load_material(Setup("sample", None, 0, MOST, "polar", "polar", "none"))
    asked = material.sample.held_out[:PEOPLE]
    for dimension in report.dimensions:
        labels = material.survey.groups(dimension.name).iloc[asked]
        assert {one.group: one.people for one in dimension.groups} == (
            labels.value_counts()[lambda counts: counts > 0].to_dict()
        )
        assert dimension.untold == labels.isna().sum()


def test_a_second_run_is_compared_with_the_first_person_by_person(logs: dict[str, Path]):
    report = groups_of_logs([logs["unequal"], logs["equal"]], ["Sex"])
    (sex,) = report.dimensions
    truth = {"male": 0.7 - MALE, "female": 0.7 - FEMALE}
    for one in sex.groups:
        assert one.gain is not None
        chance = np.sqrt(2) * by_chance(one.people)
        assert one.gain.value == pytest.approx(truth[one.group], abs=chance)
        assert one.gain.low < one.gain.value < one.gain.high
        assert one.gain.value == pytest.approx(one.accuracies[1].value - one.accuracies[0].value)
    assert report.differing == ()
    assert sex.sigmas[0].raw > 3 * sex.sigmas[1].raw


def test_what_two_runs_were_asked_otherwise_is_said_and_other_people_are_refused(
    logs: dict[str, Path], tmp_path: Path, capsys
):
    report = groups_of_logs([logs["equal"], logs["refined"]], ["Sex"])
    assert report.differing == ("probe_form",)
    show_groups(report, make_console())
    assert "The two runs were asked otherwise: probe_form." in capsys.readouterr().out
    log = read_eval_log(str(logs["equal"]))
    assert log.eval.metadata
    log.eval.metadata["survey_sha256"] = "of other people"
    write_eval_log(log, str(tmp_path / "others.eval"))
    with pytest.raises(DataError, match="are of other people: the surveys differ"):
        groups_of_logs([logs["equal"], tmp_path / "others.eval"], ["Sex"])


def test_a_baseline_is_read_as_in_its_run(tmp_path: Path):
    """The run answers through the task, which is scored; the report asks the predictions."""
    task = indie_value(data="sample", people=20)
    (log,) = evaluate(task, solver=majority_baseline(), log_dir=str(tmp_path))
    asked = people_of(read_run(Path(log.location.removeprefix("file://"))))
    read = read_by_baseline("majority", "sample")
    material = load_material(Setup("sample", None, 0, MOST, "polar", "polar", "none"))
    people = material.survey.people.index[material.sample.held_out].astype(str)
    positions = [people.get_loc(person) for person in asked.index]
    assert len(read.accuracies) == 800
    assert read.accuracies[positions] == pytest.approx(asked["accuracy"])
    for name, labels in read.labels.items():
        assert [labels[position] for position in positions] == asked[name].tolist()


def test_every_baseline_has_groups():
    assert set(BASELINES) == set(BASELINE_NAMES)
    report = group_report([read_by_baseline("random", "sample")], ["Sex"])
    catalog = load_catalog("sample")
    expected = np.mean([catalog.random_accuracy("polar", probe) for probe in PROBES])
    for one in report.dimensions[0].groups:
        assert one.accuracies[0].value == pytest.approx(expected, abs=by_chance(one.people))


def test_the_command_prints_writes_and_draws(logs: dict[str, Path], tmp_path: Path, capsys):
    command = [str(logs["unequal"]), str(logs["equal"]), "--dimension", "Sex", "--dimension", "Age"]
    code, printed, err = typed(capsys, *command, "--least", "5", "--out", str(tmp_path))
    assert code == 0, err
    assert "SIMULATED PEOPLE" in printed
    assert "Sex: sigma" in printed
    table = pd.read_csv(tmp_path / "groups.csv")
    assert list(table["dimension"].unique()) == ["Sex", "Age"]
    defined = table[table["people"] >= 5]
    assert defined["reason"].isna().all()
    for name in ("accuracy", "accuracy of the second", "gain"):
        assert (defined[f"{name} low"] <= defined[name]).all()
        assert (defined[name] <= defined[f"{name} high"]).all()
    assert (tmp_path / "groups.png").read_bytes().startswith(b"\x89PNG")
    code, printed, _ = typed(capsys, *command, "--json", "--out", str(tmp_path))
    found = json.loads(printed)
    assert code == 0
    assert [one["name"] for one in found["dimensions"]] == ["Sex", "Age"]
    assert found["synthetic"] is True
    assert found["least"] == 10
    assert all(len(one["accuracies"]) == 2 for one in found["dimensions"][0]["groups"])


def test_no_person_is_in_what_is_written(logs: dict[str, Path], tmp_path: Path, capsys):
    """Tables of groups may be passed on; they name nobody."""
    material = load_material(Setup("sample", None, 0, MOST, "polar", "polar", "none"))
    people = material.survey.people.index[material.sample.held_out[:PEOPLE]].astype(str)
    _, printed, _ = typed(capsys, str(logs["equal"]), "--json", "--out", str(tmp_path))
    written = printed + (tmp_path / "groups.csv").read_text(encoding="utf-8")
    assert not [person for person in people if f'"{person}"' in written]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "name one log, two logs, or --baseline"),
        (["a.eval", "b.eval", "c.eval"], 2, "name one log, two logs, or --baseline"),
        (["a.eval", "--baseline", "majority"], 2, "name one log, two logs, or --baseline"),
        (["--baseline", "best"], 2, "'best' is not one of"),
        (["--baseline", "random", "--data", "smaple"], 2, "unknown value for data 'smaple'"),
        (["--baseline", "random", "--data", "sample", "--form", "x"], 2, "for form 'x'"),
        (["a.eval", "--dimension", "Contry"], 2, "for dimension 'Contry'"),
        (["a.eval", "--least", "1"], 2, "1 is not in the range"),
        (["nowhere.eval"], 3, "nowhere.eval"),
    ],
)
def test_wrong_options_are_reported_in_one_line(arguments, code, message, capsys, tmp_path):
    found, _, err = typed(capsys, *arguments, "--out", str(tmp_path))
    assert found == code
    assert message in err
    assert err.count("\n") == 1


def test_the_spread_is_over_small_groups_too(logs: dict[str, Path]):
    """The index as the paper has it leaves no group out."""
    report = groups_of_logs([logs["unequal"]], ["Religion"])
    (religion,) = report.dimensions
    all_of_them = groups_of_logs([logs["unequal"]], ["Religion"], least=2).dimensions[0]
    assert religion.sigmas == all_of_them.sigmas
    assert religion.sigmas[0].groups == len(religion.groups)
