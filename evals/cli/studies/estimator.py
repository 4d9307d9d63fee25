"""`valuegauge study estimator`: values predicted from all ratings, and the published scores."""

from pathlib import Path

import click

from evals.cli.shared_options.findings import give_findings, out_folder, out_option, seed_option


@click.command()
@click.option(
    "--data",
    default="official",
    show_default=True,
    help="official, or sample (simulated people).",
)
@click.option(
    "--folds",
    default=5,
    show_default=True,
    type=click.IntRange(2, 8),
    help="Folds of people; each is predicted from the others.",
)
@click.option(
    "--worlds",
    default=200,
    show_default=True,
    type=click.IntRange(2),
    help="Simulated worlds with planted values; about half a second each.",
)
@seed_option
@out_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def estimator(
    data: str, folds: int, worlds: int, seed: int, out: Path | None, as_json: bool
) -> int:
    """Predict people's values from all of their ratings, and compare with the published score."""
    from benchmarks._arguments import check_choice
    from evals.studies.estimator.settings import EstimatorSettings
    from evals.studies.estimator.study import estimator_findings, study_facts
    from leaderboard.published.recomputed import models_at_hand
    from ratings.instruments.value_portrait import (
        CARDS,
        load_instrument,
        load_recording,
        recording_of,
    )
    from scorers.answers.recorded_responses import recorded_grid

    check_choice("data", data, CARDS)
    settings = EstimatorSettings(folds=folds, worlds=worlds, seed=seed)
    folder = out_folder(out, "estimator", data)
    tags = load_instrument(data).tagged()
    runs = {
        name: recorded_grid(load_recording(recording_of(name)), "careful", tags)
        for name in (models_at_hand() if data == "official" else ())
    }
    found = list(estimator_findings(data, runs, settings))
    give_findings(
        folder, study_facts(data, runs, settings), found, as_json, "Simulated people: a sample."
    )
    return 0
