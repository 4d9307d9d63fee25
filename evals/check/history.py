"""Many checks in one picture: what drifted slowly while no single check failed."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evals.reports.picture import BLUE, BROWN, label, picture
from ratings.errors import DataMissingError
from ratings.input.strict_files import Document, MalformedFileError, parse_json, read_text
from ratings.output.json_values import json_object
from ratings.output.numbers import how_many
from scorers.change.control_chart import control_chart

_NONE_FAILED = "no check found it moved"
_COLUMNS, _PANEL = 3, (3.4, 2.0)


@dataclass(frozen=True, eq=False)
class History:
    """The checks of one benchmark against a baseline, the earliest first.

    Attributes:
        benchmark: what was asked.
        table: a row a check and score: `started`, `log`, `score`, `difference`, `error` (that of
            asking again), `margin`, `verdict`, `average` (of the differences so far, weighted by
            how recent they are), `limit` (beyond which the average has drifted), `drifted`.
    """

    benchmark: str
    table: pd.DataFrame

    def as_json(self) -> dict[str, Any]:
        """The table and its conclusion as JSON data."""
        rows = self.table.astype(object).where(self.table.notna(), None).to_dict("records")
        return json_object(
            {
                **asdict(self),
                "sentence": self.sentence,
                "finding": self.sentence,
                "table": rows,
            }
        )

    @property
    def drifted(self) -> list[str]:
        """Scores whose average is beyond its limit at the last check."""
        last = self.table.groupby("score", sort=False).tail(1)
        return [str(name) for name in last.loc[last["drifted"], "score"]]

    @property
    def sentence(self) -> str:
        """What drifted, or that nothing did."""
        last = self.table.groupby("score", sort=False).tail(1)
        drifted = last[last["score"].isin(self.drifted)]
        checks = self.table.groupby("score").size().max()
        if drifted.empty:
            return f"{self.benchmark}: no score drifted over {how_many(checks, 'checks')}."
        listed = ", ".join(
            f"{row.score} by {row.average:+.2f} (limit {row.limit:.2f})"
            for row in drifted.itertuples()
        )
        failed = self.table.loc[self.table["verdict"] == "moved", "log"].nunique()
        single = (
            "no check found it moved"
            if not failed
            else f"{how_many(failed, 'checks')} found a score moved"
        )
        return f"{self.benchmark}: {listed} drifted over {how_many(checks, 'checks')}; {single}."


def read_history(folder: Path) -> list[History]:
    """The checks in a folder of files that `valuegauge check --json` wrote, by benchmark.

    Raises:
        DataMissingError: when the folder is not there or holds no check.
        MalformedFileError: when a file is no list of checks.
    """
    if not folder.is_dir():
        raise DataMissingError(f"there is no folder {folder}")
    rows: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.json")):
        document = parse_json(read_text(path), str(path))
        rows += _rows(document, path)
    if not rows:
        raise DataMissingError(
            f"{folder} holds no check; write one with `valuegauge check LOGS --baseline B --json "
            f"> {folder}/NAME.json`"
        )
    frame = pd.DataFrame(rows).drop_duplicates(["benchmark", "log", "started", "score"])
    return [
        History(str(name), _charted(part.sort_values("started", kind="stable")))
        for name, part in frame.groupby("benchmark", sort=True)
    ]


def _rows(document: Document, path: Path) -> list[dict[str, Any]]:
    """A row a check and score that has an error on these items."""
    try:
        return [
            {
                "benchmark": check["benchmark"],
                "log": check["log"],
                "started": check["started"],
                "score": score["name"],
                "difference": score["on"]["difference"]["value"],
                "error": score["error"],
                "baseline_error": score["baseline_error"],
                "margin": score["margin"],
                "verdict": score["verdict"],
            }
            for check in document.value
            for score in check["scores"]
            if score["error"] is not None and score["on"]["difference"]["value"] is not None
        ]
    except (LookupError, TypeError) as error:
        raise MalformedFileError(
            str(path), "is not what `valuegauge check --json` writes", "type"
        ) from error


def _charted(frame: pd.DataFrame) -> pd.DataFrame:
    parts, scores = [], frame["score"].nunique()
    for _, part in frame.groupby("score", sort=False):
        difference, error, of_baseline = (
            part[n].to_numpy(float) for n in ("difference", "error", "baseline_error")
        )
        chart = control_chart(difference, error, of_baseline, scores)
        parts.append(part.assign(average=chart.averages, limit=chart.limits, drifted=chart.drifted))
    return pd.concat(parts).drop(columns="benchmark").reset_index(drop=True)


def draw_history(path: Path, found: Sequence[History]) -> None:
    """Draw a control chart a score: single checks as dots, their average and its limits as lines.

    Args:
        path: .svg, .png or .pdf.
        found: by benchmark.
    """
    panels = [
        (one.benchmark, str(score), part)
        for one in found
        for score, part in one.table.groupby("score", sort=False)
    ]
    rows = math.ceil(len(panels) / _COLUMNS)
    with picture(path, _COLUMNS * _PANEL[0], max(rows, 1) * _PANEL[1]) as axes:
        axes.set_axis_off()
        for index, (benchmark, score, part) in enumerate(panels):
            row, column = divmod(index, _COLUMNS)
            bounds = (column / _COLUMNS + 0.03, 1 - (row + 0.85) / rows, 0.9 / _COLUMNS, 0.6 / rows)
            inset = axes.inset_axes(bounds)
            x = np.arange(1, len(part) + 1)
            inset.axhspan(-part["margin"].iloc[-1], part["margin"].iloc[-1], color=BLUE, alpha=0.08)
            inset.plot(x, part["difference"], "o", color="#8d99ae", markersize=3)
            inset.plot(x, part["average"], color=BROWN if part["drifted"].any() else BLUE)
            for sign in (-1, 1):
                inset.step(x, sign * part["limit"], where="mid", color=BROWN, lw=0.7, linestyle=":")
            inset.set_title(label(f"{benchmark}: {score}", 40), fontsize=7)
            inset.tick_params(labelsize=6)
            inset.spines[["top", "right"]].set_visible(False)
