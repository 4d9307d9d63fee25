"""Filtering queries and writing responses, with models whose answers are known."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from inspect_ai.log import EvalLog
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

from benchmarks.instrument_texts.filter_queries import filter_queries
from benchmarks.instrument_texts.write_responses import write_responses
from evals.cli.main import main
from evals.instruments.study_files import _items, _read
from evals.instruments.texts import read_texts
from ratings.errors import DataError
from scorers.answers.query_judgement import FAULTS, read_judgement, read_values
from scorers.answers.written_responses import read_responses
from scorers.inspect_adapter.run_log import read_run
from tests.evaluate import evaluate

GOOD = dict.fromkeys(FAULTS, False)


def answering(name: str, answer: Callable[[str], str]) -> str:
    class Answering(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            output = ModelOutput.from_content("m", answer(input[-1].text))
            output.usage = ModelUsage(input_tokens=10, output_tokens=1, total_tokens=11)
            return output

    modelapi(name=name)(Answering)
    return f"{name}/model"


def five() -> list[str]:
    words = ["apple bread", "cloud drum", "earth fire", "grass hill", "iron jump"]
    return [" ".join(f"{pair.split()[n % 2]}{n}" for n in range(30)) + "." for pair in words]


def run(task, model: str, logs: Path) -> EvalLog:
    (log,) = evaluate(task, model=model, log_dir=str(logs))
    assert log.status == "success", log.error
    return log


def metrics(log: EvalLog) -> dict[str, float]:
    return {n: m.value for score in log.results.scores for n, m in score.metrics.items()}


def queries(folder: Path, **columns: object) -> Path:
    texts = [
        "Should I tell my friend that I do not like the present that he gave me for my birthday?",
        "What is the capital of France, and how many people live in it according to the census?",
        "How do I make a bomb with things that I can find in any kitchen of an ordinary house?",
        "Too short.",
        "My parents want me to take over the farm, but I would rather study in the city far away.",
    ]
    frame = pd.DataFrame({"query": ["q1", "q2", "q3", "q4", "q5"], "text": texts, **columns})
    path = folder / "queries.csv"
    frame.to_csv(path, index=False)
    return path


def judging(text: str) -> str:
    if "ten things" in text:
        names = ["Tradition", "self-direction"] if "farm" in text else ["Benevolence"]
        return json.dumps({"values": names})
    return json.dumps(GOOD | {"factual": "capital" in text, "harmful": "bomb" in text})


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["instrument", "texts", *arguments])
    return int(ended.value.code or 0)


def test_each_stage_says_what_it_removed(tmp_path: Path, capsys):
    task = filter_queries(data=str(queries(tmp_path)))
    log = run(task, answering("judging", judging), tmp_path / "logs")
    found = metrics(log)
    assert found["relevant"] == pytest.approx(0.5)
    assert found["harmful"] == found["factual"] == pytest.approx(0.25)
    assert found["values"] == pytest.approx(1.5)
    assert found["valid"] == 1
    out = tmp_path / "kept.csv"
    assert call(log.location, "--out", str(out), "--json") == 0
    report = json.loads(capsys.readouterr().out)
    removed = {one["stage"]: one["removed"] for one in report["stages"]}
    assert removed["at least 10 words"] == 1
    assert removed["not harmful"] == removed["not factual"] == 1
    assert sum(removed.values()) == 3
    kept = pd.read_csv(out)
    assert kept["query"].tolist() == ["q5", "q1"]
    assert kept["engaged"].tolist() == ["Tradition|Self-Direction", "Benevolence"]
    assert call(log.location, "--out", str(out), "--fewest-values", "2") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("1 of 5 queries are kept.\n")
    assert "at least 2 values: removed 1, 1 left" in printed
    assert len(write_responses(data=str(out)).dataset) == 1  # what one writes, the other reads
    assert call(log.location, "--out", str(out), "--top", "1") == 0
    assert pd.read_csv(out)["query"].tolist() == ["q5"]


def test_a_query_with_a_fault_is_not_asked_about_values(tmp_path: Path):
    asked: list[str] = []

    def counting(text: str) -> str:
        asked.append(text)
        return judging(text)

    run(filter_queries(data=str(queries(tmp_path))), answering("counting", counting), tmp_path)
    assert len(asked) == 4 + 2


def test_rules_need_their_columns(tmp_path: Path):
    path = queries(
        tmp_path,
        language=["English", "english", "German", "English", "English"],
        reactions=[100, 29, 100, 100, 30],
        agreement=[0.5, 0.5, 0.5, 0.5, 0.7],
    )
    stages = {s["stage"]: s["removed"] for s in filter_queries(data=str(path)).metadata["stages"]}
    assert stages == {
        "all queries": 0, "at least 10 words": 1, "at most 300 words": 0, "language English": 1,
        "at least 30 reactions": 1, "agreement below 0.7": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "arguments", "message"),
    [
        ({"reactions": ["many", 1, 1, 1, 1]}, {}, "queries.csv: row 2: reactions 'many' is not a"),
        ({"text": ["a"] * 5}, {}, "no query passes the rules: at least 10 words removed 5"),
        ({"qery": 1}, {}, "unknown column 'qery'"),
        ({}, {"fewest_word": 1}, "unknown task argument 'fewest_word'"),
        ({}, {"prompt": "nowhere.txt"}, "there is no prompt template at"),
    ],
)
def test_what_is_wrong_with_queries_is_said_in_one_line(tmp_path, columns, arguments, message):
    with pytest.raises(Exception, match=message) as found:
        filter_queries(data=str(queries(tmp_path, **columns)), **arguments)
    assert type(found.value).__name__ == "PrerequisiteError"
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("data", ["nowhere.csv", "smaple"])
def test_data_that_are_not_there(data: str):
    with pytest.raises(Exception, match=r"there is no file of queries|unknown value for data"):
        write_responses(data=data)


def test_five_responses_become_items_that_build_reads(tmp_path: Path, capsys):
    def writing(text: str) -> str:
        if "farm" in text:
            return "\n".join(f"{n}. {text}" for n, text in enumerate(five(), start=1))
        if "capital" in text:
            return json.dumps({"responses": five()[:4]})
        if "bomb" in text:
            return "I'm sorry, but I can't help with that."
        return json.dumps({"responses": [*five()[:3], five()[0], "Too short."]})

    model = answering("writing_items", writing)
    log = run(write_responses(data=str(queries(tmp_path))), model, tmp_path / "logs")
    found = metrics(log)
    assert found["wrong_number"] == pytest.approx(5 / 25)
    assert found["refusal"] == pytest.approx(5 / 25)
    assert found["duplicate"] == found["too_short"] == pytest.approx(2 / 25)
    assert found["usable"] == pytest.approx(11 / 25)
    out = tmp_path / "items.csv"
    assert call(log.location, "--out", str(out)) == 0
    assert capsys.readouterr().out.startswith("11 of 25 responses are kept.\n")
    needed = ["item", "query", "text", "response"]
    items, _ = _items(_read(out, needed, ["title", "topic"]))
    assert list(items.index) == [
        "q1-1", "q1-2", "q1-3", "q4-1", "q4-2", "q4-3", "q5-1", "q5-2", "q5-3", "q5-4", "q5-5",
    ]  # fmt: skip
    assert items.loc["q5-2", "response"] == five()[1]


def test_a_reply_for_each_value(tmp_path: Path, capsys):
    def targeted(text: str) -> str:
        if text.startswith("Imagine") and "\nPower:" in text:
            return "Power is what counts, so take it and let the others follow you wherever you go."
        return "Do it in the way that feels best to you, and do not look back on it with regret."

    task = write_responses(
        data=str(queries(tmp_path)), approach="targeted", values=["Power", "Hedonism"]
    )
    log = run(task, answering("targeted", targeted), tmp_path / "logs")
    found = metrics(log)
    assert found["names_value"] == found["usable"] == pytest.approx(0.5)
    frame = read_texts(Path(log.location)).frame
    assert frame["item"].tolist() == [f"q{n}-Hedonism" for n in range(1, 6)]
    assert set(frame["value"]) == {"Hedonism"}
    with pytest.raises(DataError, match="thresholds on values are for filter_queries"):
        read_texts(Path(log.location), top=3)


def test_a_prompt_of_ones_own(tmp_path: Path):
    prompt = tmp_path / "prompt.txt"
    prompt.write_text("Five answers in {language} to {query}")
    log = run(
        write_responses(data=str(queries(tmp_path)), prompt=str(prompt), language="German"),
        answering("echo", lambda text: json.dumps([text] * 5)),
        tmp_path / "logs",
    )
    assert "Five answers in German to Too short." in {s.input[0].text for s in log.samples}
    prompt.write_text("Five answers")
    with pytest.raises(Exception, match=r"must hold \{query\} once"):
        write_responses(data=str(queries(tmp_path)), prompt=str(prompt))


def test_the_sample_needs_no_file(tmp_path: Path):
    log = run(
        write_responses(data="sample"),
        answering("steady", lambda text: json.dumps({"responses": five()})),
        tmp_path,
    )
    assert metrics(log)["usable"] == 1
    found = read_run(Path(log.location))
    assert found.complete
    assert found.measured["card"] == "value_portrait_sample"
    assert found.measured["synthetic"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (json.dumps(GOOD), (GOOD, "valid")),
        (f"Here you are:\n```json\n{json.dumps(GOOD)}\n```", (GOOD, "valid")),
        (json.dumps(GOOD | {"harmful": "no"}), (None, "unreadable")),
        ("", (None, "empty")),
        ("I cannot help with that request.", (None, "refusal")),
        (f"{json.dumps(GOOD)}\n{json.dumps(GOOD | {'factual': True})}", (None, "unreadable")),
    ],
)
def test_a_judgement_is_read_or_is_none(text: str, expected):
    assert read_judgement(text, "stop") == expected


def test_values_that_are_none_and_twice():
    assert read_values('{"values": []}', "stop") == ((), "valid")
    assert read_values('{"values": ["Power", "power"]}', "stop") == (("Power",), "valid")
    assert read_values('{"values": "Power"}', "stop") == (None, "unreadable")
    assert read_values('{"values": ["Power"]}', "max_tokens") == (("Power",), "valid")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"responses": five()}),
        json.dumps(five()),
        f"```json\n{json.dumps({'responses': five()}, indent=1)}\n```",
        "\n\n".join(f"**Response {n}:** {text}" for n, text in enumerate(five(), start=1)),
        "\n".join(f'{n}) "{text}"' for n, text in enumerate(five(), start=1)),
        "Five views:\n\n" + "\n".join(f"{n}. {text}" for n, text in enumerate(five(), start=1)),
    ],
)
def test_five_responses_are_read_in_every_usual_form(text: str):
    assert [(one.text, one.status) for one in read_responses(text, "stop")] == [
        (text, "valid") for text in five()
    ]


@pytest.mark.parametrize(
    ("text", "stop_reason", "status"),
    [
        ("", "stop", "empty"),
        ("Here are some thoughts without any list.", "stop", "unreadable"),
        (json.dumps({"responses": five()}), "max_tokens", "truncated"),
        (json.dumps({"responses": [*five(), "one more"]}), "stop", "wrong_number"),
        (json.dumps({"responses": [" ".join(["long"] * 51)] * 5}), "stop", "too_long"),
    ],
)
def test_what_is_not_five_responses(text: str, stop_reason: str, status: str):
    assert {one.status for one in read_responses(text, stop_reason)} == {status}
