"""`valuegauge vinfo`: how much descriptions of raters tell about what they choose."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape

from decoders.language_model.training.recipes import RECIPES
from evals.cli.shared_options.completions import completing, family_names, representation_names
from evals.cli.shared_options.fits import KINDS, jobs_option, ratings_option
from ratings.errors import DataError
from ratings.output.console import make_console, progress_bar, say
from ratings.output.numbers import how_many, number
from ratings.output.tables import Table, plain
from ratings.output.text import one_line
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.vinfo.study import Findings, VinfoStudy
    from evals.vinfo.table import VinfoRow
    from leaderboard.published.figures import PublishedDecoder
    from scorers.intervals.estimate import Estimate

_HEADS = (
    "representation",
    "accuracy\n%",
    "loss\n(nats)",
    "usable info\n(nats)",
    "preserved\n%",
    "ECE",
    "p",
)
_NAME = 19  # letters of a representation that leave room for all columns in 80
# Scores that the paper prints, in the order of the columns, with their digits.
_PRINTED = {"accuracy": 1, "loss": 3, "information": 3, "preserved": 0}
_ONE_PARTITION = (
    " Profiles were written from one partition of a rater's ratings, so every fit saw one."
)
_EVERYTHING = "none,examples:1,examples:2,examples:4,examples:8,examples:16,examples:max"


@click.command()
@ratings_option
@click.option(
    "--representations",
    default=_EVERYTHING,
    show_default=True,
    shell_complete=completing(representation_names),
    help="What to give about a rater, separated by commas; none is always among them. "
    f"One is {KINDS}.",
)
@click.option(
    "--family",
    default="default",
    show_default=True,
    shell_complete=completing(family_names, files=True),
    help=f"What predicts: default, a recipe ({', '.join(RECIPES)}), or the path of one's own.",
)
@click.option(
    "--seeds",
    default=5,
    show_default=True,
    type=click.IntRange(1, 100),
    help="Number of splits of the raters, with seeds from 0.",
)
@jobs_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for fits, JSON, tables and pictures; vinfo-<data> if not said. "
    "Fits found there are not made again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def vinfo(
    data_name: str,
    representations: str,
    family: str,
    seeds: int,
    jobs: int | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Measure how much descriptions of a rater tell about what the rater will choose, in nats.

    A predictive family is fitted on half of the raters, once for each representation, and
    measured on the other half; the drop of its loss is the usable information.
    """
    import joblib

    from decoders.families import family_named
    from evals.vinfo.study import findings_as_json, plan_study, write_findings
    from ratings.data_sets.registry import load_data_set
    from ratings.representations.names import parse_representations

    try:
        wanted = parse_representations(representations)
    except DataError as error:
        raise click.UsageError(str(error)) from error
    family_named(family)
    data, notes = load_data_set(data_name)
    for note in notes:
        click.echo(f"{data.name}: {note}", err=True)
    study = plan_study(data, wanted, family, seeds)
    folder = resolve_from_start(str(out)) if out else Path.cwd() / f"vinfo-{study.data.name}"
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file; --out needs a folder")
    folder.mkdir(parents=True, exist_ok=True)
    found = _run(study, folder, jobs or joblib.cpu_count())
    published = _published(study)
    rows = [asdict(row) for row in published]
    written = write_findings(found, folder, rows)
    if as_json:
        click.echo(json.dumps(findings_as_json(found, rows), indent=1, allow_nan=False))
    else:
        console = make_console()
        _print(found, console)
        if published:
            _print_published(published, console)
    what = how_many(len(written), "files" if len(written) == 1 else "files and folders")
    click.echo(f"{what} written to {folder}", err=True)
    return 0


def _published(study: "VinfoStudy") -> "list[PublishedDecoder]":
    """What a paper prints of the same data set and representations."""
    from leaderboard.published.figures import published_decoders

    card = study.data.card
    given = [one.name for one in study.representations]
    return published_decoders(card.id, [*given, "majority"]) if card else []


def _run(study: "VinfoStudy", folder: Path, jobs: int) -> "Findings":
    from evals.vinfo.study import run_vinfo

    with progress_bar() as progress:
        task = progress.add_task("fits", total=len(study.representations) * study.seeds)
        return run_vinfo(study, folder, jobs, lambda key: progress.advance(task))


def _print(found: "Findings", console: Console) -> None:
    study = found.study
    say(console, found.sentence)
    console.print()
    title = f"{one_line(study.data.name)}: family {study.family}, {how_many(study.seeds, 'splits')}"
    if study.data.synthetic:
        title += "; raters are simulated"
    # As narrow as can be: names of representations are long, and a terminal has 80 columns.
    table = Table(
        title=escape(title), title_justify="left", box=HORIZONTALS, padding=0, show_edge=False
    )
    for index, head in enumerate(_HEADS):
        numbers = index > 0
        table.add_column(
            head, justify="right" if numbers else "left", overflow="fold", no_wrap=numbers
        )
    for row in found.rows:
        table.add_row(*map(escape, _cells(row)))
    accuracy, entropy = found.majority
    last = ("majority,\nlabel entropy", _cell(accuracy, 1, 100), _cell(entropy, 3))
    table.add_row(*last, *([""] * (len(_HEADS) - len(last))))
    console.print(table)
    console.print()
    console.print(plain(_explanation(found)), highlight=False)
    for line in _grouping_lines(found):
        console.print(plain(line), highlight=False)


def _print_published(rows: "Sequence[PublishedDecoder]", console: Console) -> None:
    table = Table(box=HORIZONTALS, padding=0, show_edge=False)
    for index, head in enumerate(_HEADS[: 1 + len(_PRINTED)]):
        table.add_column(head, justify="right" if index else "left", overflow="fold")
    for row in rows:
        cells = [_as_printed(row, score, digits) for score, digits in _PRINTED.items()]
        table.add_row(plain(row.representation), *cells)
    console.print(f"\nAs published: {rows[0].source}", highlight=False)
    console.print(table)
    console.print(
        f"Figures of the paper, of {rows[0].rater} fine-tuned on other splits: no run of this "
        "package, and no rival of the table above. 9b, 27b and gni wrote the paper's profiles: "
        "gemma2-9b-it, gemma2-27b-it and Gemini-1.5 Pro.",
        highlight=False,
    )


def _as_printed(row: "PublishedDecoder", score: str, digits: int) -> str:
    if score not in row.values:
        return ""
    spread = f"\n±{row.plus_minus[score]}" if score in row.plus_minus else ""
    return number(row.values[score], digits) + spread


def _cells(row: "VinfoRow") -> tuple[str, ...]:
    scores = (_cell(row.accuracy.estimate, 1, 100), _cell(row.loss.estimate, 3))
    name, ece = _in_lines(one_line(row.representation.name)), number(row.calibration.raw, 3)
    if row.mixed is None:
        return (name, *scores, "0", "", ece, "")
    return (
        name,
        *scores,
        _cell(row.information.estimate, 4),
        "" if row.preserved is None else _cell(row.preserved, 0, 100),
        ece,
        f"{_p_value(row.mixed.p_value)}\n{_p_value(row.permutation_p)}",
    )


def _explanation(found: "Findings") -> str:
    from decoders.families import family_named
    from decoders.fit_split import redrawable

    study = found.study
    calibrated = number(found.rows[0].calibration.if_calibrated.value, 3)
    splits = ", and what splits differ beyond that" if study.seeds > 1 else ""
    one = "" if all(map(redrawable, study.representations)) else _ONE_PARTITION
    raters = how_many(len(study.data.table.raters), "raters")
    tested = how_many(len(found.stacked.ratings), "ratings")
    return (
        f"{raters}, half of them tested; {tested} tested over all splits. Below each number its "
        f"95% interval: raters resampled{splits}. What a family learned from few raters tells less "
        f"than there is to know.{one} Preserved: share of what the most examples tell. A "
        f"calibrated decoder would have an ECE of {calibrated}; this family is calibrated so: "
        f"{family_named(study.family).calibration}. p, of the drop of the loss averaged over "
        "raters: of a mixed model with random splits and raters; below it, for the decoders fitted "
        "here and no others, of flipping signs rater by rater."
    )


def _grouping_lines(found: "Findings") -> list[str]:
    from evals.vinfo.follow_up import best_groupings

    lines = []
    for entry in best_groupings(found.rows, found.stacked, found.study.data):
        best = entry["best_grouping"]
        beside = (
            f"the best single demographic grouping asked for with at most as many groups, {best}: "
            f"{number(entry['its_information'], 4)}; clusters less it: "
            f"{_with_ends(entry['difference'])}"
            if best
            else "no demographics:<column> with at most as many groups was asked for"
        )
        lines.append(f"{entry['clusters']}: {number(entry['information'], 4)} nats; {beside}")
    return lines


def _cell(estimate: "Estimate", digits: int, scale: float = 1.0) -> str:
    """A number, and below it the ends of its interval."""
    value, low, high = (
        number(scale * one, digits) for one in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value}\n{low}..{high}"


def _with_ends(estimate: dict[str, float]) -> str:
    """A number and the ends of its interval, in a sentence."""
    value, low, high = (number(estimate[name], 4) for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _p_value(value: float) -> str:
    return "<.001" if value < 0.001 else number(value, 3)


def _in_lines(name: str) -> str:
    """A long name of a representation on several lines, broken where a part of it ends.

    >>> print(_in_lines("shuffled(groundtruth)"))
    shuffled(
    groundtruth)
    """
    lines = [""]
    for part in re.findall(r"[^(:+]*[(:+]?", name):
        if lines[-1] and len(lines[-1]) + len(part) > _NAME:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
