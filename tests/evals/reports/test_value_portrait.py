"""A run so short that no item of it counts for a whole family of dimensions."""

import json
from pathlib import Path

import pytest

from evals.cli.main import main
from ratings.instruments.dimensions import FAMILIES
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
