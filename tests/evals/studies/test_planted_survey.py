"""Known truth: what is planted in a simulated survey is found again."""

import math

import numpy as np
import pytest

from benchmarks.indie_value._baselines import majority_predictions, resemble_predictions
from benchmarks.indie_value._setup import Material, Setup
from providers.respondents.known_accuracy import KnownAccuracy
from ratings.instruments.indie_value import DIMENSIONS, FORMS, PROBES, load_catalog
from ratings.survey.evaluation_sample import evaluation_sample
from ratings.survey.generator import generate_survey
from scorers.scores.accuracy import mean_over_people
from scorers.scores.inequity import sigma_inequity

PEOPLE = 5_000
ASKED = 3 * 39
# Right about 70 per cent of one group's answers and 50 of the other's, whoever they are else.
READER = KnownAccuracy(0.5, "Sex", {"male": 0.7, "female": 0.5})
PLANTED = 20 / math.sqrt(2)


@pytest.mark.parametrize("form", FORMS)
def test_baselines_stand_in_the_order_that_structure_gives_them(form: str):
    """random < majority < resemble-1 < resemble-24 on the planted survey, seed 0."""
    survey, _ = generate_survey(load_catalog("sample"), PEOPLE, seed=0)
    setup = Setup("sample", None, 0, 200, form, form, "none")
    material = Material(setup, survey, evaluation_sample(survey, seed=0))
    for probe in PROBES:
        truth = material.truth(probe)
        random = survey.catalog.random_accuracy(form, probe)
        most = (majority_predictions(material, probe) == truth).mean()
        one, many = (
            (found == truth).mean() for found in resemble_predictions(material, probe, [1, 24])
        )
        assert random + 0.05 < most
        assert most + 0.02 < one
        assert one + 0.02 < many


def read_by(seed: int) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Accuracies of 800 people as the reader would reach them, their groups, and their sex."""
    survey, _ = generate_survey(load_catalog("sample"), PEOPLE, seed)
    people = evaluation_sample(survey, seed).held_out
    chances = READER.chances(survey)[people]
    rng = np.random.default_rng([seed, 5])
    groups = {
        name: survey.groups(name).cat.codes.to_numpy()[people].astype(np.intp)
        for name in DIMENSIONS
    }
    return rng.binomial(ASKED, chances) / ASKED, groups, survey.groups("Sex").iloc[people]


@pytest.mark.slow
def test_planted_inequity_is_covered_and_the_published_index_overshoots(in_full: bool):
    """At least 90 of 100 seeds (in full; 10 otherwise) cover what was planted.

    Sex is drawn independently of all else, so the planted index is that of Sex over the root of 16.
    """
    seeds = range(100 if in_full else 10)
    covered, corrected, raw, in_groups = 0, [], [], 0
    for seed in seeds:
        accuracies, groups, sex = read_by(seed)
        _, mean = sigma_inequity(accuracies, groups, seed)
        planted = PLANTED / np.sqrt(len(DIMENSIONS))
        covered += mean.corrected.low <= planted <= mean.corrected.high
        corrected.append(mean.corrected.value)
        raw.append(mean.raw)
        columns = np.column_stack(
            [np.where(sex == name, accuracies, np.nan) for name in ("male", "female")]
        )
        male, female = mean_over_people(columns)
        in_groups += male.low <= 0.7 <= male.high
        in_groups += female.low <= 0.5 <= female.high
    print(
        f"planted {planted:.3f}, corrected {np.mean(corrected):.3f}, published {np.mean(raw):.3f}, "
        f"covered {covered} of {len(seeds)}, accuracies covered {in_groups} of {2 * len(seeds)}"
    )
    assert covered >= 0.9 * len(seeds)
    assert in_groups >= 0.9 * 2 * len(seeds)
    assert np.mean(raw) > 1.8 * PLANTED / len(DIMENSIONS)
    assert abs(np.mean(corrected) - planted) < 0.3 * planted
