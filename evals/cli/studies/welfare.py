"""`valuegauge study welfare`: whose feedback counts, and how many people are enough."""

from collections.abc import Sequence
from pathlib import Path

import click

from evals.cli.shared_options.findings import give_findings, out_folder, out_option, seed_option
from evals.cli.shared_options.prism import data_option, load_data, people_option


@click.command()
@data_option
@people_option
@click.option(
    "--population",
    "populations",
    multiple=True,
    help="US, UK, balanced or all; may be repeated. Default: US and UK.",
)
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    help="YAML with groups, sampling schemes and stakeholders in place of the paper's.",
)
@click.option(
    "--margin",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0, 99),
    help="How far below the best model a choice may be, in points of the rating (or per cent of "
    "choices).",
)
@click.option(
    "--draws",
    default=1_000,
    show_default=True,
    type=click.IntRange(20),
    help="Draws of people by each scheme.",
)
@click.option(
    "--replicates",
    default=500,
    show_default=True,
    type=click.IntRange(20),
    help="Resamples of people for intervals.",
)
@seed_option
@out_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def welfare(
    data: str,
    people: int | None,
    populations: Sequence[str],
    plan: Path | None,
    margin: float,
    draws: int,
    replicates: int,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Whose feedback counts on PRISM, who gains and loses, and how many people are enough."""
    from benchmarks._arguments import check_choice
    from evals.studies.preferences.settings import SUBSETS
    from evals.studies.welfare.settings import POPULATIONS, WelfareSettings
    from evals.studies.welfare.study import study_facts, welfare_findings
    from ratings.sources.locations import resolve_from_start
    from scorers.welfare.plan import load_plan

    asked = tuple(check_choice("population", name, SUBSETS) for name in dict.fromkeys(populations))
    chosen = load_plan(None if plan is None else str(resolve_from_start(str(plan))))
    settings = WelfareSettings(
        populations=asked or POPULATIONS,
        margin=margin,
        draws=draws,
        replicates=replicates,
        seed=seed,
    )
    folder = out_folder(out, "welfare", data)
    prism = load_data(data, people, seed)
    found = list(welfare_findings(prism, chosen, settings))
    facts = study_facts(prism, data, "paper" if plan is None else str(plan), settings)
    give_findings(folder, facts, found, as_json)
    return 0
