"""Asking which reply a participant preferred."""

from inspect_ai.model import ModelOutput
from inspect_ai.solver import Generate, Solver, TaskState, solver

from benchmarks._ask_distribution import LETTER, Asker
from benchmarks.prism._material import material_of
from benchmarks.prism._prompt import prompt_templates
from ratings.asked import AskedPreference
from scorers.inspect_adapter.decoded import ANSWERS


@solver
def ask_preference(elicitation: str = LETTER, prompt: str | None = None) -> Solver:
    """Ask for the preferred reply of a turn, given what is known of the participant.

    Args:
        elicitation: `letter`; or `logprobs`, `stated`, or `auto`: log-probabilities where the
            provider gives them, else verbalized probabilities.
        prompt: path of a template; None for the one that ships with the task.
    """
    asker, templates = Asker(elicitation), prompt_templates(prompt)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        material = material_of(state.metadata)
        turn = material.by_id[str(state.sample_id)]
        asked = AskedPreference(
            data=material.setup.data,
            seed=material.setup.seed,
            participant=turn.participant,
            conversation=turn.conversation,
            turn=turn.turn,
            replies=turn.replies,
            known=str(material.known),
        )
        answer = await asker.ask(material.prompts(templates, turn), asked)
        state.output = ModelOutput.from_content(str(state.model), answer["text"])
        state.output.metadata = {ANSWERS: [answer]}
        return state

    return solve
