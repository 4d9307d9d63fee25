"""What surrounds a prompt: first tokens and chat templates as Gemma and Llama 3 have them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from decoders.language_model.prompts.encoder import Encoder
from decoders.language_model.training.recipes import Recipe
from ratings.data_sets.instances import Instances, instances_of
from ratings.representations.rater_context import RaterContext, no_context
from tests.decoders.made_data import made

GEMMA_CHAT = (
    "{{ bos_token }}{% for message in messages %}"
    "{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}"
    "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
LLAMA_CHAT = (
    "{{ bos_token }}"
    "{{ '<|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n\n"
    "<|eot_id|>' }}{% for message in messages %}"
    "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'"
    " + message['content'] | trim + '<|eot_id|>' }}"
    "{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
# How Llama 3 cuts text before it joins bytes.
LLAMA_CUTS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def texts(instances: Instances) -> list[str]:
    choices = [choice for one in instances.choices for choice in one]
    return [instances.task, *instances.texts, *choices] * 3 + [f"Choice: {c}" for c in "ABCDE" * 9]


def gemma(instances: Instances) -> PreTrainedTokenizerBase:
    """A space begins a token and never ends one, and line breaks are tokens of their own."""
    marks = ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"]
    breaks = ["\n" * n for n in range(1, 5)]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")  # for training
    tokenizer.decoder = decoders.Replace("▁", " ")
    alphabet = [*map(chr, range(33, 127)), "▁"]
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=marks,
        initial_alphabet=alphabet,
        show_progress=False,
    )
    tokenizer.train_from_iterator([text.replace("\n", " ") for text in texts(instances)], trainer)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.add_tokens(breaks)
    return with_first(tokenizer, "<bos>", "<eos>", GEMMA_CHAT, pad_token="<pad>")


def llama(instances: Instances) -> PreTrainedTokenizerBase:
    """Bytes, cut as Llama 3 cuts: a full stop and the line breaks behind it are one piece."""
    marks = ["begin_of_text", "end_of_text", "start_header_id", "end_header_id", "eot_id"]
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(LLAMA_CUTS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=500,
        special_tokens=[f"<|{mark}|>" for mark in marks],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    joined = ["a.\n\nb.\nc:\n\nd\n\ne\nf.\n"] * 60
    tokenizer.train_from_iterator([*texts(instances), *joined], trainer)
    return with_first(tokenizer, "<|begin_of_text|>", "<|end_of_text|>", LLAMA_CHAT)


def with_first(
    tokenizer: Tokenizer, first: str, last: str, template: str, **names: str
) -> PreTrainedTokenizerBase:
    """A tokenizer that puts a first token before every text, as both models' do."""
    number = tokenizer.token_to_id(first)
    tokenizer.post_processor = TemplateProcessing(
        single=f"{first}:0 $A:0",
        pair=f"{first}:0 $A:0 {first}:1 $B:1",
        special_tokens=[(first, number)],
    )
    found = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=first, eos_token=last, **names
    )
    found.chat_template = template
    return found


TOKENIZERS = {"gemma": gemma, "llama": llama}


def templated(tokenizer: Any, words: str) -> list[int]:
    """A message in the chat template, as the library makes it tokens."""
    message = [{"role": "user", "content": words}]
    return tokenizer.apply_chat_template(
        message, add_generation_prompt=True, tokenize=True, return_dict=False
    )


@pytest.fixture(scope="module")
def instances() -> Instances:
    found = instances_of(made([3] * 6, raters=10, ratings=(5,)))
    return replace(found, texts=tuple(f"{text}." for text in found.texts))


def context_of(kind: str) -> RaterContext:
    nothing = no_context(["r000", "r001"])
    if kind == "none":
        return nothing
    shown = {"instances": np.array([1, 4]), "ratings": np.array([3, 1])}
    return RaterContext(**{**vars(nothing), "starts": np.array([0, 2, 2]), **shown})


def asked(encoder: Encoder, context: RaterContext) -> list[int]:
    """The tokens of the first rater's prompt on the third instance."""
    prompts = encoder.to_predict(context, np.array([0]), np.array([2]))
    parts = prompts.prefixes[prompts.prefix_of[0]], prompts.suffixes[prompts.suffix_of[0]]
    return [int(token) for token in np.concatenate(parts)]


def message_of(tokenizer: Any, instances: Instances, recipe: Recipe, context: RaterContext) -> str:
    """The words of the prompt without what surrounds them."""
    plain = Recipe(**{**vars(recipe), "chat": False})
    tokens = asked(Encoder(tokenizer, instances, plain), context)
    return tokenizer.decode(tokens[1:], clean_up_tokenization_spaces=False)


@pytest.mark.parametrize("kind", ["none", "examples"])
@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_prompt_without_chat_is_the_tokens_of_its_text(
    name: str, kind: str, instances: Instances
):
    tokenizer = TOKENIZERS[name](instances)
    recipe = Recipe(name="any", model="any")
    context = context_of(kind)
    words = message_of(tokenizer, instances, recipe, context)
    assert asked(Encoder(tokenizer, instances, recipe), context) == tokenizer(words).input_ids


@pytest.mark.parametrize("kind", ["none", "examples"])
@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_prompt_with_chat_is_the_tokens_of_the_template(
    name: str, kind: str, instances: Instances
):
    tokenizer = TOKENIZERS[name](instances)
    recipe = Recipe(name="any", model="any", chat=True)
    context = context_of(kind)
    found = asked(Encoder(tokenizer, instances, recipe), context)
    assert found == templated(tokenizer, message_of(tokenizer, instances, recipe, context))


@pytest.mark.parametrize("kind", ["none", "examples"])
@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_prompt_with_chat_says_what_the_template_says(name: str, kind: str, instances: Instances):
    tokenizer = TOKENIZERS[name](instances)
    recipe = Recipe(name="any", model="any", chat=True)
    context = context_of(kind)
    found = asked(Encoder(tokenizer, instances, recipe), context)
    wanted = templated(tokenizer, message_of(tokenizer, instances, recipe, context))
    assert tokenizer.decode(found) == tokenizer.decode(wanted)
    special = set(tokenizer.all_special_ids) | set(tokenizer.added_tokens_decoder)
    breaks = {tokenizer.convert_tokens_to_ids("\n" * n) for n in range(1, 5)}
    marks = [token for token in found if token in special - breaks]
    assert marks == [token for token in wanted if token in special - breaks]
    assert len(marks) == {"gemma": 4, "llama": 9}[name]
    assert found.count(tokenizer.bos_token_id) == 1


@pytest.mark.parametrize("answer", ["letter", "text"])
@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_prompt_without_chat_begins_with_one_first_token(
    name: str, answer: str, instances: Instances
):
    tokenizer = TOKENIZERS[name](instances)
    recipe = Recipe(name="any", model="any", answer=answer)
    found = asked(Encoder(tokenizer, instances, recipe), context_of("examples"))
    assert found[0] == tokenizer.bos_token_id
    assert found.count(tokenizer.bos_token_id) == 1
    words = tokenizer.decode(found[1:])
    assert words.startswith(instances.task)
    assert words.endswith(f"\n{instances.texts[2]}\nChoice:")
    assert words.count("\nChoice:") == 3


def test_labels_of_a_text_end_with_a_line_break_and_letters_are_one_token(instances: Instances):
    for name, make in TOKENIZERS.items():
        tokenizer = make(instances)
        letters = Encoder(tokenizer, instances, Recipe(name="any", model="any")).labels[0]
        assert [len(tokens) for tokens in letters.tokens] == [1, 1, 1], name
        recipe = Recipe(name="any", model="any", answer="text")
        for tokens in Encoder(tokenizer, instances, recipe).labels[0].tokens:
            assert tokenizer.decode(tokens[-1:]) == "\n"
            assert tokenizer.bos_token_id not in tokens
