"""What waits for the end of a run: metrics that need all answers, and a warning of missing ones."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, wraps
from logging import getLogger

from inspect_ai.hooks import Hooks, RunEnd, hooks
from inspect_ai.log import EvalLog
from inspect_ai.scorer import Metric, SampleScore
from inspect_ai.solver._task_state import sample_state

from scorers.answers.missing_answers import MISSING, missing_advice
from scorers.inspect_adapter.run_log import task_name
from scorers.scores.manifests import manifests

Compute = Callable[[list[SampleScore]], dict[str, float]]

_logger = getLogger(__name__)


def at_end(compute: Compute) -> Metric:
    """Values of a metric that is left out while its run is under way.

    For its display Inspect computes every metric about once a second, and writes them with every
    event: with a hundred scores and their intervals that is a sixth of the cost of a run. The
    log has all of them.
    """

    @wraps(compute)
    def computed(scores: list[SampleScore]) -> dict[str, float]:
        return {} if under_way(scores) else compute(scores)

    return computed


def under_way(scores: Sequence[SampleScore]) -> bool:
    """Whether metrics are computed for the display, on behalf of a sample that was just scored."""
    state = sample_state()
    return state is not None and any(score.sample_id == state.sample_id for score in scores)


def log_advice(log: EvalLog) -> str | None:
    """What to say of a run in which many answers are missing, from the metrics in its header.

    None where few are, or where the log is of no benchmark or has no metrics.
    """
    if task_name(log) not in manifests() or not log.results or not log.results.scores:
        return None
    metrics = log.results.scores[-1].metrics
    shares = {name: metrics[name].value for name in MISSING if name in metrics}
    return missing_advice(shares | {"others": 1 - sum(shares.values())})


class _EndOfRun(Hooks):
    """Warns once a run when more than 1% of its answers are cut off or empty."""

    async def on_run_end(self, data: RunEnd) -> None:
        for log in data.logs:
            advice = log_advice(log)
            if advice:
                _logger.warning("%s, %s: %s", task_name(log), log.eval.model, advice)


def warn_at_end(statuses: Iterable[str]) -> None:
    """Have the run warn at its end, should many of its answers be cut off or empty.

    To be called with the statuses of each sample as it is scored. The hook is registered with the
    first answer of that kind and not before: Inspect announces hooks that it finds at its start,
    on standard output, where results may be piped.
    """
    if not MISSING.isdisjoint(statuses):
        _register()


@cache
def _register() -> None:
    hooks(name="valuegauge_end_of_run", description="warns of answers that were cut off")(_EndOfRun)
