import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.indie_value.task import indie_value
from benchmarks.value_portrait.task import value_portrait
from evals.cli.main import main
from evals.reports.compare import compare_runs
from evals.reports.people import difference
from evals.reports.report import read_report
from ratings.instruments.dimensions import ALL_DIMENSIONS
from scorers.comparison.differences import holm
from scorers.inspect_adapter.run_log import read_run
from scorers.scores.manifests import manifest_of
from tests.evaluate import evaluate

PREDICTED = manifest_of("value_portrait").scores["predicted_values"].names


def made(folder: Path, task, model: str, **options: object) -> Path:
    (log,) = evaluate(task, model=model, log_dir=str(folder), **options)
    assert log.status == "success", log.error
    return Path(log.location)


@pytest.fixture(scope="module")
def portraits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("portraits")
    return {
        name: made(
            folder,
            value_portrait(data="sample", variants="v1,v2"),
            f"respondent/{profile}",
            **options,
        )
        for name, profile, options in (
            ("power", "power", {}),
            ("again", "power", {"model_args": {"seed": 5}}),
            ("benevolence", "benevolence", {}),
            ("part", "power", {"limit": 30}),
        )
    }


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("readers")
    return {
        name: made(
            folder, indie_value(data="sample", probe=1, **arguments), f"respondent/{accuracy}"
        )
        for name, accuracy, arguments in (
            ("poor", 0.6, {"people": 25}),
            ("good", 0.8, {"people": 25}),
            ("fewer", 0.8, {"people": 10}),
            ("other people", 0.8, {"people": 25, "seed": 1}),
        )
    }


def compared(before: Path, after: Path):
    return compare_runs(read_run(before), read_run(after))


def test_a_run_against_itself_has_not_moved(portraits, readers):
    for log in (portraits["power"], readers["poor"]):
        found = compared(log, log)
        assert not any(change.differs for change in found.changes)
        assert {change.beyond.p_value for change in found.changes} == {1.0}
        assert all(change.beyond.difference.value == 0 for change in found.changes)
    asked = {
        change.on.p_value for change in compared(portraits["power"], portraits["power"]).changes
    }
    assert asked == {1.0}


def test_the_same_rater_with_other_noise_has_not_moved(portraits):
    found = compared(portraits["power"], portraits["again"])
    assert [change.name for change in found.changes] == [*ALL_DIMENSIONS, *PREDICTED]
    assert not any(change.differs for change in found.changes)
    assert found.units == 120


def test_another_rater_has_moved_where_it_differs(portraits):
    found = compared(portraits["power"], portraits["benevolence"])
    differ = {change.name: change for change in found.changes if change.differs}
    assert differ["Power"].on.difference.value < -0.5
    assert differ["Benevolence"].beyond.difference.value > 0.5
    assert differ["Self-Enhancement"].beyond.difference.high < 0
    for change in found.changes:
        assert change.beyond.difference.low <= change.on.difference.low
        assert change.on.difference.high <= change.beyond.difference.high
    before, after = (read_report(portraits[name]).scores for name in ("power", "benevolence"))
    for change in found.changes:
        assert change.before == pytest.approx(before[change.name].estimate.value)
        assert change.after == pytest.approx(after[change.name].estimate.value)
        assert change.on.difference.value == pytest.approx(change.after - change.before)


def test_only_what_both_answered_is_compared(portraits, readers):
    assert compared(portraits["part"], portraits["benevolence"]).units == 30
    found = compared(readers["poor"], readers["fewer"])
    assert (found.units, found.unit) == (10, "people")


def test_accuracies_are_compared_person_by_person(readers):
    found = compared(readers["poor"], readers["good"])
    overall = found.changes[0]
    assert overall.name == "accuracy"
    assert overall.differs == "beyond"
    assert overall.on.difference.reason is not None
    assert overall.beyond.difference.low < 20 < overall.beyond.difference.high
    paired = difference(*(read_run(readers[name]) for name in ("good", "poor")))
    assert overall.beyond.difference.value == pytest.approx(100 * paired.estimate.value)
    assert overall.beyond.difference.low == pytest.approx(100 * paired.estimate.low)
    assert overall.beyond.p_value == pytest.approx(paired.p_value)


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["compare", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_the_command_says_what_moved(portraits, capsys):
    logs = [str(portraits[name]) for name in ("power", "benevolence")]
    code, out, err = typed(capsys, *logs)
    assert (code, err) == (0, "")
    flat = " ".join(out.split())
    assert "SYNTHETIC. value_portrait, from respondent/power to respondent/benevolence" in flat
    assert out.startswith("On made-up data, respondent/power and respondent/benevolence differ on ")
    assert " On these items differ: " in flat
    assert re.search(
        r" \(of 10 scores tested separately, (\d+|none) on these items and "
        r"(\d+|none) beyond them\); most on ",
        flat,
    )
    assert "differ: Universalism" in flat or "differ: Benevolence" in flat
    assert (
        f"Holm over the {len(ALL_DIMENSIONS)} scores compared and over 10 that are corrected apart"
        in flat
    )
    assert "Not shown does not prove that nothing changed" in flat


def test_the_command_prints_markdown_and_json(portraits, capsys):
    logs = [str(portraits[name]) for name in ("power", "benevolence")]
    code, out, _ = typed(capsys, *logs, "--markdown")
    table = [line for line in out.splitlines() if line.startswith("|")]
    assert code == 0
    assert len(table) == 2 + len(ALL_DIMENSIONS) + len(PREDICTED)
    assert {line.count("|") for line in table} == {10}
    code, out, _ = typed(capsys, *logs, "--json")
    found = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    assert [change["name"] for change in found["changes"]] == [*ALL_DIMENSIONS, *PREDICTED]


def test_p_values_are_corrected_over_the_scores_named(portraits, capsys):
    logs = [str(portraits[name]) for name in ("power", "benevolence")]
    code, out, _ = typed(capsys, *logs, "--json", "--score", "Power", "--score", "Openness")
    found = json.loads(out)
    assert code == 0
    assert found["correction"] == "Holm over the 2 scores compared"
    assert [change["name"] for change in found["changes"]] == ["Power", "Openness"]
    for scope in ("on", "beyond"):
        p_values = np.array([change[scope]["p_value"] for change in found["changes"]])
        corrected = [change[scope]["corrected"] for change in found["changes"]]
        assert corrected == pytest.approx(holm(p_values).tolist())
    code, _, err = typed(capsys, *logs, "--score", "Powder")
    assert code == 2
    assert "Powder" in err
    assert "Power" in err
    assert err.count("\n") == 1


def test_what_cannot_be_compared_is_refused_in_one_line(portraits, readers, tmp_path, capsys):
    pairs = [
        (portraits["power"], readers["poor"], "benchmark is 'value_portrait' in one"),
        (readers["poor"], readers["other people"], "argument seed is 0 in one and 1 in the other"),
        (portraits["power"], tmp_path / "no.eval", "there is no log at"),
    ]
    for before, after, message in pairs:
        code, out, err = typed(capsys, str(before), str(after))
        assert (code, out) == (3, "")
        assert message in err
        assert err.count("\n") == 1
    assert typed(capsys, str(portraits["power"]))[0] == 2
    assert typed(capsys, *[str(portraits["power"])] * 2, "--json", "--markdown")[0] == 2
