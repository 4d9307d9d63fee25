"""`humans/<slice>`: what people chose, one person a call, each of them once.

A slice answers each of the six variants of an item with another person's choice, so the slices
are rows of people beside the models. A slice is not a person: its items and variants are answered
by different people, who never saw the variants but one survey.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ModelUsage
from inspect_ai.tool import ToolChoice, ToolInfo

from providers._errors import user_errors
from ratings.errors import DataError, unknown_name
from ratings.instruments.value_portrait import CHOICES, VARIANTS, load_human_ratings

KEYS = {"data", "instance", "variant"}


class HumansAPI(ModelAPI):
    """People who rated the items. `-M seed=1` draws their order anew."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - the signature is Inspect's
        seed: int = 0,
        **unknown: object,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        with user_errors():
            if unknown:
                raise unknown_name("argument of humans", next(iter(unknown)), ["seed"])
            if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
                raise DataError(f"the seed of humans must be a whole number, found {seed!r}")
            self._slice = read_slice(model_name)
        self._seed = seed

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The choice of the person whose turn it is; empty where the item has no more people."""
        asked = input[-1].metadata or {}
        if not set(asked) >= KEYS:
            raise DataError(f"humans/{self.model_name} answers items of value_portrait only")
        ratings = ratings_in_order(asked["data"], self._seed)
        self._refuse_too_far(ratings)
        rating = rating_of(ratings[asked["instance"]], self._slice, asked["variant"])
        output = ModelOutput.from_content(
            self.model_name, "" if rating is None else CHOICES[rating - 1]
        )
        output.usage = ModelUsage()
        return output

    def should_retry(self, ex: BaseException) -> bool:
        """Never: what people chose does not change by asking again."""
        return False

    def max_connections(self) -> int:
        """Many: nothing is called."""
        return 1000

    def _refuse_too_far(self, ratings: Mapping[str, tuple[int, ...]]) -> None:
        most = max(len(of_item) for of_item in ratings.values())
        if self._slice * len(VARIANTS) >= most:
            last = (most - 1) // len(VARIANTS)
            raise DataError(
                f"humans/{self.model_name}: no item was rated by more than {most} people; slices "
                f"go from 0 to {last}"
            )


def read_slice(name: str) -> int:
    """The number of a slice, from what stands after the slash.

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

    The order hangs on the seed and the item alone, so every slice sees the same.

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
