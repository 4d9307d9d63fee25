"""`valuegauge decoders free-text`, from a table of texts to numbers."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from evals.cli.main import valuegauge
from ratings.data_sets.published.habermas_justifications import FILE as JUSTIFICATIONS
from ratings.data_sets.published.habermas_likert import FILE as RATINGS

RECIPE = "base: tiny-llama\npartitions: 1\nepochs: 1\nbatch: 32\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [f"r{r},word{i},it is word{i} for r{r}" for r in range(10) for i in range(5)]
    (tmp_path / "texts.csv").write_text("\n".join(["rater,instance,text", *rows]))
    people = [f"r{r},{'north' if r % 2 else 'south'},likes {r}" for r in range(10)]
    (tmp_path / "texts.raters.csv").write_text("\n".join(["rater,region,profile", *people]))
    (tmp_path / "small.yaml").write_text(RECIPE)
    return tmp_path


def call(*arguments: object) -> Result:
    found = CliRunner().invoke(valuegauge, ["decoders", "free-text", *map(str, arguments)])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found


def test_numbers_of_each_representation(folder: Path):
    found = call(
        "--data", folder / "texts.csv", "--recipe", folder / "small.yaml", "--json",
        "--representations", "examples:2,demographics,groundtruth,shuffled(examples:max)",
        "--out", folder / "it.json",
    )  # fmt: skip
    printed = json.loads(found.stdout)
    assert printed == json.loads((folder / "it.json").read_text())
    names = [row["representation"] for row in printed["rows"]]
    wanted = ["none", "examples:2", "demographics", "groundtruth", "shuffled(examples:max)"]
    assert names == wanted
    assert printed["test_raters"] == 5
    none, examples = printed["rows"][:2]
    assert none["drop"] is None
    for row in printed["rows"]:
        assert row["perplexity"]["value"] == pytest.approx(math.exp(row["per_token"]["value"]))
        assert row["perplexity"]["low"] <= row["perplexity"]["value"] <= row["perplexity"]["high"]
        whole = row["per_token"]["value"] * printed["test_tokens"] / printed["test_texts"]
        assert row["per_text"]["value"] == pytest.approx(whole)
    drop = none["per_token"]["value"] - examples["per_token"]["value"]
    assert examples["drop"]["value"] == pytest.approx(drop)


def test_justifications_of_habermas_are_read_by_the_data_sets_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("pyarrow")
    monkeypatch.setenv("VALUEGAUGE_DATA", str(folder))
    frame = pd.DataFrame(
        {
            "worker_id": f"r{rater}",
            "question.id": f"q{number}",
            "question.text": f"word{number}?",
            "question.affirming_statement": f"word{number}.",
            "metadata.provenance": "HUMAN_CITIZEN",
            "rating_index": 0,
            "ratings.agreement": ["AGREE"],
            "own_opinion.text": f"it is word{number} for r{rater}",
            "own_opinion.metadata.provenance": "HUMAN_CITIZEN",
            "own_opinion.metadata.status": "COMPLETED",
        }
        for rater in range(10)
        for number in range(9)
    )
    (folder / "habermas_likert").mkdir()
    for name in (RATINGS, JUSTIFICATIONS):
        frame.to_parquet(folder / "habermas_likert" / name)
    found = call(
        "--data", "habermas_likert", "--recipe", folder / "small.yaml", "--json",
        "--representations", "none",
    )  # fmt: skip
    printed = json.loads(found.stdout)
    assert (printed["data"], printed["test_raters"]) == ("habermas_likert", 5)


def test_the_table_for_a_person(folder: Path):
    shown = call(
        "--data", folder / "texts.csv", "--recipe", folder / "small.yaml",
        "--representations", "none,examples:max",
    ).stdout  # fmt: skip
    assert "texts: texts, recipe small, seed 0" in shown
    assert "texts of 5 test raters" in shown
