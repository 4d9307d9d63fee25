"""What a reasoner reads, as text again."""

from dataclasses import replace

import numpy as np
import pytest

from decoders.reasoner.draw import draw_training_set
from decoders.reasoner.training_plan import TrainingPlan
from ratings.errors import DataError
from ratings.instruments.indie_value import load_catalog
from ratings.survey.evaluation_sample import evaluation_sample
from ratings.survey.source import load_survey

pytest.importorskip("torch", reason="needs the extra decoders")
pytest.importorskip("transformers", reason="needs the extra decoders")

from decoders.language_model.network import make_tokenizer
from decoders.language_model.prompts.wording import (
    KNOWN_HEAD,
    OPTIONS_HEAD,
    PERSON,
    STATEMENT_CUE,
)
from decoders.language_model.training.recipes import RECIPES
from decoders.reasoner.encoder import Question, StatementEncoder, tokenizer_texts
from decoders.reasoner.to_learn import to_learn

RECIPE = RECIPES["tiny-llama"]
GROUPS = (("Tea is good", "Tea is bad"), ("I run", "I walk", "I sit"))


@pytest.fixture(scope="module")
def tokenizer():
    return make_tokenizer(RECIPE, tokenizer_texts(load_catalog("sample"), RECIPE))


@pytest.fixture(scope="module")
def encoder(tokenizer) -> StatementEncoder:
    return StatementEncoder(tokenizer, RECIPE)


def test_a_prompt_has_its_parts_in_their_order(tokenizer, encoder: StatementEncoder):
    prompts = encoder.to_predict([Question(("I like tea", "sleep is good"), GROUPS, "someone")])
    row = np.concatenate([prompts.prefixes[0], prompts.suffixes[prompts.suffix_of[1]]])
    assert tokenizer.decode(row) == (
        f"<bos>{PERSON}\n\n{KNOWN_HEAD}\nI like tea\nSleep is good\n{OPTIONS_HEAD}\n"
        f"A. I run\nB. I walk\nC. I sit{STATEMENT_CUE}"
    )
    labels = [tokenizer.decode(one) for one in prompts.labels[prompts.labels_of[1]].tokens]
    assert labels == [" A", " B", " C"]
    assert encoder.labels(GROUPS[1]).longest == 1


def test_nothing_known_leaves_the_head_out(tokenizer, encoder: StatementEncoder):
    assert tokenizer.decode(encoder.prefix([])) == f"<bos>{PERSON}\n\n"


def test_labels_may_be_the_statements_themselves(tokenizer):
    found = StatementEncoder(tokenizer, replace(RECIPE, answer="text"))
    texts = [tokenizer.decode(one) for one in found.labels(GROUPS[0]).tokens]
    assert texts == [" Tea is good\n", " Tea is bad\n"]
    assert "\n- Tea is good\n- Tea is bad\n" in tokenizer.decode(found.suffix(GROUPS[0]))


def test_those_who_know_the_same_share_a_prefix(encoder: StatementEncoder):
    asked = [
        Question(("I like tea",), GROUPS[:1], "one"),
        Question((), GROUPS, "nobody"),
        Question(("I like tea",), GROUPS[1:], "one again"),
    ]
    prompts = encoder.to_predict(asked)
    assert len(prompts.prefixes) == 2
    assert prompts.prefix_of.tolist() == [0, 1, 1, 0]
    assert prompts.suffix_of.tolist() == [0, 0, 1, 1]


def test_what_does_not_fit_is_named(encoder: StatementEncoder, tokenizer):
    short = StatementEncoder(tokenizer, replace(RECIPE, context=32))
    with pytest.raises(DataError, match="the prompt of someone takes .* context is 32"):
        short.to_predict([Question(("I like tea",) * 20, GROUPS, "someone")])
    with pytest.raises(DataError, match="27 statements and there are 26 letters.*answer: text"):
        encoder.labels(tuple(f"I am {number}" for number in range(27)))


@pytest.mark.parametrize("told", ["statements", "demographics"])
def test_a_training_set_becomes_what_its_people_said(tokenizer, encoder, told: str):
    """Every prompt read as text again, and compared with the survey's own table."""
    survey = load_survey("sample")
    plan = TrainingPlan("r", "mixed", 2, probes=30, told=told)
    drawn = draw_training_set(survey, evaluation_sample(survey), plan)
    prompts = to_learn(encoder, drawn, RECIPE.context)
    statements = survey.catalog.statements
    forms = []
    said = {form: survey.table(form).positions() for form in ("polar", "refined")}
    for row in range(0, len(prompts), 7):
        block, question = drawn.block[row], drawn.question[row]
        person = drawn.person[block]
        known = tokenizer.decode(prompts.prefixes[prompts.prefix_of[row]]).split("\n")[3:-1]
        if told == "statements":
            form = drawn.segments[drawn.segment[block]].demonstration_form
            assert form is not None
            forms.append(form)
            shown = drawn.shown[block]
            assert known == [statements[form][q][said[form][person, q] - 1] for q in shown]
        else:
            labels = survey.people.iloc[person].dropna()
            assert len(known) == len(labels)
            codes = survey.catalog.demographics["Q260"]
            (sex,) = [c for c, label in codes.labels.items() if label == labels["Q260"]]
            assert codes.statements[sex] in known
        asked = tokenizer.decode(prompts.suffixes[prompts.suffix_of[row]])
        for letter, statement in zip("ABCDEFGHIJ", statements["refined"][question], strict=False):
            assert f"\n{letter}. {statement}\n" in asked
        own = said["refined"][person, question] - 1
        assert tokenizer.decode(prompts.answer(row)) == f" {'ABCDEFGHIJ'[own]}"
        assert prompts.names[row] == (
            f"person {survey.people.index[person]} on {survey.catalog.questions.index[question]}"
        )
    assert set(forms) == ({"polar", "refined"} if told == "statements" else set())
