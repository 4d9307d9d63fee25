"""Asking a model: all questions of a sample at once or one by one, and again what is missing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from inspect_ai.model import ChatMessageUser, GenerateConfig, Model, ModelOutput, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver

from benchmarks._ask_model import ask_model, past_the_cache
from benchmarks._together import together
from benchmarks.indie_value._prompt import prompt_template, render_prompt
from benchmarks.indie_value._setup import Setup, load_material
from ratings.asked import AskedStatements
from ratings.instruments.indie_value import PROBES
from scorers.answers.statement_choice import ChoiceReading
from scorers.inspect_adapter.choices import ANSWERS, choices_of

Choices = Mapping[str, ChoiceReading]

RETRIES = 3
RETRY_TEMPERATURE = 0.6


@solver
def ask_choices(prompt: str | None = None) -> Solver:
    """Ask for the statement of each group; ask again for those that were not chosen.

    Args:
        prompt: path of a template; None for the one that ships with the task.
    """
    template = prompt_template(prompt)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        setup = Setup(**state.metadata["setup"])
        material = load_material(setup)
        probe, position = state.metadata["probe"], state.metadata["place"]
        groups = material.groups(PROBES[probe])
        question_of = dict(zip(groups, PROBES[probe], strict=True))
        model = get_model()
        answers: list[dict[str, Any]] = []
        # Kept as they come: a limit that ends the sample leaves what was answered before.
        state.output = ModelOutput.from_content(str(model), "")
        state.output.metadata = {ANSWERS: answers}

        async def ask(shown: Sequence[str], labels: Sequence[str], attempt: int) -> Choices:
            known = material.known_statements(position, shown)
            text = render_prompt(template, known, {label: groups[label] for label in labels})
            asked = AskedStatements(
                data=setup.data,
                survey=setup.survey,
                form=setup.probe_form,
                person=state.metadata["person"],
                questions={label: question_of[label] for label in labels},
                known=tuple(shown),
                known_form=setup.demonstration_form,
                demographics=material.shows_demographics,
            )
            message = ChatMessageUser(content=text, metadata=asked.as_metadata())
            found = await ask_model(model, [message], _config(model, attempt))
            answers.append({"groups": list(labels), **found.kept()})
            return choices_of(answers[-1], counts)

        counts = {label: len(statements) for label, statements in groups.items()}
        if setup.grouping == "all":
            calls = [(material.questions_shown(position, probe), list(groups))]
        else:
            before_each = material.questions_shown_before_each(position, probe)
            calls = [(shown, [label]) for shown, label in zip(before_each, groups, strict=True)]
        await together([partial(_until_chosen, partial(ask, shown), part) for shown, part in calls])
        state.output.completion = "\n\n".join(answer["text"] for answer in answers)
        return state

    return solve


async def _until_chosen(
    ask: Callable[[Sequence[str], int], Awaitable[Choices]], labels: Sequence[str]
) -> None:
    """Ask, then ask up to three times more for what is missing."""
    missing = labels
    for attempt in range(1 + RETRIES):
        found = await ask(missing, attempt)
        missing = [label for label in missing if found[label].choice is None]
        if not missing:
            return


def _config(model: Model, attempt: int) -> GenerateConfig:
    """Nothing beyond the run's own for the first call; a temperature for those that ask again.

    Where the run caches calls, a repeated call must not get the answer that it repeats.
    """
    if attempt == 0:
        return GenerateConfig()
    config = GenerateConfig(temperature=RETRY_TEMPERATURE)
    return past_the_cache(model, config, "attempt", attempt)
