r"""The words of an answer without its mark-up: Markdown, HTML, LaTeX, JSON, symbols.

Whatever sets words apart without changing them is taken off, so that a phrase reads the same in
bold, in a box, in quotes or with a zero-width space in it. What changes them is kept: a line break
as a line break, a ticked option as `✓`, an unticked one as `✗`; words struck out are gone.
"""

import html
import re
import unicodedata

TICKED, UNTICKED = "✓", "✗"
# An answer this long is a loop: what it opens and what it ends with is all that can count.
LONGEST = 20_000

_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\u2032\u00b4", "'"),
        **dict.fromkeys(
            "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u300c\u300d\u300e\u300f\u300a\u300b",
            '"',
        ),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc", "-"),
        **dict.fromkeys("\u3010\u3014", "["),
        **dict.fromkeys("\u3011\u3015", "]"),
        "\u3002": ".",
        "\u0964": ".",
        "\u06d4": ".",
        "\u3001": ",",
        "\u060c": ",",
        "\u061f": "?",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u0085": "\n",
        "\r": "\n",
        "\v": "\n",
        "\f": "\n",
    }
)
_TICKS = str.maketrans(
    {
        **dict.fromkeys("✅☑✔✓☒🗹🗸◉🔘⦿●", TICKED),
        **dict.fromkeys("❌✗✘✖❎🚫⛔☐⬜◻□○◯🗌⚪", UNTICKED),
    }
)
_STRUCK = re.compile(
    r"~~[^~\n]{1,300}~~|<(s|del|strike)>[^<>]{0,300}</\1>|\\(?:sout|st|cancel|xout)\{[^{}]{0,300}\}"
    r"|(?:[\w ,.'-][\u0335-\u0338]+){2,300}"
)
_BOXED = re.compile(r"\\f?boxed\b\s*\{?")
_ANSWER_TAG = re.compile(r"<\s*(final[_ -]?)?(?:answer|rating|response|choice|output)\s*>")
_BREAK = re.compile(
    r"</?(?:br|p|div|li|ul|ol|tr|td|th|table|h\d|hr|pre|blockquote|answer|rating|response|choice"
    r"|output|final)\b[^<>]{0,200}>|<\|[^<>|]{1,40}\|>|\\(?:begin|end)\{[^{}]{0,40}\}|\\item\b"
    r"|\\newline\b|\\par\b|\\\\|\\[nr](?!ewline|oindent|ot\b|eq?\b|u\b|m\b|ight|ule|enew|abla)|```[a-z]{0,12}|\|"
)
_TAG = re.compile(r"</?[a-z][\w:-]{0,30}(?:\s[^<>]{0,200}=[^<>]{0,200})?\s?/?>|<!--[^<>]{0,300}-->")
_LATEX = re.compile(
    r"\\[()\[\]]|\\(?:text)?color\{[^{}]{0,30}\}"
    r"|\\(?:text|math|emph|underline|uline|fbox|mbox|hbox|boldsymbol|bm|operatorname|left|right|large"
    r"|small|huge|displaystyle|centering|noindent|ensuremath|(?:text|math)?(?:bf|it|rm|tt|sc|sf|sl)"
    r"(?:series|shape|family)?)(?![a-z])|\$"
)
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{1,300}\)")
_BOX = re.compile(r"[\[(] ?(?:([x*\u2022])|) ?[\])]")
_QUOTES = re.compile(r"[\"*`]|(?<![a-z0-9])'+|'+(?![a-z])")


def plain_text(text: str) -> str:
    r"""An answer in lower case without mark-up, its lines apart, with single spaces.

    Boxes of LaTeX and tags such as `<answer>` become the words `final answer:` and `answer:`. Of
    an answer of more than `LONGEST` characters the two ends are kept.

    >>> plain_text("<b>Very much</b> like me")
    'very much like me'
    >>> plain_text("\\boxed{\\text{like me}}")
    'final answer: like me'
    >>> plain_text('{"answer": "like me", "confidence": 0.8}')
    'answer: like me, confidence: 0.8'
    >>> plain_text("❌ Not like me ✅ Like me")
    '✗ not like me ✓ like me'
    """
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
    text = html.unescape(text) if "&" in text else text
    text = _STRUCK.sub(" ", text.translate(_TICKS))
    text = unicodedata.normalize("NFKC", text).translate(_PUNCTUATION).casefold()
    text = text.translate({ord(char): _without_symbol(char) for char in set(text)})
    text = _BOXED.sub("\nfinal answer: ", _STRUCK.sub(" ", text))
    text = _ANSWER_TAG.sub(lambda tag: f"\n{'final ' if tag[1] else ''}answer: ", text)
    text = _TAG.sub("", _BREAK.sub("\n", text))
    text = _LINK.sub(r"\1", _LATEX.sub(" ", text))
    text = _BOX.sub(lambda box: TICKED if box[1] else UNTICKED, text)
    text = re.sub(r"[{}_#<>~\u2022\u00b7\u2023\\]", " ", _QUOTES.sub("", text))
    text = re.sub(r"[^\S\n]+", " ", text)
    return re.sub(r" ?\n\s*", "\n", text).strip()


def _without_symbol(char: str) -> str:
    """Nothing for a character that nobody sees, a space for a symbol such as an emoji."""
    category = unicodedata.category(char)
    if char in f"\n{TICKED}{UNTICKED}~`<>|$+=^":
        return char
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return ""
    return " " if category in ("So", "Sk", "Sm", "Cc", "Cn", "Co", "Cs") else char
