"""Questions which of two profiles a predicted distribution belongs to.

Value Profiles, section 7: for each instance the two profiles whose distributions differ most.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.value_profiles._material import PLANTED, Material
from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.published.planted import plant
from ratings.errors import DataError
from ratings.representations.profile_distributions import (
    ProfileDistributions,
    read_profile_distributions,
)
from ratings.sources.locations import resolve_from_start
from scorers.information.uncertainty import jensen_shannon

PROFILES = 100
_DIGITS = 9  # divergences that differ by less are the same but for rounding


@dataclass(frozen=True)
class PairQuestion:
    """An instance, two profiles in the order shown, and which of them X belongs to.

    Attributes:
        instance: position among the instances of the distributions.
        profiles: positions of the profiles shown first and second.
        x: 0 where X is predicted for the first of them, 1 for the second.
    """

    instance: int
    profiles: tuple[int, int]
    x: int


def load_distributions(path: str | None, material: Material) -> ProfileDistributions:
    """The distributions of a file, or of the simulated raters.

    Raises:
        DataError: when there are none, or they are of other data.
    """
    if path is None:
        card = material.data.card
        if card is None or card.id != PLANTED:
            raise DataError(
                f"tell_profiles_apart needs -T distributions=FILE for {material.data.name}; "
                f"`valuegauge vinfo` writes one, and only data={PLANTED} has its own"
            )
        return planted_distributions(material.setup.seed)
    file = resolve_from_start(path)
    found = read_profile_distributions(file)
    if found.data != material.data.name:
        raise DataError(
            f"{file} has distributions of {found.data}, and the run is on {material.data.name}: "
            f"name it with -T data={found.data}"
        )
    known = set(material.instances.names)
    for name in found.instances:
        if name not in known:
            raise DataError(f"{file}: {found.data} has no instance {name!r}")
    return found


def planted_distributions(seed: int) -> ProfileDistributions:
    """The true distributions of the simulated raters given the profiles of 100, drawn by a seed."""
    planted = plant()
    data = planted.data
    texts = data.table.raters[str(data.groundtruth)].astype(str)
    first = np.unique(texts.to_numpy(dtype=str), return_index=True)[1]
    drawn = np.random.default_rng([seed, 6]).permutation(first)[:PROFILES].astype(np.intp)
    count = len(data.table.instances)
    pairs = np.indices((count, len(drawn))).reshape(2, -1)
    rows = planted.probabilities("groundtruth", drawn[pairs[1]], pairs[0].astype(np.intp))
    return ProfileDistributions(
        data=data.name,
        representation="groundtruth",
        family="planted",
        seed=seed,
        profiles=tuple(texts.iloc[drawn]),
        instances=tuple(map(str, data.table.instances.index)),
        probabilities=rows.reshape(count, len(drawn), -1),
    )


def draw_questions(found: ProfileDistributions, seed: int) -> list[PairQuestion]:
    """A question for each instance, in random order: the two profiles that differ most there.

    Pairs whose distributions look the same in whole per cent, or whose texts are the same, are no
    question; an instance that has no others is left out. Of every four questions in a row, each of
    the four orders (which profile first, which distribution X) is one.

    Source: Value Profiles, section 7.

    Args:
        found: distributions given profiles.
        seed: of the order of the instances, of ties and of the orders shown.

    Raises:
        DataError: when no two profiles differ anywhere.
    """
    rng = np.random.default_rng([seed, 7])
    pairs = np.stack(np.triu_indices(len(found.profiles), 1))
    texts = np.array(found.profiles)
    pairs = pairs[:, texts[pairs[0]] != texts[pairs[1]]]
    order = rng.permutation(len(found.instances)).tolist()
    unlike = ((i, _most_unlike(found.probabilities[i], pairs, rng)) for i in order)
    drawn = [(i, pair) for i, pair in unlike if pair is not None]
    if not drawn:
        raise DataError("no two profiles have distributions that differ: there is nothing to tell")
    blocks = [rng.permutation(4) for _ in range(-(-len(drawn) // 4))]
    orders = np.concatenate(blocks).tolist()
    return [
        PairQuestion(i, (one, other) if shown % 2 else (other, one), shown // 2)
        for (i, (one, other)), shown in zip(drawn, orders, strict=False)
    ]


def _most_unlike(
    rows: FloatArray, pairs: IntArray, rng: np.random.Generator
) -> tuple[int, int] | None:
    """The pair, of 2 x P pairs of V profiles, whose rows of V x K differ most; ties at random."""
    shown = np.rint(100 * rows)
    one, other = pairs[:, (shown[pairs[0]] != shown[pairs[1]]).any(axis=1)]
    if not len(one):
        return None
    gaps = jensen_shannon(rows[one], rows[other]).round(_DIGITS)
    best = rng.choice(np.flatnonzero(gaps == gaps.max()))
    return int(one[best]), int(other[best])
