import copy
import json
from pathlib import Path

import numpy as np
import pytest

from evals.check.baseline import add_askings, baseline_run
from evals.check.change_check import check_run, read_margins, refuse_unknown_margins
from evals.check.check_text import markdown, moved_lines, moved_most
from evals.check.conclusion import conclusion
from evals.check.regression import Regression
from ratings.errors import DataError, DataMissingError, UnknownNameError
from ratings.input.strict_files import MalformedFileError
from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.instruments.value_portrait import load_instrument
from scorers.comparison.score_checks import VALID
from scorers.inspect_adapter.run_log import RunLog, read_run
from scorers.scores.manifests import manifest_of
from tests.leaderboard.made_logs import choice_log, portrait_log, portrait_ratings

PREDICTED = manifest_of("value_portrait").scores["predicted_values"].names


def portrait(folder: Path, name: str, ratings: np.ndarray, **options: object) -> RunLog:
    model = options.pop("model", f"openai/{name}")
    return read_run(portrait_log(folder / f"{name}.eval", model, ratings=ratings, **options))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("accepted")
    return baseline_run(portrait(folder, "old", portrait_ratings(0, 120)))


@pytest.fixture
def accepted(made):
    """A copy that the test may change."""
    return copy.deepcopy(made)


def names(found: Regression, verdict: str) -> list[str]:
    return [check.name for check in found.scores if check.verdict == verdict]


def test_a_run_against_itself_is_the_same_in_all_its_scores(accepted, tmp_path: Path):
    found = check_run([portrait(tmp_path, "old", portrait_ratings(0, 120))], accepted)
    assert names(found, "same") == [*ALL_DIMENSIONS, *PREDICTED, VALID]
    assert not found.failed
    assert found.sentence == (
        "On Value Portrait (synthetic sample data), openai/old did not move against the baseline "
        "of openai/old of 2026-01-01, on the same 120 items, judged on them: 0 of 720 answers "
        "differ (p = 1.0000 by how the wordings of an item agree); 20 of 20 scores are the same "
        "within their margins, 0 moved, 0 undecided; valid answers 100.0% before and 100.0% "
        "after."
    )
    assert conclusion(found) == (
        "openai/old did not move; 20 of 20 scores the same; 10 predicted scores judged "
        "separately, none moved"
    )


def test_a_part_of_the_baseline_is_said_first(accepted, tmp_path: Path):
    found = check_run([portrait(tmp_path, "old", portrait_ratings(0, 120), items=40)], accepted)
    assert conclusion(found).startswith("On 40 of 120 items openai/old ")


def test_scores_that_the_same_items_moved_share_a_line(accepted, tmp_path: Path):
    ratings = portrait_ratings(0, 120)
    ratings[:60] = 7 - ratings[:60]
    found = check_run([portrait(tmp_path, "new", ratings)], accepted)
    moved = [check for check in found.scores if check.moved_items]
    lines = moved_lines(found.scores)
    assert len(lines) == len({moved_most(check) for check in moved}) < len(moved)
    apart = [check.name for check in moved if check.apart]
    assert f"10 predicted scores judged separately, {len(apart)} moved" in conclusion(found)


def test_asking_again_is_the_yardstick_of_a_baseline_of_several_runs(tmp_path: Path):
    rng = np.random.default_rng(0)
    thinks = portrait_ratings(0, 120)

    def again() -> np.ndarray:
        return np.clip(np.rint(thinks + 0.4 * rng.standard_normal(thinks.shape)), 1, 6)

    runs = [
        baseline_run(portrait(tmp_path, f"run-{n}", again(), model="openai/a", task_id=f"{n}"))
        for n in range(3)
    ]
    (held,) = add_askings(runs[:1], runs[1:], tmp_path / "b.json")
    found = check_run([portrait(tmp_path, "new", again(), model="openai/a")], held)
    assert (found.yardstick, found.repeats) == ("repeats", (3, 1))
    assert found.sameness.verdict == "same"
    assert 0 < found.sameness.again < found.sameness.answers
    assert not found.failed
    shift = portrait(tmp_path, "shift", shifted(again(), "Power", 1), model="openai/a")
    moved = check_run([shift], held)
    assert moved.sameness.fails
    assert conclusion(moved).startswith("openai/a does not answer as the baseline does; moved: ")
    assert "Power" in names(moved, "moved")


def shifted(ratings: np.ndarray, value: str, by: float) -> np.ndarray:
    mine = load_instrument("sample").tagged()[ALL_DIMENSIONS.index(value)]
    return np.clip(ratings + by * mine[:, None], 1, 6)


def test_a_run_that_moved_says_where_and_how_far(accepted, tmp_path: Path):
    ratings = shifted(portrait_ratings(0, 120), "Power", 2)
    found = check_run([portrait(tmp_path, "new", ratings)], accepted)
    assert found.failed
    moved = {check.name: check for check in found.scores if check.verdict == "moved"}
    assert {"Power", "Self-Enhancement"} <= set(moved)
    assert moved["Power"].difference.value > 1
    assert found.sentence.startswith(
        "On Value Portrait (synthetic sample data), openai/new moved on "
    )
    shift = moved["Power"].difference
    assert f"Power {shift.value:+.2f} ({shift.low:+.2f} to {shift.high:+.2f})" in found.sentence
    assert len(moved["Power"].moved_items) == 5
    for item in moved["Power"].moved_items:
        assert item.after - item.before == pytest.approx(2)


def test_that_nothing_moved_is_said_only_where_it_was_shown(accepted, tmp_path: Path):
    ratings = portrait_ratings(0, 120)
    some = np.random.default_rng(0).random(ratings.shape) < 0.1
    new = portrait(tmp_path, "new", np.where(some, portrait_ratings(5, 120), ratings))
    found = check_run([new], accepted, scope="beyond")
    assert not found.failed
    assert names(found, "undecided")
    assert "openai/new is not shown to have moved against" in found.sentence


def test_a_part_of_the_baseline_is_checked_and_reported(accepted, tmp_path: Path):
    part = read_run(portrait_log(tmp_path / "part.eval", "openai/old", 0, items=30))
    found = check_run([part], accepted)
    assert (found.units, found.baseline_units, found.unit) == (30, 120, "items")
    assert "on the same 30 items of the baseline's 120, judged on them:" in found.sentence
    assert set(names(found, "same")) >= {VALID}


def test_runs_without_a_common_item_cannot_be_checked(accepted, tmp_path: Path):
    (accepted.grid.samples).clear()
    accepted.grid.samples.extend(f"other-{i}" for i in range(120))
    with pytest.raises(DataError, match=r"new\.eval"):
        check_run([portrait(tmp_path, "new", portrait_ratings(0, 120))], accepted)


def test_a_run_about_people_counts_people(tmp_path: Path):
    before = baseline_run(read_run(choice_log(tmp_path / "a.eval", accuracy=0.8, people=40)))
    worse = read_run(choice_log(tmp_path / "b.eval", "openai/new", 1, accuracy=0.4, people=40))
    found = check_run([worse], before)
    assert (found.units, found.unit) == (40, "people")
    assert found.scores[0].name == "accuracy"
    assert found.scores[0].verdict == "moved"
    assert found.scores[0].items == 40


def test_the_json_has_null_where_there_is_no_number(accepted, tmp_path: Path):
    silent = np.full((120, 6), np.nan)
    found = check_run([portrait(tmp_path, "new", silent)], accepted).as_json()
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text)["failed"] is True
    assert found["scores"][0]["difference"]["value"] is None
    assert found["scores"][-1]["verdict"] == "moved"


def test_margins_are_read(tmp_path: Path):
    path = tmp_path / "margins.yaml"
    path.write_text("schwartz: 0.3\nPower: 1\nvalid answers: 5\n")
    assert read_margins(path) == {"schwartz": 0.3, "Power": 1.0, "valid answers": 5.0}


@pytest.mark.parametrize(
    ("text", "line", "key", "code", "shown"),
    [
        ("", None, "", "empty", ""),
        ("{}", 1, "", "too_short", ""),
        ("- Power", 1, "", "dict_type", "['Power']"),
        ("Power", 1, "", "dict_type", "'Power'"),
        ("Power: 0", 1, "Power", "greater_than", "0"),
        ("a: 1\nPower: -1", 2, "Power", "greater_than", "-1"),
        ("Power: .nan", 1, "Power", "finite_number", "nan"),
        ("Power: .inf", 1, "Power", "finite_number", "inf"),
        ("Power: true", 1, "Power", "float_type", "True"),
        ("Power: '0.2'", 1, "Power", "float_type", "'0.2'"),
        ("Power: [0.2]", 1, "Power", "float_type", "[0.2]"),
        ("Power:", 1, "Power", "float_type", "None"),
        ("Power: 0.1\nPower: 0.2", 2, "", "repeated_key", "'Power'"),
        ("Power: 0.1\n  x: [", 2, "", "syntax", ""),
        ("Power: !!python/object:os.system 1", 1, "", "syntax", ""),
    ],
)
def test_a_file_of_margins_is_read_strictly(
    text: str, line: int | None, key: str, code: str, shown: str, tmp_path: Path
):
    path = tmp_path / "margins.yaml"
    path.write_text(text)
    with pytest.raises(MalformedFileError) as caught:
        read_margins(path)
    error = caught.value
    assert (error.file, error.line, error.key, error.code) == (str(path), line, key, code)
    assert shown in str(error)


def test_a_missing_file_of_margins_is_named(tmp_path: Path):
    with pytest.raises(DataMissingError, match=r"none\.yaml"):
        read_margins(tmp_path / "none.yaml")


def test_margins_change_verdicts(accepted, tmp_path: Path):
    ratings = portrait_ratings(0, 120)
    run = portrait(tmp_path, "new", np.clip(ratings + (np.arange(120) % 5 == 0)[:, None], 1, 6))
    strict, wide = (check_run([run], accepted, {"big_five": margin}) for margin in (0.01, 3.0))
    for name in ("Agreeableness", "Conscientiousness"):
        assert name not in names(strict, "same")
        assert name in names(wide, "same")


def test_a_margin_for_nothing_that_was_checked_is_refused(accepted, tmp_path: Path):
    portraits = check_run([portrait(tmp_path, "new", portrait_ratings(0, 120))], accepted)
    people = read_run(choice_log(tmp_path / "people.eval", people=10))
    both = [portraits, check_run([people], baseline_run(people))]
    refuse_unknown_margins({"Power": 0.1, "accuracy": 3.0, "schwartz": 0.3, "Category 0": 9}, both)
    with pytest.raises(UnknownNameError) as caught:
        refuse_unknown_margins({"accuracy": 3.0}, both[:1])
    assert caught.value.name == "accuracy"
    with pytest.raises(UnknownNameError) as caught:
        refuse_unknown_margins({"Pover": 3.0}, both)
    assert (caught.value.name, caught.value.allowed[0]) == ("Pover", "Power")


def test_longer_answers_with_the_same_ratings_are_another_model(tmp_path: Path):
    typical = np.random.default_rng(0).integers(20, 60, (120, 6))
    old, longer, bare = (
        portrait(tmp_path, name, portrait_ratings(0, 120), **more)
        for name, more in (
            ("old", {"characters": typical}),
            ("longer", {"characters": np.rint(1.2 * typical)}),
            ("bare", {}),
        )
    )
    held = baseline_run(old)
    found = check_run([longer], held)
    assert found.lengths.fails
    assert not found.sameness.fails
    assert found.failed
    assert conclusion(found) == (
        "openai/longer does not answer as the baseline does; answers are 1.20 times as long (1.20 "
        "to 1.20, p = 0.0001); no score is shown to have moved; 20 of 20 scores the same; 10 "
        "predicted scores judged separately, none moved"
    )
    assert "answers are 1.20 times as long (1.20 to 1.20, p = 0.0001); 20 of 20" in found.sentence
    assert "Lengths changed most on " in markdown(found)
    assert found.as_json()["lengths"]["fails"] is True
    same = check_run([old], held)
    assert (same.lengths.verdict, same.lengths.ratio, same.failed) == ("same", 1.0, False)
    assert "Lengths changed" not in markdown(same)
    # What may be spent on a false alarm is shared where lengths are compared.
    assert same.sameness.level + same.lengths.level == pytest.approx(0.01)
    assert check_run([bare], held).sameness.level == pytest.approx(0.01)
    assert "because the log does not hold their texts" in markdown(check_run([bare], held))
    without = check_run([longer], baseline_run(bare))
    assert not without.failed
    assert "because the baseline does not know it" in markdown(without)
