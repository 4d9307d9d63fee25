"""Made replies: what they contain, what they read, and the scores that people give them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.prism.codebook import HIGHEST_SCORE, LOWEST_SCORE
from ratings.prism.made.texts import GREETING, PHRASES, measured, replies, texts, topic_names
from ratings.prism.made.worth import Worth
from ratings.prism.plan import Plan
from ratings.prism.truth import TURNS_THAT_COUNT

_MIDDLE = 50
_CANNED = 0.5
_LOW, _HIGH = 25.0, 88.0
_SENTENCES, _MOST_SENTENCES = 6.5, 40


@dataclass(frozen=True, eq=False)
class Writing:
    """How models write, and how much people get them to write.

    Attributes:
        length: K, the logarithm of how much longer than others a model replies.
        habits: K x features, how often a model's replies have each.
        talkative: R, the logarithm of how much longer the replies to a person are.
    """

    length: FloatArray
    habits: pd.DataFrame
    talkative: FloatArray

    @classmethod
    def of(cls, models: int, people: int, talkative: float, rng: np.random.Generator) -> "Writing":
        """Draw how models write."""
        habits = {
            "line_breaks": rng.beta(2, 6, models),
            "question_marks": rng.beta(1.5, 10, models),
            "enumeration": rng.beta(1, 12, models),
            "de_anthropomorphise": rng.beta(1, 8, models),
            "refusal": rng.beta(1, 25, models),
            "self_identification": rng.beta(1, 25, models),
        }
        return cls(
            length=0.3 * rng.standard_normal(models),
            habits=pd.DataFrame(habits),
            talkative=talkative * rng.standard_normal(people),
        )


@dataclass(frozen=True, eq=False)
class Replies:
    """N replies with their scores; `talk` is the position of the conversation.

    Attributes are arrays of N: see `PrismTruth` for `expected`, `latent` and `unmoved`.
    """

    talk: IntArray
    turn: IntArray
    within: IntArray
    model: IntArray
    prompts: list[str]
    texts: list[str]
    features: pd.DataFrame
    expected: FloatArray
    latent: FloatArray
    unmoved: BoolArray
    score: FloatArray
    chosen: BoolArray

    def followed_by(self, other: "Replies") -> "Replies":
        """These and then others."""
        parts = {
            name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in _ARRAYS
        }
        return Replies(
            **parts,
            prompts=self.prompts + other.prompts,
            texts=self.texts + other.texts,
            features=pd.concat([self.features, other.features], ignore_index=True),
        )

    def ordered(self, order: IntArray) -> "Replies":
        """In another order."""
        return replace(
            self,
            **{name: getattr(self, name)[order] for name in _ARRAYS},
            prompts=[self.prompts[n] for n in order],
            texts=[self.texts[n] for n in order],
            features=self.features.iloc[order],
        )


_ARRAYS = ("talk", "turn", "within", "model", "expected", "latent", "unmoved", "score", "chosen")


def write_replies(
    *,
    talk: IntArray,
    turn: IntArray,
    within: IntArray,
    model: IntArray,
    prompts: Sequence[str],
    person: IntArray,
    topic: IntArray,
    kind: IntArray,
    worth: Worth,
    writing: Writing,
    plan: Plan,
    rng: np.random.Generator,
) -> Replies:
    """N replies of models to prompts, with the scores of the people who asked.

    Args:
        talk: N, conversations; prompts are by conversation in first turns, else by reply.
        turn: N, from 0.
        within: N, position in the turn.
        model: N.
        prompts: of C conversations where all turns are 0, else N.
        person: N.
        topic: N.
        kind: N, types of conversation.
        worth: of the models.
        writing: of the models.
        plan: strengths.
        rng: of everything drawn.
    """
    count = len(talk)
    shown = [prompts[n] for n in talk] if not turn.any() else list(prompts)
    greeting = (topic == topic_names().index(GREETING)) & (turn == 0)
    canned = np.where(
        greeting & (rng.random(count) < _CANNED), model % len(texts()["greetings"]), -1
    )
    planned = pd.DataFrame(
        {
            name: rng.random(count) < writing.habits[name].to_numpy()[model]
            for name in writing.habits
        }
    )
    planned["enumeration"] &= planned["line_breaks"]
    planned["empty"] = rng.random(count) < plan.empty
    said = planned[list(PHRASES)].to_numpy()
    # at most one phrase a reply
    planned[list(PHRASES)] = said & (said.cumsum(axis=1) == 1)
    length = np.exp(
        writing.length[model] + writing.talkative[person] + 0.4 * rng.standard_normal(count)
    )
    sentences = np.clip(np.rint(_SENTENCES * length), 2, _MOST_SENTENCES).astype(np.intp)
    written = replies(topic, sentences, planned, canned, rng)
    features = measured(written, planned, canned >= 0)
    value = worth.value(person, model, topic, kind) + worth.of_text(features)
    value += plan.turn * np.minimum(turn, TURNS_THAT_COUNT)
    noise = plan.noise * rng.standard_normal(count)
    expected = worth.centre[person] + worth.spread[person] * value
    latent = expected + worth.spread[person] * noise
    expected, latent = _repeated(person, shown, written, expected, latent, plan, rng)
    unmoved = rng.random(count) < worth.unmoved[person]
    to_the_end = rng.random(count) < plan.ends
    score = _scores(latent, worth.grain[person], to_the_end, unmoved)
    score[rng.random(count) < plan.missing] = np.nan
    return Replies(
        talk=talk,
        turn=turn,
        within=within,
        model=model,
        prompts=shown,
        texts=written,
        features=features,
        expected=expected,
        latent=latent,
        unmoved=unmoved,
        score=score,
        chosen=_chosen(talk, turn, score, rng),
    )


def _repeated(
    person: IntArray,
    prompts: Sequence[str],
    written: Sequence[str],
    expected: FloatArray,
    latent: FloatArray,
    plan: Plan,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """The same reply to the same prompt gets nearly the score that the person gave it first."""
    frame = pd.DataFrame({"person": person, "prompt": prompts, "reply": written})
    first = frame.assign(n=np.arange(len(frame))).groupby(["person", "prompt", "reply"])["n"]
    source = first.transform("first").to_numpy()
    again = source != np.arange(len(frame))
    close = latent[source] + plan.retest * rng.standard_normal(len(frame))
    return np.where(again, expected[source], expected), np.where(again, close, latent)


def _scores(
    latent: FloatArray, grain: IntArray, to_the_end: BoolArray, unmoved: BoolArray
) -> FloatArray:
    rounded = grain * np.rint(latent / grain)
    rounded = np.where(to_the_end & (latent < _LOW), LOWEST_SCORE, rounded)
    rounded = np.where(to_the_end & (latent > _HIGH), HIGHEST_SCORE, rounded)
    return np.where(unmoved, _MIDDLE, rounded.clip(LOWEST_SCORE, HIGHEST_SCORE)).astype(float)


def _chosen(
    talk: IntArray, turn: IntArray, score: FloatArray, rng: np.random.Generator
) -> BoolArray:
    """The best reply of each turn, a random one of those that are equally good."""
    order = np.lexsort((rng.random(len(talk)), -np.nan_to_num(score, nan=0.0), turn, talk))
    new = np.r_[True, (np.diff(talk[order]) != 0) | (np.diff(turn[order]) != 0)]
    chosen = np.zeros(len(talk), dtype=bool)
    chosen[order[new[: len(order)]]] = True  # nobody may have talked
    return chosen
