import json
import math
import statistics
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest
from inspect_ai import score
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.analysis import evals_df
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi
from inspect_ai.model._model_output import Logprob, Logprobs, TopLogprob

from benchmarks.value_portrait.task import value_portrait
from evals.reports.report import read_report
from ratings.instruments import value_portrait as loader
from ratings.instruments.dimensions import ALL_DIMENSIONS, HIGHER_ORDER, SCHWARTZ
from ratings.instruments.value_portrait import VARIANTS, load_instrument
from ratings.output.console import make_console
from scorers.inspect_adapter.portrait import portrait
from scorers.inspect_adapter.run_log import read_run
from tests.evaluate import evaluate

SEEN: list[list] = []


def answering(name: str, say, logprobs: Logprobs | None = None) -> str:
    """The name of a model that answers with `say(input)` at once."""

    class Answering(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            SEEN.append([*input, config])
            output = ModelOutput.from_content(name, say(input))
            output.usage = ModelUsage()
            output.choices[0].logprobs = logprobs
            return output

    modelapi(name=name)(Answering)
    return f"{name}/model"


def run(tmp_path: Path, model: str, limit: int | None = 10, **arguments) -> EvalLog:
    SEEN.clear()
    (log,) = evaluate(
        value_portrait(data="sample", **arguments),
        model=model,
        limit=limit,
        log_dir=str(tmp_path),
    )
    assert log.status == "success", log.error
    return log


def metrics(log: EvalLog) -> dict[str, float]:
    (score,) = log.results.scores
    return {name: metric.value for name, metric in score.metrics.items()}


def test_every_item_is_asked_in_every_variant_at_temperature_zero(tmp_path: Path):
    log = run(tmp_path, answering("plain", lambda _: "like me"), limit=None)
    assert log.eval.dataset.samples == 120
    assert len(SEEN) == 120 * len(VARIANTS)
    assert {call[-1].temperature for call in SEEN} == {0}
    assert {call[-1].logprobs for call in SEEN} == {None}
    assert all(len(call) == 2 for call in SEEN)  # one user message and the configuration
    found = metrics(log)
    assert set(ALL_DIMENSIONS) <= set(found)
    assert found["valid"] == 1
    assert found["Power"] == 0
    assert found["Agreeableness"] == pytest.approx(5 * 5 / 6)


def test_a_data_frame_of_runs_holds_one_column_a_value(tmp_path: Path):
    run(tmp_path, answering("plain", lambda _: "like me"))
    frame = evals_df(str(tmp_path), quiet=True)
    for name in ("Universalism", "Universalism_low", "Self-Direction", "valid", "alpha"):
        assert f"score_portrait_{name}" in frame.columns


def test_a_model_that_answers_nonsense_has_no_scores_and_says_why(tmp_path: Path):
    log = run(tmp_path, answering("nonsense", lambda _: "42 is the answer"), 40, variants="v1")
    found = metrics(log)
    assert found["valid"] == 0
    assert found["unparseable"] == 1
    assert all(math.isnan(found[name]) for name in ALL_DIMENSIONS)
    sample = read_eval_log(log.location).samples[0]
    score = sample.scores["portrait"]
    assert score.reason == "invalid_response_format"
    assert (
        "missing (unparseable, no phrase of the scale chosen): '42 is the answer'"
        in score.explanation
    )
    report = read_report(Path(log.location))
    assert report.scores["Power"].estimate.reason == "no valid answer to any of its items"
    assert report.scores["Power"].lowest < 0 < report.scores["Power"].highest
    assert "NaN" not in json.dumps(report.as_json(), allow_nan=False)


def test_missing_answers_are_bounded(tmp_path: Path):
    def say(messages) -> str:
        return "I'm sorry, I can't." if "v1" in str(messages[-1].metadata) else "somewhat like me"

    found = metrics(run(tmp_path, answering("sorry", say), 40, variants="v1,v2,v3"))
    assert found["refusal"] == pytest.approx(1 / 3)
    assert found["Power_lowest"] < found["Power"] == 0 < found["Power_highest"]


def test_a_persona_of_any_text_is_sent_as_it_is(tmp_path: Path):
    persona = "{text} {content} 😀 \u202eabc\u202c \0 " + "x" * 100_000
    run(tmp_path, answering("plain", lambda _: "like me"), limit=1, persona=persona)
    assert {call[0].text for call in SEEN} == {persona}
    assert {call[0].role for call in SEEN} == {"system"}


def test_an_item_of_any_text_is_sent_as_it_is(tmp_path: Path, monkeypatch):
    instrument = load_instrument("sample")
    odd = "{title} {text} {0} {{content}} 😀 \u202eabc \0 %s \\n"
    items = instrument.items.assign(text=odd, response=odd[::-1])
    changed = loader.Instrument(
        instrument.card, items, instrument.correlations, instrument.p_values
    )
    monkeypatch.setattr("benchmarks.value_portrait.task.load_instrument", lambda _: changed)
    run(tmp_path, answering("plain", lambda _: "like me"), limit=3)
    assert all(odd in call[0].text and odd[::-1] in call[0].text for call in SEEN)


def test_log_probabilities_give_an_expected_rating_beside_the_chosen_one(tmp_path: Path):
    def place(token: str, **others: float) -> Logprob:
        top = [TopLogprob(token=t, logprob=math.log(p)) for t, p in others.items()]
        return Logprob(token=token, logprob=math.log(others[token]), top_logprobs=top)

    logprobs = Logprobs(content=[place("like", like=0.5, very=0.5), place(" me", **{" me": 1.0})])
    model = answering("likely", lambda _: "like me", logprobs)
    log = run(tmp_path, model, 40, logprobs=True, dimensions="big_five", variants="v1")
    assert {(call[-1].logprobs, call[-1].top_logprobs) for call in SEEN} == {(True, 20)}
    found = metrics(log)
    assert found["Agreeableness"] == pytest.approx(5 * 5 / 6)
    assert found["Agreeableness_expected"] == pytest.approx(5.5 * 5 / 6)
    assert "Power" not in found
    report = read_report(Path(log.location))
    assert report.expected["Agreeableness"].estimate.value == pytest.approx(5.5 * 5 / 6)


def test_the_variance_of_the_profile_is_a_metric_and_in_the_report(tmp_path: Path, capsys):
    log = run(tmp_path / "all", "respondent/power", None, variants="v1")
    found = metrics(log)
    scores = [found[name] for name in SCHWARTZ]
    assert found["profile_variance"] == pytest.approx(statistics.variance(scores))
    assert 0 < found["profile_variance_corrected"] < found["profile_variance"]
    assert (
        found["profile_variance_low"] < found["profile_variance"] < found["profile_variance_high"]
    )
    report = read_report(Path(log.location))
    assert report.profile_variance.published.value == found["profile_variance"]
    told = report.as_json()["profile_variance"]
    assert told["corrected"]["low"] == found["profile_variance_corrected_low"]
    for part in report.tables():
        make_console().print(part)
    assert "of the scores, as published" in capsys.readouterr().out
    same = answering("plain", lambda _: "like me")
    flat = metrics(run(tmp_path / "flat", same, None, variants="v1"))
    assert flat["profile_variance"] == flat["profile_variance_high"] == 0
    traits = run(tmp_path / "traits", "respondent/power", 10, dimensions="big_five")
    assert "profile_variance" not in metrics(traits)
    assert read_report(Path(traits.location)).as_json()["profile_variance"] is None


def test_a_provider_without_log_probabilities_leaves_the_expected_rating_missing(tmp_path: Path):
    log = run(tmp_path, answering("plain", lambda _: "like me"), logprobs=True)
    assert math.isnan(metrics(log)["Agreeableness_expected"])


def test_epochs_are_averaged_answer_by_answer(tmp_path: Path):
    turns = iter(range(10**6))

    def say(_) -> str:
        return ("like me", "not like me", "hm")[next(turns) % 3]

    SEEN.clear()
    (log,) = evaluate(
        value_portrait(data="sample"),
        model=answering("moody", say),
        epochs=3,
        limit=10,
        log_dir=str(tmp_path),
    )
    assert log.status == "success"
    assert metrics(log)["valid"] == pytest.approx(2 / 3)
    report = read_report(Path(log.location))
    assert report.size == {"items": 10}
    assert sum(report.counts.values()) == 10 * 3 * len(VARIANTS)
    assert report.valid == pytest.approx(2 / 3)


def test_missing_answers_in_some_epochs_open_the_bounds(tmp_path: Path):
    turns = iter(range(10**6))
    SEEN.clear()
    (log,) = evaluate(
        value_portrait(data="sample", variants="v1"),
        model=answering("wavering", lambda _: ("like me", "no.")[next(turns) % 2]),
        epochs=2,
        limit=40,
        log_dir=str(tmp_path),
        max_samples=1,
    )
    found = metrics(log)
    assert found["valid"] == 0.5
    assert found["Power_lowest"] < found["Power"] < found["Power_highest"]
    assert read_report(Path(log.location)).scores["Power"].valid == pytest.approx(0.5, abs=0.2)


def test_a_sample_cut_off_by_a_limit_counts_as_missing(tmp_path: Path):
    class Slow(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            if input[-1].metadata["instance"] == "9001-1":
                await anyio.sleep(30)
            output = ModelOutput.from_content("slow", "like me")
            output.usage = ModelUsage()
            return output

    modelapi(name="slow")(Slow)
    (log,) = evaluate(
        value_portrait(data="sample"),
        model="slow/model",
        limit=10,
        time_limit=3,
        log_dir=str(tmp_path),
    )
    assert log.status == "success", log.error
    report = read_report(Path(log.location))
    assert report.counts == {**report.counts, "valid": 54, "empty": 6}


def test_a_log_scored_again_counts_each_answer_once(tmp_path: Path):
    done = run(tmp_path, answering("plain", lambda _: "like me"), limit=4, logprobs=True)
    # Read first, as `inspect score` does: to read what it scores from within its event loop,
    # Inspect changes asyncio.run for the whole process, which then leaves its loops unclosed.
    log = read_eval_log(done.location)
    again = score(log, portrait("published"), action="append")
    write_eval_log(again, log.location)
    assert read_report(Path(log.location)).counts["valid"] == 4 * len(VARIANTS)


def test_the_published_reading_counts_items_as_the_source_does_however_it_is_asked_for(
    tmp_path: Path,
):
    """Higher-order values without the condition on p: asked so, and scored again so."""

    def say(messages) -> str:
        return ("like me", "not like me", "very much like me")[len(messages[-1].text) % 3]

    model = answering("varied", say)
    few: dict[str, Any] = {"limit": None, "threshold": 0.1, "variants": "v1"}
    careful = run(tmp_path / "careful", model, **few)
    asked = run(tmp_path / "asked", model, **few, reading="published")
    log = read_eval_log(careful.location)
    write_eval_log(score(log, portrait("published"), action="overwrite"), log.location)
    reports = [read_report(Path(found.location)) for found in (careful, asked)]
    again, fresh = ({n: s.estimate.value for n, s in r.scores.items()} for r in reports)
    assert again == fresh
    grids = [read_run(Path(found.location)).grid() for found in (careful, asked)]
    assert grids[0].attributes == grids[1].attributes  # what stores and comparisons read

    instrument = load_instrument("sample")
    paper, release = instrument.tagged(0.1), instrument.tagged_as_published(0.1)
    moved = [ALL_DIMENSIONS[row] for row in np.flatnonzero((paper != release).any(axis=1))]
    assert moved
    assert set(moved) <= set(HIGHER_ORDER)
    first = metrics(careful)
    assert {name for name in ALL_DIMENSIONS if first[name] != fresh[name]} == set(HIGHER_ORDER)
    assert {name: reports[1].scores[name].items for name in ALL_DIMENSIONS} == dict(
        zip(ALL_DIMENSIONS, release.sum(axis=1).tolist(), strict=True)
    )


def test_an_unknown_reading_is_told_in_one_line():
    with pytest.raises(PrerequisiteError):
        portrait("bogus")


def test_some_variants_and_dimensions_are_asked_for_by_name(tmp_path: Path):
    log = run(
        tmp_path,
        answering("plain", lambda _: "like me"),
        variants="v2,v1_reversed",
        dimensions=["schwartz"],
    )
    assert len(SEEN) == 20
    report = read_report(Path(log.location))
    assert report.variants == ["v1_reversed", "v2"]
    assert list(report.scores) == [*SCHWARTZ, *(f"predicted {value}" for value in SCHWARTZ)]
    assert set(report.study.shares) == {"item", "variant", "residual"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": "smaple"}, "unknown value for data 'smaple'; allowed (nearest first): sample, "),
        ({"variants": "v4"}, "unknown value for variants 'v4'; allowed (nearest first): v1, "),
        ({"variants": []}, "variants must be 'all' or a list of: v1, "),
        ({"variants": 3}, "variants must be 'all' or a list of: v1, "),
        ({"dimensions": "bigfive"}, "dimensions 'bigfive'; allowed (nearest first): big_five, "),
        ({"persona": {"a": 1}}, "persona must be text, found {'a': 1}"),
        ({"threshold": "high"}, "threshold must be a number from 0 to 1, found 'high'"),
        ({"threshold": 1.5}, "threshold must be a number from 0 to 1, found 1.5"),
        (
            {"reading": "carefull"},
            "value for reading 'carefull'; allowed (nearest first): careful, ",
        ),
        ({"logprobs": "yes"}, "logprobs must be true or false, found 'yes'"),
        (
            {"varaints": "v1"},
            "unknown task argument 'varaints'; allowed (nearest first): variants, ",
        ),
    ],
)
def test_a_wrong_argument_ends_the_run_in_one_line(arguments: dict, message: str):
    with pytest.raises(PrerequisiteError) as caught:
        value_portrait(**({"data": "sample"} | arguments))
    told = str(caught.value.message).replace("\\[", "[")
    assert message in told
    assert "\n" not in told


def test_a_text_that_the_command_line_cut_at_its_commas_is_put_back(tmp_path: Path):
    cut = ["You value power", " and wealth", "always"]
    run(tmp_path, answering("plain", lambda _: "like me"), limit=1, persona=cut)
    assert SEEN[0][0].text == "You value power, and wealth,always"


def test_a_result_says_what_it_was_measured_with(tmp_path: Path):
    log = run(tmp_path, answering("plain", lambda _: "like me"), limit=1)
    assert log.eval.task_version == "3-A"
    assert log.eval.metadata["card"] == "value_portrait_sample"
    assert log.eval.metadata["synthetic"] is True
    assert len(log.eval.metadata["template_sha256"]) == 64
