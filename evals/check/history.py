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
from ratings.output.text import first_of, shown_rater
from scorers.change.control_chart import control_chart

_NONE_FAILED = "no check found it moved"
_COLUMNS, _PANEL = 3, (3.4, 2.0)


@dataclass(frozen=True, eq=False)
class History:
    """The checks of one benchmark and model against a baseline, the earliest first.

    Attributes:
        benchmark: what was asked.
        model: who answered.
        baseline: what it was compared with: who answered then, and when first.
        table: a row a check and score: `started`, `log`, `score`, `difference`, `error` (that of
            asking again), `margin`, `verdict`, `average` (of the differences so far, weighted by
            how recent they are), `limit` (beyond which the average has drifted), `drifted`.
    """

    benchmark: str
    model: str
    baseline: str
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
    def name(self) -> str:
        """The benchmark, the model and the baseline."""
        return f"{self.benchmark}, {self.raters}"

    @property
    def raters(self) -> str:
        """The model and the baseline."""
        return f"{shown_rater(self.model)} against {shown_rater(self.baseline)}"

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
            return f"{self.name}: no score drifted over {how_many(checks, 'checks')}."
        farthest = (drifted["average"].abs() / drifted["limit"]).sort_values(ascending=False)
        listed = first_of(
            [
                f"{row.score} {row.difference:+.2f}"
                for row in drifted.loc[farthest.index].itertuples()
            ]
        )
        failed = self.table.loc[self.table["verdict"] == "moved", "log"].nunique()
        single = (
            "no check found it moved"
            if not failed
            else f"{how_many(failed, 'checks')} found a score moved"
        )
        return (
            f"{self.name}: {len(drifted)} of {how_many(len(last), 'scores')} drifted over "
            f"{how_many(checks, 'checks')}: {listed} (differences at the last check); {single}."
        )


def read_history(folder: Path) -> list[History]:
    """The checks in a folder of files that `valuegauge check --json` wrote, series by series.

    A series is of one benchmark, model and baseline. A baseline that further runs were added to is
    the same one, also where older runs left it (`--roll`): each holds a run that an earlier one
    held, or that passed a check against it.

    Raises:
        DataMissingError: when the folder is not there or holds no check.
        MalformedFileError: when a file is no list of checks.
    """
    if not folder.is_dir():
        raise DataMissingError(f"there is no folder {folder}")
    checks: list[_Check] = []
    for path in sorted(folder.glob("*.json")):
        checks += _checks(parse_json(read_text(path), str(path)), path)
    if not any(check.rows for check in checks):
        raise DataMissingError(
            f"{folder} holds no check; write one with `valuegauge check LOGS --baseline B --json "
            f"> {folder}/NAME.json`"
        )
    found = []
    for series in _series(sorted(checks, key=lambda check: check.started)):
        frame = pd.DataFrame([row for check in series for row in check.rows])
        if len(frame):
            table = _charted(frame.drop_duplicates(["log", "started", "score"]))
            found.append(History(*series[0].of[:2], series[0].baseline, table))
    return sorted(found, key=lambda one: one.benchmark)


@dataclass(frozen=True)
class _Check:
    """One check of a file.

    Attributes:
        of: the benchmark, the model, and that of the baseline.
        started: when the run began.
        log_id: of the run.
        accepted: by id of the baseline's logs when they began; empty where the file is older.
        failed: whether it failed the gate.
        rows: one a score that has an error on these items.
    """

    of: tuple[str, str, str]
    started: str
    log_id: str
    accepted: dict[str, str]
    failed: bool
    rows: list[dict[str, Any]]

    @property
    def baseline(self) -> str:
        """Who answered it, and when first."""
        first = min(self.accepted.values(), default="")[:16].replace("T", " ")
        return f"{self.of[2]} of {first}" if first else self.of[2]


def _series(checks: Sequence[_Check]) -> list[list[_Check]]:
    """Checks by benchmark, model and baseline, each in the order given."""
    found: list[tuple[list[_Check], set[str]]] = []
    for check in checks:
        logs = set(check.accepted)
        same = [one for one in found if one[0][0].of == check.of]
        mine = next((one for one in same if logs & one[1] or not logs or not one[1]), None)
        if mine is None:
            mine = ([], set())
            found.append(mine)
        mine[0].append(check)
        mine[1].update(logs)
        if logs and not check.failed:
            mine[1].add(check.log_id)  # a rolling baseline may hold it next
    return [one for one, _ in found]


def _checks(document: Document, path: Path) -> list[_Check]:
    """The checks of a file."""
    try:
        return [
            _Check(
                of=(str(check["benchmark"]), str(check["after"]), str(check["before"])),
                started=str(check["started"]),
                log_id=str(check.get("log_id", "")),
                accepted={str(log["id"]): str(log["started"]) for log in check.get("accepted", ())},
                failed=bool(check["failed"]),
                rows=[
                    {
                        "log": check["log"],
                        "started": check["started"],
                        "score": score["name"],
                        "difference": score["on"]["difference"]["value"],
                        "error": score["error"],
                        "baseline_error": score["baseline_error"],
                        "margin": score["margin"],
                        "verdict": score["verdict"],
                    }
                    for score in check["scores"]
                    if score["error"] is not None and score["on"]["difference"]["value"] is not None
                ],
            )
            for check in document.value
        ]
    except (AttributeError, LookupError, TypeError) as error:
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
    return pd.concat(parts).reset_index(drop=True)


def draw_history(path: Path, found: Sequence[History]) -> None:
    """Draw a control chart a score: single checks as dots, their average and its limits as lines.

    Args:
        path: .svg, .png or .pdf.
        found: by series; each panel says of which model and baseline it is where there are several.
    """
    panels = [
        (
            label(f"{one.benchmark}: {score}", 40)
            + (f"\n{label(one.raters, 70)}" if len(found) > 1 else ""),
            part,
        )
        for one in found
        for score, part in one.table.groupby("score", sort=False)
    ]
    rows = math.ceil(len(panels) / _COLUMNS)
    with picture(path, _COLUMNS * _PANEL[0], max(rows, 1) * _PANEL[1]) as axes:
        axes.set_axis_off()
        for index, (title, part) in enumerate(panels):
            row, column = divmod(index, _COLUMNS)
            bounds = (column / _COLUMNS + 0.03, 1 - (row + 0.85) / rows, 0.9 / _COLUMNS, 0.6 / rows)
            inset = axes.inset_axes(bounds)
            x = np.arange(1, len(part) + 1)
            inset.axhspan(-part["margin"].iloc[-1], part["margin"].iloc[-1], color=BLUE, alpha=0.08)
            inset.plot(x, part["difference"], "o", color="#8d99ae", markersize=3)
            inset.plot(x, part["average"], color=BROWN if part["drifted"].any() else BLUE)
            for sign in (-1, 1):
                inset.step(x, sign * part["limit"], where="mid", color=BROWN, lw=0.7, linestyle=":")
            inset.set_title(title, fontsize=7 if len(found) == 1 else 5.5)
            inset.tick_params(labelsize=6)
            inset.spines[["top", "right"]].set_visible(False)
