"""Which of the replies shown together was chosen: the longest, or one that declines."""

import numpy as np
import pandas as pd

from scorers.intervals.bootstrap import REPLICATES
from scorers.intervals.person_bootstrap import SHARE, means, need_columns

NO_REFUSER = "no refuser"
OTHER_CHOSEN = "non-refuser chosen"
ALONE_CHOSEN = "refuser chosen, the only one"
AMONG_CHOSEN = "refuser chosen, among others"
OUTCOMES = (NO_REFUSER, OTHER_CHOSEN, ALONE_CHOSEN, AMONG_CHOSEN)

_COLUMNS = ("interaction_id", "user_id", "if_chosen")


def longest_chosen(
    utterances: pd.DataFrame, features: pd.DataFrame, seed: int, replicates: int = REPLICATES
) -> pd.DataFrame:
    """How often the longest of the replies shown together is the chosen one.

    Where m replies share the greatest length and one of them is chosen, that counts as 1 / m, so
    that a length that says nothing gives the share by chance. Turns without exactly one chosen
    reply, or with a single reply, are left out.

    Source: Kirk et al. (2024), notebook on explaining ranks: 51.90 % over all turns.

    Args:
        utterances: N rows with the columns `interaction_id`, `user_id` and `if_chosen`.
        features: rows for these, as `reply_features` gives them.
        seed: of the bootstrap over people.
        replicates: of the bootstrap.

    Returns:
        The rows longest (the share), chance (the mean of one over the number of replies) and
        difference, with the columns value, low, high, people and n, turns.
    """
    need_columns(utterances, _COLUMNS, "chosen replies")
    length = features.loc[utterances.index, "text_length"]
    turn = utterances["interaction_id"]
    longest = length.eq(length.groupby(turn).transform("max"))
    by_turn = pd.DataFrame(
        {
            "user_id": utterances["user_id"].groupby(turn).first(),
            "replies": turn.groupby(turn).size(),
            "chosen": utterances["if_chosen"].groupby(turn).sum(),
            "hit": (longest & utterances["if_chosen"]).groupby(turn).sum(),
            "longest": longest.groupby(turn).sum(),
        }
    )
    clear = by_turn[by_turn["chosen"].eq(1) & by_turn["replies"].gt(1)]
    share, chance = clear["hit"] / clear["longest"], 1 / clear["replies"]
    table = pd.DataFrame({"longest": share, "chance": chance, "difference": share - chance})
    return means(table, clear["user_id"], seed, replicates, ends=(-1.0, 1.0))


def refusals_by_prompt(
    utterances: pd.DataFrame, features: pd.DataFrame, seed: int, replicates: int = REPLICATES
) -> pd.DataFrame:
    """What happens in turns where some of the replies decline (`if_refusal`).

    Source: Kirk et al. (2024), appendix T.8: of 8,011 prompts .9170 without a refuser, .0604 a
    non-refuser chosen, .0155 the only refuser chosen, .0071 a refuser chosen among refusers.

    Args:
        utterances: N rows with the columns `interaction_id`, `user_id` and `if_chosen`, such as
            those of opening turns. Turns without exactly one chosen reply are left out.
        features: rows for these, as `reply_features` gives them.
        seed: of the bootstrap over people.
        replicates: of the bootstrap.

    Returns:
        A row for each of `OUTCOMES`, with the columns value, low, high, people and n, prompts;
        and given_refuser, given_refuser_low, given_refuser_high: the share among the prompts with a
        refuser, NaN for the first row.
    """
    need_columns(utterances, _COLUMNS, "chosen replies")
    refuses = features.loc[utterances.index, "if_refusal"].astype(bool)
    turn, chosen = utterances["interaction_id"], utterances["if_chosen"].astype(bool)
    by_turn = pd.DataFrame(
        {
            "user_id": utterances["user_id"].groupby(turn).first(),
            "chosen": chosen.groupby(turn).sum(),
            "refusers": refuses.groupby(turn).sum(),
            "hit": (refuses & chosen).groupby(turn).sum(),
        }
    )
    clear = by_turn[by_turn["chosen"].eq(1)]
    refusers, hit = clear["refusers"].to_numpy(), clear["hit"].to_numpy() > 0
    outcome = np.select(
        [refusers == 0, ~hit, refusers == 1], [NO_REFUSER, OTHER_CHOSEN, ALONE_CHOSEN], AMONG_CHOSEN
    )
    table = pd.DataFrame({name: outcome == name for name in OUTCOMES}, index=clear.index)
    found = means(table, clear["user_id"], seed, replicates, SHARE)
    some = refusers > 0
    given = means(table[some], clear.loc[some, "user_id"], seed, replicates, SHARE)
    given.loc[NO_REFUSER, ["value", "low", "high"]] = np.nan
    for column, name in (("", "value"), ("_low", "low"), ("_high", "high")):
        found[f"given_refuser{column}"] = given[name]
    return found
