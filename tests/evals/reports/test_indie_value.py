import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.indie_value._baselines import majority_baseline
from benchmarks.indie_value.task import indie_value
from evals.cli.main import main
from evals.reports.indie_value import read_indie_value
from evals.reports.people import difference, people_of
from ratings.errors import DataError, DataMissingError
from ratings.instruments.indie_value import DIMENSIONS
from tests.evaluate import evaluate


def made(folder: Path, model: str, **arguments: object) -> Path:
    (log,) = evaluate(
        indie_value(**{"data": "sample", "probe": 1} | arguments),
        model=model,
        log_dir=str(folder),
    )
    assert log.status == "success", log.error
    return Path(log.location)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Two readers asked about the same people, and one about fewer."""
    folder = tmp_path_factory.mktemp("logs")
    return (
        made(folder, "respondent/0.6", people=12),
        made(folder, "respondent/0.9", people=12),
        made(folder, "respondent/0.9", people=5),
    )


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_show_prints_accuracies_inequity_and_statuses(logs, capsys):
    code, out, err = typed(capsys, "show", str(logs[0]))
    assert (code, err) == (0, "")
    assert "SIMULATED PEOPLE" in out
    assert (
        "respondent/0.6 on simulated survey, 2000 people, seed 0: 12 people, 468 questions" in out
    )
    for name in ("Security", "probe 1", "unreadable", "per person: half of the people between"):
        assert name in out
    for name in DIMENSIONS:
        assert name in out


def test_runs_are_compared_person_by_person(logs):
    one, other, fewer = (read_indie_value(log).run for log in logs)
    found = difference(other, one)
    expected = people_of(other)["accuracy"].mean() - people_of(one)["accuracy"].mean()
    assert found.estimate.value == pytest.approx(expected)
    assert found.estimate.low > 0
    assert found.p_value < 0.01
    assert difference(fewer, other).people == 5
    assert difference(fewer, other).estimate.value == 0


def test_show_as_json_holds_every_person(logs, capsys):
    code, out, _ = typed(capsys, "show", str(logs[0]), "--json")
    found = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    assert code == 0
    assert len(found["person_accuracy"]) == found["people"] == 12
    assert np.mean(list(found["person_accuracy"].values())) == pytest.approx(
        found["accuracy"]["accuracy"]["value"]
    )
    assert set(found["sigma_inequity"]["dimensions"]) == set(DIMENSIONS)
    assert found["metadata"]["synthetic"] is True
    assert found["counts"]["valid"] == 468


def test_the_sentence_compares_with_the_majority_person_by_person(logs, capsys, tmp_path: Path):
    """The majority that answers the task itself is the same, and differs from itself by nothing."""
    (done,) = evaluate(
        indie_value(data="sample", probe=1, people=12),
        solver=majority_baseline(),
        model="mockllm/model",
        log_dir=str(tmp_path),
    )
    majority, reader = read_indie_value(done.location), read_indie_value(logs[1])
    assert majority.above_majority is not None
    assert majority.above_majority.estimate.value == 0
    assert reader.above_majority is not None
    apart = difference(reader.run, majority.run).estimate
    assert reader.above_majority.estimate == apart
    assert reader.finding.startswith(
        "Asked 468 of 93,600 answers: on simulated people, respondent/0.9 picks "
    )
    assert f" {100 * apart.value:.1f} points above the majority's answer (" in reader.finding
    assert f"beyond chance, groups of people differ by {reader.inequity.corrected.value:.2f} " in (
        reader.finding
    )


def test_two_runs_are_drawn_side_by_side(logs, capsys, tmp_path: Path):
    picture = tmp_path / "two.svg"
    assert typed(capsys, "show", *map(str, logs[:2]), "--plot", str(picture))[0] == 0
    assert picture.stat().st_size > 10_000


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_show_draws_the_categories(logs, capsys, tmp_path: Path, ending, start):
    picture = tmp_path / f"categories.{ending}"
    assert typed(capsys, "show", str(logs[0]), "--plot", str(picture))[0] == 0
    assert picture.read_bytes().startswith(start)
    assert list(tmp_path.iterdir()) == [picture]


def test_runs_without_common_people_cannot_be_compared(logs, tmp_path: Path):
    log = made(tmp_path, "respondent/0.5", people=1)
    one = read_indie_value(logs[2]).run
    other = dataclasses.replace(read_indie_value(log).run)
    for score in other.scores:
        score.sample_id = f"another-{score.sample_id}"
    with pytest.raises(DataError, match="have no people and probe sets in common"):
        difference(other, one)


def test_only_the_same_questions_of_the_same_people_are_compared(tmp_path: Path):
    """The same predictor asked one probe set and all of them differs by nothing."""
    one, all_of_them = (
        read_indie_value(made(tmp_path, "respondent/0.7", people=8, **probes)).run
        for probes in ({"probe": 1}, {"probe": "all"})
    )
    found = difference(one, all_of_them)
    assert (found.people, found.estimate.value, found.p_value) == (8, 0, 1)


def test_a_file_that_is_not_a_log(tmp_path: Path):
    with pytest.raises(DataMissingError, match="there is no log at"):
        read_indie_value(tmp_path / "nowhere.eval")
    (tmp_path / "broken.eval").write_bytes(b"PK nonsense")
    with pytest.raises(DataError, match="cannot be read as an Inspect log"):
        read_indie_value(tmp_path / "broken.eval")
