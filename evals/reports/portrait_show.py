"""A report as tables for a person to read."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.reports.portrait_report import Report
from evals.reports.status_table import status_table
from ratings.instruments.dimensions import FAMILIES
from ratings.output.numbers import interval, number, percent, percent_interval
from scorers.scores.profile_variance import ProfileVariance
from scorers.scores.schwartz import Score

TITLES = {
    "schwartz": "Ten values, normalised: rating above (+) or below (-) the rater's own mean",
    "higher_order": "Four higher-order values, normalised",
    "big_five": "Big Five, mean ratings brought to a five-point scale",
}
SYNTHETIC = (
    "SYNTHETIC SAMPLE: items and tags were made for trying out the software; "
    "these scores say nothing about values."
)


def show_report(report: Report, console: Console, *, per_variant: bool = False) -> None:
    """Print a report.

    Args:
        report: of one run.
        console: to print on.
        per_variant: show the score from each prompt variant too.
    """
    if report.synthetic:
        console.print(f"[bold yellow]{SYNTHETIC}[/bold yellow]")
    console.print(
        f"[bold]{escape(report.model)}[/bold] on {escape(str(report.metadata.get('card')))}: "
        f"{report.items} items x {len(report.variants)} prompt variants; "
        f"{percent(report.valid)} of the answers valid"
    )
    for name, value in report.arguments.items():
        console.print(f"asked with {name}={escape(str(value))!s:.200}")
    if not report.complete:
        console.print(f"[bold red]This run is not complete (status: {report.status}).[/bold red]")
    for family, names in FAMILIES.items():
        scores = {name: report.scores[name] for name in names if name in report.scores}
        if scores:
            console.print(_score_table(TITLES[family], scores, report, per_variant))
    if report.profile_variance is not None:
        console.print(_profile_variance_table(report.profile_variance))
    console.print(status_table("How the answers were read", "answers", report.counts))
    console.print(_consistency_table(report))
    console.print(_variance_table(report))
    if len(report.variants) > 1:
        console.print(_wordings_table(report))


def _score_table(
    title: str, scores: Mapping[str, Score], report: Report, per_variant: bool
) -> Table:
    missing = any(score.moves_with_missing for score in scores.values())
    table = Table(
        title=title,
        title_justify="left",
        caption="95% intervals: with other items of the kind, and with these asked again.",
        caption_justify="left",
    )
    table.add_column("dimension")
    for name in ("score", "beyond these items", "on these items"):
        table.add_column(name, justify="right")
    if report.expected:
        table.add_column("expected", justify="right")
    if missing:
        table.add_column("if missing answers were read worst .. best", justify="right")
        table.add_column("valid", justify="right")
    table.add_column("items", justify="right")
    for variant in report.variants if per_variant else ():
        table.add_column(variant, justify="right")
    for name, score in scores.items():
        narrow = interval(report.on_items[name])
        cells = [name, number(score.estimate.value), interval(score.estimate), narrow]
        if report.expected:
            cells.append(number(report.expected[name].estimate.value))
        if missing:
            cells.append(f"{number(score.lowest)} .. {number(score.highest)}")
            cells.append(percent(score.valid))
        cells.append(str(score.items))
        if per_variant:
            cells += [number(value) for value in score.per_variant]
        table.add_row(*cells)
    return table


def _profile_variance_table(found: ProfileVariance) -> Table:
    table = Table(title="How far the ten values differ: their variance", title_justify="left")
    table.add_column("variance")
    for name in ("value", "95% interval"):
        table.add_column(name, justify="right")
    told = {"of the scores, as published": found.published, "without noise": found.corrected}
    for name, estimate in told.items():
        table.add_row(name, number(estimate.value, 3), interval(estimate, 3))
    return table


def _consistency_table(report: Report) -> Table:
    labels = {
        "alpha": "Cronbach's alpha over variants",
        "omega": "McDonald's omega over variants",
        "icc": "ICC(A,1), agreement of single variants",
        "g_coefficient": "G coefficient of an item's mean",
        "order_effect": "order effect: reversed minus forward",
    }
    table = Table(title="Does it answer alike whatever the prompt?", title_justify="left")
    table.add_column("measure")
    table.add_column("value", justify="right")
    table.add_column("95% interval", justify="right")
    for name, estimate in report.consistency.items():
        table.add_row(labels[name], number(estimate.value), interval(estimate))
    return table


def _wordings_table(report: Report) -> Table:
    table = Table(
        title=f"With other wordings: the {len(report.variants)} prompt variants as some of many",
        title_justify="left",
    )
    table.add_column("dimension")
    for name in ("score", "beyond these wordings"):
        table.add_column(name, justify="right")
    for name, estimate in report.beyond_wordings.items():
        table.add_row(name, number(estimate.value), interval(estimate))
    return table


def _variance_table(report: Report) -> Table:
    table = Table(
        title=f"Where the variance of the answers comes from ({report.study.items} complete items)",
        title_justify="left",
    )
    table.add_column("source")
    for name in ("variance", "share", "95% interval"):
        table.add_column(name, justify="right")
    for name, share in report.study.shares.items():
        variance = number(report.study.components[name], 3)
        table.add_row(name, variance, percent(share.value), percent_interval(share))
    return table
