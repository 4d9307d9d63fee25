"""`valuegauge check` as a user types it."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from evals.cli.main import main
from ratings.instruments.dimensions import ALL_DIMENSIONS
from scorers.comparison.score_checks import VALID
from scorers.scores.manifests import manifest_of
from tests.leaderboard.made_logs import choice_log, portrait_log, portrait_ratings

PREDICTED = manifest_of("value_portrait").scores["predicted_values"].names

HOSTILE = "openai/<script>alert(1)</script>|`x`::error title=a,b::c\r\n::stop-commands::%0A\x1b[31m"
MANUAL = Path(__file__).parents[3] / "docs" / "regression.md"


def typed(capsys, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["check", *map(str, arguments)])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def raised(by: float) -> np.ndarray:
    return (portrait_ratings(0, 120) + by).clip(1, 6)


@pytest.fixture
def accepted(tmp_path: Path, capsys) -> tuple[Path, Path]:
    """A log and the baseline that holds it."""
    log, baseline = portrait_log(tmp_path / "old.eval", "openai/old"), tmp_path / "baseline.json"
    code, out, err = typed(capsys, log, "--baseline", baseline, "--write-baseline")
    assert (code, out) == (0, "")
    assert err == f"{baseline} holds value_portrait of openai/old\n"
    return log, baseline


def test_a_run_against_itself_passes(accepted, capsys):
    log, baseline = accepted
    code, out, err = typed(capsys, log, "--baseline", baseline, "--github")
    assert (code, err) == (0, "")
    table = [line for line in out.splitlines() if line.startswith("| ")]
    assert len(table) == 2 + len(ALL_DIMENSIONS) + len(PREDICTED) + 1
    assert all(line.endswith("| same |") for line in table[2:])
    assert out.startswith(
        "### value\\_portrait: openai/old did not move; 20 of 20 scores the same; 10 "
        "predicted scores judged separately, none moved\n"
    )


def test_a_run_that_moved_fails_the_gate(accepted, tmp_path: Path, capsys):
    _, baseline = accepted
    log = portrait_log(tmp_path / "new.eval", "openai/new", ratings=raised(1))
    report = tmp_path / "check.xml"
    code, out, err = typed(
        capsys, log, "--baseline", baseline, "--github", "--junit", report, "--json"
    )
    assert code == 1
    (found,) = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    moved = [
        score["name"]
        for score in found["scores"]
        if score["verdict"] == "moved" and not score["apart"]
    ]
    assert {"Agreeableness", "Conscientiousness"} <= set(moved)
    assert found["failed"]
    errors = [line for line in err.splitlines() if line.startswith("::error ")]
    assert "not the same model" in errors[0]
    assert [
        re.match(r"::error title=value_portrait%3A (.*?) moved::", e)[1] for e in errors[1:]
    ] == moved
    suite = ElementTree.parse(report).getroot().find("testsuite")
    cases = {case.get("name"): case for case in suite}
    together = ["answers as before", "answers as long as before"]
    assert list(cases) == [*together, *ALL_DIMENSIONS, *PREDICTED, "valid answers"]
    assert suite.get("tests") == "32"
    failures = sum(len(case.findall("failure")) for case in suite)
    assert int(suite.get("failures")) == len(moved) + 1 == failures
    assert int(suite.get("skipped")) == sum(len(c.findall("skipped")) for c in suite)
    failure = cases["Agreeableness"].find("failure")
    assert re.search(
        r"difference on these items \d\.\d\d \(.* to .*\), p after Holm (<0\.0001|0\.00)",
        failure.get("message"),
    )
    assert re.fullmatch(r"(\S+ \(\d\.\d\d to \d\.\d\d\)(, )?){5}", failure.text)


def test_more_valid_answers_pass_and_fewer_fail(tmp_path: Path, capsys):
    ratings = portrait_ratings(0, 120)
    silent = ratings.copy()
    silent[::2] = float("nan")
    full = portrait_log(tmp_path / "full.eval", ratings=ratings)
    part = portrait_log(tmp_path / "part.eval", ratings=silent)
    for before, after, expected in ((full, part, 1), (part, full, 0)):
        typed(capsys, before, "--baseline", tmp_path / "b.json", "--write-baseline")
        code, out, err = typed(capsys, after, "--baseline", tmp_path / "b.json", "--github")
        assert code == expected
        assert "| valid answers | " in out
        level = "error" if expected else "notice"
        assert f"::{level} title=value_portrait%3A valid answers moved::" in err


def test_names_cannot_break_out_of_any_output(tmp_path: Path, capsys):
    old = portrait_log(tmp_path / "old.eval", HOSTILE)
    new = portrait_log(tmp_path / "new.eval", HOSTILE, ratings=raised(1))
    baseline, report = tmp_path / "b.json", tmp_path / "check.xml"
    _, _, err = typed(capsys, old, "--baseline", baseline, "--write-baseline")
    assert err.count("\n") == 1
    code, out, err = typed(capsys, new, "--baseline", baseline, "--github", "--junit", report)
    assert code == 1
    assert "<script>" not in out
    assert "&lt;script&gt;" in out
    assert "`x`" not in out.replace("\\`", "")
    tables = [line for line in out.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {11}
    # every line is a command of ours, and only at its start
    assert all(
        re.match(r"::(error|notice) title=value_portrait%3A [^:,]*::", e) for e in err.splitlines()
    )
    assert "::stop-commands" not in [line[:15] for line in err.splitlines()]
    assert "%250A" in err
    name = ElementTree.parse(report).getroot().find("testsuite").get("name")
    assert "<script>alert(1)</script>" in name
    assert "\x1b" not in name


def test_what_cannot_be_checked_is_refused_in_one_line(accepted, tmp_path: Path, capsys):
    log, baseline = accepted
    other = portrait_log(tmp_path / "other.eval", task_version="2-A")
    people = choice_log(tmp_path / "people.eval")
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.yaml").write_text("Power: 0")
    (tmp_path / "unknown.yaml").write_text("Pover: 1")
    (tmp_path / "text.json").write_text("hello")
    cases = [
        ((log, "--baseline", tmp_path / "none.json"), 3, "--write-baseline` makes one"),
        ((log, "--baseline", tmp_path / "text.json"), 3, "not valid JSON"),
        ((tmp_path / "no.eval", "--baseline", baseline), 3, "there is no log or folder at"),
        ((tmp_path / "empty", "--baseline", baseline), 2, "there are no logs in the folders given"),
        ((tmp_path / "text.json", "--baseline", baseline), 3, "text.json cannot be read as"),
        ((baseline, "--baseline", baseline), 2, "there are no logs in the folders given"),
        ((other, "--baseline", baseline), 3, "comparability is '2-A' in the log and '1-A' in the"),
        ((people, "--baseline", baseline), 3, "has no run of indie_value"),
        ((log, "--baseline", baseline, "--margins", tmp_path / "bad.yaml"), 3, "greater than 0"),
        (
            (log, "--baseline", baseline, "--margins", tmp_path / "no.yaml"),
            3,
            "there are no margins",
        ),
        ((log, "--baseline", baseline, "--margins", tmp_path / "unknown.yaml"), 2, "first): Power"),
        (
            (log, "--baseline", baseline, "--junit", tmp_path / "no" / "a.xml"),
            3,
            "cannot be written",
        ),
        (
            (log, other, "--baseline", tmp_path / "new" / "b.json", "--write-baseline"),
            3,
            "no folder",
        ),
        (
            (log, "--baseline", baseline, "--write-baseline", "--json"),
            2,
            "goes with --baseline alone",
        ),
        ((log,), 2, "'--baseline'"),
        (("--baseline", baseline), 2, "LOGS"),
    ]
    for arguments, expected, message in cases:
        code, out, err = typed(capsys, *arguments)
        assert (code, out) == (expected, ""), arguments
        assert message in err, arguments
        assert err.count("\n") == 1, arguments


def test_two_runs_of_the_same_are_no_baseline(accepted, tmp_path: Path, capsys):
    log, baseline = accepted
    before = baseline.read_text()
    other = portrait_log(tmp_path / "other.eval", "openai/other", 3)
    code, out, err = typed(capsys, log, other, "--baseline", baseline, "--write-baseline")
    assert (code, out) == (3, "")
    assert "measured the same (value_portrait: openai/old and openai/other)" in err
    assert baseline.read_text() == before


def test_a_run_that_is_not_complete_is_neither_checked_nor_accepted(
    accepted, tmp_path: Path, capsys
):
    _, baseline = accepted
    before = baseline.read_text()
    part = portrait_log(tmp_path / "part.eval", "openai/part", items=40, status="error")
    for more in ([], ["--write-baseline"]):
        code, out, err = typed(capsys, part, "--baseline", baseline, *more)
        assert (code, out) == (4, "")
        assert err == "part.eval is not complete (error); nothing was checked\n"
    assert baseline.read_text() == before


def test_a_gate_does_not_pass_for_want_of_answers(accepted, tmp_path: Path, capsys):
    _, baseline = accepted
    few = portrait_log(tmp_path / "few.eval", "openai/old", items=1)
    code, out, err = typed(capsys, few, "--baseline", baseline)
    assert code == 4
    assert "on the same 1 item of the baseline's 120" in out
    assert re.fullmatch(r"few.eval has no answers for .*Hedonism.*, which the baseline has\n", err)


def test_a_run_that_was_tried_again_and_finished_counts_once(accepted, tmp_path: Path, capsys):
    _, baseline = accepted
    folder = tmp_path / "logs"
    folder.mkdir()
    portrait_log(folder / "a.eval", "openai/old", items=40, status="error", task_id="one")
    portrait_log(folder / "b.eval", "openai/old", task_id="one")
    code, out, _ = typed(capsys, folder, "--baseline", baseline)
    assert code == 0
    assert out.count("### ") == 1


def test_one_file_of_margins_serves_all_benchmarks_of_a_baseline(tmp_path: Path, capsys):
    logs = [portrait_log(tmp_path / "a.eval"), choice_log(tmp_path / "b.eval", people=10)]
    baseline, margins = tmp_path / "b.json", tmp_path / "margins.yaml"
    typed(capsys, *logs, "--baseline", baseline, "--write-baseline")
    margins.write_text("big_five: 3\naccuracy: 7\n")
    code, out, err = typed(capsys, *logs, "--baseline", baseline, "--margins", margins, "--json")
    assert (code, err) == (0, "")
    portrait, people = json.loads(out)
    found = {score["name"]: score["margin"] for score in portrait["scores"] + people["scores"]}
    assert (found["Openness"], found["Power"], found["accuracy"]) == (3, 0.2, 7)
    code, _, err = typed(capsys, logs[0], "--baseline", baseline)
    assert code == 0
    assert err == "the baseline holds indie_value too, of which no log is given\n"


def test_further_runs_of_the_accepted_model_are_added(accepted, tmp_path: Path, capsys):
    log, baseline = accepted
    again = portrait_log(tmp_path / "again.eval", "openai/old", task_id="b", ratings=raised(0))
    assert typed(capsys, again, "--baseline", baseline, "--add-baseline")[0] == 0
    assert json.loads(baseline.read_text())["runs"][0]["logs"][1]["rows"] == 120
    code, out, _ = typed(capsys, log, "--baseline", baseline)
    assert code == 0
    assert "read off 2 runs of the baseline and 1 of the later model" in out
    other = portrait_log(tmp_path / "other.eval", "openai/other", 3)
    for given, message in (
        (again, "holds that run of openai/old already"),
        (other, "holds answers of openai/old, the log those of openai/other"),
        (choice_log(tmp_path / "p.eval", people=5), "holds no run of indie_value that asked the"),
    ):
        before = baseline.read_bytes()
        code, out, err = typed(capsys, given, "--baseline", baseline, "--add-baseline")
        assert (code, out, err.count("\n")) == (3, "", 1)
        assert message in err
        assert baseline.read_bytes() == before


def test_a_rolling_baseline_takes_what_passed_and_keeps_the_latest(accepted, tmp_path, capsys):
    _, baseline = accepted
    for number in range(3):
        log = portrait_log(
            tmp_path / f"{number}.eval", "openai/old", task_id=f"{number}", ratings=raised(0)
        )
        assert typed(capsys, log, "--baseline", baseline, "--roll", "2")[0] == 0
        (held,) = json.loads(baseline.read_text())["runs"]
        assert len(held["logs"]) == 2
        assert len(held["samples"]) == 240
    worse = portrait_log(tmp_path / "worse.eval", "openai/old", task_id="w", ratings=raised(1))
    before = baseline.read_bytes()
    assert typed(capsys, worse, "--baseline", baseline, "--roll", "2")[0] == 1
    assert typed(capsys, log, "--baseline", baseline, "--roll", "2")[0] == 0  # made again
    assert baseline.read_bytes() == before
    assert typed(capsys, log, "--baseline", baseline, "--roll", "1")[0] == 0


def test_a_check_is_drawn(accepted, tmp_path: Path, capsys):
    _, baseline = accepted
    log = portrait_log(tmp_path / "new.eval", HOSTILE, ratings=raised(1))
    picture = tmp_path / "check.svg"
    assert typed(capsys, log, "--baseline", baseline, "--picture", picture)[0] == 1
    assert "<script>alert" not in picture.read_text()
    assert typed(capsys, log, "--baseline", baseline, "--picture", tmp_path / "a.gif")[0] == 2


def test_a_baseline_of_the_older_format_is_read(accepted, capsys):
    log, baseline = accepted
    held = json.loads(baseline.read_text())
    held["schema"] = "1.0"
    del held["runs"][0]["logs"]
    baseline.write_text(json.dumps(held))
    assert typed(capsys, log, "--baseline", baseline)[0] == 0


def test_only_the_scores_asked_for_are_checked_and_corrected(tmp_path: Path, capsys):
    some = np.random.default_rng(0).random((120, 1)) < 0.3
    ratings = np.where(some, raised(1), raised(0))
    logs = [
        portrait_log(tmp_path / "old.eval"),
        choice_log(tmp_path / "people.eval", people=12),
        portrait_log(tmp_path / "new.eval", "openai/new", ratings=ratings),
    ]
    baseline = tmp_path / "b.json"
    typed(capsys, *logs[:2], "--baseline", baseline, "--write-baseline")

    def checked(*more: object) -> list[dict]:
        _, out, err = typed(capsys, *logs[1:], "--baseline", baseline, "--json", *more)
        assert not err
        return json.loads(out)

    def of(found: list[dict], name: str) -> dict:
        return next(one for run in found for one in run["scores"] if one["name"] == name)

    every, few = checked(), checked("--score", "Power", "--score", "Agreeableness")
    assert [[one["name"] for one in run["scores"]] for run in few] == [
        [], ["Power", "Agreeableness"]
    ]  # fmt: skip
    for name in ("Power", "Agreeableness"):
        one, other = (of(found, name)["beyond"] for found in (every, few))
        assert one["p_value"] == other["p_value"]
        assert other["corrected"] <= min(2 * other["p_value"], 1) + 1e-12
    least, most = (of(found, "Agreeableness")["beyond"]["corrected"] for found in (few, every))
    assert least < most
    valid = checked("--score", VALID)
    assert [[one["name"] for one in run["scores"]] for run in valid] == [[VALID], [VALID]]
    _, out, _ = typed(capsys, *logs[1:], "--baseline", baseline, "--score", "Power")
    assert "indie\\_value: openai/test did not move; no score that a gate counts was" in out


def test_a_score_that_there_is_not_is_one_line(accepted, capsys):
    log, baseline = accepted
    code, out, err = typed(capsys, log, "--baseline", baseline, "--score", "Pover")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "unknown score 'Pover'; allowed (nearest first): Power" in err
    code, _, err = typed(
        capsys, log, "--baseline", baseline, "--write-baseline", "--score", "Power"
    )
    assert code == 2
    assert "--write-baseline checks nothing" in err
