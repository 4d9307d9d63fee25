"""PRISM: which of several replies does a participant prefer, given what is known of them?

Kirk et al. (2024), The PRISM Alignment Dataset. The data are of section 2; the task is our own.
"""

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.model import GenerateConfig

from benchmarks._arguments import (
    check_choice,
    check_no_unknown,
    check_text,
    check_whole_number,
)
from benchmarks._ask_distribution import ELICITATIONS, LETTER
from benchmarks._ask_model import check_answers
from benchmarks.prism._ask import ask_preference
from benchmarks.prism._known import NONE, parse_known
from benchmarks.prism._material import CARDS, SUBSETS, TURNS, Setup, load_material
from benchmarks.prism._prompt import prompt_templates, templates_hash
from benchmarks.prism._score import preferred_replies
from ratings.asked import AskedPreference
from ratings.errors import unknown_name
from ratings.prism.prism import PUBLISHED, SAMPLE
from ratings.sources.locations import resolve_from_start
from scorers.inspect_adapter.asking import user_errors

COMPARABILITY = "1-A"
_MOST = 1_000_000


@task
def prism(
    data: str = PUBLISHED,
    known: str = NONE,
    turns: str = TURNS[0],
    subset: str = SUBSETS[0],
    people: int | None = None,
    conversations: int | None = None,
    elicitation: str = LETTER,
    seed: int = 0,
    prompt: str | None = None,
    **unknown: object,
) -> Task:
    """Predict which reply a participant prefers, from what is known of the participant.

    Args:
        data: `published`, `sample` (simulated participants, made on the spot), or the path of a
            folder with files in the layout of the publication.
        known: what is given of the participant: `none`, or some of `demographics`, `stated`,
            `description`, `ratings` and `ratings:<n>`, joined with `+`.
        turns: `opening` turns of conversations, or `all`.
        subset: `all` conversations, or those of the `balanced` subset.
        people: how many test participants to ask about, at most.
        conversations: how many conversations of each of them, at most.
        elicitation: `letter`; or for a distribution `logprobs`, `stated` or `auto`.
        seed: of the split of the participants, the order of the replies, and who is asked first.
        prompt: path of a template in place of the one that ships with the task.
        unknown: refused; named here because Inspect passes over misspelt arguments in silence.
    """
    with user_errors(sample=SAMPLE):
        check_no_unknown(unknown, prism)
        check_answers(AskedPreference)
        turns, subset = check_choice("turns", turns, TURNS), check_choice("subset", subset, SUBSETS)
        for name, most in (("people", people), ("conversations", conversations)):
            if most is not None:
                check_whole_number(name, most, 1, _MOST)
        elicitation = check_choice("elicitation", elicitation, (LETTER, *ELICITATIONS))
        seed = check_whole_number("seed", seed, 0, 2**32 - 1)
        given = parse_known(check_text("known", known) or "")
        prompt = check_text("prompt", prompt)
        templates = prompt_templates(prompt)
        material = load_material(Setup(check_data(data), str(given), turns, subset, seed))
        samples = material.samples(people, conversations)
    return Task(
        dataset=MemoryDataset(samples, name=material.prism.card.id),
        solver=ask_preference(elicitation, prompt),
        scorer=preferred_replies(),
        config=GenerateConfig(temperature=0) if elicitation == LETTER else GenerateConfig(),
        version=COMPARABILITY,
        metadata=material.as_metadata(templates_hash(templates)),
    )


def check_data(value: object) -> str:
    """`published`, `sample`, or the absolute path of a folder, because Inspect changes the folder.

    Raises:
        DataError: for anything else.
    """
    data = check_text("data", value) or ""
    if data in CARDS:
        return data
    folder = resolve_from_start(data)
    if not data or not folder.is_dir():
        raise unknown_name("data, and no folder is there:", data, CARDS)
    return str(folder)
