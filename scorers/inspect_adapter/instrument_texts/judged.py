"""What a model said of a query, as the score of a sample."""

from collections.abc import Mapping
from typing import Any

from inspect_ai.scorer import Score, Scorer, Target
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from scorers.answers.query_judgement import FAULTS, STATUSES, read_judgement, read_values
from scorers.inspect_adapter.asking import asking
from scorers.inspect_adapter.end_of_run import warn_at_end
from scorers.inspect_adapter.layouts import ChosenAnswers
from scorers.inspect_adapter.manifest_scores import manifest_scores

# Under which the solver keeps the two answers.
JUDGED, ENGAGED = "judged", "engaged"


@inspect_scorer(metrics=[manifest_scores("filter_queries", STATUSES)])
def query_judged() -> Scorer:
    """Whether a query passed, what was wrong with it, and how many values it engages."""

    async def score(state: TaskState, target: Target) -> Score:
        answers = (state.output.metadata or {}).get("answers") or {}
        found = judged_query(answers)
        chosen = ChosenAnswers([1 if found["status"] == "valid" else None], [found["status"]])
        warn_at_end([found["status"]])
        numbers = {name: found[name] for name in ("relevant", "values", *FAULTS)}
        return Score(
            value={name: float("nan") if one is None else one for name, one in numbers.items()},
            answer=", ".join(found["engaged"]),
            metadata={
                **chosen.as_metadata(),
                **{name: [one] for name, one in numbers.items()},
                **asking(answers.values()),
            },
        )

    return score


def judged_query(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a model's answers say of a query.

    Returns:
        `status`; `relevant` and each of `FAULTS` as 0 or 1; `values`, how many it engages, and
        `engaged`, which. None or empty where it was not asked or not read.
    """
    first = answers.get(JUDGED) or {"text": "", "stop_reason": "unknown"}
    faults, status = read_judgement(first["text"], first["stop_reason"])
    out: dict[str, Any] = {"status": status, "relevant": None, "values": None, "engaged": ()}
    out |= dict.fromkeys(FAULTS)
    if faults is None:
        return out
    out |= {name: int(there) for name, there in faults.items()}
    out["relevant"] = int(not any(faults.values()))
    if ENGAGED in answers:
        second = answers[ENGAGED]
        engaged, status = read_values(second["text"], second["stop_reason"])
        out["status"] = status
        if engaged is not None:
            out |= {"engaged": engaged, "values": len(engaged)}
    return out
