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
        **dict.fromkeys("\u3008\u3009\u00b4", '"'),
        **dict.fromkeys("\u00a1\u00bf", None),
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
        **dict.fromkeys("❌✗✘✖❎🚫⛔👎☐⬜◻□○◯🗌⚪", UNTICKED),
    }
)
_ANSI = re.compile("\x1b\\[[0-9;]{0,20}m")
_STRUCK = re.compile(
    r"~~[^~\n]{1,300}~~|<(s|del|strike)>[^<>]{0,300}</\1>|\\(?:sout|st|cancel|xout)\{[^{}]{0,300}\}"
    r"|(?:[\w ,.'-][\u0335-\u0338]+){2,300}"
)
_BOXED = re.compile(r"\\f?boxed\b\s*\{?")
_BREAK = re.compile(
    r"</?(?:br|p|div|li|ul|ol|tr|td|th|table|tbody|thead|h\d|hr|pre|blockquote|body|html|section"
    r"|select|form)\b[^<>]{0,200}>|\[/?(?:inst|sys)\]|<\|[^<>|]{1,40}\|>|\\(?:begin"
    r"|end)\{[^{}]{0,40}\}|\\item\b"
    r"|\\newline\b|\\par\b|\\\\|\\[nr](?!ewline|oindent|ot\b|eq?\b|u\b|m\b|ight|ule|enew|abla)"
    r"|```[a-z]{0,12}"
)
# A box of a form: an `input` that is checked, an `option` that is selected.
_FORM = re.compile(r"<(?:input|option)\b(?:[^<>]{0,200}?\b(checked|selected)\b)?[^<>]{0,200}>")
# Tags that only dress words; of any other, the name says what its words are.
_DRESS = (
    r"(?:a|abbr|b|big|center|cite|code|del|dfn|em|font|i|ins|kbd|label|mark|q|s|small|span|strong"
    r"|strike"
    r"|sub|sup|tt|u|var|option|details|summary|img|end_of_turn|eos|bos|pad)"
)
_NAMED = re.compile(r"<([a-z][\w-]{0,30})>|\[((?:final[ _-])?answer|output|response|rating)\]")
_TAG = re.compile(r"</?[a-z][\w:-]{0,30}(?:\s[^<>]{0,200}=[^<>]{0,200})?\s?/?>|<!--[^<>]{0,300}-->")
_LATEX = re.compile(
    r"\\[()\[\]]|\\(?:text)?color\{[^{}]{0,30}\}"
    r"|\\(?:text|math|emph|underline|uline|fbox|mbox|hbox|boldsymbol|bm|operatorname|left|right"
    r"|large"
    r"|small|huge|displaystyle|centering|noindent|ensuremath|(?:text|math)?(?:bf|it|rm|tt|sc|sf|sl)"
    r"(?:series|shape|family)?)(?![a-z])|\$"
)
_LINK = re.compile(r"!\[[^\[\]]{0,200}\]\([^()\s]{1,300}\)|\[([^\[\]]{1,200})\]\([^()\s]{1,300}\)")
_BOX = re.compile(
    r"[\[(] ?(?:([x*\u2022✓])|✗|) ?[\])]|\| ?(x|yes|✓) ?(?=\||$)|: ?(?:(true)|false)\b"
    r"|(?:←|<-+|<=+) ?((?:my|the) )?(?:choice|answer|pick|selected|chosen|this(?: one)?)\b"
)
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
    text = _STRUCK.sub(" ", _ANSI.sub("", text).translate(_TICKS))
    text = (
        unicodedata.normalize("NFKC", text.translate(_PUNCTUATION))
        .translate(_PUNCTUATION)
        .casefold()
    )
    text = text.translate({ord(char): _without_symbol(char) for char in set(text)})
    text = _BOXED.sub("\nfinal answer: ", _STRUCK.sub(" ", text))
    text = _FORM.sub(lambda box: TICKED if box[1] else UNTICKED, _BREAK.sub("\n", text))
    text = _NAMED.sub(_named, text)
    text = _TAG.sub("", text)
    text = _LINK.sub(lambda link: link[1] or "", _LATEX.sub(" ", text))
    text = _BOX.sub(_box, text)
    text = re.sub(r"[{}_#<>~\u2022\u00b7\u2023\\]|={2,}", " ", _QUOTES.sub("", text))
    text = re.sub(r"[^\S\n]+", " ", text.replace("|", "; "))
    return re.sub(r" ?\n\s*", "\n", text).strip(" \n;")


def _box(box: re.Match[str]) -> str:
    """A box, a cell, a truth value or an arrow as the tick that it is."""
    unticked = box[0][0] in "[(:" and not (box[1] or box[3])
    return UNTICKED if unticked else TICKED


def _named(tag: re.Match[str]) -> str:
    """A tag as the label of what is in it, nothing where it only dresses it."""
    name = tag[1] or tag[2]
    return "" if re.fullmatch(_DRESS, name) else f"\n{name}: "


def _without_symbol(char: str) -> str:
    """Nothing for a character that nobody sees, a space for a symbol such as an emoji."""
    category = unicodedata.category(char)
    if char in f"\n{TICKED}{UNTICKED}~`<>|$+=^←→":
        return char
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return ""
    return " " if category in ("So", "Sk", "Sm", "Cc", "Cn", "Co", "Cs") else char
