"""`valuegauge plan`: what a suite would take, before anything is spent."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from evals.cli.shared_options.costs import LOCAL, dollars, price_option, prices_for
from evals.cli.shared_options.suites import limit_option, model_option, read_runs, suite_argument
from evals.exit_codes import MISSING
from evals.suites.suite import label
from ratings.output.console import make_console
from ratings.output.tables import Table
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.suites.forecast import Forecast, Range
    from evals.suites.suite import Run

NOT_AT_HAND = "unknown (prices not at hand: valuegauge data fetch litellm_prices)"
NOTE = (
    "Estimates, low to high: tokens from characters, answers from bare to talkative. Not counted: "
    "reasoning beyond reasoning_tokens, calls that ask again. Not assumed: discounts for batches "
    "or cached prompts. Prices are those of the table, not of your contract."
)


@click.command()
@suite_argument
@model_option
@limit_option
@price_option
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="A baseline: calls that `run --until decided` is expected to take.",
)
@click.option("--at-most", type=click.IntRange(1), help="Calls of each run in all rounds.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(
    given: str,
    models: Sequence[str],
    limit: int | None,
    price_file: Path | None,
    against: Path | None,
    at_most: int | None,
    as_json: bool,
) -> int:
    """Print calls, tokens and cost of SUITE by model; asks no model."""
    if (against is None) != (at_most is None):
        raise click.UsageError("--against and --at-most go together")
    suite, runs = read_runs(given, models)
    rounds = _rounds(runs, against, at_most) if against and at_most else {}
    from evals.suites.forecast import plan_suite

    prices, why = prices_for(runs, price_file)
    if why:
        click.echo(f"no prices: {why}", err=True)
    for task in dict.fromkeys(run.task for run in runs) if against else ():
        if task not in rounds:
            click.echo(f"{against} has no run of {task}: calls until decided unknown", err=True)
    forecasts = plan_suite(runs, prices, limit)
    if as_json:
        document = {
            "suite": suite.name,
            "runs": [one.as_json() for one in forecasts],
            "cost_usd": {
                who: None if cost is None else asdict(cost)
                for who, cost in _totals(forecasts).items()
            },
        }
        if against:
            document["until_decided"] = rounds
        click.echo(json.dumps(document, indent=2, allow_nan=False, default=str))
    else:
        _print(suite.name, forecasts, prices is None)
        for line in _rounds_text(rounds, at_most or 0):
            click.echo(line)
    for lacking in dict.fromkeys(one.lacks for one in forecasts if one.lacks):
        click.echo(f"missing: {lacking}", err=True)
    return MISSING if any(one.lacks for one in forecasts) else 0


def _rounds(
    runs: Sequence["Run"], against: Path, at_most: int
) -> "dict[str, dict[str, tuple[float, float]] | None]":
    """By task, calls until decided by what changed; None where the baseline was asked once."""
    from evals.check.baseline import read_baseline
    from evals.check.until_decided import expected_calls
    from scorers.scores.manifests import manifest_of

    tasks = {run.task for run in runs}
    return {
        str(held.key["benchmark"]): expected_calls(
            held, manifest_of(held.key["benchmark"]), at_most
        )
        for held in read_baseline(resolve_from_start(str(against)))
        if held.key["benchmark"] in tasks
    }


def _rounds_text(
    rounds: "dict[str, dict[str, tuple[float, float]] | None]", at_most: int
) -> list[str]:
    out = []
    for task, found in rounds.items():
        if found is None:
            out.append(
                f"{task}: the baseline was asked once, which does not say how many rounds decide; "
                f"add a run with --add-baseline"
            )
            continue
        out.append(f"{task}: calls of one model until decided, at most {at_most:,}:")
        out += [
            f"  {name}: {mean:,.0f} on average, {most:,.0f} in nine of ten cases"
            for name, (mean, most) in found.items()
        ]
    return out


def _totals(forecasts: Sequence["Forecast"]) -> "dict[str, Range | None]":
    """The cost of each model over its runs; None where one of them is not known."""
    totals: dict[str, Range | None] = {}
    for one in forecasts:
        cost, before = one.cost, totals.get(one.who)
        if one.who not in totals:
            totals[one.who] = cost
        else:
            totals[one.who] = None if cost is None or before is None else before + cost
    return totals


def _print(name: str, forecasts: Sequence["Forecast"], no_prices: bool) -> None:
    console = make_console()
    table = Table(title=f"suite {name}", title_justify="left", padding=(0, 0, 0, 1))
    for head in ("task", "who"):
        table.add_column(head)
    for head in ("samples", "calls", "input tokens", "output tokens"):
        table.add_column(head, justify="right")
    table.add_column("cost in US dollars")
    for one in forecasts:
        what = label(one.task, one.arguments)
        table.add_row(escape(what), escape(one.who), *_cells(one, no_prices))
    console.print(table)
    for who, cost in _totals(forecasts).items():
        shown = "unknown" if cost is None else dollars(cost)
        console.print(f"{escape(who)}: {shown}", highlight=False)
    console.print(NOTE, highlight=False)


def _cells(one: "Forecast", no_prices: bool) -> list[str]:
    counts = ["-" if count is None else f"{count:,}" for count in (one.samples, one.calls)]
    return [*counts, _tokens(one.input_tokens), _tokens(one.output_tokens), _cost(one, no_prices)]


def _cost(one: "Forecast", no_prices: bool) -> str:
    if one.local:
        return LOCAL
    if one.lacks:
        return "unknown (data missing)"
    if one.cost is None:
        return NOT_AT_HAND if no_prices else "unknown (no price for this model)"
    return dollars(one.cost)


def _tokens(found: "Range | None") -> str:
    if found is None:
        return "-"
    if found.high == 0:
        return "0"
    return f"{_rounded(found.low):,} to {_rounded(found.high):,}"


def _rounded(value: float) -> int:
    """Two figures, since it is an estimate."""
    return round(float(f"{value:.2g}"))
