"""The prompts of an instrument that is built: the package's own wording, or a translation of it."""

import re
from collections.abc import Mapping
from pathlib import Path

from ratings.errors import DataError
from ratings.input.prompt_template import load_template
from ratings.instruments.portrait_files import VARIANTS, template_path
from ratings.instruments.value_portrait import CHOICES, load_prompts
from ratings.sources.locations import resolve_from_start

Prompts = Mapping[tuple[str, bool], str]
_COMMON = Path("lm_evaluation") / "prompts"
# The longest phrase that begins at a place: "not like me at all" is not "not like me".
_PHRASE = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(CHOICES, key=len, reverse=True))})(?!\w)")


def instrument_prompts(folder: Path | None) -> Prompts:
    """A template for each of the six variants, for items with a title and without.

    Args:
        folder: with the files of `lm_evaluation/prompts` of any instrument, reworded or translated;
            None for the wording of the sample that ships with the package.

    Raises:
        DataError: when a file is missing, lacks a field, or does not offer the six phrases, as
            which answers are read, in the order that its variant has.
    """
    shipped = load_prompts("sample")
    if folder is None:
        return shipped
    root = resolve_from_start(str(folder))
    root = root / _COMMON if (root / _COMMON).is_dir() else root
    if not root.is_dir():
        raise DataError(f"there is no folder of prompts {root}")
    out = {}
    for variant in VARIANTS:
        for titled in (True, False):
            path = root / Path(template_path(variant, titled)).relative_to(_COMMON)
            fields = ["text", "content", *(["title"] if titled else [])]
            text = load_template("", fields, str(path))
            _check_order(path, text, _options(shipped[variant, titled]))
            out[variant, titled] = text
    return out


def _options(text: str) -> list[str]:
    """The six phrases in the order of their last mention.

    Raises:
        DataError: for one that is not there.
    """
    last = {match[0]: match.start() for match in _PHRASE.finditer(text.casefold())}
    missing = [phrase for phrase in CHOICES if phrase not in last]
    if missing:
        raise DataError(f"it does not offer the answer {missing[0]!r}")
    return sorted(last, key=lambda phrase: last[phrase])


def _check_order(path: Path, text: str, wanted: list[str]) -> None:
    try:
        found = _options(text)
    except DataError as error:
        raise DataError(f"the prompt template {path}: {error}; answers are read as these") from None
    if found != wanted:
        raise DataError(
            f"the prompt template {path} offers the answers in another order than its variant: "
            f"{', '.join(wanted)}"
        )
