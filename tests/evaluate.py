"""Inspect's `eval` as tests run it, without what is only there for a person who watches."""

from typing import Any

from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog


def evaluate(tasks: Any, **options: Any) -> list[EvalLog]:
    """Run tasks and return their logs.

    Nothing is displayed (Inspect's "none" lays out a table of results, which nobody sees), scores
    are not computed again after every sample, and events are not kept in a database alongside the
    log: that is half of the time of a run whose models answer at once, and the log is the same
    without.
    """
    quiet = {"display": "log", "score_display": False, "log_realtime": False}
    return inspect_eval(tasks, **quiet, **options)
