"""What is planted in made PRISM data, for tests and simulated respondents."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ratings.arrays import FloatArray

USUAL_CHARACTERS = 330
TURNS_THAT_COUNT = 5


@dataclass(frozen=True, eq=False)
class PrismTruth:
    """What moves the scores of made data, in points of the score unless said otherwise.

    The latent score of a reply is

        centre + spread x (quality + group + topic + type + taste + text + turn + noise),

    which is rounded to the person's grain and cut to 1..100. Some low scores become 1 and some high
    ones 100; a few are left at 50, or missing.

    Attributes:
        models: K names, sorted.
        quality: K, what a model is worth to everybody, apart from the text of its replies.
        worth: K, quality with the mean effects of the text of the model's replies in first turns,
            and of the topics and types of all conversations: what an aggregation of scores or
            battles of everybody should recover.
        groups: by survey column a G x K table of what is added for the people of a group.
        null_columns: survey columns that have no effect and depend on no column that has one.
        topics: T x K, what is added for conversations about a topic.
        types: 3 x K, what is added for a type of conversation.
        profiles: K x A, how much more a model is worth to people who hold an attribute dear, for
            each standard deviation of what they state.
        taste: R x K, indexed by `user_id`: attribute profiles, personal taste and loyalty.
        favourites: R, the model that a person is loyal to.
        loyalty: points added for the favourite.
        text_effects: effect of each feature of a reply's text; of `characters` for each character
            beyond `USUAL_CHARACTERS`.
        turn: added for each later turn, up to `TURNS_THAT_COUNT`.
        centre: R, where a person's scores lie.
        spread: R, how many points a person gives for one; 1 on average.
        grain: R, scores are multiples of it: 1, 5 or 10.
        noise: standard deviation of what is left.
        retest: standard deviation of a repeated score of the same reply to the same prompt.
        topic: topic of each conversation, indexed by `conversation_id`.
        features: N x features of each reply, indexed by `utterance_id`.
        expected: N, the latent score without noise, indexed by `utterance_id`.
        latent: N, the latent score with noise, neither rounded nor cut.
        unmoved: N, whether the slider was left at 50.
    """

    models: tuple[str, ...]
    quality: FloatArray
    worth: FloatArray
    groups: Mapping[str, pd.DataFrame]
    null_columns: tuple[str, ...]
    topics: pd.DataFrame
    types: pd.DataFrame
    profiles: pd.DataFrame
    taste: pd.DataFrame
    favourites: pd.Series
    loyalty: float
    text_effects: Mapping[str, float]
    turn: float
    centre: pd.Series
    spread: pd.Series
    grain: pd.Series
    noise: float
    retest: float
    topic: pd.Series
    features: pd.DataFrame
    expected: pd.Series
    latent: pd.Series
    unmoved: pd.Series

    def worth_to(self, column: str, group: str) -> FloatArray:
        """K: what each model is worth to the people of a group of a survey column."""
        if column not in self.groups or group not in self.groups[column].index:
            return self.worth
        added: FloatArray = self.groups[column].loc[group].to_numpy(dtype=float)
        return self.worth + added
