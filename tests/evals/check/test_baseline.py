import json
from pathlib import Path

import numpy as np
import pytest

from evals.check import baseline as module
from evals.check.baseline import (
    add_askings,
    baseline_for,
    baseline_run,
    read_baseline,
    write_baseline,
)
from ratings.errors import DataError, DataMissingError
from ratings.input.strict_files import MalformedFileError
from ratings.instruments.value_portrait import load_instrument
from scorers.inspect_adapter.run_log import RunLog, read_run
from scorers.scores.response_checks import MEASURED
from tests.leaderboard.made_logs import choice_log, portrait_log, portrait_ratings


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunLog:
    """A run with missing answers; nobody changes it."""
    ratings = portrait_ratings(3, 120)
    ratings[::7, 2] = np.nan
    folder = tmp_path_factory.mktemp("run")
    return read_run(portrait_log(folder / "run.eval", "openai/<b>a</b>", ratings=ratings))


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> RunLog:
    return read_run(choice_log(tmp_path_factory.mktemp("people") / "people.eval", people=8))


def test_what_was_written_is_read_again(run: RunLog, people: RunLog, tmp_path: Path):
    path = tmp_path / "baseline.json"
    write_baseline([baseline_run(run), baseline_run(people)], path)
    found = read_baseline(path)
    for one, log in zip(found, (run, people), strict=True):
        grid = log.grid()
        assert (one.rater, one.key) == (log.model, log.measured)
        assert list(one.grid.samples) == list(grid.samples)
        assert list(one.grid.clusters) == list(grid.clusters)
        assert list(one.grid.columns) == list(grid.columns)
        assert [dict(about) for about in one.grid.attributes] == [dict(a) for a in grid.attributes]
        assert one.grid.labels == grid.labels
        np.testing.assert_array_equal(one.grid.ratings, grid.ratings)
        np.testing.assert_array_equal(one.grid.statuses, grid.statuses)
        assert (one.grid.right is None) == (grid.right is None)
        assert baseline_for(log, found, path) is one


def test_a_baseline_is_plain_json_and_the_same_whenever_it_is_written(run: RunLog, tmp_path: Path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    for path in (first, second):
        write_baseline([baseline_run(run)], path)
    assert first.read_bytes() == second.read_bytes()
    json.loads(first.read_text(), parse_constant=lambda name: pytest.fail(name))


def test_lengths_of_answers_are_kept_and_are_none_in_older_baselines(tmp_path: Path):
    characters = np.arange(720).reshape(120, 6)
    run, again = (
        baseline_run(
            read_run(
                portrait_log(
                    tmp_path / f"{name}.eval", "openai/a", characters=characters, task_id=name
                )
            )
        )
        for name in ("a", "b")
    )
    path = tmp_path / "b.json"
    write_baseline([run], path)
    (found,) = read_baseline(path)
    assert found.grid.lengths is not None
    of = {
        str(i): row
        for i, row in zip(load_instrument("sample").items.index, characters, strict=True)
    }
    for sample, row in zip(found.grid.samples, found.grid.lengths, strict=True):
        np.testing.assert_array_equal(row, of[sample])
    document = json.loads(path.read_text())
    document["schema"] = "1.1"
    del document["runs"][0]["lengths"]
    path.write_text(json.dumps(document))
    (older,) = read_baseline(path)
    assert older.grid.lengths is None
    (both,) = add_askings([older], [again], path)
    assert both.grid.lengths is not None
    assert np.isnan(both.grid.lengths).all(axis=1).sum() == 120


def test_two_runs_of_the_same_are_refused_and_nothing_is_written(tmp_path: Path):
    path = tmp_path / "baseline.json"
    path.write_text("as it was")
    runs = [
        baseline_run(read_run(portrait_log(tmp_path / f"{seed}.eval", f"openai/m{seed}", seed)))
        for seed in (0, 1)
    ]
    with pytest.raises(
        DataError, match="measured the same .value_portrait: openai/m0 and openai/m1."
    ):
        write_baseline(runs, path)
    assert path.read_text() == "as it was"
    assert sorted(p.name for p in tmp_path.glob("*baseline*")) == ["baseline.json"]


def test_a_baseline_that_cannot_be_written_leaves_the_old_one(
    run: RunLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "baseline.json"
    path.write_text("as it was")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_baseline([baseline_run(run)], path)
    assert path.read_text() == "as it was"
    assert not list(tmp_path.glob(".baseline*"))


def test_a_folder_that_is_not_there_is_named(run: RunLog, tmp_path: Path):
    with pytest.raises(DataMissingError, match=r"nowhere.*b\.json"):
        write_baseline([baseline_run(run)], tmp_path / "nowhere" / "b.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"task_version": "2-A"}, "comparability is '2-A' in the log and '1-A'"),
        ({"metadata": {"card_revision": "other"}}, "card revision is 'other' in the log"),
        ({"metadata": {"template_sha256": "f" * 64}}, "template sha256 is 'ffff"),
        ({"arguments": {"threshold": 0.4}}, "settings is .*'threshold': 0.4"),
        ({"arguments": {"reading": "published"}}, "settings is .*'reading': 'published'"),
    ],
)
def test_a_run_that_measured_something_else_is_refused(
    change, message: str, run: RunLog, tmp_path: Path
):
    accepted = [baseline_run(run)]
    other = read_run(portrait_log(tmp_path / "other.eval", "openai/test", **change))
    with pytest.raises(DataError, match=f"other.eval cannot be checked against .*: {message}"):
        baseline_for(other, accepted, tmp_path / "baseline.json")


def test_another_rater_and_another_part_are_not_something_else(run: RunLog, tmp_path: Path):
    accepted = [baseline_run(run)]
    arguments = {"persona": "You are a nurse.", "variants": ["v1"], "items": "regression"}
    other = read_run(portrait_log(tmp_path / "other.eval", "openai/other", arguments=arguments))
    assert baseline_for(other, accepted, tmp_path / "b.json") is accepted[0]


def test_a_benchmark_that_the_baseline_lacks_is_named(run: RunLog, people: RunLog, tmp_path: Path):
    with pytest.raises(DataError, match=r"b\.json.*indie_value.*people\.eval"):
        baseline_for(people, [baseline_run(run)], tmp_path / "b.json")


def test_the_survey_is_part_of_what_was_measured(people: RunLog):
    key = baseline_run(people).key
    assert key["survey_sha256"] == "1" * 64
    assert set(key) == set(MEASURED)
    assert set(key["settings"]) >= {"probe_form", "demonstrations", "seed"}
    assert "people" not in key["settings"]


def test_no_baseline_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(DataMissingError, match=r"none\.json.*--write-baseline"):
        read_baseline(tmp_path / "none.json")


def _without(name: str):
    return lambda found: found["runs"][0].pop(name)


def _with(name: str, value: object):
    return lambda found: found["runs"][0].update({name: value})


@pytest.mark.parametrize(
    ("damage", "key", "code", "shown"),
    [
        (_without("samples"), "runs[0]", "missing", "'samples'"),
        (_without("key"), "runs[0]", "missing", "'key'"),
        (_without("ratings"), "runs[0]", "missing", "'ratings'"),
        (_with("ratngs", []), "runs[0].ratngs", "unknown_key", "'ratings'"),
        (_with("key", {"benchmark": "value_portrait"}), "runs[0]", "rule", "the key of a run"),
        (_with("key", {**dict.fromkeys(MEASURED), "benchmark": 7}), "runs[0]", "rule", "7 is not"),
        (_with("key", {**dict.fromkeys(MEASURED), "benchmark": "a"}), "runs[0]", "rule", "kinds"),
        (_with("key", None), "runs[0].key", "dict_type", "None"),
        (_with("clusters", ["one"]), "runs[0]", "rule", "1 clusters for 120 samples"),
        (_with("attributes", [1] * 120), "runs[0].attributes[0]", "dict_type", "1"),
        (_with("attributes", None), "runs[0].attributes", "list_type", "None"),
        (_with("ratings", [["six"] * 6] * 120), "runs[0].ratings[0][0]", "float_type", "'six'"),
        (_with("ratings", [[1, 2]]), "runs[0]", "rule", "cannot reshape"),
        (_with("statuses", [[-1] * 6] * 120), "runs[0].statuses[0][0]", "greater_than_equal", "-1"),
        (_with("statuses", [[9] * 6] * 120), "runs[0]", "rule", "out of bounds"),
        (_with("lengths", [[1, 2]]), "runs[0]", "rule", "cannot reshape"),
        (_with("lengths", [[-1] * 6] * 120), "runs[0].lengths[0][0]", "greater_than_equal", "-1"),
        (_with("labels", {"categories": ["one"]}), "runs[0]", "rule", "1 categories for 6 answers"),
        (lambda found: found.update(runs=[None]), "runs[0]", "dataclass_type", "None"),
        (lambda found: found.update(runs=3), "runs", "list_type", "3"),
    ],
)
def test_what_is_wrong_in_a_baseline_is_named(
    damage, key: str, code: str, shown: str, run: RunLog, tmp_path: Path
):
    path = tmp_path / "baseline.json"
    write_baseline([baseline_run(run)], path)
    found = json.loads(path.read_text())
    damage(found)
    path.write_text(json.dumps(found))
    with pytest.raises(MalformedFileError) as caught:
        read_baseline(path)
    error = caught.value
    assert (error.file, error.line, error.key, error.code) == (str(path), 1, key, code)
    assert shown in str(error)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"runs": []}', "null", '"schema"'])
def test_another_file_is_refused(text: str, tmp_path: Path):
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(MalformedFileError) as caught:
        read_baseline(path)
    assert caught.value.file == str(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MalformedFileError) as caught:
        read_baseline(path)
    assert (caught.value.file, caught.value.code) == (str(path), "encoding")


def test_a_baseline_of_another_version_is_refused(
    run: RunLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "baseline.json"
    monkeypatch.setattr(module, "SCHEMA", "0.9")
    write_baseline([baseline_run(run)], path)
    monkeypatch.undo()
    with pytest.raises(MalformedFileError, match=r"'0\.9'.*1\.0") as caught:
        read_baseline(path)
    assert (caught.value.key, caught.value.code) == ("schema", "version")
