"""What a check concludes, in words: one line for a title, one sentence to paste."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ratings.output.numbers import how_many, number, p_value
from ratings.output.text import first_of, shown_rater
from scorers.comparison.score_checks import VALID

if TYPE_CHECKING:
    from evals.check.regression import Regression
    from scorers.change.lengths import LengthChange
    from scorers.change.omnibus import Omnibus
    from scorers.comparison.score_checks import ScoreCheck

_NO_SCORE = "no score that a gate counts was asked for"


def conclusion(found: "Regression") -> str:
    """Whether it is the same model and what moved, in one line.

    Args:
        found: of one run.
    """
    moved, undecided = (_of(found.scores, verdict) for verdict in ("moved", "undecided"))
    scores = sum(not check.apart for check in found.scores)
    same = scores - len(moved) - len(undecided)
    tally = f"{same} of {how_many(scores, 'scores')} the same" if scores else _NO_SCORE
    tally += f", {len(undecided)} undecided" if undecided else ""
    names = first_of([check.name for check in _largest_first(moved)])
    tally += _apart(found.scores)
    after = shown_rater(found.after)
    if 0 < found.units < found.baseline_units:
        after = f"On {found.units:,} of {how_many(found.baseline_units, found.unit)} {after}"
    if found.another:
        rest = f"moved: {names}; {tally}" if moved else f"no score is shown to have moved; {tally}"
        rest = f"{changed_lengths(found.lengths)}; {rest}" if found.lengths.fails else rest
        return f"{after} does not answer as the baseline does; {rest}"
    if moved:
        return f"{after} moved on {names}; {tally}"
    few = found.sameness.verdict == "changed"
    changed = f"{how_many(round(found.sameness.changed), 'answers')} changed; " if few else ""
    if undecided:
        return f"{after} is not shown to have moved; {changed}{tally}"
    return f"{after} did not move; {changed}{tally}"


def sentence(found: "Regression", title: str, before: str, shared: str) -> str:
    """The same with its numbers.

    Args:
        found: of one run.
        title: of the benchmark.
        before: what the baseline is, `gpt-4o of 2026-01-01`.
        shared: on what it was compared, `on the same 130 items`.
    """
    moved, undecided = (_of(found.scores, verdict) for verdict in ("moved", "undecided"))
    shown = [
        f"{check.name} {check.difference.value:+.2f} "
        f"({check.difference.low:+.2f} to {check.difference.high:+.2f})"
        for check in _largest_first(moved)
    ]
    unmoved = "is not shown to have moved" if undecided else "did not move"
    what = f"moved on {first_of(shown)}" if moved else unmoved
    valid = "".join(
        f"; valid answers {check.before:.1f}% before and {check.after:.1f}% after"
        for check in found.scores
        if check.name == VALID
    )
    scores = sum(not check.apart for check in found.scores)
    counts = (
        f"{scores - len(moved) - len(undecided)} of {how_many(scores, 'scores')} are the same "
        f"within their margins, {len(moved)} moved, {len(undecided)} undecided"
    )
    sample = " (synthetic sample data)" if found.synthetic else ""
    lengths = changed_lengths(found.lengths)
    answers = changed_answers(found.sameness) + (f"; {lengths}" if lengths else "")
    return (
        f"On {title}{sample}, {shown_rater(found.after)} {what} against the baseline of {before}, "
        f"{shared}, judged {found.scope} them: {answers}; "
        f"{counts if scores else _NO_SCORE}{valid}."
    )


def changed_answers(found: "Omnibus") -> str:
    """How many answers differ, and how many differ when the same model is asked again."""
    if not found.answers:
        return "no answer is there in both"
    differ = f"{found.changed:,.0f} of {how_many(found.answers, 'answers')} differ"
    if found.steady:
        return f"{differ}, none when the same model is asked again"
    if not math.isnan(found.again):
        again = f"{number(found.again, 0)} when the same model is asked again"
        return f"{differ}, {again} (p = {p_value(found.p)})"
    if math.isnan(found.p):
        return f"{differ}; how many do when the same model is asked again is not known"
    return f"{differ} (p = {p_value(found.p)} by how the wordings of an item agree)"


def changed_lengths(found: "LengthChange") -> str:
    """How many times as long answers are, with its interval; empty where it is not known."""
    if found.verdict == "unknown":
        return ""
    within = "" if math.isnan(found.low) else f"{found.low:.2f} to {found.high:.2f}, "
    return f"answers are {found.ratio:.2f} times as long ({within}p = {p_value(found.p)})"


def unknown_lengths(found: "Regression") -> str:
    """Why lengths were not compared; empty where they were."""
    if found.lengths.verdict != "unknown":
        return ""
    if found.lengths.lacking == "before":
        return (
            "How long answers are was not compared, because the baseline does not know it; write "
            "it again to compare it from then on."
        )
    return "How long answers are was not compared, because the log does not hold their texts."


def yardstick(found: "Regression") -> str:
    """What the error of asking again was read off, for a reader who wonders."""
    before, after = found.repeats
    if found.yardstick == "repeats":
        return (
            f"The error on these {found.unit} is that of asking again, read off "
            f"{how_many(before, 'runs')} of the baseline and {after} of the later model."
        )
    of = {
        "wordings": "how the change varies over wordings",
        "differences": "the changes themselves",
    }
    return (
        f"Nothing was asked twice, so the error on these {found.unit} is an upper bound, read off "
        f"{of[found.yardstick]}; add runs of the accepted model with --add-baseline."
    )


def _of(checks: Sequence["ScoreCheck"], verdict: str) -> list["ScoreCheck"]:
    """Those that a gate counts."""
    return [check for check in checks if check.verdict == verdict and not check.apart]


def _apart(checks: Sequence["ScoreCheck"]) -> str:
    """How many scores a gate does not count, and how many of them moved; empty without any."""
    apart = [check for check in checks if check.apart]
    if not apart:
        return ""
    kind = "predicted " if all(check.name.startswith("predicted ") for check in apart) else ""
    moved = sum(check.verdict == "moved" for check in apart)
    return f"; {how_many(len(apart), f'{kind}scores')} judged separately, {moved or 'none'} moved"


def _largest_first(checks: Sequence["ScoreCheck"]) -> list["ScoreCheck"]:
    """By how many margins they moved, which orders scores of any unit."""
    return sorted(checks, key=lambda check: -abs(check.difference.value) / check.margin)
