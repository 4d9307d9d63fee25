"""Encode profiles: a model writes down what a rater's known ratings say of the rater's values.

Sorensen et al. (2025), Value Profiles for Encoding Human Variation. Section 2.2 is the encoder,
appendix E its prompt.
"""

import numpy as np
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageUser

from benchmarks._arguments import (
    check_no_unknown,
    check_text,
    check_whole_number,
)
from benchmarks._ask_model import ask_once
from benchmarks.value_profiles._material import (
    DATA,
    PLANTED,
    Material,
    Setup,
    check_data,
    check_seed,
    load_material,
)
from benchmarks.value_profiles._prompt import ENCODE, prompt_template
from ratings.asked import AskedProfile
from ratings.input.prompt_template import fill, template_hash
from ratings.representations.profile_runs import fit_hashes
from ratings.representations.render import render_rating
from scorers.inspect_adapter import profile_answers
from scorers.inspect_adapter.asking import user_errors

COMPARABILITY = "3-A"


@task
def encode_profiles(
    data: str = DATA,
    seed: int = 0,
    raters: int | None = None,
    prompt: str | None = None,
    **unknown: object,
) -> Task:
    """Write a profile of each rater from the rater's fit ratings.

    Args:
        data: name of a data set, or the path or `hf://` address of one's own ratings.
        seed: of the split; it says which ratings are fit ratings.
        raters: how many raters to write of, by default all; profiles are of use once all are there.
        prompt: path of a template instead of the one that ships with the task.
        unknown: refused; named here because Inspect passes over misspelt arguments in silence.
    """
    with user_errors(sample=PLANTED):
        check_no_unknown(unknown, encode_profiles)
        template = prompt_template(ENCODE, check_text("prompt", prompt))
        material = load_material(Setup(check_data(data), check_seed(seed)))
        everybody = len(material.data.table.raters)
        if raters is not None:
            raters = check_whole_number("raters", raters, 1, everybody)
    order = material.in_random_order(np.arange(everybody))[:raters]
    hashes = fit_hashes(material.data, material.prepared.partition)
    return Task(
        dataset=MemoryDataset(
            [_sample(material, template, int(position), hashes) for position in order],
            name=material.data.name,
        ),
        solver=ask_once(),
        scorer=profile_answers.profiles_written(),
        version=COMPARABILITY,
        metadata={
            **material.as_metadata(template_hash(template)),
            "split_seed": material.setup.seed,
            "answers_in_full": everybody,
        },
    )


def _sample(material: Material, template: str, rater: int, hashes: dict[str, str]) -> Sample:
    name, setup = material.rater(rater), material.setup
    asked = AskedProfile(data=setup.data, seed=setup.seed, rater=name)
    text = fill(template, {"task": material.instances.task, "ratings": _ratings(material, rater)})
    return Sample(
        id=name,
        input=[ChatMessageUser(content=text, metadata=asked.as_metadata())],
        metadata={"rater": name, "fit_sha256": hashes[name]},
    )


def _ratings(material: Material, rater: int) -> str:
    """The fit ratings of a rater, in the order they are shown."""
    table, partition = material.data.table, material.prepared.partition
    rows = partition.fit[partition.starts[rater] : partition.starts[rater + 1]]
    instances = table.instance_codes[rows].tolist()
    ratings = table.rating_values[rows].tolist()
    return "\n\n".join(
        render_rating(material.instances, instance, rating)
        for instance, rating in zip(instances, ratings, strict=True)
    )
