"""What a statistician expects of checks of recorded models, and the manual's table of them."""

import contextlib
import io
import json
import random
import re
from pathlib import Path

import numpy as np
import pytest

from evals.cli.main import main
from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.instruments.value_portrait import (
    VARIANTS,
    load_instrument,
    load_recording,
    recorded_answer,
)
from scorers.answers.phrases.likert import read_answer
from scorers.scores.manifests import manifest_of
from tests.leaderboard.made_logs import portrait_log

MANUAL = Path(__file__).parents[3] / "docs" / "regression.md"
PREDICTED = manifest_of("value_portrait").scores["predicted_values"].names


def recorded(model: str) -> np.ndarray:
    """I x V ratings that a recorded model gave, as the task reads them; NaN where it gave none."""
    found = load_recording(model)
    answers = map(recorded_answer, found["raw"], found["error"])
    found["rating"] = [read_answer(*answer).rating for answer in answers]
    grid = found.pivot(index="instance", columns="variant", values="rating")
    return grid.loc[[*load_instrument().items.index], [*VARIANTS]].to_numpy(float)


def with_some_at_random(ratings: np.ndarray, answers: int) -> np.ndarray:
    rng, out = random.Random(0), ratings.copy()
    for cell in sorted(rng.sample(list(np.ndindex(out.shape)), answers)):
        out[cell] = rng.randint(1, 6)
    return out


@pytest.fixture(scope="module")
def recordings(mirror_or_none: Path | None, tmp_path_factory) -> dict[str, Path]:
    """The rows of the manual's table, and `itself`, which all are compared with."""
    if mirror_or_none is None:
        pytest.skip("needs a mirror of the published data: set VALUEGAUGE_DATA")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VALUEGAUGE_DATA", str(mirror_or_none))
        instrument, itself = load_instrument(), recorded("gpt-4o-2024-05-13")
        ratings = {"itself": itself, "another": recorded("mistral-medium")}
    of_power = instrument.tagged()[ALL_DIMENSIONS.index("Power"), :, None]
    fifth = instrument.items["query"].to_numpy(int)[:, None] % 5 == 0
    ratings["random"] = with_some_at_random(itself, 30)
    ratings["power"] = np.where(of_power, np.minimum(itself + 1, 6), itself)
    ratings["refused"] = np.where(fifth, np.nan, itself)
    folder = tmp_path_factory.mktemp("recordings")
    return {
        name: portrait_log(folder / f"{name}.eval", name, data="official", ratings=given)
        for name, given in ratings.items()
    }


@pytest.fixture(scope="module")
def checks(recordings: dict[str, Path], tmp_path_factory) -> dict[str, tuple[int, dict]]:
    """Exit code and scores of each of them, by name, beyond these items."""
    return checked(recordings, tmp_path_factory.mktemp("checks"), "beyond")


@pytest.fixture(scope="module")
def checks_on(recordings: dict[str, Path], tmp_path_factory) -> dict[str, tuple[int, dict]]:
    """The same on these items."""
    return checked(recordings, tmp_path_factory.mktemp("checks-on"), "on")


def checked(recordings: dict[str, Path], folder: Path, scope: str) -> dict[str, tuple[int, dict]]:
    baseline = folder / "baseline.json"
    run_quietly(recordings["itself"], "--baseline", baseline, "--write-baseline")
    out = {}
    for name, log in recordings.items():
        code, printed = run_quietly(log, "--baseline", baseline, "--scope", scope, "--json")
        (found,) = json.loads(printed)
        assert found["scope"] == scope
        out[name] = code, {score["name"]: score for score in found["scores"]}
    return out


def run_quietly(*arguments: object) -> tuple[int, str]:
    """Exit code and standard output, for where a test's own capture is not at hand."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), pytest.raises(SystemExit) as caught:
        main(["check", *map(str, arguments)])
    return int(caught.value.code or 0), printed.getvalue()


def with_verdict(scores: dict, verdict: str) -> set[str]:
    return {name for name, score in scores.items() if score["verdict"] == verdict}


def test_a_recording_against_itself_is_the_same_throughout(checks):
    code, scores = checks["itself"]
    assert code == 0
    assert with_verdict(scores, "same") == {*ALL_DIMENSIONS, *PREDICTED, "valid answers"}


def test_thirty_random_answers_of_3120_raise_no_alarm(checks):
    """They move a mean of at least 60 answers by a few hundredths of a point."""
    code, scores = checks["random"]
    assert code == 0
    assert not with_verdict(scores, "moved")
    assert with_verdict(scores, "same") >= {
        "Power",
        "Achievement",
        "Agreeableness",
        "valid answers",
    }
    assert any(score["difference"]["value"] != 0 for score in scores.values())


def test_a_point_more_on_power_is_found_where_it_is_and_nowhere_else(checks):
    code, scores = checks["power"]
    assert code == 1
    assert with_verdict(scores, "moved") >= {"Power", "Self-Enhancement"}
    assert scores["Power"]["difference"]["value"] > 0.4
    for apart in (False, True):
        mine = [score for score in scores.values() if score["apart"] == apart]
        most = max(mine, key=lambda score: score["difference"]["value"])
        assert most["name"] == ("predicted Power" if apart else "Power")
    # scores are centred: what has few items of Power falls as much as the mean of all items rises
    for name in ("Universalism", "Benevolence", "Self-Direction"):
        assert scores[name]["verdict"] == "moved"
        assert scores[name]["difference"]["value"] < 0
    # traits are not centred, and one has no item of Power at all
    assert scores["Neuroticism"]["difference"]["value"] == 0
    assert scores["Neuroticism"]["verdict"] == "same"
    assert scores["valid answers"]["verdict"] == "same"
    assert len(scores["Power"]["moved_items"]) == 5
    assert {round(i["after"] - i["before"], 9) for i in scores["Power"]["moved_items"]} == {1.0}


def test_another_model_moves_or_is_undecided(checks):
    code, scores = checks["another"]
    assert code == 1
    assert with_verdict(scores, "moved")
    for name in with_verdict(scores, "moved"):
        low, high = (scores[name]["difference"][end] for end in ("low", "high"))
        assert not low <= 0 <= high
    for name in with_verdict(scores, "undecided"):
        assert scores[name]["further"] is None or scores[name]["further"] > 0
    assert len(with_verdict(scores, "same")) < 5


def test_refusals_alone_fail_by_the_valid_answers_alone(checks):
    code, scores = checks["refused"]
    assert code == 1
    assert with_verdict(scores, "moved") == {"valid answers"}
    assert scores["valid answers"]["after"] < scores["valid answers"]["before"]
    # what both answered did not change
    assert with_verdict(scores, "same") == {*ALL_DIMENSIONS, *PREDICTED}


def test_the_table_of_the_manual_is_what_comes_out(checks, checks_on):
    rows = re.findall(
        r"^\| (\w+): [^|]*\| (\d+), (\d+), (\d+) \| (\d+), (\d+), (\d+) \| (\d), (\d) \|$",
        MANUAL.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    found = {}
    for name in checks:
        (code_on, on), (code, beyond) = checks_on[name], checks[name]
        counts = [
            len(with_verdict(scores, verdict) - set(PREDICTED))
            for scores in (on, beyond)
            for verdict in ("same", "moved", "undecided")
        ]
        found[name] = (*counts, code_on, code)
    assert {name: tuple(map(int, numbers)) for name, *numbers in rows} == found
