"""What the study says of models that are steered in a known way."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals.studies.findings import Finding, findings_json, write_findings
from evals.studies.steering.study import chance_changes, changes_of, steering_findings
from evals.studies.system_prompts.differences import PromptDifferences, differences_of
from evals.studies.system_prompts.prompts import SystemPrompt
from ratings.errors import DataError
from ratings.instruments.dimensions import BIG_FIVE
from ratings.instruments.value_portrait import load_instrument
from scorers.scores.responses import ResponseMatrix
from tests.evals.studies.steering.steered_models import PLANTED, PROMPTS, Steered


def findings(found: PromptDifferences) -> dict[str, Finding]:
    changes, chance = changes_of(found), chance_changes(found, 0)
    return {one.name: one for one in steering_findings(changes, circle=True, chance=chance)}


@pytest.fixture(scope="module")
def steered() -> dict[str, dict[str, Finding]]:
    models = {kind: Steered.planted(kind, apart=0.0) for kind in PLANTED}
    return {kind: findings(one.asked(3, again=True)[0]) for kind, one in models.items()}


def test_a_perfectly_steerable_model_gives_a_diagonal(steered: dict[str, dict[str, Finding]]):
    found = steered["target"]
    assert (
        "is shown to rise in 10 of 10 on these items and in 10 of 10 beyond"
        in found["on_target"].sentence
    )
    assert found["on_target"].table["rose most"].tolist() == [one.name for one in PROMPTS]
    spilled = found["spill_over"].table.set_index("what")["on these items"]
    assert spilled["mean change on target"] == pytest.approx(0.5, abs=0.06)
    # no more than noise would give
    assert spilled["mean absolute change off target"] == pytest.approx(
        spilled["of which noise alone would give"], rel=0.25
    )


def test_one_that_moves_the_whole_circle_agrees_with_it(steered: dict[str, dict[str, Finding]]):
    said = steered["circle"]["circle"].sentence
    assert "(p 0.0005;" in said
    assert float(said.split("these items (")[0].split(":")[1].split()[0]) > 0.97
    means = steered["circle"]["circle"].table["on these items"].to_numpy()
    assert means == pytest.approx(0.4 * np.cos(np.pi * np.arange(6) / 5), abs=0.06)


def test_one_that_is_not_steerable_gives_zeros(steered: dict[str, dict[str, Finding]]):
    found = steered["none"]
    assert (
        "is shown to rise in 0 of 10 on these items and in 0 of 10 beyond"
        in found["on_target"].sentence
    )
    assert "not defined on these items, the changes differ by no more" in found["circle"].sentence
    every = found["every_change"].table
    within = (every["on these items low"] <= 0) & (every["on these items high"] >= 0)
    assert within.mean() > 0.9


def test_everything_is_written_and_drawn(steered: dict[str, dict[str, Finding]], tmp_path: Path):
    for kind, found in steered.items():
        facts = {"study": "steering"}
        write_findings(tmp_path / kind, "steering", facts, list(found.values()))
        assert {path.name for path in (tmp_path / kind).iterdir()} == {
            "steering.json", "on_target.csv", "circle.csv", "circle.png", "spill_over.csv",
            "changes.csv", "changes.png", "every_change.csv",
        }  # fmt: skip
        assert "nan" not in str(findings_json(facts, list(found.values()))).casefold()


def test_asked_once_nothing_is_tested_on_these_items():
    found, _ = Steered.planted("target", apart=0.0).asked(0, again=True)
    first = [run[:, :1, 0] for run in found.answers[0].repeats]
    layout = found.answers[0].layout
    grids = [
        ResponseMatrix.from_ratings(
            run, layout.samples, layout.clusters, ["v1"],
            [about["tags"] for about in layout.attributes],
        )
        for run in first
    ]  # fmt: skip
    said = findings(differences_of(grids, PROMPTS, ["schwartz"]))
    assert "rise in none (not tested) on these items and in" in said["on_target"].sentence
    assert "too little was asked for twice" in said["circle"].sentence
    assert "nan" not in " ".join(one.sentence for one in said.values())


def test_a_score_that_no_answered_item_counts_for_is_named():
    found, _ = Steered.planted("target", apart=0.0).asked(0, again=True)
    values = found.values.copy()
    values[:, 5] = np.nan
    with pytest.raises(DataError, match="no item that was answered counts for Power; ask more"):
        changes_of(replace(found, beyond=replace(found.beyond, values=values)))


def test_traits_have_no_circle():
    tagged = load_instrument("sample").tagged()[14:]
    items = np.flatnonzero(tagged.any(axis=0))
    tags = [[n for n, on in zip(BIG_FIVE, row, strict=True) if on] for row in tagged[:, items].T]
    rng = np.random.default_rng(0)
    names = [f"{i:03d}" for i in items]
    queries = load_instrument("sample").items["query"].to_numpy()[items].tolist()
    grids = []
    for steered_to in (None, *BIG_FIVE):
        own = np.array([1.0 if steered_to in carried else 0.0 for carried in tags])
        ratings = np.clip(np.rint(3.5 + own[:, None] + rng.normal(0, 0.7, (len(tags), 6))), 1, 6)
        grids.append(ResponseMatrix.from_ratings(ratings, names, queries, list("abcdef"), tags))
    prompts = [SystemPrompt(name, "big_five", name) for name in BIG_FIVE]
    changes = changes_of(differences_of(grids, prompts, ["big_five"]))
    found = {one.name: one for one in steering_findings(changes, circle=False)}
    assert "circle" not in found
    assert "rise in 5 of 5 on these items and in 5 of 5 beyond" in found["on_target"].sentence
    # a point of the six-point scale is 5/6 of the traits' five-point scale
    assert changes.values[changes.on_target] == pytest.approx([5 / 6] * 5, abs=0.15)
