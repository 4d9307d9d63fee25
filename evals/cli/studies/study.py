"""`valuegauge study`: questions that several runs answer, as a table and a picture."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evals.cli.shared_options.survey import data_option, seed_option, survey_option
from evals.cli.studies.agreement import agreement
from evals.cli.studies.estimator import estimator
from evals.cli.studies.groups import groups
from evals.cli.studies.participants import participants
from evals.cli.studies.personas import personas
from evals.cli.studies.preferences import preferences
from evals.cli.studies.steering import steering
from evals.cli.studies.topics import topics
from evals.cli.studies.variance import variance
from evals.cli.studies.welfare import welfare
from evals.exit_codes import INCOMPLETE, INTERRUPTED
from ratings.errors import DataError
from ratings.output.atomic_write import write_whole
from ratings.output.console import make_console
from ratings.output.csv_text import table_csv
from ratings.output.numbers import how_many
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    import pandas as pd

    from evals.studies.sweep import Reports, Variation

    Draw = Callable[[pd.DataFrame, str, Path], None]

_LONGEST_NAME = 100

# The studies that run one model several ways.
NAMES = {
    "demonstrations": "statements shown, with and without demographics (Figure 3)",
    "forms": "refined against polar statements shown (Table 11)",
    "categories": "one category shown, every category asked (Figure 7)",
}
REASONERS = "readers by the number of statements shown, one question a prompt (Figure 5)"

_one_model = click.option("--model", required=True, help="Who answers, as Inspect names it.")
_models = click.option(
    "--model",
    "models",
    required=True,
    multiple=True,
    help="Who answers, as Inspect names it; may be repeated.",
)
_OPTIONS = (
    data_option,
    survey_option,
    click.option(
        "--people",
        default=800,
        show_default=True,
        type=click.IntRange(1, 800),
        help="How many people to ask about.",
    ),
    click.option(
        "--probe",
        default="all",
        show_default=True,
        type=click.Choice(["1", "2", "3", "all"]),
        help="Which probe sets to ask.",
    ),
    seed_option,
    click.option("--max-connections", type=click.IntRange(1), help="Calls at a time."),
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        help="Folder of logs, table and picture; the same folder is resumed where it stopped. "
        "Default: studies/STUDY/MODEL.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print the table as JSON."),
)


@click.group()
def study() -> None:
    """Run or resume a study of a model, or read one off logs or published data."""


def _with_options(command: Callable[..., int]) -> Callable[..., int]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _of_one_model(name: str) -> click.Command:
    @click.command(name, help=f"Run or resume: {NAMES[name]}.")
    @_one_model
    @_with_options
    def command(model: str, **options: Any) -> int:  # noqa: ANN401 - click's
        from evals.studies.indie_value import STUDIES

        chosen = STUDIES[name]
        return _run(
            name,
            NAMES[name],
            [model],
            chosen.variations,
            lambda reports: chosen.table(reports[model]),
            chosen.draw,
            **options,
        )

    return command


@click.command(help=f"Run or resume: {REASONERS}.")
@_models
@_with_options
def reasoners(models: Sequence[str], **options: Any) -> int:  # noqa: ANN401 - click's
    """The grid of Figure 5."""
    from evals.studies.reasoners import draw_reasoners, reasoner_table, reasoner_variations

    return _run(
        "reasoners",
        REASONERS,
        models,
        lambda data: reasoner_variations(),
        reasoner_table,
        draw_reasoners,
        **options,
    )


for _name in NAMES:
    study.add_command(_of_one_model(_name))
study.add_command(reasoners)
study.add_command(estimator)
study.add_command(groups)
study.add_command(participants)
study.add_command(personas)
study.add_command(preferences)
study.add_command(welfare)
study.add_command(topics)
study.add_command(agreement)
study.add_command(variance)
study.add_command(steering)


def _run(
    name: str,
    what: str,
    models: Sequence[str],
    variations: "Callable[[str], list[Variation]]",
    make_table: "Callable[[Mapping[str, Reports]], pd.DataFrame]",
    draw: "Draw",
    *,
    data: str,
    survey: str | None,
    people: int,
    probe: str,
    seed: int,
    max_connections: int | None,
    out: Path | None,
    as_json: bool,
) -> int:
    from benchmarks._arguments import check_choice
    from evals.studies.sweep import run_study
    from evals.studies.sweep_show import show_study
    from ratings.instruments.indie_value import CARDS

    check_choice("data", data, CARDS)
    folder = resolve_from_start(str(out or Path("studies") / name / _folder_name(models)))
    if folder.is_file():
        raise DataError(f"{folder} is a file; --out needs a folder")
    common: dict[str, Any] = {"data": data, "people": people, "probe": probe, "seed": seed}
    if survey is not None:
        common["survey"] = survey
    wanted = variations(data)
    found = run_study(wanted, common, models, folder / "logs", max_connections)
    if found.left:
        reasons = "; ".join(f"{label}: {reason}" for label, reason in found.left.items())
        click.echo(
            f"study {name}: {len(found.left)} of {len(wanted) * len(models)} runs are not complete "
            f"({reasons}); the same command resumes them",
            err=True,
        )
        return INTERRUPTED if found.interrupted else INCOMPLETE
    table = make_table(found.reports)
    first = next(iter(found.reports[models[0]].values()))
    note = "simulated people, " if first.synthetic else ""
    who = models[0] if len(models) == 1 else f"{len(models)} models"
    title = f"{who}: {what}\n{note}{how_many(len(first.people), 'people')}"
    write_whole(folder / f"{name}.csv", table_csv(table, index=True))
    draw(table, title, folder / f"{name}.png")
    click.echo(f"wrote {folder / name}.csv and .png", err=True)
    if as_json:
        rows = json.loads(table.reset_index().to_json(orient="records"))
        click.echo(json.dumps(rows, indent=2))
    else:
        show_study(table, title, make_console())
    return 0


def _folder_name(models: Sequence[str]) -> str:
    return re.sub(r"[^\w.-]+", "-", "_".join(models)).strip("-")[:_LONGEST_NAME]
