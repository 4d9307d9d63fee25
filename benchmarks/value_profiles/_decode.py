"""What is asked about a test rater: each evaluation rating, given a representation and without."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput
from inspect_ai.solver import Generate, Solver, TaskState, solver

from benchmarks._ask_distribution import Asker, Kept, SharedAnswers, run_id, stated_form
from benchmarks._together import together
from benchmarks.value_profiles._material import Material, material_of
from benchmarks.value_profiles._prompt import (
    DECODE,
    LETTER,
    NOTHING_GIVEN,
    STATED,
    lettered,
    prompt_template,
)
from ratings.asked import AskedRating
from ratings.input.prompt_template import fill, template_hash
from ratings.representations.names import NONE
from ratings.representations.profile_runs import profile_files_sha256
from ratings.representations.render import render_rater
from scorers.inspect_adapter import decoded

MOST_RATERS = 300
MOST_RATINGS = 10


@solver
def ask_decoder(elicitation: str = "auto", prompt: str | None = None) -> Solver:
    """Ask for the distribution of each rating, given the rater's representation and given nothing.

    What is predicted of an instance given nothing is the same for every rater, and is asked
    once a run and epoch.

    Args:
        elicitation: `logprobs`, `stated`, or `auto`: log-probabilities where the provider gives
            them.
        prompt: path of a template; None for the one that ships with the task.
    """
    asker, shared = Asker(elicitation), SharedAnswers()
    templates = decode_templates(prompt)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        material, about = material_of(state.metadata), state.metadata
        positions: list[int] = about["places"]
        answers: dict[str, list[Kept | None]] = {
            arm: [None] * len(positions) for arm in ("told", "none")
        }
        # Kept as they come: a limit that ends the sample leaves what was answered before.
        state.output = ModelOutput.from_content(str(state.model), "")
        state.output.metadata = {decoded.ANSWERS: answers}

        async def ask_none(number: int) -> None:
            position = positions[number]
            asked = _asked(material, None, position)
            prompts = decode_prompts(templates, material, None, position)
            key = (run_id(), state.epoch, position)
            answers["none"][number] = await shared.get(key, partial(asker.ask, prompts, asked))

        async def ask_given(number: int) -> None:
            position = positions[number]
            asked = _asked(material, about["place"], position)
            prompts = decode_prompts(templates, material, about["place"], position)
            answers["told"][number] = await asker.ask(prompts, asked)

        nothing = material.representation == NONE
        calls = [ask_none] if nothing else [ask_given, ask_none]
        await together([partial(call, n) for n in range(len(positions)) for call in calls])
        if nothing:
            answers["told"][:] = answers["none"]
        state.output.completion = "\n".join(
            f"{instance}: {answer['text'] if answer else ''}"
            for instance, answer in zip(about["instances"], answers["told"], strict=True)
        )
        return state

    return solve


def decode_templates(prompt: str | None) -> dict[str, str]:
    """The template of the question and the two ways to ask for the answer.

    Raises:
        DataError: when a user's template is missing or lacks a field.
    """
    return {
        DECODE: prompt_template(DECODE, prompt),
        LETTER: prompt_template(LETTER),
        STATED: prompt_template(STATED),
    }


def templates_hash(templates: Mapping[str, str]) -> str:
    """SHA-256 of all three."""
    return template_hash(*templates.values())


def decode_prompts(
    templates: Mapping[str, str], material: Material, rater: int | None, instance: int
) -> dict[str, str]:
    """The question about one rating, by the way the answer is asked for.

    Args:
        templates: by `decode_templates`.
        material: of the run.
        rater: position of the rater; None for nothing given.
        instance: its position.
    """
    instances = material.instances
    choices = instances.choices[instance]
    given = NOTHING_GIVEN
    if rater is not None:
        descriptions = material.data.descriptions
        given = render_rater(material.given, rater, instances, descriptions) or NOTHING_GIVEN
    parts = {
        "task": instances.task,
        "told": given,
        "instance": instances.texts[instance],
        "choices": lettered(choices),
    }
    stated = fill(templates[STATED], {"form": stated_form(len(choices))})
    return {
        decoded.LOGPROBS: fill(templates[DECODE], {**parts, "answer": templates[LETTER]}),
        decoded.STATED: fill(templates[DECODE], {**parts, "answer": stated}),
    }


def decode_samples(material: Material, raters: int, ratings: int) -> list[Sample]:
    """A sample for each of the first test raters, in random order.

    Args:
        material: of the run.
        raters: how many of them at most.
        ratings: how many of each one's evaluation ratings at most.

    Raises:
        DataError: when what is given of a rater holds what is asked.
    """
    prepared = material.prepared
    chosen = material.in_random_order(prepared.split.test)[:raters]
    targets = prepared.episode(material.given, chosen).targets
    samples = []
    for number, position in enumerate(chosen.tolist()):
        rows = np.flatnonzero(targets.raters == number)[:ratings]
        samples.append(
            _sample(
                material, position, targets.instances[rows].tolist(), targets.ratings[rows].tolist()
            )
        )
    return samples


def answers_in_full(material: Material) -> int:
    """How many ratings a run asks about that is not cut short."""
    chosen = material.in_random_order(material.prepared.split.test)[:MOST_RATERS]
    targets = material.prepared.targets(chosen)
    return int(np.minimum(np.bincount(targets.raters), MOST_RATINGS).sum())


def _sample(
    material: Material, rater: int, positions: Sequence[int], ratings: Sequence[int]
) -> Sample:
    name, instances = material.rater(rater), material.instances
    return Sample(
        id=name,
        input=f"Rater {name}: {len(positions)} ratings",
        target=[
            instances.choices[position][rating - 1]
            for position, rating in zip(positions, ratings, strict=True)
        ],
        metadata={
            "rater": name,
            "place": rater,
            "places": list(positions),
            "instances": [instances.names[position] for position in positions],
            "ratings": list(ratings),
            "counts": [len(instances.choices[position]) for position in positions],
            "setup": material.setup.as_metadata(),
            "profiles_sha256": profile_files_sha256(material.representation)[:12],
        },
    )


def _asked(material: Material, rater: int | None, instance: int) -> AskedRating:
    setup, given = material.setup, material.representation
    profile = None
    if rater is not None and [part.kind for part in given.components] == ["profile"]:
        profile = str(material.given.texts.iloc[rater, 0])
    return AskedRating(
        data=setup.data,
        seed=setup.seed,
        representation=NONE.name if rater is None else setup.representation,
        run_representation=setup.representation,
        rater=None if rater is None else material.rater(rater),
        profile=profile,
        instance=material.instances.names[instance],
        choices=len(material.instances.choices[instance]),
    )
