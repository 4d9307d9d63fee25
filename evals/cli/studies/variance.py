"""`valuegauge study variance`: variance of the ten values by size, and with reasoning on or off."""

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
@click.argument("logs", nargs=-1, metavar="[LOG]...")
@click.option(
    "--tags",
    "tags_file",
    type=click.Path(path_type=Path),
    help="YAML with what is known of models: {family, size, reasoning, base}. Default: the models "
    "of the Value Portrait paper.",
)
@click.option(
    "--published", is_flag=True, help="The profiles that the paper prints in Tables 5, 7 and 8."
)
@seed_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of tables, pictures and JSON. Default: studies/variance/WHAT.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def variance(
    logs: tuple[str, ...],
    tags_file: Path | None,
    published: bool,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """How far models' values differ, by size, and with reasoning on or off.

    Each LOG is a log of Value Portrait, a folder with logs, or a recording of the source by its
    name. Without any, all recordings that are on this machine are taken.
    """
    import pandas as pd

    from evals.studies.agreement.answer_sets import each_set
    from evals.studies.profile_variance.profiles import of_print, of_sets
    from evals.studies.profile_variance.study import study_facts, variance_findings
    from evals.studies.profile_variance.tags import printed_variances, read_tags, shipped_tags
    from leaderboard.published.figures import published_rows
    from ratings.errors import DataError, DataMissingError
    from ratings.instruments.dimensions import SCHWARTZ
    from ratings.instruments.value_portrait import recordings_at_hand
    from ratings.output.text import one_line
    from ratings.sources.cards import card_ids
    from ratings.sources.locations import resolve_from_start

    if published and logs:
        raise click.UsageError("--published and logs exclude each other")
    what = "published" if published else "_".join(Path(one).stem for one in logs)[:80]
    folder = out_folder(out, "variance", what or "recordings")
    tags = shipped_tags() if tags_file is None else read_tags(resolve_from_start(str(tags_file)))
    named = "paper" if tags_file is None else str(tags_file)
    if published:
        rows = published_rows("value_portrait", "value_portrait", SCHWARTZ, {"threshold": 0.3})
        frame = pd.DataFrame({row["rater"]: row["values"] for row in rows}).T[list(SCHWARTZ)]
        profiles = of_print(frame, tags)
        if not profiles:
            raise DataError(f"{named}: the paper prints none of these models")
        printed = {name: v for name, v in printed_variances().items() if name in tags}
        found = list(variance_findings(profiles, printed or None))
        synthetic, made_up = False, ""
    else:
        names = logs or tuple(recordings_at_hand())
        if not names:
            raise DataMissingError(
                "no recording is at hand; name logs, take --published, or set VALUEGAUGE_DATA to a "
                "folder of mirrors"
            )
        sets = each_set(names, lambda line: click.echo(one_line(line), err=True))
        profiles, untagged = of_sets(sets, tags, seed)
        notes = (f"Not tagged: {', '.join(untagged)}.",) if untagged else ()
        found = list(variance_findings(profiles, notes=notes))
        cards = {one.asked["card"] for one in sets if one.synthetic}
        synthetic, shipped = bool(cards), cards <= set(card_ids())
        made_up = MADE_UP_ITEMS if shipped else SIMULATED_RATERS
    facts = study_facts(profiles, named, synthetic, seed, published=published)
    give_findings(folder, facts, found, as_json, made_up)
    return 0
