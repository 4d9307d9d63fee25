"""`valuegauge decoders reasoner` as it is typed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from evals.cli.main import main
from tests.evals.trained import LAUNCH, ROOT, command, finish, start

pytest.importorskip("torch", reason="needs the extra decoders")
pytest.importorskip("transformers", reason="needs the extra decoders")

# Told by demographics, a few hundred tokens a person, so that a training takes seconds.
SMALL = ("--data", "sample", "--probe-forms", "p", "--told", "demographics", "--per-question", "1",
         "--probes", "39")  # fmt: skip


@pytest.fixture
def recipe(tmp_path: Path) -> str:
    """The tiny Llama in steps of one person."""
    path = tmp_path / "quick.yaml"
    path.write_text("base: tiny-llama\nbatch: 40\n")
    return str(path)


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        main(["decoders", "reasoner", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def weights(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


def test_it_trains_once_and_refuses_another_training(
    recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "made"
    arguments = (*SMALL, "--recipe", recipe, "--out", str(folder))
    code, out, err = typed(capsys, *arguments, "--json")
    assert code == 0, err
    about = json.loads(out)
    assert about["kind"] == "statements"
    assert about["representation"] == "probe=p, N=1, told=demographics, probes=39"
    assert about["metrics"]["probes"] == 253
    assert about["recipe"]["share"] == 39
    assert about["metrics"]["last_losses"][-1] < about["metrics"]["first_losses"][0]
    assert not (folder / "training").exists()
    assert "step 7 of 7" in err

    before = weights(folder)
    code, out, _ = typed(capsys, *arguments)
    assert code == 0
    assert "253 probes of" in out
    assert f"--model decoder/{folder}" in out
    assert weights(folder) == before
    code, _, err = typed(capsys, *arguments, "--seed", "1")
    assert code == 3
    assert "holds another training (its seed differ)" in err
    code, _, err = typed(capsys, *SMALL, "--recipe", recipe, "--out", str(tmp_path))
    assert code == 3
    assert "does not hold a reasoner: name a new folder" in err


@pytest.mark.processes
def test_killed_and_resumed_it_comes_to_the_same_weights(
    recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    arguments = (*SMALL, "--recipe", recipe, "--save-every", "1")
    assert typed(capsys, *arguments, "--out", str(whole))[0] == 0
    command = [sys.executable, "-m", "evals.cli.main", "decoders", "reasoner", *arguments]
    process = subprocess.Popen(
        [*command, "--out", str(cut)], cwd=Path(__file__).parents[4],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 300
    while not list((cut / "training").glob("step-*")) and time.monotonic() < deadline:
        assert process.poll() is None, "it ended before it could be stopped"
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (cut / "decoder.json").exists()
    assert typed(capsys, *arguments, "--out", str(cut))[0] == 0
    assert weights(cut) == weights(whole)


@pytest.mark.processes
def test_two_processes_come_to_what_one_does(tmp_path: Path):
    """One alone writes and speaks."""
    from safetensors.numpy import load_file

    (tmp_path / "two.yaml").write_text("base: tiny-llama\nbatch: 80\n")
    port = str(random.randint(20_000, 60_000))
    launch = (*LAUNCH, str(ROOT / "decoders" / "launch" / "processes.yaml"), "--num_processes", "2")
    reports = []
    for out, way in (("one", ()), ("two", (*launch, "--main_process_port", port))):
        arguments = ("reasoner", *SMALL, "--recipe", "two.yaml", "--out", out, "--json")
        reports.append(json.loads(finish(start(command(*arguments, launch=way), tmp_path))))
    one, two = (about["metrics"] for about in reports)
    assert (one["processes"], two["processes"]) == (1, 2)
    np.testing.assert_allclose(two["last_losses"], one["last_losses"], atol=1e-3)
    found, wanted = (load_file(tmp_path / at / "model.safetensors") for at in ("two", "one"))
    assert found.keys() == wanted.keys()
    for name, weights in wanted.items():
        np.testing.assert_allclose(found[name], weights, atol=1e-3, err_msg=name)
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == sorted(
        path.name for path in (tmp_path / "one").iterdir()
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--recipe", "tiny-lama"), 2, "unknown recipe 'tiny-lama'"),
        (("--recipe", "tiny-llama", "--probe-forms", "x"), 2, "unknown probe form 'x'"),
        (("--recipe", "tiny-llama", "--per-question", "3", "--told", "both"), 3, "a multiple of 8"),
        (("--recipe", "tiny-llama", "--continent", "Mu"), 2, "unknown continent 'Mu'"),
        (("--recipe", "tiny-llama", "--survey", "x.csv"), 3, "the sample simulates its people"),
    ],
)
def test_what_is_impossible_is_reported_in_one_line(
    arguments: tuple[str, ...], code: int, message: str,
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    found, out, err = typed(capsys, *SMALL, *arguments, "--out", str(tmp_path / "new"))
    assert found == code
    assert message in err
    assert out == ""
    assert not (tmp_path / "new").exists()


def test_without_the_extra_it_says_how_to_install_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("decoders.extra.find_spec", lambda name: None)
    arguments = (*SMALL, "--recipe", "tiny-llama", "--out", str(tmp_path / "new"))
    code, _, err = typed(capsys, *arguments)
    assert code == 3
    assert "pip install '.[decoders]'" in err
