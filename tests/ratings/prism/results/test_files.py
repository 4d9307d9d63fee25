"""The files of PRISM's published results: names by their rule, and made ones in the same format."""

import hashlib
import pickle
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError, HashMismatchError, UnknownNameError
from ratings.prism.results import files
from ratings.prism.results.clusters import KINDS, cluster_file_name, read_clusters
from ratings.prism.results.files import CARD, card_of, result_file
from ratings.prism.results.welfare import EVERYONE, SCHEMES, read_welfare_file, welfare_file_name
from ratings.sources.cards import Card, load_card
from scorers.neighbourhoods.single_link import PAPER_THRESHOLDS
from tests.published import test_prism_neighbourhoods as neighbourhoods
from tests.published import test_prism_welfare as welfare

WELFARE = list(
    product(
        ("US", "UK"), (EVERYONE, "nonmale", "nonwhite", "below_45"), ("rating", "choice"),
        (False, True),
    )
)  # fmt: skip
CLUSTERS = list(product(KINDS, PAPER_THRESHOLDS))
TEXTS = {"opening_prompt": 8_011, "model_response": 68_371}


def made_welfare(path: Path, country: str) -> None:
    rng = np.random.default_rng(len(path.name))
    content = {
        f"{country.lower()}_{scheme}": rng.uniform(0.2, 0.5, 1_000).tolist() for scheme in SCHEMES
    }
    path.write_bytes(pickle.dumps(content, protocol=4))


def made_clusters(path: Path, texts: int) -> None:
    number = np.arange(texts)
    frame = pd.DataFrame(
        {
            "conversation_id": [f"c{n}" for n in number % 8_011],
            "user_id": [f"user{n}" for n in number % 1_396],
            "cluster_membership": number // 2,
        }
    )
    frame.to_csv(path, index=False)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    """A mirror with a made file in place of each published one, and the card with their hashes."""
    card = load_card(CARD)
    for file in card.files():
        (tmp_path / "prism" / file.path).parent.mkdir(parents=True, exist_ok=True)
    folder = tmp_path / "prism/results"
    for country, group, kind, imputed in WELFARE:
        name = welfare_file_name(country, group, kind, imputed)
        made_welfare(folder / "welfare" / name, country)
    for kind, threshold in CLUSTERS:
        made_clusters(folder / "clusters" / cluster_file_name(kind, threshold), TEXTS[kind])
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    groups = {}
    for group in card.groups:
        paths = {file: tmp_path / "prism" / file.path for file in card.files(group)}
        groups[group] = tuple(
            replace(file, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
            for file, path in paths.items()
            if path.is_file()
        )
    made = replace(card, groups={group: some for group, some in groups.items() if some})
    monkeypatch.setattr(files, "load_card", lambda _: made)
    return made


def test_the_card_has_every_file_by_the_rule_of_names_and_two_of_topics():
    named = {welfare_file_name(*one) for one in WELFARE} | {cluster_file_name(*c) for c in CLUSTERS}
    card = load_card(CARD)
    assert len(named) == 38
    assert {Path(file.path).name for file in card.files()} == named | {
        "opening_prompt_cluster_df_original.csv", "topic_regression_tests.csv",
    }  # fmt: skip
    for country in ("us", "uk"):
        assert len(card.files(f"welfare_{country}")) == 16
        assert all(f"welfare_{country}_" in file.path for file in card.files(f"welfare_{country}"))
    assert card.revision == load_card("prism").revision


@pytest.mark.parametrize(("country", "group", "kind", "imputed"), WELFARE)
def test_every_welfare_file_is_found_and_read(made: Card, country, group, kind, imputed):
    """The files that are not at hand among them; a made one is as large as a published one."""
    path = result_file(welfare_file_name(country, group, kind, imputed))
    assert path.stat().st_size == card_of(path.name).files()[0].bytes == 63_140
    table = read_welfare_file(path)
    assert len(table) == 7_000
    labels = table[["country", "group", "kind", "imputed"]].drop_duplicates().values.tolist()
    assert labels == [[country, group, kind, imputed]]


@pytest.mark.parametrize(("kind", "threshold"), CLUSTERS)
def test_every_file_of_clusters_is_found_and_read(made: Card, kind, threshold):
    table = read_clusters(result_file(cluster_file_name(kind, threshold)))
    assert table.columns.tolist() == ["conversation_id", "user_id", "cluster"]
    assert len(table) == TEXTS[kind]
    assert table["cluster"].max() == (TEXTS[kind] - 1) // 2


def test_the_tests_of_published_figures_run_on_every_file(made: Card):
    """They compare figures once the files are at hand; here that they get so far."""
    for country, kind, imputed in welfare.PANELS:
        outcome, table = welfare.panel(country, kind, imputed)
        assert outcome.shape == (7, 4, 1_000)
        assert len(table) == 28
        assert welfare.LIMITS[country, kind, imputed]
    for threshold in PAPER_THRESHOLDS:
        prompts = neighbourhoods.clusters("opening_prompt", threshold)
        assert neighbourhoods.counts(prompts).texts == 8_011
        assert neighbourhoods.PROMPTS[threshold]
        assert neighbourhoods.counts(neighbourhoods.clusters("model_response", threshold))
        assert neighbourhoods.REPLIES[threshold]


def test_a_file_with_another_content_is_not_used(made: Card, monkeypatch):
    monkeypatch.setattr(files, "load_card", load_card)
    with pytest.raises(HashMismatchError, match="is not the file of the card"):
        result_file("welfare_uk_rating.pickle")
    with pytest.raises(UnknownNameError, match="welfare_uk_ratings"):
        result_file("welfare_uk_ratings.pickle")


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("clusters.csv", "", "not named like"),
        ("local_clusters_opening_prompt_0-05.csv", "a,b\n1,2\n", "conversation_id"),
        (
            "local_clusters_opening_prompt_0-05.csv",
            "conversation_id,user_id,cluster_membership\nc1,u1,x\n",
            "not numbered from 0",
        ),
        (
            "local_clusters_opening_prompt_0-05.csv",
            "conversation_id,user_id,cluster_membership\nc1,u1,1\n",
            "not numbered from 0",
        ),
        (
            "local_clusters_model_response_0-2.csv",
            "conversation_id,user_id,cluster_membership\n",
            "not numbered from 0",
        ),
    ],
)
def test_a_malformed_file_of_clusters_is_refused_in_one_line(tmp_path, name, text, named):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(DataError, match=named) as caught:
        read_clusters(path)
    assert "\n" not in str(caught.value)
