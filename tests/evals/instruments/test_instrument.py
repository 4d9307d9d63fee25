import json
from itertools import combinations

import numpy as np
import pytest

from evals.cli.main import main
from evals.instruments.averages import figure_4, recorded_profiles
from evals.instruments.tables import instrument_tables
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import load_instrument
from scorers.tags.coverage import pair_distances


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["instrument", "tables", *arguments])
    return int(ended.value.code or 0)


@pytest.mark.parametrize("kind", ["same", "opposite"])
def test_pairs_and_distances_are_those_counted_by_hand(kind: str):
    instrument = load_instrument("sample")
    strong = instrument.significant()[:10]
    counts = dict.fromkeys(range(1, 6), 0)
    for item in range(len(instrument.items)):
        signs = np.sign(instrument.correlations[:10, item]) * strong[:, item]
        for one, other in combinations(np.flatnonzero(signs), 2):
            if (signs[one] == signs[other]) == (kind == "same"):
                steps = abs(int(one) - int(other))
                counts[min(steps, 10 - steps)] += 1
    by_item = pair_distances(instrument.correlations[:10], strong, kind)
    assert by_item.sum(axis=1).tolist() == list(counts.values())
    table = next(t for t in instrument_tables("sample") if t.name == f"Table 3, {kind}")
    column = table.frame["pairs"]
    assert column["all"] == sum(counts.values()) > 100
    mean = sum(steps * count for steps, count in counts.items()) / column["all"]
    assert column["mean distance"] == pytest.approx(mean)
    assert column["low"] < mean < column["high"]


def test_the_interval_of_the_mean_distance_has_its_seed():
    def ends(seed: int) -> list[float]:
        table = instrument_tables("sample", seed=seed)[-1]
        return table.frame["pairs"][["low", "high"]].tolist()

    assert ends(1) == ends(1) != ends(2)


def test_the_sample_has_tables_and_says_what_is_left_out(capsys):
    assert call("--data", "sample", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["synthetic"]
    assert set(found["left_out"]) == {"Table 1", "Figure 4"}
    names = [table["table"] for table in found["tables"]]
    assert names == ["Section 3.2.3", "Table 2", "Table 3, same", "Table 3, opposite"]
    for table in found["tables"]:
        assert table["follow"] == {}
        assert not any("printed" in name for row in table["rows"] for name in row)
    shares = {row["row"]: row["share"] for row in found["tables"][1]["rows"]}
    assert sum(shares[name] for name in SCHWARTZ) == pytest.approx(1)
    assert call("--data", "sample") == 0
    shown = capsys.readouterr().out
    assert "SYNTHETIC SAMPLE" in shown
    assert "Table 1: left out, the sample's queries have no topics" in shown


def test_without_any_tag_shares_and_distances_are_missing(capsys):
    assert call("--data", "sample", "--threshold", "1", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    of_values, *pairs = found["tables"][1:]
    assert all(row["share"] is None for row in of_values["rows"])
    for table in pairs:
        rows = {row["row"]: row["pairs"] for row in table["rows"]}
        assert rows["all"] == 0
        assert rows["mean distance"] is rows["low"] is rows["high"] is None


@pytest.mark.usefixtures("mirror")
def test_the_official_tables_are_compared_with_the_paper_at_its_threshold_only(capsys):
    assert call("--json") == 0
    found = {table["table"]: table for table in json.loads(capsys.readouterr().out)["tables"]}
    assert found["Table 1"]["follow"] == {"per cent": {"of": 30, "cells": 30}}
    assert found["Table 2"]["follow"]["share, any p"] == {"of": 12, "cells": 12}
    assert {"Figure 4, left", "Figure 4, middle", "Figure 4, right"} <= set(found)
    assert call("--threshold", "0.4", "--json") == 0
    other = json.loads(capsys.readouterr().out)
    assert all(table["follow"] == {} for table in other["tables"])
    assert "Figure 4" in other["left_out"]


@pytest.mark.usefixtures("mirror")
def test_nothing_is_downloaded_for_the_averages(monkeypatch, tmp_path):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    recorded = recorded_profiles(["o1-mini", "grok-2-1212", "no such model"])
    assert recorded.shape == (0, 10)


def test_averages_of_profiles_without_a_recording():
    import pandas as pd

    from evals.instruments.averages import OTHER_GPT, REASONING, SIZES

    rng = np.random.default_rng(0)
    names = [*OTHER_GPT, *REASONING, *SIZES]
    printed = pd.DataFrame(rng.normal(0, 0.3, (len(names), 10)), names, list(SCHWARTZ))
    none = pd.DataFrame(columns=list(SCHWARTZ), dtype=float)
    left, middle, right = figure_4(printed, none)
    assert "recorded" not in left.frame
    assert left.frame["mean"].tolist() == pytest.approx(printed.mean().tolist())
    assert (
        (left.frame["low"] < left.frame["mean"]) & (left.frame["mean"] < left.frame["high"])
    ).all()
    gap = printed.loc[REASONING[0]] - printed.loc[list(OTHER_GPT)].mean()
    assert middle.frame[f"{REASONING[0]} - mean"].tolist() == pytest.approx(gap.tolist())
    assert right.frame.loc["variance over values"].tolist() == pytest.approx(
        printed.loc[list(SIZES)].var(axis=1, ddof=1).tolist()
    )
