"""What a reasoner learns, and whose folder it is kept in."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from decoders.reasoner.draw import draw_training_set
from decoders.reasoner.training_plan import TrainingPlan
from ratings.errors import DataError
from ratings.evaluation_sample import evaluation_sample
from ratings.survey_source import load_survey

pytest.importorskip("torch", reason="needs the extra decoders")
pytest.importorskip("transformers", reason="needs the extra decoders")

from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.recipes import RECIPES
from decoders.language_model.scoring import log_probabilities
from decoders.language_model.training import train
from decoders.reasoner.encoder import StatementEncoder, tokenizer_texts
from decoders.reasoner.to_learn import to_learn
from decoders.reasoner.train import TRAINING, Training, require_own

RECIPE = RECIPES["tiny-llama"]


def test_it_learns_what_it_is_shown():
    """One person's 30 probes, seen again and again: labels and losses belong together."""
    survey = load_survey("sample")
    recipe = replace(RECIPE, batch=30, share=30, epochs=40, learning_rate=5e-3)
    plan = TrainingPlan("r", "mixed", 1, probes=30, told="demographics")
    drawn = draw_training_set(survey, evaluation_sample(survey), plan)
    tokenizer = make_tokenizer(recipe, tokenizer_texts(survey.catalog, recipe))
    prompts = to_learn(StatementEncoder(tokenizer, recipe), drawn, recipe.context)
    prompts = prompts.take(np.flatnonzero(prompts.prefix_of == 0))
    found = train(make_model(recipe, tokenizer, 0), prompts, recipe, 0)
    chosen = log_probabilities(found.model, prompts, recipe.columns).argmax(axis=1)
    guessing = np.mean([1 / len(prompts.labels[place]) for place in prompts.labels_of])
    assert guessing < 0.4
    assert (chosen == prompts.chosen).mean() > 0.9


def test_a_folder_belongs_to_one_training(tmp_path: Path):
    plan = TrainingPlan("p", "mixed", 1)
    training = Training("sample", load_survey("sample"), plan, RECIPE, 0)
    require_own(tmp_path / "new", training)
    assert not (tmp_path / "new").exists()
    (tmp_path / TRAINING).write_text("{")
    with pytest.raises(DataError, match="cannot be read"):
        require_own(tmp_path, training)
    (tmp_path / TRAINING).write_text("{}")
    with pytest.raises(DataError, match=r"another training \(its data, survey_sha256, plan"):
        require_own(tmp_path, training)
