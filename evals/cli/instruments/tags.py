"""`valuegauge instrument tags`: how much of an instrument's tags is chance, and what would hold."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from evals.cli.shared_options.findings import SIMULATED_RATERS, UNRATED
from ratings.output.console import make_console


@click.command()
@click.option(
    "--data",
    default="official",
    show_default=True,
    help="official, sample (made up), or the folder of an instrument that was built.",
)
@click.option(
    "--rule",
    default="published",
    show_default=True,
    help="What makes a correlation above the threshold a tag: published (p < .05), fdr (the "
    "false-discovery rate is 5%) or fdr_any_dependence.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.3,
    show_default=True,
    help="What |r| of a tag must exceed.",
)
@click.option(
    "--permutations",
    type=click.IntRange(100),
    default=1_000,
    show_default=True,
    help="Of people's scores, for the tags that chance gives.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Of permutations, resamples and halves.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for tables, pictures and JSON."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tags(
    data: str,
    rule: str,
    threshold: float,
    permutations: int,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Say how many tags chance explains, and how many would hold with other people."""
    from evals.instruments.tag_findings import tag_findings
    from evals.instruments.tagged_family import TagSettings
    from evals.studies.findings import check_folder, findings_json, show_findings, write_findings
    from ratings.errors import unknown_name
    from ratings.instruments.own_instrument import is_own
    from ratings.instruments.value_portrait import load_instrument
    from ratings.sources.locations import resolve_from_start
    from scorers.tags.correlations import RULES

    if rule not in RULES:
        raise unknown_name("rule", rule, RULES)
    folder = None if out is None else resolve_from_start(str(out))
    if folder is not None:
        check_folder(folder)
    settings = TagSettings(rule, threshold, permutations, seed=seed)
    found = list(tag_findings(data, settings))
    synthetic = load_instrument(data).card.synthetic
    facts = {"study": "tags", "data": data, "synthetic": synthetic, **asdict(settings)}
    if folder is not None:
        write_findings(folder, "tags", facts, found)
        click.echo(f"tables and pictures are in {folder}", err=True)
    if as_json:
        click.echo(json.dumps(findings_json(facts, found), indent=2, allow_nan=False))
        return 0
    made_up = SIMULATED_RATERS if is_own(data) else UNRATED
    show_findings(found, make_console(), made_up if synthetic else "")
    return 0
