import json
from pathlib import Path

import pytest

from evals.check.history import read_history
from evals.cli.main import main
from ratings.errors import DataMissingError
from ratings.input.strict_files import MalformedFileError


def check(
    started: str,
    difference: float,
    verdict: str = "undecided",
    *,
    model: str = "openai/new",
    accepted: tuple[str, ...] = ("a",),
    failed: bool = False,
) -> dict:
    return {
        "benchmark": "value_portrait",
        "after": model,
        "before": "openai/old",
        "log": f"{started}.eval",
        "log_id": f"eval of {started}",
        "accepted": [{"id": name, "started": "2026-01-01T10:00:00+00:00"} for name in accepted],
        "failed": failed,
        "started": started,
        "scores": [
            {
                "name": name,
                "on": {"difference": {"value": value}},
                "error": 0.05 if value is not None else None,
                "baseline_error": 0.02,
                "margin": 0.2,
                "verdict": verdict,
            }
            for name, value in (("Power", difference), ("Security", 0.0), ("spread", None))
        ],
    }


@pytest.fixture
def drifting(tmp_path: Path) -> Path:
    """A folder of checks of which none finds that a score moved."""
    for month in range(1, 13):
        found = [check(f"2026-{month:02d}-01", 0.012 * month)]
        (tmp_path / f"{13 - month:02d}.json").write_text(json.dumps(found))
    return tmp_path


def test_what_drifted_is_named_though_no_check_failed(drifting: Path):
    (found,) = read_history(drifting)
    assert found.drifted == ["Power"]
    assert found.sentence.startswith(
        "value_portrait, openai/new against openai/old of 2026-01-01 10:00: 1 of 2 scores drifted "
        "over 12 checks: Power +0.14 (differences at the last check); "
    )
    assert found.sentence.endswith("; no check found it moved.")
    power = found.table[found.table["score"] == "Power"]
    assert power["started"].is_monotonic_increasing
    assert set(found.table["score"]) == {"Power", "Security"}


def test_of_many_that_drifted_five_are_named_the_farthest_first(tmp_path: Path):
    one = check("2026-01-01", 0.0)
    score = one["scores"][0]
    one["scores"] = [
        score | {"name": f"score {n}", "on": {"difference": {"value": value}}}
        for n, value in enumerate((1.0, 0.0, -2.0, 3.0, 4.0, 5.0, 6.0, -7.0))
    ]
    (found,) = read_history(written(tmp_path, one))
    assert found.sentence.split("10:00: ")[1] == (
        "7 of 8 scores drifted over 1 check: score 7 -7.00, score 6 +6.00, score 5 +5.00, "
        "score 4 +4.00, score 3 +3.00 and 2 more (differences at the last check); no check found "
        "it moved."
    )


def test_a_check_in_two_files_counts_once(drifting: Path):
    (drifting / "copy.json").write_text((drifting / "01.json").read_text())
    (found,) = read_history(drifting)
    assert len(found.table) == 24


def test_as_a_user_types_it(drifting: Path, tmp_path: Path, capsys):
    for more, code in (([], 1), (["--json"], 1), (["--picture", str(tmp_path / "c.svg")], 1)):
        with pytest.raises(SystemExit) as caught:
            main(["history", str(drifting), *more])
        assert caught.value.code == code
        out = capsys.readouterr().out
        assert "Power" in out
        if more == ["--json"]:
            (found,) = json.loads(out)
            assert found["table"][0]["score"] == "Power"
            assert found["finding"] == found["sentence"]
        elif not more:
            assert out.startswith("value_portrait, openai/new against openai/old of 2026-01-01")
            assert "Power +0.14" in out.splitlines()[0]
    assert (tmp_path / "c.svg").read_text().count("<svg") == 1


def test_a_folder_without_checks_is_one_line(tmp_path: Path):
    with pytest.raises(DataMissingError, match="holds no check"):
        read_history(tmp_path)
    with pytest.raises(DataMissingError, match="there is no folder"):
        read_history(tmp_path / "none")


@pytest.mark.parametrize("text", ["[1]", '[{"benchmark": "a"}]', "3", '{"scores": 1}'])
def test_other_json_is_refused(tmp_path: Path, text: str):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(MalformedFileError):
        read_history(tmp_path)


def written(folder: Path, *checks: dict) -> Path:
    for number, one in enumerate(checks):
        (folder / f"{number}.json").write_text(json.dumps([one]))
    return folder


def test_models_and_baselines_have_series_of_their_own(tmp_path: Path, capsys):
    written(
        tmp_path,
        check("2026-02-01", 0.1),
        check("2026-02-02", 0.5, model="openai/<script>$x$"),
        check("2026-02-03", 0.2),
        check("2026-02-04", 0.9, accepted=("b",)),  # another baseline of the same model
    )
    found = read_history(tmp_path)
    assert [one.model for one in found] == ["openai/new", "openai/<script>$x$", "openai/new"]
    assert [one.table["difference"].max() for one in found] == [0.2, 0.5, 0.9]
    with pytest.raises(SystemExit):
        main(["history", str(tmp_path), "--picture", str(tmp_path / "c.svg")])
    printed = capsys.readouterr()
    assert printed.err == (
        f"{tmp_path} holds checks of several models or baselines; each is charted by itself\n"
    )
    assert printed.out.count(" against ") == 3
    assert "<script>" not in (tmp_path / "c.svg").read_text()


def test_a_rolling_baseline_is_one_series(tmp_path: Path):
    written(
        tmp_path,
        check("2026-02-01", 0.1),
        check("2026-02-02", 0.2, accepted=("eval of 2026-02-01",)),  # --roll 1
        check("2026-02-03", 0.3, accepted=("c", "eval of 2026-02-01"), failed=True),
        check("2026-02-04", 0.4, accepted=("eval of 2026-02-03",)),  # accepted though it failed
    )
    first, second = read_history(tmp_path)
    assert len(first.table) == 6
    assert len(second.table) == 2


def test_checks_of_an_older_version_are_of_one_baseline(tmp_path: Path):
    checks = [check(f"2026-02-0{day}", 0.1) for day in range(1, 5)]
    for one in checks[:2]:
        del one["log_id"], one["accepted"]
    (found,) = read_history(written(tmp_path, *checks))
    assert len(found.table) == 8
