"""`valuegauge study variance`: printed profiles, runs, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evals.cli.main import main
from evals.studies.findings import Finding
from evals.studies.profile_variance.profiles import of_print
from evals.studies.profile_variance.study import variance_findings
from evals.studies.profile_variance.tags import (
    ModelTag,
    printed_variances,
    read_tags,
    shipped_tags,
    tagged_name,
)
from leaderboard.published.figures import published_rows
from ratings.errors import DataError
from ratings.instruments.dimensions import SCHWARTZ


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(["study", "variance", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


@pytest.fixture(scope="module")
def printed() -> dict[str, Finding]:
    rows = published_rows("value_portrait", "value_portrait", SCHWARTZ, {"threshold": 0.3})
    frame = pd.DataFrame({row["rater"]: row["values"] for row in rows}).T[list(SCHWARTZ)]
    profiles = of_print(frame, shipped_tags())
    return {one.name: one for one in variance_findings(profiles, printed_variances())}


def test_the_shipped_tags_are_of_models_that_the_paper_prints():
    rows = published_rows("value_portrait", "value_portrait", SCHWARTZ, {"threshold": 0.3})
    assert set(shipped_tags()) <= {row["rater"] for row in rows}
    assert set(printed_variances()) <= set(shipped_tags())


def test_printed_variances_follow_with_n_less_one(printed):
    """Seven of eleven to three decimals, all within what rounding allows; none of four with n."""
    table = printed["variance_table_8"].table.set_index("model")
    exact = table["to three decimals"].eq("n - 1")
    assert table.index[~exact].tolist() == [
        "Qwen2.5-0.5B-Instruct",
        "Qwen2.5-7B-Instruct",
        "DeepSeek-R1-Distill-Qwen-1.5B",
        "gemma-3-12b-it",
    ]
    assert table["within rounding"].all()
    assert table["off by"].abs().max() < 0.001
    assert not table["to three decimals"].eq("n").any()
    assert "7 of 11 printed variances" in printed["variance_table_8"].sentence


def test_the_papers_claim_on_size(printed):
    """It holds over the families of Table 8 and Llama 3.1, and in 8 of 10 steps."""
    table = printed["variance_sizes"].table.set_index("family")
    every = table.loc["all families"]
    assert (every["of"], every["rises"], every["steps"]) == (14, 8, 10)
    assert 0 < every["models low"] < every["slope"] < every["models high"]
    assert every["slope"] == pytest.approx(0.0944, abs=1e-4)
    assert np.isnan(every["slope low"]), "only scores are printed"
    larger = table.loc["all families, each without its smallest"]
    assert (larger["rises"], larger["steps"]) == (6, 6)


def test_the_papers_claim_on_reasoning(printed):
    """Benevolence is higher in seven of eight pairs, Universalism in four."""
    table = printed["variance_reasoning_values"].table
    assert table.groupby("value").size().eq(8).all()
    up = table[table["difference"] > 0].groupby("value").size()
    assert (up["Universalism"], up["Benevolence"]) == (4, 7)
    of = table.set_index(["reasoning", "value"])["difference"]
    for name in ("claude-3.7-sonnet-thinking", "gemini-2.0-flash-thinking-exp-01-21"):
        assert (of[name][["Universalism", "Benevolence"]] > 0).all(), "the pairs of Table 7"
    assert of["o1-mini", "Universalism"] < 0 < of["o1-mini", "Benevolence"]
    spread = printed["variance_reasoning"]
    assert (spread.table["difference"] > 0).sum() == 6
    assert any("qwq-32b" in note for note in spread.notes)


def test_it_is_printed_and_written(capsys, tmp_path: Path):
    code, out, _ = typed(capsys, "--published", "--out", str(tmp_path), "--json")
    assert code == 0
    assert json.loads(out) == json.loads((tmp_path / "variance.json").read_text())
    assert (tmp_path / "variance_sizes.png").is_file()


@pytest.mark.usefixtures("mirror")
def test_recordings_have_intervals_beyond_their_items(capsys, tmp_path: Path):
    tags = tmp_path / "tags.yaml"
    tags.write_text(
        "mistral-tiny: {family: M, size: 7}\n"
        "mistral-medium: {family: M, size: 100}\n"
        "gpt-4o-2024-05-13: {}\n"
        "o1-mini: {reasoning: true, base: gpt-4o-2024-05-13}\n"
    )
    names = ["mistral-tiny", "mistral-medium", "gpt-4o-2024-05-13", "o1-mini-2024-09-12"]
    code, out, _ = typed(capsys, *names, "--tags", str(tags), "--out", str(tmp_path), "--json")
    assert code == 0
    found = {one["name"]: one["rows"] for one in json.loads(out)["findings"]}
    slope = found["variance_sizes"][0]
    assert slope["slope low"] < slope["slope"] < slope["slope high"]
    assert slope["models low"] is None, "two models and their line"
    (pair,) = found["variance_reasoning"]
    assert (pair["reasoning"], pair["base"]) == ("o1-mini", "gpt-4o-2024-05-13")
    assert pair["difference low"] < pair["difference"] < pair["difference high"]
    for row in found["variance_reasoning_values"]:
        assert row["beyond low"] <= row["difference low"] < row["difference high"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("a: {size: 3}", "'family' and 'size' go together"),
        ("a: {family: F, size: -3}", "must be greater than 0"),
        ("a: {family: F, size: big}", "must be a number"),
        ("a: {reasoning: true, base: [b]}", "unknown base 'b'"),
        ("a: {reasoning: true, base: a}", "a model is not its own base"),
        ("a: {base: b}\nb: {}", "'base' is of a model with 'reasoning: true'"),
        ("a: {sise: 3}", "unknown key; did you mean 'size'?"),
        ("- a", "must be a mapping"),
    ],
)
def test_wrong_tags_are_one_line(text: str, message: str, tmp_path: Path):
    path = tmp_path / "tags.yaml"
    path.write_text(text)
    with pytest.raises(DataError, match=".") as caught:
        read_tags(path)
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_silly_inputs_are_one_line(capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tags = tmp_path / "tags.yaml"
    tags.write_text("nobody: {}")
    out = ["--out", str(tmp_path / "out")]
    code, _, err = typed(capsys, "--published", "--tags", str(tags), *out)
    assert (code, len(err.splitlines())) == (3, 1)
    assert "the paper prints none of these models" in err
    code, _, err = typed(capsys, "--published", "a.eval", *out)
    assert code == 2
    assert "--published and logs exclude each other" in err
    code, _, err = typed(capsys, "gone.eval", *out)
    assert (code, len(err.splitlines())) == (3, 1)
    monkeypatch.setattr("ratings.instruments.value_portrait.recordings_at_hand", list)
    code, _, err = typed(capsys, *out)
    assert (code, len(err.splitlines())) == (3, 1)
    assert "no recording is at hand" in err


def test_a_model_is_found_by_its_name_with_and_without_a_provider():
    tags = {"o1-mini": ModelTag(), "openai/gpt-4o": ModelTag()}
    assert tagged_name("openai/gpt-4o", tags) == "openai/gpt-4o"
    assert tagged_name("replay/o1-mini-2024-09-12", tags) == "o1-mini"
    assert tagged_name("mistral-tiny", tags) is None
