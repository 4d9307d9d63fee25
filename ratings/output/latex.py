"""Text escaped for LaTeX."""

import re
import unicodedata

# All that is special everywhere, in a ligature, or at the start of a row of a table.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
}


def escape_latex(text: str) -> str:
    r"""Text that LaTeX prints as it is; what its fonts lack is printed as its code point.

    ASCII and accented Latin letters are printed, so that the table compiles anywhere.

    >>> print(escape_latex("50% of <a_b>, café \u4e2d"))
    50\% of \textless{}a\_b\textgreater{}, café \texttt{U+4E2D}
    """
    escaped = "".join(_escaped(sign) for sign in " ".join(text.split()))
    return re.sub(r"([-,])(?=\1)", r"\1{}", escaped)  # two would become one longer sign


def _escaped(sign: str) -> str:
    if sign in _SPECIAL:
        return _SPECIAL[sign]
    return sign if " " <= sign <= "~" or _latin(sign) else rf"\texttt{{U+{ord(sign):04X}}}"


def _latin(sign: str) -> bool:
    """Whether a sign is an accented Latin letter, or one of those without a plain one."""
    composed = re.match("00[4-7]. 03", unicodedata.decomposition(sign))
    return sign in "ßÆæØøŒœŁł" or ("\u00c0" <= sign <= "\u017f" and composed is not None)
