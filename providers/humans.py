"""`humans/<slice>`: what people chose, one person a call, each of them once.

A slice answers each of the six variants of an item with another person's choice, so the slices
are rows of people in a table of models. A slice is not a person: its items and variants are
answered by different people, who never saw the variants but one survey.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import ClassVar

import numpy as np
from inspect_ai.model import ChatMessage, GenerateConfig

from providers.offline_model import OfflineModel, Option, is_whole
from ratings.asked import AskedItem
from ratings.errors import DataError
from ratings.instruments.value_portrait import VARIANTS, load_human_ratings, load_instrument


class HumansAPI(OfflineModel):
    """People who rated the items. `-M seed=1` draws another order of them."""

    provider = "humans"
    options: ClassVar = {
        "seed": Option(0, lambda seed: is_whole(seed) and seed >= 0, "a whole number")
    }

    def load(self) -> None:
        """Read the number of the slice."""
        self._slice = read_slice(self.model_name)

    def answer(self, messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
        """The choice of the person whose turn it is; empty where the item has no more people."""
        asked = self.asked(messages, AskedItem)
        ratings = ratings_in_order(asked.data, self.given["seed"])
        self._refuse_too_far(ratings)
        rating = rating_of(ratings[asked.instance], self._slice, asked.variant)
        return "" if rating is None else load_instrument(asked.data).choices[rating - 1]

    def _refuse_too_far(self, ratings: Mapping[str, tuple[int, ...]]) -> None:
        most = max(len(of_item) for of_item in ratings.values())
        if self._slice * len(VARIANTS) >= most:
            last = (most - 1) // len(VARIANTS)
            raise DataError(
                f"{self.name}: no item was rated by more than {most} people; slices go from 0 to "
                f"{last}"
            )


def read_slice(name: str) -> int:
    """The number of a slice, from what comes after the slash.

    Raises:
        DataError: for anything but a whole number from 0.

    >>> read_slice("3")
    3
    """
    if not name.isascii() or not name.isdigit():
        raise DataError(f"humans/{name}: a slice of people is a whole number from 0, as humans/0")
    return int(name)


def rating_of(ratings: tuple[int, ...], number: int, variant: str) -> int | None:
    """The rating that a slice gives an item in one variant; None where nobody is left.

    Args:
        ratings: those of the item, in the order of people.
        number: of the slice; each takes six people, one for each variant.
        variant: one of the six.

    >>> rating_of((1, 2, 3, 4, 5, 6, 5, 4), 1, "v1_reversed")
    4
    >>> rating_of((1, 2, 3, 4, 5, 6, 5, 4), 1, "v3") is None
    True
    """
    turn = number * len(VARIANTS) + VARIANTS.index(variant)
    return ratings[turn] if turn < len(ratings) else None


@lru_cache(maxsize=4)
def ratings_in_order(data: str, seed: int) -> Mapping[str, tuple[int, ...]]:
    """The ratings of each item, people in an order drawn for the item.

    The order depends on the seed and the item alone, so every slice sees the same.

    Raises:
        DataError: when the ratings are missing, changed or do not fit.
    """
    rows = load_human_ratings(data).ratings.sort_values(["instance", "rater"])
    return {
        str(instance): tuple(_order(seed, str(instance)).permutation(ratings).tolist())
        for instance, ratings in rows.groupby("instance", observed=True)["rating"]
    }


def _order(seed: int, instance: str) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}\0{instance}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
