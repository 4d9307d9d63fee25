"""The data sets by name, their counts against their cards, and a user's own ratings by path."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path

import numpy as np

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.text_set import TextSet
from ratings.errors import unknown_name
from ratings.sources.locations import resolve_from_start


def _load(module: str, *arguments: str | int) -> DataSet:
    """What the loader of a module returns; the module is imported only then."""
    loader = getattr(import_module(f"ratings.data_sets.published.{module}"), f"load_{module}")
    data: DataSet = loader(*arguments)
    return data


DATA_SETS: Mapping[str, Callable[[], DataSet]] = {
    "opinionqa_w92": partial(_load, "opinionqa", 92),
    "hatespeech_kumar": partial(_load, "hatespeech_kumar"),
    "dices_990": partial(_load, "dices_990"),
    "valueprism": partial(_load, "valueprism"),
    "habermas_likert": partial(_load, "habermas_likert"),
    "prism_chat": partial(_load, "prism_chat"),
    "opinionqa_w27": partial(_load, "opinionqa", 27),
    "prism_replies": partial(_load, "prism_replies"),
    "prism_replies_sample": partial(_load, "prism_replies", "sample"),
    "value_portrait_humans": partial(_load, "value_portrait_humans"),
    "value_portrait_humans_sample": partial(_load, "value_portrait_humans", "sample"),
    "planted": partial(_load, "planted"),
}
# Data sets whose raters wrote texts as well.
TEXT_SETS: Mapping[str, str] = {"habermas_likert": "habermas_justifications"}
_PACKAGED = ("value_portrait_humans_sample", "prism_replies_sample", "planted")


def data_set_names() -> list[str]:
    """Names of the data sets, those of the paper in the order of its Table 1 first."""
    return list(DATA_SETS)


def load_data_set(name_or_path: str) -> tuple[DataSet, tuple[str, ...]]:
    """A data set by its name, or one's own ratings.

    These are the path of a CSV or Parquet file, an address on the Hugging Face hub
    (`hf://owner/name`), or the path of a folder with a data set of that kind.

    Returns:
        The data set, and notes for the user, one line each: what was left out of one's own
        ratings, or where the counts found differ from those of the data set's card.

    Raises:
        UnknownNameError: for a name that is neither a data set's nor an address nor such a path.
        DataError: when files are missing or not as they should be.
    """
    if name_or_path in DATA_SETS:
        data = DATA_SETS[name_or_path]()
        return data, check_counts(data)
    if name_or_path.startswith("hf://"):
        from ratings.data_sets.own.hub_ratings import load_hub_ratings

        return load_hub_ratings(name_or_path)
    if not _is_path(name_or_path):
        raise unknown_name("data set", name_or_path, DATA_SETS)
    if resolve_from_start(name_or_path).is_dir():
        from ratings.data_sets.own.hub_ratings import load_folder_ratings

        return load_folder_ratings(name_or_path)
    from ratings.data_sets.own.ratings import load_own_ratings

    return load_own_ratings(name_or_path)


def load_texts(name_or_path: str) -> TextSet:
    """Texts by the name of the data set whose raters wrote them, or one's own by path.

    Raises:
        DataError: when files are missing or not as they should be.
    """
    if name_or_path in TEXT_SETS:
        module = TEXT_SETS[name_or_path]
        loader = getattr(import_module(f"ratings.data_sets.published.{module}"), f"load_{module}")
        found: TextSet = loader()
        return found
    from ratings.data_sets.own.texts import load_own_texts

    return load_own_texts(name_or_path)


def lasting(name_or_path: str) -> str:
    """The same data set wherever and whenever it is loaded: paths absolute, addresses at a commit.

    Raises:
        DataError: for an address that is not valid, or that the hub does not resolve.
    """
    if name_or_path.startswith("hf://"):
        from ratings.data_sets.own.hub_ratings import pinned

        return pinned(name_or_path)
    return str(resolve_from_start(name_or_path)) if _is_path(name_or_path) else name_or_path


def _is_path(name_or_path: str) -> bool:
    """Whether this names a file or a folder of one's own ratings, and no data set."""
    if name_or_path in DATA_SETS or name_or_path.startswith("hf://"):
        return False
    ending = Path(name_or_path).suffix.lower()
    return ending in (".csv", ".parquet") or resolve_from_start(name_or_path).is_dir()


@lru_cache
def sample_raters(name: str) -> Mapping[str, str] | None:
    """The raters of a data set that ships with the package, each under its own name, else None."""
    if name not in _PACKAGED:
        return None
    raters = map(str, DATA_SETS[name]().table.raters.index)
    return {rater: rater for rater in raters}


def read_counts(data: DataSet) -> dict[str, int]:
    """How many raters, instances that somebody rated, ratings, choices and demographics there are.

    The smallest and the largest number of choices are over the instances that somebody rated.
    """
    rated = np.unique(data.table.instance_codes)
    choices = data.table.choice_counts()[rated].tolist()
    return {
        "raters": len(data.table.raters),
        "instances": len(rated),
        "ratings": len(data.table),
        "fewest_choices": min(choices, default=0),
        "most_choices": max(choices, default=0),
        "demographics": len(data.demographics),
    }


def check_counts(data: DataSet) -> tuple[str, ...]:
    """A line for each count that is not the card's; none for data without a card.

    A count that its source prints rounded is met by any number that rounds to it.
    """
    card = data.card
    if card is None:
        return ()
    return tuple(
        f"{name.replace('_', ' ')}: found {found}, the card says "
        f"{'about ' if name in card.rounded else ''}{card.counts[name]}"
        for name, found in read_counts(data).items()
        if name in card.counts and not card.agrees(name, found)
    )
