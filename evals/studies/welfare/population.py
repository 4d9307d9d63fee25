"""One population: its people, its groups, and what models are worth to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.studies.preferences.study import subset_of
from ratings.arrays import BoolArray
from ratings.errors import DataError
from ratings.prism.container import Prism
from scorers.welfare.crossfit import LEAST
from scorers.welfare.matrix import CHOICE, RATING, WelfareMatrix
from scorers.welfare.plan import EVERYONE, Scheme, WelfarePlan


@dataclass(frozen=True, eq=False)
class Population:
    """The people of one population who have scored or seen a model.

    Attributes:
        name: of the subset.
        plan: groups and schemes.
        masks: members of each group, R.
        matrices: by kind, `rating` and `choice`.
        schemes: those whose pool has somebody.
        stakeholders: those groups that have somebody.
    """

    name: str
    plan: WelfarePlan
    masks: Mapping[str, BoolArray]
    matrices: Mapping[str, WelfareMatrix]
    schemes: Mapping[str, Scheme]
    stakeholders: tuple[str, ...]

    @classmethod
    def of(cls, prism: Prism, name: str, plan: WelfarePlan) -> "Population":
        """A subset of PRISM.

        Raises:
            DataError: when the subset is empty, or the pool that others are compared with is.
        """
        part = subset_of(prism, name)
        openers = part.openers()
        survey = part.survey[part.survey.index.isin(openers["user_id"])]
        people, masks = survey.index, plan.masks(survey)
        filled = {group for group, mask in masks.items() if mask.any()}
        schemes = {key: scheme for key, scheme in plan.schemes.items() if scheme.pool in filled}
        if plan.compared_with not in schemes:
            raise DataError(
                f"nobody of the population {name!r} is in the pool of {plan.compared_with!r}, "
                f"which other schemes are compared with"
            )
        return cls(
            name,
            plan,
            masks,
            {kind: WelfareMatrix.of(openers, kind, people) for kind in (RATING, CHOICE)},
            schemes,
            tuple(group for group in plan.stakeholders if group in filled),
        )

    @property
    def people(self) -> int:
        """R."""
        return len(self.matrices[RATING].people)

    def large(self, groups: Sequence[str], kind: str) -> tuple[str, ...]:
        """Those of some groups that have enough raters to be split in halves."""
        rated = self.matrices[kind].seen.any(axis=1)
        return tuple(group for group in groups if (self.masks[group] & rated).sum() >= LEAST)

    def members(self, groups: Sequence[str]) -> BoolArray:
        """Masks of some groups, G x R."""
        return np.stack([self.masks[group] for group in groups])

    def deciding(self) -> dict[str, Scheme]:
        """Schemes in which one of the plan's deciders decides alone.

        As many decide as in the scheme that others are compared with. One that the plan has
        keeps its name.
        """
        people = self.plan.schemes[self.plan.compared_with].people
        known = {scheme: name for name, scheme in self.schemes.items()}
        wanted = [Scheme(group, people) for group in self.plan.deciders if self.masks[group].any()]
        return {known.get(scheme, f"{scheme.pool} {people}"): scheme for scheme in wanted}

    def left_out(self) -> tuple[str, ...]:
        """A note on schemes and stakeholders that nobody is in, if there are any."""
        names = [
            *(name for name in self.plan.schemes if name not in self.schemes),
            *(name for name in self.plan.stakeholders if name not in self.stakeholders),
        ]
        return (f"Left out, as nobody is in them: {', '.join(names)}.",) if names else ()

    def pools(self) -> tuple[str, ...]:
        """Groups that decide in some scheme, everyone first."""
        used = [scheme.pool for scheme in self.schemes.values()]
        return tuple(dict.fromkeys([EVERYONE, *used]))
