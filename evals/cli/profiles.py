"""`valuegauge profiles`: the profiles that a run wrote, as a file that can be given to decoders."""

from pathlib import Path

import click

from evals.exit_codes import INCOMPLETE
from ratings.output.text import shown_rater
from ratings.sources.locations import resolve_from_start


@click.command()
@click.argument("log", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write; representation=profile:FILE gives raters what is in it.",
)
def profiles(log: Path, out: Path) -> int:
    """Write the profiles in LOG, the log of a run of encode_profiles, to a file.

    Exit code 4 when the run is not complete, or left raters out.
    """
    from evals.vinfo.encoded_profiles import read_encoded_profiles
    from ratings.representations.profile_runs import write_profile_run

    found = read_encoded_profiles(resolve_from_start(str(log)))
    run = found.run
    write_profile_run(resolve_from_start(str(out)), run)
    counted = f"{run.tokens:,} tokens" if run.tokens else "tokens not reported"
    click.echo(
        f"wrote {out}: {found.written:,} profiles of {found.everybody:,} raters of {run.data}, "
        f"split seed {run.seed}, by {shown_rater(run.model)}, {counted}",
        err=True,
    )
    empty = len(run.profiles) - found.written
    if empty:
        click.echo(
            f"{empty:,} raters have an empty profile: it was refused, left empty or cut off",
            err=True,
        )
    lacking = found.everybody - len(run.profiles)
    if lacking:
        click.echo(
            f"{lacking:,} raters have none: profile:{out} can be used once all have one", err=True
        )
    return 0 if found.complete and not lacking else INCOMPLETE
