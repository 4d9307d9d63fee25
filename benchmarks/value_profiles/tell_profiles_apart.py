"""Tell profiles apart: does a predicted distribution change with a profile as one would expect?

Sorensen et al. (2025), Value Profiles for Encoding Human Variation. Section 7, table 2.
"""

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
from benchmarks.value_profiles._pairs import (
    PairQuestion,
    draw_questions,
    load_distributions,
)
from benchmarks.value_profiles._prompt import APART as TEMPLATE
from benchmarks.value_profiles._prompt import prompt_template
from ratings.asked import AskedWhichProfile
from ratings.input.prompt_template import fill, template_hash
from ratings.representations.profile_distributions import (
    ProfileDistributions,
    distributions_digest,
)
from scorers.inspect_adapter import profile_answers
from scorers.inspect_adapter.asking import user_errors

COMPARABILITY = "3-A"


@task
def tell_profiles_apart(
    data: str = DATA,
    distributions: str | None = None,
    pairs: int | None = None,
    seed: int = 0,
    prompt: str | None = None,
    **unknown: object,
) -> Task:
    """Say which of two profiles a predicted distribution belongs to, once for every instance.

    Args:
        data: name of a data set, or the path or `hf://` address of one's own ratings.
        distributions: path of a file with a family's predictions given profiles; the simulated
            raters of `planted` need none.
        pairs: about how many instances to ask; None for all.
        seed: of the order of the instances and of the orders shown.
        prompt: path of a template instead of the one that ships with the task.
        unknown: refused; named here because Inspect passes over misspelt arguments in silence.
    """
    with user_errors(sample=PLANTED):
        check_no_unknown(unknown, tell_profiles_apart)
        template = prompt_template(TEMPLATE, check_text("prompt", prompt))
        material = load_material(Setup(check_data(data), check_seed(seed)))
        found = load_distributions(check_text("distributions", distributions), material)
        questions = draw_questions(found, material.setup.seed)
        asked = len(questions)
        if pairs is not None:
            asked = check_whole_number("pairs", pairs, 1, len(questions))
    return Task(
        dataset=MemoryDataset(
            [
                _sample(material, template, found, number, question)
                for number, question in enumerate(questions[:asked])
            ],
            name=material.data.name,
        ),
        solver=ask_once(),
        scorer=profile_answers.profiles_apart(),
        version=COMPARABILITY,
        metadata={
            **material.as_metadata(template_hash(template)),
            "family": found.family,
            "representation": found.representation,
            "survey_sha256": distributions_digest(found),
            # An instance that the file says nothing of has not been asked about.
            "answers_in_full": len(questions) + len(material.instances) - len(found.instances),
        },
    )


def _sample(
    material: Material,
    template: str,
    found: ProfileDistributions,
    number: int,
    question: PairQuestion,
) -> Sample:
    name = found.instances[question.instance]
    position = material.instances.names.index(name)
    choices = material.instances.choices[position]
    profiles = [found.profiles[v] for v in question.profiles]
    rows = [found.probabilities[question.instance, v] for v in question.profiles]
    x, y = (rows[question.x], rows[1 - question.x])
    parts = {
        "task": material.instances.task,
        "instance": material.instances.texts[position],
        "profile_1": profiles[0],
        "profile_2": profiles[1],
        "x": _percentages(choices, x.tolist()),
        "y": _percentages(choices, y.tolist()),
    }
    asked = AskedWhichProfile(
        data=material.setup.data,
        question=number,
        instance=name,
        profiles=(profiles[0], profiles[1]),
        x=tuple(x.tolist()),
        y=tuple(y.tolist()),
    )
    return Sample(
        id=f"{number + 1:05}",
        input=[ChatMessageUser(content=fill(template, parts), metadata=asked.as_metadata())],
        target=str(question.x + 1),
        metadata={
            "instance": name,
            "profiles": list(question.profiles),
            "x_is": question.x + 1,
        },
    )


def _percentages(choices: tuple[str, ...], row: list[float]) -> str:
    return "\n".join(
        f"- {choice}: {100 * share:.0f}%" for choice, share in zip(choices, row, strict=False)
    )
