import json
import math

import numpy as np
import pytest
from inspect_ai.model import GenerateConfig, ModelOutput

from providers.distribution_output import letter_output
from providers.respondents.oracle_respondent import (
    GENERIC,
    OracleRespondent,
    estimated_profile,
    estimated_stances,
    planted,
    stance_phrases,
)
from providers.respondents.respondent import RespondentAPI
from ratings.asked import AskedItem, AskedProfile, AskedRating, AskedWhichProfile
from ratings.errors import DataError

LOGPROBS = GenerateConfig(logprobs=True, top_logprobs=20)


def asked(**other: object) -> AskedRating:
    table = planted().data.table
    return AskedRating.model_validate(
        {
            "data": "planted", "seed": 0, "representation": "groundtruth",
            "run_representation": "groundtruth", "rater": str(table.raters.index[3]),
            "instance": str(table.instances.index[8]), "choices": 5, **other,
        }
    )  # fmt: skip


def probabilities(respondent: OracleRespondent, **other: object) -> np.ndarray:
    output = respondent.answer(asked(**other), LOGPROBS)
    assert isinstance(output, ModelOutput)
    logprobs = output.choices[0].logprobs
    assert logprobs is not None
    (token,) = logprobs.content
    assert token.top_logprobs is not None
    found = {top.token: math.exp(top.logprob) for top in token.top_logprobs}
    return np.array([found[letter] for letter in "ABCDE"])


@pytest.mark.parametrize("kind", ["none", "demographics", "measured", "groundtruth"])
def test_who_follows_gives_the_true_distribution(kind: str):
    follows = OracleRespondent("respondent/follows", True, 0)
    true = planted().probabilities(kind, np.array([3]), np.array([8]))[0]
    assert probabilities(follows, representation=kind) == pytest.approx(true)
    stated = follows.answer(asked(representation=kind, answer="stated"), GenerateConfig())
    assert isinstance(stated, ModelOutput)
    shares = np.array(list(json.loads(stated.completion).values()))
    assert shares / 100 == pytest.approx(true, abs=1e-4)


def test_who_ignores_gives_the_distribution_of_all():
    ignores = OracleRespondent("respondent/ignores", False, 0)
    true = planted().probabilities("none", np.array([0]), np.array([8]))[0]
    assert probabilities(ignores) == pytest.approx(true)
    assert probabilities(ignores, data="dices_990", choices=5) == pytest.approx([0.2] * 5)


def test_a_profile_is_believed_as_far_as_its_writer_is_right():
    """Sixty per cent of the stances written are true, or so; each moves the prediction less."""
    known = planted()
    found, true = estimated_stances(0), known.stances + 1
    right = (found == true)[found >= 0].mean()
    assert 0.4 < right < 0.9
    value = known.data.table.instances["value"].iloc[8]
    follows = OracleRespondent("respondent/follows", True, 0)
    rows = [
        probabilities(follows, profile=f"It is said: {stance_phrases()[value, stance]}",
                      representation="profile:a.json")
        for stance in (-1, 0, 1)
    ]  # fmt: skip
    none = probabilities(follows, representation="none")
    assert probabilities(follows, profile="silent", representation="profile:a") == pytest.approx(
        none
    )
    for stance, row in zip((-1, 1), (rows[0], rows[2]), strict=True):
        sure = known.given[8, stance + 1]
        assert np.abs(none - row).sum() > 0.1
        assert np.abs(sure - row).sum() < np.abs(sure - none).sum()


def test_stances_are_those_that_make_the_fit_ratings_likeliest():
    """By a loop over one rater's ratings, in place of sums over all raters at once."""
    from ratings.splits import draw_partition

    known, seed = planted(), 2
    table, partition = known.data.table, draw_partition(known.data, seed)
    rows = partition.fit[partition.starts[5] : partition.starts[6]]
    totals: dict[str, np.ndarray] = {}
    for _, row in table.ratings.iloc[rows].iterrows():
        place = table.instances.index.get_loc(row["instance"])
        value = table.instances["value"].iloc[place]
        given = np.log(known.given[place, :, row["rating"] - 1])
        totals[value] = totals.get(value, np.zeros(3)) + given
    values = list(dict.fromkeys(table.instances["value"]))
    best = [int(totals[v].argmax()) if v in totals else -1 for v in values]
    assert estimated_stances(seed)[5].tolist() == best
    written = estimated_profile(str(table.raters.index[5]), seed)
    assert written.count("- ") == len(totals)


def test_what_cannot_be_followed_is_refused():
    follows = OracleRespondent("respondent/follows", True, 0)
    for told in ("examples:3", "measured+demographics", "measured:stances", "shuffled(measured)"):
        with pytest.raises(DataError, match="respondent/follows cannot follow"):
            probabilities(follows, representation=told)
    with pytest.raises(DataError, match="knows the raters of planted only: add -T data=planted"):
        probabilities(follows, data="dices_990")
    item = AskedItem(data="sample", instance="1-1", variant="v1")
    for other in (item, None):
        with pytest.raises(DataError, match="answers decode_ratings, encode_profiles"):
            follows.answer(other, GenerateConfig())


def test_profiles_are_written_and_told_apart():
    follows, ignores = (OracleRespondent("m", one, 0) for one in (True, False))
    about = AskedProfile(data="planted", seed=0, rater="rater0003")
    assert ignores.answer(about, GenerateConfig()) == GENERIC
    assert str(follows.answer(about, GenerateConfig())).startswith("- ")
    known = planted()
    value = known.data.table.instances["value"].iloc[8]
    profiles = [stance_phrases()[value, stance] for stance in (-1, 1)]
    rows = [known.given[8, number].tolist() for number in (0, 2)]
    for x, y, right in ((*rows, 1), (*rows[::-1], 2)):
        question = AskedWhichProfile(
            data="planted", question=0, instance=known.data.table.instances.index[8],
            profiles=profiles, x=x, y=y,
        )  # fmt: skip
        assert follows.answer(question, GenerateConfig()) == f"Profile {right}"
        same = {
            ignores.answer(question.model_copy(update={"question": q}), GenerateConfig())
            for q in range(20)
        }
        assert same == {"Profile 1", "Profile 2"}


def test_only_as_many_log_probabilities_as_are_wanted():
    row = np.array([0.1, 0.6, 0.3])
    few = letter_output("m", row, "logprobs", GenerateConfig(logprobs=True, top_logprobs=2))
    assert few.completion == "B"
    logprobs = few.choices[0].logprobs
    assert logprobs is not None
    assert [top.token for top in logprobs.content[0].top_logprobs or []] == ["B", "C"]
    assert letter_output("m", row, "logprobs", GenerateConfig()).choices[0].logprobs is None


def test_a_misspelt_respondent_names_the_nearest():
    from inspect_ai._util.error import PrerequisiteError

    with pytest.raises(PrerequisiteError, match="nearest first.: follows"):
        RespondentAPI("folows")
