"""What the task asks: who, which turns, in which order, and that nothing leaks."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import get_model

from benchmarks.prism._known import EarlierReplies, Known, parse_known
from benchmarks.prism._material import Material, Setup, load_material
from benchmarks.prism._prompt import prompt_templates
from benchmarks.prism.task import prism
from ratings.errors import DataError
from ratings.preferences.turns import (
    participants_in_halves,
    preference_turns,
    preferred_replies,
    sample_participants,
)
from ratings.prism.prism import load_prism
from ratings.prism.release import write_release
from scorers.inspect_adapter.decoded import STATED

EVERYTHING = "demographics+stated+description+ratings"


@pytest.fixture(scope="module")
def material() -> Material:
    return load_material(Setup("sample", EVERYTHING, "all", "all", 0))


def frame(rows: list[tuple[str, int, float | None, bool]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["conversation_id", "turn", "score", "if_chosen"])
    made["score"] = made["score"].astype(float)
    return made


@pytest.mark.parametrize(
    ("replies", "preferred"),
    [
        ([(90, True), (20, False)], [True, False]),
        # replies that tie for the top are all right
        ([(90, True), (90, False), (20, False)], [True, True, False]),
        # one top: the participant's own choice, whatever the scores
        ([(90, False), (20, True)], [False, True]),
        ([(None, True), (None, False)], [True, False]),
        ([(None, False), (40, False), (30, False)], [False, True, False]),
        # no preference, one reply, all alike: not asked
        ([(None, False), (None, False)], None),
        ([(90, True)], None),
        ([(50, True), (50, False)], None),
    ],
)
def test_which_reply_is_right(replies: list, preferred: list[bool] | None):
    found = preferred_replies(frame([("c1", 0, *reply) for reply in replies]))
    assert (found["preferred"].tolist() or None) == preferred


def test_test_participants_alone_are_asked(material: Material):
    halves = material.halves
    assert not set(halves.train) & set(halves.test)
    asked = {sample.metadata["participant"] for sample in material.samples(None, None)}
    assert asked == set(halves.test)
    assert participants_in_halves(load_prism("sample"), 1).test != halves.test
    known = sample_participants("sample")
    assert known is not None
    for sample in material.samples(None, None):
        assert known[sample.id] == sample.metadata["participant"]


def test_the_order_of_the_replies_does_not_depend_on_who_is_asked():
    data = load_prism("sample")
    halves = participants_in_halves(data, 0)
    all_turns = {t.id: t for t in preference_turns(data, halves.test, 0, opening=False)}
    some = preference_turns(data, halves.test[:5], 0, opening=True)
    assert some
    assert all(all_turns[turn.id] == turn for turn in some)
    other = {t.id: t for t in preference_turns(data, halves.test, 1, opening=False)}
    assert any(other[name].replies != turn.replies for name, turn in all_turns.items())
    # the preferred reply is as often at each position, to within five standard errors
    four = [turn for turn in all_turns.values() if len(turn.replies) == 4]
    first = np.mean([1 in turn.preferred for turn in four])
    assert abs(first - 0.25) < 5 * np.sqrt(0.25 * 0.75 / len(four)) + 0.05


def test_caps_take_a_part_of_the_same(material: Material):
    full = {sample.id: sample for sample in material.samples(None, None)}
    part = material.samples(7, 2)
    people = {sample.metadata["participant"] for sample in part}
    assert people == set(material.halves.test[:7])
    held = {(s.metadata["participant"], s.metadata["conversation"]) for s in part}
    assert max(sum(one == person for one, _ in held) for person in people) == 2
    assert all(full[sample.id].metadata == sample.metadata for sample in part)


def test_no_prompt_says_anything_of_its_turn_or_of_what_came_later(material: Material):
    """Texts, scores and choices of a turn stay out; so do later turns and conversations."""
    data, templates = load_prism("sample"), prompt_templates(None)
    held = data.conversations.sort_values("generated_datetime", kind="stable")
    rank = held.groupby("user_id", observed=True).cumcount()
    replies = data.utterances.assign(held=rank.reindex(data.utterances["conversation_id"]).array)
    checked = {"history": 0, "earlier": 0}
    for turn in material.turns[::3]:
        prompt = material.prompts(templates, turn)[STATED]
        own = replies[replies["user_id"].astype(str) == turn.participant]
        now = own[own["conversation_id"].astype(str) == turn.conversation]
        before = now[now["turn"] < turn.turn]
        earlier = own[own["held"] < rank[turn.conversation]]
        # Take out what may be there; nothing of the rest may be left.
        known, _, rest = prompt.partition("What this person wrote to language models:")
        conversation, _, asked = rest.partition("The replies that this person was shown")
        shown = "".join(re.split(r"\nReply [A-D]:\n", asked))
        assert [text for text in turn.texts if text not in asked] == []
        assert "cored" not in conversation
        assert not re.search(r"\b(?:score|chosen|prefer\w*) (?:is|was|\d)", shown)
        for text in now[now["turn"] > turn.turn]["model_response"]:
            if text not in (*before["model_response"], *turn.texts):
                assert text not in conversation
        for text in now["model_response"]:
            if text not in set(earlier["model_response"]):
                assert text not in known
        chosen = before[before["if_chosen"]]["model_response"]
        not_chosen = set(before["model_response"]) - set(chosen)
        assert all(text in conversation for text in chosen)
        assert not any(text in conversation for text in not_chosen)
        allowed = set(earlier["model_response"])
        later = own[(own["held"] > rank[turn.conversation])]["model_response"]
        assert not any(text in known for text in later if text not in allowed)
        scored = [float(s) for s in re.findall(r"Scored ([\d.]+) of 100:", known)]
        assert sorted(scored) == sorted(earlier["score"].dropna())
        checked["history"] += turn.turn > 0
        checked["earlier"] += bool(scored)
    assert min(checked.values()) > 50


def test_the_chosen_reply_of_a_turn_is_where_the_others_are(material: Material):
    """Nothing marks it: changing who is right, or the scores, does not change the prompt."""
    templates = prompt_templates(None)
    turn = next(turn for turn in material.turns if turn.turn == 1)
    changed = turn.__class__(
        **{
            **turn.__dict__,
            "scores": tuple(reversed(turn.scores)),
            "preferred": (1,),
            "models": ("x",) * len(turn.models),
            "replies": tuple(reversed(turn.replies)),
        }
    )
    assert material.prompts(templates, changed) == material.prompts(templates, turn)


def test_what_is_known_is_what_was_asked_for():
    def of(known: str) -> str:
        material = load_material(Setup("sample", known, "opening", "all", 0))
        turn = next(t for t in material.turns if t.conversation == busy.conversation)
        return material.known_of(turn)

    full = load_material(Setup("sample", EVERYTHING, "opening", "all", 0))
    busy = max(full.turns, key=lambda t: len(full.earlier.rows(t.participant, t.conversation)))
    assert of("none") == "(nothing)"
    assert "- age:" in of("demographics")
    assert "Scored" not in of("demographics+stated+description")
    assert "from 0 to 100" in of("stated")
    assert "own words" in of("description")
    assert of("ratings:3").count("Scored ") == 3
    assert of("ratings").endswith(of("ratings:3").rpartition("Scored ")[2])
    assert "Prefer not to say" not in of(EVERYTHING)


def test_what_came_before_a_conversation_without_scores_is_known():
    data = load_prism("sample")
    full = EarlierReplies(data)
    last = data.conversations.sort_values("generated_datetime").groupby("user_id").tail(1)
    unscored = data.utterances["conversation_id"].isin(last.index)
    scores = data.utterances["score"].mask(unscored)
    without = EarlierReplies(replace(data, utterances=data.utterances.assign(score=scores)))
    counts = []
    for conversation, participant in last["user_id"].astype(str).items():
        expected = full.rows(participant, str(conversation))
        found = without.rows(participant, str(conversation))
        assert full.models_and_scores(expected) == without.models_and_scores(found)
        counts.append(len(found))
    assert max(counts) > 20


@pytest.mark.parametrize(
    ("text", "known", "name"),
    [
        ("none", Known(), "none"),
        ("ratings+demographics", Known(("demographics", "ratings")), "demographics+ratings"),
        ("stated + ratings:7", Known(("stated", "ratings"), 7), "stated+ratings:7"),
    ],
)
def test_a_name_of_what_is_known(text: str, known: Known, name: str):
    assert parse_known(text) == known
    assert str(known) == name
    assert parse_known(name) == known


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("none+stated", "'none' is not joined with anything"),
        ("ratings+ratings:3", "ratings is listed twice"),
        ("ratings:0", "must be from 1 to 500, found '0'"),
        ("ratings:", "must be from 1 to 500, found ''"),
        ("stated:3", "unknown part of known 'stated:3'"),
        ("", "unknown part of known ''"),
        ("age", "unknown part of known 'age'"),
    ],
)
def test_a_name_that_is_not_valid(text: str, said: str):
    with pytest.raises(DataError, match=re.escape(said)):
        parse_known(text)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"data": "smaple"}, "unknown data, and no folder is there: 'smaple'"),
        ({"turns": "last"}, "unknown value for turns 'last'"),
        ({"subset": "half"}, "unknown value for subset 'half'"),
        ({"people": 0}, "people must be a whole number from 1"),
        ({"conversations": "two"}, "conversations must be a whole number from 1"),
        ({"elicitation": "guess"}, "unknown value for elicitation 'guess'"),
        ({"seed": -1}, "seed must be a whole number from 0"),
        ({"known": 3}, "known must be text, found 3"),
        ({"know": "stated"}, "unknown task argument 'know'"),
        ({"prompt": "nowhere.txt"}, "there is no prompt template at"),
    ],
)
def test_a_wrong_argument_ends_in_one_line(arguments: dict, said: str):
    with pytest.raises(PrerequisiteError) as refused:
        prism(**{"data": "sample", **arguments})
    assert said in str(refused.value.message)
    assert "\n" not in str(refused.value.message)


def test_a_model_that_knows_no_replies_is_refused_before_the_run(monkeypatch):
    """Inspect knows the model when it makes the task."""
    for name in ("respondent/power", "respondent/0.7", None):
        model = None if name is None else get_model(name, memoize=False)
        monkeypatch.setattr("benchmarks._ask_model.active_model", lambda model=model: model)
        if name != "respondent/power":
            assert prism(data="sample", people=1)
            continue
        with pytest.raises(PrerequisiteError, match="^respondent/power answers value_portrait"):
            prism(data="sample", people=1)


def test_a_template_must_hold_every_field_once(tmp_path: Path):
    template = tmp_path / "mine.txt"
    template.write_text("{known} {conversation} {replies}")
    with pytest.raises(PrerequisiteError, match=r"must hold .*answer.* once, it does 0 times"):
        prism(data="sample", prompt=str(template))
    template.write_text("{known} {conversation} {replies} {answer}")
    mine, shipped = prism(data="sample", prompt=str(template)), prism(data="sample")
    assert mine.metadata["template_sha256"] != shipped.metadata["template_sha256"]


def test_data_in_which_no_reply_was_preferred_end_in_one_line(tmp_path: Path):
    data = load_prism("sample")
    nothing = data.utterances.assign(score=np.nan, if_chosen=False)
    write_release(replace(data, utterances=nothing), tmp_path)
    with pytest.raises(PrerequisiteError, match=r"no test participant has a turn") as refused:
        prism(data=str(tmp_path))
    assert "\n" not in str(refused.value.message)


def test_a_folder_without_files_ends_in_one_line(tmp_path: Path):
    with pytest.raises(PrerequisiteError) as refused:
        prism(data=str(tmp_path))
    assert "\n" not in str(refused.value.message)
    assert str(tmp_path) in str(refused.value.message)
