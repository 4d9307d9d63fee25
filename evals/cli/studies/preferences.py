"""`valuegauge study preferences`: which models people prefer, how firmly, and why."""

from collections.abc import Sequence
from pathlib import Path

import click

from evals.cli.shared_options.findings import give_findings, out_folder, out_option, seed_option
from evals.cli.shared_options.prism import data_option, load_data, people_option


@click.command()
@data_option
@people_option
@click.option("--subset", default="balanced", show_default=True, help="balanced, all, UK or US.")
@click.option(
    "--aggregation",
    default="rank_centrality",
    show_default=True,
    help="How scores of models are made; docs/prism_studies.md lists the ways.",
)
@click.option(
    "--threshold",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0, 99),
    help="Difference of scores up to which two replies tie.",
)
@click.option(
    "--by",
    "groupings",
    multiple=True,
    help="Survey column with categories, whose groups are compared; may be repeated. "
    "Default: the paper's five.",
)
@click.option(
    "--least", default=20, show_default=True, type=click.IntRange(2), help="People a group needs."
)
@click.option(
    "--replicates",
    default=1_000,
    show_default=True,
    type=click.IntRange(100),
    help="Resamples of people for intervals.",
)
@seed_option
@click.option(
    "--phrases",
    type=click.Path(path_type=Path),
    help="YAML with lists of phrases in place of those that ship.",
)
@click.option(
    "--battles",
    type=click.Path(path_type=Path),
    help="Another arena's battles to compare with: model_a, model_b, winner.",
)
@click.option(
    "--names",
    type=click.Path(path_type=Path),
    help="YAML with that arena's names of models, each with ours.",
)
@out_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def preferences(
    data: str,
    people: int | None,
    subset: str,
    aggregation: str,
    threshold: float,
    groupings: Sequence[str],
    least: int,
    replicates: int,
    seed: int,
    phrases: Path | None,
    battles: Path | None,
    names: Path | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Which models people prefer on PRISM, whether groups differ, and what explains scores."""
    import numpy as np

    from benchmarks._arguments import check_choice
    from evals.studies.preferences.settings import (
        GROUPINGS,
        SUBSETS,
        PreferenceSettings,
        grouping_columns,
    )
    from evals.studies.preferences.study import preference_findings, study_facts
    from ratings.sources.locations import resolve_from_start
    from scorers.preferences.aggregations.aggregation import AGGREGATIONS

    check_choice("subset", subset, SUBSETS)
    check_choice("aggregation", aggregation, AGGREGATIONS)
    if np.isnan(threshold):
        raise click.BadParameter("nan is not a threshold", param_hint="--threshold")
    if names is not None and battles is None:
        raise click.UsageError("--names is of another arena: use it with --battles FILE")
    folder = out_folder(out, "preferences", data)
    prism = load_data(data, people, seed)
    columns = grouping_columns(prism.survey)
    settings = PreferenceSettings(
        subset=subset,
        aggregation=aggregation,
        threshold=threshold,
        groupings=tuple(check_choice("by", name, columns) for name in groupings) or GROUPINGS,
        least=least,
        replicates=replicates,
        seed=seed,
    )
    given = {"phrases": phrases, "battles": battles, "names": names}
    files = {name: path and resolve_from_start(str(path)) for name, path in given.items()}
    found = list(preference_findings(prism, settings, **files))
    facts = study_facts(prism, data, settings)
    give_findings(folder, facts, found, as_json)
    return 0
