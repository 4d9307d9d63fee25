import numpy as np
import pytest

from ratings.errors import DataError, UnknownNameError
from ratings.instruments.indie_value import (
    CARDS,
    DIMENSIONS,
    FORMS,
    NO_STATEMENT,
    PROBES,
    load_catalog,
)
from ratings.sources.cards import load_card


@pytest.fixture(params=["sample", "official"])
def catalog(request):
    if request.param == "official":
        request.getfixturevalue("mirror")
    return load_catalog(request.param)


def test_the_catalog_has_the_counts_of_its_card(catalog):
    counts = catalog.card.counts
    assert len(catalog.questions) == counts["questions"]
    assert len(catalog.demographics) == counts["demographics"]
    for form in FORMS:
        assert sum(map(len, catalog.statements[form])) == counts[f"{form}_statements"]
        np.testing.assert_array_equal(
            catalog.choice_counts(form), catalog.codes[form].max(axis=1) + 1
        )


def test_both_forms_know_the_same_codes(catalog):
    known = [catalog.codes[form] != NO_STATEMENT for form in FORMS]
    np.testing.assert_array_equal(*known)


def test_probe_sets_take_three_questions_of_each_category(catalog):
    for questions in PROBES.values():
        categories = catalog.questions.loc[list(questions), "category"]
        assert len(set(questions)) == 39
        assert list(categories.iloc[::3]) == catalog.categories
        assert categories.value_counts().eq(3).all()
    assert len({name for names in PROBES.values() for name in names}) == 108


def test_the_dimensions_are_demographics_of_the_catalog(catalog):
    assert set(DIMENSIONS.values()) <= set(catalog.demographics)
    assert len(DIMENSIONS) == 16


def test_continents_come_from_the_country_code(catalog):
    continents = catalog.demographics["B_COUNTRY_to_continent"].labels
    assert [continents[code] for code in (554, 840, 76, 566, 156, 276)] == [
        "Oceania",
        "North America",
        "South America",
        "Africa",
        "Asia",
        "Europe",
    ]


def test_a_statement_for_every_label(catalog):
    for question in catalog.demographics.values():
        assert set(question.labels) == set(question.statements)
        assert not any("{" in statement for statement in question.statements.values())


def test_both_cards_count_the_same():
    official, sample = (load_card(CARDS[data]).counts for data in ("official", "sample"))
    assert dict(official) == {**sample, "categories": 13}


def test_another_catalog_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        load_catalog("offical")
    assert (caught.value.name, caught.value.allowed) == ("offical", ["official", "sample"])


def test_files_that_do_not_fit_each_other_are_refused(monkeypatch, tmp_path):
    from ratings.instruments import indie_value

    paths = {}
    for name in ("statements", "refined_statements", "demographics"):
        path = tmp_path / f"{name}.jsonl"
        path.write_text('{"question_id": "' + name + '"}\n')
        paths[f"data/meta_data/{name}_meta_data.jsonl"] = path
    monkeypatch.setattr(indie_value, "fetch", lambda card, groups: paths)
    load_catalog.cache_clear()
    try:
        with pytest.raises(DataError, match="do not hold the same questions"):
            load_catalog("sample")
    finally:
        load_catalog.cache_clear()
