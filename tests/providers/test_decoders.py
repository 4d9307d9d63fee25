"""A checkpoint in a model's place. Weights are random or trained a moment: whether answers are
good is tested with the decoders; here, that they are the model's and get to the benchmark."""

import json
import math
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalLog, resolve_sample_attachments
from inspect_ai.model import get_model

from benchmarks.indie_value._setup import Setup, load_material
from benchmarks.indie_value.task import indie_value
from benchmarks.value_profiles.decode_ratings import decode_ratings
from leaderboard.store.records import read_record
from providers.decoded_statements import statements_output
from providers.micro_batcher import MicroBatcher
from ratings.data_sets.digest import data_sha256
from ratings.data_sets.instances import instances_of
from ratings.data_sets.published.planted import plant
from ratings.instruments.indie_value import PROBES, as_said
from ratings.splits import LEAST_RATINGS
from ratings.survey.source import load_survey
from scorers.inspect_adapter.choices import choices_of
from tests.evaluate import evaluate

torch = pytest.importorskip("torch", reason="needs the extra decoders")
pytest.importorskip("transformers", reason="needs the extra decoders")

from decoders.language_model.checkpoint import (
    RATINGS,
    STATEMENTS,
    About,
    Checkpoint,
    save_checkpoint,
)
from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.prompts.wording import template_sha256
from decoders.language_model.training.recipes import RECIPES
from decoders.loaded import load_decoder
from decoders.reasoner.encoder import Question, tokenizer_texts
from decoders.reasoner.reader import StatementReader
from providers.decoders import DecoderAPI

RECIPE = RECIPES["tiny-llama"]
NAMES = {"seed": 0, "temperature": 1.5}


def about(kind: str, data: str, digest: str, told: str, **other: Any) -> About:
    return About(
        kind=kind,
        recipe=RECIPE,
        template_sha256=template_sha256(RECIPE.answer, RECIPE.chat, kind),
        data=data,
        data_sha256=digest,
        card_revision=None,
        representation=told,
        **{**NAMES, **other},
    )


@pytest.fixture(scope="module")
def reasoner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reasoner with random weights."""
    survey = load_survey("sample")
    tokenizer = make_tokenizer(RECIPE, tokenizer_texts(survey.catalog, RECIPE))
    folder = tmp_path_factory.mktemp("private") / "reasoner"
    found = about(STATEMENTS, "sample", survey.digest, "probe=p, demo=mixed, N=1")
    save_checkpoint(folder, Checkpoint(make_model(RECIPE, tokenizer, 1), tokenizer, found))
    return folder


@pytest.fixture(scope="module")
def rating_decoders(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes decoders of the planted ratings with random weights."""
    data = plant().data.with_at_least(LEAST_RATINGS)
    instances = instances_of(data)
    tokenizer = make_tokenizer(RECIPE, [instances.task, *instances.texts])
    base = tmp_path_factory.mktemp("ratings")

    def make(told: str, seed: int = 0) -> Path:
        folder = base / f"{told}-{seed}"
        found = about(RATINGS, "planted", data_sha256(data), told, seed=seed)
        save_checkpoint(folder, Checkpoint(make_model(RECIPE, tokenizer, 2), tokenizer, found))
        return folder

    return make


def run(task: Any, model: object, folder: Path, **options: Any) -> EvalLog:
    (log,) = evaluate(task, model=model, log_dir=str(folder), **options)
    return log


def calls(log: EvalLog) -> list[ModelEvent]:
    whole = [resolve_sample_attachments(sample) for sample in log.samples]
    return [event for one in whole for event in one.events if isinstance(event, ModelEvent)]


@pytest.mark.parametrize("grouping", ["all", "each"])
def test_it_answers_indie_value_with_the_models_probabilities(
    reasoner: Path, grouping: str, tmp_path: Path
):
    task = indie_value(data="sample", people=1, probe=2, demonstrations=20, grouping=grouping)
    log = run(task, f"decoder/{reasoner}", tmp_path)
    assert log.status == "success", log.error
    assert set(log.samples[0].scores["statement_choices"].metadata["statuses"]) == {"valid"}
    assert len(calls(log)) == (1 if grouping == "all" else 39)

    material = load_material(Setup("sample", None, 0, 20, "polar", "polar", "none"))
    groups = material.groups(PROBES[2])
    if grouping == "all":
        shown = [material.questions_shown(0, 2)] * 39
    else:
        shown = material.questions_shown_before_each(0, 2)
    assert {len(known) for known in shown} == {20}
    questions = [
        Question(tuple(material.known_statements(0, known)), (group,), "as asked")
        for known, group in zip(shown, groups.values(), strict=True)
    ]
    truth = StatementReader(load_decoder(reasoner)).read(questions)
    expected = {label: row for label, (row,) in zip(groups, truth, strict=True)}
    seen = set()
    for event in calls(log):
        found = event.output.choices[0]
        chosen = json.loads(found.message.text)
        for one in found.logprobs.content:
            label = one.token.partition("_")[0]
            top = {option.token: math.exp(option.logprob) for option in one.top_logprobs}
            row = [top[f"{label}_s{k + 1}"] for k in range(len(top))]
            assert row == pytest.approx(expected[label].tolist(), abs=1e-5)
            assert sum(row) == pytest.approx(1)
            assert chosen[label]["choice"] == one.token == f"{label}_s{1 + np.argmax(row)}"
            seen.add(label)
    assert seen == set(groups)


def test_nothing_known_and_refined_and_demographics_are_answered(reasoner: Path, tmp_path: Path):
    for arguments in (
        {"demonstrations": 0},
        {"demographics": "with", "demonstrations": 5, "probe_form": "refined"},
        {"demographics": "alone"},
    ):
        log = run(
            indie_value(data="sample", people=1, probe=1, **arguments),
            f"decoder/{reasoner}", tmp_path,
        )  # fmt: skip
        assert log.status == "success", log.error
        statuses = log.samples[0].scores["statement_choices"].metadata["statuses"]
        assert set(statuses) == {"valid"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"demonstrations": 0},
        {"demonstrations": 9, "demographics": "with", "demonstration_form": "refined"},
        {"demographics": "alone"},
        {"demonstrations": 3, "grouping": "each"},
    ],
)
def test_the_model_reads_what_the_prompt_shows(
    reasoner: Path, arguments: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    read, seen = StatementReader.read, []

    def spied(self: StatementReader, questions: Sequence[Question]) -> Any:
        seen.extend(questions)
        return read(self, questions)

    monkeypatch.setattr(StatementReader, "read", spied)
    model = get_model(f"decoder/{reasoner}", memoize=False)
    log = run(indie_value(data="sample", people=1, probe=1, **arguments), model, tmp_path)
    known = {"\n".join(f"# {as_said(one)}" for one in question.known) for question in seen}
    prompts = [event.input[-1].text.split("[Known Statements of Person A]:\n")[-1]
               for event in calls(log)]  # fmt: skip
    shown = {prompt.partition("[New Groups")[0].rstrip("\n") for prompt in prompts}
    assert shown == known
    assert len(known) == (39 if "grouping" in arguments else 1)


def test_an_answer_is_read_as_it_was_meant():
    rows = [np.array([0.2, 0.5, 0.3]), np.array([1.0, 0.0])]
    output = statements_output("decoder/x", ["NSG4", "NSG11"], rows)
    kept = {"groups": ["NSG4", "NSG11"], "text": output.completion, "stop_reason": "stop"}
    found = choices_of(kept, {"NSG4": 3, "NSG11": 2})
    assert [reading.choice for reading in found.values()] == [2, 1]
    for one, row in zip(output.choices[0].logprobs.content, rows, strict=True):
        shares = sorted(math.exp(option.logprob) for option in one.top_logprobs)
        assert shares == pytest.approx(sorted(row))


def test_its_row_in_a_leaderboard_is_named_by_its_own_folder_alone(reasoner: Path, tmp_path: Path):
    task = indie_value(data="sample", people=2, probe=1, demonstrations=0)
    log = run(task, f"decoder/{reasoner}", tmp_path)
    row = read_record(Path(log.location), "0" * 64).run
    assert row["model"] == "decoder/reasoner"
    assert row["rater"] == "decoder/reasoner"
    assert str(reasoner) not in json.dumps(row, default=str)


def test_other_people_and_other_surveys_are_refused(reasoner: Path, tmp_path: Path):
    log = run(indie_value(data="sample", people=6, probe=1, demonstrations=0, seed=5),
              f"decoder/{reasoner}", tmp_path)  # fmt: skip
    assert log.status == "error"
    assert "held out other people than person" in log.error.message
    assert "-T seed=0" in log.error.message
    log = run(decode_ratings(data="planted", raters=1), f"decoder/{reasoner}", tmp_path)
    assert "decoder/reasoner answers indie_value only" in log.error.message


def changed(folder: Path, to: Path, **fields: object) -> Path:
    """A copy of a checkpoint of which something else is said."""
    to.mkdir()
    for path in folder.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    found = json.loads((to / "decoder.json").read_text())
    (to / "decoder.json").write_text(json.dumps({**found, **fields}))
    return to


def test_another_survey_is_refused(reasoner: Path, tmp_path: Path):
    other = changed(reasoner, tmp_path / "other", data_sha256="f" * 64)
    log = run(indie_value(data="sample", people=1, probe=1), f"decoder/{other}", tmp_path)
    assert "was trained on another survey" in log.error.message


@pytest.mark.parametrize("elicitation", ["logprobs", "stated"])
def test_it_answers_decode_ratings(
    rating_decoders: Callable[..., Path], elicitation: str, tmp_path: Path
):
    told, nothing = rating_decoders("demographics"), rating_decoders("none")
    task = decode_ratings(
        data="planted", representation="demographics", raters=3, ratings=4, elicitation=elicitation
    )
    log = run(task, f"decoder/{told}", tmp_path, model_args={"none": str(nothing)})
    assert log.status == "success", log.error
    metrics = log.results.scores[0].metrics
    assert metrics["valid"].value == 1
    assert np.isfinite(metrics["information"].value)
    row = read_record(Path(log.location), "0" * 64).run
    assert str(tmp_path.parent) not in row["rater"]


@pytest.mark.parametrize(
    ("representation", "seed", "none", "message"),
    [
        ("demographics", 0, False, "with nothing given, .*-M none=<folder>"),
        ("demographics", 1, True, "trained on the split of seed 0 .* seed 1, whose test raters"),
        ("measured", 0, True, "trained with demographics given and is asked with measured"),
    ],
)
def test_what_a_decoder_was_not_trained_for_is_refused(
    rating_decoders: Callable[..., Path],
    representation: str, seed: int, none: bool, message: str, tmp_path: Path,
):  # fmt: skip
    arguments = {"none": str(rating_decoders("none"))} if none else {}
    task = decode_ratings(
        data="planted", representation=representation, raters=1, ratings=1, seed=seed
    )
    model = f"decoder/{rating_decoders('demographics')}"
    log = run(task, model, tmp_path, model_args=arguments)
    assert log.status == "error"
    assert re.search(message, log.error.message), log.error.message


def test_other_ratings_and_other_companions_are_refused(
    rating_decoders: Callable[..., Path], reasoner: Path, tmp_path: Path
):
    told = rating_decoders("demographics")
    # nothing told: asked about in one way only, so that one error comes first
    other = changed(rating_decoders("none"), tmp_path / "other", data_sha256="0" * 64)
    task = decode_ratings(data="planted", representation="none", raters=1, ratings=1)
    log = run(task, f"decoder/{other}", tmp_path)
    assert "other was trained on planted (000000000000) and is asked about" in log.error.message
    for companion, message in (
        (told, "was trained with demographics given, and must have been with nothing"),
        (rating_decoders("none", 4), "seed 4, and must have been on the same data and split"),
        (reasoner, "a decoder of statements cannot answer here"),
    ):
        with pytest.raises(PrerequisiteError, match=message):
            DecoderAPI(str(told), none=str(companion))
    log = run(indie_value(data="sample", people=1, probe=1), f"decoder/{told}", tmp_path)
    assert "answers decode_ratings only" in log.error.message


def test_what_cannot_be_loaded_is_reported_in_one_line(
    reasoner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refused(folder: Path, message: str, **arguments: object) -> None:
        with pytest.raises(PrerequisiteError, match=message) as caught:
            get_model(f"decoder/{folder}", memoize=False, **arguments)
        assert "\n" not in str(caught.value.message).strip()

    refused(tmp_path / "nowhere", "holds no decoder")
    refused(reasoner, "unknown argument of decoder 'nome'", nome="x")
    refused(reasoner, "also where nothing is known", none=str(reasoner))
    cut = changed(reasoner, tmp_path / "cut")
    weights = (cut / "model.safetensors").read_bytes()
    (cut / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    refused(cut, "cut or damaged|cannot be loaded")
    (cut / "model.safetensors").unlink()
    refused(cut, "cannot be loaded")
    reworded = changed(reasoner, tmp_path / "reworded", template_sha256="e" * 64)
    refused(reworded, "trained with the template eeeeeeeeeeee")
    monkeypatch.setattr("decoders.extra.find_spec", lambda name: None)
    refused(reasoner, r"pip install '\.\\?\[decoders\]'")


def test_calls_that_wait_are_answered_in_one_batch_and_errors_are_ones_own():
    first, go = threading.Event(), threading.Event()
    batches: list[list[int]] = []

    def answer(asked: Sequence[int]) -> list[int]:
        batches.append(list(asked))
        first.set()
        go.wait(10)
        return [10 // one for one in asked]

    waiting, found = MicroBatcher(answer), {}

    def ask(number: int) -> None:
        try:
            found[number] = waiting.ask(number)
        except ZeroDivisionError as error:
            found[number] = error

    threads = [threading.Thread(target=ask, args=(number,)) for number in (5, 2, 0, 1)]
    threads[0].start()
    assert first.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(waiting._waiting) < 3:
        pass
    go.set()
    for thread in threads:
        thread.join(10)
    assert batches[0] == [5]
    assert sorted(batches[1]) == [0, 1, 2]
    assert (found[5], found[2], found[1]) == (2, 5, 10)
    assert isinstance(found[0], ZeroDivisionError)


def test_recipes_without_room_for_what_is_told_say_so(reasoner: Path, tmp_path: Path):
    recipe = json.loads((reasoner / "decoder.json").read_text())["recipe"]
    short = changed(reasoner, tmp_path / "short", recipe={**recipe, "context": 64})
    log = run(indie_value(data="sample", people=1, probe=1), f"decoder/{short}", tmp_path)
    assert "and the recipe's context is 64" in log.error.message
