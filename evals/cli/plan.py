"""`valuegauge plan`: what a suite would take, before anything is spent."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Table

from evals.cli.shared_options.costs import LOCAL, dollars, price_option, prices_for
from evals.cli.shared_options.suites import limit_option, model_option, read_runs, suite_argument
from evals.exit_codes import MISSING
from evals.suites.suite import label
from ratings.output.console import make_console

if TYPE_CHECKING:
    from evals.suites.forecast import Forecast, Range

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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(
    given: str,
    models: Sequence[str],
    limit: int | None,
    price_file: Path | None,
    as_json: bool,
) -> int:
    """Print calls, tokens and cost of SUITE by model; asks no model."""
    suite, runs = read_runs(given, models)
    from evals.suites.forecast import plan_suite

    prices, why = prices_for(runs, price_file)
    if why:
        click.echo(f"no prices: {why}", err=True)
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
        click.echo(json.dumps(document, indent=2, allow_nan=False, default=str))
    else:
        _print(suite.name, forecasts, prices is None)
    for lacking in dict.fromkeys(one.lacks for one in forecasts if one.lacks):
        click.echo(f"missing: {lacking}", err=True)
    return MISSING if any(one.lacks for one in forecasts) else 0


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
