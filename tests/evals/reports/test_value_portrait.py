"""A run so short that no item of it counts for a whole family of dimensions."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evals.cli.main import main
from ratings.instruments.dimensions import FAMILIES
from ratings.sources.fetch import verify
from scorers.predicted_values import fitted
from tests.leaderboard.made_logs import portrait_log


@pytest.mark.parametrize("more", [(), ("--json",), ("--variants",)])
def test_a_family_without_an_item_is_left_out(tmp_path: Path, capsys, more: tuple[str, ...]):
    log = portrait_log(tmp_path / "short.eval", items=1)
    with pytest.raises(SystemExit) as done:
        main(["show", str(log), *more])
    out, err = capsys.readouterr()
    assert (done.value.code, err) == (0, "")
    if more == ("--json",):
        found = {score["family"] for score in json.loads(out)["scores"].values()}
        assert found
        assert found < {*FAMILIES, "predicted_values"}


def test_without_peoples_ratings_predicted_values_are_absent_with_the_reason(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
):
    log = portrait_log(tmp_path / "run.eval", items=120)
    printed = []
    for at_hand in (True, False):
        if not at_hand:
            fitted._queries.cache_clear()
            monkeypatch.setattr(
                fitted,
                "verify",
                lambda *of: [replace(file, state="missing") for file in verify(*of)],
            )
        with pytest.raises(SystemExit) as done:
            main(["show", str(log)])
        assert done.value.code == 0
        printed.append(" ".join(capsys.readouterr().out.split()))
    absent = (
        "Values predicted from all ratings: none. They need people's ratings of the items asked"
    )
    assert "predicted Power" in printed[0]
    assert absent not in printed[0]
    assert "predicted Power" not in printed[1]
    assert absent in printed[1]
    assert "valuegauge data fetch value_portrait" in printed[1]
