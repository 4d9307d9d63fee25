"""Answers of a model whose view of groups is known: as people's, none, or three times theirs.

A persona moves each item by what its values say, and by a part that is its own, drawn for the query
and for the item: on other items of the kind it would be another. So differences follow people's
beyond these items, and differ from them on these. Askings scatter.
"""

from dataclasses import dataclass

import numpy as np

from evals.studies.personas.human import GroupFigures, printed_figures
from evals.studies.personas.prompts import load_personas
from evals.studies.system_prompts.differences import PromptDifferences, differences_of
from leaderboard.published.figures import published_lines
from ratings.arrays import FloatArray
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.instruments.value_portrait import VARIANTS, load_instrument
from scorers.amplification.differences import GroupDifferences
from scorers.scores.responses import ResponseMatrix

GROUPINGS = ("Gender", "Age", "Political orientation", "Education")
PROMPTS = load_personas(groupings=GROUPINGS)
GROUPS = [(one.grouping, one.name) for one in PROMPTS]
TRUTH = printed_figures(published_lines("personas"), "human", SCHWARTZ).of(GROUPS, SCHWARTZ).values


@dataclass(frozen=True)
class Simulated:
    """Answers of one seed.

    Attributes:
        found: differences as the study has them.
        on_items: B x 10, what they would be without the scatter of asking.
        human: figures of people, as a survey would find them.
    """

    found: PromptDifferences
    on_items: FloatArray
    human: GroupFigures


def simulated(
    follows: float,
    seed: int,
    *,
    own: float = 0.15,
    asking: float = 0.5,
    shift: float = 0.3,
    human_error: float = 0.02,
) -> Simulated:
    """A model's answers and a survey's.

    Args:
        follows: how many times people's differences the model's are.
        seed: of all draws.
        own: standard deviation of what a persona does to a query, and to an item, of its own.
        asking: of answers to one item under several variants.
        shift: of what any persona does to each value.
        human_error: of the survey's figures.
    """
    instrument = load_instrument()
    random = np.random.default_rng(seed)
    rows = [ALL_DIMENSIONS.index(name) for name in SCHWARTZ]
    tags = instrument.tagged()[rows]
    queries, number = np.unique(instrument.items["query"].to_numpy(str), return_inverse=True)
    wanted = follows * TRUTH + random.normal(0, shift, len(SCHWARTZ))
    solved = np.linalg.pinv(_score_rows(tags)) @ wanted.T  # items x B
    base = random.normal(3.5, 0.7, len(number))
    parts = random.normal(0, own, (len(PROMPTS) + 1, len(queries)))[:, number]
    parts += random.normal(0, own, parts.shape)
    means = base + np.vstack([np.zeros(len(number)), solved.T]) + parts
    grids = [
        _grid(mean[:, None] + random.normal(0, asking, (len(mean), len(VARIANTS))), tags)
        for mean in means
    ]
    found = differences_of(grids, PROMPTS, ["schwartz"])
    exact = differences_of(
        [_grid(np.repeat(mean[:, None], 2, axis=1), tags, VARIANTS[:2]) for mean in means],
        PROMPTS,
        ["schwartz"],
    )
    observed = TRUTH + random.normal(0, human_error, TRUTH.shape)
    errors = np.full(TRUTH.shape, human_error)
    human = GroupFigures(
        tuple(GROUPS), SCHWARTZ, GroupDifferences.known(observed, errors), {}, "made up", ()
    )
    return Simulated(found, exact.values, human)


def _score_rows(tags: np.ndarray) -> FloatArray:
    """D x I, what each rating adds to each centred score."""
    means = tags / tags.sum(axis=1, keepdims=True)
    counted = tags.any(axis=0)
    rows: FloatArray = means - counted / counted.sum()
    return rows


def _grid(
    ratings: FloatArray, tags: np.ndarray, columns: tuple[str, ...] = VARIANTS
) -> ResponseMatrix:
    items = load_instrument().items
    return ResponseMatrix(
        samples=items.index.tolist(),
        epochs=[1] * len(items),
        clusters=items["query"].tolist(),
        columns=list(columns),
        ratings=ratings,
        right=None,
        statuses=np.full(ratings.shape, "ok"),
        attributes=[
            {"tags": [name for name, on in zip(SCHWARTZ, mine, strict=True) if on]}
            for mine in tags.T
        ],
    )
