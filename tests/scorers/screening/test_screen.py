import numpy as np
import pandas as pd
import pytest

from ratings.errors import UnknownNameError
from ratings.questionnaires.questionnaire import load_questionnaire
from scorers.screening.consistency import consistency, related_pairs
from scorers.screening.screen import ScreeningRules, screen

PVQ, BFI = load_questionnaire("pvq21"), load_questionnaire("bfi10")


def careful(raters: int, seed: int, name: str = "pvq21", noise: float = 0.7) -> pd.DataFrame:
    """Answers by people with values of their own: related items correlate at about .5."""
    rng = np.random.default_rng(seed)
    of = load_questionnaire(name)
    low, high = of.scale
    basic = [items for items in of.keys.values() if len(items) < 4]
    out = pd.DataFrame(index=[f"P{r}" for r in range(raters)], columns=list(of.items), dtype=float)
    for items in basic:
        value = rng.normal(0, 0.9, raters)
        for item in items:
            answer = np.round((low + high) / 2 + value + rng.normal(0, noise, raters) + 0.3)
            answer = np.clip(answer, low, high)
            out[item] = low + high - answer if item in of.reversed_items else answer
    return out


def random_answers(raters: int, seed: int, name: str = "pvq21") -> pd.DataFrame:
    of = load_questionnaire(name)
    drawn = np.random.default_rng(seed).integers(
        of.scale[0], of.scale[1] + 1, (raters, len(of.items))
    )
    index = [f"R{r}" for r in range(raters)]
    return pd.DataFrame(drawn.astype(float), index=index, columns=list(of.items))


def test_related_pairs_leave_aggregates_out():
    pairs = related_pairs(PVQ)
    assert len(pairs) == 3 + 9  # Universalism has three items
    assert ("3", "12") not in pairs  # both of Self-Transcendence
    assert len(related_pairs(BFI)) == 5


def test_consistency_by_hand():
    """Two people, so that each item's mean is the middle between them."""
    answers = pd.DataFrame(3.0, index=["steady", "other", "torn"], columns=list(BFI.items))
    # of each trait the reversed item, or the first: steady turns it round, torn does not
    for plus, minus, height in (
        ("10", "5", 2), ("8", "3", -2), ("6", "1", 1), ("2", "7", -1), ("9", "4", 2),
    ):  # fmt: skip
        answers.loc["steady", [plus, minus]] = 3 + height, 3 - height
        answers.loc["torn", [plus, minus]] = 3 + height, 3 + height
    found = consistency(answers, BFI)
    turned = answers.copy()
    turned[sorted(BFI.reversed_items)] = 6 - turned[sorted(BFI.reversed_items)]
    centred = turned - turned.mean()
    pairs = related_pairs(BFI)
    for rater in ("steady", "torn"):
        one = [centred.loc[rater, a] for a, b in pairs] + [centred.loc[rater, b] for a, b in pairs]
        other = [centred.loc[rater, b] for a, b in pairs] + [
            centred.loc[rater, a] for a, b in pairs
        ]
        assert found[rater] == pytest.approx(np.corrcoef(one, other)[0, 1])
    assert found["steady"] > 0.5 > found["torn"]


def test_consistency_needs_four_pairs_and_answers_that_vary():
    answers = careful(30, 0, "bfi10")
    answers.loc["P0", ["1", "3"]] = np.nan  # three pairs are left
    answers.loc["P1", ["1"]] = np.nan  # four
    found = consistency(answers, BFI)
    assert np.isnan(found["P0"])
    assert not np.isnan(found["P1"])


@pytest.mark.parametrize("name", ["pvq21", "bfi10"])
def test_careful_people_are_consistent_and_random_ones_are_not(name: str):
    answers = pd.concat([careful(400, 0, name), random_answers(100, 1, name)])
    found = consistency(answers, load_questionnaire(name))
    care = found.index.str.startswith("P")
    chance = -1 / (2 * len(related_pairs(load_questionnaire(name))) - 1)
    assert found[care].mean() > 0.3
    assert found[~care].mean() == pytest.approx(chance, abs=0.08)


def people(seed: int = 0) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Nineteen who answer with care, and one more for each rule."""
    pvq, bfi = careful(40, seed), careful(40, seed + 1, "bfi10")
    raters = pd.DataFrame({"failed_checks": 0, "minutes": 20.0}, index=pvq.index)
    raters.loc["P3", "failed_checks"] = 3
    raters.loc["P4", "failed_checks"] = 2
    raters.loc["P5", "minutes"] = 5.9
    raters.loc["P6", "minutes"] = 6.0
    pvq.loc["P7"] = 4
    bfi.loc["P8"] = 2
    raters.loc["P8", "minutes"] = 1  # breaks two rules
    raters = pd.concat([raters, raters.loc[["P9"]].assign(minutes=11)])
    return raters, {"pvq21": pvq, "bfi10": bfi}


def test_each_rule_says_what_it_removed_at_the_papers_numbers():
    raters, answers = people()
    found = screen(raters, answers)
    rows = found.table.set_index("rule")
    assert list(rows.index) == [
        "listed more than once",
        "more than 2 attention checks failed",
        "less than 6 minutes",
        "one answer to all items of a questionnaire",
        "the least consistent 5 per cent",
    ]
    assert rows["removed"].tolist() == [1, 1, 2, 1, 1]  # 5 per cent of the 35 left are 1
    assert rows["broken by"].tolist() == [1, 1, 2, 2, 1]
    assert rows["remaining"].tolist() == [39, 38, 36, 35, 34]
    assert found.removed["P9"] == "listed more than once"
    assert found.removed["P8"] == "less than 6 minutes"
    assert {"P4", "P6"} <= set(found.kept)
    last = found.removed.index[found.removed == "the least consistent 5 per cent"]
    assert found.consistency.rank(pct=True).min(axis=1).idxmin() == last[0]
    assert len(found.kept) == 34
    assert not set(found.kept) & set(found.removed.index)


def test_rules_can_be_turned_off_and_a_cut_takes_the_place_of_the_share():
    raters, answers = people()
    off = ScreeningRules(None, None, False, None)
    assert len(screen(raters, answers, off).kept) == 39
    found = screen(raters, answers, ScreeningRules(least_consistency=0.2))
    assert (found.consistency.loc[found.kept].min(axis=1) >= 0.2).all()
    assert found.table["rule"].iloc[-1] == "consistency below 0.2 in a questionnaire"
    assert found.table["removed"].iloc[-1] == (found.consistency < 0.2).any(axis=1).sum() > 0


def test_a_rule_without_its_data_is_not_applied_and_says_so():
    raters = pd.DataFrame(index=["a", "b", "c"])
    found = screen(raters)
    assert list(found.kept) == ["a", "b", "c"]
    assert found.table["removed"].sum() == 0
    assert found.table["note"].str.startswith("not applied").tolist() == [False, *[True] * 4]
    some = screen(pd.DataFrame({"minutes": [np.nan, 3, 9], "failed_checks": 0}, list("abc")))
    assert list(some.kept) == ["a", "c"]
    assert "to 1 raters without minutes" in some.table["note"].iloc[2]


def test_a_questionnaire_that_is_not_known_is_named():
    with pytest.raises(UnknownNameError, match="pvq22"):
        screen(pd.DataFrame(index=["a"]), {"pvq22": pd.DataFrame(index=["a"])})


def test_the_consistency_rule_finds_random_answers_first():
    """Of 500 raters 25 answer at random; the rule removes as many."""
    caught = []
    for seed in range(20):
        answers = {
            name: pd.concat([careful(475, 7 * seed + number, name), random_answers(25, seed, name)])
            for number, name in enumerate(("pvq21", "bfi10"))
        }
        found = screen(pd.DataFrame(index=answers["pvq21"].index), answers)
        removed = found.removed.index
        assert len(removed) == 25
        caught.append(removed.str.startswith("R").mean())
    print(f"of the 25 removed, {np.mean(caught):.0%} answered at random")
    assert np.mean(caught) > 0.3  # 5 per cent by chance
