"""Made PRISM data of any size, with everything known that moves a score.

People differ in taste, in what they hold dear and in how they use the scale; models in quality, to
whom, about what and in how they write. Four models reply to the first prompt of a conversation
and the one with the best score replies twice to each later prompt, as in PRISM.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import IntArray
from ratings.prism.codebook import CONVERSATION_TYPES, STATED, UTTERANCES, typed
from ratings.prism.container import Prism
from ratings.prism.made.people import made_survey, of_census
from ratings.prism.made.prompts import opening_prompts
from ratings.prism.made.replies import Replies, Writing, write_replies
from ratings.prism.made.tables import made_conversations, made_metadata
from ratings.prism.made.texts import GREETING, follow_ups, topic_names
from ratings.prism.made.truth import truth_of
from ratings.prism.made.worth import Worth, draw_worth
from ratings.prism.plan import Plan
from ratings.sources.cards import load_card

SAMPLE_CARD = "prism_sample"
SAMPLE_PEOPLE = 120
MODELS = tuple(f"model-{letter}" for letter in "abcdefghijklmnopqrstu")
PROVIDERS = tuple(f"provider-{1 + number % 6}" for number in range(len(MODELS)))
_LONG_NAMES = tuple(f"{maker}/{name}" for maker, name in zip(PROVIDERS, MODELS, strict=True))
_OPENERS, _LATER = 4, 2
_COMPLETED = (0.02, 0.02, 0.02, 0.03, 0.05, 0.83, 0.03)
_MORE_TURNS = (1.74, 0.556)  # of a negative binomial distribution: mean 1.39, variance 2.5
_MOST_TURNS = 22
# topics of the sample's card, by type of conversation
_CONTENTIOUS = ("religion", "politics", "justice", "machines")
_CLOSE_TO_HEART = ("family", "religion", "work", "health")
_TOPICAL, _GREETING = 4.0, 0.4


@dataclass(frozen=True)
class _Talks:
    """C conversations: of whom, of which type, about what, how long, with which prompt."""

    person: IntArray
    kind: IntArray
    topic: IntArray
    turns: IntArray
    prompts: list[str]


def generate_prism(
    people: int = SAMPLE_PEOPLE,
    seed: int = 0,
    plan: Plan | None = None,
    *,
    metadata: bool = False,
) -> Prism:
    """Made people, conversations and scored replies, with what was planted.

    Args:
        people: R; some of them answer the survey only.
        seed: the same seed gives the same data.
        plan: how strong each thing is; None for the sample's.
        metadata: whether to make the table of metadata as well.
    """
    plan = plan or Plan()
    rng = np.random.default_rng([seed, 15])
    user = pd.Index([f"user{n}" for n in range(people)], name="user_id", dtype="str")
    common = 0.5 * rng.standard_normal((people, 1))
    importance = common + np.sqrt(0.75) * rng.standard_normal((people, len(STATED) - 1))
    completed = rng.choice(7, people, p=_COMPLETED) + 1
    completed[rng.random(people) < plan.survey_only] = 0
    survey = made_survey(user, importance, completed, rng)
    talks = _talks(completed, plan, rng)
    worth = draw_worth(MODELS, survey, importance, plan, rng)
    writing = Writing.of(len(MODELS), people, plan.talkative, rng)
    opening = _openers(talks, worth, writing, plan, rng)
    later = _later(talks, opening, worth, writing, plan, rng)
    both = opening.followed_by(later)
    utterances, order = _utterances(talks, user, both)
    models = pd.DataFrame(
        {
            "long_name": _LONG_NAMES,
            "longcode": [name[-1].upper() for name in MODELS],
            "model_family": PROVIDERS,
        },
        index=pd.Index(MODELS, name="short_name", dtype="str"),
    )
    conversations = made_conversations(
        models["long_name"],
        user[talks.person], talks.kind, talks.prompts, talks.turns, utterances,
        importance[talks.person], plan, rng,
    )  # fmt: skip
    balanced = _balanced(talks)
    conversations["included_in_balanced_subset"] = balanced
    utterances["included_in_balanced_subset"] = balanced[both.talk[order]]
    of_balanced = survey.index.isin(conversations.loc[balanced, "user_id"])
    survey["included_in_balanced_subset"] = of_balanced
    for region in ("UK", "US"):
        flag = of_census(survey, survey["included_in_balanced_subset"], region)
        survey[f"included_in_{region}_REP"] = flag
    about = pd.DataFrame(
        {
            "topic": np.array(topic_names())[talks.topic],
            "type": np.array(CONVERSATION_TYPES)[talks.kind],
        },
        index=conversations.index,
    )
    return Prism(
        survey=survey,
        conversations=conversations,
        utterances=utterances,
        metadata=made_metadata(survey, conversations, utterances, rng) if metadata else None,
        card=load_card(SAMPLE_CARD),
        models=models,
        truth=truth_of(worth, both.ordered(order), utterances.index, user, about),
    )


def _talks(completed: IntArray, plan: Plan, rng: np.random.Generator) -> _Talks:
    person = np.repeat(np.arange(len(completed)), completed)
    count = len(person)
    nth = np.arange(count) - np.repeat(np.cumsum(completed) - completed, completed)
    kinds = len(CONVERSATION_TYPES)
    # two of each type is what people were asked for; some deviate
    shift = rng.integers(kinds, size=len(completed))[person]
    kind = np.where(
        rng.random(count) < 0.15, rng.choice(kinds, count, p=(0.6, 0.2, 0.2)), (nth + shift) % kinds
    )
    names = topic_names()
    weights = np.ones((kinds, len(names)))
    weights[1, [names.index(name) for name in _CLOSE_TO_HEART]] = _TOPICAL
    weights[2, [names.index(name) for name in _CONTENTIOUS]] = _TOPICAL
    weights[:, names.index(GREETING)] = _GREETING
    weights /= weights.sum(axis=1, keepdims=True)
    topic = (rng.random((count, 1)) > weights.cumsum(axis=1)[kind]).sum(axis=1)
    prompts = np.array(opening_prompts(topic, plan.common, rng), dtype=object)
    again = (nth > 0) & (rng.random(count) < plan.repeats)
    source = np.maximum.accumulate(np.where(again, 0, np.arange(count)))
    turns = np.minimum(2 + rng.negative_binomial(*_MORE_TURNS, count), _MOST_TURNS)
    return _Talks(person, kind, topic[source], turns, prompts[source].tolist())


def _openers(
    talks: _Talks, worth: Worth, writing: Writing, plan: Plan, rng: np.random.Generator
) -> Replies:
    """Replies of four models to each first prompt, or of two or three where some failed."""
    count = len(talks.person)
    failed = np.where(rng.random(count) < plan.failed, rng.choice([1, 1, 1, 1, 2], count), 0)
    models = rng.random((count, len(MODELS))).argsort(axis=1)[:, :_OPENERS]
    there = np.arange(_OPENERS) < (_OPENERS - failed)[:, None]
    talk, within = np.nonzero(there)
    return write_replies(
        talk=talk,
        turn=np.zeros(len(talk), dtype=np.intp),
        within=within,
        model=models[there],
        prompts=talks.prompts,
        person=talks.person[talk],
        topic=talks.topic[talk],
        kind=talks.kind[talk],
        worth=worth,
        writing=writing,
        plan=plan,
        rng=rng,
    )


def _later(
    talks: _Talks,
    opening: Replies,
    worth: Worth,
    writing: Writing,
    plan: Plan,
    rng: np.random.Generator,
) -> Replies:
    """Two replies of the chosen model to each later prompt."""
    more = talks.turns - 1
    turn_talk = np.repeat(np.arange(len(more)), more)
    turn = np.arange(len(turn_talk)) - np.repeat(np.cumsum(more) - more, more) + 1
    prompts = np.array(follow_ups(len(turn_talk), rng), dtype=object)
    talk, turns = np.repeat(turn_talk, _LATER), np.repeat(turn, _LATER)
    chosen = np.empty(len(more), dtype=np.intp)
    chosen[opening.talk[opening.chosen]] = opening.model[opening.chosen]
    return write_replies(
        talk=talk,
        turn=turns,
        within=np.tile(np.arange(_LATER), len(turn_talk)),
        model=chosen[talk],
        prompts=np.repeat(prompts, _LATER).tolist(),
        person=talks.person[talk],
        topic=talks.topic[talk],
        kind=talks.kind[talk],
        worth=worth,
        writing=writing,
        plan=plan,
        rng=rng,
    )


def _utterances(talks: _Talks, user: pd.Index, both: Replies) -> tuple[pd.DataFrame, IntArray]:
    """The table of utterances, and the order in which it takes the replies."""
    order = np.lexsort((both.within, both.turn, both.talk))
    talk, turn, model = both.talk[order], both.turn[order], both.model[order]
    new = np.r_[True, (talk[1:] != talk[:-1]) | (turn[1:] != turn[:-1])]
    number = np.cumsum(new) - 1
    frame = pd.DataFrame(
        {
            "interaction_id": [f"int{n}" for n in number],
            "conversation_id": [f"c{n}" for n in talk],
            "user_id": user.to_numpy()[talks.person[talk]],
            "turn": turn,
            "within_turn_id": both.within[order],
            "included_in_balanced_subset": False,
            "conversation_type": np.array(CONVERSATION_TYPES)[talks.kind[talk]],
            "user_prompt": [both.prompts[n] for n in order],
            "model_response": [both.texts[n] for n in order],
            "model_name": np.array(MODELS)[model],
            "model_provider": np.array(PROVIDERS)[model],
            "score": both.score[order],
            "if_chosen": both.chosen[order],
        },
        index=pd.Index([f"ut{n}" for n in range(len(order))], name="utterance_id", dtype="str"),
    )
    table = typed(frame, UTTERANCES)
    # also those models that a small sample does not meet
    table["model_name"] = table["model_name"].cat.set_categories(MODELS)
    return table, order


def _balanced(talks: _Talks) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """As many conversations of each type as a person has of the rarest, the first ones."""
    frame = pd.DataFrame({"person": talks.person, "kind": talks.kind})
    counts = pd.crosstab(frame["person"], frame["kind"])
    kinds = range(len(CONVERSATION_TYPES))
    fewest = counts.reindex(columns=kinds, fill_value=0).min(axis=1)
    nth = frame.groupby(["person", "kind"]).cumcount()
    kept: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        nth < frame["person"].map(fewest)
    ).to_numpy()
    return kept
