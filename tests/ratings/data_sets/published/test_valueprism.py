import datasets
import huggingface_hub
import pandas as pd
import pytest
from click.testing import CliRunner

from evals.cli.data import fetch_files
from ratings.data_sets.digest import data_sha256
from ratings.data_sets.from_hub import fetch_from_hub
from ratings.data_sets.published.valueprism import load_valueprism
from ratings.errors import DataError, DataMissingError, TermsError
from ratings.sources.cards import load_card
from ratings.sources.fetch import accept

FILE = "full/full.csv"
SITUATIONS = ["Feeding the cat", "Reading a friend's diary", "Skipping lunch", "Napping", "Rowing"]
KINDNESS = ["Supports", "Opposes", "Either", "either", "Supports"]


def table() -> pd.DataFrame:
    rows = [("Value", "Kindness", s, v) for s, v in zip(SITUATIONS, KINDNESS, strict=True)]
    rows += [("Duty", "Kindness", s, "Opposes") for s in SITUATIONS[1:]]
    rows += [("Right", "Right to rest", s, "Supports") for s in SITUATIONS[:3]]
    rows += [("Value", "Kindness", "Rowing", "Opposes"), ("Value", "Kindness", None, "Either")]
    frame = pd.DataFrame(rows, columns=["vrd", "text", "situation", "valence"])
    return frame.assign(explanation="Because, as they say, it is so.")


def test_each_value_right_or_duty_is_a_rater_with_its_words_as_profile(put):
    put("valueprism", {FILE: table().to_csv(index=False)})
    data = load_valueprism()
    # the right has three ratings; what is said twice counts once, the first time
    assert data.table.raters["profile"].tolist() == ["Value: Kindness", "Duty: Kindness"]
    assert data.groundtruth == "profile"
    assert data.table.instances["text"].tolist() == SITUATIONS
    assert data.table.choices[0] == ("Immoral", "Context-dependent", "Moral")
    assert data.table.positions().tolist() == [[3, 1, 2, 2, 3], [0, 1, 1, 1, 1]]
    assert data.demographics == ()


def test_situations_that_nobody_left_rated_are_left_out(put):
    frame = table()
    frame = frame[frame["vrd"].ne("Value") | frame["situation"].ne("Feeding the cat")]
    put("valueprism", {FILE: frame.to_csv(index=False)})
    assert load_valueprism().table.instances["text"].tolist() == SITUATIONS[1:]


def test_a_file_that_is_broken_is_named_with_its_column(put):
    folder = put("valueprism", {FILE: table().rename(columns={"vrd": "kind"}).to_csv(index=False)})
    with pytest.raises(DataError) as caught:
        load_valueprism()
    assert str(caught.value) == f"{folder / FILE} lacks the column 'vrd'"


def test_the_error_names_where_the_file_goes_and_what_to_accept(tmp_path, monkeypatch):
    page = "https://huggingface.co/datasets/allenai/ValuePrism"
    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    with pytest.raises(DataMissingError) as caught:
        load_valueprism()
    assert str(caught.value) == (
        f"valueprism: get full.csv from {page} and put it at VALUEGAUGE_DATA/valueprism/full/"
        "full.csv (VALUEGAUGE_DATA is not set); the card's prose says more. Or accept the "
        "conditions there, log in with `hf auth login` and run `valuegauge data fetch valueprism "
        "--accept-terms`"
    )
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    with pytest.raises(DataMissingError, match=f"put it at {tmp_path}/valueprism/full/full.csv;"):
        load_valueprism()
    path = tmp_path / "valueprism" / FILE
    path.parent.mkdir(parents=True)
    table().to_csv(path, index=False)
    with pytest.raises(TermsError, match="valuegauge data fetch valueprism --accept-terms"):
        load_valueprism()


COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def hub(monkeypatch):
    """The hub with one commit of ValuePrism; counts the downloads."""
    loaded = []

    class Info:
        sha = COMMIT

    def load(dataset, config, split, revision):
        assert (dataset, config, split) == ("allenai/ValuePrism", "full", "train")
        loaded.append(revision)
        return datasets.Dataset.from_pandas(table())

    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    monkeypatch.setattr(huggingface_hub.HfApi, "dataset_info", lambda *_, **__: Info())
    monkeypatch.setattr(datasets, "load_dataset", load)
    return loaded


def test_it_is_fetched_from_the_hub_once_and_read_at_that_commit(hub, monkeypatch, put):
    card = load_card("valueprism")
    with pytest.raises(TermsError):
        fetch_from_hub(card)
    accept(card)
    done = CliRunner().invoke(fetch_files, ["valueprism", "--json"], standalone_mode=False)
    assert done.exception is None
    assert done.stderr == f"valueprism: at commit {COMMIT} of {card.by_request}\n"
    data = load_valueprism()
    assert (data.commit, hub) == (COMMIT, [COMMIT])
    # a newer commit changes nothing, and no network is needed
    monkeypatch.setattr(huggingface_hub.HfApi, "dataset_info", None)
    assert fetch_from_hub(card)[1] == COMMIT
    assert hub == [COMMIT]
    put("valueprism", {FILE: table().to_csv(index=False)})
    by_hand = load_valueprism()
    assert by_hand.commit is None
    assert data_sha256(by_hand) == data_sha256(data)


def test_who_may_not_read_it_is_shown_what_to_do(hub, monkeypatch):
    card = load_card("valueprism")
    accept(card)

    def refuse(*_, **__):
        raise datasets.exceptions.DatasetNotFoundError("'allenai/ValuePrism' is a gated dataset")

    monkeypatch.setattr(datasets, "load_dataset", refuse)
    with pytest.raises(DataMissingError) as caught:
        fetch_from_hub(card)
    assert str(caught.value) == (
        "allenai/ValuePrism is given only to people who accept its conditions: accept them at "
        "https://huggingface.co/datasets/allenai/ValuePrism, log in with `hf auth login`, and try "
        "again; a file got by hand goes to VALUEGAUGE_DATA/valueprism/full/full.csv"
    )
    with pytest.raises(DataMissingError, match="valuegauge data fetch valueprism"):
        load_valueprism()
