"""What asking will cost: the option for prices, and how a cost is said."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ratings.errors import DataError
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.suites.forecast import Range
    from evals.suites.suite import Run
    from ratings.sources.prices import Prices

LOCAL = "0 (local)"

price_option = click.option(
    "--prices",
    "price_file",
    type=click.Path(path_type=Path),
    help="A price table in litellm's format; else that of the data card litellm_prices.",
)


def prices_for(runs: Sequence["Run"], given: Path | None) -> "tuple[Prices | None, str]":
    """The price table, where a run needs one; None and the reason where it is not at hand."""
    from evals.suites.forecast import is_local
    from evals.suites.suite import ModelChoice
    from ratings.sources.prices import load_prices, read_prices

    if given is not None:
        return read_prices(resolve_from_start(str(given))), ""
    if all(not isinstance(run.who, ModelChoice) or is_local(run.who.name) for run in runs):
        return {}, ""
    try:
        return load_prices(), ""
    except DataError as error:
        return None, str(error)


def dollars(cost: "Range") -> str:
    """A cost in US dollars, lowest to highest."""
    if cost.high == 0:
        return LOCAL
    return " to ".join(f"{end:,.2f}" if end >= 1 else f"{end:.2g}" for end in (cost.low, cost.high))
