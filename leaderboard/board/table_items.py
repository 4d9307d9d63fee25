"""The items of an instrument, with what people and models answered."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from leaderboard.board.table_profile import ratings_cube
from ratings.arrays import FloatArray
from ratings.errors import DataError
from ratings.output.text import shortened
from ratings.sources.cards import load_card
from scorers.intervals.means import mean_of_present
from scorers.psychometrics.item_discrimination import separating_items
from scorers.scores.data_at_hand import People
from scorers.scores.manifests import Manifest, named_object
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import TAGGED, shared_layout

_LONGEST = 500  # characters of a query, and of a response
_DECIMALS = 4


def item_texts(manifest: Manifest, key: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Query and response of each item, where the card's licence and terms allow passing them on.

    Nothing is downloaded: without the files there are no texts. An item that is one text has it as
    its response and an empty query.
    """
    data = next((name for name, one in manifest.cards.items() if one == key["card"]), None)
    if manifest.texts is None or data is None:
        return {}
    try:
        card = load_card(key["card"])
        if not card.may_be_passed_on or card.revision != key["card_revision"]:
            return {}
        found: Mapping[str, Mapping[str, str] | str] | None = named_object(manifest.texts)(data)
    except DataError:
        return {}
    out = {}
    for instance, text in (found or {}).items():
        parts = {"query": "", "response": text} if isinstance(text, str) else text
        out[instance] = {name: shortened(part, _LONGEST) for name, part in parts.items()}
    return out


def table_items(
    grids: Sequence[ResponseMatrix],
    ids: Sequence[str],
    models: Sequence[int],
    people: tuple[str, People] | None,
    manifest: Manifest,
    scores: Sequence[str],
    texts: Mapping[str, Mapping[str, str]],
) -> list[dict[str, Any]]:
    """Every item of a table's runs, in the order of their ids; none without prompt variants.

    Args:
        grids: answers of M runs.
        ids: M ids of their rows.
        models: positions of the runs that are compared with people and told apart.
        people: the id of people's row and their ratings, where there are any.
        manifest: of the benchmark.
        scores: names of the table's scores.
        texts: query and response of items, by instance.
    """
    if manifest.answers.layout != "variants":
        return []
    asked = shared_layout(grids)
    cube = ratings_cube(grids, asked.samples)
    means = mean_of_present(cube, axis=1)
    apart = separating_items(cube[list(models)])
    of_models = mean_of_present(means[list(models)], axis=0)
    raters, rated = list(ids), means
    gaps = np.full(len(asked.samples), np.nan)
    histograms = None
    if people is not None:
        raters, rated = [*ids, people[0]], np.vstack([means, people[1].means])
        gaps = of_models - people[1].means
        histograms = _histograms(people[1].ratings, manifest)
    columns = rated.T.round(_DECIMALS).tolist()
    return [
        {
            "instance": sample,
            "cluster": str(asked.clusters[i]),
            "text": texts.get(sample),
            "scores": [name for name in asked.attributes[i]["tags"] if name in scores],
            "people": None
            if people is None or histograms is None
            else {
                "histogram": histograms[i],
                "mean": float(people[1].means[i]),
                "people": sum(histograms[i]),
            },
            "ratings": dict(zip(raters, columns[i], strict=True)),
            "separating": float(apart[i]),
            "gap": float(gaps[i]),
        }
        for i, sample in enumerate(asked.samples)
    ]


def _histograms(ratings: FloatArray, manifest: Manifest) -> list[list[int]]:
    """Of each of I items how many of R people gave each point of the scale."""
    low, high = next(f.ratings for f in manifest.scores.values() if f.estimator in TAGGED)
    points = np.arange(low, high + 1)
    counts = (ratings[:, :, None] == points).sum(axis=0)
    return [[int(count) for count in row] for row in counts]
