"""What models are worth to people: quality, groups, topics, types, taste and the reply's text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.prism.codebook import CONVERSATION_TYPES, SURVEY
from ratings.prism.made.texts import topic_names
from ratings.prism.plan import Plan
from ratings.prism.truth import USUAL_CHARACTERS

# For each character, and for replies that have the feature; after Table 27 of the paper.
_TEXT_EFFECTS = {
    "characters": 0.027,
    "line_breaks": -10.8,
    "question_marks": 2.6,
    "enumeration": 7.2,
    "de_anthropomorphise": -2.3,
    "refusal": -9.0,
    "self_identification": -3.6,
    "empty": -40.0,
}


@dataclass(frozen=True, eq=False)
class Worth:
    """What each of K models is worth, and how each of R people scores."""

    models: tuple[str, ...]
    quality: FloatArray
    groups: dict[str, pd.DataFrame]
    topics: FloatArray
    types: FloatArray
    profiles: FloatArray
    taste: FloatArray
    of_groups: FloatArray
    favourite: IntArray
    text_effects: dict[str, float]
    centre: FloatArray
    spread: FloatArray
    grain: IntArray
    unmoved: FloatArray
    plan: Plan

    def value(
        self, person: IntArray, model: IntArray, topic: IntArray, kind: IntArray
    ) -> FloatArray:
        """N: what the reply is worth to the person, apart from its text."""
        known: FloatArray = (
            self.quality[model]
            + self.of_groups[person, model]
            + self.taste[person, model]
            + self.topics[topic, model]
            + self.types[kind, model]
        )
        return known

    def of_text(self, features: pd.DataFrame) -> FloatArray:
        """N: what the text of a reply adds."""
        effects = pd.Series(self.text_effects)
        added: FloatArray = features[effects.index].to_numpy(dtype=float) @ effects.to_numpy()
        return added - USUAL_CHARACTERS * self.text_effects["characters"]


def draw_worth(
    models: Sequence[str],
    survey: pd.DataFrame,
    importance: FloatArray,
    plan: Plan,
    rng: np.random.Generator,
) -> Worth:
    """Draw what models are worth to the R people of a survey."""
    people, count = len(survey), len(models)
    quality = plan.quality * rng.permutation(np.linspace(-1, 1, count))
    groups = _groups(models, plan, rng)
    of_groups = np.zeros((people, count))
    for column, table in groups.items():
        of_groups += table.reindex(survey[column].astype(str)).fillna(0.0).to_numpy()
    profiles = rng.standard_normal((count, importance.shape[1])) / np.sqrt(importance.shape[1])
    favourite = rng.integers(count, size=people)
    taste = plan.taste * rng.standard_normal((people, count))
    taste += plan.attributes * importance @ profiles.T
    taste[np.arange(people), favourite] += plan.loyalty
    width = plan.spread
    coarse = rng.random(people) < plan.coarse
    return Worth(
        models=tuple(models),
        quality=quality,
        groups=groups,
        topics=plan.topics * rng.standard_normal((len(topic_names()), count)),
        types=plan.types * rng.standard_normal((len(CONVERSATION_TYPES), count)),
        profiles=profiles,
        taste=taste,
        of_groups=of_groups,
        favourite=favourite,
        text_effects={name: plan.text * effect for name, effect in _TEXT_EFFECTS.items()},
        centre=plan.middle + plan.centre * rng.standard_normal(people),
        spread=np.exp(width * rng.standard_normal(people) - width**2 / 2),
        grain=np.where(coarse, rng.choice([5, 10], people), 1).astype(np.intp),
        unmoved=np.minimum(plan.unmoved * rng.exponential(size=people), 1.0),
        plan=plan,
    )


def _groups(models: Sequence[str], plan: Plan, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Some models for which genders differ, and others for which regions of birth do."""
    drawn = rng.permutation(len(models))[: 2 * plan.differing]
    sides = np.where(np.arange(plan.differing) % 2 == 0, 0.5, -0.5) * plan.groups
    by_gender, by_region = drawn[: plan.differing], drawn[plan.differing :]
    tables = {}
    for column, against, found in (
        ("gender", ("Male", "Female"), by_gender),
        ("location_special_region", ("US", "UK"), by_region),
    ):
        table = pd.DataFrame(0.0, index=list(SURVEY[column].categories), columns=list(models))
        for group, sign in zip(against, (1, -1), strict=True):
            table.loc[group, [models[n] for n in found]] = sign * sides[: len(found)]
        tables[column] = table
    return tables
