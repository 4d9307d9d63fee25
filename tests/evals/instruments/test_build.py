"""`valuegauge instrument build`: what it prints, writes and refuses, typed as a user types it."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.value_portrait.task import value_portrait
from evals.cli.main import main
from evals.instruments.prompts import instrument_prompts
from evals.instruments.study_files import read_study
from ratings.errors import DataError
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.instruments.value_portrait import (
    CHOICES,
    load_human_ratings,
    load_instrument,
    load_prompts,
)
from studies.instrument_study import MadeStudy, make_study
from tests.evaluate import evaluate


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> MadeStudy:
    return make_study(tmp_path_factory.mktemp("study"))


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["instrument", "build", *arguments])
    return int(ended.value.code or 0)


def build(study: MadeStudy, out: Path, *more: str, name: str = "ours") -> int:
    return call(
        *study.arguments(), "--questionnaire", "pvq21", "--name", name, "--out", str(out), *more
    )


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a refusal prints."""
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    return line


def changed(study: MadeStudy, folder: Path, file: str, change) -> MadeStudy:
    """A copy of the study with one file changed."""
    for name in ("ratings", "items", "raters"):
        frame = pd.read_csv(study.folder / f"{name}.csv", dtype=str)
        frame = change(frame) if name == file else frame
        frame.to_csv(folder / f"{name}.csv", index=False)
    return MadeStudy(folder, study.values, study.planted)


def test_a_study_becomes_an_instrument(study: MadeStudy, tmp_path: Path, capsys):
    out = tmp_path / "ours"
    assert build(study, out) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "40 items of 8 queries, rated by 114 people" in printed
    assert "removed by the least consistent 5 per cent 6" in printed
    assert "survive false-discovery control" in printed
    found = load_instrument(str(out))
    assert len(found.items) == 40
    assert (found.card.id, found.card.synthetic) == ("ours", False)
    assert set(SCHWARTZ) < set(found.measured)
    assert not set(BIG_FIVE) & set(found.measured)
    # every item is tagged with the value that was planted in it
    rows = {name: i for i, name in enumerate(found.items.index)}
    tagged = found.tagged()
    assert all(tagged[SCHWARTZ.index(value), rows[item]] for item, value in study.planted.items())
    people = load_human_ratings(str(out))
    assert len(people.raters) == 114
    assert {path.suffix for path in (out / "report").iterdir()} == {".csv", ".png", ".json"}


def test_what_it_prints_as_json_is_what_it_writes(study: MadeStudy, tmp_path: Path, capsys):
    assert build(study, tmp_path / "ours", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "ours" / "report" / "build.json").read_text())
    names = [found["name"] for found in printed["findings"]]
    assert names == [
        "tags", "screening", "power", "false_tags", "coverage", "topics", "cross_loadings",
        "tag_stability",
    ]  # fmt: skip
    assert printed["revision"] == load_instrument(str(tmp_path / "ours")).card.revision


def test_the_same_study_has_the_same_revision(study: MadeStudy, tmp_path: Path):
    assert build(study, tmp_path / "a") == 0
    assert build(study, tmp_path / "b") == 0
    one, other = (load_instrument(str(tmp_path / name)).card.revision for name in "ab")
    assert one == other


def test_a_folder_is_overwritten_only_by_force(study: MadeStudy, tmp_path: Path, capsys):
    out = tmp_path / "ours"
    assert build(study, out) == 0
    capsys.readouterr()
    assert build(study, out) == 3
    assert refused(capsys).endswith(
        f"{out} is not empty; name another folder, or add --force to replace it"
    )
    before = load_instrument(str(out)).card.revision
    (out / "mine.txt").write_text("stays")
    assert build(study, out, "--force") == 0
    assert (out / "mine.txt").read_text() == "stays"
    assert load_instrument(str(out)).card.revision == before


def test_nothing_is_written_when_the_study_is_refused(study: MadeStudy, tmp_path: Path, capsys):
    short = changed(study, tmp_path, "ratings", lambda frame: frame.drop(columns="rating"))
    assert build(short, tmp_path / "ours") == 3
    assert not (tmp_path / "ours").exists()
    assert "ratings.csv: row 1: no column 'rating'" in refused(capsys)


def test_a_wrong_key_is_named(study: MadeStudy, tmp_path: Path, capsys):
    assert build(study, tmp_path / "ours", "--questionnaire", "pvq12") == 2
    assert "unknown questionnaire 'pvq12'; allowed (nearest first): pvq21" in refused(capsys)


def test_a_key_that_the_answers_do_not_fit(study: MadeStudy, tmp_path: Path, capsys):
    assert build(study, tmp_path / "ours", "--questionnaire", "bfi10") == 3
    line = refused(capsys)
    assert "raters.csv: row 1: no column 'bfi10_1' and 9 more, which bfi10 needs" in line


def test_a_rater_twice_is_refused(study: MadeStudy, tmp_path: Path, capsys):
    twice = changed(study, tmp_path, "raters", lambda f: pd.concat([f, f.iloc[[2]]]))
    assert build(twice, tmp_path / "ours") == 3
    assert "raters.csv: rows 4 and 122: rater 'R003' is listed twice" in refused(capsys)


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("ratings", lambda f: f.assign(rating=["7", *f["rating"][1:]]),
         "ratings.csv: row 2: the rating '7' is not one of the choices of '1-1'"),
        ("ratings", lambda f: pd.concat([f, f.iloc[[0]]]),
         "ratings.csv: rows 2 and 4802: rater 'R001' rates item '1-1' twice"),
        ("ratings", lambda f: f.replace({"item": {"1-1": "9-9"}}),
         "ratings.csv: row 2: item '9-9' is not in the items file"),
        ("ratings", lambda f: f.replace({"rater": {"R002": "X"}}),
         "ratings.csv: row 42: rater 'X' is not in raters.csv"),
        ("items", lambda f: f.assign(text=["odd", *f["text"][1:]]),
         "items.csv: row 3: the text of query '1' is another than in its first row"),
        ("items", lambda f: f.assign(response=["", *f["response"][1:]]),
         "items.csv: row 2: no response"),
        ("raters", lambda f: f.assign(pvq21_3=["9", *f["pvq21_3"][1:]]),
         "pvq21: the answer of rater R001 to item 3 is '9'; answers are whole numbers from 1 to 6"),
        ("raters", lambda f: f.assign(Powr="1"),
         "raters.csv: row 1: unknown column 'Powr'; did you mean 'Power'?"),
        ("raters", lambda f: f.assign(Power="1"),
         "raters.csv: Power is measured twice, by the column 'Power' and by pvq21; keep one"),
        ("raters", lambda f: f.assign(minutes=["soon", *f["minutes"][1:]]),
         "raters.csv: row 2: the minutes 'soon' is not a number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(
    study: MadeStudy, tmp_path: Path, capsys, file: str, change, message: str
):
    assert build(changed(study, tmp_path, file, change), tmp_path / "ours") == 3
    assert message in refused(capsys)


def test_raw_answers_without_a_questionnaire(study: MadeStudy, tmp_path: Path, capsys):
    code = call(*study.arguments(), "--name", "ours", "--out", str(tmp_path / "ours"))
    assert code == 3
    assert "raters.csv has raw answers to pvq21: add --questionnaire pvq21" in refused(capsys)


@pytest.mark.parametrize("name", ["sample", "value_portrait", "Our Values", ""])
def test_a_name_that_cannot_be(study: MadeStudy, tmp_path: Path, capsys, name: str):
    assert build(study, tmp_path / "ours", name=name) == 3
    assert "the name" in refused(capsys)


def test_settings_are_read_strictly(study: MadeStudy, tmp_path: Path, capsys):
    settings = tmp_path / "settings.yaml"
    settings.write_text("screening: {least_minute: 3}\n")
    assert build(study, tmp_path / "ours", "--settings", str(settings)) == 3
    assert "least_minute" in refused(capsys)


def test_attention_checks_and_simulated_raters(study: MadeStudy, tmp_path: Path, capsys):
    answers = ["Blue"] * 110 + ["red"] * 10

    def checked(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.drop(columns="failed_checks").assign(color=answers, number="3")

    settings = tmp_path / "settings.yaml"
    settings.write_text(
        "synthetic: true\ntitle: Ours\nlanguage: German\nlicence: CC0\n"
        "checks: {color: blue, number: 3}\n"
        "screening: {most_failed_checks: 0, inconsistent_share: null}\n"
    )
    found = changed(study, tmp_path, "raters", checked)
    assert build(found, tmp_path / "ours", "--settings", str(settings)) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Simulated raters: nobody rated these items." in printed
    assert "110 of 120 raters are kept" in printed
    assert "removed by more than 0 attention checks failed 10" in printed
    assert printed.index(" items of ") < printed.index("Simulated raters: nobody")
    for command in ("tables", "tags"):
        with pytest.raises(SystemExit) as done:
            main(["instrument", command, "--data", str(tmp_path / "ours")])
        assert done.value.code == 0
        shown = capsys.readouterr().out
        assert "Simulated raters: nobody rated these items." in shown
        assert "SAMPLE" not in shown
    (log,) = evaluate(
        value_portrait(data=str(tmp_path / "ours"), variants="v1"),
        model="respondent/power",
        log_dir=str(tmp_path / "logs"),
    )
    with pytest.raises(SystemExit):
        main(["show", log.location])
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.startswith(
        "Asked 1 of 6 prompt variants: on items rated by simulated raters, respondent/power "
    )
    assert "110 simulated people" in shown
    assert "SIMULATED RATERS: nobody rated these items" in shown
    assert "SAMPLE" not in shown
    card = load_instrument(str(tmp_path / "ours")).card
    assert (card.synthetic, card.title, card.licence) == (True, "Ours", "CC0")
    assert "Language: German" in card.prose


def test_known_scores_and_other_kinds_of_files(study: MadeStudy, tmp_path: Path):
    people = pd.read_csv(study.folder / "raters.csv", dtype=str)[["rater"]]
    scores = pd.DataFrame(study.values[:, :2], columns=["Universalism", "self_direction"])
    people.join(scores).to_json(tmp_path / "raters.json", orient="records")
    items = pd.read_csv(study.folder / "items.csv", dtype=str)
    items.to_csv(tmp_path / "items.tsv", sep="\t", index=False)
    ratings = pd.read_csv(study.folder / "ratings.csv")
    labels = ratings.assign(rating=[CHOICES[rating - 1] for rating in ratings["rating"]])
    labels.to_parquet(tmp_path / "ratings.parquet")
    found = read_study(
        tmp_path / "ratings.parquet", tmp_path / "items.tsv", tmp_path / "raters.json", []
    )
    assert list(found.scores.columns) == ["Universalism", "Self-Direction"]
    assert np.allclose(found.scores["Self-Direction"], study.values[:, 1])
    usual = read_study(*(study.folder / f"{n}.csv" for n in ("ratings", "items", "raters")),
                       ["pvq21"])  # fmt: skip
    assert found.ratings["rating"].tolist() == usual.ratings["rating"].tolist()


def test_scores_that_nobody_centred_are_noted(study: MadeStudy, tmp_path: Path):
    people = pd.read_csv(study.folder / "raters.csv", dtype=str)[["rater"]]
    people.join(pd.DataFrame(study.values + 4, columns=list(SCHWARTZ))).to_csv(
        tmp_path / "raters.csv", index=False
    )
    found = read_study(
        study.folder / "ratings.csv", study.folder / "items.csv", tmp_path / "raters.csv", []
    )
    assert any("average 4.00, so they are not centred" in note for note in found.notes)


def test_prompts_of_ones_own(study: MadeStudy, tmp_path: Path, capsys):
    assert build(study, tmp_path / "first") == 0
    own = tmp_path / "first" / "lm_evaluation" / "prompts"
    file = own / "v1" / "reddit_prompt.txt"
    file.write_text("Bitte lesen.\n" + file.read_text())
    assert build(study, tmp_path / "ours", "--prompts", str(own)) == 0
    assert load_prompts(str(tmp_path / "ours"))["v1", True].startswith("Bitte lesen.")
    capsys.readouterr()
    file.write_text(file.read_text().replace("somewhat like me", "etwas wie ich"))
    assert build(study, tmp_path / "third", "--prompts", str(own)) == 3
    assert "does not offer the answer 'somewhat like me'" in refused(capsys)
    file.write_text((own / "v1_reversed" / "reddit_prompt.txt").read_text())
    assert build(study, tmp_path / "third", "--prompts", str(own)) == 3
    assert "offers the answers in another order than its variant" in refused(capsys)
    with pytest.raises(DataError, match="there is no folder of prompts"):
        instrument_prompts(tmp_path / "nowhere")
