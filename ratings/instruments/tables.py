"""The instruments as tables: their items, the choices of each, and what each item counts for."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ratings.instruments import indie_value, value_portrait
from ratings.instruments.dimensions import ALL_DIMENSIONS


@dataclass(frozen=True, eq=False)
class Instrument:
    """The I items of an instrument.

    Attributes:
        name: of the benchmark that asks it.
        data: `official` or `sample`.
        synthetic: whether it is the sample of our own wording.
        items: I rows indexed by `instance`: the texts, and what groups the items.
        choices: a row a choice, lowest first: `instance`, `form` where the instrument has
            several, `rating` counted from 1, `label`.
        tags: I x D, indexed by `instance`: whether an item counts for a dimension or category.
    """

    name: str
    data: str
    synthetic: bool
    items: pd.DataFrame
    choices: pd.DataFrame
    tags: pd.DataFrame


def value_portrait_tables(data: str) -> Instrument:
    """Value Portrait: items tagged with the dimensions that they correlate with.

    Raises:
        UnknownNameError: for other data; names the allowed ones.
        DataError: when files are missing or changed.
    """
    found = value_portrait.load_instrument(data)
    instances = found.items.index.rename("instance")
    return Instrument(
        name="value_portrait",
        data=data,
        synthetic=found.card.synthetic,
        items=found.items.set_axis(instances),
        choices=_choices(instances, [value_portrait.CHOICES] * len(instances)),
        tags=pd.DataFrame(found.tagged().T, index=instances, columns=list(ALL_DIMENSIONS)),
    )


def indie_value_tables(data: str) -> Instrument:
    """IndieValueCatalog: questions of a category, with statements in two forms for choices.

    Raises:
        UnknownNameError: for other data; names the allowed ones.
        DataError: when files are missing or changed.
    """
    found = indie_value.load_catalog(data)
    questions = found.questions
    forms = [
        _choices(questions.index, found.statements[form], form=form) for form in indie_value.FORMS
    ]
    return Instrument(
        name="indie_value",
        data=data,
        synthetic=found.card.synthetic,
        items=questions.copy(),
        choices=pd.concat(forms, ignore_index=True),
        tags=pd.get_dummies(questions["category"])[found.categories],
    )


def _choices(instances: pd.Index, labels: Sequence[Sequence[str]], **about: str) -> pd.DataFrame:
    """A row for each choice of each instance."""
    rows = [
        {"instance": instance, **about, "rating": rating, "label": label}
        for instance, mine in zip(instances, labels, strict=True)
        for rating, label in enumerate(mine, start=1)
    ]
    return pd.DataFrame(rows)
