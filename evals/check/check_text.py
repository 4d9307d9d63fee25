"""A check against a baseline as Markdown, JUnit XML and annotations for GitHub."""

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from evals.check.conclusion import changed_answers, changed_lengths, unknown_lengths, yardstick
from ratings.output.markdown import escape_markdown, markdown_table
from ratings.output.numbers import ends, how_many, interval, number, p_value
from ratings.output.text import first_of

if TYPE_CHECKING:
    from evals.check.regression import Regression
    from scorers.comparison.score_checks import ScoreCheck

SAMENESS = "answers as before"
LENGTHS = "answers as long as before"
_STATUS_CHANGE = 0.5  # per cent; less is not worth a line
_HEADS = (
    "score", "before", "after", "difference", "on these {}", "p (Holm)", "beyond these {}",
    "p (Holm)", "margin", "verdict {} these {}",
)  # fmt: skip
# What no character of XML 1.0 is.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def markdown(found: "Regression") -> str:
    """The conclusion, a sentence with its numbers, all scores, and what changed most."""
    heads = (*(head.format(found.unit) for head in _HEADS[:-1]),
             _HEADS[-1].format(found.scope, found.unit))  # fmt: skip
    rows = [[*map(escape_markdown, _cells(check, found))] for check in found.scores]
    table = markdown_table([*map(escape_markdown, heads)], rows)
    moved = [f"- {escape_markdown(line)}" for line in moved_lines(found.scores)]
    title = f"### {escape_markdown(found.finding)}"
    about = f"{yardstick(found)} {unknown_lengths(found)}".strip()
    parts = [title, "", escape_markdown(found.sentence), "", escape_markdown(about)]
    parts += ["", table] if found.scores else []
    parts += ["", *moved]
    parts += [f"- {escape_markdown(line)}" for line in most_changed(found)]
    return "\n".join(parts).rstrip()


def junit(found: "Sequence[Regression]") -> str:
    """One test suite a run: a case for all answers, one for their lengths, and one a score.

    `moved` is a failure, and so are more changed answers or lengths than asking again explains;
    `undecided` is skipped.
    """
    root = ElementTree.Element("testsuites", name="valuegauge check")
    for one in found:
        benchmark = _xml(one.benchmark)
        failures = [check for check in one.scores if check.fails]
        undecided = [check for check in one.scores if check.verdict == "undecided"]
        together = (
            (SAMENESS, one.sameness, changed_answers(one.sameness)),
            (LENGTHS, one.lengths, changed_lengths(one.lengths) or unknown_lengths(one)),
        )
        unknown = sum(part.verdict == "unknown" for _, part, _ in together)
        failed = len(failures) + sum(part.fails for _, part, _ in together)
        suite = ElementTree.SubElement(
            root, "testsuite", name=_xml(f"{one.benchmark}: {one.after}"),
            tests=str(len(one.scores) + len(together)), failures=str(failed),
            errors="0", skipped=str(len(undecided) + unknown),
        )  # fmt: skip
        for name, part, message in together:
            same = ElementTree.SubElement(suite, "testcase", classname=benchmark, name=name)
            if part.fails or part.verdict == "unknown":
                kind = "failure" if part.fails else "skipped"
                ElementTree.SubElement(same, kind, message=_xml(message))
        for check in one.scores:
            case = ElementTree.SubElement(
                suite, "testcase", classname=benchmark, name=_xml(check.name)
            )
            if check.fails:
                failure = ElementTree.SubElement(case, "failure", message=_xml(_words(check, one)))
                failure.text = _xml(moved_most(check))
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
        if one.sameness.fails:
            title = f"{one.benchmark}: not the same model"
            out.append(_command("error", title, f"{one.after}: {changed_answers(one.sameness)}"))
        if one.lengths.fails:
            title = f"{one.benchmark}: answers of another length"
            out.append(_command("error", title, f"{one.after}: {changed_lengths(one.lengths)}"))
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
        verdict_of(check, run),
    )


def verdict_of(check: "ScoreCheck", run: "Regression") -> str:
    """The verdict, and how much more would decide what is not decided."""
    if check.verdict != "undecided":
        return check.verdict
    if math.isnan(check.further):
        return "undecided: too few answers to go by"
    if math.isinf(check.further):
        if check.scope == "on":
            return "undecided: no number of further runs would decide; repeat the baseline too"
        return f"undecided: five times as many {run.unit} would not decide"
    more = how_many(round(check.further), "further runs")
    if check.scope == "beyond":
        more = how_many(round(check.further), f"more {run.unit}")
    most = "" if math.isinf(check.further_most) else f", {check.further_most:,.0f} in 4 of 5 cases"
    return f"undecided: about {more} would decide{most}"


def moved_lines(scores: "Sequence[ScoreCheck]") -> list[str]:
    """A line on the items behind each score that moved; one for those with the same items."""
    names: dict[str, list[str]] = {}
    for check in scores:
        if check.moved_items:
            names.setdefault(moved_most(check), []).append(check.name)
    return [f"{first_of(those)} moved most on {items}" for items, those in names.items()]


def most_changed(found: "Regression") -> list[str]:
    """Items whose answers or lengths changed most, and ways of reading that changed in number."""
    out = []
    if found.changed_items and found.sameness.verdict != "same":
        items = ", ".join(f"{name} ({100 * s:.0f}%)" for name, s in found.changed_items.items())
        out.append(f"Answers changed most on {items}")
    if found.lengths.samples and found.lengths.verdict == "changed":
        items = ", ".join(
            f"{name} ({before:.0f} to {after:.0f} characters)"
            for name, (before, after) in found.lengths.samples.items()
        )
        out.append(f"Lengths changed most on {items}")
    statuses = [
        f"{name} {before:.1f}% to {after:.1f}%"
        for name, (before, after) in found.statuses.items()
        if abs(after - before) >= _STATUS_CHANGE
    ]
    if statuses:
        out.append(f"How answers were read: {', '.join(statuses)}")
    return out


def moved_most(check: "ScoreCheck") -> str:
    """The items behind what moved, with their scores before and after."""
    return ", ".join(
        f"{item.instance} ({number(item.before)} to {number(item.after)})"
        for item in check.moved_items
    )


def _words(check: "ScoreCheck", run: "Regression") -> str:
    """The verdict with the numbers that it rests on."""
    return (
        f"{verdict_of(check, run)}: {number(check.before)} to {number(check.after)}, difference "
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
