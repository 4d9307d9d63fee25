"""`valuegauge study agreement`: whether sets of answers to Value Portrait agree."""

from pathlib import Path

import click

from evals.cli.shared_options.findings import (
    MADE_UP_ITEMS,
    SIMULATED_RATERS,
    give_findings,
    out_folder,
    seed_option,
)


@click.command()
@click.argument("sets", nargs=-1, required=True, metavar="A B [C]...")
@click.option(
    "--data",
    help="Whose items recordings, people and CSV files rated: official, sample, or the folder of "
    "an instrument that was built. Default: those of the first log, else official.",
)
@click.option(
    "--margin",
    type=click.FloatRange(0, min_open=True),
    help="The largest difference of a score that does not matter. Default: the benchmark's.",
)
@seed_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of tables, pictures and JSON. Default: studies/agreement/SETS.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def agreement(
    sets: tuple[str, ...],
    data: str | None,
    margin: float | None,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Compare sets of answers to Value Portrait: answers, scores, items that differ.

    Each of A, B, ... is a log, a folder with one, a recording of the source by its name, `people`
    for its human raters, or a CSV file with columns instance and rating, and rater or variant where
    there are several. Two logs of one model are test and retest.
    """
    from evals.studies.agreement.answer_sets import read_sets
    from evals.studies.agreement.settings import AgreementSettings
    from evals.studies.agreement.study import agreement_findings, study_facts
    from ratings.instruments.own_instrument import is_own

    if len(sets) < 2:
        raise click.UsageError("needs two sets of answers or more: agreement A.eval people")
    names = "_".join(Path(name).stem for name in sets)[:80]
    folder = out_folder(out, "agreement", names)
    settings = AgreementSettings(margin, seed)
    of, found = read_sets(sets, data)
    findings = list(agreement_findings(found, settings))
    made_up = SIMULATED_RATERS if is_own(of) else MADE_UP_ITEMS
    give_findings(folder, study_facts(found, of, settings), findings, as_json, made_up)
    return 0
