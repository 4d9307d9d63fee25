"""ValuePrism: how a value, a right or a duty judges what somebody does."""

import pandas as pd

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.sources import (
    of_active_raters,
    positions,
    read_csv,
    requested_table,
    table_of,
)
from ratings.sources.cards import load_card

CARD = "valueprism"
FILE = "full/full.csv"
TASK = (
    "A rater reads what somebody does and says whether it is moral or immoral, or whether that "
    "depends on the context."
)
CHOICES = ("Immoral", "Context-dependent", "Moral")
PROFILE = "profile"

_VALENCES = ("Opposes", "Either", "Supports")


def load_valueprism() -> DataSet:
    """Each value, right or duty as a rater, with its own words as the ground-truth profile.

    Labels are the paper's: what a value opposes is `Immoral` to its rater, what it supports is
    `Moral`, and what it could do either to is `Context-dependent`.

    Source: Value Profiles, section 7 (an example), section 11 and Table 3.

    Raises:
        DataError: when the file is missing or not in the layout of the card.
    """
    card = load_card(CARD)
    path, commit = requested_table(card, FILE)
    frame = read_csv(path, ["situation", "vrd", "text", "valence"]).dropna()
    rater = frame["vrd"].str.strip() + ": " + frame["text"].str.strip()
    situation = frame["situation"].str.strip()
    codes, situations = pd.factorize(situation)
    ratings = pd.DataFrame(
        {
            "rater": rater,
            "instance": pd.Index([f"s{number}" for number in range(len(situations))])[codes],
            "rating": positions(path, "valence", frame["valence"], _VALENCES),
            "text": situation,
        }
    )
    names = pd.Index(rater.unique(), name="rater")
    raters = pd.DataFrame({PROFILE: names}, index=names)
    data = DataSet(
        name=CARD,
        table=table_of(ratings, raters, CHOICES),
        task=TASK,
        ordered=True,
        groundtruth=PROFILE,
        card=card,
        commit=commit,
    )
    return of_active_raters(data)
