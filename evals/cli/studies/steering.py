"""`valuegauge study steering`: what steering a model towards one value at a time changes."""

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
    from evals.studies.system_prompts.prompts import SystemPrompt


@click.command()
@click.option("--model", help="Who answers, as Inspect names it.")
@click.option(
    "--family",
    default="schwartz",
    show_default=True,
    type=click.Choice(["schwartz", "big_five"]),
    help="Steer towards each of the ten values, or each of the five traits.",
)
@click.option(
    "--definitions",
    type=click.Path(path_type=Path),
    help="YAML {family: {value: definition}} in place of our definitions.",
)
@click.option(
    "--prompts",
    type=click.Path(path_type=Path),
    help="YAML {family: {value: system prompt}} in place of our wording.",
)
@click.option(
    "--published", is_flag=True, help="Recompute the figures of the paper's Table 15; asks nobody."
)
@asking_options
def steering(
    model: str | None,
    family: str,
    definitions: Path | None,
    prompts: Path | None,
    published: bool,
    asked: AskingOptions,
) -> int:
    """Steer a model towards one value at a time: success, spill-over, the circle."""
    if published:
        if model or prompts or definitions:
            raise click.UsageError("--published asks nobody: leave --model and prompts out")
        return _published(asked.out, asked.as_json)
    if model is None:
        raise click.UsageError("say who answers with --model, or take --published")
    from evals.studies.steering.study import (
        chance_changes,
        changes_of,
        steering_findings,
    )
    from evals.studies.system_prompts.differences import prompt_differences

    chosen = _prompts(family, definitions, prompts)
    asking = asked.asking(model)
    folder = study_folder(asked.out, "steering", model)
    logs = logs_of(asking, chosen, folder, asked)
    if isinstance(logs, int):
        return logs
    found = prompt_differences(logs, chosen, [family])
    changes = changes_of(found)
    circle = family == "schwartz"
    chance = chance_changes(found, asked.seed) if circle else None
    prompted = {one.name: one for one in chosen}
    facts = study_facts("steering", asking, found, logs, prompted, asked.seed)
    facts["family"] = family
    findings = list(steering_findings(changes, circle=circle, chance=chance))
    give_findings(folder, facts, findings, asked.as_json, MADE_UP_ITEMS)
    return 0


def _prompts(family: str, definitions: Path | None, prompts: Path | None) -> "list[SystemPrompt]":
    """The prompts as the options say.

    Raises:
        click.UsageError: for a file that is not one of prompts, or of definitions.
    """
    from evals.studies.steering.prompts import defined_prompts, given_prompts
    from ratings.input.strict_files import MalformedFileError

    if definitions and prompts:
        raise click.UsageError("--definitions and --prompts exclude each other")
    try:
        if prompts:
            return given_prompts(family, resolve_from_start(str(prompts)))
        path = None if definitions is None else resolve_from_start(str(definitions))
        return defined_prompts(family, path)
    except MalformedFileError as error:
        raise click.UsageError(str(error)) from error


def _published(out: Path | None, as_json: bool) -> int:
    """The figures that follow from the printed table."""
    from evals.studies.steering.study import printed_changes, steering_findings
    from leaderboard.published.figures import published_lines

    folder = study_folder(out, "steering", "published")
    lines = published_lines("steering")
    facts: dict[str, Any] = {
        "study": "steering",
        "model": lines[0]["rater"],
        "source": lines[0]["source"],
        "card": lines[0]["card"],
        "synthetic": False,
        "family": "schwartz",
    }
    give_findings(
        folder, facts, list(steering_findings(printed_changes(lines), circle=True)), as_json
    )
    return 0
