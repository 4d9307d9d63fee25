"""The command line `valuegauge`: results on standard output, everything else on standard error.

Exit codes: 0 fine, 1 a gate failed, 2 usage, 3 data or a prerequisite missing,
4 incomplete run, 70 a fault of valuegauge itself, 130 interrupted.
"""

import os
import signal
import sys
import traceback
from collections.abc import Sequence

import click
from rich.text import Text

from evals.cli.benchmarks import benchmarks
from evals.cli.check import check
from evals.cli.compare import compare
from evals.cli.data import data
from evals.cli.decoders.commands import decoders
from evals.cli.export import export
from evals.cli.history import history
from evals.cli.instruments.instrument import instrument
from evals.cli.leaderboard import leaderboard
from evals.cli.plan import plan
from evals.cli.profiles import profiles
from evals.cli.published import published
from evals.cli.run import run
from evals.cli.shared_options.completions import benchmark_names
from evals.cli.show import show
from evals.cli.studies.baselines import baselines
from evals.cli.studies.study import study
from evals.cli.studies.vinfo import vinfo
from evals.exit_codes import FAULT, INTERRUPTED, MISSING, USAGE
from ratings.errors import DataError, UnknownNameError

# Set to anything, it prints the whole traceback of a fault.
TRACEBACK = "VALUEGAUGE_TRACEBACK"


class _Commands(click.Group):
    """The commands, with a word on what people type in their place."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named, or what to type for anything else."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            name = args[0].removeprefix("benchmarks/")
            if name in ("help", "version"):
                raise click.UsageError(
                    f"No such command '{name}'; type valuegauge --{name}"
                ) from error
            if name in ("eval", "inspect", *benchmark_names()):
                benchmark = name if name in benchmark_names() else "NAME"
                raise click.UsageError(
                    f"No such command '{args[0]}'; a benchmark is run with "
                    f"inspect eval benchmarks/{benchmark} --model MODEL"
                ) from error
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help, and the benchmarks that there are."""
        super().format_help_text(ctx, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(
                f"NAME is one of {', '.join(benchmark_names())}; `valuegauge benchmarks` lists "
                f"their arguments."
            )


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="valuegauge")
def valuegauge() -> None:
    """Measure values in language models.

    \b
    A benchmark is run with Inspect, which writes a log:
      inspect eval benchmarks/NAME --model MODEL -T argument=value
    \b
    To try it without a key and without data:
      inspect eval benchmarks/value_portrait --model respondent/power -T data=sample
      valuegauge show logs
    \b
    The commands here show, compare and check logs, run suites of many models,
    and build a leaderboard.
    """  # noqa: D301 - click wants the character itself, which keeps a paragraph's lines


valuegauge.add_command(baselines)
valuegauge.add_command(benchmarks)
valuegauge.add_command(check)
valuegauge.add_command(history)
valuegauge.add_command(compare)
valuegauge.add_command(data)
valuegauge.add_command(decoders)
valuegauge.add_command(export)
valuegauge.add_command(instrument)
valuegauge.add_command(leaderboard)
valuegauge.add_command(plan)
valuegauge.add_command(profiles)
valuegauge.add_command(published)
valuegauge.add_command(run)
valuegauge.add_command(show)
valuegauge.add_command(study)
valuegauge.add_command(vinfo)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    try:
        _require_folder()
        code = valuegauge.main(arguments, prog_name="valuegauge", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(USAGE)
    except click.ClickException as error:
        hint = ""
        if isinstance(error, click.MissingParameter) and error.ctx is not None:
            hint = f" {error.ctx.command_path} --help says more."
        click.echo(f"valuegauge: {' '.join(error.format_message().split())}{hint}", err=True)
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("valuegauge: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except UnknownNameError as error:
        click.echo(f"valuegauge: {error}", err=True)
        sys.exit(USAGE)
    except (DataError, OSError) as error:
        click.echo(f"valuegauge: {error}", err=True)
        sys.exit(MISSING)
    except Exception as error:
        # Inspect's own error for a user, named and not imported: importing Inspect takes seconds.
        if type(error).__name__ != "PrerequisiteError":
            _tell_fault(error)
            sys.exit(FAULT)
        message = Text.from_markup(str(getattr(error, "message", error))).plain
        click.echo(f"valuegauge: {' '.join(message.split())}", err=True)
        sys.exit(USAGE if isinstance(error.__cause__, UnknownNameError) else MISSING)


def _require_folder() -> None:
    """Refuse to work in a folder that was deleted: no relative path has a meaning there."""
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        raise DataError(
            "the folder that you are in is not there any more; change to another one and try again"
        ) from None


def _tell_fault(error: Exception) -> None:
    """A fault that nobody foresaw: never the exit code of a failed gate, and one line."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    message = " ".join(str(error).split())[:300]
    click.echo(
        f"valuegauge: a fault of valuegauge itself, please report it: {type(error).__name__}: "
        f"{message} (set {TRACEBACK}=1 for the whole traceback)",
        err=True,
    )


def entry() -> None:
    """What the console script runs: a reader that has had enough, such as `head`, ends it."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main()


if __name__ == "__main__":
    entry()
