"""Which reply a participant preferred: the turns of PRISM as questions, and who is asked about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd

from ratings.prism.container import OPENING_TURN, Prism
from ratings.prism.prism import SAMPLE, load_prism
from ratings.splits import in_halves


@dataclass(frozen=True)
class PreferenceTurn:
    """One turn of a conversation, in which a participant scored K replies.

    Attributes:
        conversation: id.
        turn: from 0.
        participant: id.
        conversation_type: as in the data.
        prompt: what the participant wrote.
        replies: ids of the K replies in the order shown.
        texts: K.
        models: K names.
        scores: K, 1 to 100; None where missing.
        preferred: positions in the order shown, from 1: several where they tie for the top.
    """

    conversation: str
    turn: int
    participant: str
    conversation_type: str
    prompt: str
    replies: tuple[str, ...]
    texts: tuple[str, ...]
    models: tuple[str, ...]
    scores: tuple[float | None, ...]
    preferred: tuple[int, ...]

    @property
    def id(self) -> str:
        """Of the turn: the conversation's and the turn's number."""
        return f"{self.conversation}-{self.turn}"


@dataclass(frozen=True)
class Halves:
    """Participants with conversations, in two halves that share nobody, each in random order.

    Attributes:
        train: whose replies a baseline may learn from.
        test: who is asked about.
    """

    train: tuple[str, ...]
    test: tuple[str, ...]


def participants_in_halves(prism: Prism, seed: int) -> Halves:
    """Who is asked about, and whom a baseline may learn from.

    Raises:
        DataError: for fewer than eight participants with conversations.
    """
    has = prism.survey.index.isin(prism.utterances["user_id"])
    people = np.array(prism.survey.index[has], dtype=object)
    split = in_halves(len(people), seed, f"{prism.card.id} (participants with conversations)")
    rng = np.random.default_rng([seed, 5])
    train, test = (tuple(rng.permutation(people[half])) for half in (split.train, split.test))
    return Halves(train, test)


def preferred_replies(utterances: pd.DataFrame) -> pd.DataFrame:
    """The replies of the turns in which one was preferred, with a column `preferred`.

    Replies that tie for the highest score are all preferred; where there is one highest score or
    none, the reply that the participant went on with is (`if_chosen`). Left out are turns with
    fewer than two replies, with no preferred one, or whose replies all tie.

    Args:
        utterances: N rows of `Prism.utterances`.
    """
    turn = utterances.groupby(["conversation_id", "turn"], sort=False, observed=True)
    best = utterances["score"].eq(turn["score"].transform("max"))
    frame = utterances.assign(
        replies=turn["score"].transform("size"),
        best=best,
        chosen=utterances["if_chosen"].eq(True),
    )
    each = frame.groupby(["conversation_id", "turn"], sort=False, observed=True)
    tie = each["best"].transform("sum").gt(1)
    no_choice = ~each["chosen"].transform("any")
    frame["preferred"] = frame["best"].where(tie | no_choice, frame["chosen"])
    count = each["preferred"].transform("sum")
    kept = frame["replies"].ge(2) & count.gt(0) & count.lt(frame["replies"])
    return frame[kept].drop(columns=["replies", "best", "chosen"])


def preference_turns(
    prism: Prism, people: Iterable[str], seed: int, *, opening: bool
) -> list[PreferenceTurn]:
    """The turns of some participants in which one reply was preferred, in the order of the data.

    The order in which a turn's replies are shown is the same whoever else is asked about.

    Args:
        prism: the data.
        people: ids.
        seed: of the order of the replies.
        opening: whether only first turns are wanted.
    """
    drawn = np.random.default_rng([seed, 7]).random(len(prism.utterances))
    frame = prism.utterances.assign(drawn=drawn)
    wanted = frame["user_id"].isin(set(people))
    if opening:
        wanted &= frame["turn"].eq(OPENING_TURN)
    frame = preferred_replies(frame[wanted])
    code = frame.groupby(["conversation_id", "turn"], sort=False, observed=True).ngroup()
    order = np.lexsort((frame["drawn"].to_numpy(), code.to_numpy()))
    frame, starts = frame.iloc[order], np.flatnonzero(np.diff(code.to_numpy()[order], prepend=-1))
    ids = [str(name) for name in frame.index]
    columns = {
        name: frame[name].tolist()
        for name in (
            "conversation_id", "turn", "user_id", "conversation_type", "user_prompt",
            "model_response", "model_name", "score", "preferred",
        )
    }  # fmt: skip
    return [
        PreferenceTurn(
            conversation=str(columns["conversation_id"][a]),
            turn=int(columns["turn"][a]),
            participant=str(columns["user_id"][a]),
            conversation_type=str(columns["conversation_type"][a]),
            prompt=_text(columns["user_prompt"][a]),
            replies=tuple(ids[a:b]),
            texts=tuple(map(_text, columns["model_response"][a:b])),
            models=tuple(map(str, columns["model_name"][a:b])),
            scores=tuple(None if s != s else float(s) for s in columns["score"][a:b]),
            preferred=tuple(k for k, own in enumerate(columns["preferred"][a:b], 1) if own),
        )
        for a, b in pairwise([*starts.tolist(), len(ids)])
    ]


def by_time(prism: Prism) -> pd.DataFrame:
    """All replies in the order of time: people, their conversations, turns, positions.

    Returns:
        `Prism.utterances` with a column `held`, the rank of the conversation among the
        participant's own, from 0.
    """
    held = prism.conversations.sort_values("generated_datetime", kind="stable")
    rank = held.groupby("user_id", sort=False, observed=True).cumcount()
    frame = prism.utterances
    frame = frame.assign(held=rank.reindex(frame["conversation_id"]).to_numpy())
    return frame.sort_values(["user_id", "held", "turn", "within_turn_id"], kind="stable")


@lru_cache
def sample_participants(data: str) -> Mapping[str, str] | None:
    """The participant of each turn that can be asked, by its id; None for data that do not ship."""
    if data != SAMPLE:
        return None
    frame = preferred_replies(load_prism(data).utterances)
    first = frame.drop_duplicates(["conversation_id", "turn"])
    ids = first["conversation_id"].astype(str) + "-" + first["turn"].astype(str)
    return dict(zip(ids, first["user_id"].astype(str), strict=True))


@lru_cache(maxsize=2)
def preferred_of(data: str) -> frozenset[str]:
    """Ids of all replies that were preferred in their turn."""
    frame = preferred_replies(load_prism(data, parts=("utterances",)).utterances)
    return frozenset(map(str, frame.index[frame["preferred"]]))


def _text(found: object) -> str:
    """A text of the data; nothing where it is missing."""
    return found if isinstance(found, str) else ""
