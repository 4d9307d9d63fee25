"""Text that anyone may have written, made safe to show."""

import unicodedata

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
