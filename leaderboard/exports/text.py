"""Text that anyone may have written, made safe for files and for readers."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

# Control characters, those that turn the direction of text, lone halves of characters.
_SHOW_NOTHING = ("Cc", "Cf", "Cs")
_SLUG_LENGTH = 60


def plain(text: str) -> str:
    r"""Text on one line, with a sign in place of each character that shows nothing itself.

    >>> ascii(plain("two\nlines, and \u202eback"))
    "'two lines, and \\ufffdback'"
    """
    joined = " ".join(text.split())
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in _SHOW_NOTHING else sign
        for sign in joined
    )


def slug(text: str) -> str:
    """A name of a file or folder for any text, on any file system; other text, another name.

    >>> slug("openai/gpt-4o")
    'openai-gpt-4o-abb375db7e'
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    readable = re.sub(r"[^A-Za-z0-9_]+", "-", text)[:_SLUG_LENGTH].strip("-")
    return f"{readable}-{digest}" if readable else digest


def metric_id(benchmark: str, score: str) -> str:
    """The name of a score for machines.

    >>> metric_id("value_portrait", "Openness to Change")
    'value_portrait.openness_to_change'
    """
    return f"{benchmark}.{re.sub(r'[^a-z0-9]+', '_', score.casefold()).strip('_')}"


def listed(counts: Iterable[tuple[str, int]]) -> str:
    """Counted things in a sentence.

    >>> listed([("baseline", 2), ("human", 1)])
    '2 baseline, 1 human'
    """
    return ", ".join(f"{count} {name}" for name, count in counts)
