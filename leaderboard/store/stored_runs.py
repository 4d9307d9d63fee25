"""Runs out of a store: which may share a table, and their answers."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leaderboard.store.rater_names import tell_folders_apart
from leaderboard.store.store import Connection
from ratings.sources.cards import card_ids, load_card
from scorers.scores.manifests import Manifest, manifest_of, manifests
from scorers.scores.response_checks import MEASURED, fault_of, known_samples
from scorers.scores.responses import ResponseMatrix

Row = dict[str, Any]

_NOT_WHOLE = (ValueError, LookupError, TypeError, AttributeError)
_JSON = ("settings", "columns", "labels", "statuses")


@dataclass(frozen=True, eq=False)
class TableRuns:
    """Complete runs that asked the same of the same, one a rater.

    Attributes:
        id: safe in file names.
        manifest: of the benchmark.
        runs: rows of the store's table `runs`, in the order of their raters.
        variants: names of the prompt variants; empty for a benchmark without.
    """

    id: str
    manifest: Manifest
    runs: list[Row]

    @property
    def key(self) -> dict[str, Any]:
        """What all runs have in common."""
        return {name: self.runs[0][name] for name in MEASURED}

    @property
    def variants(self) -> list[str]:
        """Names of the prompt variants, in order; empty for a benchmark without."""
        if self.manifest.answers.layout != "variants":
            return []
        return list(self.runs[0]["columns"])


def read_runs(connection: Connection) -> list[Row]:
    """All runs of benchmarks that have a manifest, in a fixed order."""
    cursor = connection.execute("SELECT * FROM runs ORDER BY benchmark, rater, started, run")
    names = [column[0] for column in cursor.description or []]
    rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    for row in rows:
        row.update({name: json.loads(row[name]) for name in _JSON})
    tell_folders_apart(rows)
    return [row for row in rows if row["benchmark"] in manifests()]


def refuse_faulty(connection: Connection, runs: Sequence[Row]) -> list[Row]:
    """Runs with `status` `refused` where their answers cannot be answers of the benchmark.

    What `collect` refuses may be in a store that an earlier version filled, or another program.
    Runs that failed or did not end have no scores to refuse, and keep the reason why.
    """
    asked = [run for run in runs if run["status"] in ("complete", "partial")]
    grids = _whole_grids(connection, asked)
    faults = {run["run"]: _fault(connection, run, grids.get(run["run"])) for run in asked}
    return [_refused(run, faults.get(run["run"])) for run in runs]


def _whole_grids(connection: Connection, runs: Sequence[Row]) -> dict[str, ResponseMatrix]:
    """The answers of all runs by run; none where those of one are not whole, which is found later.

    One query for all of them is faster than one for each.
    """
    try:
        return {
            run["run"]: grid for run, grid in zip(runs, read_grids(connection, runs), strict=True)
        }
    except _NOT_WHOLE:
        return {}


def _refused(run: Row, fault: str | None) -> Row:
    return run if fault is None else {**run, "status": "refused", "why": f"it {fault}"}


def _fault(connection: Connection, run: Row, grid: ResponseMatrix | None) -> str | None:
    manifest, known = manifest_of(run["benchmark"]), None
    if run["card"] in card_ids():
        card = load_card(run["card"])
        if card.synthetic != run["synthetic"]:
            return f"says synthetic={run['synthetic']}, and its data card says {card.synthetic}"
    if run["card"] in card_ids() or manifest.own_data is not None:
        known = known_samples(manifest, run["card"], run["card_revision"])
    try:
        if grid is None:
            (grid,) = read_grids(connection, [run])
        return fault_of(grid, manifest, known)
    except _NOT_WHOLE as error:
        return f"is not whole in the store ({type(error).__name__}: {error!s:.100})"


def tables_of(runs: Sequence[Row]) -> tuple[list[TableRuns], list[Row]]:
    """Runs sorted into tables, and those kept apart.

    A table has the newest complete run of each rater. Apart are runs that are not complete,
    earlier runs of a rater, whose `status` becomes `replaced`, and of a table with prompt variants
    those that have other variants than most, whose `status` becomes `refused`.
    """
    apart = [dict(run) for run in runs if run["status"] != "complete"]
    grouped: dict[str, list[Row]] = {}
    for run in runs:
        if run["status"] == "complete":
            grouped.setdefault(table_id(run), []).append(run)
    tables = []
    for name, members in sorted(grouped.items(), key=lambda pair: (_order(pair[1][0]), pair[0])):
        members, others = _of_usual_columns(members)
        apart += others
        newest: dict[str, Row] = {}
        for run in sorted(members, key=lambda run: (run["started"] or "", run["run"])):
            if run["rater"] in newest:
                apart.append(_replaced(newest[run["rater"]], run))
            newest[run["rater"]] = run
        kept = [newest[rater] for rater in sorted(newest)]
        tables.append(TableRuns(name, manifest_of(kept[0]["benchmark"]), kept))
    return tables, apart


def _of_usual_columns(members: list[Row]) -> tuple[list[Row], list[Row]]:
    """Runs that have the prompt variants most runs have, and the others, refused."""
    if manifest_of(members[0]["benchmark"]).answers.layout == "predictions":
        return members, []
    count = Counter(tuple(run["columns"]) for run in members)
    usual = max(count, key=lambda columns: (count[columns], len(columns), columns))
    others = [
        _refused(run, "has other answers of a sample than the other runs of its table")
        for run in members
        if tuple(run["columns"]) != usual
    ]
    return [run for run in members if tuple(run["columns"]) == usual], others


def table_id(run: Mapping[str, Any]) -> str:
    """The table a run belongs to, from all that must be alike."""
    text = json.dumps([run[name] for name in MEASURED], sort_keys=True, default=str)
    return f"{run['benchmark']}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _order(run: Row) -> tuple[str, bool]:
    return run["benchmark"], run["synthetic"]


def _replaced(earlier: Row, later: Row) -> Row:
    why = f"a run of the same rater started later ({later['started']})"
    return {**earlier, "status": "replaced", "why": why}


def read_grids(connection: Connection, runs: Sequence[Row]) -> list[ResponseMatrix]:
    """The answers of some runs, in their order."""
    wanted = [run["run"] for run in runs]
    answers = connection.execute(
        "SELECT run, rating, correct, status FROM answers WHERE run IN (SELECT unnest(?)) "
        "ORDER BY run, sample, epoch, place",
        [wanted],
    ).fetchnumpy()
    samples = connection.execute(
        "SELECT run, sample, epoch, cluster, attributes FROM samples "
        "WHERE run IN (SELECT unnest(?)) ORDER BY run, sample, epoch",
        [wanted],
    ).fetchnumpy()
    parsed: dict[str, Any] = {}  # samples of many runs have the same attributes
    for text in samples["attributes"]:
        if text not in parsed:
            parsed[text] = json.loads(text)
    measures = _read_measures(connection, wanted)
    answers |= {name: _numbers(answers[name]) for name in ("rating", "correct")}
    spans = [_bounds(found["run"], wanted) for found in (samples, answers)]
    out = []
    for run in runs:
        mine, given = (
            {name: np.asarray(column[slice(*span[run["run"]])]) for name, column in found.items()}
            for found, span in zip((samples, answers), spans, strict=True)
        )
        out.append(
            ResponseMatrix.from_store(
                mine,
                given,
                columns=run["columns"],
                attributes=[parsed[text] for text in mine["attributes"]],
                labels=run["labels"],
                choices=manifest_of(run["benchmark"]).answers.layout == "choices",
                values=measures.get(run["run"], {}),
            )
        )
    return out


def _read_measures(connection: Connection, wanted: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By run and name the further numbers of its answers, in the order of the answers."""
    found = connection.execute(
        "SELECT run, name, value FROM measures WHERE run IN (SELECT unnest(?)) "
        "ORDER BY run, name, sample, epoch, place",
        [list(wanted)],
    ).fetchnumpy()
    values, names = _numbers(found["value"]), np.asarray(found["name"], dtype=str)
    out: dict[str, dict[str, Any]] = {}
    for run, (start, stop) in _bounds(found["run"], wanted).items():
        mine = names[start:stop]
        out[run] = {str(name): values[start:stop][mine == name] for name in np.unique(mine)}
    return out


def _numbers(column: Any) -> Any:  # noqa: ANN401
    """A column that DuckDB gives with a mask where it has NULLs."""
    return np.ma.filled(np.ma.asarray(column, dtype=float), np.nan)


def _bounds(run: Any, wanted: Sequence[str]) -> dict[str, tuple[int, int]]:  # noqa: ANN401
    """First and last position of each run in a column that is sorted by run."""
    labels = np.asarray(run, dtype=str)
    return {
        one: (int(np.searchsorted(labels, one)), int(np.searchsorted(labels, one, side="right")))
        for one in wanted
    }
