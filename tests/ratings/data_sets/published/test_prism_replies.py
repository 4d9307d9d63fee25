from dataclasses import replace

import numpy as np
import pytest

from ratings.data_sets.published import prism_replies
from ratings.data_sets.published.prism_replies import (
    DEMOGRAPHICS,
    MEASURED,
    in_conversation,
    load_prism_replies,
)
from ratings.data_sets.registry import load_data_set, read_counts
from ratings.errors import DataError, TermsError
from ratings.prism.container import Prism
from ratings.prism.prism import load_prism
from ratings.sources.cards import load_card
from ratings.splits import split_raters


def test_the_sample_is_as_its_card_says():
    data, notes = load_data_set("prism_replies_sample")
    assert notes == ()
    card = load_card("prism_sample")
    found = read_counts(data)
    assert found == {name: card.counts[name] for name in found}
    assert data.synthetic
    assert data.ordered
    assert data.table.choices[0][0] == "1"
    assert data.table.choices[0][-1] == "100"
    split = split_raters(data, 0)
    assert len(split.train) + len(split.test) == len(data.table.raters)


def test_a_rating_is_the_score_of_the_reply(sample: Prism, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prism_replies, "load_prism", lambda data, parts: sample)
    data = load_prism_replies("sample")
    rated = data.table.ratings
    score = sample.utterances["score"]
    own = rated["instance"].astype(str)
    author = sample.utterances["user_id"].reindex(own).to_numpy() == rated["rater"].astype(str)
    assert author.mean() > 0.95  # the others got the same reply to the same prompt
    assert (rated["rating"].to_numpy() == score.reindex(own).to_numpy())[author].all()
    assert data.table.raters[list(MEASURED)].equals(
        sample.survey.loc[data.table.raters.index, list(MEASURED)]
    )
    assert data.groundtruth == "self_description"
    assert set(DEMOGRAPHICS) < set(data.table.raters)
    assert not data.table.instances["text"].str.contains("model-").any()


def test_alike_replies_are_one_instance_and_the_first_score_counts(sample, monkeypatch):
    rows = sample.utterances.copy()
    first = rows[rows["interaction_id"].eq("int0")].index[:3]
    rows.loc[first, "model_response"] = "Same."
    rows.loc[first, "score"] = [np.nan, 40.0, 60.0]
    made = replace(sample, utterances=rows)
    monkeypatch.setattr(prism_replies, "load_prism", lambda data, parts: made)
    data = load_prism_replies("sample")
    same = data.table.instances["text"].str.endswith("Model: Same.")
    assert data.table.instances.index[same].tolist() == [first[1]]
    rated = data.table.ratings
    assert rated["rating"][rated["instance"].eq(first[1])].tolist() == [40]


def test_a_reply_comes_after_what_was_said_before(sample: Prism):
    texts = in_conversation(sample)
    assert texts.index.equals(sample.utterances.index)
    for talk, replies in sample.utterances.groupby("conversation_id"):
        history = sample.conversations.loc[str(talk), "conversation_history"]
        for name, reply in replies.iterrows():
            said = [
                f"{'Person' if one['role'] == 'user' else 'Model'}: {one['content']}"
                for one in history
                if one["turn"] < reply["turn"] and one.get("if_chosen", True)
            ]
            said += [f"Person: {reply['user_prompt']}", f"Model: {reply['model_response']}"]
            assert texts[name] == "\n\n".join(said)


def test_nothing_of_a_later_turn_is_in_an_earlier_one(sample: Prism):
    rows = sample.utterances.copy()
    rows.loc[rows["turn"].gt(0), ["user_prompt", "model_response"]] = "LATER"
    early = in_conversation(replace(sample, utterances=rows))[rows["turn"].eq(0)]
    assert not early.str.contains("LATER").any()


def test_a_download_needs_the_terms(tmp_path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    with pytest.raises(TermsError, match="^prism has terms: "):
        load_prism_replies()
    with pytest.raises(DataError, match="has no survey.jsonl"):
        load_prism_replies(str(tmp_path))


def test_the_sample_can_be_of_any_size():
    assert len(load_prism("sample", people=7).survey) == 7
