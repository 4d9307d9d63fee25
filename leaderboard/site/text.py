"""How numbers and names are written on the site, and what is kept out of it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ratings.errors import DataError
from ratings.output import numbers
from ratings.output.json_values import json_value

NONE = "–"
MINUS = "−"
_PART = r"[^\s/'\"<>|]+"
# Absolute paths: file addresses, paths after a provider's name, plain ones, Windows drives. What
# follows a letter, a dot or a slash is not the start of one, so web addresses and "and/or" stay.
_PATHS = re.compile(
    rf"file:/+(?:{_PART}/)*(?P<file>{_PART})"
    rf"|(?<=\w)//(?:{_PART}/)+(?P<model>{_PART})/?"
    rf"|(?<![\w/.~-])/(?:{_PART}/)+(?P<plain>{_PART})/?"
    rf"|\b[A-Z]:[\\/](?:[^\s\\/'\"<>|]+[\\/])*(?P<drive>[^\s\\/'\"<>|]+)"
)
# What no text can hold: halves of surrogate pairs, and control characters that break HTML.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# A number with decimals after a space or a bracket; names keep their hyphens.
_NEGATIVE = re.compile(r"(?<![^\s(])-(?=\d+\.\d)")
# What a score's name says only to who made it.
_LABELS = {"loss_none": "loss given nothing", "brier": "Brier score"}
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


def clean(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """JSON data as the site may show it.

    Folders are cut off absolute paths, characters that cannot be written become U+FFFD, and
    numbers that are not finite become None.

    >>> clean({"why": "cannot read /home/ann/logs/a.eval", "score": float("nan")})
    {'why': 'cannot read a.eval', 'score': None}
    >>> clean("https://example.org/a/b and/or hf//mnt/models/llama")
    'https://example.org/a/b and/or hf/llama'
    """
    return json_value(value, _shown)


def _shown(text: str) -> str:
    return _PATHS.sub(_last_part, _UNWRITABLE.sub("\ufffd", text))


def _last_part(found: re.Match[str]) -> str:
    name = found.lastgroup or ""
    return f"/{found[name]}" if name == "model" else found[name]


def safe_id(what: str, name: object) -> str:
    """The id itself, when it can be part of a file's name.

    Raises:
        DataError: when it cannot.
    """
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise DataError(f"{what} id {name!r} is not made of letters, digits, '.', '_' and '-' only")
    return name


def number(value: float | None, places: int = 2) -> str:
    """A number with a real minus sign, or a dash where there is none.

    >>> number(-0.126), number(-0.001), number(None)
    ('−0.13', '0.00', '–')
    """
    return NONE if value is None else numbers.number(value, places).replace("-", MINUS)


def with_minus(sentence: str) -> str:
    """A sentence of the board, its negative numbers with a real minus sign.

    >>> with_minus("gpt-4o-2024 on Power (-1.27, -1.50 to -1.04)")
    'gpt-4o-2024 on Power (−1.27, −1.50 to −1.04)'
    """
    return _NEGATIVE.sub(MINUS, sentence)


def interval(estimate: Mapping[str, Any] | None) -> str:
    """The ends of an interval.

    >>> interval({"value": 0.1, "low": -0.2, "high": 0.4})
    '−0.20 to 0.40'
    """
    if estimate is None or estimate.get("low") is None or estimate.get("high") is None:
        return NONE
    return f"{number(estimate['low'])} to {number(estimate['high'])}"


def rank(score: Mapping[str, Any] | None) -> str:
    """A rank with its interval.

    >>> rank({"rank": 3, "rank_low": 2, "rank_high": 5})
    '3 (2–5)'
    """
    if score is None or score.get("rank") is None:
        return NONE
    low, high = score.get("rank_low"), score.get("rank_high")
    return f"{score['rank']}" if low is None or high is None else f"{score['rank']} ({low}–{high})"


def differs(score: Mapping[str, Any] | None, scope: str = "beyond") -> str:
    """From how many of the other rows shown a row differs.

    >>> differs({"differs": {"beyond": {"number": 3, "of": 6}}})
    '3 of 6'
    """
    found = ((score or {}).get("differs") or {}).get(scope)
    return NONE if found is None else f"{found['number']} of {found['of']}"


def percent(share: float | None) -> str:
    """A share in per cent; only a full share is written as 100.

    >>> percent(1.0), percent(0.9999), percent(0.5)
    ('100%', '>99.9%', '50.0%')
    """
    if share is None:
        return NONE
    if share in (0, 1):
        return f"{share:.0%}"
    if share > 0.9995:
        return ">99.9%"
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def money(dollars: float | None) -> str:
    """US dollars and cents.

    >>> money(1.5), money(0.001), money(0.0)
    ('$1.50', '<$0.01', '$0.00')
    """
    if dollars is None:
        return NONE
    return "<$0.01" if 0 < dollars < 0.005 else f"${dollars:,.2f}"


def whole(value: float | None) -> str:
    """A whole number, its thousands set apart."""
    return NONE if value is None else f"{value:,.0f}"


def size(billions: float) -> str:
    """Parameters of a model, given in billions.

    >>> size(8.0), size(0.5), size(1.54)
    ('8 B', '0.5 B', '1.5 B')
    """
    return f"{numbers.number(billions, 1).removesuffix('.0')} B"


def p_value(value: float | None) -> str:
    """A p-value to three places.

    >>> p_value(0.0002), p_value(0.0312)
    ('<0.001', '0.031')
    """
    if value is None:
        return NONE
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def label(name: str) -> str:
    """A score's name for reading.

    >>> label("sigma_inequity"), label("brier")
    ('sigma inequity', 'Brier score')
    """
    return _LABELS.get(name) or name.replace("_", " ")


def wording(variant: str) -> str:
    """A prompt variant's name for reading.

    >>> wording("v1"), wording("v2_reversed"), wording("formal")
    ('wording 1', 'wording 2, options reversed', 'formal')
    """
    name = re.sub(r"^v(?=\d+$)", "wording ", variant.removesuffix("_reversed"))
    return label(name) + (", options reversed" if variant.endswith("_reversed") else "")


def setting(value: object) -> str:
    """The value of an argument, as text.

    >>> setting(None), setting(True), setting(["v1", "v2"])
    ('not set', 'true', 'v1, v2')
    """
    if value is None:
        return "not set"
    if isinstance(value, list | tuple):
        return ", ".join(setting(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value)


def duration(seconds: float | None) -> str:
    """Seconds, minutes or hours, as fits.

    >>> duration(42.0), duration(600.0), duration(9000.0)
    ('42 s', '10 min', '2.5 h')
    """
    if seconds is None:
        return NONE
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
