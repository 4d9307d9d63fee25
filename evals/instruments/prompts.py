"""The prompts of an instrument that is built: the package's own wording, or a translation of it."""

from collections.abc import Mapping
from pathlib import Path

from evals.instruments.phrases import OwnPhrases
from ratings.errors import DataError
from ratings.input.prompt_template import load_template
from ratings.instruments.portrait_files import VARIANTS, template_path
from ratings.instruments.value_portrait import CHOICES, load_prompts
from ratings.sources.locations import resolve_from_start
from scorers.answers.phrases.own_phrases import mentions
from scorers.answers.phrases.plain_text import plain_text

Prompts = Mapping[tuple[str, bool], str]
_COMMON = Path("lm_evaluation") / "prompts"
_ENGLISH: OwnPhrases = tuple((phrase,) for phrase in CHOICES)


def instrument_prompts(folder: Path | None, phrases: OwnPhrases | None = None) -> Prompts:
    """A template for each of the six variants, for items with a title and without.

    Args:
        folder: with the files of `lm_evaluation/prompts` of any instrument, reworded or translated;
            None for the wording of the sample that ships with the package.
        phrases: which the prompts offer and answers are read as; None for the English ones.

    Raises:
        DataError: when a file is missing, lacks a field, or does not offer the six phrases, as
            which answers are read, in the order that its variant has.
    """
    shipped = load_prompts("sample")
    if folder is None and phrases is not None:
        raise DataError("phrases need prompts that offer them: add --prompts FOLDER")
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
            _check_order(
                path, text, phrases or _ENGLISH, _options(shipped[variant, titled], _ENGLISH)
            )
            out[variant, titled] = text
    return out


def _options(text: str, phrases: OwnPhrases) -> list[int]:
    """The ratings of the six phrases in the order of their last mention.

    Raises:
        DataError: for a phrase that is not there; its variants do not count.
    """
    found = mentions(plain_text(text), phrases)
    last = {one.rating: one.start for one in found if one.variant == 0}
    for rating, (phrase, *_) in enumerate(phrases, start=1):
        if rating not in last:
            raise DataError(f"it does not offer the answer {phrase!r}")
    return sorted(last, key=lambda rating: last[rating])


def _check_order(path: Path, text: str, phrases: OwnPhrases, wanted: list[int]) -> None:
    try:
        found = _options(text, phrases)
    except DataError as error:
        raise DataError(f"the prompt template {path}: {error}; answers are read as these") from None
    if found != wanted:
        raise DataError(
            f"the prompt template {path} offers the answers in another order than its variant: "
            f"{', '.join(phrases[rating - 1][0] for rating in wanted)}"
        )
