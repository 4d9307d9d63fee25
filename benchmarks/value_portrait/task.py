"""Value Portrait: how similar is this response to your own thoughts?

Han et al. (2025), Value Portrait: Assessing Language Models' Values through
Psychometrically and Ecologically Valid Items. Section 3.4 is the evaluation framework.
"""

from collections.abc import Container, Hashable, Mapping, Sequence
from functools import partial
from importlib import resources
from typing import Any

import yaml
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    ModelOutput,
    get_model,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver

from benchmarks._arguments import (
    check_choice,
    check_choices,
    check_flag,
    check_no_unknown,
    check_number,
    check_text,
)
from benchmarks._ask_model import Asked, ask_model
from benchmarks._text_files import texts_from_files
from benchmarks._together import together
from ratings.asked import AskedItem
from ratings.errors import DataError
from ratings.input.text_files import as_written
from ratings.instruments.dimensions import ALL_DIMENSIONS, FAMILIES, SCHWARTZ
from ratings.instruments.own_instrument import is_own
from ratings.instruments.value_portrait import (
    CARDS,
    VARIANTS,
    Instrument,
    load_instrument,
    load_prompts,
    render_prompt,
    template_hash,
)
from scorers.answers.phrases.likert import READINGS
from scorers.inspect_adapter.answer_tokens import answer_tokens
from scorers.inspect_adapter.asking import user_errors
from scorers.inspect_adapter.portrait import (
    ANSWERS,
    PHRASES,
    answer_shares,
    dimension_scores,
    expected_scores,
    portrait,
    portrait_with_expected,
    profile_variance,
    variant_consistency,
)

COMPARABILITY = "3-A"
ITEMS = ("all", "regression")
TOP_LOGPROBS = 20


@texts_from_files
@task
def value_portrait(
    data: str = "official",
    items: str = "all",
    variants: str | list[str] = "all",
    dimensions: str | list[str] = "all",
    persona: str | None = None,
    threshold: float = 0.3,
    reading: str = "careful",
    logprobs: bool = False,
    **unknown: object,
) -> Task:
    """Rate responses to everyday questions by how similar they are to one's own thoughts.

    Args:
        data: `official` (the published items), `sample` (synthetic, ships with the package), or
            the folder of an instrument that `valuegauge instrument build` wrote.
        items: which items to ask, `all`, or `regression`: a fixed quarter of the official ones.
        variants: which of the six prompt variants to ask, `all` or a list.
        dimensions: which families to score, `all` or a list of `schwartz`, `higher_order`,
            `big_five`.
        persona: text of a system prompt that plays a rater, or `file:FILE` with it.
        threshold: correlation that must be exceeded for an item to count for a dimension.
        reading: `careful`, or `published`, which reads and counts answers as the source does.
        logprobs: ask for log-probabilities and score the expected rating beside the chosen one.
        unknown: refused; named here because Inspect passes over misspelt arguments in silence.
    """
    with user_errors(sample="sample"):
        check_no_unknown(unknown, value_portrait)
        own = is_own(data)
        data = data if own else check_choice("data", data, CARDS)
        items = check_choice("items", items, ITEMS)
        asked = check_choices("variants", variants, VARIANTS)
        families = check_choices("dimensions", dimensions, FAMILIES)
        persona = check_text("persona", persona)
        system = None if persona is None else as_written(persona)
        threshold = check_number("threshold", threshold, 0, 1)
        reading = check_choice("reading", reading, READINGS)
        logprobs = check_flag("logprobs", logprobs)
        instrument = load_instrument(data)
        _refuse_english_only(instrument, reading, logprobs)
        prompts = load_prompts(data)
        scored = _measured(instrument, dimensions, families)
        chosen = set(instrument.items.index if items == "all" else regression_items(data))
    return Task(
        dataset=_dataset(instrument, chosen, asked, scored, threshold),
        solver=ask_variants(data, asked, system),
        scorer=portrait_with_expected(reading) if logprobs else portrait(reading),
        metrics=[
            dimension_scores(scored),
            *([expected_scores(scored)] if logprobs else []),
            *([profile_variance()] if set(SCHWARTZ) & set(scored) else []),
            answer_shares(),
            variant_consistency(),
        ],
        config=GenerateConfig(
            temperature=0,
            logprobs=True if logprobs else None,
            top_logprobs=TOP_LOGPROBS if logprobs else None,
        ),
        version=COMPARABILITY,
        metadata={
            "card": instrument.card.id,
            "card_revision": instrument.card.revision,
            # A relative path is not told from a misspelt name by its looks.
            **({"own_data": True} if own else {}),
            **_phrases(instrument),
            "synthetic": instrument.card.synthetic,
            "answers_in_full": len(instrument.items) * len(VARIANTS),
            "dimensions": list(scored),
            "template_sha256": template_hash(prompts),
        },
    )


@solver
def ask_variants(data: str, variants: Sequence[str], persona: str | None) -> Solver:
    """Ask the model the item in each variant, concurrently, and keep what it answered."""
    items = load_instrument(data).items.to_dict(orient="index")
    prompts = load_prompts(data)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        instance = str(state.sample_id)
        item = items[instance]
        model = get_model()

        async def ask(variant: str) -> Asked:
            text = render_prompt(prompts[variant, bool(item["title"])], item)
            about = AskedItem(data=data, instance=instance, variant=variant).as_metadata()
            messages: list[ChatMessage] = [ChatMessageUser(content=text, metadata=about)]
            if persona is not None:
                messages.insert(0, ChatMessageSystem(content=persona))
            return await ask_model(model, messages)

        found = dict(
            zip(
                variants,
                await together([partial(ask, variant) for variant in variants]),
                strict=True,
            )
        )
        answers = {variant: _kept(asked) for variant, asked in found.items()}
        listed = "\n".join(f"{variant}: {answer['text']}" for variant, answer in answers.items())
        state.output = ModelOutput.from_content(str(model), listed)
        state.output.metadata = {ANSWERS: answers}
        return state

    return solve


def regression_items(data: str) -> list[str]:
    """Ids of the items that `items=regression` asks; `studies.regression_items` chose them."""
    shipped = resources.files("benchmarks.value_portrait") / "regression_items.yaml"
    found: Mapping[str, list[str]] = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    if data not in found:
        raise DataError(f"items=regression are items of data={' and data='.join(found)} only")
    return found[data]


def _refuse_english_only(instrument: Instrument, reading: str, logprobs: bool) -> None:
    """Refuse what reads English phrases alone, on an instrument that has its own."""
    if instrument.phrases is not None and (logprobs or reading == "published"):
        option = "logprobs=true" if logprobs else "reading=published"
        raise DataError(
            f"{option} reads the English phrases only, and {instrument.card.id} has its own; "
            f"leave it out"
        )


def _phrases(instrument: Instrument) -> dict[str, Any]:
    """An instrument's own phrases for the log, so that it can be scored without the folder."""
    return (
        {} if instrument.phrases is None else {PHRASES: [list(one) for one in instrument.phrases]}
    )


def _measured(instrument: Instrument, given: object, families: Sequence[str]) -> tuple[str, ...]:
    """The dimensions of some families that people were measured on.

    Raises:
        DataError: for a family of which there is none, where it was asked for by name.
    """
    known = {
        name: [one for one in FAMILIES[name] if one in instrument.measured] for name in families
    }
    without = [name for name, there in known.items() if not there]
    if without and (given != "all" or len(without) == len(known)):
        measured = [name for name in FAMILIES if set(FAMILIES[name]) & set(instrument.measured)]
        raise DataError(
            f"{instrument.card.id} has no people who were measured on {without[0]}; "
            f"dimensions may be: {', '.join(measured) or 'none'}"
        )
    return tuple(name for there in known.values() for name in there)


def _dataset(
    instrument: Instrument,
    chosen: Container[str],
    variants: Sequence[str],
    dimensions: Sequence[str],
    threshold: float,
) -> MemoryDataset:
    rows = {name: ALL_DIMENSIONS.index(name) for name in dimensions}
    paper, release = instrument.tagged(threshold), instrument.tagged_as_published(threshold)
    samples = []
    for i, (instance, item) in enumerate(instrument.items.to_dict(orient="index").items()):
        if instance not in chosen:
            continue
        tags, published = (
            [name for name, row in rows.items() if of[row, i]] for of in (paper, release)
        )
        known = {"query": item["query"], "variants": list(variants), "tags": tags}
        known |= _phrases(instrument)
        if published != tags:
            known["tags_as_published"] = published
        samples.append(Sample(id=str(instance), input=_shown(item), metadata=known))
    return MemoryDataset(samples, name=instrument.card.id, location=instrument.card.homepage)


def _shown(item: Mapping[Hashable, Any]) -> str:
    """The item as the log viewer shows it; what the model reads is in each variant's call."""
    title = f"{item['title']}\n\n" if item["title"] else ""
    return f"{title}{item['text']}\n\nResponse: {item['response']}"


def _kept(asked: Asked) -> dict[str, Any]:
    kept, output = asked.kept(), asked.output
    if not output.choices:
        return kept
    kept["usage"] = _usage(output)
    tokens = answer_tokens(output)
    # One that is not a log-probability leaves the answer without any.
    there = tokens and all(alternatives is not None for _, alternatives in tokens)
    return {**kept, "tokens": tokens} if there else kept


def _usage(output: ModelOutput) -> dict[str, float | None]:
    """What the answer cost: tokens in and out, and seconds, as far as the provider tells."""
    usage = output.usage
    return {
        "input_tokens": _counted(usage.input_tokens if usage else None),
        "output_tokens": _counted(usage.output_tokens if usage else None),
        "seconds": output.time,
    }


def _counted(tokens: int | None) -> int | None:
    """Tokens, or None where a server sends a number that is no count."""
    return None if tokens is None or tokens < 0 else tokens
