"""An instrument of one's own from ratings to a board: what comes out is what was planted."""

import json
from pathlib import Path

import numpy as np
import pytest
from inspect_ai.log import EvalLog

from benchmarks.value_portrait.task import value_portrait
from evals.cli.main import main
from leaderboard.board.board import read_board
from providers.respondents.respondent import noiseless_ratings, peaked_profile
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import Instrument, load_instrument
from scorers.inspect_adapter.run_log import read_run
from scorers.scores.families import score_rows
from studies.instrument_study import make_study
from tests.evaluate import evaluate


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instrument of 40 items."""
    return built(tmp_path_factory.mktemp("built"), 0)


def built(folder: Path, seed: int, name: str = "ours") -> Path:
    study, out = make_study(folder / "study", seed=seed), folder / "instrument"
    more = ("--questionnaire", "pvq21", "--name", name, "--out", str(out))
    assert call("instrument", "build", *study.arguments(), *more) == 0
    return out


def run(model: str, data: object, logs: Path, **arguments: object) -> EvalLog:
    (log,) = evaluate(value_portrait(data=str(data), **arguments), model=model, log_dir=str(logs))
    return log


def expected_scores(instrument: Instrument, value: str) -> np.ndarray:
    """Scores of a respondent before noise and rounding, ten values."""
    ratings = noiseless_ratings(instrument, peaked_profile(value))
    tagged = instrument.tagged()
    return np.array(
        [
            ratings[tagged[d]].mean() - ratings[tagged.any(axis=0)].mean()
            for d in range(len(SCHWARTZ))
        ]
    )


def test_profiles_are_recovered_and_items_hang_together(ours: Path, tmp_path: Path):
    """Every respondent's ten scores are those planted in it; alpha as of a good questionnaire."""
    logs = tmp_path / "logs"
    instrument = load_instrument(str(ours))
    for value in SCHWARTZ:
        log = run(f"respondent/{value.casefold()}", ours, logs)
        assert log.status == "success", log.error
        found = read_run(Path(log.location))
        rows = score_rows(found.grid(), found.manifest.scores.values())
        scores = {row.name: row for row in rows}
        mine = np.array([scores[name].estimate.value for name in SCHWARTZ])
        planted = expected_scores(instrument, value)
        assert np.corrcoef(mine, planted)[0, 1] > 0.97
        assert np.abs(mine - planted).max() < 0.25
        circle = np.array(list(peaked_profile(value).values()))
        assert np.corrcoef(mine, circle)[0, 1] > 0.8
    store = tmp_path / "s.duckdb"
    assert call("leaderboard", "collect", str(logs), "--store", str(store)) == 0
    (table,) = read_board(store)["tables"]
    alphas = {name: found["alpha"]["value"] for name, found in table["reliability"].items()}
    assert set(SCHWARTZ) < set(alphas)
    assert min(alphas.values()) > 0.7
    assert table["card"]["id"] == "ours"
    assert table["card"]["revision"] == instrument.card.revision


def test_people_stand_next_to_models_on_the_board(ours: Path, tmp_path: Path):
    logs, store = tmp_path / "logs", tmp_path / "s.duckdb"
    for model in ("respondent/power", "humans/0"):
        run(model, ours, logs)
    assert call("leaderboard", "collect", str(logs), "--store", str(store)) == 0
    (table,) = read_board(store)["tables"]
    people = next(row for row in table["rows"] if row["rater"].startswith("people ("))
    assert people["source"] == "ours: an instrument of one's own"
    power = next(row for row in table["rows"] if row["rater"] == "respondent/power")
    standing = {name: of["value"] for name, of in power["human"]["standing"].items()}
    assert standing["Universalism"] < 0.5 < standing["Power"]
    scores = {name for name, of in power["scores"].items() if of["value"] is not None}
    assert "Openness" not in scores
    assert str(ours) not in json.dumps(read_board(store))


def test_people_are_left_out_where_the_folder_is_gone(tmp_path: Path):
    ours = built(tmp_path, 3)
    store = tmp_path / "s.duckdb"
    run("respondent/power", ours, tmp_path / "logs")
    assert call("leaderboard", "collect", str(tmp_path / "logs"), "--store", str(store)) == 0
    ours.rename(tmp_path / "elsewhere")
    (table,) = read_board(store)["tables"]
    assert [row["rater"] for row in table["rows"]] == ["respondent/power"]
    assert table["card"]["id"] == "ours"


def test_two_versions_and_the_sample_never_share_a_table(ours: Path, tmp_path: Path, capsys):
    other = built(tmp_path, 1)  # of the same name, from other ratings
    logs, store = tmp_path / "logs", tmp_path / "s.duckdb"
    found = [run("respondent/power", data, logs) for data in (ours, other, "sample")]
    assert call("leaderboard", "collect", str(logs), "--store", str(store)) == 0
    tables = read_board(store)["tables"]
    assert len(tables) == 3
    assert len({table["title"] for table in tables}) == 3
    keys = [(table["card"]["id"], table["card"]["revision"]) for table in tables]
    assert len(set(keys)) == 3
    capsys.readouterr()
    for one, two in ((0, 1), (0, 2)):
        code = call("compare", found[one].location, found[two].location)
        assert code != 0
        assert "card" in capsys.readouterr().err


def test_a_log_says_what_was_asked(ours: Path, tmp_path: Path):
    log = run("respondent/power", ours, tmp_path, variants="v1")
    about = log.eval.metadata
    assert about["card"] == "ours"
    assert about["card_revision"] == load_instrument(str(ours)).card.revision
    assert about["own_data"] is True
    assert about["answers_in_full"] == 240
    assert "Openness" not in about["dimensions"]
    measured = read_run(Path(log.location)).measured
    assert (measured["card"], measured["synthetic"]) == ("ours", False)


def test_a_log_of_items_that_the_instrument_does_not_have_is_refused(ours: Path, tmp_path: Path):
    run_ = run("respondent/power", ours, tmp_path, variants="v1")
    found = read_run(Path(run_.location)).known_samples()
    assert found is not None
    assert set(found) == set(load_instrument(str(ours)).items.index)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dimensions": "big_five"}, "ours has no people who were measured on big_five"),
        ({"items": "regression"}, "items=regression are items of data=official and data=sample"),
    ],
)
def test_what_an_instrument_cannot_do_is_said_in_one_line(ours: Path, arguments, message: str):
    with pytest.raises(Exception, match=message) as found:
        value_portrait(data=str(ours), **arguments)
    assert type(found.value).__name__ == "PrerequisiteError"


def test_a_run_can_be_checked_against_an_earlier_one(ours: Path, tmp_path: Path, capsys):
    first = run("respondent/power", ours, tmp_path / "a")
    second = run("respondent/benevolence", ours, tmp_path / "b")
    assert call("compare", first.location, second.location) == 0
    assert "40 items that both answered" in " ".join(capsys.readouterr().out.split())
    assert call("show", first.location) == 0
    assert "respondent/power on ours: 40 items" in " ".join(capsys.readouterr().out.split())


def test_answers_to_an_instrument_of_ones_own_are_compared_with_its_people(
    ours: Path, tmp_path: Path, capsys
):
    """A file of ratings has no log that says which items they are of: --data does."""
    rows = [f"{item},{1 + n % 6}" for n, item in enumerate(load_instrument(str(ours)).items.index)]
    (tmp_path / "answers.csv").write_text("\n".join(["instance,rating", *rows]))
    capsys.readouterr()
    sets = ("people", str(tmp_path / "answers.csv"))
    out = ("--data", str(ours), "--out", str(tmp_path / "out"), "--json")
    assert call("study", "agreement", *sets, *out) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["card"], one["items"]) for one in found["sets"]] == [("ours", 40)] * 2


def test_an_instrument_without_a_tag_stops_no_board(tmp_path: Path):
    study = make_study(tmp_path / "study", raters=4)
    more = ("--questionnaire", "pvq21", "--name", "few", "--out", str(tmp_path / "few"))
    settings = tmp_path / "settings.yaml"
    settings.write_text("screening: {inconsistent_share: null}\n")
    made = call("instrument", "build", *study.arguments(), *more, "--settings", str(settings))
    assert made == 0
    logs, store = tmp_path / "logs", tmp_path / "s.duckdb"
    run("respondent/power", "sample", logs)
    run("respondent/power", tmp_path / "few", logs, threshold=1.0)
    assert call("leaderboard", "collect", str(logs), "--store", str(store)) == 0
    board = read_board(store)
    assert [table["card"]["id"] for table in board["tables"]] == ["value_portrait_sample"]
    assert [run["why"] for run in board["apart"]] == ["no item counts for any of its scores"]
    site = ("--store", str(store), "--out", str(tmp_path / "site"))
    assert call("leaderboard", "build", *site) == 0
