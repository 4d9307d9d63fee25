import json
from pathlib import Path

import anyio
import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import ChatMessageSystem, ChatMessageUser, get_model

from benchmarks.value_portrait.task import value_portrait
from evals.reports.report import read_report
from providers.replay import _recorded_output
from ratings.asked import AskedItem
from ratings.instruments.value_portrait import load_recording
from tests.evaluate import evaluate

MODEL = "claude-3-5-haiku-20241022"


def ask(model: str, *messages):
    async def call():
        return await get_model(model, memoize=False).generate(list(messages))

    return anyio.run(call)


def test_a_recorded_answer_comes_back_word_for_word(mirror):
    frame = load_recording(MODEL)
    said = frame[frame["raw"].notna()].iloc[7]
    output = ask(f"replay/{MODEL}", ChatMessageUser(content=said["prompt"]))
    assert output.completion == said["raw"]


def test_a_question_that_was_never_asked_has_no_answer(mirror):
    frame = load_recording(MODEL)
    asked = AskedItem(data="official", instance="1-1", variant="v1")
    named = ChatMessageUser(content=frame["prompt"][0] + " ", metadata=asked.as_metadata())
    with pytest.raises(Exception, match="has no answer for instance 1-1, variant v1"):
        ask(f"replay/{MODEL}", named)
    persona = [
        ChatMessageSystem(content="You are kind."),
        ChatMessageUser(content=frame["prompt"][0]),
    ]
    with pytest.raises(Exception, match="never asked this text"):
        ask(f"replay/{MODEL}", *persona)


@pytest.mark.parametrize(
    ("error", "text", "stop_reason"),
    [
        ("Could not parse valid Likert response from: I'm sorry, no.", "I'm sorry, no.", "stop"),
        (
            "Error code: 400 - flagged as potentially violating our usage policy",
            "",
            "content_filter",
        ),
        ("Error code: 429 - rate limit", "", "unknown"),
        ("Request timed out.", "", "unknown"),
    ],
)
def test_an_error_in_place_of_an_answer_is_what_it_tells(error: str, text: str, stop_reason: str):
    output = _recorded_output("m", float("nan"), error)
    assert (output.completion, output.stop_reason) == (text, stop_reason)


def test_an_unknown_recording_and_a_missing_log_are_told_in_one_line():
    with pytest.raises(PrerequisiteError) as caught:
        get_model("replay/gpt-4o-2024-05-31", memoize=False)
    assert "nearest first): gpt-4o-2024-05-13, " in str(caught.value.message)
    with pytest.raises(PrerequisiteError) as caught:
        get_model("replay/nowhere.eval", memoize=False)
    assert "there is no log at" in str(caught.value.message)


def test_an_earlier_log_is_replayed(tmp_path: Path):
    (first,) = evaluate(
        value_portrait(data="sample", variants=["v1", "v2"]),
        model="respondent/power",
        limit=40,
        log_dir=str(tmp_path / "first"),
    )
    (again,) = evaluate(
        value_portrait(data="sample", variants=["v1", "v2"]),
        model=f"replay/{first.location}",
        limit=40,
        log_dir=str(tmp_path / "again"),
    )
    assert again.status == "success"
    one, other = (read_report(Path(log.location)).as_json() for log in (first, again))
    assert json.dumps(one["scores"]) == json.dumps(other["scores"])


def test_any_recording_of_the_source_can_be_replayed(mirror, tmp_path: Path, monkeypatch):
    """A name with a colon, and only errors in place of answers: as some recordings have them."""
    from ratings.instruments import value_portrait as loader
    from ratings.sources.cards import load_card

    frame = load_recording(MODEL)
    card = load_card("value_portrait")
    group = card.files("recording/claude-3.7-sonnet:thinking")
    paths = {}
    for file in group:
        variant = loader._recorded_variant(file.path)
        rows = [
            {
                "portrait_id": int(i.split("-")[0]),
                "option_id": int(i.split("-")[1]),
                "prompt": p,
                "error": "Error code: 500",
            }
            for i, p in frame[frame["variant"] == variant][["instance", "prompt"]].itertuples(
                index=False
            )
        ]
        path = tmp_path / file.path.rsplit("/", 1)[-1].replace(":", "_")
        path.write_text(json.dumps(rows))
        paths[file.path] = path
    real = loader.fetch
    monkeypatch.setattr(
        loader,
        "fetch",
        lambda c, g: paths if g == ["recording/claude-3.7-sonnet:thinking"] else real(c, g),
    )
    (log,) = evaluate(
        value_portrait(),
        model="replay/claude-3.7-sonnet:thinking",
        limit=5,
        log_dir=str(tmp_path / "logs"),
    )
    assert log.status == "success"
    report = read_report(Path(log.location))
    assert report.valid == 0
    assert report.counts["empty"] == 30
