"""The model fitted to the people who rated an instrument's items, where their ratings are here."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from ratings.errors import DataMissingError
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import CARDS, load_human_ratings, load_instrument
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
        try:
            queries = _queries(data)
        except DataMissingError:
            continue
        if all(queries.get(s) == query for s, query in zip(samples, clusters, strict=True)):
            return _fitted(data)
    return None


@lru_cache(maxsize=2)
def _queries(data: str) -> Mapping[str, str]:
    """The query of each item; an error, which is not kept, where a file is not at hand."""
    card = load_card(CARDS[data])
    for file in verify(card, ["items", "human_ratings"]):
        if file.state != "good":
            raise DataMissingError(f"{card.id}: {file.path} is not at hand")
    queries = load_instrument(data).items["query"]
    return {str(instance): str(query) for instance, query in queries.items()}


@lru_cache(maxsize=2)
def _fitted(data: str) -> ValueModel:
    return fit_people(parts_of(load_human_ratings(data), SCHWARTZ))
