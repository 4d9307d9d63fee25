"""Neighbourhoods on made data: planted repeats are found, and little data is no error."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from evals.reports.picture import picture
from evals.studies.findings import Finding
from evals.studies.topics.neighbourhoods import neighbourhood_findings
from evals.topics.embeddings import embed
from ratings.prism.container import Prism
from ratings.prism.generator import generate_prism
from ratings.prism.made.texts import texts
from ratings.prism.plan import Plan
from ratings.prism.prism import load_prism
from scorers.neighbourhoods.single_link import single_link


@pytest.fixture(scope="module")
def prism() -> Prism:
    return load_prism("sample", people=120)


def prompts(prism: Prism) -> list[str]:
    return prism.conversations["opening_prompt"].astype(str).tolist()


def findings(prism: Prism, replicates: int = 50) -> dict[str, Finding]:
    replies = prism.utterances["model_response"].astype(str).tolist()
    found = neighbourhood_findings(
        prism, embed(prompts(prism)), embed(replies), draws=100, replicates=replicates
    )
    return {one.name: one for one in found}


def asking(prism: Prism, written: "list[str] | str") -> Prism:
    return replace(prism, conversations=prism.conversations.assign(opening_prompt=written))


def test_the_same_prompts_and_the_planted_ones_are_recovered(prism):
    given = prompts(prism)
    listed = [text for entry in texts()["topics"].values() for text in entry["prompts"]]
    listed.sort(key=len, reverse=True)
    planted = [next(text for text in listed if text in prompt) for prompt in given]
    same, alike = single_link(embed(given), [0.02, 0.4])
    assert adjusted_rand_score(given, same) > 0.99
    assert adjusted_rand_score(planted, alike) > 0.9


def test_tables_have_counts_intervals_and_both_bands(prism, tmp_path):
    found = findings(prism)
    assert list(found) == ["neighbourhoods", "field_sites", "repeats"]
    table = found["neighbourhoods"].table
    assert table["threshold"].tolist() == [0.05, 0.125, 0.2]
    assert (table["share"] > table["printed share"]).all()
    assert table["share low"].lt(table["share"]).all()
    assert table["share"].lt(table["share high"]).all()
    for rule in ("", "printed "):
        parts = [f"{rule}{name} mixed" for name in ("as", "more", "less")]
        np.testing.assert_allclose(table[parts].sum(axis=1), 1)
    sites = found["field_sites"].table
    for name in ("all", "no greetings"):
        assert sites.loc[sites["prompts"].eq(name), "sites"].is_monotonic_increasing
    several = sites.dropna(subset="range low")  # of two neighbourhoods or more
    assert len(several) > 3
    assert several["range low"].le(several["range"]).all()
    repeats = found["repeats"].table.set_index("scored by")["mean"]
    assert repeats["same person"] < repeats["different people"]
    with picture(tmp_path / "neighbourhoods.png") as axes:
        found["neighbourhoods"].draw(axes)


def test_field_sites_without_greetings_by_text_and_by_topic(prism):
    """Half of the people greet, half ask one question; all replies are the same."""
    people = prism.conversations["user_id"].astype(str)
    first = people.isin(sorted(people.unique())[::2]).to_numpy()
    given = asking(prism, np.where(first, "Hi, how are you?", "Is there a god?").tolist())
    replies = np.ones((len(prism.utterances), 1))
    prompts = np.where(first[:, None], [1.0, 0.0], [0.0, 1.0])
    for topic, sites in (
        (None, {"all": 2, "no greetings": 1}),
        (np.where(first, 0, 1), {"all": 2, "no greetings": 1, "no greetings, released": 1}),
        (np.where(first, 0, -1), {"all": 2, "no greetings": 1, "no greetings, released": 0}),
    ):
        found = neighbourhood_findings(given, prompts, replies, topic=topic, replicates=20)
        table = {one.name: one.table for one in found}["field_sites"]
        counted = table[table["threshold"].eq(0.05)].set_index("prompts")["sites"].to_dict()
        assert counted == sites
        assert "without greetings" in {one.name: one.sentence for one in found}["field_sites"]


def test_replies_of_later_turns_link_and_are_in_no_site(prism):
    """A chain of replies, of which only later turns are near to their neighbours on both sides."""
    some = prism.survey.index[prism.survey.index.isin(prism.conversations["user_id"])][:3]
    few = asking(prism.of_people(some), "Hello there")
    first = few.utterances["turn"].eq(0).to_numpy()
    angles = np.where(first, np.arange(len(first)) % 2 * 0.5, 0.25)
    replies = np.column_stack([np.cos(angles), np.sin(angles)])  # 0.122 and 0.031 apart
    prompts = np.ones((len(few.conversations), 1))
    table = neighbourhood_findings(few, prompts, replies, replicates=20)[1].table
    row = table[table["threshold"].eq(0.05) & table["prompts"].eq("all")].iloc[0]
    assert (row["sites"], row["size"]) == (1, first.sum())


def test_people_who_write_without_regard_to_who_they_are_are_mixed():
    """Without prompts that people repeat, authors are random; 1 per cent is outside of the band."""
    made = generate_prism(400, 3, Plan(repeats=0.0))
    table = neighbourhood_findings(made, embed(prompts(made)), replicates=20)[0].table
    outside = ((1 - table["as mixed"]) * table["neighbourhoods"]).sum()
    assert table["neighbourhoods"].sum() > 500
    assert outside / table["neighbourhoods"].sum() < 0.02
    assert table["total low"].lt(0.05).all()
    assert table["total high"].gt(-0.05).all()


def test_neighbourhoods_of_one_kind_of_people_are_found(prism):
    """Women write one prompt, all others another; within a prompt nothing differs."""
    gender = prism.survey["gender"].astype(str).reindex(prism.conversations["user_id"])
    written = np.where(gender.eq("Female"), "Tell me about the sea", "Where is the mountain?")
    row = findings(asking(prism, written.tolist()))["neighbourhoods"].table.iloc[0]
    assert row["neighbourhoods"] == 2
    assert row["gender"] < -0.5
    assert row["less mixed"] > 0


def test_all_the_same_all_different_and_empty_prompts(prism):
    count = len(prism.conversations)
    same = findings(asking(prism, "Hello"))["neighbourhoods"].table
    assert same["prompts"].eq(count).all()
    assert same["neighbourhoods"].eq(1).all()
    different = [f"word{n}a{n} word{n}b" for n in range(count)]
    apart = neighbourhood_findings(
        asking(prism, different), np.eye(count), draws=10, replicates=20
    )[0]
    assert apart.table["neighbourhoods"].eq(0).all()
    assert apart.draw is None
    assert "how mixed they are is not defined" in apart.sentence
    empty = findings(asking(prism, ""))["neighbourhoods"].table
    assert empty["single prompts"].eq(count).all()


@pytest.mark.parametrize("people", [1, 2])
def test_one_or_two_participants(prism, people: int):
    some = prism.survey.index[prism.survey.index.isin(prism.conversations["user_id"])][:people]
    few = prism.of_people(some)
    found = findings(asking(few, "Hello"))
    assert found["neighbourhoods"].table["neighbourhoods"].eq(people - 1).all()
    if people == 1:
        assert found["repeats"].table["sites"].iloc[0] == 0
        assert pd.isna(found["neighbourhoods"].table["total"]).all()


def test_a_missing_score_everywhere_leaves_no_range(prism):
    silent = replace(prism, utterances=prism.utterances.assign(score=np.nan))
    found = findings(silent)
    assert found["repeats"].table["mean"].isna().all()
    assert found["field_sites"].table["range"].isna().all()
    assert "No field site has two scored replies" in found["field_sites"].sentence
