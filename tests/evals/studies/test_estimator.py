"""`valuegauge study estimator` on the sample, end to end, and what it refuses."""

import json
from pathlib import Path

import pytest

from evals.cli.main import main


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["study", "estimator", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_the_sample_end_to_end(capsys, tmp_path: Path):
    out = tmp_path / "study"
    code, text, _ = run(
        capsys, "--data", "sample", "--worlds", "2", "--out", str(out), "--json", "--seed", "3"
    )
    assert code == 0
    found = json.loads(text)
    assert found == json.loads((out / "estimator.json").read_text())
    assert (found["synthetic"], found["seed"], found["worlds"]) == (True, 3, 2)
    assert (found["people"], found["ratings"], found["models"]) == (240, 9_600, [])
    names = [finding["name"] for finding in found["findings"]]
    assert names == ["people", "people_by_value", "simulated"]
    rows = {row["estimator"]: row for row in found["findings"][0]["rows"]}
    assert rows["factor model"]["r"] > rows["published score"]["r"]
    assert 0.9 < rows["factor model"]["covered"] < 1
    assert rows["published score"]["more than published"] is None
    assert {path.name for path in out.iterdir()} == {
        "estimator.json", "people.csv", "people_by_value.csv", "people_by_value.png",
        "simulated.csv",
    }  # fmt: skip


def test_it_prints_its_conclusion_first(capsys, tmp_path: Path):
    arguments = ("--data", "sample", "--worlds", "2", "--out", str(tmp_path / "study"))
    code, text, err = run(capsys, *arguments)
    assert code == 0
    assert "Simulated people: a sample." in text
    assert "How well are the values of people predicted who were left out?" in text
    assert "seed 0" in text
    assert str(tmp_path) in err.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--data", "offical"), 2, "official"),
        (("--folds", "1"), 2, "--folds"),
        (("--worlds", "1"), 2, "--worlds"),
    ],
)
def test_what_it_refuses(capsys, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str):
    found, out, err = run(capsys, *arguments, "--out", str(tmp_path / "study"))
    assert (found, out) == (code, "")
    assert said in err


def test_a_folder_that_is_a_file_is_refused_before_any_work(capsys, tmp_path: Path):
    taken = tmp_path / "taken"
    taken.write_text("")
    code, out, err = run(capsys, "--data", "sample", "--out", str(taken))
    assert (code, out, len(err.splitlines())) == (3, "", 1)
