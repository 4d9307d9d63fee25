"""A trained model on disk: weights, tokenizer, and with them all that made it what it is."""

import json
import shutil
import warnings
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from textwrap import shorten
from typing import Any

from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from decoders.language_model.network import (
    attention_here,
    base_model,
    device_here,
    frozen_or_whole,
    in_precision,
)
from decoders.language_model.prompts.wording import template_sha256
from decoders.language_model.sound import (
    require_adapters,
    require_no_code,
    require_numbers,
    require_temperature,
    require_whole,
)
from decoders.language_model.training.recipes import Recipe
from ratings.data_sets.sources import one_line
from ratings.errors import DataError
from ratings.input.strict_files import Document
from ratings.output.atomic_write import write_whole

ABOUT = "decoder.json"
VERSION = 1
RATINGS, STATEMENTS = "ratings", "statements"
_LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors")


@dataclass(frozen=True)
class About:
    """What is written alongside the weights.

    Attributes:
        kind: what it predicts: `ratings` of a data set, or `statements` of a survey's people.
        recipe: it was made by.
        template_sha256: of the wording it was trained with.
        data: name of the data set, or of the survey.
        data_sha256: of everything in it.
        card_revision: of the data set's card, where it has one.
        representation: what it was given; of a survey, what the training set was.
        seed: of split and training.
        temperature: its log-probabilities are divided by.
        metrics: what training and measuring came to, by name.
        libraries: versions.
    """

    kind: str
    recipe: Recipe
    template_sha256: str
    data: str
    data_sha256: str
    card_revision: str | None
    representation: str
    seed: int
    temperature: float
    metrics: dict[str, Any] = field(default_factory=dict)
    libraries: dict[str, str] = field(
        default_factory=lambda: {name: version(name) for name in _LIBRARIES}
    )


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A trained model with what is saved with it.

    Attributes:
        model: causal language model.
        tokenizer: its.
        about: what made it what it is.
        weights: to be saved instead of the model's own, of which this process has but a part.
    """

    model: Any
    tokenizer: PreTrainedTokenizerBase
    about: About
    weights: dict[str, Any] | None = None


def save_checkpoint(folder: Path, found: Checkpoint) -> None:
    """Write a checkpoint into a folder; `decoder.json` comes last, so that it means a whole one.

    Weights are written as safetensors; of a model with adapters the adapters alone.
    """
    aside = folder.with_name(f".{folder.name}.aside")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    disable_progress_bar()
    found.model.save_pretrained(aside, state_dict=found.weights)
    found.tokenizer.save_pretrained(aside)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ABOUT).unlink(missing_ok=True)
    for path in aside.iterdir():
        path.chmod(0o644)
        path.replace(folder / path.name)
    aside.rmdir()
    about = {"version": VERSION, **asdict(found.about)}
    write_whole(folder / ABOUT, json.dumps(about, indent=1, sort_keys=True))


def read_about(folder: Path) -> About:
    """What is written alongside the weights.

    Raises:
        DataError: when there is no whole checkpoint, or it is of another version.
    """
    path = folder / ABOUT
    if not path.is_file():
        raise DataError(
            f"{folder} holds no decoder ({ABOUT} is not there): `valuegauge decoders train` makes "
            f"one; a training that was stopped resumes with the same command"
        )
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        made = found.pop("version")
        if made != VERSION:
            raise DataError(
                f"{path} is of version {str(made)[:40]}, and this reads version {VERSION}: read it "
                f"with the version of valuegauge that wrote it"
            )
        recipe = Document(found["recipe"], f"{path}: recipe", lambda _: None).check(Recipe)
        about = About(**{**found, "recipe": recipe})
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DataError(f"{path} does not describe a decoder: {one_line(error)}") from error
    _check_about(about, path)
    return about


def _check_about(about: About, path: Path) -> None:
    """Refuse what is of another kind than it should be.

    Raises:
        DataError: names the entry.
    """
    if about.kind not in (RATINGS, STATEMENTS):
        raise DataError(f"{path}: kind must be {RATINGS} or {STATEMENTS}, found {about.kind!r:.80}")
    require_temperature(about.temperature, path)
    texts = ("template_sha256", "data", "data_sha256", "representation")
    for name, kind in (*((one, str) for one in texts), ("seed", int), ("metrics", dict)):
        if not isinstance(getattr(about, name), kind):
            raise DataError(f"{path}: {name} is of another kind: {getattr(about, name)!r:.80}")


def load_checkpoint(folder: Path, merged: bool = False) -> Checkpoint:
    """Read a checkpoint, onto the GPU where there is one.

    Args:
        folder: that it is in.
        merged: with its weights in float32 in memory, adapters added to them; else as it was
            measured.

    Raises:
        DataError: when it is not whole, or was trained with another template.
    """
    about = read_about(folder)
    require_template(about, folder)
    require_no_code(folder)
    set_verbosity_error()  # what is missing is refused here, in one line
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model = _model(folder, about.recipe, merged)
    except DataError:
        raise
    except Exception as error:  # whatever the libraries meet in a damaged file
        raise DataError(
            f"the decoder in {folder} cannot be loaded: "
            f"{shorten(one_line(error) or type(error).__name__, 300, placeholder=' ...')}"
        ) from error
    require_numbers(folder, model)
    if not (merged or about.recipe.eight_bit):  # in 8 bits it was put there while it was loaded
        model = model.to(device_here())
    return Checkpoint(in_precision(model.eval(), about.recipe.precision), tokenizer, about)


def require_template(about: About, folder: Path) -> None:
    """Refuse a checkpoint that was trained with other wording: its numbers would mean nothing.

    Raises:
        DataError: says both hashes and what to do.
    """
    here = template_sha256(about.recipe.answer, about.recipe.chat, about.kind)
    if about.template_sha256 != here:
        raise DataError(
            f"the decoder in {folder} was trained with the template {about.template_sha256[:12]} "
            f"and this version asks with {here[:12]}: train it again, or use the version of "
            f"valuegauge that trained it"
        )


def _model(folder: Path, recipe: Recipe, merged: bool) -> Any:  # noqa: ANN401
    """The model as it was measured; with `merged` in float32, adapters added to their weights."""
    if not recipe.lora_rank:
        how = {"attn_implementation": attention_here()}
        found, about = AutoModelForCausalLM.from_pretrained(
            folder,
            trust_remote_code=False,
            use_safetensors=True,
            ignore_mismatched_sizes=True,  # they are refused below, by name
            output_loading_info=True,
            **how,
        )
        other = [*about["unexpected_keys"], *(str(one[0]) for one in about["mismatched_keys"])]
        require_whole(folder, about["missing_keys"], other)
        return found.float() if merged else frozen_or_whole(recipe, found)
    if merged:
        plain = replace(recipe, lora_rank=0, eight_bit=False, precision="float32")
        base = base_model(plain).float()
        return _with_adapters(folder, base).merge_and_unload()
    found = _with_adapters(folder, frozen_or_whole(recipe, base_model(recipe)))
    kept = recipe.halved or recipe.eight_bit
    return found if kept else found.merge_and_unload()


def _with_adapters(folder: Path, base: Any) -> Any:  # noqa: ANN401 - a class of transformers
    """A model with the adapters of a folder, all of them."""
    from peft import PeftModel, get_peft_model_state_dict

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is missing, which is refused below
        found = PeftModel.from_pretrained(base, folder)
    require_adapters(folder, get_peft_model_state_dict(found))
    return found
