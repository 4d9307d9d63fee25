"""The training loop against the one of transformers: the same losses, step by step."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

from decoders.language_model.attention import SHARED
from decoders.language_model.prompts.prompts import Prompts
from decoders.language_model.tiny_models import tiny_config
from decoders.language_model.training.batching import epoch_steps
from decoders.language_model.training.recipes import Recipe
from decoders.language_model.training.training import train
from tests.decoders.language_model.shaped import STANDARD, VOCABULARY, random_prompts, sequence

CLOSE = 1e-4
BATCH, EPOCHS, SEED = 4, 2, 3
NO_LOSS = -100


class Recording(Trainer):
    """Keeps what it is given in order, and every step's loss."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.losses: list[float] = []

    def _get_train_sampler(self, dataset: Any = None) -> Any:
        return torch.utils.data.SequentialSampler(
            self.train_dataset if dataset is None else dataset
        )

    def training_step(self, *args: Any, **kwargs: Any) -> Any:
        loss = super().training_step(*args, **kwargs)
        self.losses.append(float(loss))
        return loss


def one_by_one(prompts: Prompts) -> list[dict[str, list[int]]]:
    """Every rating as one sequence, in the order of our steps."""
    out = []
    for epoch in range(EPOCHS):
        for step in epoch_steps(prompts, BATCH, 1, SEED, epoch):
            assert len(step) == BATCH
            for row in [int(row) for rows in step for row in rows]:
                ids = sequence(prompts, row, int(prompts.chosen[row]))[0].tolist()
                size = len(prompts.answer(row))
                labels = [NO_LOSS] * (len(ids) - size) + ids[-size:]
                out.append({"input_ids": ids, "labels": labels})
    return out


def padded(rows: list[dict[str, list[int]]]) -> dict[str, Any]:
    width = max(len(row["input_ids"]) for row in rows)
    filled = {"input_ids": 0, "labels": NO_LOSS, "attention_mask": 0}
    found = {name: np.full((len(rows), width), value) for name, value in filled.items()}
    for r, row in enumerate(rows):
        size = len(row["input_ids"])
        found["input_ids"][r, :size], found["labels"][r, :size] = row["input_ids"], row["labels"]
        found["attention_mask"][r, :size] = 1
    return {name: torch.as_tensor(values) for name, values in found.items()}


def tiny(name: str, attention: str) -> Any:
    torch.manual_seed(SEED)
    config = tiny_config(name, VOCABULARY)
    return AutoModelForCausalLM.from_config(config, attn_implementation=attention).float()


@pytest.mark.parametrize("name", ["tiny-llama", "tiny-gemma2"])
def test_losses_are_those_of_a_plain_trainer(name: str, tmp_path: Path):
    prompts = random_prompts(ratings=40)
    recipe = Recipe(
        name="as-trainer",
        model=name,
        epochs=EPOCHS,
        batch=BATCH,
        share=1,
        learning_rate=3e-3,
        schedule="cosine",
        weight_decay=0.1,
        clip=0.5,
    )
    arguments = TrainingArguments(
        output_dir=str(tmp_path),
        num_train_epochs=1,
        per_device_train_batch_size=BATCH,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="cosine",
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.clip,
        optim="adamw_torch",
        seed=SEED,
        use_cpu=True,
        report_to=[],
        disable_tqdm=True,
        logging_strategy="no",
        save_strategy="no",
        remove_unused_columns=False,
        dataloader_pin_memory=False,
    )
    theirs = Recording(
        model=tiny(name, STANDARD[name.removeprefix("tiny-")]),
        args=arguments,
        train_dataset=one_by_one(prompts),
        data_collator=padded,
    )
    theirs.train()
    ours = train(tiny(name, SHARED), prompts, recipe, SEED)
    assert len(ours.losses) == len(theirs.losses) == 20
    assert np.abs(np.array(ours.losses) - theirs.losses).max() < CLOSE
    assert np.mean(ours.losses[:5]) - np.mean(ours.losses[-5:]) > 0.1  # it learned something
