"""What the script `valuegauge` and `python -m valuegauge` run: the command line."""

import sys

from valuegauge.shadowing import find_clash

_MISSING = 3  # a prerequisite, as in evals.cli.main, which another distribution may hide


def entry() -> None:
    """Run the command line; one line and exit code 3 where another distribution hides it."""
    clash = find_clash()
    if clash is not None:
        print(f"valuegauge: {clash.line}", file=sys.stderr)
        if clash.hides_ours:
            sys.exit(_MISSING)
    from evals.cli.main import entry as command_line

    command_line()


if __name__ == "__main__":
    entry()
