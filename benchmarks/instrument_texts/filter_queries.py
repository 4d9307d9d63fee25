"""Filter queries: which of many questions would show what those who answer them value?

Han et al. (2025), Value Portrait, Appendix C.1: rules first, then a model's judgement, then the
number of values that a query can engage. The last stage of the paper, a person's review, is a
person's.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageUser, GenerateConfig, ModelOutput, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver

from benchmarks._arguments import check_no_unknown, check_number, check_text, check_whole_number
from benchmarks._ask_model import ask_model
from benchmarks.instrument_texts._queries import (
    Rules,
    definitions,
    filtered,
    load_queries,
    shown,
    template,
)
from benchmarks.instrument_texts._writer import ASKED_FOR
from ratings.input.prompt_template import fill, template_hash
from scorers.answers.query_judgement import read_judgement
from scorers.inspect_adapter.asking import user_errors
from scorers.inspect_adapter.instrument_texts.judged import ENGAGED, JUDGED, query_judged

COMPARABILITY = "1-A"
JUDGE, VALUES = "judge.txt", "values.txt"


@task
def filter_queries(
    data: str = "official",
    language: str = "English",
    fewest_words: int = 10,
    most_words: int = 300,
    fewest_reactions: int = 30,
    most_agreement: float = 0.7,
    prompt: str | None = None,
    values_prompt: str | None = None,
    **unknown: object,
) -> Task:
    """Judge queries: harmful, about models, factual or irrelevant; and which values they engage.

    Args:
        data: path of a file of queries, or `official` or `sample`, the queries of an instrument.
        language: that queries are to be in.
        fewest_words: of a query's text.
        most_words: of a query's text.
        fewest_reactions: of readers, where the file has a column `reactions`.
        most_agreement: share of readers, where the file has a column `agreement`.
        prompt: path of a template of the judgement instead of the one that ships with the task.
        values_prompt: path of a template of the question about values, likewise.
        unknown: refused; named here because Inspect passes over misspelt arguments in silence.
    """
    with user_errors(sample="sample"):
        check_no_unknown(unknown, filter_queries)
        rules = Rules(
            check_whole_number("fewest_words", fewest_words, 0, 100_000),
            check_whole_number("most_words", most_words, 1, 100_000),
            check_text("language", language) or "English",
            check_whole_number("fewest_reactions", fewest_reactions, 0, 10**9),
            check_number("most_agreement", most_agreement, 0, 1),
        )
        judge = template(JUDGE, ("query",), check_text("prompt", prompt))
        values = template(VALUES, ("query",), check_text("values_prompt", values_prompt))
        queries = load_queries(data)
        kept, stages = filtered(queries.frame, rules)
    samples = [
        Sample(
            id=str(query),
            input=shown(row),
            metadata={
                "query": str(query),
                **{name: str(row[name]) for name in ("title", "text", "topic")},
            },
        )
        for query, row in kept.to_dict(orient="index").items()
    ]
    return Task(
        dataset=MemoryDataset(samples, name=queries.card),
        solver=judge_query(judge, values, rules.language),
        scorer=query_judged(),
        config=GenerateConfig(temperature=0),
        version=COMPARABILITY,
        metadata={
            "card": queries.card,
            "card_revision": queries.revision,
            **({"own_data": True} if queries.own else {}),
            "synthetic": queries.synthetic,
            "answers_in_full": len(samples),
            "template_sha256": template_hash(judge, values),
            "stages": stages,
        },
    )


@solver
def judge_query(judge: str, values: str, language: str) -> Solver:
    """Ask whether a query is of use, and if it is, which values it engages."""
    known = "\n".join(f"- {name}: {text}" for name, text in definitions().items())
    parts = {"language": language, "values": known}

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        ask = partial(_ask, parts | {"query": shown(state.metadata)})
        judged = await ask(judge, JUDGED)
        answers = {JUDGED: judged}
        faults, _ = read_judgement(judged["text"], judged["stop_reason"])
        if faults is not None and not any(faults.values()):
            answers[ENGAGED] = await ask(values, ENGAGED)
        listed = "\n".join(f"{name}: {answer['text']}" for name, answer in answers.items())
        state.output = ModelOutput.from_content(str(model), listed)
        state.output.metadata = {"answers": answers}
        return state

    return solve


async def _ask(parts: Mapping[str, str], text: str, what: str) -> dict[str, Any]:
    message = ChatMessageUser(content=fill(text, parts), metadata={ASKED_FOR: what})
    return (await ask_model(get_model(), [message])).kept()
