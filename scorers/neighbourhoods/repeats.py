"""Identical prompts with identical replies: how apart people score them, and one person twice.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix S.5.
"""

import pandas as pd

REPEAT_COLUMNS = ("conversation_id", "user_id", "user_prompt", "model_response", "score")


def different_people_sites(openers: pd.DataFrame) -> pd.DataFrame:
    """Each prompt and reply scored by two participants or more, S rows.

    Scores are first averaged within participant; the range is that of the participants' means.

    Args:
        openers: replies of first turns with `REPEAT_COLUMNS`; without a score they do not count.

    Returns:
        `user_prompt`, `model_response`, `people`, `replies` and `range` in points.
    """
    pair = ["user_prompt", "model_response"]
    scored = openers[openers["score"].notna()]
    own = scored.groupby([*pair, "user_id"], observed=True)["score"].agg(["mean", "size"])
    sites = own.groupby(level=pair)
    found = pd.DataFrame(
        {
            "people": sites.size(),
            "replies": sites["size"].sum(),
            "range": sites["mean"].max() - sites["mean"].min(),
        }
    )
    return found[found["people"] > 1].reset_index()


def same_person_sites(openers: pd.DataFrame, *, one_conversation: bool = False) -> pd.DataFrame:
    """Each prompt and reply that one participant scored twice or more, S rows.

    Args:
        openers: as for `different_people_sites`.
        one_conversation: whether repeats count within a conversation only, as in the release.

    Returns:
        `user_id`, `user_prompt`, `model_response`, `replies` and `range` in points; with
        `conversation_id` where asked for.
    """
    keys = ["user_id", "user_prompt", "model_response"]
    keys += ["conversation_id"] if one_conversation else []
    scored = openers[openers["score"].notna()]
    sites = scored.groupby(keys, observed=True)["score"].agg(["size", "min", "max"])
    found = pd.DataFrame({"replies": sites["size"], "range": sites["max"] - sites["min"]})
    return found[found["replies"] > 1].astype({"range": float}).reset_index()


def other_turn_sites(openers: pd.DataFrame) -> pd.DataFrame:
    """Each prompt and reply that one participant scored in two turns or more, S rows.

    Replies of one turn that read alike are scored side by side, and so closer than somebody scores
    a reply who meets it again. Of each turn one score counts, the first.

    Args:
        openers: as for `different_people_sites`, with `interaction_id`.

    Returns:
        `user_id`, `user_prompt`, `model_response`, `replies` (one a turn), and `range`, in points:
        how far the scores of the first two turns lie apart.
    """
    keys = ["user_id", "user_prompt", "model_response"]
    scored = openers[openers["score"].notna()].drop_duplicates([*keys, "interaction_id"])
    number = scored.groupby(keys, observed=True).cumcount()
    sites = scored[number < 2].groupby(keys, observed=True)["score"]
    found = pd.DataFrame(
        {
            "replies": scored.groupby(keys, observed=True).size(),
            "range": sites.max() - sites.min(),
        }
    )
    return found[found["replies"] > 1].astype({"range": float}).reset_index()
