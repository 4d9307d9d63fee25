import json

import pytest

from evals.cli.main import main
from evals.studies.baselines import COLUMNS, baseline_tables
from ratings.instruments.indie_value import load_catalog


@pytest.fixture(scope="module")
def tables():
    return baseline_tables("sample", dimensions=("Country", "Religion"))


def test_tables_have_the_rows_and_columns_of_the_paper(tables):
    assert [row.name for row in tables.rows] == [
        "random",
        "majority",
        "resemble, k=1",
        "resemble, k=24",
        "demographics, Country",
        "demographics, Religion",
    ]
    assert [row.name for row in tables.by_k] == [f"k={k}" for k in range(1, 36)]
    assert all(tuple(row.accuracy) == COLUMNS for row in [*tables.rows, *tables.by_k])
    assert (tables.people, tables.training, tables.synthetic) == (800, 1_200, True)


def test_means_are_means_of_probe_sets_and_forms(tables):
    for row in tables.rows:
        value = {name: found.value for name, found in row.accuracy.items()}
        for form in ("polar", "refined"):
            mean = sum(value[f"{form} {probe}"] for probe in "123") / 3
            assert value[f"{form} mean"] == pytest.approx(mean)
        assert value["mean"] == pytest.approx((value["polar mean"] + value["refined mean"]) / 2)


def test_random_is_exact_and_the_others_have_intervals(tables):
    random, *others = tables.rows
    expected = load_catalog("sample").random_accuracy("polar", 1)
    assert random.accuracy["polar 1"].value == expected
    assert random.accuracy["polar 1"].reason == "in expectation"
    for row in others:
        for found in row.accuracy.values():
            assert found.low < found.value < found.high


def test_the_best_is_the_best(tables):
    means = [row.accuracy["mean"].value for row in tables.by_k]
    assert means[tables.best - 1] == max(means)
    assert tables.rows[3].accuracy == tables.by_k[23].accuracy


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_the_command_prints_both_tables(capsys, tables):
    code, out, err = typed(capsys, "baselines", "indie_value", "--data", "sample")
    assert code == 0
    assert "SIMULATED PEOPLE" in out
    assert "Table 3" in out
    assert "Table 17" in out
    assert f"{100 * tables.rows[1].accuracy['polar mean'].value:.2f}" in out
    assert f"best on these people: k={tables.best}" in out
    assert err.startswith("reading people")


def test_the_command_prints_json(capsys, tables):
    code, out, _ = typed(capsys, "baselines", "indie_value", "--data", "sample", "--json")
    found = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    assert code == 0
    assert found["best"] == tables.best
    assert found["rows"][0]["accuracy"]["polar 1"]["low"] is None
    assert found["by_k"][0]["accuracy"]["mean"]["value"] == tables.by_k[0].accuracy["mean"].value


def test_resemblance_on_the_questions_shown_knows_less(capsys, tables):
    """200 of 214: other neighbours for some people, and nothing else changes."""
    arguments = ("--data", "sample", "--questions", "shown", "--json")
    code, out, _ = typed(capsys, "baselines", "indie_value", *arguments)
    found = json.loads(out)
    assert (code, found["questions"], tables.questions) == (0, "shown", "all")
    by_name = {row["name"]: row["accuracy"] for row in found["rows"]}
    for row in tables.rows[:4]:
        shown = by_name[row.name]["polar mean"]["value"]
        assert (shown == row.accuracy["polar mean"].value) != row.name.startswith("resemble")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["indie_valu"], 2, "'indie_valu' is not"),
        (["indie_value", "--data", "smaple"], 2, "unknown data 'smaple'"),
        (["indie_value", "--data", "sample", "--dimension", "Sexx"], 2, "(nearest first): Sex, "),
        (["indie_value", "--data", "sample", "--seed", "-1"], 2, "-1 is not in the range"),
        (["indie_value", "--survey", "/nowhere.csv"], 3, "the survey /nowhere.csv is not there"),
        (["indie_value", "--survey", "/nowhere.csv"], 3, "simulated people: --data sample"),
        (["indie_value", "--data", "sample", "--survey", "x.csv"], 3, "leave x.csv out"),
    ],
)
def test_wrong_options_are_reported_in_one_line(arguments, code, message, capsys, request):
    if "/nowhere.csv" in arguments:
        request.getfixturevalue("mirror")
    found, _, err = typed(capsys, "baselines", *arguments)
    assert found == code
    assert message in err
    assert "Traceback" not in err
