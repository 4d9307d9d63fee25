"""A check against a baseline as Markdown, JUnit XML and annotations for GitHub."""

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ratings.output.markdown import escape_markdown, markdown_table
from ratings.output.numbers import ends, interval, number, p_value

if TYPE_CHECKING:
    from evals.check.change_check import Regression
    from scorers.comparison.score_checks import ScoreCheck

_HEADS = (
    "score", "before", "after", "difference", "on these {}", "p (Holm)", "beyond these {}",
    "p (Holm)", "margin", "verdict {} these {}",
)  # fmt: skip
# What no character of XML 1.0 is.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def markdown(found: "Regression") -> str:
    """A sentence, a table of all scores, and the items behind what moved."""
    heads = (*(head.format(found.unit) for head in _HEADS[:-1]),
             _HEADS[-1].format(found.scope, found.unit))  # fmt: skip
    rows = [[*map(escape_markdown, _cells(check, found))] for check in found.scores]
    table = markdown_table([*map(escape_markdown, heads)], rows)
    moved = [_items(check) for check in found.scores if check.moved_items]
    title = f"### {escape_markdown(f'{found.benchmark}: {found.after} {_outcome(found)}')}"
    parts = [title, "", escape_markdown(found.sentence), "", table]
    return "\n".join(parts + (["", *moved] if moved else []))


def junit(found: "Sequence[Regression]") -> str:
    """One test suite a run, one test case a score; `moved` is a failure, `undecided` is skipped."""
    root = ElementTree.Element("testsuites", name="valuegauge check")
    for one in found:
        failures = [check for check in one.scores if check.fails]
        undecided = [check for check in one.scores if check.verdict == "undecided"]
        suite = ElementTree.SubElement(
            root, "testsuite", name=_xml(f"{one.benchmark}: {one.after}"),
            tests=str(len(one.scores)), failures=str(len(failures)), errors="0",
            skipped=str(len(undecided)),
        )  # fmt: skip
        for check in one.scores:
            case = ElementTree.SubElement(
                suite, "testcase", classname=one.benchmark, name=_xml(check.name)
            )
            if check.fails:
                failure = ElementTree.SubElement(case, "failure", message=_xml(_words(check, one)))
                failure.text = _xml(_moved_most(check))
            elif check.verdict == "undecided":
                ElementTree.SubElement(case, "skipped", message=_xml(_words(check, one)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def annotations(found: "Sequence[Regression]") -> list[str]:
    """Workflow commands that GitHub shows at a change, each on a line of its own.

    An error for what moved, a notice for more valid answers, and one notice a run for all that is
    undecided, since GitHub shows ten of a kind at most.
    """
    out = []
    for one in found:
        for check in one.scores:
            if check.verdict == "moved":
                level = "error" if check.fails else "notice"
                title = f"{one.benchmark}: {check.name} moved"
                out.append(_command(level, title, f"{one.after}: {_words(check, one)}"))
        undecided = [check.name for check in one.scores if check.verdict == "undecided"]
        if undecided:
            title = f"{one.benchmark}: {len(undecided)} undecided"
            out.append(_command("notice", title, f"{one.after}: {', '.join(undecided)}"))
    return out


def _outcome(found: "Regression") -> str:
    if found.failed:
        return "moved"
    undecided = any(check.verdict == "undecided" and not check.apart for check in found.scores)
    return "is not shown to have moved" if undecided else "did not move"


def _cells(check: "ScoreCheck", run: "Regression") -> tuple[str, ...]:
    return (
        check.name,
        number(check.before),
        number(check.after),
        number(check.difference.value),
        ends(check.on.difference),
        p_value(check.on.corrected),
        ends(check.beyond.difference),
        p_value(check.beyond.corrected),
        f"{check.margin:g}",
        _verdict(check, run),
    )


def _verdict(check: "ScoreCheck", run: "Regression") -> str:
    """The verdict, and how much more would decide what is not decided."""
    if check.verdict != "undecided":
        return check.verdict
    if check.scope == "on":
        return "undecided"
    if math.isnan(check.more_to_decide):
        return "undecided: no answers to go by"
    if math.isinf(check.more_to_decide):
        return "undecided: the difference is as large as the margin"
    return f"undecided: about {check.more_to_decide:,.0f} {run.unit} more would decide"


def _items(check: "ScoreCheck") -> str:
    return f"- {escape_markdown(f'{check.name} moved most on {_moved_most(check)}')}"


def _moved_most(check: "ScoreCheck") -> str:
    return ", ".join(
        f"{item.instance} ({number(item.before)} to {number(item.after)})"
        for item in check.moved_items
    )


def _words(check: "ScoreCheck", run: "Regression") -> str:
    """The verdict with the numbers that it rests on."""
    return (
        f"{_verdict(check, run)}: {number(check.before)} to {number(check.after)}, difference "
        f"{check.scope} these {run.unit} {number(check.difference.value)} "
        f"({interval(check.difference)}), p after Holm "
        f"{p_value(check.corrected)}, margin {check.margin:g} ({check.unit})"
    )


def _command(level: str, title: str, message: str) -> str:
    """A workflow command on one line; the runner reads %25 back, in a title %3A and %2C too."""
    said, named = (" ".join(text.split()).replace("%", "%25") for text in (message, title))
    return f"::{level} title={named.replace(':', '%3A').replace(',', '%2C')}::{said}"


def _xml(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
