"""PRISM's published welfare results: pickles, read without running anything in them.

A pickle is a program. These hold numbers, texts, lists and dictionaries only, so the reader refuses
every name that a pickle would import and everything that it would look up elsewhere.
"""

import io
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from ratings.errors import DataError, DataMissingError

_LARGEST = 16 << 20  # bytes of a file; the published ones have 63,140
_NAME = re.compile(
    r"welfare_(?P<country>us|uk)(?:_(?P<group>nonmale|nonwhite|below_45))?"
    r"_(?P<kind>rating|choice)(?P<imputed>_imputed)?\.pickle"
)
COLUMNS = ("country", "group", "kind", "imputed", "scheme", "draw", "welfare")
SCHEMES = ("rep_10", "rep_20", "rep_50", "rep_100", "male_100", "white_100", "above_45_100")
EVERYONE = "everyone"


class _Refusing(pickle.Unpickler):
    """Loads plain data; whatever would import, call or look up something is refused."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is never loaded")

    def persistent_load(self, pid: object) -> NoReturn:
        raise pickle.UnpicklingError("it refers to something outside of it")


def load_plain_pickle(path: Path) -> Any:  # noqa: ANN401 - as the file has it
    """What a pickle of plain data holds; nothing in it is run.

    Raises:
        DataError: when the file cannot be read, is too large, is not a pickle, or holds anything
            but numbers, texts, lists, tuples, sets and dictionaries.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(f"{path} is larger than {_LARGEST >> 20} MiB; it is not read")
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return _Refusing(io.BytesIO(content)).load()
    # Unpickling raises whatever a damaged program makes it raise.
    except (MemoryError, RecursionError, Exception) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"{path} is not a pickle of plain data: {reason}") from None


def welfare_file_name(country: str, group: str, kind: str, imputed: bool) -> str:
    """What the file of one country, group and measure is called.

    >>> welfare_file_name("US", "nonmale", "rating", imputed=False)
    'welfare_us_nonmale_rating.pickle'
    """
    middle = "" if group == EVERYONE else f"_{group}"
    end = "_imputed" if imputed else ""
    return f"welfare_{country.lower()}{middle}_{kind}{end}.pickle"


def read_welfare_file(path: Path) -> pd.DataFrame:
    """One published file: what each draw of each scheme was worth.

    Args:
        path: named `welfare_{us|uk}[_GROUP]_{rating|choice}[_imputed].pickle`.

    Returns:
        A row for each scheme and draw, with `COLUMNS`: country (`US` or `UK`), group (`everyone`
        for a file without one), kind, imputed, scheme (one of `SCHEMES`), draw (from 0) and
        welfare, the mean rating (1 to 100) or choice (0 to 1) in the group of the model that the
        draw chose. Files were drawn one after another: draw i of two files is not the same sample.

    Raises:
        DataError: for another name, or content that is not seven lists of numbers.
    """
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise DataError(
            f"{path} is not named like a welfare file, such as welfare_us_nonmale_rating.pickle"
        )
    found = load_plain_pickle(path)
    keys = {f"{named['country']}_{scheme}": scheme for scheme in SCHEMES}
    if not isinstance(found, dict) or set(found) != set(keys):
        raise DataError(f"{path} does not hold the schemes {', '.join(keys)}")
    parts = []
    for key, scheme in keys.items():
        values = found[key]
        if not isinstance(values, list) or not all(isinstance(one, float) for one in values):
            raise DataError(f"{path}: {key} is not a list of numbers")
        if not values:
            raise DataError(f"{path}: {key} has no draws")
        parts.append(
            pd.DataFrame({"scheme": scheme, "draw": range(len(values)), "welfare": values})
        )
    table = pd.concat(parts, ignore_index=True)
    labels = {
        "country": named["country"].upper(),
        "group": named["group"] or EVERYONE,
        "kind": named["kind"],
        "imputed": named["imputed"] is not None,
    }
    return table.assign(**labels)[list(COLUMNS)]


def read_welfare_results(folder: Path) -> pd.DataFrame:
    """All published welfare files in a folder, one below the other; as `read_welfare_file`.

    Raises:
        DataMissingError: when the folder has none.
        DataError: as `read_welfare_file`.
    """
    files = sorted(_welfare_files(folder))
    if not files:
        raise DataMissingError(f"there are no welfare_*.pickle files in {folder}")
    return pd.concat([read_welfare_file(path) for path in files], ignore_index=True)


def _welfare_files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if _NAME.fullmatch(path.name))
