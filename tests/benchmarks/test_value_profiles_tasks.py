"""The tasks of value profiles find in simulated raters what was planted there, and nothing else."""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inspect_ai import Task
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import (
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)

from benchmarks.value_profiles.decode_ratings import decode_ratings
from benchmarks.value_profiles.encode_profiles import encode_profiles
from benchmarks.value_profiles.tell_profiles_apart import tell_profiles_apart
from evals.reports.value_profiles import ProfilesReport
from evals.vinfo.encoded_profiles import read_encoded_profiles
from providers.distribution_output import letter_output
from ratings.data_sets.published.planted import plant
from ratings.representations.profile_runs import write_profile_run
from ratings.splits import draw_partition, evaluation_targets, split_raters
from scorers.inspect_adapter.run_log import read_run
from tests.evaluate import evaluate

Answer = Callable[[Mapping[str, Any], str, GenerateConfig], ModelOutput]
TOLD = "groundtruth"


def run(task: Task, model: object, folder: Path, **options: object) -> EvalLog:
    (log,) = evaluate(task, model=model, log_dir=str(folder), **options)
    assert log.status == "success", log.error
    return log


def metrics(log: EvalLog) -> dict[str, float]:
    return {n: m.value for score in log.results.scores for n, m in score.metrics.items()}


def calls(log: EvalLog) -> list[ModelEvent]:
    return [e for sample in log.samples for e in sample.events if isinstance(e, ModelEvent)]


def asked_of(event: ModelEvent) -> Mapping[str, Any]:
    return event.input[-1].metadata


@lru_cache
def answering(name: str, answer: Answer) -> str:
    """A model that answers by a function of the message's metadata and text."""

    class Answering(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            output = answer(input[-1].metadata, input[-1].text, config)
            output.usage = ModelUsage(input_tokens=10, output_tokens=1, total_tokens=11)
            return output

    modelapi(name=name)(Answering)
    return f"{name}/model"


def uniform(asked: Mapping[str, Any], config: GenerateConfig) -> ModelOutput:
    count = asked["choices"]
    return letter_output("m", np.full(count, 1 / count), asked["answer"], config)


@pytest.mark.parametrize("elicitation", ["logprobs", "stated"])
def test_who_follows_what_is_given_shows_the_planted_information(elicitation: str, tmp_path: Path):
    task = decode_ratings(data="planted", representation=TOLD, raters=50, elicitation=elicitation)
    found = metrics(run(task, "respondent/follows", tmp_path))
    planted = plant().information(TOLD)
    assert found["information_low"] < planted < found["information_high"]
    assert found["information_low"] > 0
    assert found["information"] == pytest.approx(found["loss_none"] - found["loss"], abs=1e-6)
    assert found["ece_corrected_low"] == 0 < found["ece_corrected_high"]  # it tells the truth
    assert found["valid"] == 1
    assert found["stated_share"] == (elicitation == "stated")


def test_who_ignores_what_is_given_shows_no_information(tmp_path: Path):
    task = decode_ratings(data="planted", representation=TOLD, raters=10)
    found = metrics(run(task, "respondent/ignores", tmp_path))
    assert found["information"] == found["information_low"] == found["information_high"] == 0
    assert found["loss"] == found["loss_none"] > 1


def test_what_is_encoded_can_be_decoded(tmp_path: Path):
    """Profiles of all raters, by an encoder that knows how to read the fit ratings."""
    log = run(encode_profiles(data="planted"), "respondent/follows", tmp_path)
    assert metrics(log)["written"] == 1
    encoded = read_encoded_profiles(Path(log.location))
    assert (encoded.written, encoded.everybody, encoded.complete) == (400, 400, True)
    assert encoded.run.template_sha256 == log.eval.metadata["template_sha256"]
    profiles = tmp_path / "profiles.json"
    write_profile_run(profiles, encoded.run)
    task = decode_ratings(data="planted", representation=f"profile:{profiles}", raters=30)
    log = run(task, "respondent/follows", tmp_path)
    found = metrics(log)
    log = read_eval_log(log.location, resolve_attachments=True)
    assert 0 < found["information_low"] < found["information"] < plant().information(TOLD)
    call = next(e for e in calls(log) if asked_of(e)["representation"] != "none")
    assert encoded.run.profiles[asked_of(call)["rater"]] in call.input[-1].text
    with pytest.raises(PrerequisiteError, match="has no profiles of planted for seed 1"):
        decode_ratings(data="planted", representation=f"profile:{profiles}", seed=1)


def thinking(asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
    """Writes a profile behind a thought, and is cut off within it for every other rater."""
    said = "<think>Green? I'm sorry, perhaps</think>\n- Cares for nature.\n"
    if int(asked["rater"][-1]) % 2:
        output = ModelOutput.from_content("m", said[:20])
        output.choices[0].stop_reason = "max_tokens"
        return output
    return ModelOutput.from_content("m", said)


def test_a_profile_has_no_thoughts_and_a_cut_thought_is_no_profile(tmp_path: Path):
    task = encode_profiles(data="planted", raters=6)
    log = run(task, answering("thinking", thinking), tmp_path)
    profiles = read_encoded_profiles(Path(log.location)).run.profiles
    assert set(profiles.values()) == {"", "- Cares for nature."}
    found = metrics(log)
    lost = sum(not profile for profile in profiles.values()) / len(profiles)
    assert found["truncated"] == pytest.approx(lost)
    assert found["written"] == pytest.approx(1 - lost)
    assert found["valid"] == pytest.approx(1 - lost)
    assert found["words"] == 3


def test_a_reader_of_profiles_matches_them_to_their_choices(tmp_path: Path):
    log = run(tell_profiles_apart(data="planted"), "respondent/follows", tmp_path)
    found = metrics(log)
    assert found["accuracy"] == 1
    assert found["above_chance"] == 0.5
    assert found["above_chance_p"] < 0.001
    assert Counter(sample.target for sample in log.samples) == {"1": 30, "2": 30}
    assert len({sample.metadata["instance"] for sample in log.samples}) == 60
    first = [sample.metadata["profiles"] for sample in log.samples]
    assert len(set(map(tuple, first))) > 30
    guessed = metrics(run(tell_profiles_apart(data="planted"), "respondent/ignores", tmp_path))
    assert guessed["accuracy_low"] < 0.5 < guessed["accuracy_high"]


def always_first(asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
    return ModelOutput.from_content("m", "**Profile 1**")


def test_who_always_names_the_first_is_right_half_of_the_time(tmp_path: Path):
    model = answering("names_the_first", always_first)
    found = metrics(run(tell_profiles_apart(data="planted", pairs=40), model, tmp_path))
    assert found["accuracy"] == 0.5


def test_thoughts_that_were_cut_off_are_truncated_and_never_the_answer(tmp_path: Path):
    def cut_off(asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
        thought = {"stated": '{"A": 60, "B": 40}', "logprobs": "B"}.get(asked.get("answer", ""), "")
        output = ModelOutput.from_content("m", f"<think>Profile 1? {thought}")
        output.choices[0].stop_reason = "max_tokens"
        return output

    model = answering("cutoff", cut_off)
    tasks = [
        tell_profiles_apart(data="planted", pairs=4),
        decode_ratings(data="planted", raters=2, ratings=2),
    ]
    for task in tasks:
        assert metrics(run(task, model, tmp_path))["truncated"] == 1


def test_the_prompt_with_nothing_given_is_asked_once_an_instance_a_run_and_an_epoch(tmp_path: Path):
    task = decode_ratings(data="planted", representation=TOLD, raters=8, ratings=8)
    logs = evaluate(
        task, model=["respondent/follows", "respondent/ignores"], epochs=2, log_dir=str(tmp_path),
    )  # fmt: skip
    assert [log.status for log in logs] == ["success", "success"]
    for log in logs:
        asked = [asked_of(event) for event in calls(log)]
        none = Counter(one["instance"] for one in asked if one["rater"] is None)
        rated = {name for sample in log.samples for name in sample.metadata["instances"]}
        assert set(none) == rated
        assert set(none.values()) == {2}
        ratings = sum(len(sample.metadata["ratings"]) for sample in log.samples)
        assert len(asked) == ratings + 2 * len(rated)


def test_with_nothing_given_nothing_else_is_asked(tmp_path: Path):
    task = decode_ratings(data="planted", representation="none", raters=10)
    log = run(task, "respondent/follows", tmp_path)
    assert {asked_of(event)["representation"] for event in calls(log)} == {"none"}
    found = metrics(log)
    assert found["information"] == 0
    assert found["loss"] == found["loss_none"]


def test_what_is_asked_is_the_evaluation_part_of_test_raters_and_never_given(tmp_path: Path):
    data = plant().data
    split, partition = split_raters(data, 3), draw_partition(data, 3)
    task = decode_ratings(data="planted", representation="examples:max", seed=3, raters=8)
    full = evaluation_targets(data, partition, split.test)
    names = [str(data.table.raters.index[position]) for position in split.test]
    known = {
        (names[rater], instance): rating
        for rater, instance, rating in zip(full.raters, full.instances, full.ratings, strict=True)
    }
    texts = data.table.instances["text"].tolist()
    log = run(task, answering("uniform", lambda a, t, c: uniform(a, c)), tmp_path)
    for sample in log.samples:
        about = sample.metadata
        for position, rating in zip(about["places"], about["ratings"], strict=True):
            assert known[about["rater"], position] == rating
    whole = read_eval_log(log.location, resolve_attachments=True)
    for event in calls(whole):
        prompt, instance = event.input[-1].text, asked_of(event)["instance"]
        position = data.table.instances.index.get_loc(instance)
        assert prompt.count(texts[position]) == 1
        assert prompt.rindex("What this rater was shown:") < prompt.index(texts[position])
    assert log.eval.metadata["answers_in_full"] > sum(
        len(sample.metadata["ratings"]) for sample in log.samples
    )
    assert metrics(log)["information"] == 0
    assert metrics(log)["accuracy"] == pytest.approx(0.2)
    assert metrics(log)["stated_share"] == 0


def refusing(asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
    """Refuses when given the profile of a rater of the north, and answers otherwise."""
    if "region: north" in text:
        return ModelOutput.from_content("m", "I'm sorry, I can't say.")
    return uniform(asked, config)


def test_missing_answers_are_counted_and_never_guessed(tmp_path: Path):
    task = decode_ratings(
        data="planted", representation="demographics", raters=12, elicitation="stated"
    )
    log = run(task, answering("refusing", refusing), tmp_path)
    found = metrics(log)
    north = plant().data.table.raters["region"] == "north"
    asked = {s.metadata["rater"]: len(s.metadata["ratings"]) for s in log.samples}
    lost = sum(count for rater, count in asked.items() if north[rater])
    assert 0 < lost < sum(asked.values())
    assert found["refusal"] == pytest.approx(lost / sum(asked.values()))
    assert found["valid"] == pytest.approx(1 - found["refusal"])
    assert found["accuracy"] == pytest.approx(0.2)
    for sample in log.samples:
        score = sample.scores["decoded_ratings"]
        if north[sample.metadata["rater"]]:
            assert set(score.metadata["loss"]) == {None}
            assert score.reason == "refusal"
            assert "told: refusal" in score.explanation


def no_logprobs(asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
    if asked["answer"] == "logprobs":
        return ModelOutput.from_content("m", "B")
    return uniform(asked, config)


def test_auto_states_where_there_are_no_log_probabilities(tmp_path: Path):
    model = answering("plainly", no_logprobs)
    options = {"data": "planted", "representation": TOLD, "raters": 4}
    log = run(decode_ratings(**options), model, tmp_path, max_samples=1)
    found = metrics(log)
    assert (found["valid"], found["stated_share"]) == (1, 1)
    tried = [s for s in log.samples for e in s.events
             if isinstance(e, ModelEvent) and asked_of(e)["answer"] == "logprobs"]  # fmt: skip
    assert len({sample.id for sample in tried}) == 1  # after the first sample it was known
    report = ProfilesReport(read_run(Path(log.location)))
    assert report.ways == {"stated": report.asked}
    assert report.run.measured["settings"]["elicitation"] == "stated"
    log = run(decode_ratings(**options, elicitation="logprobs"), model, tmp_path)
    found = metrics(log)
    assert (found["valid"], found["no_logprobs"]) == (0, 1)
    assert "elicitation=stated" in log.samples[0].scores["decoded_ratings"].explanation


def refused_request(asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
    if config.logprobs:
        raise ValueError("logprobs are not supported with this model")
    return uniform(asked, config)


def test_auto_states_where_the_request_is_refused(tmp_path: Path, caplog):
    task = decode_ratings(data="planted", representation=TOLD, raters=5)
    found = metrics(run(task, answering("strict", refused_request), tmp_path))
    assert (found["valid"], found["stated_share"]) == (1, 1)
    assert "strict/model refused log-probabilities" in caplog.text
    task = decode_ratings(data="planted", representation=TOLD, elicitation="logprobs")
    (log,) = evaluate(
        task, model=answering("strict", refused_request), log_dir=str(tmp_path),
        limit=2,
    )  # fmt: skip
    assert log.status == "error"
    assert "logprobs are not supported" in log.error.message


def test_a_run_that_mixes_ways_says_so(tmp_path: Path):
    task = decode_ratings(data="planted", representation=TOLD, raters=10)
    count = itertools.count(1)

    def sometimes(asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
        """Log-probabilities in six of seven calls."""
        output = uniform(asked, config)
        if asked["answer"] == "logprobs" and next(count) % 7 == 0:
            output.choices[0].logprobs = None
        return output

    log = run(task, answering("sometimes", sometimes), tmp_path)
    report = ProfilesReport(read_run(Path(log.location)))
    assert set(report.ways) == {"logprobs", "stated"}
    assert report.run.measured["settings"]["elicitation"] == "mixed"
    assert 0 < metrics(log)["stated_share"] < 1


def test_a_limit_leaves_what_was_answered_before_and_no_guess(tmp_path: Path):
    task = decode_ratings(data="planted", representation=TOLD, raters=6, elicitation="stated")
    model = answering("limited", lambda a, t, c: uniform(a, c))
    log = run(task, model, tmp_path, token_limit=160, max_samples=1, max_connections=1)
    found = metrics(log)
    assert 0 < found["valid"] < 1
    assert found["unasked"] + found["none_missing"] == pytest.approx(1 - found["valid"])
    report = ProfilesReport(read_run(Path(log.location)))
    assert sum(report.counts.values()) == report.asked
    assert report.asked == sum(len(sample.metadata["ratings"]) for sample in log.samples)


WRONG = [
    (decode_ratings, {"data": "plantd"}, "unknown data set 'plantd'; allowed (nearest first)"),
    (decode_ratings, {"representation": "vibes"}, "unknown representation 'vibes'; allowed"),
    (decode_ratings, {"representation": "examples:0"}, "takes a whole number from 1 or max"),
    (decode_ratings, {"representation": "cluster:4"}, "needs a fitted family"),
    (decode_ratings, {"representation": "profile:none.json"}, "is not there"),
    (decode_ratings, {"representation": "demographics:age"}, "unknown demographic column"),
    (decode_ratings, {"raters": 301}, "raters must be a whole number from 1 to 300, found 301"),
    (decode_ratings, {"ratings": 0}, "ratings must be a whole number from 1 to 10, found 0"),
    (decode_ratings, {"seed": -1}, "seed must be a whole number from 0 to 4294967295, found -1"),
    (decode_ratings, {"elicitation": "logits"}, "unknown value for elicitation 'logits'"),
    (decode_ratings, {"prompt": "none.txt"}, "there is no prompt template at"),
    (decode_ratings, {"rater": 4}, "unknown task argument 'rater'; allowed"),
    (encode_profiles, {"raters": 401}, "raters must be a whole number from 1 to 400, found 401"),
    (encode_profiles, {"data": 3}, "data must be text, found 3"),
    (encode_profiles, {"data": ""}, "data must be the name of a data set"),
    (tell_profiles_apart, {"pairs": 61}, "pairs must be a whole number from 1 to 60, found 61"),
    (
        tell_profiles_apart,
        {"pairs": "many"},
        "pairs must be a whole number from 1 to 60, found 'many'",
    ),
    (tell_profiles_apart, {"distributions": "none.json"}, "there are no distributions at"),
    (
        tell_profiles_apart,
        {"data": "value_portrait_humans_sample"},
        "needs -T distributions=FILE for value_portrait_humans_sample",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("task", "arguments", "message"), WRONG)
def test_wrong_arguments_are_reported_in_one_line(
    task: Callable[..., Task], arguments: dict[str, Any], message: str
):
    with pytest.raises(PrerequisiteError) as error:
        task(**{"data": "planted", **arguments})
    assert message in str(error.value.message).replace("\\[", "[")
    assert "\n" not in str(error.value.message)


@pytest.mark.parametrize(
    ("task", "position"),
    [(decode_ratings, "told"), (encode_profiles, "ratings"), (tell_profiles_apart, "profile_1")],
)
def test_a_template_of_ones_own_must_hold_every_field(
    task: Callable[..., Task], position: str, tmp_path: Path
):
    folder = Path(__file__).parents[2] / "benchmarks" / "value_profiles"
    shipped = {"decode_ratings": "decode", "encode_profiles": "encode",
               "tell_profiles_apart": "apart"}[task.__name__]  # fmt: skip
    text = (folder / f"{shipped}.txt").read_text()
    path = tmp_path / "mine.txt"
    path.write_text(f"Now then. {text}")
    mine = task(data="planted", prompt=str(path)).metadata["template_sha256"]
    assert mine != task(data="planted").metadata["template_sha256"]
    path.write_text(text.replace(f"{{{position}}}", ""))
    load = {"data": "planted", "prompt": str(tmp_path / "lacking.txt")}
    (tmp_path / "lacking.txt").write_text(path.read_text())
    with pytest.raises(PrerequisiteError, match=f"must hold .{position}. once, it does 0 times"):
        task(**load)


@pytest.mark.usefixtures("no_data")
def test_missing_data_name_the_data_set_that_needs_none():
    with pytest.raises(PrerequisiteError, match="-T data=planted$"):
        decode_ratings(seed=77)


def test_an_answer_cut_off_or_refused_is_no_profile(tmp_path: Path):
    def answer(asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
        number = int(asked["rater"].removeprefix("rater")) % 3
        texts = ["- Kind.\n- Careful with money.", "I'm sorry, I can't.", "- Cut off in the mid"]
        output = ModelOutput.from_content("m", texts[number])
        output.choices[0].stop_reason = "max_tokens" if number == 2 else "stop"
        return output

    log = run(encode_profiles(data="planted", raters=12), answering("writing", answer), tmp_path)
    numbers = [int(s.metadata["rater"].removeprefix("rater")) % 3 for s in log.samples]
    found = metrics(log)
    assert found["written"] == pytest.approx(numbers.count(0) / 12)
    assert found["refusal"] == pytest.approx(numbers.count(1) / 12)
    assert found["truncated"] == pytest.approx(numbers.count(2) / 12)
    assert found["words"] == 4
    encoded = read_encoded_profiles(Path(log.location))
    assert encoded.run.tokens == 12 * 11
    assert encoded.written == numbers.count(0)
    assert sorted(set(encoded.run.profiles.values())) == ["", "- Kind.\n- Careful with money."]
    assert json.loads(json.dumps(encoded.run.fit_sha256)).keys() == encoded.run.profiles.keys()


def test_tokens_that_no_provider_reported_are_missing_and_not_zero(tmp_path: Path):
    log = run(encode_profiles(data="planted", raters=2), "respondent/ignores", tmp_path)
    assert read_encoded_profiles(Path(log.location)).run.tokens is None
