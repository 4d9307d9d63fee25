"""Forms of PRISM's scored replies: normalised, ranked, and one row for all replies of a turn."""

from collections.abc import Hashable

import numpy as np
import pandas as pd

from ratings.prism.container import OPENING_TURN

OPENERS, FULL, RANK = (
    "normalized_score_openers",
    "normalized_score_full",
    "within_turn_rank",
)
LETTERS = ("a", "b", "c", "d")
_TURN = ["interaction_id", "conversation_id", "turn", "user_prompt", "user_id"]


def standard_scores(scores: pd.Series, people: pd.Series) -> pd.Series:
    """N scores as standard scores within a participant: distance from the mean in deviations.

    The standard deviation has n - 1; where it is 0 the standard score is 0. A single score has
    none and gets NaN, as missing scores do.

    >>> standard_scores(pd.Series([1.0, 3.0, 7.0, 7.0]), pd.Series(["a", "a", "b", "b"])).tolist()
    [-0.7071067811865475, 0.7071067811865475, 0.0, 0.0]

    Source: the authors' notebook 05.
    """
    by_person = scores.groupby(people, observed=True)
    deviation = by_person.transform("std", ddof=1)
    distance = scores - by_person.transform("mean")
    return (distance / deviation.where(deviation > 0)).mask(deviation.eq(0) & scores.notna(), 0.0)


def normalised_scores(utterances: pd.DataFrame) -> pd.DataFrame:
    """Standard scores within a participant and ranks within a turn, of N scored replies.

    Returns:
        N rows with the index of the utterances: `normalized_score_openers`, over first turns only
        and NaN elsewhere, `normalized_score_full`, over all turns, and `within_turn_rank`, 1 for
        the best. Equal scores share the mean of their ranks: the release breaks such ties at
        random without a seed, so its ranks of equal scores cannot be had again. NaN where the
        score is missing.
    """
    scores, people = utterances["score"], utterances["user_id"]
    first = utterances["turn"].eq(OPENING_TURN)
    by_turn = scores.groupby(utterances["interaction_id"])
    return pd.DataFrame(
        {
            OPENERS: standard_scores(scores.where(first), people),
            FULL: standard_scores(scores, people),
            RANK: by_turn.rank(ascending=False, method="average"),
        }
    )


def random_ranks(utterances: pd.DataFrame, seed: int = 0) -> pd.Series:
    """Ranks within a turn, 1 for the best, with equal scores in a random order drawn by seed."""
    drawn = np.random.default_rng(seed).random(len(utterances))
    order = pd.DataFrame(
        {
            "turn": utterances["interaction_id"],
            "score": -utterances["score"],
            "drawn": drawn,
        }
    ).sort_values(["turn", "score", "drawn"])
    ranks = order.groupby("turn").cumcount() + 1
    return ranks.reindex(utterances.index).where(utterances["score"].notna()).rename(RANK)


def wide_form(utterances: pd.DataFrame) -> pd.DataFrame:
    """One row a turn of a conversation, with its up to four replies next to each other.

    Columns are those of the authors' notebook 05, in its order: `interaction_id`,
    `conversation_id`, `turn`, `user_prompt` and `user_id`, then for every other column, normalised
    scores and ranks among them, one for each reply: `score_a` to `score_d`. Rows are sorted by
    `interaction_id` as text. Replies that a turn does not have are missing.
    """
    frame = utterances.reset_index().join(normalised_scores(utterances).reset_index(drop=True))
    letter = frame.groupby("interaction_id").cumcount()
    letters = letter.map(dict(enumerate(LETTERS)))
    # categories of rows with missing replies would multiply each other
    plain = frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, object))
    plain["suffix"] = letters
    spread = plain.set_index([*_TURN, "suffix"]).unstack("suffix")
    assert isinstance(spread, pd.DataFrame)
    names = spread.columns.map("_".join)
    return spread.set_axis(names, axis=1).reset_index()


def long_form(wide: pd.DataFrame) -> pd.DataFrame:
    """One row a reply, of turns in the wide form, indexed by `utterance_id`."""
    parts: list[pd.DataFrame] = []
    for letter in LETTERS:
        own: dict[Hashable, str] = {
            name: str(name)[: -len(letter) - 1] for name in wide if str(name).endswith(f"_{letter}")
        }
        if own:
            parts.append(wide[[*_TURN, *own]].rename(columns=own))
    frame = pd.concat(parts, ignore_index=True).dropna(subset="utterance_id")
    return frame.set_index("utterance_id")
