"""`make demo`: two simulated respondents with known peaks answer the sample, and are found out."""

import sys
import tempfile
from pathlib import Path

from inspect_ai import eval as inspect_eval
from inspect_ai import task_with
from inspect_ai.solver import Generate, Solver, TaskState, chain, solver
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.value_portrait.task import value_portrait
from evals.reports.plain import Report
from evals.reports.report import read_report
from ratings.instruments.dimensions import SCHWARTZ
from ratings.output.console import make_console

RESPONDENTS = {"benevolence": "Benevolence", "power": "Power"}
NEXT = (
    "Next, with a model of your own (README.md has more):\n"
    "  . .venv/bin/activate\n"
    "  pip install openai\n"
    "  export OPENAI_API_KEY=...\n"
    "  inspect eval benchmarks/value_portrait --model openai/gpt-4o --limit 10\n"
    "  valuegauge show logs"
)


def main() -> int:
    """Run and show both respondents; 1 when one does not peak where it should."""
    console = make_console()
    console.print(
        "Two simulated respondents, whose strongest value is known, answer the sample of Value "
        "Portrait: 120 items in 6 wordings each. No network, no key."
    )
    with tempfile.TemporaryDirectory() as folder:
        reports = [_run(profile, folder) for profile in RESPONDENTS]
    good = True
    for report in reports:
        for part in report.tables():
            console.print(part)
        console.print()
    for (profile, peak), report in zip(RESPONDENTS.items(), reports, strict=True):
        found = max(SCHWARTZ, key=lambda name: report.scores[name].estimate.value)
        good = good and found == peak
        console.print(
            f"[bold]respondent/{profile} should peak at {peak}: it peaks at {found}.[/bold]"
        )
    console.print(NEXT, highlight=False, markup=False, soft_wrap=True)
    return 0 if good else 1


def _run(profile: str, folder: str) -> Report:
    """Let a respondent answer, with a bar on standard error that counts the items."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    asked = value_portrait(data="sample")
    with Progress(*columns, console=make_console(stderr=True)) as progress:
        bar = progress.add_task(f"respondent/{profile}, items", total=len(asked.dataset))

        @solver
        def counted() -> Solver:
            async def solve(state: TaskState, generate: Generate) -> TaskState:
                progress.advance(bar)
                return state

            return solve

        (log,) = inspect_eval(
            task_with(asked, solver=chain(asked.solver, counted())),
            model=f"respondent/{profile}",
            log_dir=folder,
            display="none",
        )
    return read_report(Path(log.location))


if __name__ == "__main__":
    sys.exit(main())
