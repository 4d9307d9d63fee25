"""Field sites: replies that say nearly the same to prompts that say nearly the same.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix S.4 and Table 24.
"""

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, IntArray
from scorers.neighbourhoods.counts import in_neighbourhoods


def field_sites(
    openers: pd.DataFrame,
    conversations: pd.DataFrame,
    prompt_cluster: IntArray,
    reply_cluster: IntArray,
    greeting: BoolArray | None = None,
    topic: IntArray | None = None,
) -> pd.DataFrame:
    """Neighbourhoods of prompts crossed with clusters of replies, S rows.

    A site has two replies or more. Its prompts are of a neighbourhood, so of several people; the
    replies in it may still be one person's, as in the paper.

    Args:
        openers: M replies of first turns, with `conversation_id`, `user_id`, `model_name`,
            `model_provider` and `score`.
        conversations: C rows indexed by `conversation_id`, with `user_id`.
        prompt_cluster: C, of the opening prompts, numbers from 0.
        reply_cluster: M, of the replies, in which others than those of first turns may have linked.
        greeting: C, whether each prompt greets and no more; none does by default.
        topic: C, the topic of each prompt, negative for none; all are of none by default.

    Returns:
        `prompts` and `replies` (cluster numbers), `size`, `people`, `models`, `providers`, `range`
        of the scores in points, NaN with fewer than two; `greeting`, whether more than half of the
        replies are to greetings, and `topic`, that of most of them (the least of several).
    """
    count = len(conversations)
    greets = np.zeros(count) if greeting is None else greeting.astype(float)
    about = np.full(count, -1) if topic is None else np.asarray(topic, dtype=int)
    near = in_neighbourhoods(prompt_cluster, conversations["user_id"].astype(str))
    talk = conversations.index.get_indexer(pd.Index(openers["conversation_id"]))
    kept = np.flatnonzero((talk >= 0) & near[talk])
    frame = openers.iloc[kept].assign(
        prompts=prompt_cluster[talk[kept]],
        replies=reply_cluster[kept],
        greets=greets[talk[kept]],
        about=about[talk[kept]],
    )
    sites = frame.groupby(["prompts", "replies"], observed=True)
    score = sites["score"]
    found = pd.DataFrame(
        {
            "size": sites.size(),
            "people": sites["user_id"].nunique(),
            "models": sites["model_name"].nunique(),
            "providers": sites["model_provider"].nunique(),
            "range": (score.max() - score.min()).where(score.count() > 1),
            "greeting": sites["greets"].mean() > 0.5,
        }
    )
    times = frame.groupby(["prompts", "replies", "about"], observed=True).size()
    most = times.sort_values(ascending=False, kind="stable").reset_index("about")
    found["topic"] = most.loc[~most.index.duplicated(), "about"].astype(int)
    return found[found["size"] > 1].reset_index()
