"""Figures of PRISM's model ranks, from what the paper and the authors' notebooks print.

Notebook 06 prints one row of the win matrix of a real run, before and after each step, the
diagonal and the scores; notebook 07 win rates in PRISM and the Chatbot Arena; the paper's Table 26
what cohorts of a size have. The battles themselves are not published here.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from scorers.preferences.aggregations.rank_centrality import (
    RELEASED_ORDER,
    after_steps,
    centrality_of,
    released_moves,
)
from scorers.preferences.aggregations.score_means import win_rate
from scorers.preferences.arenas import rank_correlation, read_arena
from scorers.preferences.battles import Battles
from scorers.preferences.tallies import Tallies

# Wins of command, and one, against the others in the order of the release.
WINS = np.array(
    [0, 149, 146, 147, 156, 158, 183, 174, 178, 169, 158, 180, 183, 154, 156, 167, 146, 90, 176,
     158, 180], dtype=float,
)  # fmt: skip
NORMALISED = np.array(
    [0.57088122, 0.58870968, 0.50689655, 0.61417323, 0.5467128, 0.5335277, 0.6, 0.59136212,
     0.5504886, 0.59622641, 0.6122449, 0.57728706, 0.5220339, 0.57992565, 0.53697749, 0.55938697,
     0.39823009, 0.58862876, 0.57246377, 0.5625]
)  # fmt: skip
RESIDUAL_OF_COMMAND = 0.65507957
SCORES = np.array(
    [0.0753677157818229, 0.06367025834162537, 0.06322882850749767, 0.06126301295034037,
     0.05571227480900393, 0.05600642943572768, 0.05913391165765886, 0.05288964460102576,
     0.051058974352968946, 0.05032279389161809, 0.05676590628939451, 0.05186594221265458,
     0.045805640750251876, 0.04455427831091278, 0.04321477177792962, 0.037425411631537835,
     0.03619011096611666, 0.03604903585789168, 0.021685504872389724, 0.019493827664706406,
     0.01829572533693387]
)  # fmt: skip
PRINTED = 1e-8  # eight decimals, of which the last is off by up to 0.63
MODELS = len(RELEASED_ORDER)
LOWER = np.tril_indices(MODELS, -1)
# Average win rates of the 14 models of both arenas: PRISM's and the Chatbot Arena's.
WIN_RATES = {
    "claude-instant-1": (0.498593, 0.391281),
    "zephyr-7b-beta": (0.497205, 0.304659),
    "palm-2": (0.479830, 0.278703),
    "llama-2-7b-chat": (0.445286, 0.271165),
    "llama-2-70b-chat": (0.443740, 0.320342),
    "gpt-4-turbo": (0.417920, 0.587978),
    "guanaco-33b": (0.406831, 0.315057),
    "gpt-4": (0.378015, 0.488764),
    "llama-2-13b-chat": (0.365784, 0.282535),
    "gpt-3.5-turbo": (0.349227, 0.442117),
    "mistral-7b-instruct": (0.346393, 0.235961),
    "claude-2": (0.345420, 0.433333),
    "claude-2.1": (0.326531, 0.379620),
    "pythia-12b": (0.295623, 0.149441),
}
PRISM_RATES, ARENA_RATES = np.array(list(WIN_RATES.values())).T


def implied() -> np.ndarray:
    """The wins, and one, that command's printed shares were divided with."""
    return WINS[1:] / NORMALISED - WINS[1:]


def filled(seed: int) -> np.ndarray:
    """A win matrix with what the printed figures give, and anything elsewhere."""
    wins = np.random.default_rng(seed).integers(50, 200, size=(MODELS, MODELS)).astype(float)
    np.fill_diagonal(wins, 0)
    wins[0, 1:] = WINS[1:] - 1
    wins[LOWER[0][:20], LOWER[1][:20]] = implied().round() - 1
    return wins


def test_what_is_divided_by_is_whole_numbers_of_other_pairs():
    """Twenty, and with six of command's they are the six pairs that are known in full."""
    assert np.abs(implied() - implied().round()).max() < 1e-5
    assert implied().round().tolist() == [
        112,
        102, 143,
        98, 131, 160,
        116, 123, 138, 107,
        114, 134, 141, 113, 144,
        115, 136, 123, 118, 140,
    ]  # fmt: skip
    whose = [(RELEASED_ORDER[i], RELEASED_ORDER[j]) for i, j in zip(*LOWER, strict=True)][:20]
    assert whose[0] == ("claude-instant-1", "command")
    assert whose[2] == ("palm-2", "claude-instant-1")
    assert whose[-1] == ("command-nightly", "llama-2-7b-chat")


def test_true_shares_of_command_are_others_than_the_released():
    """Of two models alone, rank centrality is the share of wins; both counts have the one win."""
    against = implied().round()[LOWER[1][:20] == 0]
    pairs = np.zeros((6, 2, 2))
    pairs[:, 0, 1], pairs[:, 1, 0] = WINS[1:7] - 1, against - 1
    shares = centrality_of(pairs)[:, 0]
    np.testing.assert_allclose(shares, [0.5709, 0.5887, 0.6000, 0.5735, 0.5809, 0.6141], atol=5e-5)
    coincide = np.abs(shares - NORMALISED[:6]) < PRINTED
    assert coincide.tolist() == [True, True, False, False, False, False]


@pytest.mark.parametrize("seed", [0, 1])
def test_the_released_arithmetic_gives_the_printed_row(seed: int):
    moves = released_moves(filled(seed)[None])[0]
    np.testing.assert_allclose(moves[0, 1:], NORMALISED / 20, rtol=0, atol=1e-9)


def test_one_score_of_21_rests_on_printed_figures_alone():
    """A score is its row times all scores: which rows does the rest of the matrix not change?"""
    one, other = (released_moves(filled(seed)[None])[0] for seed in (0, 1))
    same = np.isclose(one, other, rtol=0, atol=1e-12)
    np.fill_diagonal(same, True)  # printed
    assert [RELEASED_ORDER[m] for m in np.flatnonzero(same.all(axis=1))] == ["command"]
    assert same.sum() == 21 + 20 + 20


def test_scores_are_where_the_walk_stays():
    row = released_moves(filled(0)[None])[0, 0]
    row[0] = RESIDUAL_OF_COMMAND
    assert row @ SCORES == pytest.approx(SCORES[0], rel=0, abs=1e-9)
    assert SCORES.sum() == pytest.approx(1, abs=1e-9)


def test_a_thousand_steps_are_enough():
    moves = released_moves(filled(0)[None])
    np.testing.assert_allclose(moves[0] @ after_steps(moves)[0], after_steps(moves)[0], rtol=1e-12)


def test_the_papers_method_ranks_the_known_pairs_otherwise():
    """Among six models that met command, whom it beat most is another by either division."""
    true = dict(zip(RELEASED_ORDER[1:7], star_shares(), strict=True))
    printed = dict(zip(RELEASED_ORDER[1:7], NORMALISED[:6], strict=True))
    assert sorted(true, key=true.get) == [
        "claude-instant-1", "llama-2-7b-chat", "gpt-4-turbo", "palm-2", "zephyr-7b-beta",
        "command-nightly",
    ]  # fmt: skip
    assert sorted(printed, key=printed.get) == [
        "zephyr-7b-beta", "command-nightly", "gpt-4-turbo", "claude-instant-1", "palm-2",
        "llama-2-7b-chat",
    ]  # fmt: skip


def star_shares() -> np.ndarray:
    """Command's shares as the walk among seven models, of whom all met command alone, has them."""
    against = implied().round()[LOWER[1][:20] == 0]
    wins = np.zeros((1, 7, 7))
    wins[0, 0, 1:], wins[0, 1:, 0] = WINS[1:7], against
    scores = centrality_of(wins, 0.0)[0]
    return scores[0] / (scores[0] + scores[1:])


def test_ties_count_once_for_each_side():
    """42,306 battles, of which shares are printed, are 49,700 comparisons."""
    counts = [round(share * 42_306) for share in (0.421902, 0.403323, 0.174774)]
    assert counts == [17_849, 17_063, 7_394]
    margin = np.repeat([6.0, -6.0, 5.0], counts)
    person = np.zeros(42_306, dtype=np.intp)
    tallies = Tallies.of_battles(Battles(("a", "b"), ("p",), person, person, person + 1, margin))
    wins, ties = tallies.counts(tallies.everyone)
    assert wins.sum() + ties.sum() == 49_700


def test_printed_win_rates_count_a_tie_as_nobodys_win():
    """Where all models met, half a win for a tie makes rates average one half; these do not."""
    ties = 0.201621  # of PRISM's battles between the 14 models
    assert PRISM_RATES.mean() == pytest.approx((1 - ties) / 2, abs=1e-3)
    assert ARENA_RATES.mean() == pytest.approx((1 - 0.311406) / 2, abs=5e-3)
    rng = np.random.default_rng(0)
    first, second = np.triu_indices(14, 1)
    pair = np.repeat(np.arange(91), 206)
    margin = np.where(rng.random(len(pair)) < ties, 0.0, rng.choice([-50.0, 50.0], len(pair)))
    battles = Battles(
        tuple(WIN_RATES), ("p",), np.zeros_like(pair), first[pair], second[pair], margin
    )
    tallies = Tallies.of_battles(battles)
    tied = (margin == 0).mean()
    assert win_rate(tallies, tallies.everyone).mean() == pytest.approx((1 - tied) / 2)


def test_the_two_arenas_ranks_hardly_agree():
    found = rank_correlation(PRISM_RATES, ARENA_RATES)
    assert found.value == pytest.approx(stats.spearmanr(PRISM_RATES, ARENA_RATES).statistic)
    assert found.value == pytest.approx(1 - 6 * 426 / (14 * (14**2 - 1)))  # .0637
    assert found.low < 0 < found.high


def test_two_kinds_of_ties_of_the_arena_are_one(tmp_path: Path):
    counts = {"model_b": 12_206, "model_a": 12_142, "tie": 6_243, "tie (bothbad)": 4_768}
    winner = np.repeat(list(counts), list(counts.values()))
    path = tmp_path / "battles.csv"
    pd.DataFrame({"model_a": "a", "model_b": "b", "winner": winner}).to_csv(path)
    outcome = read_arena(path).outcomes(0)
    assert len(outcome) == 35_359
    shares = [(outcome == result).mean().round(6) for result in (-1, 1, 0)]
    assert shares == [0.345202, 0.343392, 0.311406]


def test_cohorts_were_drawn_without_replacement():
    """Table 26: the spread of battles over draws of n of 1,246 people is s sqrt(n (1 - n / N))."""
    size, spread = np.array([500, 100, 50, 10]), np.array([123.9, 68.7, 50.0, 22.9])
    without = spread / np.sqrt(size * (1 - size / 1_246))
    assert np.ptp(without) / without.mean() < 0.02
    replaced = spread / np.sqrt(size)
    assert np.ptp(replaced) / replaced.mean() > 0.2


def test_battles_per_pair_are_of_all_210_pairs():
    battles, printed = np.array([35_320, 14_167, 2_835, 1_417, 283]), [168, 67, 14, 7, 1]
    assert np.abs(battles / 210 - printed).max() <= 0.5
