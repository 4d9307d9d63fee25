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

from benchmarks._arguments import check_choice, check_choices, check_no_unknown, check_text
from benchmarks._ask_model import ask_once
from benchmarks.instrument_texts._queries import definitions, load_queries, shown, template
from benchmarks.instrument_texts._writer import ASKED_FOR, REPLY, RESPONSES
from ratings.errors import DataError
from ratings.input.prompt_template import fill, template_hash
from ratings.instruments.dimensions import SCHWARTZ
from scorers.answers.written_responses import FIVE
from scorers.inspect_adapter.asking import user_errors
from scorers.inspect_adapter.instrument_texts.written import responses_written

COMPARABILITY = "1-A"
APPROACHES = ("diverse", "targeted")


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
        input=[
            ChatMessageUser(
                content=fill(text, filled), metadata={ASKED_FOR: REPLY if value else RESPONSES}
            )
        ],
        metadata={
            "query": query,
            "value": value,
            **{name: str(row[name]) for name in ("title", "text", "topic")},
        },
    )
