"""What a terminal shows: the conclusion first, 80 columns, names whole, hostile names as text."""

import io
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from rich.cells import cell_len
from rich.console import Console

from evals.cli.main import main
from evals.reports.profile_picture import Series, draw_series
from evals.vinfo.plots import draw_information, draw_uncertainty
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.output.console import say
from ratings.output.tables import Table, plain
from scorers.intervals.estimate import Estimate
from tests.leaderboard.made_logs import choice_log, decoded_log, portrait_log, portrait_ratings

LONG = "openrouter/meta-llama/llama-4-maverick-17b-128e-instruct-fp8-some-provider-of-weights"
HOSTILE = "x/[red]x[/red]<script>=cmd()\0\u202eback\x1b[2J:smile:" + 300 * "y"
WIDTHS = (80, 60)
BOX = re.compile(r"[\u2500-\u257f\s]+")


def typed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command that is no failure prints."""
    with pytest.raises(SystemExit) as done:
        main([*map(str, arguments)])
    out, err = capsys.readouterr()
    assert done.value.code in (0, 1), err
    return out


def words(text: str) -> str:
    """Text without blanks and frames, in which what was wrapped is whole again."""
    return BOX.sub("", text)


def lines_fit(out: str, width: int) -> None:
    assert "\u2026" not in out, "something was cut"
    for line in out.splitlines():
        assert cell_len(line.rstrip()) <= width, line


@pytest.fixture
def at_width(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make the output a terminal of so many columns, without colours."""

    def set_width(width: int) -> None:
        for name, value in (("TTY_COMPATIBLE", "1"), ("NO_COLOR", "1"), ("COLUMNS", str(width))):
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("TTY_INTERACTIVE", "0")

    return set_width


def without_styles(out: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", out)


MAKERS = {
    "portrait": lambda path, model, seed=0: portrait_log(path, model, seed),
    "choices": lambda path, model, seed=0: choice_log(path, model, seed),
    "decoded": lambda path, model, seed=0: decoded_log(path, model, seed),
}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("model", [LONG, HOSTILE], ids=["long", "hostile"])
def test_every_table_from_a_log_fits_and_cuts_no_name(
    tmp_path: Path, capsys, at_width, kind: str, model: str
):
    logs = [MAKERS[kind](tmp_path / f"{seed}.eval", model, seed) for seed in (0, 1)]
    baseline = tmp_path / "baseline.json"
    typed(capsys, "check", logs[0], "--baseline", baseline, "--write-baseline")
    shown = words(plain(model)).replace("\\[", "[")
    commands = (
        ("show", logs[0]),
        ("compare", *logs),
        ("check", logs[1], "--baseline", baseline),
    )
    for width, command in itertools.product(WIDTHS, commands):
        at_width(width)
        out = without_styles(typed(capsys, *command))
        lines_fit(out, width)
        assert shown in words(out), (command, width)
        assert not {"\0", "\u202e", "\x1b"} & set(out), (command, width)
        if kind == "portrait":
            for name in ALL_DIMENSIONS:
                whole = [
                    rf"(^|\s|\u2502){re.escape(part)}(\s|\u2502|,|;|$)" for part in name.split()
                ]
                assert all(re.search(part, out, re.MULTILINE) for part in whole), (name, width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "command",
    [
        ("instrument", "tags", "--data", "sample", "--permutations", "100"),
        ("instrument", "tables", "--data", "sample"),
        ("study", "variance", "--published", "--out", "out"),
        ("study", "agreement", "LOG", "people", "--out", "out"),
        ("study", "steering", "--published", "--out", "out"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_tables_of_studies_fit(
    tmp_path: Path, capsys, at_width, width: int, command: tuple[str, ...]
):
    paths = {"LOG": tmp_path / "run.eval", "out": tmp_path / "out"}
    if "LOG" in command:
        portrait_log(paths["LOG"], LONG)
    at_width(width)
    out = without_styles(typed(capsys, *(paths.get(one, one) for one in command)))
    lines_fit(out, width)
    if command[:2] != ("instrument", "tables"):
        assert out.split("\n\n")[0].rstrip().endswith((".", "items."))
        assert not out.startswith("\n")


def test_a_slope_is_printed_once(tmp_path: Path, capsys):
    out = typed(capsys, "study", "variance", "--published", "--out", tmp_path / "out")
    (row,) = [line for line in out.splitlines() if line.startswith("all families  ")]
    assert re.findall(r"\d\.\d+", row) == ["0.0944", "0.022", "0.167", "0.0165"]


@pytest.mark.parametrize("command", ["show", "compare", "check"])
def test_the_first_line_is_the_finding_of_the_json(tmp_path: Path, capsys, command: str):
    logs = [portrait_log(tmp_path / f"{s}.eval", f"openai/m{s}", s) for s in (0, 1)]
    baseline = tmp_path / "baseline.json"
    typed(capsys, "check", logs[0], "--baseline", baseline, "--write-baseline")
    asked = {
        "show": (logs[0],),
        "compare": tuple(logs),
        "check": (logs[1], "--baseline", baseline),
    }[command]
    first = typed(capsys, command, *asked).splitlines()[0]
    found = json.loads(typed(capsys, command, *asked, "--json"))
    finding = found[0]["finding"] if command == "check" else found["finding"]
    assert re.sub(r"\\", "", first).removeprefix("### ") == finding
    assert "openai/m" in finding


def test_what_is_first_and_last_and_who_differs_from_people(tmp_path: Path, capsys):
    """All numbers of the sentence follow from the JSON."""
    ratings = portrait_ratings(0, 120)
    ratings[:3, 0] = np.nan
    found = json.loads(
        typed(capsys, "show", portrait_log(tmp_path / "a.eval", ratings=ratings), "--json")
    )
    values = {name: found["scores"][name]["estimate"]["value"] for name in SCHWARTZ}
    first, last = max(values, key=values.__getitem__), min(values, key=values.__getitem__)
    changes = found["people"]["changes"]
    on = sum(changes[name]["differs"] is not None for name in SCHWARTZ)
    beyond = sum(changes[name]["differs"] == "beyond" for name in SCHWARTZ)
    assert found["finding"] == (
        f"On made-up items, openai/test puts {first} first and {last} last; it differs from "
        f"{found['people']['people']} simulated people on {on or 'none'} of 10 values on these "
        f"items, on {beyond or 'none'} beyond them (corrected over this run's scores). "
        "3 of 720 answers are missing."
    )
    for name, one in changes.items():
        assert one["on"]["difference"]["value"] == pytest.approx(one["after"] - one["before"]), name


def test_equal_scores_are_named_together(tmp_path: Path, capsys):
    """A rater who answers all alike puts nothing first."""
    same = portrait_log(tmp_path / "same.eval", ratings=np.full((120, 6), 4.0))
    assert "openai/test has the same score everywhere; it differs" in typed(capsys, "show", same)


def test_a_part_says_so_first(tmp_path: Path, capsys):
    logs = [
        portrait_log(tmp_path / "part.eval", "replay/a", items=40),
        portrait_log(tmp_path / "error.eval", "replay/b", items=40, status="error"),
    ]
    with pytest.raises(SystemExit):
        main(["show", *map(str, logs)])
    out = capsys.readouterr().out
    first, second = out.splitlines()[:2]
    assert first.startswith("Asked 40 of 120 items: on made-up items, a puts ")
    assert second.startswith(
        "The run is not complete (status: error; asked 40 of 120 items): on made-up items, b puts "
    )
    assert "replay/" not in out


def test_the_people_of_show_are_those_of_the_study(tmp_path: Path, capsys):
    log = portrait_log(tmp_path / "a.eval")
    shown = json.loads(typed(capsys, "show", log, "--json"))["people"]["changes"]
    out = ("--out", tmp_path / "out", "--json")
    study = json.loads(typed(capsys, "study", "agreement", "people", log, *out))
    (scores,) = [one for one in study["findings"] if one["name"] == "agreement_scores"]
    assert len(scores["rows"]) == len(shown)
    for row in scores["rows"]:
        one = shown[row["score"]]
        assert one["on"]["difference"]["value"] == row["on these items"]
        assert one["beyond"]["difference"]["low"] == row["beyond low"]
        assert one["on"]["corrected"] == row["p Holm on"]


def test_a_sentence_is_one_line_where_it_is_piped():
    kept = io.StringIO()
    say(Console(width=30, file=kept), "word " * 20 + "[red]end[/red]")
    assert kept.getvalue() == "word " * 20 + "[red]end[/red]\n"


def test_columns_without_room_follow_in_a_second_table():
    table = Table(title="made", caption="below")
    table.add_column("name")
    for n in range(6):
        table.add_column(f"number {n}", justify="right")
    table.add_row("Self-Transcendence", *["-0.42 to 10.21"] * 6)
    console = Console(width=60)
    with console.capture() as captured:
        console.print(table)
    out = captured.get()
    assert out.count("Self-Transcendence") == out.count("name") == 3
    assert out.count("-0.42 to 10.21") == 6
    assert out.count("made") == out.count("below") == 1
    lines_fit(out, 60)


@pytest.mark.parametrize("width", [60, 80])
def test_p_is_next_to_its_interval(tmp_path: Path, capsys, at_width, width: int):
    """In every part of the table that has intervals, each row ends in its p-value."""
    logs = [portrait_log(tmp_path / f"{s}.eval", f"replay/m{s}", s) for s in (0, 1)]
    baseline = tmp_path / "baseline.json"
    typed(capsys, "check", logs[0], "--baseline", baseline, "--write-baseline")
    at_width(width)
    for command in (("compare", *logs), ("check", logs[1], "--baseline", baseline)):
        out = without_styles(typed(capsys, *command))
        lines_fit(out, width)
        assert "replay/" not in out
        scoped = [
            line for line in out.splitlines() if re.search(r"\b(on|beyond) +-?\d+\.\d\d to", line)
        ]
        assert len(scoped) == 2 * (len(ALL_DIMENSIONS) + 10) + 2 * (command[0] == "check")
        for line in scoped:
            assert re.search(r"-?\d+\.\d\d to -?\d+\.\d\d +(<?\d\.\d{4}|-)", line), line


def test_people_are_drawn_beside_models_each_with_a_glyph_of_its_own():
    """Known without colour: every rater of the legend has another glyph."""
    estimate = {"Power": Estimate(0.1, -0.2, 0.4), "Security": Estimate(0.3, 0.2, 0.4)}
    names = [f"model {n}" for n in range(10)]
    series = [Series("560 people", estimate, estimate, people=True)]
    series += [Series(name, estimate, {}) for name in names]
    figure, axes = pyplot.subplots()
    draw_series(axes, ["Power", "Security"], series)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["560 people", *names]
    glyphs = [
        line.get_marker() for line in axes.get_lines() if not line.get_label().startswith("_")
    ]
    assert len(set(glyphs)) == len(glyphs) == 11
    heights = [y for line in axes.get_lines() for y in line.get_ydata()]
    assert len(heights) == 22
    assert all(abs(y - round(y)) < 0.5 for y in heights), "each glyph lies in its row"
    assert sorted(axes.get_ylim()) == [-0.5, 1.5]
    pyplot.close(figure)


class Row:
    """A representation with what a picture of it needs."""

    def __init__(self, name: str, value: float, reach: float) -> None:
        """Say how much it tells."""
        splits = [Estimate(value - reach / 2), Estimate(value + reach / 2)]
        estimate = Estimate(value, value - reach, value + reach)
        self.representation = type("R", (), {"name": name, "kinds": lambda self: ()})()
        self.information = type("I", (), {"estimate": estimate, "per_split": splits})()


@pytest.mark.parametrize("count", [1, 2, 7])
def test_rows_of_information_lie_inside_and_no_interval_hides(count: int):
    rows = [Row(f"examples:{n}", 0.1 * n, 0.001) for n in range(count)]
    figure, axes = pyplot.subplots()
    draw_information(axes, rows)
    low, high = sorted(axes.get_ylim())
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        row.representation.name for row in rows
    ]
    assert all(low + 0.5 <= tick <= high - 0.5 for tick in axes.get_yticks())
    marks = [line for line in axes.get_lines() if line.get_marker() == "|"]
    assert len(marks) == count
    figure.draw_without_rendering()
    for mark, interval in zip(marks, axes.collections, strict=True):
        ((start, height), (end, _)) = axes.transData.transform(interval.get_segments()[0])
        assert end - start > mark.get_markeredgewidth() * figure.dpi / 72
        (tick,) = axes.transData.transform(np.column_stack(mark.get_data()))
        assert tick[1] == pytest.approx(height)
    dots = [line for line in axes.get_lines() if line.get_marker() == "."]
    assert all(y % 1 == 0.25 for line in dots for y in line.get_ydata()), "beside the interval"
    pyplot.close(figure)


@pytest.mark.parametrize("count", [3, 60, 75])
def test_every_point_of_uncertainty_has_a_name(count: int):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "instance": [f"item $x$ {n}" for n in range(count)],
            "aleatoric": rng.normal(size=count),
            "value_epistemic": rng.normal(size=count),
        }
    )
    figure, axes = pyplot.subplots()
    draw_uncertainty(axes, table)
    numbered = [one for one in axes.texts if one.get_text().isdigit()]
    (listed,) = [one for one in axes.texts if not one.get_text().isdigit()]
    names = listed.get_text().splitlines()
    assert len(numbered) == len(names) == min(count, 60)
    for one, line in zip(numbered, names, strict=True):
        number, name = line.split(" ", 1)
        assert one.get_text() == number
        row = table.loc[table["instance"] == name.replace("\\$", "$")].iloc[0]
        assert one.xy == (row["aleatoric"], row["value_epistemic"])
    assert ("named: the 60 farthest" in axes.get_xlabel()) == (count > 60)
    figure.draw_without_rendering()
    pyplot.close(figure)
