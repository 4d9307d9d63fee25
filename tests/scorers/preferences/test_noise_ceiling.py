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
    repeat_differences,
    repeat_noise,
)
from scorers.preferences.preferred_choice import PAIRS


def replies(rows: list[tuple[str, str, str, float]], turn: int = 0) -> pd.DataFrame:
    columns = ["user_id", "user_prompt", "model_response", "score"]
    return pd.DataFrame(rows, columns=columns).assign(turn=turn)


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
        ("ann", "hi", "hello", 40), ("ann", "hi", "hello", 46), ("ann", "hi", "hello", 41),
        ("ann", "hi", "good day", 90), ("bob", "hi", "hello", 1), ("ann", "yo", "hello", 99),
        ("bob", "hi", "again", 7), ("bob", "hi", "again", np.nan),
    ]  # fmt: skip
    assert repeat_differences(replies(rows)).tolist() == [6]
    assert repeat_differences(replies(rows, turn=1)).tolist() == []


def test_the_data_speak_for_themselves_where_they_have_enough_repeats():
    rows = [
        (f"p{n}", "hi", "hello", score) for n in range(ENOUGH_SITES) for score in (50, 50 + n % 3)
    ]
    assert repeat_noise(replies(rows)).source == f"{ENOUGH_SITES} repeats in these data"
    few = repeat_noise(replies(rows[:-2]))
    assert few.source.startswith("44 published repeats: Kirk et al. (2024)")


def test_people_who_answer_again_reach_it_nearly():
    """Scores with noise of 6 points: the ceiling is above their true accuracy, by up to 2 points.

    The highest of noisy scores tends to come out lower again, which the ceiling does not model.
    """
    rng = np.random.default_rng(7)
    thought = 55 + 25 * rng.standard_normal((4000, 4))
    first, again, other = (
        np.clip(np.round(thought + 6 * rng.standard_normal(thought.shape)), 1, 100)
        for _ in range(3)
    )
    right, best = right_of(first), right_of(again)
    accuracy = (best / best.sum(axis=1, keepdims=True) * right).sum(axis=1).mean()
    noise = RepeatNoise(np.abs(again - other)[:500].ravel(), "simulated")
    people = [str(n // 4) for n in range(4000)]
    found = noise_ceilings(first, right, people, noise)["accuracy"]
    assert accuracy < found.value < accuracy + 0.02
