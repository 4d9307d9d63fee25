"""Write responses: several short replies to each query, for people to rate.

Han et al. (2025), Value Portrait, Appendix D: five replies that differ (approach B), which the
published instrument has, or one reply for each value (approach A), which its authors gave up: 9 of
80 such items went with their value.
"""

from collections.abc import Hashable, Mapping
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageUser
from inspect_ai.scorer import Score, Scorer, Target
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from benchmarks._arguments import check_choice, check_choices, check_no_unknown, check_text
from benchmarks._ask_model import ask_once
from benchmarks.instrument_texts._queries import definitions, load_queries, shown, template
from ratings.errors import DataError
from ratings.input.prompt_template import fill, template_hash
from ratings.instruments.dimensions import SCHWARTZ
from scorers.answers.written_responses import STATUSES, read_responses
from scorers.inspect_adapter.asking import ABOUT, asking, user_errors
from scorers.inspect_adapter.end_of_run import warn_at_end
from scorers.inspect_adapter.layouts import ChosenAnswers
from scorers.inspect_adapter.manifest_scores import manifest_scores

COMPARABILITY = "1-A"
APPROACHES = ("diverse", "targeted")
FIVE = 5


@task
def write_responses(
    data: str = "official",
    approach: str = "diverse",
    language: str = "English",
    values: str | list[str] = "all",
    prompt: str | None = None,
    **unknown: object,
) -> Task:
    """Write responses to queries.

    Args:
        data: path of a file of queries, or `official` or `sample`, the queries of an instrument.
        approach: `diverse`, five replies to a query that differ; or `targeted`, one for each value.
        language: that replies are to be in.
        values: which of the ten, for `targeted`.
        prompt: path of a template instead of the one that ships with the task.
        unknown: refused; named here because Inspect passes over misspelt arguments in silence.
    """
    with user_errors(sample="sample"):
        check_no_unknown(unknown, write_responses)
        approach = check_choice("approach", approach, APPROACHES)
        chosen = check_choices("values", values, SCHWARTZ)
        if approach == "diverse" and values != "all":
            raise DataError("values are for approach=targeted; leave them out")
        text = template(f"{approach}.txt", ("query",), check_text("prompt", prompt))
        spoken = check_text("language", language) or "English"
        queries = load_queries(data)
    about = definitions()
    samples = [
        _sample(str(query), row, text, {"language": spoken}, value, about)
        for query, row in queries.frame.to_dict(orient="index").items()
        for value in ([""] if approach == "diverse" else chosen)
    ]
    return Task(
        dataset=MemoryDataset(samples, name=queries.card),
        solver=ask_once(),
        scorer=responses_written(),
        version=COMPARABILITY,
        metadata={
            "card": queries.card,
            "card_revision": queries.revision,
            **({"own_data": True} if queries.own else {}),
            "synthetic": queries.synthetic,
            "answers_in_full": len(samples) * (FIVE if approach == "diverse" else 1),
            "template_sha256": template_hash(text),
        },
    )


def _sample(
    query: str,
    row: Mapping[Hashable, Any],
    text: str,
    parts: Mapping[str, str],
    value: str,
    about: Mapping[str, str],
) -> Sample:
    filled = {**parts, "query": shown(row), "value": value, "definition": about.get(value, "")}
    return Sample(
        id=f"{query}-{value}" if value else query,
        input=[ChatMessageUser(content=fill(text, filled))],
        metadata={
            "query": query,
            "value": value,
            **{name: str(row[name]) for name in ("title", "text", "topic")},
        },
    )


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
