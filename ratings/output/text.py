"""Text that anyone may have written, made safe to show."""

import unicodedata
from collections.abc import Sequence

# Control characters, those that turn the direction of text, lone halves of characters.
_SHOW_NOTHING = ("Cc", "Cf", "Cs")


def one_line(text: str) -> str:
    r"""Text on one line, with a sign instead of each character that shows nothing itself.

    >>> ascii(one_line("two\nlines, and \u202eback"))
    "'two lines, and \\ufffdback'"
    """
    joined = " ".join(text.split())
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in _SHOW_NOTHING else sign
        for sign in joined
    )


def shown_rater(rater: str) -> str:
    """A rater as it is named to people: whose answers were recorded, not that they were replayed.

    >>> shown_rater("replay/gpt-4o-2024-05-13"), shown_rater("openai/gpt-4o (temperature=0)")
    ('gpt-4o-2024-05-13', 'openai/gpt-4o (temperature=0)')
    """
    return rater.removeprefix("replay/") or rater


def shortened(text: str, longest: int) -> str:
    """Text of no more than so many characters: a longer one is cut and ends in an ellipsis.

    >>> shortened("a long text", 7), shortened("short", 7)
    ('a long…', 'short')
    """
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def first_of(names: Sequence[str], most: int = 5) -> str:
    """Names with commas between them; of a long list the first, and how many more there are.

    >>> first_of(["Power", "Security"]), first_of(["a", "b", "c", "d"], 2)
    ('Power, Security', 'a, b and 2 more')
    """
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest:,} more" if rest > 0 else "")
