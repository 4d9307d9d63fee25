"""How many replies Table 27 of PRISM's paper rests on, from printed numbers alone.

Kirk et al. (2024), The PRISM alignment dataset, appendix T.8 and the authors' notebook on
explaining ranks.
"""

import numpy as np

REPLIES, INTERACTIONS, CONVERSATIONS, OPENING_BATTLES = 68_371, 27_172, 8_011, 42_306
TABLE_27, FOUR_FEATURES, ALL_TURNS = 30_049, 29_706, 64_952
# Shares of opening replies with a phrase of the three lists.
PHRASE_SHARES = (0.11041964790841625, 0.033179140736796564, 0.03048354354554228)


def test_table_27_has_no_cut_of_length():
    """Its replies are all that opening turns have: later turns have two each."""
    assert REPLIES - 2 * (INTERACTIONS - CONVERSATIONS) == TABLE_27


def test_that_many_replies_fit_the_opening_battles():
    """As 6,241 turns of four replies, 1,545 of three and 225 of two."""
    sizes, per_turn = np.array([4, 3, 2]), np.array([6, 3, 1])
    unknown = np.stack([np.ones(3), sizes, per_turn])
    found = np.linalg.solve(unknown, [CONVERSATIONS, TABLE_27, OPENING_BATTLES])
    assert found.round(6).tolist() == [6_241, 1_545, 225]


def test_that_many_replies_are_what_a_model_has_on_average():
    """Figure 16: 1,430.904762 ratings for each of 21 models."""
    assert round(TABLE_27 / 21, 6) == 1430.904762


def test_the_shares_of_phrases_are_of_the_same_replies():
    fits = [
        n for n in range(1, 40_000) if all(round(share * n) / n == share for share in PHRASE_SHARES)
    ]
    assert fits == [TABLE_27]


def test_the_other_two_regressions_are_cut_at_a_percentile_of_all_replies():
    """95 % of all replies are kept, but 98.9 % of those of opening turns."""
    assert int(0.95 * (REPLIES - 1)) + 1 == ALL_TURNS
    assert FOUR_FEATURES / TABLE_27 > 0.98
