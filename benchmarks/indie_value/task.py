"""IndieValueCatalog: given what a person said, which other statements would they choose?

Jiang et al. (2025), Can Language Models Reason about Individualistic Human Values and
Preferences? Section 2.2 is the evaluation.
"""

import re
from collections.abc import Sequence

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig

from benchmarks._arguments import (
    check_choice,
    check_no_unknown,
    check_text,
    check_whole_number,
)
from benchmarks.indie_value._ask import ask_choices
from benchmarks.indie_value._prompt import prompt_template
from benchmarks.indie_value._setup import GROUPINGS, Material, Setup, load_material
from ratings.errors import DataError, unknown_name
from ratings.input.prompt_template import template_hash
from ratings.instruments.indie_value import CARDS, DIMENSIONS, FORMS, PROBES, Catalog, load_catalog
from ratings.survey.demonstrations import MOST
from ratings.survey.evaluation_sample import PEOPLE
from scorers.inspect_adapter.asking import user_errors
from scorers.inspect_adapter.choices import (
    choice_accuracy,
    choice_inequity,
    choice_statuses,
    statement_choices,
)

COMPARABILITY = "3-A"
DEMOGRAPHICS = ("none", "with", "alone")


@task
def indie_value(
    data: str = "official",
    survey: str | None = None,
    probe: str | int = "all",
    demonstrations: int | str | list[str] = MOST,
    demonstration_form: str = "polar",
    probe_form: str = "polar",
    demographics: str = "none",
    people: int = PEOPLE,
    grouping: str = "all",
    seed: int = 0,
    prompt: str | None = None,
    **unknown: object,
) -> Task:
    """Predict which statements a person would choose, from statements the person chose.

    Args:
        data: `official` (the catalog and the World Values Survey) or `sample` (synthetic
            statements and simulated people, ships with the package).
        survey: path of the survey's CSV file; without it `VALUEGAUGE_WVS` is read.
        probe: which of the three sets of 39 questions to ask, 1, 2, 3 or `all`.
        demonstrations: how many of the person's statements are shown, 0 to 200, or the name of
            a category all of whose statements are shown.
        demonstration_form: `polar` or `refined`, the form of the statements shown.
        probe_form: `polar` or `refined`, the form of the statements asked.
        demographics: `none`, `with` the statements shown, or `alone`.
        people: how many of the 800 held-out people to ask about.
        grouping: `all` 39 questions in one call; or `each` in a call of its own, with statements of
            all other 252 questions shown, the other 38 included: how the authors evaluate trained
            reasoners, not comparable with `all`.
        seed: of the draw of people and of the statements shown.
        prompt: path of a template instead of the one that ships with the task.
        unknown: refused; named here because Inspect passes over misspelt arguments in silence.
    """
    with user_errors(sample="sample"):
        check_no_unknown(unknown, indie_value)
        data = check_choice("data", data, CARDS)
        probes = _check_probe(probe)
        people = check_whole_number("people", people, 1, PEOPLE)
        prompt = check_text("prompt", prompt)
        template = prompt_template(prompt)
        setup = Setup(
            data=data,
            survey=check_text("survey", survey),
            seed=check_whole_number("seed", seed, 0, 2**32 - 1),
            demonstrations=check_demonstrations(demonstrations, load_catalog(data)),
            demonstration_form=check_choice("demonstration_form", demonstration_form, FORMS),
            probe_form=check_choice("probe_form", probe_form, FORMS),
            demographics=check_choice("demographics", demographics, DEMOGRAPHICS),
            grouping=check_choice("grouping", grouping, GROUPINGS),
        )
        material = load_material(setup)
    categories = material.catalog.questions["category"].iloc[material.columns(1)]
    return Task(
        dataset=_dataset(material, probes, people),
        solver=ask_choices(prompt),
        scorer=statement_choices(),
        metrics=[choice_accuracy(list(categories)), choice_inequity(), choice_statuses()],
        config=GenerateConfig(temperature=0),
        version=COMPARABILITY,
        metadata={
            "card": material.catalog.card.id,
            "card_revision": material.catalog.card.revision,
            "synthetic": material.survey.synthetic,
            "survey": material.survey.origin,
            "survey_sha256": material.survey.digest,
            "answers_in_full": PEOPLE * sum(len(asked) for asked in PROBES.values()),
            "held_out_beyond_shares": material.sample.filled,
            "categories": list(categories),
            "template_sha256": template_hash(template),
        },
    )


def check_demonstrations(value: object, catalog: Catalog) -> int | str:
    """How many statements are shown, or one category's name as the catalog writes it.

    Raises:
        DataError: for a number out of reach; says the maximum.
        UnknownNameError: for a name that is not a category; names the nearest.
    """
    if isinstance(value, list | tuple):
        value = ", ".join(str(part).strip() for part in value)
    if isinstance(value, str) and not re.fullmatch(r"\s*-?[0-9]{1,9}\s*", value):
        names = {name.casefold(): name for name in catalog.categories}
        if value.strip().casefold() not in names:
            raise unknown_name("category for demonstrations", value, catalog.categories)
        return names[value.strip().casefold()]
    number = int(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST:
        left = len(catalog.questions) - len(PROBES[1])
        raise DataError(
            f"demonstrations must be a whole number from 0 to {MOST} or a category, found "
            f"{value!r}; each probe set leaves {left} questions, and {MOST} of them is what "
            f"everybody asked about has answered at least"
        )
    return number


def _check_probe(probe: object) -> tuple[int, ...]:
    allowed = {"all": tuple(PROBES), **{str(number): (number,) for number in PROBES}}
    return allowed[check_choice("probe", str(probe), allowed)]


def _dataset(material: Material, probes: Sequence[int], people: int) -> MemoryDataset:
    setup = material.setup.as_metadata()
    groups = {name: material.survey.groups(name) for name in DIMENSIONS}
    counts = material.catalog.choice_counts(material.setup.probe_form)
    samples = []
    for probe in probes:
        asked = counts[material.columns(probe)].tolist()
        truth = material.truth(probe)
        for position in range(people):
            row = int(material.sample.held_out[position])
            person = str(material.survey.people.index[row])
            labels = {name: column.iloc[row] for name, column in groups.items()}
            samples.append(
                Sample(
                    id=f"{person}-{probe}",
                    input=f"Person {person}, probe set {probe}: {len(asked)} questions",
                    target=[f"NSG{i}_s{choice}" for i, choice in enumerate(truth[position], 1)],
                    metadata={
                        "person": person,
                        "place": position,
                        "probe": probe,
                        "counts": asked,
                        "setup": setup,
                        **{name: label for name, label in labels.items() if isinstance(label, str)},
                    },
                )
            )
    card = material.catalog.card
    return MemoryDataset(samples, name=card.id, location=card.homepage)
