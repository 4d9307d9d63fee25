"""A log is checked once, where it is read; every command then ends in one line or in numbers."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inspect_ai.log import read_eval_log, write_eval_log
from inspect_ai.scorer import Score

from evals.cli.main import main
from leaderboard.board.board import read_board
from leaderboard.store.collect import collect
from ratings.errors import DataError
from scorers.inspect_adapter.run_log import read_run
from tests.damaged_logs import LAYOUTS, damaged, real_log
from tests.leaderboard.made_logs import choice_log, decoded_log, portrait_log


@pytest.fixture(scope="module", autouse=True)
def _logs_are_read_in_this_process():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("leaderboard.store.collect._ALONE", 1_000)
        yield


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A small real log of each layout, in both formats."""
    folder = tmp_path_factory.mktemp("real")
    return [
        real_log(layout, folder / f"{layout}-{format}", format)
        for layout in LAYOUTS
        for format in ("json", "eval")
    ]


def typed(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def _damage_and_read(
    real: list[Path], seeds: range, folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, int]:
    """How many damaged logs were refused, and how many the damage did not matter for."""
    refused = read = 0
    baselines = {log: folder / f"{log.stem}.baseline" for log in real}
    for log, baseline in baselines.items():
        assert typed(capsys, "check", log, "--baseline", baseline, "--write-baseline")[0] == 0
    for seed in seeds:
        log = real[seed % len(real)]
        content, told = damaged(log, seed)
        path = folder / f"damaged{log.suffix}"
        path.write_bytes(content)
        (folder / "board.duckdb").unlink(missing_ok=True)
        commands: list[tuple[object, ...]] = [
            ("show", path, "--json"),
            ("compare", log, path),
            ("check", path, "--baseline", baselines[log]),
            ("leaderboard", "collect", path, "--store", folder / "board.duckdb"),
        ]
        codes = []
        for command in commands:
            code, _, err = typed(capsys, *command)
            assert code in (0, 1, 3, 4), f"seed {seed}, {command[0]} of a log with {told}: {err}"
            if code == 3:
                lines = err.rstrip("\n").count("\n")
                assert lines == 0, f"seed {seed}, {command[0]} of a log with {told}: {err}"
            codes.append(code)
        refused += 3 in codes
        read += 3 not in codes
        # what is compared with another run may be refused for what it has not in common with it
        alone = {codes[0], codes[3]}
        assert len(alone & {0, 3}) < 2, f"seed {seed}: not all refuse a log with {told}"
        read_board(folder / "board.duckdb")
    return refused, read


def test_damaged_logs_are_one_line(real: list[Path], tmp_path: Path, capsys):
    refused, read = _damage_and_read(real, range(18), tmp_path, capsys)
    assert refused >= 4
    assert read >= 4


@pytest.mark.slow
def test_a_thousand_damaged_logs_are_one_line(
    real: list[Path], tmp_path: Path, capsys, in_full: bool
):
    if not in_full:
        pytest.skip("takes minutes; `pytest -m slow` runs it")
    refused, read = _damage_and_read(real, range(100, 1100), tmp_path, capsys)
    print(f"{refused} refused, {read} read")
    assert min(refused, read) > 300


def changed(log: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    """A JSON log with a change of its data."""
    found = json.loads(log.read_text(encoding="utf-8"))
    change(found)
    log.write_text(json.dumps(found), encoding="utf-8")
    return log


def score_of(log: dict[str, Any], sample: int = 0) -> dict[str, Any]:
    (score,) = log["samples"][sample]["scores"].values()
    found: dict[str, Any] = score
    return found


def put(*steps: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    """Set a value in the score of the first sample."""

    def change(log: dict[str, Any]) -> None:
        holder = score_of(log)
        for step in steps[:-1]:
            holder = holder[step]
        holder[steps[-1]] = value

    return change


RATINGS = [99, 0, 7, -5, 3.5, math.inf, -math.inf, 1e308, True, "4", "four"]
STATUSES = ["fine", "Valid", "valid ", "unasked", ""]


def _both(log: dict[str, Any]) -> None:
    score = score_of(log)
    score["value"]["v1"], score["metadata"]["statuses"]["v1"] = None, "valid"


def _neither(log: dict[str, Any]) -> None:
    score_of(log)["metadata"]["statuses"]["v1"] = "refusal"


def _twice(log: dict[str, Any]) -> None:
    log["samples"][1]["id"] = log["samples"][0]["id"]
    log["samples"][1]["metadata"]["query"] = log["samples"][0]["metadata"]["query"]


def _foreign(log: dict[str, Any]) -> None:
    log["samples"][3]["id"] = "foreign-1"


PORTRAITS: list[tuple[Any, str]] = [
    *((put("value", "v1", value=value), "v1") for value in RATINGS),
    *((put("metadata", "statuses", "v1", value=value), "") for value in STATUSES),
    (_both, "a valid answer without a rating"),
    (_neither, "a rating that is not valid"),
    (_twice, "more than once in epoch 1"),
    (_foreign, "does not know"),
    (lambda log: log["samples"][0]["metadata"].update(query="other"), "not with"),
    (lambda log: log["samples"][0]["metadata"].update(tags="Power"), "tags"),
    (lambda log: log["samples"][0].update(epoch=10**12), "epoch"),
    (lambda log: log["eval"]["metadata"].update(card="nobody's"), "nobody's"),
    (lambda log: log["eval"]["metadata"].update(card="value_portrait"), "has another"),
    (lambda log: log["eval"]["metadata"].update(answers_in_full=-1), "answers_in_full"),
    (lambda log: log["eval"]["task_args"].update(data="elsewhere"), "elsewhere"),
    (lambda log: log["eval"]["task_args"].update(threshold={"a": 1}), "threshold"),
    (lambda log: log["eval"].update(model="openai/\ud800"), ""),
    (lambda log: log["stats"].update(started_at="yesterday"), ""),
    (put("value", value="text"), ""),
    (put("metadata", "usage", "v1", "seconds", value=-1), "seconds"),
    (put("metadata", "statuses", value=["valid"] * 6), "statuses"),
    (put("value", "v1_expected", value=99), "expected rating 99"),
]


@pytest.mark.parametrize(("change", "told"), PORTRAITS)
def test_what_a_portrait_cannot_say_is_refused(change: Any, told: str, tmp_path: Path):
    log = changed(portrait_log(tmp_path / "log.json", items=20), change)
    _refused(log, told)


def older(text: str | None) -> Callable[[dict[str, Any]], None]:
    """The choices of the first sample in the text of its answer alone, as older logs have them."""

    def change(log: dict[str, Any]) -> None:
        score_of(log)["answer"] = text
        del score_of(log)["metadata"]["chosen"]

    return change


CHOICES: list[tuple[Any, str]] = [
    (put("metadata", "chosen", value=[1, 2, 3, 1, 1, 1]), "choice 3 of 2"),
    (put("metadata", "chosen", value=[1, 2]), "6 statuses and 2 of chosen"),
    (put("metadata", "chosen", 0, value=0), "rating 0"),
    (put("metadata", "chosen", 0, value=None), "a valid answer without a rating"),
    *((put("metadata", "chosen", 0, value=value), "chosen") for value in (1.5, True, "1", -1)),
    *((put("metadata", "chosen", value=value), "chosen") for value in (None, "1 1 1 1 1 1")),
    (older("1 2 3 1 1 1"), "choice 3 of 2"),
    (older("1 2"), "6 statuses and 2 of chosen"),
    (older("0 1 1 1 1 1"), "rating 0"),
    (older("1.5 1 1 1 1 1"), "answer"),
    (older(None), "answer"),
    (put("metadata", "right", 0, value=True), "right"),
    (put("metadata", "right", 0, value=2), "says 2 for right"),
    (put("metadata", "right", 0, value=0.5), "says 0.5 for right"),
    (put("metadata", "right", value=[1]), "of right"),
    (put("metadata", "statuses", 0, value="fine"), "read as 'fine'"),
    (put("metadata", "statuses", 0, value="refusal"), "a rating that is not valid"),
    (lambda log: log["samples"][0]["metadata"].update(person=[1]), "person"),
    (lambda log: log["samples"][0]["metadata"].update(probe="one"), "probe"),
    (lambda log: log["samples"][0].update(id="P000-1"), "does not know"),
    (lambda log: log["eval"]["metadata"].update(categories=["one"]), "1 categories for 6"),
    (lambda log: log["eval"]["metadata"].pop("categories"), "categories"),
]


@pytest.mark.parametrize(("change", "told"), CHOICES)
def test_what_a_choice_cannot_say_is_refused(change: Any, told: str, tmp_path: Path):
    log = changed(choice_log(tmp_path / "log.json", people=5), change)
    _refused(log, told)


PREDICTIONS: list[tuple[Any, str]] = [
    (put("metadata", "loss", 0, value=-0.1), "has loss -0.1"),
    (put("metadata", "loss", 0, value=99), "it lies between 0 and 13.82"),
    (put("metadata", "right", 0, value=7), "has right 7"),
    (put("metadata", "information", 0, value=math.inf), "has information inf"),
    (put("metadata", "brier", 0, value="low"), "brier"),
    (put("metadata", "confidence", 0, value=3), "confidence"),
    (put("metadata", "way", value="logprobs"), "way"),
    (put("metadata", "statuses", 0, value="fine"), "read as 'fine'"),
    (lambda log: log["samples"][0]["metadata"].update(rater="somebody"), "not with"),
    (lambda log: log["samples"][0].update(id="somebody"), "does not know"),
]


@pytest.mark.parametrize(("change", "told"), PREDICTIONS)
def test_what_a_prediction_cannot_say_is_refused(change: Any, told: str, tmp_path: Path):
    log = changed(decoded_log(tmp_path / "log.json", raters=5), change)
    _refused(log, told)


def _every_score(log: Path, change: Callable[[Score], object]) -> Path:
    """The log with a change of each score, at another path."""
    found = read_eval_log(str(log))
    for sample in found.samples or []:
        for score in (sample.scores or {}).values():
            change(score)
    path = log.with_name(f"changed-{log.name}")
    write_eval_log(found, str(path))
    return path


def _for_people(score: Score) -> None:
    score.answer = "whatever a person likes to read"


def _without_chosen(score: Score) -> None:
    del (score.metadata or {})["chosen"]


@pytest.mark.parametrize("change", [_for_people, _without_chosen])
def test_choices_are_read_from_lists_and_in_older_logs_from_text(
    change: Callable[[Score], object], real: list[Path]
):
    logs = [log for log in real if "variants" not in log.parent.name]
    assert len(logs) == 4  # two layouts in two formats
    for log in logs:
        before, after = read_run(log), read_run(_every_score(log, change))
        assert not np.isnan(before.grid().ratings).all()
        assert before.grid().as_json() == after.grid().as_json()


def _refused(log: Path, told: str) -> None:
    with pytest.raises(DataError) as caught:
        read_run(log)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    ((_, reason),) = collect([log], log.with_suffix(".duckdb")).left_out
    assert str(caught.value) == f"{log} {reason.removeprefix('it ')}"


@pytest.mark.parametrize("word", [False, None, "no", 0])
def test_whether_data_are_synthetic_says_the_card(word: Any, tmp_path: Path, capsys):
    log = portrait_log(tmp_path / "log.json", items=8, metadata={"synthetic": word})
    run = read_run(log)
    assert run.metadata["synthetic"] is True
    assert run.measured["synthetic"] is True
    assert "SYNTHETIC" in typed(capsys, "show", log)[1]


@pytest.mark.parametrize("name", ["mine", "value_portrait", "planted"])
@pytest.mark.parametrize("place", ["/data/{}.csv", "/data/{}.PARQUET", "hf://me/{}"])
def test_own_ratings_are_no_data_card(name: str, place: str, tmp_path: Path):
    """A user's file may be called as a card is; it is neither that card's nor synthetic."""

    def own(log: dict[str, Any]) -> None:
        log["eval"]["task_args"]["data"] = place.format(name)
        log["eval"]["metadata"] |= {"card": name, "card_revision": "abc", "synthetic": False}
        log["samples"][0]["id"] = log["samples"][0]["metadata"]["rater"] = "somebody"

    logs = [
        decoded_log(tmp_path / "real.json", "openai/one", raters=30),
        changed(decoded_log(tmp_path / "own.json", "openai/one", raters=30), own),
    ]
    run = read_run(logs[1])
    assert run.metadata["synthetic"] is False
    assert run.measured["card"] == (name if name == "mine" else f"{name} (own ratings)")
    collect(logs, tmp_path / "board.duckdb")
    board = read_board(tmp_path / "board.duckdb")
    assert sorted(table["card"]["id"] for table in board["tables"]) == sorted(
        ["planted", run.measured["card"]]
    )
    assert not board["apart"]


def test_a_whole_run_is_of_the_whole_instrument_whatever_the_log_says(tmp_path: Path):
    log = portrait_log(tmp_path / "log.json", items=8, metadata={"answers_in_full": 48})
    collect([log], tmp_path / "board.duckdb")
    board = read_board(tmp_path / "board.duckdb")
    assert not board["tables"]
    assert [run["status"] for run in board["apart"]] == ["partial"]


def test_epochs_are_no_repetition(tmp_path: Path):
    def second(log: dict[str, Any]) -> None:
        log["samples"] += [{**sample, "epoch": 2} for sample in log["samples"]]

    log = changed(portrait_log(tmp_path / "log.json", items=8), second)
    assert len(read_run(log).grid().samples) == 16
