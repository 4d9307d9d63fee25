"""What one run asks about: the data set, its split, and what is given about each rater."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from benchmarks._arguments import check_text, check_whole_number
from ratings.arrays import IntArray
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.digest import data_sha256
from ratings.data_sets.instances import Instances, instances_of
from ratings.data_sets.published.planted import CARD
from ratings.data_sets.registry import lasting
from ratings.errors import DataError
from ratings.prepared import PreparedSplit, load_prepared
from ratings.representations.names import NONE, Representation, parse_representation
from ratings.representations.rater_context import RaterContext

DATA = "value_portrait_humans"
# Simulated raters, made on the spot: the data set that needs no download.
PLANTED = CARD


@dataclass(frozen=True)
class Setup:
    """Arguments that say who is asked about and what is given about them.

    Attributes:
        data: name of a data set, or the absolute path of one's own ratings.
        seed: of the split.
        representation: what is given about a rater, by its name.
    """

    data: str
    seed: int
    representation: str = NONE.name

    def as_metadata(self) -> dict[str, Any]:
        """The setup as plain data, for the metadata of a sample."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Material:
    """A data set with the split of a setup, and what is given about each of its R raters."""

    setup: Setup
    prepared: PreparedSplit
    notes: tuple[str, ...]
    instances: Instances
    representation: Representation
    given: RaterContext

    @property
    def data(self) -> DataSet:
        """The data set: raters with at least four ratings."""
        return self.prepared.data

    def rater(self, index: int) -> str:
        """Name of the rater at an index."""
        return str(self.data.table.raters.index[index])

    def in_random_order(self, raters: IntArray) -> IntArray:
        """Some raters in an order drawn by the seed, so that the first few are a random part."""
        drawn: IntArray = np.random.default_rng([self.setup.seed, 5]).permutation(raters)
        return drawn

    def as_metadata(self, template_sha256: str) -> dict[str, Any]:
        """What the log says of the task; a data set without a card is identified by a hash."""
        card = self.data.card
        return {
            "card": card.id if card else self.data.name,
            "card_revision": card.revision if card else data_sha256(self.data)[:16],
            "synthetic": self.data.synthetic,
            "data_set": self.data.name,
            **({"data_commit": self.data.commit} if self.data.commit else {}),
            "notes": list(self.notes),
            "template_sha256": template_sha256,
        }


@lru_cache(maxsize=4)
def load_material(setup: Setup) -> Material:
    """The data of a setup; loaded once a process.

    Raises:
        UnknownNameError: when no data set, or kind of representation, has that name.
        DataError: when data or profiles are missing, or not what they should be.
    """
    prepared, notes = load_prepared(setup.data, setup.seed)
    representation = parse_representation(setup.representation)
    given = prepared.given(representation)
    return Material(setup, prepared, notes, instances_of(prepared.data), representation, given)


def material_of(metadata: Mapping[str, Any]) -> Material:
    """The data of a sample, by what its metadata says."""
    return load_material(Setup(**metadata["setup"]))


def check_data(value: object) -> str:
    """Name of a data set; a path becomes absolute, because Inspect changes the folder.

    An address on the hub gets the commit that it means now, which answers are read with later.

    Raises:
        DataError: when it is not text.
    """
    data = check_text("data", value)
    if not data:
        raise DataError(
            "data must be the name of a data set, or the path or address of a table of ratings"
        )
    return lasting(data)


def check_seed(value: object) -> int:
    """Seed of a split.

    Raises:
        DataError: for anything but a whole number from 0.
    """
    return check_whole_number("seed", value, 0, 2**32 - 1)
