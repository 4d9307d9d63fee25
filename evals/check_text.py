"""A check against a baseline as Markdown, JUnit XML and annotations for GitHub."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from evals.cells import interval, number, plain

if TYPE_CHECKING:
    from leaderboard.regression import Regression, ScoreCheck

_HEADS = ("score", "before", "after", "difference", "95% interval", "p (Holm)", "margin", "verdict")


def markdown(found: "Regression") -> str:
    """A sentence, a table of all scores, and the items behind what moved."""
    title = f"### {plain(found.benchmark)}: {plain(found.after)} {_outcome(found)}"
    rows = [
        _HEADS,
        ("---",) * len(_HEADS),
        *(_cells(check, found.resampling_unit) for check in found.scores),
    ]
    lines = ["| " + " | ".join(plain(cell) for cell in row) + " |" for row in rows]
    moved = [_items(check) for check in found.scores if check.moved_items]
    parts = [title, "", plain(found.sentence), "", *lines]
    return "\n".join(parts + (["", *moved] if moved else []))


def junit(found: "Sequence[Regression]") -> str:
    """One test suite a run, one test case a score; `moved` is a failure, `undecided` is skipped."""
    root = ElementTree.Element("testsuites", name="valuegauge check")
    for one in found:
        failures = [check for check in one.scores if check.fails]
        undecided = [check for check in one.scores if check.verdict == "undecided"]
        suite = ElementTree.SubElement(
            root, "testsuite", name=_xml(f"{one.benchmark}: {one.after}"),
            tests=str(len(one.scores)), failures=str(len(failures)), skipped=str(len(undecided)),
        )  # fmt: skip
        for check in one.scores:
            case = ElementTree.SubElement(
                suite, "testcase", classname=one.benchmark, name=_xml(check.name)
            )
            if check.fails:
                ElementTree.SubElement(case, "failure", message=_xml(_told(check)))
            elif check.verdict == "undecided":
                ElementTree.SubElement(case, "skipped", message=_xml(_told(check)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def annotations(found: "Sequence[Regression]") -> list[str]:
    """Workflow commands that GitHub shows beside a change: errors for what moved."""
    out = []
    for one in found:
        for check in one.scores:
            if check.verdict == "same":
                continue
            level = "error" if check.fails else "notice"
            title = _command(f"{one.benchmark}: {check.name} {check.verdict}", of_property=True)
            out.append(f"::{level} title={title}::{_command(_told(check))}")
    return out


def _outcome(found: "Regression") -> str:
    return "moved" if found.failed else "did not move"


def _cells(check: "ScoreCheck", unit: str) -> tuple[str, ...]:
    needed = check.units_to_decide
    enough = f": {needed:,.0f} of {unit} would decide, {check.units:,} are here"
    more = enough if needed == needed else ""
    return (
        check.name,
        number(check.before),
        number(check.after),
        number(check.difference.value),
        interval(check.difference),
        number(check.corrected, 4),
        f"{check.margin:g}",
        f"{check.verdict}{more}" if check.verdict == "undecided" else check.verdict,
    )


def _items(check: "ScoreCheck") -> str:
    listed = ", ".join(
        f"{item.instance} ({item.before:.2f} to {item.after:.2f})" for item in check.moved_items
    )
    return f"- {plain(check.name)} moved most on {plain(listed)}"


def _told(check: "ScoreCheck") -> str:
    return (
        f"{check.name} {number(check.before)} to {number(check.after)}, difference "
        f"{number(check.difference.value)} {interval(check.difference)}, p after Holm "
        f"{number(check.corrected, 4)}, margin {check.margin:g} ({check.unit})"
    )


def _command(text: str, *, of_property: bool = False) -> str:
    """Text as a workflow command takes it."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escaped.replace(":", "%3A").replace(",", "%2C") if of_property else escaped


def _xml(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(char if char >= " " or char in "\t\n\r" else "\ufffd" for char in text)
