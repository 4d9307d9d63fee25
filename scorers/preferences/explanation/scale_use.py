"""How long people talk, and which part of the scale they use, in opening turns and later.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix O, Figures 11 to 15.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray
from ratings.prism.codebook import HIGHEST_SCORE, LOWEST_SCORE, PREFER_NOT
from scorers.intervals.bootstrap import (
    REPLICATES,
    cluster_intervals,
    cluster_weights,
    resampled,
)
from scorers.intervals.person_bootstrap import grouped_means, means, need_columns

OPENERS, LATER = "openers", "later"
MEASURES = ("centrality", "expressivity", "reach", "deviation")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
# The slider all the way to the left, not moved, all the way to the right.
SPIKES = (LOWEST_SCORE, 50, HIGHEST_SCORE)
LEAST_PEOPLE = 20

_SCALE = (float(LOWEST_SCORE), float(HIGHEST_SCORE))
_RANGE = (0.0, _SCALE[1] - _SCALE[0])


def counts_by_turn(utterances: pd.DataFrame) -> pd.DataFrame:
    """How many conversations have N turns, and how many people get that far (Figure 11).

    Args:
        utterances: with the columns `conversation_id`, `user_id` and `turn`, from 0.

    Returns:
        A row for each number of turns N from 1, with the columns conversations (with N turns),
        longest (people whose longest conversation has N) and reach (people with a conversation of N
        turns or more).
    """
    need_columns(utterances, ("conversation_id", "user_id", "turn"), "counts by turn")
    length = utterances.groupby("conversation_id")["turn"].max() + 1
    person = utterances.groupby("conversation_id")["user_id"].first()
    longest = length.groupby(person).max()
    turns = pd.RangeIndex(1, int(length.max() if len(length) else 0) + 1, name="turns")
    table = pd.DataFrame(
        {"conversations": length.value_counts(), "longest": longest.value_counts()}
    )
    table = table.reindex(turns).fillna(0).astype(int)
    return table.assign(reach=table["longest"][::-1].cumsum()[::-1])


def score_by_turn(
    utterances: pd.DataFrame, seed: int, replicates: int = REPLICATES
) -> pd.DataFrame:
    """Mean and range of the scores given in a turn, over all turns of a number (Figure 12).

    Args:
        utterances: with the columns `interaction_id` (a turn of a conversation), `user_id`, `turn`
            and `score`; NaN takes no part.
        seed: of the bootstrap over people.
        replicates: of the bootstrap.

    Returns:
        A row for each turn, from 0. For `mean` and for `range`, which needs two scores: the mean
        over turns, `_low` and `_high` of its interval, `_sd` over turns (n - 1), `_n` turns and
        `_people`.
    """
    by_turn = _turns(utterances)
    parts = []
    for name, ends in (("mean", _SCALE), ("range", _RANGE)):
        found = grouped_means(
            by_turn[name], by_turn["turn"], by_turn["user_id"], seed, replicates, ends
        )
        found["sd"] = by_turn.groupby("turn")[name].std()
        parts.append(found.add_prefix(f"{name}_").rename(columns={f"{name}_value": name}))
    return pd.concat(parts, axis=1).rename_axis("turn")


def person_scale_use(utterances: pd.DataFrame) -> pd.DataFrame:
    """How each person uses the scale in opening turns, and in later ones (Figure 14).

    The paper names two measures without their formulas. Here, in points of the scale:

    - `centrality`: the mean over a person's turns of the mean score of the turn;
    - `expressivity`: the mean over the turns of the range of the scores of the turn, so that, as
      the paper says, replies that are much alike narrow it; a turn with one score says nothing;
    - `reach`: the range of all the scores of the person;
    - `deviation`: their standard deviation (n - 1).

    Args:
        utterances: as `score_by_turn` takes them.

    Returns:
        A row for each person and part (`openers`, `later`) with a score, with the columns turns and
        the four measures; NaN where scores are too few.
    """
    need_columns(utterances, ("turn", "user_id"), "uses of the scale")
    by_turn = _turns(utterances)
    by_turn["part"] = np.where(by_turn["turn"].eq(0), OPENERS, LATER)
    scored = utterances[utterances["score"].notna()]
    part = pd.Series(np.where(scored["turn"].eq(0), OPENERS, LATER), scored.index, name="part")
    turns = by_turn.groupby(["user_id", "part"])
    scores = scored.groupby([scored["user_id"], part])["score"]
    return pd.DataFrame(
        {
            "turns": turns.size(),
            "centrality": turns["mean"].mean(),
            "expressivity": turns["range"].mean(),
            "reach": (scores.max() - scores.min()).where(scores.size() > 1),
            "deviation": scores.std(),
        }
    )


def scale_use(utterances: pd.DataFrame, seed: int, replicates: int = REPLICATES) -> pd.DataFrame:
    """How people use the scale: the mean person, and how much people differ (Figure 14).

    Args:
        utterances: as `score_by_turn` takes them.
        seed: of the bootstrap over people.
        replicates: of the bootstrap.

    Returns:
        A row for each part (`openers`, `later`, and `change`, later less openers of the same
        person) and measure, with the columns value (the mean over people), low, high, people, sd
        and quantiles over people: q05, q25, q50, q75, q95.
    """
    by_part = {
        str(part): rows.droplevel("part")[list(MEASURES)]
        for part, rows in person_scale_use(utterances).groupby(level="part")
    }
    nobody = pd.DataFrame(columns=list(MEASURES), dtype=float)
    openers, later = by_part.get(OPENERS, nobody), by_part.get(LATER, nobody)
    rows = {}
    for part, people in ((OPENERS, openers), (LATER, later), ("change", later - openers)):
        table = means(people, people.index, seed, replicates).drop(columns="n")
        table["sd"] = people.std()
        for share in QUANTILES:
            table[f"q{round(100 * share):02}"] = people.quantile(share)
        rows[part] = table
    return pd.concat(rows, names=["part", "measure"])


def normalised_scores(utterances: pd.DataFrame) -> "pd.Series[float]":
    """Scores less their person's mean, over the person's standard deviation (Figure 13).

    The standard deviation is that of n - 1. Where it is 0, or a person gave one score, the
    normalised score is 0. They are over the replies given: of opening turns, or of all.

    Args:
        utterances: N rows with the columns `user_id` and `score`; NaN stays.

    >>> table = pd.DataFrame({"user_id": ["a", "a", "a", "b"], "score": [10.0, 20.0, 30.0, 70.0]})
    >>> normalised_scores(table).tolist()
    [-1.0, 0.0, 1.0, 0.0]
    """
    need_columns(utterances, ("user_id", "score"), "normalised scores")
    by_person = utterances.groupby("user_id")["score"]
    off = utterances["score"] - by_person.transform("mean")
    spread = by_person.transform("std")
    return (off / spread.where(spread > 0)).fillna(0.0).where(utterances["score"].notna())


@dataclass(frozen=True, eq=False)
class GroupScores:
    """How the scores of groups of people are distributed.

    Attributes:
        table: a row for each group, the largest first, with the columns people, n (scores), median,
            median_low, median_high, quantiles q05, q25, q75, q95, and for each of `SPIKES`
            `share_<score>` with `_low` and `_high`.
        left_out: groups that are not shown, with the reason.
    """

    table: pd.DataFrame
    left_out: dict[str, str]


def score_distribution(
    utterances: pd.DataFrame,
    groups: "pd.Series[str]",
    seed: int,
    *,
    least: int = LEAST_PEOPLE,
    replicates: int = REPLICATES,
) -> GroupScores:
    """The distribution of scores in each group of people (Figures 13 and 15).

    Args:
        utterances: rows with the columns `user_id` and `score`, such as those of opening turns; NaN
            takes no part.
        groups: of each person, indexed by `user_id`, such as a column of the survey. People without
            a group take no part, nor do those who preferred not to say.
        seed: of the bootstrap over people.
        least: people that a group needs to be shown, as in the paper.
        replicates: of the bootstrap.
    """
    need_columns(utterances, ("user_id", "score"), "distributions of scores")
    scored = utterances.loc[utterances["score"].notna(), ["user_id", "score"]]
    group = scored["user_id"].map(groups.astype("object"))
    left_out, rows = {}, {}
    for name, mine in scored.groupby(group):
        people = mine["user_id"].nunique()
        if name == PREFER_NOT:
            left_out[str(name)] = "they preferred not to say"
        elif people < least:
            left_out[str(name)] = f"{people} people, fewer than {least}"
        else:
            rows[str(name)] = _distribution(mine, seed, replicates)
    table = pd.DataFrame.from_dict(rows, orient="index")
    if len(table):
        table = table.astype({"people": int, "n": int})
        table = table.sort_values("people", ascending=False, kind="stable")
    return GroupScores(table, left_out)


def _distribution(scored: pd.DataFrame, seed: int, replicates: int) -> dict[str, float]:
    """Of the scores of one group, by counts of each score that each person gave."""
    person, people = pd.factorize(scored["user_id"])
    value, points = pd.factorize(scored["score"], sort=True)
    size = (len(people), len(points))
    counts = np.bincount(person * size[1] + value, minlength=size[0] * size[1]).reshape(size)
    drawn = resampled(cluster_weights(size[0], seed, replicates), counts.T.astype(np.float64))
    numbers, every = np.asarray(points, dtype=np.float64), counts.sum(axis=0)[None].astype(float)
    found = {"people": size[0], "n": len(scored), "median": _quantile(numbers, every, 0.5)[0]}
    again = [_quantile(numbers, drawn, 0.5)]
    for share in (0.05, 0.25, 0.75, 0.95):
        found[f"q{round(100 * share):02}"] = _quantile(numbers, every, share)[0]
    for spike in SPIKES:
        hit = (numbers == spike).astype(float)
        found[f"share_{spike}"] = float((every @ hit)[0] / len(scored))
        again.append((drawn * hit).sum(axis=1) / drawn.sum(axis=1))
    names = ["median", *(f"share_{spike}" for spike in SPIKES)]
    low, high = cluster_intervals(
        np.array([found[name] for name in names]),
        np.stack(again, axis=1),
        np.full(len(names), size[0]),
    )
    for name, one, other in zip(names, low, high, strict=True):
        found[f"{name}_low"], found[f"{name}_high"] = float(one), float(other)
    return found


def _quantile(points: FloatArray, counts: FloatArray, share: float) -> FloatArray:
    """Quantiles of B samples, B x V counts of V sorted points; the mean of two at a step."""
    below = counts.cumsum(axis=1)
    target = share * below[:, -1:]
    first = (below < target - 1e-9).sum(axis=1)
    second = (below <= target + 1e-9).sum(axis=1)
    last = len(points) - 1
    mean: FloatArray = (points[np.minimum(first, last)] + points[np.minimum(second, last)]) / 2
    return mean


def _turns(utterances: pd.DataFrame) -> pd.DataFrame:
    """Mean and range of the scores of each turn that has one; a range needs two."""
    need_columns(utterances, ("interaction_id", "user_id", "turn", "score"), "scores by turn")
    scored = utterances[utterances["score"].notna()]
    turns = scored.groupby("interaction_id")
    score = turns["score"]
    return pd.DataFrame(
        {
            "user_id": turns["user_id"].first(),
            "turn": turns["turn"].first(),
            "mean": score.mean(),
            "range": (score.max() - score.min()).where(score.size() > 1),
        }
    )
