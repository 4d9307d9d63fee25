"""How often the longest reply is chosen, and what becomes of replies that decline."""

import numpy as np
import pandas as pd
import pytest

from scorers.preferences.explanation.chosen_replies import (
    OUTCOMES,
    longest_chosen,
    refusals_by_prompt,
)
from tests.scorers.preferences.explanation.scored_worlds import turns


def world(*shown: tuple[str, list[tuple[int, bool, bool]]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turns of a person each: (user, [(length, refuses, chosen), ...])."""
    rows, features = [], []
    for number, (user, replies) in enumerate(shown):
        for length, refuses, chosen in replies:
            rows.append((user, f"c{number}.0", 0, "m", 50.0, chosen))
            features.append((length, refuses))
    utterances = turns(*rows)
    table = pd.DataFrame(features, columns=["text_length", "if_refusal"], index=utterances.index)
    return utterances, table


def test_the_longest_by_hand():
    utterances, features = world(
        ("a", [(10, False, True), (5, False, False), (3, False, False), (1, False, False)]),  # hit
        ("a", [(10, False, False), (5, False, True)]),
        ("b", [(10, False, True), (10, False, False)]),  # half a hit
        ("b", [(10, False, True)]),  # one reply: no choice
        ("c", [(10, False, False), (5, False, False)]),  # none chosen
        ("c", [(10, False, True), (5, False, True)]),  # two chosen
    )
    found = longest_chosen(utterances, features, seed=0)
    assert found["n"].tolist() == [3, 3, 3]
    assert found["people"].tolist() == [2, 2, 2]
    assert found["value"].tolist() == pytest.approx([0.5, 1.25 / 3, 0.25 / 3])


def test_length_that_says_nothing_gives_the_share_by_chance():
    rng = np.random.default_rng(1)
    shown = []
    for turn in range(3000):
        lengths = rng.integers(1, 4, size=rng.integers(2, 5))  # with many ties
        chosen = rng.integers(len(lengths))
        replies = [(int(length), False, n == chosen) for n, length in enumerate(lengths)]
        shown.append((f"user{turn % 100}", replies))
    found = longest_chosen(*world(*shown), seed=0).loc["difference"]
    assert found["low"] < 0 < found["high"]
    assert found["high"] - found["low"] < 0.05


def test_refusals_by_hand():
    yes, no = True, False
    utterances, features = world(
        ("a", [(1, no, yes), (1, no, no)]),
        ("a", [(1, no, yes), (1, yes, no)]),
        ("b", [(1, no, no), (1, yes, yes)]),
        ("b", [(1, yes, no), (1, yes, yes), (1, no, no)]),
        ("c", [(1, yes, no), (1, yes, no), (1, no, yes)]),
        ("c", [(1, yes, no), (1, yes, no)]),  # none chosen
    )
    found = refusals_by_prompt(utterances, features, seed=0)
    assert list(found.index) == list(OUTCOMES)
    assert found["value"].tolist() == pytest.approx([0.2, 0.4, 0.2, 0.2])
    assert found["given_refuser"].tolist()[1:] == pytest.approx([0.5, 0.25, 0.25])
    assert np.isnan(found.loc["no refuser", "given_refuser"])
    assert found["n"].tolist() == [5] * 4


def test_where_nobody_declines():
    found = refusals_by_prompt(*world(("a", [(1, False, True), (1, False, False)])), seed=0)
    assert found["value"].tolist() == [1, 0, 0, 0]
    assert found["given_refuser"].isna().all()
