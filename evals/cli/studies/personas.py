"""`valuegauge study personas`: how a model's view of groups compares with how people differ."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evals.cli.shared_options.findings import MADE_UP_ITEMS, give_findings
from evals.cli.shared_options.system_prompts import (
    AskingOptions,
    asking_options,
    logs_of,
    study_facts,
    study_folder,
)
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.studies.personas.human import GroupFigures
    from evals.studies.system_prompts.prompts import SystemPrompt


@click.command()
@click.option("--model", help="Who answers, as Inspect names it.")
@click.option(
    "--personas",
    type=click.Path(path_type=Path),
    help="YAML {grouping: {group: system prompt}} in place of ours.",
)
@click.option(
    "--groupings", help="Which of its groupings, with commas, such as Gender,Age. Default: all."
)
@click.option(
    "--ess",
    help="Your copy of the European Social Survey (CSV, round 11 or later), for the human side. "
    "Default: the figures that the paper prints.",
)
@click.option(
    "--country",
    "countries",
    multiple=True,
    help="Of the survey, two letters; may be repeated. Default: all.",
)
@click.option("--published", is_flag=True, help="Compare the paper's printed tables; asks nobody.")
@asking_options
def personas(
    model: str | None,
    personas: Path | None,
    groupings: str | None,
    ess: str | None,
    countries: Sequence[str],
    published: bool,
    asked: AskingOptions,
) -> int:
    """Play groups of people: does a model follow, ignore or exaggerate how they differ?"""
    if published:
        if model or personas or groupings or ess or countries:
            raise click.UsageError(
                "--published asks nobody and reads no survey: leave --model, --personas, "
                "--groupings, --ess and --country out"
            )
        return _published(asked.out, asked.seed, asked.as_json)
    if model is None:
        raise click.UsageError("say who answers with --model, or take --published")
    from evals.studies.personas.scale import load_scale
    from evals.studies.personas.study import persona_findings
    from evals.studies.system_prompts.differences import prompt_differences

    chosen = _personas(personas, groupings)
    human = _human(ess, countries, list(dict.fromkeys(one.grouping for one in chosen)))
    asking = asked.asking(model)
    folder = study_folder(asked.out, "personas", model)
    logs = logs_of(asking, chosen, folder, asked)
    if isinstance(logs, int):
        return logs
    found = prompt_differences(logs, chosen, ["schwartz", "big_five"])
    prompted = {one.label: one for one in chosen}
    facts = study_facts("personas", asking, found, logs, prompted, asked.seed)
    facts["human"] = human.source
    findings = list(
        persona_findings(found, human, load_scale(asked.data), facts["model"], asked.seed)
    )
    give_findings(folder, facts, findings, asked.as_json, MADE_UP_ITEMS)
    return 0


def _personas(path: Path | None, groupings: str | None) -> "list[SystemPrompt]":
    """The personas as the options say.

    Raises:
        click.UsageError: for a file that is not one of personas.
    """
    from evals.studies.personas.prompts import load_personas
    from ratings.input.strict_files import MalformedFileError

    names = [name.strip() for name in (groupings or "").split(",") if name.strip()]
    if groupings is not None and not names:
        raise click.UsageError("--groupings takes names with commas, such as Gender,Age")
    try:
        return load_personas(None if path is None else resolve_from_start(str(path)), names)
    except MalformedFileError as error:
        raise click.UsageError(str(error)) from error


def _human(ess: str | None, countries: Sequence[str], groupings: Sequence[str]) -> "GroupFigures":
    """The human side: the user's survey where there is a sign of one, else the printed figures."""
    from evals.studies.personas.human import HUMAN, printed_figures, survey_figures
    from leaderboard.published.figures import published_lines
    from ratings.instruments.dimensions import SCHWARTZ
    from ratings.survey.european_social_survey import VARIABLE, load_european_social_survey

    if ess is not None or countries or os.environ.get(VARIABLE, "").strip():
        return survey_figures(load_european_social_survey(ess, countries), groupings)
    return printed_figures(published_lines("personas"), HUMAN, SCHWARTZ)


def _published(out: Path | None, seed: int, as_json: bool) -> int:
    """The figures that follow from the printed tables."""
    from evals.studies.personas.human import GPT_4O
    from evals.studies.personas.printed import printed_findings
    from evals.studies.personas.scale import load_scale
    from leaderboard.published.figures import published_lines

    folder = study_folder(out, "personas", "published")
    facts: dict[str, Any] = {
        "study": "personas",
        "model": GPT_4O,
        "source": "Han et al. (2025), Tables 9 to 14",
        "card": "value_portrait",
        "synthetic": False,
        "seed": seed,
    }
    findings = list(printed_findings(published_lines("personas"), load_scale("official"), seed))
    give_findings(folder, facts, findings, as_json)
    return 0
