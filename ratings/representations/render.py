"""What is given about a rater, as text for a language model."""

from collections.abc import Iterable, Mapping

import pandas as pd

from ratings.data_sets.instances import Instances
from ratings.representations.rater_context import LEVELS, RaterContext


def render_rater(
    given: RaterContext,
    rater: int,
    instances: Instances,
    descriptions: Mapping[str, str],
    *,
    examples: bool = True,
) -> str:
    """Everything that is given about one rater, a paragraph for each kind; empty when nothing is.

    Args:
        given: of R raters.
        rater: place among them.
        instances: of the data set.
        descriptions: what a measured column stands for.
        examples: write the known ratings too.

    Missing scores and labels are left out.
    """
    paragraphs = (
        _paragraph("The rater says of themselves:", _labels(given.labels.iloc[rater])),
        _paragraph("Measured by a questionnaire:", _scores(given, rater, descriptions)),
        _paragraph("A description of the rater:", _texts(given.texts.iloc[rater])),
        _paragraph("Other ratings by the same rater:", _examples(given, rater, instances))
        if examples
        else "",
    )
    return "\n\n".join(filter(None, paragraphs))


def render_rating(instances: Instances, instance: int, rating: int) -> str:
    """A known rating: the instance and what the rater chose."""
    return (
        f"{instances.texts[instance]}\nThe rater chose: {instances.choices[instance][rating - 1]}"
    )


def _paragraph(head: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return f"{head}\n{body}" if body else ""


def _labels(row: pd.Series) -> Iterable[str]:
    return (f"- {name}: {label}" for name, label in row.items() if pd.notna(label))


def _scores(given: RaterContext, rater: int, descriptions: Mapping[str, str]) -> Iterable[str]:
    numbers, levels = given.numbers.iloc[rater], given.levels.iloc[rater]
    for name in numbers.index[numbers.notna()]:
        about = f" ({descriptions[name]})" if name in descriptions else ""
        yield f"- {name}{about}: {numbers[name]:.2f}, {LEVELS[int(levels[name])]} among all raters"


def _texts(row: pd.Series) -> Iterable[str]:
    return (text for text in row if text)


def _examples(given: RaterContext, rater: int, instances: Instances) -> Iterable[str]:
    for known in range(given.starts[rater], given.starts[rater + 1]):
        yield render_rating(instances, int(given.instances[known]), int(given.ratings[known]))
