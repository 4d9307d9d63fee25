"""`make demo`: two simulated respondents with known peaks answer the sample, and are found out."""

import sys
import tempfile
from pathlib import Path

from inspect_ai import eval as inspect_eval

from benchmarks.value_portrait.task import value_portrait
from evals.portrait_report import read_report
from evals.portrait_show import show_report
from ratings.console import make_console
from ratings.dimensions import SCHWARTZ

RESPONDENTS = {"benevolence": "Benevolence", "power": "Power"}


def main() -> int:
    """Run and show both respondents; 1 when one does not peak where it should."""
    console = make_console()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for profile, peak in RESPONDENTS.items():
            (log,) = inspect_eval(
                value_portrait(data="sample"),
                model=f"respondent/{profile}",
                log_dir=folder,
                display="none",
            )
            report = read_report(Path(log.location))
            show_report(report, console)
            found = max(SCHWARTZ, key=lambda name: report.scores[name].estimate.value)
            console.print(
                f"[bold]respondent/{profile} should peak at {peak}: it peaks at {found}.[/bold]\n"
            )
            good = good and found == peak
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
