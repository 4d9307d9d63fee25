"""What the noise of people allows, against simulations and what can be worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from scorers.preferences.noise_ceiling import (
    ENOUGH_SITES,
    RepeatNoise,
    chances_again,
    noise_ceilings,
    published_noise,
    reliability,
    repeat_differences,
    repeat_noise,
)
from scorers.preferences.preferred_choice import PAIRS


def replies(rows: list[tuple[str, str, str, float]], turn: int = 0) -> pd.DataFrame:
    """Each in a turn of its own."""
    columns = ["user_id", "user_prompt", "model_response", "score"]
    return pd.DataFrame(rows, columns=columns).assign(turn=turn, interaction_id=range(len(rows)))


def turns(rng: np.random.Generator, count: int = 600) -> np.ndarray:
    """Scores of four replies, sometimes of three or two."""
    scores = rng.integers(1, 101, (count, 4)).astype(float)
    scores[np.arange(4) >= rng.integers(2, 5, count)[:, None]] = np.nan
    return scores


def right_of(scores: np.ndarray) -> np.ndarray:
    return scores == np.nanmax(scores, axis=1, keepdims=True)


def test_the_published_repeats_have_the_published_figures():
    differences = published_noise().differences
    assert len(differences) == 44
    assert differences.mean() == pytest.approx(5.75, abs=0.05)
    assert np.quantile(differences, [0.25, 0.5, 0.75]) == pytest.approx([0, 1, 6.25], abs=0.15)
    assert differences.std(ddof=1) == pytest.approx(9.35, abs=0.5)
    assert differences.max() <= 36


def test_chances_are_those_of_a_simulation():
    rng = np.random.default_rng(3)
    scores, differences = turns(rng, 40), np.array([0.0, 1, 1, 4, 9, 30])
    chances = chances_again(scores, differences)
    assert chances.sum(axis=1) == pytest.approx(np.ones(40))
    size = (40_000, 4)
    for row, found in zip(scores, chances, strict=True):
        moved = rng.choice(differences, size) * rng.choice([-1, 1], size)
        again = np.clip(row + moved, 1, 100)
        again[:, np.isnan(row)] = -1
        best = again == again.max(axis=1, keepdims=True)
        drawn = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
        assert found == pytest.approx(drawn, abs=0.012)  # 5 standard errors


def test_two_replies_by_hand():
    """Scores 50 and 52, moved by 2 up or down: 48 or 52 against 50 or 54."""
    (row,) = chances_again(np.array([[50.0, 52.0]]), np.array([2.0]))
    assert row.tolist() == pytest.approx([0.25, 0.75])


def test_without_noise_everybody_is_right():
    scores = turns(np.random.default_rng(0))
    right = right_of(scores)
    people = [str(n // 6) for n in range(len(scores))]
    found = noise_ceilings(scores, right, people, RepeatNoise(np.zeros(50), "none"))
    assert {name: one.value for name, one in found.items()} == pytest.approx(
        dict.fromkeys(("accuracy", *PAIRS), 1.0)
    )


def test_the_interval_holds_the_ceiling_of_all_people_and_repeats():
    """Of 20 draws of 60 people and 44 repeats at least 17; 19 are nominal."""
    rng, true = np.random.default_rng(5), published_noise().differences.round()
    many = turns(rng, 4000)
    chances = chances_again(many, true)
    expected = (chances * right_of(many)).sum(axis=1).mean()
    covered = 0
    for _ in range(20):
        scores = turns(rng, 300)
        people = [str(n // 5) for n in range(300)]
        noise = RepeatNoise(rng.choice(true, 44), "drawn")
        found = noise_ceilings(scores, right_of(scores), people, noise)["accuracy"]
        covered += found.low < expected < found.high
    assert covered >= 17


def test_closer_scores_have_a_lower_ceiling():
    scores = turns(np.random.default_rng(1), 2000)
    found = noise_ceilings(scores, right_of(scores), ["a", "b"] * 1000, published_noise())
    values = [found[name].value for name in PAIRS]
    assert values == sorted(values)
    assert 0.5 < values[0] < 0.75
    assert values[-1] > 0.98


def test_turns_and_people_that_say_nothing_are_left_out():
    nothing = noise_ceilings(
        np.full((2, 4), np.nan), np.zeros((2, 4), dtype=bool), ["a", "b"], published_noise()
    )
    assert np.isnan(nothing["accuracy"].value)
    assert nothing["accuracy"].reason == "no turn has two scores"
    scores = np.array([[90.0, 10.0]])
    one = noise_ceilings(scores, scores > 50, ["a"], published_noise())
    assert np.isnan(one["accuracy"].low)
    assert one["accuracy"].reason == "one participant"
    assert one["pairs_1_5"].reason == "no pair of replies has such a margin"


def test_repeats_are_of_one_person_prompt_and_reply():
    rows = [
        ("ann", "hi", "hello", 40), ("ann", "hi", "hello", 46), ("ann", "hi", "hello", 99),
        ("ann", "hi", "good day", 90), ("bob", "hi", "hello", 1), ("ann", "yo", "hello", 99),
        ("bob", "hi", "again", 7), ("bob", "hi", "again", np.nan),
    ]  # fmt: skip
    assert repeat_differences(replies(rows)).tolist() == [6]  # of the first two
    assert repeat_differences(replies(rows, turn=1)).tolist() == []


def test_replies_of_one_turn_that_read_alike_are_no_repeat():
    """They are scored side by side, with the other in view."""
    rows = [("ann", "hi", "hello", 40), ("ann", "hi", "hello", 41), ("ann", "hi", "hello", 70)]
    side_by_side = replies(rows).assign(interaction_id=["t1", "t1", "t1"])
    assert repeat_differences(side_by_side).tolist() == []
    later = side_by_side.assign(interaction_id=["t1", "t1", "t2"])
    assert repeat_differences(later).tolist() == [30]


def test_the_data_speak_for_themselves_where_they_have_enough_repeats():
    rows = [
        (f"p{n}", "hi", "hello", score) for n in range(ENOUGH_SITES) for score in (50, 50 + n % 3)
    ]
    assert repeat_noise(replies(rows)).source == f"{ENOUGH_SITES} repeats in these data"
    few = repeat_noise(replies(rows[:-2]))
    assert few.source.startswith("44 published repeats: Kirk et al. (2024)")


def test_the_highest_of_noisy_scores_comes_out_lower_again():
    """Normal scores with a correlation of a half, worked out by simulation."""
    rng = np.random.default_rng(2)
    size = 20_000
    thought = 50 + 10 * rng.standard_normal((size, 3))
    first, again = (thought + 10 * rng.standard_normal((size, 3)) for _ in range(2))
    apart = np.abs(10 * np.sqrt(2) * rng.standard_normal(200))
    same = (first.argmax(axis=1) == again.argmax(axis=1)).mean()
    assert reliability(first, apart) == pytest.approx(0.5, abs=0.06)
    right = right_of(first)
    assert (chances_again(first, apart, 0.5) * right).sum(axis=1).mean() == pytest.approx(
        same, abs=0.02
    )
    assert (chances_again(first, apart) * right).sum(axis=1).mean() > same + 0.04


def test_nothing_is_drawn_together_without_noise_or_differences_of_scores():
    scores = turns(np.random.default_rng(0), 50)
    assert reliability(scores, np.zeros(30)) == 1
    assert reliability(np.full((3, 2), 50.0), np.full(30, 9.0)) == 1
    assert reliability(np.full((3, 2), np.nan), np.full(30, 9.0)) == 1
    assert reliability(np.array([[50.0, 51.0]]), np.full(30, 90.0)) == 0


def noise_of(rng: np.random.Generator, shape: tuple[int, ...], size: float) -> np.ndarray:
    """Mostly small and sometimes large, as that of the published repeats."""
    return np.where(rng.random(shape) < 0.55, 0.07, 1.5) * size * rng.standard_normal(shape)


@pytest.mark.slow
@pytest.mark.parametrize("size", [6.0, 12.0])
def test_people_who_answer_again_reach_it(in_full: bool, size: float):
    """60 people and 44 repeats: no bias, and the interval holds what is true.

    Two scores are 5 and 10 points apart on average.
    """
    rng = np.random.default_rng(7)

    def scored(turns: int) -> tuple[np.ndarray, np.ndarray]:
        thought = 55 + 25 * rng.standard_normal((turns, 4))
        first, again = (thought + noise_of(rng, thought.shape, size) for _ in range(2))
        return np.clip(np.round(first), 1, 100), np.clip(np.round(again), 1, 100)

    first, again = scored(40_000)
    best = right_of(again)
    true = (best / best.sum(axis=1, keepdims=True) * right_of(first)).sum(axis=1).mean()
    people = [str(n // 5) for n in range(300)]
    off, covered = [], []
    for seed in range(100 if in_full else 10):
        mine, _ = scored(300)
        one, other = scored(11)
        noise = RepeatNoise(np.abs(one - other).ravel(), "simulated")
        found = noise_ceilings(mine, right_of(mine), people, noise, seed)["accuracy"]
        off.append(found.value - true)
        covered.append(found.low <= true <= found.high)
    assert abs(np.mean(off)) < 0.01 + 2.5 * np.std(off) / np.sqrt(len(off))
    assert np.mean(covered) > (0.87 if in_full else 0.65)
