"""A decoder from start to end: trained on half of the raters, measured on the others, kept."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from decoders.fit_split import SplitFit, fit_split
from decoders.language_model.prompts.wording import template_sha256
from decoders.language_model.training.recipes import Recipe
from ratings.data_sets.digest import data_sha256
from ratings.errors import DataError
from ratings.output.atomic_write import write_whole
from ratings.output.json_values import json_object
from ratings.prepared import PreparedSplit
from ratings.representations.names import Representation
from ratings.representations.profile_runs import profile_files_sha256
from scorers.information.calibration import brier_score, expected_calibration_error, top_label
from scorers.information.v_information import accuracy, hits, log_losses, v_entropy

if TYPE_CHECKING:
    from accelerate import Accelerator

    from decoders.language_model.checkpoint import About
    from decoders.language_model.training.training import Watch

IDENTITY = "training.json"
_KIND = "ratings"


@dataclass(frozen=True, eq=False)
class Training:
    """What to train.

    Attributes:
        prepared: the split; its seed is that of the training too.
        representation: what is given.
        recipe: how.
        folder: of the decoder.
        save_every: steps between two states.
    """

    prepared: PreparedSplit
    representation: Representation
    recipe: Recipe
    folder: Path
    save_every: int

    def identity(self) -> dict[str, Any]:
        """All that a user says of it; a stopped one must share the code and its way too."""
        data = self.prepared.data
        found = {
            "data": data.name,
            "data_sha256": data_sha256(data),
            "representation": self.representation.name,
            "profiles_sha256": profile_files_sha256(self.representation),
            "recipe": asdict(self.recipe),
            "seed": self.prepared.split.seed,
            "template_sha256": template_sha256(self.recipe.answer, self.recipe.chat, _KIND),
        }
        return dict(json.loads(json.dumps(found)))


def made_before(training: Training) -> "About | None":
    """The decoder of this training, if it is there and whole.

    Raises:
        DataError: when the folder holds another.
    """
    from decoders.language_model.checkpoint import ABOUT, read_about

    if training.folder.exists() and not training.folder.is_dir():
        raise DataError(f"{training.folder} is a file; --out needs a folder")
    if not (training.folder / ABOUT).exists():
        return None
    about = read_about(training.folder)
    _require_same(training, training.identity())
    return about


def train_decoder(training: Training, watch: "Watch | None" = None) -> "About":
    """Train, measure and keep a decoder, or resume it; what was saved with it when it is there.

    Several processes may do it together; the first of them alone writes.

    Args:
        training: what.
        watch: is called with every step, in the first process alone.

    Raises:
        DataError: when the folder holds another training, or the data set lacks what is given.
    """
    from decoders.language_model.checkpoint import read_about
    from decoders.language_model.family import LanguageModelFamily, state_in
    from decoders.language_model.training.processes import accelerator_here, way_of

    accelerator = accelerator_here()
    state = state_in(training.folder, training.save_every)
    about = made_before(training)
    first: list[int] = []

    def watched(step: int, steps: int, loss: float) -> None:
        if not first:
            first.append(step)
        if watch:
            watch(step, steps, loss)

    if about is None:
        mine = watched if accelerator.is_main_process else None
        family = LanguageModelFamily(training.recipe, state=state, watch=mine)
        whole = {**training.identity(), "source": family.version, "way": way_of(accelerator)}
        _require_same(training, whole)
        accelerator.wait_for_everyone()
        if accelerator.is_main_process:
            training.folder.mkdir(parents=True, exist_ok=True)
            write_whole(training.folder / IDENTITY, json.dumps(whole, indent=1, sort_keys=True))
        accelerator.wait_for_everyone()
        fit = fit_split(training.prepared, family, training.representation)
        found = measure(fit)
        if accelerator.is_main_process:
            _save(training, fit, {**found, "training": _effort(fit, accelerator, first)})
        accelerator.wait_for_everyone()
        about = read_about(training.folder)
    if accelerator.is_main_process:
        state.clear()
    accelerator.end_training()
    return about


def measure(fit: SplitFit) -> dict[str, Any]:
    """How well a fit predicts the evaluation ratings of the test raters, with intervals."""
    targets = fit.test_targets()
    shares = fit.predict(targets.raters, targets.instances)
    raters, one = targets.raters, np.zeros(len(targets), dtype=np.intp)
    seed = fit.prepared.split.seed
    confidence, right = top_label(shares, targets.ratings)
    (loss,) = v_entropy(log_losses(shares, targets.ratings)[None], raters, one, seed)
    (share,) = accuracy(hits(shares, targets.ratings)[None], raters, one, seed)
    calibration = expected_calibration_error(confidence, right, raters, seed=seed)
    return json_object(
        {
            "accuracy": asdict(share.estimate),
            "loss": asdict(loss.estimate),
            "calibration_error": asdict(calibration),
            "brier": asdict(brier_score(shares, targets.ratings, raters, seed)),
            "test_raters": len(np.unique(raters)),
            "test_ratings": len(targets),
        }
    )


def _effort(fit: SplitFit, accelerator: "Accelerator", first: list[int]) -> dict[str, Any]:
    """What the training took; `seconds` are those since the step from which it was last resumed."""
    from decoders.language_model.training.processes import way_of

    decoder: Any = fit.decoder
    return {
        "steps": len(decoder.losses),
        "losses": list(decoder.losses),
        "tokens": decoder.tokens,
        "ratings": decoder.cost.ratings,
        "parameters": decoder.cost.parameters,
        "seconds": decoder.cost.seconds,
        "from_step": first[0] - 1 if first else len(decoder.losses),
        "processes": accelerator.num_processes,
        "way": way_of(accelerator),
    }


def _save(training: Training, fit: SplitFit, metrics: dict[str, Any]) -> None:
    from decoders.language_model.checkpoint import About, Checkpoint, save_checkpoint

    decoder: Any = fit.decoder
    identity, data = training.identity(), training.prepared.data
    about = About(
        kind=_KIND,
        recipe=training.recipe,
        template_sha256=identity["template_sha256"],
        data=data.name,
        data_sha256=identity["data_sha256"],
        card_revision=data.card.revision if data.card else data.commit,
        representation=training.representation.name,
        seed=identity["seed"],
        temperature=decoder.temperature,
        metrics=metrics,
    )
    whole = Checkpoint(decoder.model, decoder.tokenizer, about, decoder.weights)
    save_checkpoint(training.folder, whole)


def _require_same(training: Training, mine: Mapping[str, Any]) -> None:
    """Refuse a folder that holds another training, or a decoder that came about otherwise."""
    path = training.folder / IDENTITY
    if not path.exists():
        if any(training.folder.glob("[!.]*")):  # half a file that was to be written is hidden
            raise DataError(
                f"{training.folder} holds something else than a training: give another --out"
            )
        return
    try:
        there = dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{path} does not say what was trained: give another --out") from error
    differing = _differing(there, mine)
    if differing:
        raise DataError(
            f"{training.folder} holds another training ({'; '.join(differing)}): give another "
            f"--out, or remove that folder"
        )


def _differing(there: Mapping[str, Any], mine: Mapping[str, Any], of: str = "") -> list[str]:
    found = []
    for name, value in mine.items():
        other = there.get(name)
        if isinstance(value, dict) and isinstance(other, dict):
            found += _differing(other, value, f"{of}{name}.")
        elif other != value:
            found.append(f"{of}{name}: {_short(other)} there, {_short(value)} here")
    return found


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:12]}..."
