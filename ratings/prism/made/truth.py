"""The truth alongside made PRISM data."""

import numpy as np
import pandas as pd

from ratings.prism.codebook import CONVERSATION_TYPES, STATED
from ratings.prism.made.replies import Replies
from ratings.prism.made.texts import topic_names
from ratings.prism.made.worth import Worth
from ratings.prism.truth import PrismTruth

NULL_COLUMNS = (
    "age",
    "education",
    "employment_status",
    "marital_status",
    "religion_simplified",
    "english_proficiency",
    "lm_familiarity",
)


def truth_of(
    worth: Worth, replies: Replies, utterance: pd.Index, user: pd.Index, about: pd.DataFrame
) -> PrismTruth:
    """What was planted, for replies in the order of the table of utterances.

    Args:
        worth: of the models.
        replies: N.
        utterance: N ids.
        user: R ids.
        about: `topic` and `type` of the C conversations, indexed by id.
    """
    features = replies.features.set_axis(utterance)
    text = worth.of_text(replies.features)
    first = replies.turn == 0
    of_model = pd.Series(text[first]).groupby(replies.model[first]).mean()
    elsewhere = of_model.reindex(range(len(worth.models)), fill_value=0.0).to_numpy()
    models = list(worth.models)
    topics = pd.DataFrame(worth.topics, index=list(topic_names()), columns=models)
    types = pd.DataFrame(worth.types, index=list(CONVERSATION_TYPES), columns=models)
    elsewhere = (
        elsewhere + topics.mul(about["topic"].value_counts(normalize=True), axis=0).sum().to_numpy()
    )
    elsewhere = (
        elsewhere + types.mul(about["type"].value_counts(normalize=True), axis=0).sum().to_numpy()
    )
    attributes = [name for name in STATED if name != "other"]
    return PrismTruth(
        models=worth.models,
        quality=worth.quality,
        worth=worth.quality + elsewhere - elsewhere.mean(),
        groups=worth.groups,
        null_columns=NULL_COLUMNS,
        topics=topics,
        types=types,
        profiles=pd.DataFrame(
            worth.plan.attributes * worth.profiles, index=models, columns=attributes
        ),
        taste=pd.DataFrame(worth.taste, index=user, columns=models),
        favourites=pd.Series(np.array(models)[worth.favourite], index=user),
        loyalty=worth.plan.loyalty,
        text_effects=worth.text_effects,
        turn=worth.plan.turn,
        centre=pd.Series(worth.centre, index=user),
        spread=pd.Series(worth.spread, index=user),
        grain=pd.Series(worth.grain, index=user),
        noise=worth.plan.noise,
        retest=worth.plan.retest,
        topic=about["topic"],
        features=features,
        expected=pd.Series(replies.expected, index=utterance),
        latent=pd.Series(replies.latent, index=utterance),
        unmoved=pd.Series(replies.unmoved, index=utterance),
    )
