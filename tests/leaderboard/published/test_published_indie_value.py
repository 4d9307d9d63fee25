"""Figures of Jiang et al. (2025) that the paper's own sums, tables and text confirm."""

import numpy as np
import pytest

from leaderboard.published.figures import published_rows
from ratings.instruments.indie_value import DIMENSIONS
from scorers.scores.manifests import manifest_of

Figures = dict[str, dict[str, float]]

ACCURACIES = ("probe 1", "probe 2", "probe 3", "accuracy")
SIGMAS = [f"sigma {name}" for name in DIMENSIONS]
ASKED = {"demonstrations": 200, "demographics": "none", "grouping": "all"}
PROMPTED = {
    form: {**ASKED, "demonstration_form": form, "probe_form": form} for form in ("polar", "refined")
}
ALONE = {form: {**settings, "grouping": "each"} for form, settings in PROMPTED.items()}
LLAMA = "Llama-3.1-8B (200 demo.), one question a prompt"


def trained(plan: str) -> str:
    return f"IndieValueReasoner [{plan}], trained; one question a prompt"


BEST = trained("probe=p+r, demo=mixed+200, N=1600")
# The last column of Table 3: the mean of both forms.
BOTH_FORMS = {
    "Random": 36.62,
    "Global (majority vote)": 56.83,
    "Resemble (top cluster)": 66.60,
    "GPT-4o (no demo.)": 43.93,
    "GPT-4o (only demographics)": 50.50,
    "GPT-4o (200 demo.)": 49.52,
    LLAMA: 46.16,
    trained("probe=p, demo=mixed, N=800"): 58.84,
    trained("probe=r, demo=mixed, N=800"): 66.59,
    trained("probe=p+r, demo=200, N=800"): 66.14,
    trained("probe=p+r, demo=mixed, N=800"): 66.49,
    trained("probe=p+r, demo=mixed+200, N=800"): 67.26,
    BEST: 67.67,
}
# The only row of Table 3 whose figures are also printed, model by model, in Table 12.
SAME = {"GPT-4o (200 demo.)": "GPT-4o (0806)"}


def table(settings: dict[str, object]) -> Figures:
    names = [*ACCURACIES, "sigma_inequity", *SIGMAS]
    found = published_rows("indie_value", "indie_value", names, settings)
    return {one["rater"]: one["values"] for one in found}


def every_condition(form: str) -> list[Figures]:
    """The tables in which Table 3's rows of a form are."""
    shown_none = {**PROMPTED[form], "demonstrations": 0}
    alone = {**PROMPTED[form], "demographics": "alone"}
    return [table(one) for one in (PROMPTED[form], shown_none, alone, ALONE[form])]


def of_table_3(form: str) -> Figures:
    """Table 3's figures in a form."""
    found = {rater: row for one in every_condition(form) for rater, row in one.items()}
    return {rater: found.get(rater) or found[SAME[rater]] for rater in BOTH_FORMS}


@pytest.mark.parametrize("form", ["polar", "refined"])
def test_accuracy_is_the_mean_of_the_probe_sets_in_every_row(form: str):
    """To rounding: three figures and their mean, each within half of a hundredth."""
    for one in every_condition(form):
        for rater, row in one.items():
            mean = np.mean([row[name] for name in ACCURACIES[:3]])
            assert row["accuracy"] == pytest.approx(mean, abs=0.0101), rater


def test_both_forms_together_are_the_last_column_of_table_3():
    polar, refined = of_table_3("polar"), of_table_3("refined")
    for rater, printed in BOTH_FORMS.items():
        mean = (polar[rater]["accuracy"] + refined[rater]["accuracy"]) / 2
        assert printed == pytest.approx(mean, abs=0.0101), rater


def test_the_mean_of_table_13_is_the_printed_index():
    models = {
        rater: row for rater, row in table(PROMPTED["polar"]).items() if "sigma_inequity" in row
    }
    assert len(models) == 10
    for rater, row in models.items():
        mean = np.mean([row[name] for name in SIGMAS])
        assert row["sigma_inequity"] == pytest.approx(mean, abs=0.0101), rater


def test_the_mean_of_table_16_is_the_printed_index():
    row = table(ALONE["polar"])[BEST]
    assert row["sigma_inequity"] == 2.22
    assert row["sigma_inequity"] == pytest.approx(np.mean([row[n] for n in SIGMAS]), abs=0.0101)


def test_the_captions_say_the_same_of_three_dimensions_before_and_after_training():
    """Figures 11, 15 and 16: before by prompting, all questions at once, after one by one."""
    before, after = table(PROMPTED["polar"])["LLama-3.1-8B"], table(ALONE["polar"])[BEST]
    found = {name: (before[f"sigma {name}"], after[f"sigma {name}"]) for name in DIMENSIONS}
    assert found["Citizenship"] == (2.44, 3.51)
    assert found["Family Saving"] == (3.23, 2.27)
    assert found["Immigration Status"] == (4.58, 3.28)


def test_the_text_says_how_much_the_best_reasoner_gains():
    """Section 4.2: 46.6 per cent on Llama, 34.0 on demographics alone, of both forms' means."""
    assert 100 * (BOTH_FORMS[BEST] / BOTH_FORMS[LLAMA] - 1) == pytest.approx(46.6, abs=0.05)
    demographics = BOTH_FORMS["GPT-4o (only demographics)"]
    assert 100 * (BOTH_FORMS[BEST] / demographics - 1) == pytest.approx(34.0, abs=0.05)


def test_no_table_has_rows_asked_all_at_once_and_rows_asked_one_by_one():
    """54.34 and 58.20 are the same model, asked one question a prompt and all in one."""
    models = set(BOTH_FORMS) - {"Random", "Global (majority vote)", "Resemble (top cluster)"}
    one_by_one = {rater for rater in models if "one question a prompt" in rater}
    assert len(one_by_one) == 7
    for form in PROMPTED:
        assert not one_by_one & table(PROMPTED[form]).keys()
        assert one_by_one <= table(ALONE[form]).keys()
        assert not (models - one_by_one) & table(ALONE[form]).keys()
    prompted, alone = table(PROMPTED["polar"]), table(ALONE["polar"])
    assert (alone[LLAMA]["accuracy"], prompted["LLama-3.1-8B"]["accuracy"]) == (54.34, 58.20)
    assert not [rater for rater in alone if rater in prompted and "sigma_inequity" in alone[rater]]


def test_demographics_alone_are_those_with_no_statement():
    """Both ways to ask for it send the same prompt."""
    one = table({**PROMPTED["polar"], "demographics": "alone"})
    other = table({**PROMPTED["polar"], "demonstrations": 0, "demographics": "with"})
    assert one["GPT-4o (only demographics)"] == other["GPT-4o (only demographics)"]


def test_every_figure_has_a_score_of_the_manifest():
    families = manifest_of("indie_value").scores
    assert list(families["sigma"].of_each_group) == SIGMAS
