"""`valuegauge study agreement`: logs, people and CSV files; what it refuses."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import scipy

from benchmarks.value_portrait.task import value_portrait
from evals.cli.main import main
from evals.studies.agreement.answer_sets import read_sets
from evals.studies.agreement.pair import Pair
from evals.studies.agreement.settings import AgreementSettings
from evals.studies.agreement.study import agreement_findings
from evals.studies.findings import Finding
from ratings.errors import DataError
from ratings.instruments.value_portrait import load_instrument
from tests.evaluate import evaluate

VARIANTS = ("v1", "v2", "v3")


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(["study", "agreement", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Two logs of one simulated model, asked twice."""
    folder = tmp_path_factory.mktemp("logs")
    out = []
    for seed in (1, 2):
        (log,) = evaluate(
            value_portrait(data="sample"),
            model="respondent/power",
            model_args={"seed": seed, "noise": 0.6},
            log_dir=str(folder / str(seed)),
        )
        out.append(log.location)
    return out[0], out[1]


def written(path: Path, header: list[str], rows: list[list[object]]) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def people_file(path: Path, seed: int, moved: str | None = None) -> str:
    """Ratings of 60 simulated people; one item is rated two points higher where it is named."""
    rng = np.random.default_rng(seed)
    instrument = load_instrument("sample")
    tags = instrument.tagged()[:10].astype(float)
    rows: list[list[object]] = []
    for rater in range(60):
        liking = rng.normal(0, 1, 10) @ tags
        for item, like in zip(instrument.items.index, liking, strict=True):
            latent = 3.5 + 0.6 * like + 2 * (item == moved) + rng.normal(0, 0.8)
            rows.append([f"r{rater}", item, int(np.clip(round(latent), 1, 6))])
    return written(path, ["rater", "instance", "rating"], rows)


def findings(*names: str, data: str | None = None) -> dict[str, Finding]:
    _, sets = read_sets(names, data)
    return {one.name: one for one in agreement_findings(sets, AgreementSettings())}


def test_a_model_asked_twice_is_test_and_retest(logs):
    found = findings(*logs)
    assert list(found) == [
        "agreement_scores",
        "agreement_profiles",
        "agreement_answers",
        "agreement_items",
        "agreement_dif_values",
        "agreement_dif_items",
        "agreement_retest",
    ]
    scores = found["agreement_scores"].table
    assert len(scores) == 19
    assert (scores["verdict beyond"] != "moved").all()
    answers = found["agreement_answers"].table
    assert answers["wording"].tolist()[0] == "all"
    assert len(answers) == 7
    retest = found["agreement_retest"].table.set_index("measured")
    assert retest.loc["an item, mean over wordings", "ICC(A,1)"] > 0.8
    assert (retest["smallest change"] > retest["standard error"]).all()
    assert (found["agreement_dif_items"].table["q"].dropna() > 0.05).all()


def test_everything_is_written_and_printed_as_json(logs, capsys, tmp_path: Path):
    code, out, _ = typed(capsys, *logs, "--out", str(tmp_path / "new"), "--json")
    assert code == 0
    document = json.loads(out)
    assert document == json.loads((tmp_path / "new" / "agreement.json").read_text())
    assert document["seed"] == 0
    assert document["synthetic"] is True
    assert [one["name"] for one in document["sets"]] == [
        "respondent/power #1", "respondent/power #2",
    ]  # fmt: skip
    assert (tmp_path / "new" / "agreement_scores.png").is_file()
    code, out, _ = typed(capsys, *logs, "--out", str(tmp_path / "again"))
    assert code == 0
    assert out.index("a sample.") < out.index("Do the scores agree?")


def test_what_a_study_wrote_gets_a_page_on_the_board(logs, capsys, tmp_path: Path):
    store, site, study = (str(tmp_path / name) for name in ("s.duckdb", "site", "study"))
    for command in (
        ["study", "agreement", *logs, "--out", study],
        ["leaderboard", "collect", *logs, "--store", store],
        ["leaderboard", "build", "--store", store, "--out", site, "--study", study],
    ):
        with pytest.raises(SystemExit) as caught:
            main(command)
        assert not caught.value.code
    assert "1 of studies. Open" in capsys.readouterr().out
    (page,) = (tmp_path / "site" / "studies").iterdir()
    assert "How reliable is asking again?" in page.read_text(encoding="utf-8")


def test_items_have_intervals_over_wordings(logs):
    table = findings(*logs)["agreement_items"].table.set_index("item")
    _, sets = read_sets(logs)
    one, other = (dict(zip(s.answers.matrix.samples, s.answers.matrix.ratings, strict=True))
                  for s in sets)  # fmt: skip
    item = "9001-1"
    found = scipy.stats.ttest_1samp(other[item] - one[item], 0).confidence_interval(0.95)
    row = table.loc[item]
    assert (row["difference low"], row["difference high"]) == pytest.approx(tuple(found))


def test_groups_of_people_are_compared_by_regression_and_planted_dif_is_found(tmp_path: Path):
    item = str(load_instrument("sample").items.index[7])
    one = people_file(tmp_path / "one.csv", 1)
    other = people_file(tmp_path / "other.csv", 2, moved=item)
    found = findings(one, other, data="sample")
    table = found["agreement_dif_items"].table
    sure = table[table["q"] < 0.05]
    assert set(sure["item"]) == {item}
    assert (sure["size"] == "large").all()
    assert sure["difference"].between(1.2, 2.2).all()
    assert "agreement_retest" not in found
    values = found["agreement_dif_values"].table.set_index("value")
    moved = values.loc[sure["value"], "mean difference"]
    assert (moved > 0).all()


def test_a_model_is_compared_with_people_in_either_order(logs, tmp_path: Path):
    people = people_file(tmp_path / "people.csv", 3)
    one, other = findings(logs[0], people), findings(people, logs[0])
    first, second = (each["agreement_scores"].table for each in (one, other))
    assert first["beyond"].to_numpy() == pytest.approx(-second["beyond"].to_numpy())
    assert (first["on these items high"] > first["on these items low"]).all()
    dif = [each["agreement_dif_items"].table.set_index(["item", "value"]) for each in (one, other)]
    turned = -dif[1]["difference"].reindex(dif[0].index)
    assert dif[0]["difference"].to_numpy() == pytest.approx(turned.to_numpy(), nan_ok=True)
    assert one["agreement_answers"].table["answers"].tolist() == [120]


def test_every_pair_of_three_sets_is_compared(logs, tmp_path: Path):
    rows = [[item, v, 3 + int(v == "v3")] for item in load_instrument("sample").items.index
            for v in VARIANTS]  # fmt: skip
    flat = written(tmp_path / "flat.csv", ["instance", "variant", "rating"], rows)
    found = findings(*logs, flat)
    scores = found["agreement_scores"]
    assert scores.table["pair"].nunique() == 3
    assert scores.sentence.startswith("Over 3 pairs")
    wordings = found["agreement_answers"].table.groupby("pair")["wording"].nunique()
    assert sorted(wordings) == [4, 4, 7]
    assert found["agreement_retest"].table["pair"].nunique() == 1


def test_what_was_asked_differently_is_named(logs):
    _, sets = read_sets(logs)
    pair = Pair(*sets)
    assert pair.same_rater
    assert pair.differing == []


@pytest.mark.parametrize(
    ("header", "rows", "message"),
    [
        (["item", "rating"], [["9001-1", 3]], "has no column 'instance'"),
        (["instance", "rating"], [["9001-1", 7]], "row 2: the rating '7' is no whole number"),
        (["instance", "rating"], [["9001-1", "x"]], "row 2: the rating 'x' is no whole number"),
        (["instance", "rating"], [["nothing", 3]], "row 2: 'nothing' is not an item of sample"),
        (
            ["instance", "rating"],
            [["9001-1", 3], ["9001-1", 3]],
            "row 3: '9001-1' of 'v1' is rated",
        ),
        (["instance", "rating"], [["9001-1", ""]], "has no rating"),
        (
            ["rater", "variant", "instance", "rating"],
            [["a", "v1", "9001-1", 3], ["b", "v1", "9001-1", 3]],
            "has several raters and a column 'variant'",
        ),
    ],
)
def test_a_wrong_file_is_one_line(header, rows, message, logs, capsys, tmp_path: Path):
    path = written(tmp_path / "own.csv", header, rows)
    code, out, err = typed(capsys, logs[0], path, "--out", str(tmp_path / "out"))
    assert (code, out, len(err.splitlines())) == (3, "", 1)
    assert f"own.csv: {message}" in err


@pytest.mark.parametrize(
    ("names", "code", "message"),
    [
        (["people"], 2, "needs two sets of answers or more"),
        (["people", "nobody"], 3, "'nobody' is not a log, a folder with one, a recording"),
        (["people", "gone.eval"], 3, "there is no log at"),
        (["people", "gone.csv"], 3, "there is no file gone.csv"),
        (["people", "EMPTY"], 3, "holds 0 logs; name one of them"),
    ],
)
def test_sets_that_are_none_are_one_line(names, code, message, capsys, tmp_path: Path):
    given = [str(tmp_path) if name == "EMPTY" else name for name in names]
    found, out, err = typed(capsys, *given, "--data", "sample")
    assert (found, out) == (code, "")
    assert message in err.splitlines()[-1]


def test_of_few_queries_it_is_said_why_a_number_is_missing(capsys, tmp_path: Path):
    items = list(load_instrument("sample").items.index)[:3]
    sets = [
        written(tmp_path / f"{name}.csv", ["instance", "rating"], zip(items, of, strict=True))
        for name, of in (("one", (1, 2, 6)), ("other", (2, 5, 1)))
    ]
    code, out, err = typed(capsys, *sets, "--data", "sample", "--out", str(tmp_path / "out"))
    assert code == 0, err
    said = " ".join(out.split())
    assert "- (- to -)" not in said
    assert "(- to -)" not in said
    assert "correlation over the" in said
    assert "not known (" in said


def test_data_that_are_not_known_may_be_a_folder(capsys):
    code, _, err = typed(capsys, "people", "people", "--data", "nosuch")
    assert code == 2
    assert "or the folder of an instrument, and there is no folder of this name" in err


def test_sets_of_other_items_are_refused_by_name(logs, tmp_path: Path):
    items = list(load_instrument("sample").items.index)
    halves = [
        written(tmp_path / f"{name}.csv", ["instance", "rating"], [[item, 3] for item in of])
        for name, of in (("left", items[:60]), ("right", items[60:]))
    ]
    _, sets = read_sets(halves, "sample")
    with pytest.raises(DataError, match="left and right have no item in common"):
        Pair(*sets)
    own = written(tmp_path / "own.csv", ["instance", "variant", "rating"], [[items[0], "mine", 3]])
    _, sets = read_sets([logs[0], own])
    with pytest.raises(DataError, match="have no wording in common"):
        Pair(*sets)


@pytest.mark.usefixtures("mirror")
def test_recordings_and_the_people_of_the_source():
    found = findings("gpt-4o-2024-05-13", "people")
    scores = found["agreement_scores"].table.set_index("score")
    assert scores.loc["Benevolence", "first"] == pytest.approx(0.788, abs=0.001)
    assert (scores["verdict on"] == "moved").sum() >= 3
    profile = found["agreement_profiles"].table.iloc[0]
    assert 0.5 < profile["correlation low"] < profile["correlation"] < 0.95
    reasons = found["agreement_dif_items"].table["not tested"]
    assert set(reasons) == {"", "its raters rated no other item of the value"}
