"""Decode ratings: how much better is a rater predicted once something is known of the rater?

Sorensen et al. (2025), Value Profiles for Encoding Human Variation. Section 3 defines usable
information, appendix E the prompt of the decoder.
"""

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset

from benchmarks._arguments import (
    check_choice,
    check_no_unknown,
    check_text,
    check_whole_number,
)
from benchmarks._ask_distribution import ELICITATIONS
from benchmarks.value_profiles._decode import (
    MOST_RATERS,
    MOST_RATINGS,
    answers_in_full,
    ask_decoder,
    decode_samples,
    decode_templates,
    templates_hash,
)
from benchmarks.value_profiles._material import (
    DATA,
    PLANTED,
    Setup,
    check_data,
    check_seed,
    load_material,
)
from benchmarks.value_profiles._prompt import check_letters
from ratings.representations.names import canonical
from scorers.inspect_adapter.asking import user_errors
from scorers.inspect_adapter.decoded import decoded_ratings

COMPARABILITY = "3-A"
REPRESENTATION = "measured"


@task
def decode_ratings(
    data: str = DATA,
    representation: str | list[str] = REPRESENTATION,
    seed: int = 0,
    raters: int = MOST_RATERS,
    ratings: int = MOST_RATINGS,
    elicitation: str = "auto",
    prompt: str | None = None,
    **unknown: object,
) -> Task:
    """Predict the ratings of people from what is given about them, as distributions.

    Args:
        data: name of a data set, or the path or `hf://` address of one's own ratings.
        representation: what is given about each rater, such as `measured` or `profile:<run>`.
        seed: of the split into training and test raters, fit and evaluation ratings.
        raters: how many test raters to ask about, at most.
        ratings: how many evaluation ratings of each to ask about, at most.
        elicitation: how a distribution is asked for: `logprobs`, `stated`, or `auto`.
        prompt: path of a template instead of the one that ships with the task.
        unknown: refused; named here because Inspect passes over misspelt arguments in silence.
    """
    with user_errors(sample=PLANTED):
        check_no_unknown(unknown, decode_ratings)
        raters = check_whole_number("raters", raters, 1, MOST_RATERS)
        ratings = check_whole_number("ratings", ratings, 1, MOST_RATINGS)
        elicitation = check_choice("elicitation", elicitation, ELICITATIONS)
        prompt = check_text("prompt", prompt)
        templates = decode_templates(prompt)
        given = check_text("representation", representation)
        setup = Setup(check_data(data), check_seed(seed), canonical(given))
        material = load_material(setup)
        check_letters(material.instances.most_choices)
        samples = decode_samples(material, raters, ratings)
    return Task(
        dataset=MemoryDataset(samples, name=material.data.name),
        solver=ask_decoder(elicitation, prompt),
        scorer=decoded_ratings(),
        version=COMPARABILITY,
        metadata={
            **material.as_metadata(templates_hash(templates)),
            "answers_in_full": answers_in_full(material),
        },
    )
