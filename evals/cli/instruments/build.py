"""`valuegauge instrument build`: from ratings of new items to an instrument that can be run."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from evals.cli.shared_options.findings import SIMULATED_RATERS
from ratings.output.console import make_console


@click.command()
@click.option(
    "--ratings",
    required=True,
    type=click.Path(path_type=Path),
    help="Who rated which item how: rater, item, rating. CSV, TSV, Parquet or JSON.",
)
@click.option(
    "--items",
    required=True,
    type=click.Path(path_type=Path),
    help="The items: item, query, text, response; title and topic if there are any.",
)
@click.option(
    "--raters",
    required=True,
    type=click.Path(path_type=Path),
    help="The raters: rater, then known scores by dimension or raw answers, and what screens them.",
)
@click.option(
    "--questionnaire",
    "questionnaires",
    multiple=True,
    help="pvq21, pvq40, pvq_rr or bfi10, whose raw answers the raters' file has in columns such as "
    "pvq21_7; may be repeated.",
)
@click.option(
    "--settings",
    type=click.Path(path_type=Path),
    help="YAML with title, language, licence, citation, and the rules of screening.",
)
@click.option(
    "--prompts",
    type=click.Path(path_type=Path),
    help="Folder of the six prompts in wording of your own. Default: valuegauge's wording.",
)
@click.option(
    "--phrases",
    type=click.Path(path_type=Path),
    help="YAML or JSON with the six answer phrases that --prompts offer. Default: in English.",
)
@click.option("--name", required=True, help="Name of the instrument, which logs and boards carry.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder to write; a run reads it with -T data=FOLDER.",
)
@click.option("--force", is_flag=True, help="Replace an instrument that is in the folder.")
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Of permutations and resamples.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def build(
    ratings: Path,
    items: Path,
    raters: Path,
    questionnaires: Sequence[str],
    settings: Path | None,
    prompts: Path | None,
    phrases: Path | None,
    name: str,
    out: Path,
    force: bool,
    seed: int,
    as_json: bool,
) -> int:
    """Build an instrument from ratings of new items by people with known values."""
    from evals.instruments.build import build_instrument
    from evals.instruments.build_findings import build_findings
    from evals.instruments.folder import facts, refuse_taken, write_instrument
    from evals.instruments.phrases import load_phrases
    from evals.instruments.prompts import instrument_prompts
    from evals.instruments.settings import check_name, load_settings
    from evals.instruments.study_files import read_study
    from evals.studies.findings import check_folder, findings_json, show_findings
    from ratings.sources.locations import resolve_from_start

    folder = resolve_from_start(str(out))
    check_name(name)
    refuse_taken(folder, force)
    check_folder(folder)
    chosen, own_phrases = load_settings(settings), load_phrases(phrases)
    wording = instrument_prompts(prompts, own_phrases)
    study = read_study(ratings, items, raters, questionnaires)
    built = build_instrument(study, chosen, name, seed)
    found = list(build_findings(built))
    revision = write_instrument(folder, built, wording, own_phrases, found)
    click.echo(f"wrote {folder}; run it with -T data={out}", err=True)
    if as_json:
        click.echo(
            json.dumps(findings_json(facts(built, revision), found), indent=2, allow_nan=False)
        )
        return 0
    show_findings(found, make_console(), SIMULATED_RATERS if chosen.synthetic else "")
    return 0
