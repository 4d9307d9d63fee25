"""`valuegauge study steering` as a user runs it."""

import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from inspect_ai.log import list_eval_logs

from evals.cli.main import main
from evals.cli.shared_options.system_prompts import read_model_args
from evals.studies.steering.prompts import defined_prompts
from tests.evals.studies.steering.printed import FIGURES

DEFINITIONS = "schwartz: {Power: to rule, Hedonism: to enjoy, Universalism: to care for all}"
FEW = ("--data", "sample", "--variants", "v1,v2", "--limit", "60")


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as caught:
        main(["study", "steering", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def three(tmp_path: Path) -> list[str]:
    """A model that is steered by half a point on target, towards three values."""
    definitions = written(tmp_path / "definitions.yaml", DEFINITIONS)
    prompts = defined_prompts("schwartz", definitions)
    wanted = {one.text: {one.name: 1.0} for one in prompts}
    profiles = written(tmp_path / "profiles.json", json.dumps(wanted))
    model = ["--model", "respondent/personas", "-M", f"profiles={profiles}", "-M", "noise=0.4"]
    return [*model, "--definitions", str(definitions), *FEW, "--out", str(tmp_path / "out")]


def logs(out: Path) -> list[str]:
    return sorted(info.name for info in list_eval_logs(str(out / "logs")))


def test_a_steerable_model_is_run_drawn_and_resumed(tmp_path: Path, capsys, three: list[str]):
    code, out, err = typed(capsys, *three)
    assert code == 0, err
    folder = tmp_path / "out"
    assert "4 runs, 480 calls, cost in US dollars 0 (local)" in err
    said = " ".join(out.split())
    assert "Made-up items: a sample. Does the value that is steered towards rise" in said
    assert said.startswith("The value steered towards is shown to rise in 3 of 3")
    assert "is shown to rise in 3 of 3 on these items and in 3 of 3 beyond them" in said
    table = pd.read_csv(folder / "on_target.csv")
    # in the order of the circle, whatever the file's
    assert table["steered towards"].tolist() == ["Universalism", "Power", "Hedonism"]
    assert table["rose most"].tolist() == ["Universalism", "Power", "Hedonism"]
    assert (table["beyond these items low"] > 0).all()
    every = pd.read_csv(folder / "every_change.csv")
    assert len(every) == 30
    for title in ("on these items", "beyond these items"):
        assert every[title].between(every[f"{title} low"], every[f"{title} high"]).all()
    for name in ("changes", "circle"):
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")

    found = json.loads((folder / "steering.json").read_text(encoding="utf-8"))
    assert found["synthetic"]
    assert found["prompts"]["Power"].endswith("- Power: to rule")
    assert len(found["prompts_sha256"]) == 64
    assert len(found["logs"]) == 4

    made = logs(folder)
    Path(made[1].removeprefix("file://")).unlink()
    code, out, err = typed(capsys, *three, "--json")
    assert code == 0, err
    assert json.loads(out)["findings"] == found["findings"]
    again = logs(folder)
    assert len(again) == 4
    assert len(set(again) & set(made)) == 3

    # a folder with logs of another model
    other = ["respondent/power" if one == "respondent/personas" else one for one in three]
    del other[2:6]
    code, out, err = typed(capsys, *other)
    assert code == 0, err
    assert f"left as they are: 4 logs of other runs in {folder / 'logs'}\n" in err
    # it does not heed a system prompt: nothing changes, for certain
    said = " ".join(out.split())
    assert (
        "is shown to rise in 0 of 3 on these items and in 0 of 3 beyond them, on average by 0.00"
        in said
    )
    assert set(pd.read_csv(folder / "every_change.csv")["on these items"]) == {0.0}


def test_traits_are_steered_towards_and_have_no_circle(tmp_path: Path, capsys):
    definitions = written(tmp_path / "d.yaml", "big_five: {Openness: x, Extraversion: y}")
    prompts = defined_prompts("big_five", definitions)
    profiles = written(
        tmp_path / "profiles.json", json.dumps({one.text: {one.name: 0.8} for one in prompts})
    )
    code, out, err = typed(
        capsys, "--family", "big_five", "--model", "respondent/personas",
        "-M", f"profiles={profiles}", "--definitions", str(definitions),
        *FEW, "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert code == 0, err
    said = " ".join(out.split())
    assert "The Big Five have no circle, so there is no agreement with one." in said
    assert "Schwartz's circle" not in said
    assert pd.read_csv(tmp_path / "out" / "on_target.csv")["rose most"].tolist() == [
        "Openness", "Extraversion",
    ]  # fmt: skip
    assert not (tmp_path / "out" / "circle.csv").exists()


def test_the_printed_table_is_recomputed(tmp_path: Path, capsys):
    said = " ".join(typed(capsys, "--published", "--out", str(tmp_path))[1].split())
    assert (
        "Scores that were not steered towards change by 0.31 points on average: by 0.66 for each "
        "point that the one steered towards rises."
    ) in said
    code, out, err = typed(capsys, "--published", "--out", str(tmp_path), "--json")
    assert code == 0, err
    document = json.loads(out)
    assert document["source"] == "Han et al. (2025), Table 15"
    sentences = {one["name"]: one["sentence"] for one in document["findings"]}
    assert sentences["on_target"] == (
        "The value steered towards rises in 10 of 10, by 0.47 on average, and rises most in 4 of "
        "10."
    )
    assert f"{FIGURES['circle']:.2f} with the cosine" in sentences["circle"]
    assert "no p-value of the agreement can be had" in document["findings"][0]["notes"][0]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "say who answers with --model, or take --published"),
        (("--published", "--model", "x/y"), 2, "--published asks nobody"),
        (("--model", "respondnt/x", "--data", "sample"), 3, "respondnt/x cannot be asked"),
        (("--model", "respondent/powr", "--data", "sample"), 3, "powr"),
        (("--model", "respondent/power", "--data", "smaple"), 2, "unknown value for data 'smaple'"),
        (("--model", "respondent/power", "-M", "seed"), 2, "-M takes NAME=VALUE, found 'seed'"),
        (("--model", "respondent/power", "--family", "big5"), 2, "'big5' is not one of"),
        (("--model", "respondent/power", "--data", "sample", "--variants", "v9"), 2, "'v9'"),
        (("--model", "x/y", "--prompts", "none.yaml"), 3, "no file of system prompts at"),
        (("--model", "x/y", "--prompts", "a", "--definitions", "b"), 2, "exclude each other"),
    ],
)
def test_a_wrong_argument_is_named_in_one_line(arguments, code, message, capsys):
    found, out, err = typed(capsys, *arguments)
    assert (found, out) == (code, "")
    assert message in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("schwartz: {Powr: a, Hedonism: b}", 2, "unknown name in schwartz 'Powr'.*: Power, "),
        ("schwarz: {Power: a, Hedonism: b}", 2, "unknown family 'schwarz'.*: schwartz, "),
        ("schwartz: {Power: a}", 2, "needs two prompts of schwartz or more, found only Power"),
        ("big_five: {Openness: a, Extraversion: b}", 2, "two prompts .* found none"),
        ("schwartz: {Power: a, Hedonism: a}", 2, "line 1: .*has the same text as"),
        ("schwartz: {Power: a, Hedonism: ' '}", 2, "must be text that is not blank"),
        ("schwartz: {Power: a, Power: b}", 2, "the key 'Power' is listed twice"),
        ("schwartz: [", 2, "not valid YAML"),
        ("", 2, "the file is empty"),
    ],
)
@pytest.mark.parametrize("option", ["--prompts", "--definitions"])
def test_a_wrong_file_is_named_in_one_line(option, text, code, message, tmp_path, capsys):
    path = written(tmp_path / "prompts.yaml", text)
    found, out, err = typed(capsys, "--model", "respondent/power", option, str(path), *FEW)
    assert (found, out) == (code, "")
    last = err.splitlines()[-1]
    assert str(path) in last
    assert re.search(message, last), last


def test_what_costs_is_asked_for_first(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    prices = written(
        tmp_path / "prices.json",
        json.dumps(
            {
                "gpt-4o": {
                    "litellm_provider": "openai",
                    "input_cost_per_token": 1e-3,
                    "output_cost_per_token": 1e-3,
                    "mode": "chat",
                }
            }
        ),
    )
    arguments = ["--model", "openai/gpt-4o", "--data", "sample", "--prices", str(prices)]
    code, out, err = typed(capsys, *arguments, "--out", str(tmp_path / "out"))
    assert (code, out) == (2, "")
    assert "11 runs, 7,920 calls, cost in US dollars " in err
    assert "this costs money, or may: add --yes to go on" in err
    assert not (tmp_path / "out").exists()


def test_arguments_of_a_provider_are_read_as_inspect_reads_them():
    found = read_model_args(["follows=3", "profiles=a.json", "x-y=true", "z=[1, 2]", "w=a: b: c"])
    assert found == {
        "follows": 3, "profiles": "a.json", "x_y": True, "z": [1, 2], "w": "a: b: c",
    }  # fmt: skip


def test_whoever_says_no_to_the_cost_is_charged_nothing(tmp_path: Path, capsys, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    other = {"litellm_provider": "openai", "input_cost_per_token": 1, "output_cost_per_token": 1}
    prices = written(tmp_path / "prices.json", json.dumps({"gpt-0": {**other, "mode": "chat"}}))
    arguments = ["--model", "openai/gpt-4o", "--data", "sample", "--prices", str(prices)]
    code, out, err = typed(capsys, *arguments, "--out", str(tmp_path / "out"))
    assert (code, out) == (130, "")
    assert "11 runs, 7,920 calls, cost not known\ngo on? [y/N]: " in err
    assert not (tmp_path / "out").exists()


def test_runs_that_fail_are_named_and_make_no_table(tmp_path: Path, capsys):
    definitions = written(tmp_path / "d.yaml", "schwartz: {Power: a, Hedonism: b}")
    known = defined_prompts("schwartz", definitions)[0]
    profiles = written(tmp_path / "p.json", json.dumps({known.text: {"Power": 0.5}}))
    code, out, err = typed(
        capsys, "--model", "respondent/personas", "-M", f"profiles={profiles}",
        "--definitions", str(definitions), "--data", "sample", "--limit", "1", "--variants", "v1",
        "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert (code, out) == (4, "")
    last = err.splitlines()[-1]
    assert last.startswith("1 of 3 runs are not complete (schwartz: Hedonism: 1 sample ended in an")
    assert "has no profile for the system prompt" in last
    assert last.endswith("the same command resumes them")
    assert not list((tmp_path / "out").glob("*.csv"))
