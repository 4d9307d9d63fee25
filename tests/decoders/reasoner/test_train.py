"""What a reasoner learns, of people it never saw too, and whose folder it is kept in."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from decoders.reasoner.draw import draw_training_set
from decoders.reasoner.training_plan import TrainingPlan
from ratings.errors import DataError
from ratings.instruments.indie_value import PROBES
from ratings.survey.evaluation_sample import evaluation_sample
from ratings.survey.source import load_survey

pytest.importorskip("torch", reason="needs the extra decoders")
pytest.importorskip("transformers", reason="needs the extra decoders")

from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.scoring import log_probabilities
from decoders.language_model.training.recipes import RECIPES
from decoders.language_model.training.training import train
from decoders.loaded import load_decoder
from decoders.reasoner.encoder import Question, StatementEncoder, tokenizer_texts
from decoders.reasoner.reader import StatementReader
from decoders.reasoner.to_learn import demographic_statements, to_learn
from decoders.reasoner.train import TRAINING, Training, require_own, train_reasoner

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
    guessing = np.mean([1 / len(prompts.labels[position]) for position in prompts.labels_of])
    assert guessing < 0.4
    assert (chosen == prompts.chosen).mean() > 0.9


def test_a_folder_belongs_to_one_training(tmp_path: Path):
    plan = TrainingPlan("p", "mixed", 2)
    training = Training("sample", load_survey("sample"), plan, RECIPE, 0)
    require_own(tmp_path / "new", training)
    assert not (tmp_path / "new").exists()
    (tmp_path / TRAINING).write_text("{")
    with pytest.raises(DataError, match="cannot be read"):
        require_own(tmp_path, training)
    (tmp_path / TRAINING).write_text("{}")
    with pytest.raises(DataError, match=r"another training \(its data, survey_sha256, plan"):
        require_own(tmp_path, training)


def test_it_reads_people_whom_it_never_saw_better_than_guessing(tmp_path: Path):
    """Told by demographics; whoever guesses is right 46 times in 100."""
    survey = load_survey("sample")
    recipe = replace(RECIPE, batch=20, learning_rate=2e-3, weight_decay=0.3)
    plan = TrainingPlan("p", "mixed", 20, probes=39, told="demographics")
    train_reasoner(Training("sample", survey, plan, recipe, 0), tmp_path / "made")
    reader = StatementReader(load_decoder(tmp_path / "made"))
    sample, said = evaluation_sample(survey), demographic_statements(survey)
    people, columns = sample.held_out[:40], survey.catalog.positions(PROBES[1])
    groups = tuple(survey.catalog.statements["polar"][column] for column in columns)
    questions = []
    for row in people:
        labels = survey.people.iloc[row].dropna().items()
        known = tuple(said[str(name)][label] for name, label in labels)
        questions.append(Question(known, groups, str(row)))
    truth = survey.table("polar").positions()[np.ix_(people, columns)] - 1
    rows = reader.read(questions)
    right = np.array([[shares.argmax() for shares in row] for row in rows]) == truth
    by_person = right.mean(axis=1)
    error = by_person.std(ddof=1) / np.sqrt(len(people))
    guessing = survey.catalog.random_accuracy("polar", 1)
    print(f"{by_person.mean():.1%}, standard error {error:.1%}; guessing {guessing:.1%}")
    assert by_person.mean() - 4 * error > guessing
