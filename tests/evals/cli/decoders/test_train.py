"""`valuegauge decoders train` as it is typed: one process, several, one that is killed."""

import json
import os
import random
import shutil
import signal
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.cli.main import main
from ratings.data_sets.digest import data_sha256
from ratings.data_sets.registry import load_data_set
from tests.evals.trained import (
    LAUNCH,
    ROOT,
    about,
    command,
    finish,
    needs_decoders,
    start,
    write_recipe,
    write_survey,
)

needs_decoders()

GIVEN = "examples:4"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("trained")
    write_survey(found)
    write_recipe(found)
    return found


def of(out: str, *more: str, recipe: str = "few.yaml", given: str = GIVEN) -> list[str]:
    options = ["--data", "survey.csv", "--representation", given, "--recipe", recipe, "--out", out]
    return ["train", *options, *more]


@pytest.fixture(scope="module")
def made(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A training that nothing disturbed: its folder and what was printed."""
    out = finish(start(command(*of("made", "--save-every", "1", "--json")), folder))
    return folder / "made", json.loads(out)


@pytest.fixture(scope="module")
def made_last(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The same with its last weights, as trainings in shards end."""
    write_recipe(folder, "last", "calibrated_on: 0\n")
    asked = command(*of("made_last", "--json", recipe="last.yaml"))
    return folder / "made_last", json.loads(finish(start(asked, folder)))


def typed(
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    monkeypatch.setattr("ratings.sources.locations._STARTED_IN", folder)
    monkeypatch.chdir(folder)
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        main(["decoders", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_a_decoder_is_kept_with_all_that_made_it_what_it_is(
    made: tuple[Path, dict[str, Any]], folder: Path
):
    saved, about_fit = made
    kept = about(saved)
    assert about_fit == {
        "folder": str(saved),
        **{name: value for name, value in kept.items() if name != "version"},
    }
    data, _ = load_data_set(str(folder / "survey.csv"))
    assert kept["data_sha256"] == data_sha256(data)
    assert (kept["data"], kept["representation"], kept["seed"]) == ("survey", GIVEN, 0)
    assert not (saved / "training").exists()
    for name in ("accuracy", "loss", "brier"):
        estimate = kept["metrics"][name]
        assert estimate["low"] < estimate["value"] < estimate["high"]
    effort = kept["metrics"]["training"]
    assert effort["steps"] == len(effort["losses"]) > 3
    assert effort["losses"][-1] < effort["losses"][0]
    assert (effort["from_step"], effort["processes"], effort["way"]) == (0, 1, "whole")


def test_what_is_kept_predicts_what_was_measured(made: tuple[Path, dict[str, Any]], folder: Path):
    """The loss of the test raters again, from the files alone."""
    from decoders.fit_split import fit_split
    from decoders.language_model.checkpoint import load_checkpoint
    from decoders.language_model.family import LanguageModelDecoder
    from decoders.language_model.prompts.encoder import Encoder
    from decoders.language_model.training.recipes import Recipe
    from ratings.data_sets.instances import instances_of
    from ratings.prepared import PreparedSplit
    from ratings.representations.names import parse_representation
    from scorers.information.v_information import log_losses

    saved, about_fit = made
    found = load_checkpoint(saved)
    recipe = found.about.recipe

    class Loaded:
        """Instead of a family: hands out what is loaded, whatever it is shown."""

        name, version, calibration, partitions = "loaded", "1", "", 1

        def fit(self, instances: Any, training: Any, seed: int) -> LanguageModelDecoder:
            encoder = Encoder(found.tokenizer, instances, recipe)
            temperature = found.about.temperature
            return LanguageModelDecoder(
                recipe, found.model, found.tokenizer, encoder, temperature, (), None, 0
            )

    assert isinstance(recipe, Recipe)
    data, _ = load_data_set(str(folder / "survey.csv"))
    fit = fit_split(PreparedSplit.of(data, 0), Loaded(), parse_representation(GIVEN))
    targets = fit.test_targets()
    losses = log_losses(fit.predict(targets.raters, targets.instances), targets.ratings)
    assert len(instances_of(data)) > 0
    assert losses.mean() == pytest.approx(about_fit["metrics"]["loss"]["value"], abs=1e-5)


def test_the_same_command_again_trains_nothing(
    made: tuple[Path, dict[str, Any]],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    saved, about_fit = made
    monkeypatch.setattr("evals.vinfo.trained_decoder.fit_split", None)
    code, out, err = typed(capsys, folder, monkeypatch, *of("made", "--json"))
    assert (code, json.loads(out)) == (0, about_fit)
    assert err == f"{saved} holds this decoder already; nothing was trained\n"
    code, out, _ = typed(capsys, folder, monkeypatch, *of("made"))
    assert code == 0
    assert out.startswith("survey: few given examples:4, seed 0")
    assert "\n  loss, nats" in out


@pytest.mark.parametrize(
    ("more", "differs"),
    [
        (["--seed", "1"], "seed: 0 there, 1 here"),
        (["--representation", "none"], "representation: examples:4 there, none here"),
        (["--recipe", "other.yaml"], "recipe.batch: 16 there, 32 here"),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_another_training_in_the_folder_is_refused(
    more: list[str],
    differs: str,
    whole: bool,
    made: tuple[Path, dict[str, Any]],
    tmp_path: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    shutil.copytree(made[0], tmp_path / "made")
    if not whole:  # as a training leaves it that was stopped
        (tmp_path / "made" / "decoder.json").unlink()
    write_recipe(folder, "other", "name: few\n").write_text(
        (folder / "few.yaml").read_text().replace("batch: 16", "batch: 32") + "name: few\n"
    )
    monkeypatch.setattr("evals.vinfo.trained_decoder.fit_split", None)
    code, out, err = typed(capsys, folder, monkeypatch, *of(str(tmp_path / "made"), *more))
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "made holds another training (" in err
    assert differs in err


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (["--data", "plantet"], 2, "unknown data set 'plantet'; allowed (nearest first): planted"),
        (["--recipe", "tiny-lama"], 2, "unknown recipe 'tiny-lama'; allowed (nearest first): tiny"),
        (["--representation", "exmples:1"], 2, "unknown representation 'exmples'; allowed"),
        (["--representation", "demographics:regio"], 2, "unknown demographic column of survey"),
        (["--out", "survey.csv"], 3, "{folder}/survey.csv is a file; --out needs a folder"),
        (["--out", "."], 3, "{folder} holds something else than a training: give another --out"),
        (["--save-every", "0"], 2, "Invalid value for '--save-every': 0 is not in the range x>=1."),
    ],
)
def test_what_cannot_be_done_is_reported_in_one_line(
    more: list[str],
    code: int,
    message: str,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    found, out, err = typed(capsys, folder, monkeypatch, *of(str(tmp_path / "out"), *more))
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert err.startswith(f"valuegauge: {message.format(folder=folder)}")


def test_zero_epochs_measure_the_model_as_it_is(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    write_recipe(folder, "as_it_is", "epochs: 0\n")
    out = str(tmp_path / "out")
    asked = of(out, "--json", recipe="as_it_is.yaml", given="none")
    code, out, err = typed(capsys, folder, monkeypatch, *asked)
    assert code == 0, err
    metrics = json.loads(out)["metrics"]
    assert (metrics["training"]["steps"], metrics["training"]["losses"]) == (0, [])
    # weights at random know nothing, and one temperature makes them say so
    assert metrics["loss"]["value"] == pytest.approx(np.log(5), abs=0.2)


@pytest.mark.processes
def test_killed_at_any_moment_and_resumed_it_comes_to_the_same_weights(
    made: tuple[Path, dict[str, Any]], folder: Path
):
    """Bitwise, as kill -9 does it."""
    _kill_and_compare(made[0], folder, kills=2, recipe="few.yaml")


@pytest.mark.processes
@pytest.mark.slow
def test_killed_ten_times_and_resumed_it_comes_to_the_same_weights(folder: Path, in_full: bool):
    if not in_full:
        pytest.skip("takes minutes; `pytest -m slow` runs it")
    write_recipe(folder, "long", "epochs: 8\n")
    finish(start(command(*of("undisturbed", recipe="long.yaml")), folder))
    _kill_and_compare(folder / "undisturbed", folder, kills=10, recipe="long.yaml")


def _kill_and_compare(undisturbed: Path, folder: Path, kills: int, recipe: str) -> None:
    """Kill a training just after it saved, or while it saves, or anywhere; then let it end."""
    moments = random.Random(6)
    saved, killed = folder / f"killed-{kills}", 0
    arguments = command(*of(saved.name, "--save-every", "1", recipe=recipe))
    for number in range(kills):
        process = start(arguments, folder)
        end, before = time.monotonic() + 120, states(saved)
        if number % 4 == 3:
            time.sleep(moments.uniform(0, 12))
        else:
            while states(saved) == before and process.poll() is None and time.monotonic() < end:
                time.sleep(0.005)
            time.sleep(moments.uniform(0, 0.15))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate(timeout=60)
    assert killed > kills // 2
    finish(start(arguments, folder))
    weights = (undisturbed / "model.safetensors").read_bytes()
    assert (saved / "model.safetensors").read_bytes() == weights
    mine, whole = about(saved)["metrics"], about(undisturbed)["metrics"]
    assert mine["loss"] == whole["loss"]
    assert mine["training"]["losses"] == whole["training"]["losses"]
    assert mine["training"]["from_step"] > 0
    left = {path.name for path in saved.glob("[!.]*")}
    assert left == {path.name for path in undisturbed.iterdir()}


def states(saved: Path) -> list[str]:
    return sorted(path.name for path in saved.glob("training/*/step-*"))


@pytest.mark.processes
@pytest.mark.parametrize("way", ["processes", "fsdp", "deepspeed"])
def test_two_processes_come_to_what_one_does(
    way: str, request: pytest.FixtureRequest, folder: Path
):
    from safetensors.numpy import load_file

    if way == "deepspeed" and find_spec("deepspeed") is None:
        pytest.skip("needs deepspeed, which is not installed")
    recipe = "few" if way == "processes" else "last"
    made: tuple[Path, dict[str, Any]] = request.getfixturevalue(
        "made" if recipe == "few" else "made_last"
    )
    launch = (*LAUNCH, str(ROOT / "decoders" / "launch" / f"{way}.yaml"))
    port = str(random.randint(20_000, 60_000))
    launch += ("--num_processes", "2", "--main_process_port", port)
    asked = of(way, "--save-every", "2", "--json", recipe=f"{recipe}.yaml")
    printed = command(*asked, launch=launch)
    about_fit = json.loads(finish(start(printed, folder)).partition("{")[2].join(["{", ""]))
    assert about_fit == {"folder": str(folder / way), **without_version(about(folder / way))}
    mine, one = about_fit["metrics"], made[1]["metrics"]
    assert (mine["training"]["processes"], mine["training"]["steps"]) == (
        2,
        one["training"]["steps"],
    )
    assert mine["training"]["way"] == ("whole" if way == "processes" else way)
    np.testing.assert_allclose(mine["training"]["losses"], one["training"]["losses"], atol=1e-3)
    for name in ("loss", "accuracy", "brier"):
        assert mine[name]["value"] == pytest.approx(one[name]["value"], abs=1e-3), name
    found, wanted = (load_file(at / "model.safetensors") for at in (folder / way, made[0]))
    assert found.keys() == wanted.keys()
    for name, weights in wanted.items():
        np.testing.assert_allclose(found[name], weights, atol=1e-3, err_msg=name)


def without_version(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "version"}
