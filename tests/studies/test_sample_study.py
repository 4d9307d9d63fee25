import json

import numpy as np

from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.instruments.value_portrait import load_instrument
from ratings.sources.cards import load_card, packaged_folder
from studies.sample_study import simulate, study_files

FOLDER = packaged_folder(load_card("value_portrait_sample"))
AUTHORED = json.loads((FOLDER / "authored.json").read_text(encoding="utf-8"))


def test_the_sample_that_ships_is_the_study_of_its_seed():
    for path, content in study_files(AUTHORED).items():
        shipped = (FOLDER / path).read_text(encoding="utf-8")
        made, kept = json.loads(content), json.loads(shipped)
        assert same(made, kept), path


def same(one: object, other: object) -> bool:
    """Equal, numbers to the last digits that another machine's arithmetic may round otherwise."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=1e-4, atol=1e-5))
    return one == other


def test_another_seed_is_another_study():
    assert (simulate(AUTHORED, 1).matrix() != simulate(AUTHORED, 2).matrix()).any()


def test_the_texts_are_there_in_full_and_balanced():
    assert len(AUTHORED) >= 24
    assert all(len(query["responses"]) == 5 for query in AUTHORED)
    loadings = [response["loadings"] for query in AUTHORED for response in query["responses"]]
    strongest = [max(SCHWARTZ, key=lambda n: load.get(n, 0)) for load in loadings]
    assert {strongest.count(name) for name in SCHWARTZ} == {12}


def test_tags_find_the_planted_values():
    """Of the items tagged with a value, most have it planted at .5 or more."""
    instrument = load_instrument("sample")
    loadings = [response["loadings"] for query in AUTHORED for response in query["responses"]]
    planted = np.array([[load.get(name, 0) >= 0.5 for load in loadings] for name in SCHWARTZ])
    tagged = instrument.tagged()[: len(SCHWARTZ)]
    assert planted[tagged].mean() > 0.4
    assert (tagged[planted]).mean() > 0.7
    assert instrument.tagged().any(axis=1).sum() == len(ALL_DIMENSIONS)
