"""The people of a run of IndieValueCatalog: accuracies, groups, and two runs person by person."""

from collections.abc import Collection
from dataclasses import dataclass, fields

import pandas as pd

from benchmarks.indie_value._baselines import majority_predictions
from benchmarks.indie_value._setup import Setup, load_material
from ratings.errors import DataError
from ratings.instruments.indie_value import DIMENSIONS
from scorers.inspect_adapter.run_log import RunLog
from scorers.intervals.estimate import Estimate
from scorers.scores.accuracy import paired_difference


@dataclass(frozen=True)
class Difference:
    """The accuracy of one run less that of another, over the people of both.

    Attributes:
        people: how many people both asked about.
        estimate: mean difference of a person's accuracies, as a share, with its interval.
        p_value: of no difference, by Student's t.
    """

    people: int
    estimate: Estimate
    p_value: float


def people_of(run: RunLog, samples: Collection[str] | None = None) -> pd.DataFrame:
    """A row for each person, in the order of their ids.

    Args:
        run: of IndieValueCatalog.
        samples: ids of those to count; all by default.

    Returns:
        `accuracy`, the share of right choices; `accuracy_answered`, that among answered questions,
        NaN without any; and under the name of each demographic dimension the person's group, None
        where unknown.
    """
    grid = run.grid() if samples is None else run.grid().of_samples(samples)
    assert grid.right is not None
    sums = pd.DataFrame(
        {
            "right": grid.right.sum(axis=1),
            "asked": float(grid.right.shape[1]),
            "answered": (grid.statuses == "valid").sum(axis=1).astype(float),
        },
        index=list(grid.clusters),
    )
    sums = sums.groupby(level=0).sum()
    known = dict(zip(grid.clusters, grid.attributes, strict=True))
    groups = {
        name: pd.Series([known[person].get(name) for person in sums.index], sums.index, object)
        for name in DIMENSIONS
    }
    return pd.DataFrame(
        {
            "accuracy": sums["right"] / sums["asked"],
            "accuracy_answered": sums["right"] / sums["answered"],
            **groups,
        }
    )


def common_samples(one: RunLog, other: RunLog) -> set[str]:
    """Ids of the samples that two runs have: the same questions of the same people.

    Raises:
        DataError: when they have none in common.
    """
    common = set(one.grid().samples) & set(other.grid().samples)
    if not common:
        raise DataError(f"{one.path} and {other.path} have no people and probe sets in common")
    return common


def difference(one: RunLog, other: RunLog) -> Difference:
    """How much more accurate one run is than another: paired and clustered by person.

    Only samples that both have count.

    Raises:
        DataError: when the runs have no sample in common.
    """
    common = common_samples(one, other)
    first, second = (people_of(run, common)["accuracy"] for run in (one, other))
    return Difference(len(first), *paired_difference(first.to_numpy(), second.to_numpy()))


def above_majority(run: RunLog) -> Difference | None:
    """How much more accurate a run is than the choices of most other people, person by person.

    Args:
        run: of IndieValueCatalog.

    Returns:
        None where the survey is not at hand, or is another by now.
    """
    asked = {str(one.sample_id): one.sample_metadata or {} for one in run.scores}
    needed = {"setup", "person", "place", "probe"}
    if not asked or not all(needed <= about.keys() for about in asked.values()):
        return None
    setup = next(iter(asked.values()))["setup"]
    if not set(setup) <= {field.name for field in fields(Setup)}:
        return None  # of a version that could ask otherwise
    try:
        material = load_material(Setup(**setup))
    except DataError:
        return None
    held_out = [str(name) for name in material.survey.people.index[material.sample.held_out]]
    right = {
        probe: (majority_predictions(material, probe) == material.truth(probe)).mean(axis=1)
        for probe in {about["probe"] for about in asked.values()}
    }
    rows = []
    for about in asked.values():
        position = about["place"]
        if position >= len(held_out) or held_out[position] != about["person"]:
            return None
        rows.append((about["person"], float(right[about["probe"]][position])))
    majority = pd.DataFrame(rows, columns=["person", "right"]).groupby("person")["right"].mean()
    own = people_of(run)["accuracy"]
    majority = majority.loc[own.index]
    return Difference(len(own), *paired_difference(own.to_numpy(), majority.to_numpy()))
