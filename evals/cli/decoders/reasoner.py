"""`valuegauge decoders reasoner`: train a model to predict which statements a person chooses."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evals.cli.decoders.main_process import told_by_one
from evals.cli.shared_options.fits import recipe_option, save_every_option
from evals.cli.shared_options.survey import data_option, seed_option, survey_option
from ratings.errors import DataMissingError
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import About

_STEPS_BETWEEN_LINES = 20


@click.command()
@data_option
@survey_option
@recipe_option
@click.option(
    "--probe-forms", default="p+r", show_default=True, help="Of what is asked: p, r, or p+r."
)
@click.option(
    "--demonstration-forms",
    default="p+r",
    show_default=True,
    help="Of the statements given: p, r, or p+r.",
)
@click.option(
    "--demonstrations", default="mixed+200", show_default=True, help="200, mixed, or mixed+200."
)
@click.option(
    "--per-question", required=True, type=int, help="Examples for each question, in equal parts."
)
@click.option(
    "--probes", default=1, show_default=True, help="Probes that share a person's demonstrations."
)
@click.option(
    "--told", default="statements", show_default=True, help="statements, demographics, or both."
)
@click.option("--continent", help="The only one whose people are learned from.")
@save_every_option
@seed_option
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder of the checkpoint."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def reasoner(
    data: str,
    survey: str | None,
    recipe: str,
    probe_forms: str,
    demonstration_forms: str,
    demonstrations: str,
    per_question: int,
    probes: int,
    told: str,
    continent: str | None,
    save_every: int,
    seed: int,
    out: Path,
    as_json: bool,
) -> None:
    """Train a reasoner of people's statements, as in the paper's Tables 4 and 15 and Figure 6.

    The same command resumes a training that was stopped. Under `accelerate launch` several
    processes train together.
    """
    from decoders.extra import require_extra
    from decoders.reasoner.training_plan import TrainingPlan
    from ratings.survey.source import load_survey

    with told_by_one() as speaks:
        plan = TrainingPlan(
            probe_forms, demonstrations, per_question, probes, told, continent, demonstration_forms
        )
        require_extra()
        from decoders.language_model.training.recipes import recipe_named
        from decoders.reasoner.train import Training, train_reasoner

        found = recipe_named(recipe)
        try:
            people = load_survey(data, survey)
        except DataMissingError as error:
            raise DataMissingError(f"{error}; or take simulated people: --data sample") from error
        folder = resolve_from_start(str(out))
        if speaks:
            click.echo(f"{plan.name}: drawing people and writing prompts ...", err=True)
        about = train_reasoner(
            Training(data, people, plan, found, seed),
            folder,
            every=save_every,
            watch=_tell if speaks else None,
        )
    if speaks:
        click.echo(json.dumps(asdict(about), indent=2) if as_json else _in_words(about, out))


def _tell(step: int, steps: int, loss: float) -> None:
    if step % _STEPS_BETWEEN_LINES == 0 or step == steps:
        click.echo(f"step {step:,} of {steps:,}: {loss:.3f} nats a label token", err=True)


def _in_words(about: "About", out: Path) -> str:
    found = about.metrics
    return (
        f"{out}: {about.representation}; {found['probes']:,} probes of {found['people']:,} people, "
        f"{found['steps']:,} steps, {found['tokens']:,} tokens, {found['seconds']:,} s; "
        f"ask it with --model decoder/{out}"
    )
