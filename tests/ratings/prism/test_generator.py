from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ratings.errors import UnknownNameError
from ratings.prism.checks import find_faults
from ratings.prism.codebook import CONVERSATION_TYPES, EMPTY_REPLY, IDS, PREFER_NOT, TABLES, Kind
from ratings.prism.container import Prism
from ratings.prism.generator import MODELS, generate_prism
from ratings.prism.plan import Plan
from ratings.prism.prism import PARTS, load_prism
from ratings.prism.truth import TURNS_THAT_COUNT, USUAL_CHARACTERS, PrismTruth


@pytest.fixture(scope="module")
def large() -> Prism:
    """As large as PRISM."""
    return load_prism("sample", people=1_500)


def truth_of(prism: Prism) -> PrismTruth:
    assert prism.truth is not None
    return prism.truth


def test_the_same_seed_makes_the_same_sample():
    one, two = load_prism("sample", people=20), load_prism("sample", people=20)
    assert one.utterances.equals(two.utterances)
    assert one.survey.equals(two.survey)
    assert not one.utterances.equals(load_prism("sample", people=20, seed=1).utterances)


@given(st.integers(1, 40), st.integers(0, 10_000))
@settings(max_examples=15)
@example(people=1, seed=870)  # who had no conversation
def test_samples_of_any_size_fit_the_codebook(people: int, seed: int):
    prism = load_prism("sample", people=people, seed=seed, parts=PARTS)
    tables = {
        "survey": prism.survey.reset_index(),
        "conversations": prism.conversations.reset_index(),
        "utterances": prism.utterances.reset_index(),
        "metadata": prism.metadata,
    }
    assert find_faults(tables, {part: Path(part) for part in PARTS}) == ()
    for part, variables in TABLES.items():
        frame = tables[part]
        assert list(frame) == [*([IDS[part]] if part in IDS else []),
                               *(name for name in variables if name != IDS.get(part))]  # fmt: skip
        for name, variable in variables.items():
            if variable.categories:
                assert tuple(frame[name].cat.categories) == variable.categories, name
            if variable.missing == 0 and name != "score":
                assert frame[name].notna().all(), name
            if variable.kind is Kind.FLAG:
                assert frame[name].dtype == bool


def test_the_size_is_that_of_prism(large: Prism):
    found = {
        "people": len(large.survey),
        "conversations": len(large.conversations),
        "interactions": large.utterances["interaction_id"].nunique(),
        "utterances": len(large.utterances),
    }
    published = {"people": 1_500, "conversations": 8_011, "interactions": 27_172,
                 "utterances": 68_371}  # fmt: skip
    for name, count in published.items():
        assert found[name] == pytest.approx(count, rel=0.05), name
    assert 60 < large.survey["survey_only"].sum() < 150
    assert large.card.synthetic


def test_four_models_or_fewer_reply_first_and_the_chosen_one_twice_later(large: Prism):
    openers = large.openers()
    sizes = openers.groupby("interaction_id").size()
    assert set(sizes) == {2, 3, 4}
    assert not openers.duplicated(["interaction_id", "model_name"]).any()
    chosen = openers[openers["if_chosen"]].set_index("conversation_id")["model_name"].astype(str)
    later = large.utterances[large.utterances["turn"].gt(0)]
    assert (later.groupby("interaction_id").size() == 2).all()
    assert (later["conversation_id"].map(chosen) == later["model_name"].astype(str)).all()


def test_one_reply_of_a_turn_is_chosen_and_none_is_better(large: Prism):
    rows = large.utterances
    assert (rows.groupby("interaction_id")["if_chosen"].sum() == 1).all()
    best = rows.groupby("interaction_id")["score"].transform("max")
    chosen = rows[rows["if_chosen"]]
    assert (chosen["score"].eq(best[chosen.index]) | best[chosen.index].isna()).all()


def test_what_is_odd_about_prism_is_there(large: Prism):
    scores = large.utterances["score"]
    shares = scores.value_counts(normalize=True)
    neighbours = shares[[49.0, 51.0]].mean()
    assert shares[50.0] > 3 * neighbours
    assert shares[1.0] > 3 * shares.reindex([2.0, 3.0]).fillna(0).mean()
    assert shares[100.0] > 3 * shares.reindex([98.0, 99.0]).mean()
    assert 0 < scores.isna().mean() < 0.02
    assert large.utterances["model_response"].eq(EMPTY_REPLY).sum() > 50
    assert truth_of(large).unmoved[scores.eq(50)].mean() > 0.5
    ties = (
        large.openers()
        .groupby("interaction_id")["score"]
        .agg(lambda given: given.duplicated().any())
    )
    assert 0.05 < ties.mean() < 0.6
    assert large.survey["gender"].eq(PREFER_NOT).any()
    assert (large.survey["location_same_birth_reside_country"] == "No").any()


def test_prompts_are_repeated_by_the_same_and_by_other_people(large: Prism):
    prompts = large.conversations.groupby("opening_prompt")["user_id"]
    assert (prompts.nunique() > 1).sum() > 100
    assert (prompts.size() > prompts.nunique()).sum() > 100


def test_the_same_reply_to_the_same_prompt_gets_nearly_the_same_score(large: Prism):
    rows = large.openers()
    rows = rows[rows["model_response"].ne(EMPTY_REPLY)]
    sites = rows.groupby(["user_id", "user_prompt", "model_response"])["score"]
    ranges = (sites.max() - sites.min())[sites.count() > 1]
    assert len(ranges) > 20
    assert ranges.median() <= 6
    everybody = rows.groupby(["user_prompt", "model_response"])
    others = everybody["score"].agg(lambda given: given.max() - given.min())
    assert others[everybody["user_id"].nunique() > 1].median() > 20


def test_the_balanced_flag_takes_as_many_of_each_type(large: Prism):
    kept = large.balanced()
    counts = kept.conversations.groupby(["user_id", "conversation_type"], observed=False).size()
    table = counts.unstack()
    assert (table.nunique(axis=1) == 1).all()
    assert set(table.columns) == set(CONVERSATION_TYPES)
    assert kept.survey["included_in_balanced_subset"].all()
    assert set(kept.survey.index) == set(kept.conversations["user_id"])
    assert kept.utterances["conversation_id"].isin(kept.conversations.index).all()
    assert kept.utterances["included_in_balanced_subset"].all()


def test_the_flag_is_taken_as_it_is(large: Prism):
    flags = large.conversations["included_in_balanced_subset"]
    one = flags & (flags.index == flags.index[flags][0])
    changed = replace(
        large, conversations=large.conversations.assign(included_in_balanced_subset=one)
    )
    assert changed.balanced().conversations.index.tolist() == [flags.index[flags][0]]


@pytest.mark.parametrize(("country", "code"), [("UK", "GBR"), ("US", "USA")])
def test_census_samples(large: Prism, country, code: str):
    part = large.census(country)
    assert 100 < len(part.survey) < 400
    assert set(part.survey["location_reside_countryISO"]) == {code}
    assert set(part.survey["gender"]) == {"Male", "Female"}
    assert part.conversations["user_id"].isin(part.survey.index).all()
    with pytest.raises(UnknownNameError, match="country with a census sample 'UC'; .*: UK, US"):
        large.census("UC")  # type: ignore[arg-type]


def test_parts_of_people(large: Prism):
    part = large.of_people(["user7", "user3"])
    assert part.survey.index.tolist() == ["user3", "user7"]
    assert set(part.utterances["user_id"]) <= {"user3", "user7"}
    assert len(large.of_people([]).utterances) == 0
    with pytest.raises(UnknownNameError, match="unknown participant 'userx'"):
        large.of_people(["userx"])
    with pytest.raises(UnknownNameError, match="unknown part of PRISM 'surveys'; .*: survey"):
        load_prism("sample", parts=("surveys",))


def test_the_expected_score_is_what_the_truth_says(large: Prism):
    truth, rows = truth_of(large), large.utterances
    model = pd.Index(truth.models).get_indexer(rows["model_name"].astype(str))
    person, number = rows["user_id"], np.arange(len(rows))
    value = truth.quality[model]
    for column, table in truth.groups.items():
        group = large.survey[column].astype(str).reindex(person)
        value = value + table.reindex(group).fillna(0.0).to_numpy()[number, model]
    topic = truth.topic.reindex(rows["conversation_id"])
    value += truth.topics.reindex(topic).to_numpy()[number, model]
    value += truth.types.reindex(rows["conversation_type"].astype(str)).to_numpy()[number, model]
    value += truth.taste.reindex(person).to_numpy()[number, model]
    features = truth.features.astype(float)
    features["characters"] -= USUAL_CHARACTERS
    value += sum(effect * features[name].to_numpy() for name, effect in truth.text_effects.items())
    value += truth.turn * rows["turn"].clip(upper=TURNS_THAT_COUNT).to_numpy()
    expected = truth.centre.reindex(person).to_numpy() + truth.spread.reindex(person) * value
    alike = rows.duplicated(["user_id", "user_prompt", "model_response"], keep=False).to_numpy()
    np.testing.assert_allclose(truth.expected[~alike], expected.to_numpy()[~alike])
    assert alike.mean() < 0.02
    moved = ~truth.unmoved & rows["score"].between(30, 80)
    grain = truth.grain.reindex(person).to_numpy()
    assert ((truth.latent - rows["score"]).abs() <= grain / 2 + 1e-9)[moved].all()


def test_the_worth_of_models_is_recovered(large: Prism):
    truth = truth_of(large)
    means = large.openers().groupby("model_name", observed=True)["score"].mean()
    assert means.corr(pd.Series(truth.worth, truth.models), method="spearman") > 0.97


def test_a_favourite_gets_what_loyalty_adds(large: Prism):
    truth, rows = truth_of(large), large.utterances
    openers = rows[rows["turn"].eq(0)]
    person = openers["user_id"]
    loyal = openers["model_name"].astype(str) == truth.favourites.reindex(person).to_numpy()
    value = (truth.latent[openers.index] - truth.centre.reindex(person).to_numpy()) / (
        truth.spread.reindex(person).to_numpy()
    )
    value -= pd.Series(truth.worth, truth.models).reindex(openers["model_name"]).to_numpy()
    gain = value[loyal].mean() - value[~loyal].mean()
    error = value[loyal].std() / np.sqrt(loyal.sum())
    assert abs(gain - truth.loyalty) < 4 * error
    assert gain > 5


def test_groups_differ_where_planted_and_nowhere_else():
    """Over ten seeds: the mean difference of planted models, and standard scores of the others."""
    planted, null = [], []
    for seed in range(10):
        prism = load_prism("sample", people=250, seed=seed)
        truth = truth_of(prism)
        rows = prism.openers()
        value = truth.latent[rows.index]
        means = value.groupby([rows["user_id"], rows["model_name"]], observed=True).mean()
        own = means - means.groupby(level=0).transform("mean")
        for column, (one, other) in {
            "gender": ("Male", "Female"), "religion_simplified": ("No Affiliation", "Christian"),
        }.items():  # fmt: skip
            group = prism.survey[column].reindex(own.index.get_level_values(0))
            for model in MODELS:
                here = own.index.get_level_values(1) == model
                a, b = (own[here & (group == name).to_numpy()] for name in (one, other))
                difference = a.mean() - b.mean()
                error = np.sqrt(a.var() / len(a) + b.var() / len(b))
                table = truth.groups.get(column)
                known = 0.0 if table is None else table.loc[one, model] - table.loc[other, model]
                if known:
                    planted.append(difference * np.sign(known))
                else:
                    null.append(difference / error)
    assert len(planted) == 30
    assert np.mean(planted) == pytest.approx(7, abs=1.5)
    assert np.mean(np.abs(null) > 2) < 0.09
    assert np.std(null) == pytest.approx(1, abs=0.12)


def test_what_people_state_goes_with_their_attributes(large: Prism):
    for parent, least, most in (("choice_attributes", 0.35, 0.65),
                                ("performance_attributes", 0.1, 0.4)):  # fmt: skip
        stated = large.survey["stated_prefs_values"].reindex(large.conversations["user_id"])
        given_ones = large.conversations[f"{parent}_values"]
        assert least < given_ones.corr(stated.set_axis(given_ones.index)) < most


def test_strengths_of_zero_leave_things_out():
    off = Plan(
        groups=0, topics=0, types=0, attributes=0, taste=0, loyalty=0, text=0, turn=0, noise=0,
        centre=0, spread=0, coarse=0, ends=0, unmoved=0, missing=0, failed=0, empty=0, repeats=0,
        retest=0, survey_only=0, stated=0,
    )  # fmt: skip
    prism = generate_prism(30, 3, off)
    truth, rows = truth_of(prism), prism.utterances
    assert not prism.survey["survey_only"].any()
    assert not rows["model_response"].eq(EMPTY_REPLY).any()
    assert rows["score"].notna().all()
    alike = rows.duplicated(["user_id", "user_prompt", "model_response"], keep=False)
    quality = pd.Series(truth.quality, truth.models)
    expected = off.middle + quality.reindex(rows["model_name"]).to_numpy()
    assert (rows["score"] == np.rint(expected))[~alike].all()
    assert (truth.worth == truth.quality).all()
    assert (prism.openers().groupby("interaction_id").size() == 4).all()


def test_metadata_has_a_row_for_every_text(sample: Prism):
    assert sample.metadata is not None
    counts = sample.metadata["column_id"].value_counts()
    assert counts.to_dict() == {
        "model_response": len(sample.utterances),
        "user_prompt": sample.utterances["interaction_id"].nunique(),
        "open_feedback": len(sample.conversations),
        "self_description": len(sample.survey),
        "system_string": len(sample.survey),
    }
    flagged = sample.metadata["moderation_flag"].map(lambda given: given["flagged"])
    assert 0 < flagged.sum() < len(flagged) / 20
