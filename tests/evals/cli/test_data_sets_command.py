import json
import re
from pathlib import Path

import pytest

from evals.cli.main import main

DOCS = Path(__file__).parents[3] / "docs"


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_a_data_set_is_counted(capsys):
    code, out, err = typed(capsys, "data", "check", "value_portrait_humans_sample")
    assert (code, err) == (0, "")
    rows = dict(line.rsplit(maxsplit=1) for line in out.splitlines())
    assert rows["raters"] == "240"
    assert rows["most choices"] == "6"


def test_a_download_with_other_counts_than_the_cards_is_reported(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    path = tmp_path / "valueprism" / "full" / "full.csv"
    path.parent.mkdir(parents=True)
    rows = [f"Going {n} miles,Value,Rest,Opposes" for n in range(5)]
    path.write_text("\n".join(["situation,vrd,text,valence", *rows]))
    assert typed(capsys, "data", "check", "valueprism")[0] == 3
    assert typed(capsys, "data", "fetch", "valueprism", "--accept-terms")[0] == 0
    code, out, err = typed(capsys, "data", "check", "valueprism")
    assert code == 1
    assert "instances       5\n" in out
    assert err.splitlines() == [
        "valueprism: raters: found 1, the card says about 4500",
        "valueprism: instances: found 5, the card says about 31000",
        "valueprism: ratings: found 5, the card says about 199000",
    ]
    code, out, err = typed(capsys, "data", "check", "valueprism", "--json")
    document = json.loads(out)
    assert (code, err, document["synthetic"]) == (1, "", False)
    assert document["counts"]["ratings"] == 5
    assert len(document["notes"]) == 3


def test_the_worked_example_of_the_manual_can_be_loaded(capsys, tmp_path):
    page = (DOCS / "data.md").read_text(encoding="utf-8")
    _, _, section = page.partition("\n## Your own ratings\n")
    ratings, instances, raters = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    for ending, text in (("", ratings), (".instances", instances), (".raters", raters)):
        (tmp_path / f"survey{ending}.csv").write_text(text)
    code, out, err = typed(capsys, "data", "check", str(tmp_path / "survey.csv"), "--json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert document["choices"] == [["disagree", "neutral", "agree"]]
    assert (document["ordered"], document["demographics"], document["measured"]) == (
        True,
        ["region"],
        ["openness"],
    )
    assert document["counts"] == {
        "raters": 2,
        "instances": 4,
        "ratings": 8,
        "fewest_choices": 3,
        "most_choices": 3,
        "demographics": 1,
    }


def test_what_is_left_out_of_ones_own_ratings_is_a_note_and_no_failure(capsys, tmp_path):
    path = tmp_path / "mine.csv"
    rows = [f"{rater},q{n},{1 + n % 2}" for rater in "ab" for n in range(5)]
    path.write_text("\n".join(["rater,instance,rating", *rows, "c,q1,2"]))
    code, _, err = typed(capsys, "data", "check", str(path))
    assert (code, err) == (
        0,
        "mine: rater 'c' has 1 rating (row 12); raters with fewer than 4 are left out\n",
    )


def test_what_ones_own_ratings_are_read_as_is_printed(capsys, tmp_path):
    path = tmp_path / "mine.csv"
    values = ["yes", "no", "NA", "Yes", "yes"]
    rows = [f"{rater};q{n};{values[n % 5]}" for rater in "ab" for n in range(5)]
    path.write_text("\n".join(["sep=;", "rater;instance;rating", *rows]))
    (tmp_path / "mine.raters.csv").write_text("rater;openness;region\na;0,5;north\nb;NA;south\n")
    code, out, err = typed(capsys, "data", "check", str(path))
    assert code == 0
    assert out.splitlines()[-3:] == [
        "choices         no, yes",
        "in order        no",
        "measured        openness",
    ]
    assert err.splitlines() == [
        "mine: 2 rows without a rating left out (first: row 4); 'NA' (2 times) counts as missing, "
        "unless listed among the choices",
        "mine: the rating 'Yes' (2 times, first: row 5) is read as 'yes'; they differ in case only",
        "mine: mine.raters.csv: 'openness': 'NA' (once) counts as missing (first: row 3); if that "
        "is an answer, write another word for it",
    ]


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("valueprizm", 2, "unknown data set 'valueprizm'; allowed (nearest first): valueprism, "),
        ("nowhere.csv", 3, "nowhere.csv is not there; give a CSV or Parquet file of ratings"),
    ],
)
def test_what_cannot_be_loaded_is_reported_in_one_line(capsys, name: str, code: int, message: str):
    found, out, err = typed(capsys, "data", "check", name)
    assert (found, out) == (code, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_every_data_set_is_in_the_manual():
    from ratings.data_sets.registry import data_set_names

    page = (DOCS / "data.md").read_text(encoding="utf-8")
    _, _, section = page.partition("\n## Data sets of ratings\n")
    for name in data_set_names():
        assert f"\n| `{name}` | " in section.split("\n## ")[0], name
