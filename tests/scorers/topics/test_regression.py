"""Regressions of topics: against statsmodels, and false alarms of both errors."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from ratings.errors import DataError
from scorers.topics.regression import topic_regressions

BASES = {"gender": "Male", "kind": "unguided"}


def made(seed: int, people: int = 120, each: int = 6, alike: float = 0.5, topics: int = 5):
    """Texts of people who keep to their own topics; nothing depends on a group.

    `alike` is the concentration of a person's topics: the smaller, the more of a person's texts are
    of the same topic.
    """
    rng = np.random.default_rng(seed)
    leaning = rng.dirichlet(np.full(topics + 1, alike), people).cumsum(axis=1)
    person = np.repeat(np.arange(people), each)
    topic = (rng.random((len(person), 1)) > leaning[person]).sum(axis=1) - 1  # -1: of no topic
    of_person = pd.DataFrame(
        {
            "gender": rng.choice(["Male", "Female"], people),
            "region": rng.choice(["US", "UK", "Asia"], people, p=[0.5, 0.3, 0.2]),
        }
    )
    attributes = of_person.iloc[person].reset_index(drop=True)
    attributes["kind"] = rng.choice(["unguided", "values", "controversy"], len(person))
    return topic.astype(np.intp), person, attributes


def test_every_number_is_that_of_statsmodels():
    topic, person, attributes = made(0)
    found = topic_regressions(topic, person, attributes, {**BASES, "region": "UK"})
    assert found.bases == {"gender": "Male", "region": "UK", "kind": "unguided"}
    formula = (
        "y ~ C(gender, Treatment('Male')) + C(region, Treatment('UK')) "
        "+ C(kind, Treatment('unguided'))"
    )
    for t in range(5):
        data = attributes.assign(y=(topic == t).astype(float))
        ours = found.table[found.table["topic"].eq(t)]
        plain = smf.ols(formula, data)
        for kind, fitted in (
            ("robust", plain.fit(cov_type="HC1", use_t=True)),
            ("clustered", plain.fit(cov_type="cluster", cov_kwds={"groups": person}, use_t=True)),
        ):
            expected = fitted.conf_int()
            for column, numbers in (
                ("value", fitted.params),
                (f"{kind}_error", fitted.bse),
                (f"{kind}_p", fitted.pvalues),
                (f"{kind}_low", expected[0]),
                (f"{kind}_high", expected[1]),
            ):
                theirs = numbers.rename(lambda name: name.rpartition("[T.")[2].rstrip("]"))
                np.testing.assert_allclose(
                    ours[column], theirs[ours["level"]], rtol=1e-9, atol=1e-12, err_msg=column
                )
        assert found.r_squared[t] == pytest.approx(fitted.rsquared, rel=1e-9)
        assert found.constants[t] == pytest.approx(fitted.params["Intercept"], rel=1e-9)


@pytest.mark.slow
def test_clustered_errors_keep_their_level_where_hc1_does_not(in_full):
    """No coefficient differs from 0: shares of p < .05, people keeping to their own topics."""
    seeds = 500 if in_full else 60
    tables = [topic_regressions(*made(seed, alike=0.2), BASES).table for seed in range(seeds)]
    of_people = pd.concat(tables).query("attribute != 'kind'")
    robust, clustered = (of_people[f"{kind}_p"].lt(0.05).mean() for kind in ("robust", "clustered"))
    assert robust > 0.25
    assert clustered == pytest.approx(0.06, abs=0.01 if in_full else 0.025)
    # whoever writes what is drawn text by text: both keep it
    tables = [topic_regressions(*made(seed, alike=50), BASES).table for seed in range(seeds)]
    of_people = pd.concat(tables).query("attribute != 'kind'")
    for kind in ("robust", "clustered"):
        expected = pytest.approx(0.05, abs=0.01 if in_full else 0.025)
        assert of_people[f"{kind}_p"].lt(0.05).mean() == expected


@pytest.mark.slow
def test_rows_with_few_expected_texts_are_not_firm(in_full):
    """Topics drawn at random, one of them rare: which rows keep the level of 1 per cent."""
    tables = []
    for seed in range(400 if in_full else 60):
        rng = np.random.default_rng(seed)
        _, person, attributes = made(seed, people=300)
        attributes["age"] = rng.choice(["old", "young"], 300, p=[0.1, 0.9])[person]
        topic = rng.choice(3, len(person), p=[0.01, 0.33, 0.66])
        tables.append(topic_regressions(topic, person, attributes, {**BASES, "age": "young"}).table)
    table = pd.concat(tables)
    for kind in ("robust", "clustered"):
        wrong = table[f"{kind}_p"].lt(0.01)
        assert wrong[table["expected"].lt(2.5)].mean() > 0.1
        assert wrong[table["firm"]].mean() < 0.02
    assert table["expected"].sum() == pytest.approx(table["texts"].sum() / 3)


def test_errors_are_corrected_over_firm_rows():
    topic, person, attributes = made(1, people=40)
    attributes.loc[person == 0, "region"] = "Oceania"
    found = topic_regressions(topic, person, attributes, BASES, least=5).table
    few = found["level"].eq("Oceania")
    assert found.loc[few, "people"].eq(1).all()
    assert found.loc[few, "texts"].eq(6).all()
    # one participant fits a level's mean: a clustered error would say nothing of it
    assert found.loc[few, "clustered_p"].isna().all()
    assert found.loc[few, "robust_p"].notna().any()
    assert found.loc[few, "robust_p_holm"].isna().all()
    rows = found[found["firm"]]
    assert len(rows) > 20
    for kind in ("robust", "clustered"):
        p, holm, bh = (rows[f"{kind}_p{name}"] for name in ("", "_holm", "_bh"))
        assert holm.min() == pytest.approx(min(p.min() * len(rows), 1))
        assert (p.le(bh) & bh.le(holm + 1e-12)).all()


def test_what_cannot_be_estimated_is_left_out_or_refused():
    topic, person, attributes = made(2, people=30)
    doubled = attributes.assign(sex=attributes["gender"].map({"Male": "m", "Female": "f"}))
    found = topic_regressions(topic, person, doubled, BASES)
    assert found.left_out == (f"sex: {'fm'[found.bases['sex'] == 'f']}",)
    holes = attributes.copy()
    holes.loc[:9, "gender"] = None
    assert topic_regressions(topic, person, holes, BASES).texts == len(topic) - 10
    alone = topic_regressions(topic, np.zeros_like(person), attributes, BASES)
    assert alone.people == 1
    assert alone.table["clustered_error"].isna().all()
    assert alone.table["robust_error"].notna().all()
    with pytest.raises(DataError, match="no topic"):
        topic_regressions(np.full(5, -1), person[:5], attributes[:5], BASES)
    two = pd.DataFrame({"gender": ["Male", "Female"]})
    with pytest.raises(DataError, match="2 texts are too few to estimate 2 terms"):
        topic_regressions(np.zeros(2, dtype=int), np.arange(2), two, BASES)
