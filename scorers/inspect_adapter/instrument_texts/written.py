"""Responses that a model wrote to a query, as the score of a sample."""

from inspect_ai.scorer import Score, Scorer, Target
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from scorers.answers.written_responses import STATUSES, read_responses
from scorers.inspect_adapter.asking import ABOUT, asking
from scorers.inspect_adapter.end_of_run import warn_at_end
from scorers.inspect_adapter.layouts import ChosenAnswers
from scorers.inspect_adapter.manifest_scores import manifest_scores


@inspect_scorer(metrics=[manifest_scores("write_responses", STATUSES)])
def responses_written() -> Scorer:
    """Whether each response that was asked for is there, of the right length, and like no other."""

    async def score(state: TaskState, target: Target) -> Score:
        stop_reason = state.output.stop_reason if state.output.choices else "unknown"
        found = read_responses(
            state.output.completion, stop_reason, str(state.metadata["value"]) or None
        )
        statuses = [one.status for one in found]
        warn_at_end(statuses)
        chosen = ChosenAnswers([1 if s == "valid" else None for s in statuses], statuses)
        usable = [int(status == "valid") for status in statuses]
        words = [one.words for one in found]
        written = [number for number in words if number is not None]
        return Score(
            value={
                "usable": sum(usable) / len(usable),
                "words": sum(written) / len(written) if written else float("nan"),
            },
            answer=chosen.text,
            metadata={
                **chosen.as_metadata(),
                "usable": usable,
                "words": words,
                **asking([(state.output.metadata or {}).get(ABOUT)]),
            },
        )

    return score
