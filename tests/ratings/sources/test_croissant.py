from dataclasses import replace

import pytest

from ratings.sources.cards import CardFile, card_ids, load_card
from ratings.sources.croissant import croissant

# Croissant wants a checksum of every file, and some sources tell only git's id of the content.
SUMMED = [n for n in card_ids() if all(f.algorithm == "sha256" for f in load_card(n).files())]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("card_id", SUMMED)
def test_every_card_with_checksums_exports_as_valid_croissant(card_id: str):
    import mlcroissant

    card = load_card(card_id)
    dataset = mlcroissant.Dataset(jsonld=croissant(card))
    assert dataset.metadata.name == card.id
    assert not dataset.metadata.ctx.issues.errors
    found = {file.id: file.sha256 for file in dataset.metadata.distribution}
    assert found == {file.path: file.digest for file in card.files()}


@pytest.mark.filterwarnings("ignore")
def test_mlcroissant_refuses_what_is_not_croissant():
    import mlcroissant

    broken = croissant(load_card("value_portrait_sample"))
    del broken["distribution"][0]["sha256"]
    with pytest.raises(mlcroissant.ValidationError):
        mlcroissant.Dataset(jsonld=broken)


def test_a_git_blob_id_is_not_passed_off_as_a_checksum():
    file = CardFile("a.csv", git_blob="ff")
    card = replace(load_card("value_portrait"), groups={"a": (file,)})
    (exported,) = croissant(card)["distribution"]
    assert "sha256" not in exported
    assert "contentSize" not in exported
    assert exported["description"] == "git blob ff"
