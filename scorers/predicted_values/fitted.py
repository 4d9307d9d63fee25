"""The model fitted to the people who rated an instrument's items, where their ratings are here."""

from collections.abc import Sequence
from functools import lru_cache

from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import CARDS, load_human_ratings, sample_queries
from ratings.sources.cards import load_card
from ratings.sources.fetch import verify
from scorers.predicted_values.model import ValueModel, fit_people
from scorers.predicted_values.people import parts_of


def fitted_to(samples: Sequence[str], clusters: Sequence[str]) -> ValueModel | None:
    """The model of the instrument whose items all samples are; None where there is none.

    Nothing is downloaded.

    Args:
        samples: ids of items.
        clusters: the query of each.
    """
    for data in CARDS:
        queries = sample_queries(data)
        if queries is not None and all(
            queries.get(sample) == cluster
            for sample, cluster in zip(samples, clusters, strict=True)
        ):
            return fitted_model(data)
    return None


@lru_cache(maxsize=2)
def fitted_model(data: str) -> ValueModel | None:
    """The model of an instrument's people; None where a file of their ratings is not at hand."""
    files = verify(load_card(CARDS[data]), ["items", "human_ratings"])
    if any(file.state != "good" for file in files):
        return None
    return fit_people(parts_of(load_human_ratings(data), SCHWARTZ))
