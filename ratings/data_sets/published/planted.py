"""Simulated raters whose every distribution is known: what a description tells is planted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.data_set import DataSet
from ratings.errors import unknown_name
from ratings.sources.cards import load_card
from ratings.sources.fetch import fetch
from ratings.table import RatingTable

CARD = "planted"
CHOICES = ("strongly disagree", "disagree", "neither", "agree", "strongly agree")
TASK = "A rater reads a statement about everyday life and says how far the rater agrees with it."
STANCES = (-1, 0, 1)
_PHRASES = {
    -1: "Thinks little of {value}.",
    0: "Has mixed feelings about {value}.",
    1: "Holds {value} dear.",
}
REGIONS = ("north", "south")
# Chances of the three stances, the same for all values in turn and mirrored for the other region.
_STANCE_CHANCES = np.array([[0.15, 0.35, 0.5], [0.5, 0.35, 0.15]])
_SCORES = np.linspace(-1, 1, len(CHOICES))
KINDS = ("none", "demographics", "measured", "groundtruth")


@dataclass(frozen=True, eq=False)
class Planted:
    """A data set of simulated raters with the distributions that its ratings were drawn from.

    Attributes:
        data: the data set.
        stances: R x V, -1, 0 or 1: each rater's stance towards each value.
        given: I x T x K, the distribution of each statement given each of the three stances.
    """

    data: DataSet
    stances: IntArray
    given: FloatArray

    def probabilities(self, kind: str, raters: IntArray, instances: IntArray) -> FloatArray:
        """The true distributions of N ratings given what is known of their raters, N x K.

        Args:
            kind: what is known: `none`, `demographics`, `measured` or `groundtruth`; the last
                two tell the stances.
            raters: N positions in the table.
            instances: N positions in the table.

        Raises:
            UnknownNameError: for another kind.
        """
        chances = self._stance_chances(kind)[raters, self._values()[instances]]
        chances_given: FloatArray = np.einsum("nt,ntk->nk", chances, self.given[instances])
        return chances_given

    def information(self, kind: str) -> float:
        """The information that the kind carries about a rating, in nats, in the population.

        Over raters as they are drawn and all statements alike: H(Y|X) - H(Y|X, given).
        """
        marginal = np.einsum("t,itk->ik", _STANCE_CHANCES.mean(axis=0), self.given)
        return _entropy(marginal) - self._entropy_given(kind)

    def _entropy_given(self, kind: str) -> float:
        if kind in ("measured", "groundtruth"):
            weights = _STANCE_CHANCES.mean(axis=0)
            return float(np.sum([w * _entropy(self.given[:, t]) for t, w in enumerate(weights)]))
        if kind == "demographics":
            of_region = np.einsum("gt,itk->gik", _STANCE_CHANCES, self.given)
            return float(np.mean([_entropy(of) for of in of_region]))
        return _entropy(np.einsum("t,itk->ik", _STANCE_CHANCES.mean(axis=0), self.given))

    def _stance_chances(self, kind: str) -> FloatArray:
        """R x V x T: chances of the three stances of a rater, given what is known."""
        raters, values = self.stances.shape
        if kind == "none":
            return np.broadcast_to(_STANCE_CHANCES.mean(axis=0), (raters, values, len(STANCES)))
        if kind == "demographics":
            region = pd.Categorical(self.data.table.raters["region"], REGIONS).codes
            return _chances_by_value(np.asarray(region), values)
        if kind in ("measured", "groundtruth"):
            return np.eye(len(STANCES))[self.stances + 1]
        raise unknown_name("kind", kind, KINDS)

    def _values(self) -> IntArray:
        return pd.factorize(self.data.table.instances["value"])[0].astype(np.intp)


def plant(raters: int = 400, ratings: int = 24, strength: float = 2.0, seed: int = 0) -> Planted:
    """Simulated raters of the packaged statements.

    Args:
        raters: R.
        ratings: that each of them gives, at most as many as there are statements.
        strength: how far a stance moves the choice, in logits between the outermost choices and
            the middle one; with 0 nothing is to be learned about a rater.
        seed: of every draw but the statements' own leanings, which stay the same.
    """
    card = load_card(CARD)
    frame = pd.read_csv(fetch(card, ["statements"])["statements.csv"], index_col="instance")
    values = list(dict.fromkeys(frame["value"]))
    given = _distributions(frame["direction"].to_numpy(), strength)
    rng = np.random.default_rng([seed, 4])
    region = rng.integers(len(REGIONS), size=raters)
    chances = _chances_by_value(region, len(values))
    stances = (rng.random((raters, len(values), 1)) > chances.cumsum(axis=2)).sum(axis=2) - 1
    of = pd.factorize(frame["value"])[0]
    drawn = rng.random((raters, len(frame), 1))
    chosen = given[np.arange(len(frame)), stances[:, of] + 1].cumsum(axis=2)
    positions = 1 + (drawn > chosen).sum(axis=2).clip(max=len(CHOICES) - 1)
    rank = rng.random((raters, len(frame))).argsort(axis=1).argsort(axis=1)
    table = RatingTable.from_positions(
        np.where(rank < ratings, positions, 0).astype(np.int8),
        raters=_raters(region, stances, values),
        instances=frame,
        choices=CHOICES,
    )
    data = DataSet(
        name=CARD,
        table=table,
        task=TASK,
        ordered=True,
        demographics=("region",),
        measured={"stances": tuple(values)},
        descriptions={value: f"stance towards {value}, -1 to 1" for value in values},
        groundtruth="profile",
        groups="value",
        card=card,
    )
    return Planted(data, stances.astype(np.intp), given)


def load_planted() -> DataSet:
    """The simulated raters as the data set `planted`."""
    return plant().data


def _raters(region: IntArray, stances: IntArray, values: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(stances.astype(float), columns=list(values))
    frame.insert(0, "region", np.array(REGIONS)[region])
    frame["profile"] = [
        " ".join(_PHRASES[int(s)].format(value=v) for v, s in zip(values, row, strict=True))
        for row in stances
    ]
    return frame.set_axis([f"rater{number:04d}" for number in range(len(frame))])


def _chances_by_value(region: IntArray, values: int) -> FloatArray:
    """R x V x T; every other value is held dear in the other region."""
    side = (np.asarray(region)[:, None] + np.arange(values)) % len(REGIONS)
    chances: FloatArray = _STANCE_CHANCES[side]
    return chances


def _distributions(direction: IntArray, strength: float) -> FloatArray:
    """I x T x K; what the statements lean to is the same for every seed."""
    rng = np.random.default_rng(0)
    lean, spread = rng.normal(0, 0.5, size=(2, len(direction), 1, 1))
    pull = strength * direction[:, None, None] * np.array(STANCES)[None, :, None]
    logits = (lean + pull) * _SCORES + spread * (_SCORES**2 - 0.5)
    odds = np.exp(logits)
    shares: FloatArray = odds / odds.sum(axis=2, keepdims=True)
    return shares


def _entropy(distributions: FloatArray) -> float:
    return float(-(distributions * np.log(distributions)).sum(axis=-1).mean())
