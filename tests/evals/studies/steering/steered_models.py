"""Simulated models that heed steering by a known amount, at the level of their answers."""

from dataclasses import dataclass

import numpy as np

from evals.studies.system_prompts.differences import PromptDifferences, differences_of
from evals.studies.system_prompts.prompts import SystemPrompt
from providers.respondents.persona_respondent import MIDDLE, expected_rating, leanings_for
from providers.respondents.respondent import peaked_profile
from ratings.arrays import FloatArray
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import VARIANTS, Instrument, load_instrument
from scorers.scores.responses import ResponseMatrix

NOISE = 0.7
PROMPTS = [SystemPrompt(name, "schwartz", name) for name in SCHWARTZ]
PLANTED = {
    "none": {name: {name: 0.0} for name in SCHWARTZ},
    "target": {name: {name: 0.5} for name in SCHWARTZ},
    "circle": {name: {k: 0.4 * v for k, v in peaked_profile(name).items()} for name in SCHWARTZ},
}


@dataclass(frozen=True, eq=False)
class Steered:
    """A model, not steered and steered towards each value.

    Attributes:
        instrument: whose items it is asked.
        leanings: 11 x I, what it thinks of each item.
        apart: standard deviation of what moves an item of its own under one prompt; a query's is
            as large.
    """

    instrument: Instrument
    leanings: FloatArray
    apart: float

    @classmethod
    def planted(cls, kind: str, data: str = "sample", apart: float = 0.3) -> "Steered":
        """One of `PLANTED`."""
        instrument = load_instrument(data)
        found = [np.full(len(instrument.items), MIDDLE)]
        spread = float(np.sqrt(NOISE**2 + 2 * apart**2))
        found += [leanings_for(instrument, PLANTED[kind][name], spread) for name in SCHWARTZ]
        return cls(instrument, np.array(found), apart)

    def asked(self, seed: int, *, again: bool) -> tuple[PromptDifferences, FloatArray]:
        """What steering is found to change, and what it does change, 10 x 10.

        Args:
            seed: of the draw.
            again: whether the same items are asked again (the truth is then that of these items),
                or other queries drawn.
        """
        rng = np.random.default_rng(seed)
        queries = self.instrument.items["query"].to_numpy()
        names = np.unique(queries)
        fixed = np.random.default_rng(0) if again else rng
        drawn = names if again else rng.choice(names, len(names))
        rows = [np.flatnonzero(queries == name) for name in drawn]
        items, query = np.concatenate(rows), np.repeat(np.arange(len(rows)), [*map(len, rows)])
        own = fixed.normal(0, self.apart, (len(self.leanings), len(items)))
        shared = fixed.normal(0, self.apart, (len(self.leanings), len(rows)))[:, query]
        leanings = self.leanings[:, items] + own + shared
        noise = NOISE * rng.standard_normal((*leanings.shape, len(VARIANTS)))
        ratings = np.clip(np.rint(leanings[..., None] + noise), 1, 6)
        found = differences_of(self._grids(ratings, items, query), PROMPTS, ["schwartz"])
        if again:
            expected, at, of = expected_rating(leanings, NOISE), items, query
        else:
            spread = float(np.sqrt(NOISE**2 + 2 * self.apart**2))
            expected = expected_rating(self.leanings, spread)
            at, of = np.arange(len(queries)), np.zeros(len(queries), dtype=int)
        true = differences_of(self._grids(expected[..., None], at, of), PROMPTS, ["schwartz"])
        return found, true.values

    def _grids(self, ratings: FloatArray, items: np.ndarray, query: np.ndarray) -> list:
        tagged = self.instrument.tagged()[: len(SCHWARTZ), items]
        tags = [[name for name, on in zip(SCHWARTZ, row, strict=True) if on] for row in tagged.T]
        columns = list(VARIANTS[: ratings.shape[2]])
        ids = [f"{i:04d}" for i in range(len(items))]
        return [
            ResponseMatrix.from_ratings(each, ids, query.astype(str).tolist(), columns, tags)
            for each in ratings
        ]
