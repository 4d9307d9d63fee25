"""Scored replies whose scores follow known features, for tests."""

import numpy as np
import pandas as pd

COEFFICIENTS = {
    "text_length": 0.03, "if_line_breaks": -10.0, "if_question_marks": 3.0, "if_enumeration": 7.0,
    "if_deanthro": -2.0, "if_refusal": -9.0, "if_self_identification": -4.0,
}  # fmt: skip
FLAGS = list(COEFFICIENTS)[1:]
CONSTANT = 50.0


def planted_scores(
    people: int, replies: int, seed: int, *, between: float = 0.0, within: float = 10.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Utterances and features, `replies` a person, with scores by `COEFFICIENTS` and no ends.

    With `between`, people differ in how they score, and in what the replies they get look like:
    half of a feature's variation is a person's own.
    """
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), replies)
    own, each = rng.random((people, len(FLAGS) + 1)), rng.random((len(person), len(FLAGS) + 1))
    mixed = np.where(rng.random(each.shape) < 0.7, own[person], each) if between else each
    features = pd.DataFrame(mixed[:, 1:] < 0.3, columns=FLAGS)
    features.insert(0, "text_length", (20 + 900 * mixed[:, 0]).round())
    score = CONSTANT + features.to_numpy(dtype=float) @ np.array(list(COEFFICIENTS.values()))
    score += between * rng.normal(size=people)[person] + within * rng.normal(size=len(person))
    names = np.array([f"model{k}" for k in range(5)])
    utterances = pd.DataFrame(
        {
            "user_id": [f"user{r}" for r in person],
            "model_name": names[rng.integers(5, size=len(person))],
            "turn": 0,
            "score": score,
        }
    )
    return utterances, features.assign(is_empty=False)


def turns(*rows: tuple[str, str, int, str, float, bool]) -> pd.DataFrame:
    """Utterances from (user, interaction, turn, model, score, chosen)."""
    table = pd.DataFrame(
        rows, columns=["user_id", "interaction_id", "turn", "model_name", "score", "if_chosen"]
    )
    table["conversation_id"] = table["interaction_id"].str.split(".").str[0]
    table.index = pd.Index([f"ut{n}" for n in range(len(table))], name="utterance_id")
    return table
