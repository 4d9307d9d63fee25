"""What `show`, `compare`, `check` and `profiles` say of runs of value profiles."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.value_profiles.decode_ratings import decode_ratings
from benchmarks.value_profiles.encode_profiles import encode_profiles
from benchmarks.value_profiles.tell_profiles_apart import tell_profiles_apart
from evals.cli.main import main
from ratings.data_sets.published.planted import plant
from ratings.representations.profile_runs import read_profile_run
from tests.evaluate import evaluate
from tests.leaderboard.made_logs import decoded_log, portrait_log


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as done:
        main(list(words))
    out, err = capsys.readouterr()
    assert isinstance(done.value.code, int)
    return done.value.code, out, err


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A log of each task and reader, on simulated raters."""
    folder = tmp_path_factory.mktemp("logs")
    asked = {
        "follows": (decode_ratings(data="planted", representation="groundtruth", raters=20)),
        "ignores": (decode_ratings(data="planted", representation="groundtruth", raters=20)),
        "encoded": encode_profiles(data="planted", raters=20),
        "apart": tell_profiles_apart(data="planted", pairs=20),
    }
    out = {}
    for name, task in asked.items():
        model = f"respondent/{'ignores' if name == 'ignores' else 'follows'}"
        (log,) = evaluate(task, model=model, log_dir=str(folder))
        assert log.status == "success", log.error
        out[name] = log.location
    return out


def test_every_task_is_shown(runs: dict[str, str], capsys: pytest.CaptureFixture[str]):
    code, out, _ = typed(capsys, "show", runs["follows"], runs["encoded"], runs["apart"])
    assert code == 0
    printed = " ".join(out.split())
    assert printed.count("SIMULATED RATERS") == 3
    for words in (
        "respondent/follows, decode_ratings on planted: 20 samples",
        "calibration error",
        "Profiles written │ 100.0",
        "Accuracy │ 100.0",
        "guessing reaches 50%; p of guessing: 0.0",
    ):
        assert words in printed, words
    code, out, _ = typed(capsys, "show", runs["follows"], "--json")
    report = json.loads(out)
    assert report["scores"]["information"]["low"] > 0
    assert report["ways"] == {"logprobs": report["asked"]}
    assert report["calibration"]["corrected"]["low"] < report["calibration"]["corrected"]["high"]
    assert report["family"] is report["chance_p"] is None


def test_what_follows_from_what_ignores_is_a_move(
    runs: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    code, out, _ = typed(capsys, "compare", runs["ignores"], runs["follows"], "--markdown")
    assert code == 0
    assert "20 raters that both answered" in out
    moved = {
        line.split(" | ")[0].strip("| "): line
        for line in out.splitlines()
        if "| beyond these raters" in line
    }
    assert {"information", "loss"} <= set(moved)
    base = str(tmp_path / "b.json")
    assert typed(capsys, "check", runs["ignores"], "--baseline", base, "--write-baseline")[0] == 0
    code, out, _ = typed(capsys, "check", runs["ignores"], "--baseline", base, "--json")
    assert code == 0
    assert {score["verdict"] for score in json.loads(out)[0]["scores"]} == {"same"}
    code, out, _ = typed(capsys, "check", runs["follows"], "--baseline", base, "--json")
    verdicts = {score["name"]: score["verdict"] for score in json.loads(out)[0]["scores"]}
    assert code == 1
    assert verdicts["information"] == "moved"
    assert verdicts["valid answers"] == verdicts["loss_none"] == "same"


def test_profiles_are_written_and_a_part_says_so(
    runs: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "new" / "profiles.json"
    code, out, err = typed(capsys, "profiles", runs["encoded"], "--out", str(path))
    assert (code, out) == (4, "")
    assert "20 profiles of 400 raters of planted, split seed 0, by respondent/follows" in err
    assert "tokens not reported" in err
    assert "380 raters have none" in err
    found = read_profile_run(path)
    assert len(found.profiles) == len(found.fit_sha256) == 20
    assert (found.data, found.seed, found.model) == ("planted", 0, "respondent/follows")
    code, _, err = typed(capsys, "profiles", runs["apart"], "--out", str(path))
    assert code == 3
    assert "is a log of tell_profiles_apart; this reads encode_profiles" in err
    assert typed(capsys, "profiles", "none.eval", "--out", str(path))[0] == 3


def test_a_family_is_shown_next_to_a_run(
    runs: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The family is the truth here: what ignores it loses the planted information on it."""
    planted = plant()

    def fit_split(prepared, family, representation) -> SimpleNamespace:
        def predict(raters: np.ndarray, instances: np.ndarray) -> np.ndarray:
            return planted.probabilities(representation.name, raters, instances)

        return SimpleNamespace(predict=predict)

    monkeypatch.setattr("decoders.fit_split.fit_split", fit_split)
    code, out, _ = typed(capsys, "show", runs["ignores"], "--family", "default", "--json")
    assert code == 0
    family = json.loads(out)["family"]
    assert family["difference"]["low"] < planted.information("groundtruth")
    assert planted.information("groundtruth") < family["difference"]["high"]
    assert family["difference"]["value"] == pytest.approx(
        family["loss"]["value"] - family["family_loss"]["value"]
    )
    code, out, _ = typed(capsys, "show", runs["follows"], "--family", "default")
    assert "Compared with the family default" in out
    code, out, _ = typed(capsys, "show", runs["follows"], "--family", "default", "--json")
    assert json.loads(out)["family"]["difference"]["value"] == pytest.approx(0, abs=1e-6)
    code, _, err = typed(capsys, "show", runs["follows"], "--family", "defualt")
    assert code == 2
    assert "unknown family 'defualt'" in err


def test_options_that_do_not_fit_are_refused(
    runs: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    portrait = str(portrait_log(tmp_path / "p.eval"))
    for words, message in (
        (["show", portrait, "--family", "default"], "--family is for runs of decode_ratings"),
        (
            ["show", runs["apart"], "--variants"],
            "variants, and tell_profiles_apart has none",
        ),
        (["show", runs["follows"], "--plot", "x.png"], "--plot has no picture of decode_ratings"),
    ):
        code, _, err = typed(capsys, *words)
        assert code == 2
        assert message in err


def test_a_run_that_mixes_ways_is_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from inspect_ai.log import read_eval_log, write_eval_log

    log = read_eval_log(str(decoded_log(tmp_path / "a.eval")))
    for sample in (log.samples or [])[:5]:
        metadata = (sample.scores or {})["decoded_ratings"].metadata
        assert metadata is not None
        metadata["way"] = ["stated"] * len(metadata["way"])
    write_eval_log(log, str(tmp_path / "b.eval"))
    code, out, _ = typed(capsys, "show", str(tmp_path / "b.eval"))
    assert code == 0
    assert "cannot be compared; ask again with one:" in " ".join(out.split())
