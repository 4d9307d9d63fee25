"""PRISM's scores of first replies as a rating data set with few choices, for families to fit."""

import numpy as np
import pandas as pd

from ratings.data_sets.data_set import TEXT, DataSet
from ratings.data_sets.published.prism_replies import DEMOGRAPHICS, MEASURED, OWN_WORDS
from ratings.data_sets.sources import said
from ratings.prism.answers import short_answers
from ratings.prism.codebook import HIGHEST_SCORE
from ratings.prism.container import Prism
from ratings.table import RatingTable

TASK = "A rater reads the reply of a language model and scores it from 1 to 100."
STEPS = 5
CHOICES = tuple(
    f"{1 + HIGHEST_SCORE * step // STEPS} to {HIGHEST_SCORE * (step + 1) // STEPS}"
    for step in range(STEPS)
)


def coarse_scores(prism: Prism) -> DataSet:
    """The scores of all replies, in `STEPS` equal steps of 1 to 100 as ordered choices.

    An instance is a reply, by its id, without what was said before it: only replies to the same
    message are to be compared. Replies of all turns are instances; those without a score have no
    rating. The replies of a model are a group.

    Args:
        prism: the data.
    """
    replies = prism.utterances
    scored = replies[replies["score"].notna()]
    step = np.ceil(scored["score"].to_numpy(dtype=float) * STEPS / HIGHEST_SCORE)
    ratings = pd.DataFrame(
        {
            "rater": scored["user_id"].astype(str).array,
            "instance": scored.index.astype(str),
            "rating": step.clip(1, STEPS).astype(int),
        }
    )
    instances = pd.DataFrame(
        {
            TEXT: replies["model_response"].fillna("").array,
            "model": replies["model_name"].astype(str).array,
        },
        index=pd.Index(replies.index.astype(str), name="instance"),
    )
    survey = prism.survey[prism.survey.index.isin(scored["user_id"])]
    raters = said(short_answers(survey).reset_index(), "user_id", (*DEMOGRAPHICS, OWN_WORDS))
    return DataSet(
        name="prism",
        table=RatingTable(ratings, raters.join(survey[list(MEASURED)]), instances, CHOICES),
        task=TASK,
        ordered=True,
        demographics=DEMOGRAPHICS,
        measured={"stated_prefs": MEASURED},
        groundtruth=OWN_WORDS,
        groups="model",
        card=prism.card,
    )
