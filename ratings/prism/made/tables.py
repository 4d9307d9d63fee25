"""The tables of made conversations and of metadata, in the layout of the release."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.prism.codebook import (
    ATTRIBUTES,
    CONVERSATION_TYPES,
    CONVERSATIONS,
    HIGHEST_SCORE,
    LOWEST_SCORE,
    METADATA,
    STATED,
    typed,
)
from ratings.prism.made.texts import open_feedback
from ratings.prism.plan import Plan

_PERFORMANCE = dict(zip(ATTRIBUTES, (74, 84, 81, 85, 69, 64, 82), strict=True))
_CHOICE = dict(zip(ATTRIBUTES, (67, 83, 79, 72, 66, 62, 83), strict=True))
_SD, _NOT_APPLICABLE = 20.0, 0.05
_EPOCH, _WEEKS = pd.Timestamp("2023-11-22 15:55:46"), 29 * 24 * 3600
_FLAGGED, _PERSONAL = 0.006, 0.01
_MODERATED = (
    "sexual", "hate", "harassment", "self-harm", "sexual/minors", "hate/threatening",
    "violence/graphic", "self-harm/intent", "self-harm/instructions", "harassment/threatening",
    "violence",
)  # fmt: skip


def made_conversations(
    long_names: pd.Series,
    user: pd.Index,
    kind: IntArray,
    prompts: Sequence[str],
    turns: IntArray,
    utterances: pd.DataFrame,
    importance: FloatArray,
    plan: Plan,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """C made conversations with what their people wrote of them; none is in a subset yet.

    Args:
        long_names: of the models, by the names in the table of utterances.
        user: C ids of people.
        kind: C positions of types.
        prompts: C.
        turns: C.
        utterances: the table of their scored replies.
        importance: C x A, how dear attributes are to the person.
        plan: strengths.
        rng: of the answers.
    """
    count = len(user)
    seconds = rng.lognormal(6.2, 0.5, count).round(2)
    best = utterances[utterances["if_chosen"] & utterances["turn"].eq(0)]
    lift = (best["score"].fillna(50.0).to_numpy() - 70) / 30
    columns: dict[str, object] = {
        "user_id": user,
        "included_in_balanced_subset": False,
        "generated_datetime": _EPOCH + pd.to_timedelta(rng.integers(_WEEKS, size=count), "s"),
        "timing_duration_s": seconds,
        "timing_duration_mins": (seconds / 60).round(2),
        "conversation_type": np.array(CONVERSATION_TYPES)[kind],
        "opening_prompt": list(prompts),
        "conversation_turns": turns,
        "conversation_history": _histories(utterances, long_names),
        "open_feedback": open_feedback(count, rng),
    }
    for name in ATTRIBUTES:
        dear = plan.stated * _SD * importance[:, STATED.index(name)]
        rest = _SD * np.sqrt(max(1 - plan.stated**2, 0.0))
        for parent, mean, moved in (
            ("performance_attributes", _PERFORMANCE[name], 10 * lift + dear / 2),
            ("choice_attributes", _CHOICE[name], dear),
        ):
            given = mean + moved + rest * rng.standard_normal(count)
            given = given.round().clip(LOWEST_SCORE, HIGHEST_SCORE)
            given[rng.random(count) < _NOT_APPLICABLE] = np.nan
            columns[f"{parent}_{name}"] = given
    index = pd.Index([f"c{n}" for n in range(count)], name="conversation_id", dtype="str")
    return typed(pd.DataFrame(columns).set_index(index), CONVERSATIONS)


def _histories(utterances: pd.DataFrame, long_names: pd.Series) -> list[list[dict[str, object]]]:
    """For each conversation its messages: a prompt, then the replies to it, turn by turn."""
    utterances = utterances.assign(model_name=utterances["model_name"].map(long_names))
    names = ["conversation_id", "interaction_id", "turn", "user_prompt", "model_response",
             "model_provider", "model_name", "score", "if_chosen", "within_turn_id"]  # fmt: skip
    rows = zip(*(utterances[name].tolist() for name in names), strict=True)
    found: dict[str, list[dict[str, object]]] = {}
    last = None
    for talk, interaction, turn, prompt, reply, provider, model, score, chosen, within in rows:
        history = found.setdefault(talk, [])
        if interaction != last:
            history.append({"turn": turn, "role": "user", "content": prompt})
            last = interaction
        history.append(
            {
                "turn": turn,
                "role": "model",
                "content": reply,
                "model_provider": provider,
                "model_name": model,
                "score": None if score != score else int(score),
                "if_chosen": chosen,
                "within_turn_id": within,
            }
        )
    return list(found.values())


def made_metadata(
    survey: pd.DataFrame,
    conversations: pd.DataFrame,
    utterances: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row a text of the three tables, with made flags; all texts are English."""
    replies = utterances.reset_index()[
        ["user_id", "conversation_id", "interaction_id", "utterance_id"]
    ]
    prompts = replies.drop_duplicates("interaction_id").drop(columns="utterance_id")
    feedback = conversations.reset_index()[["user_id", "conversation_id"]]
    people = survey.reset_index()[["user_id"]]
    frame = pd.concat(
        {
            "model_response": replies,
            "user_prompt": prompts,
            "open_feedback": feedback,
            "self_description": people,
            "system_string": people,
        },
        names=["column_id", None],
    ).reset_index("column_id")
    count = len(frame)
    human = frame["column_id"].ne("model_response").to_numpy()
    personal = rng.random(count) < _PERSONAL
    flagged = rng.random(count) < _FLAGGED
    clean = _moderation(None)
    which = rng.integers(len(_MODERATED), size=count)
    frame["pii_flag"] = personal
    frame["pii_manual_flag"] = np.where(personal & human, 0.0, np.nan)
    frame["language_flag"] = "en"
    frame["en_flag"] = True
    said = (_moderation(_MODERATED[w]) if f else clean for w, f in zip(which, flagged, strict=True))
    frame["moderation_flag"] = pd.Series(list(said), index=frame.index)
    return typed(frame.reset_index(drop=True), METADATA)


def _moderation(category: str | None) -> dict[str, object]:
    """What a moderation tool says: whether it flags a text, and for what."""
    return {
        "flagged": category is not None,
        "categories": {name: name == category for name in _MODERATED},
    }
