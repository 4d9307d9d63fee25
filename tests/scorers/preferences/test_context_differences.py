"""Whether models are preferred in some contexts more than in others."""

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from scorers.preferences.context_differences import ContextTest, context_differences
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies

MODELS = ("a", "b", "c", "d", "e")
CONTEXTS = ("one", "two", "three")


def made(seed: int, shift: float = 0.0, people: int = 60) -> ContextTest:
    """People score four models in two turns of each context; `a` gains in context `one`."""
    rng = np.random.default_rng(seed)
    taste = rng.normal(0, 12, (people, len(MODELS)))
    rows = []
    for person in range(people):
        for turn in range(6):
            context = CONTEXTS[turn % 3]
            for model in rng.permutation(len(MODELS))[:4]:
                gain = shift if (model == 0 and context == "one") else 0.0
                score = 50 + 4 * model + taste[person, model] + gain + rng.normal(0, 15)
                rows.append((f"t{person}-{turn}", f"p{person}", MODELS[model], score, context))
    frame = pd.DataFrame(
        rows, columns=["interaction_id", "user_id", "model_name", "score", "context"]
    )
    return differences(frame)


def differences(frame: pd.DataFrame, **options: object) -> ContextTest:
    replies = ScoredReplies.of(frame)
    labels = frame["context"].to_numpy()
    names = sorted(set(labels))
    return context_differences(
        {name: Tallies.of(replies.where(labels == name)) for name in names},
        {name: Tallies.of(replies.where(labels != name)) for name in names},
        **{"replicates": 200, **options},
    )


def test_a_planted_difference_is_found_where_it_is():
    found = made(seed=1, shift=20.0)
    assert found.p_value < 0.01
    first = min(found.effects, key=lambda one: one.corrected)
    assert (first.context, first.model) == ("one", "a")
    assert first.effect.low > 0


@pytest.mark.slow
def test_false_alarms_are_at_most_nominal(in_full):
    seeds = 200 if in_full else 40
    alarms = [made(seed).p_value < 0.05 for seed in range(seeds)]
    most = 0.05 * seeds + 2.5 * np.sqrt(0.05 * 0.95 * seeds)
    assert sum(alarms) <= most


def test_the_same_scores_in_all_contexts_differ_in_nothing():
    scores = {"a": 80.0, "b": 50.0, "c": 20.0}
    frame = pd.DataFrame(
        [
            (f"t{person}-{context}", f"p{person}", model, score, context)
            for person in range(12)
            for context in CONTEXTS
            for model, score in scores.items()
        ],
        columns=["interaction_id", "user_id", "model_name", "score", "context"],
    )
    found = differences(frame)
    assert all(one.effect.value == pytest.approx(0, abs=1e-9) for one in found.effects)
    assert not any(one.corrected < 0.05 for one in found.effects)


def test_one_context_and_an_order_of_battles_are_refused():
    found = made(seed=0)
    assert len(found.effects) == len(MODELS) * len(CONTEXTS)
    with pytest.raises(DataError, match="two contexts"):
        context_differences({}, {})
    with pytest.raises(DataError, match="elo_mle"):
        context_differences({}, {}, "elo")
