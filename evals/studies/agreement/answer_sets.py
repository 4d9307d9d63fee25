"""Sets of answers to Value Portrait, wherever they are: logs, recordings, people, one's own CSV."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray
from ratings.data_sets.own.file import read_cells
from ratings.errors import DataError, DataMissingError, nearest_first
from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.instruments.value_portrait import (
    CHOICES,
    load_human_ratings,
    load_instrument,
    load_recording,
    recording_of,
    recordings,
)
from ratings.output.numbers import how_many
from ratings.sources.locations import resolve_from_start
from scorers.agreement.scores import Answers
from scorers.answers.recorded_responses import recorded_grid
from scorers.inspect_adapter.log_files import LOG_SUFFIXES, find_logs
from scorers.inspect_adapter.run_log import RunLog, read_run, read_runs
from scorers.scores.responses import ResponseMatrix

BENCHMARK = "value_portrait"
PEOPLE = "people"
_WAYS = f"a log, a folder with one, a recording, '{PEOPLE}' or a CSV file"


@dataclass(frozen=True, eq=False)
class AnswerSet:
    """Answers and where they are from.

    Attributes:
        answers: as the statistics take them.
        rater: who answered; two sets of one rater are test and retest.
        asked: what else may differ between two sets, by name.
        synthetic: whether they are of simulated items or raters.
    """

    answers: Answers
    rater: str
    asked: dict[str, str]
    synthetic: bool = False

    @property
    def name(self) -> str:
        """For people."""
        return self.answers.name


def read_sets(given: Sequence[str], data: str | None = None) -> tuple[str, list[AnswerSet]]:
    """Two or more sets of answers, each with a name of its own, and the data that they are of.

    Args:
        given: logs, folders with one log, recordings of the source, `people`, or CSV files.
        data: whose items recordings, people and CSV files rated; by default those of the first log.

    Raises:
        DataError: says which cannot be read, and why.
    """
    if len(given) < 2:
        raise DataError(f"needs two sets of answers or more, found {len(given)}: {_WAYS}")
    logs = {name: read_run(path) for name in given if (path := _log_of(name)) is not None}
    for run in logs.values():
        if run.task != BENCHMARK:
            raise DataError(f"{run.path} is of {run.task}; this compares answers to {BENCHMARK}")
    of_logs = [str(run.all_arguments.get("data", "official")) for run in logs.values()]
    data = data or (of_logs[0] if of_logs else "official")
    found = [_of_log(logs[name]) if name in logs else _of_name(name, data) for name in given]
    counts = Counter(one.name for one in found)
    named, seen = [], Counter[str]()
    for one in found:
        seen[one.name] += 1
        name = f"{one.name} #{seen[one.name]}" if counts[one.name] > 1 else one.name
        named.append(replace(one, answers=replace(one.answers, name=name)))
    return data, named


def each_set(given: Sequence[str], left_out: Callable[[str], object]) -> list[AnswerSet]:
    """The sets of answers of logs, of all logs in folders, and of recordings.

    Args:
        given: their names.
        left_out: takes a line for each log in a folder that is left out, and why.

    Raises:
        DataError: says which cannot be read, and why.
    """
    paths = {name: resolve_from_start(name) for name in given}
    logs = [path for path in paths.values() if path.is_dir() or path.suffix in LOG_SUFFIXES]
    runs = read_runs(logs, left_out) if logs else []
    for run in runs:
        if run.task != BENCHMARK:
            raise DataError(f"{run.path} is of {run.task}; this reads answers to {BENCHMARK}")
    named = [name for name, path in paths.items() if path not in logs]
    return [*map(_of_log, runs), *(_of_name(name, "official") for name in named)]


def _log_of(name: str) -> Path | None:
    """The log that a name stands for; None where it stands for something else.

    Raises:
        DataError: for a folder with no log, or several.
    """
    path = resolve_from_start(name)
    if path.is_dir():
        inside = find_logs([path])
        if len(inside) != 1:
            raise DataError(f"{name} holds {how_many(len(inside), 'logs')}; name one of them")
        return inside[0]
    return path if path.suffix in LOG_SUFFIXES else None


def _of_log(run: RunLog) -> AnswerSet:
    persona = run.arguments_of("rater").get("persona")
    rater = run.model + (f" as {persona}" if persona else "")
    settings = run.header.eval.model_generate_config.model_dump(exclude_none=True)
    return AnswerSet(
        Answers(run.model, run.grid()),
        rater,
        {
            **{name: str(value) for name, value in settings.items()},
            **{name: str(value) for name, value in run.measured["settings"].items()},
            **{name: str(run.measured[name]) for name in ("card", "card_revision")},
            "template_sha256": str(run.measured["template_sha256"]),
        },
        bool(run.metadata["synthetic"]),
    )


def _of_name(name: str, data: str) -> AnswerSet:
    card = load_instrument(data).card
    asked = {"card": card.id, "card_revision": str(card.revision)}
    if name == PEOPLE:
        table = load_human_ratings(data)
        ratings = pd.DataFrame(table.matrix(), columns=table.instances.index)
        return AnswerSet(_of_people(PEOPLE, ratings, data), PEOPLE, asked, card.synthetic)
    if Path(name).suffix.lower() == ".csv":
        return AnswerSet(_of_csv(name, data), name, asked, card.synthetic)
    recording = recording_of(name.removeprefix("recording:"))
    if data == "official" and recording in recordings():
        tags = load_instrument(data).tagged()
        grid = recorded_grid(load_recording(recording), "careful", tags)
        return AnswerSet(Answers(recording, grid), recording, asked)
    known = nearest_first(name, recordings())[:3]
    raise DataError(f"{name!r} is not {_WAYS}; recordings of a similar name: {', '.join(known)}")


def _of_csv(name: str, data: str) -> Answers:
    """One's own ratings: `instance` and `rating`, and `rater` or `variant` where there are several.

    Raises:
        DataError: names the file, and the row where there is one.
    """
    path = resolve_from_start(name)
    if not path.is_file():
        raise DataMissingError(f"there is no file {name}")
    found = read_cells(path, ["instance", "rating"])
    for needed in ("instance", "rating"):
        if needed not in found.header:
            raise DataError(f"{path.name}: has no column {needed!r}")
    frame = pd.DataFrame(found.cells, columns=found.header, index=found.rows)
    numbers = pd.to_numeric(frame["rating"].replace("", np.nan), errors="coerce")
    possible = numbers.isin(range(1, len(CHOICES) + 1))
    for row in frame.index[~possible & frame["rating"].ne("")][:1]:
        what = frame.loc[row, "rating"]
        raise DataError(
            f"{path.name}: row {row}: the rating {what!r:.40} is no whole number from 1 to "
            f"{len(CHOICES)}"
        )
    items = load_instrument(data).items.index
    for row in frame.index[~frame["instance"].isin(items)][:1]:
        what = frame.loc[row, "instance"]
        raise DataError(f"{path.name}: row {row}: {what!r:.60} is not an item of {data} data")
    several = "rater" in frame and frame["rater"].nunique() > 1
    column = "rater" if several else "variant" if "variant" in frame else None
    if several and "variant" in frame:
        raise DataError(f"{path.name}: has several raters and a column 'variant'; leave one out")
    by = frame[column] if column else pd.Series("v1", frame.index)
    wide = pd.DataFrame({"instance": frame["instance"], "by": by, "rating": numbers})
    for row in wide.index[wide.duplicated(["instance", "by"])][:1]:
        twice = f"{wide.loc[row, 'instance']!r} of {wide.loc[row, 'by']!r}"
        raise DataError(f"{path.name}: row {row}: {twice:.90} is rated twice")
    if not numbers.notna().any():
        raise DataError(f"{path.name}: has no rating")
    table = wide.pivot(index="by", columns="instance", values="rating").astype(float)
    if several:
        return _of_people(path.stem, table, data)
    return Answers(path.stem, _matrix(table.T, data))


def _of_people(name: str, ratings: pd.DataFrame, data: str) -> Answers:
    """The mean rating of each item over people, and the ratings themselves."""
    rated = ratings.loc[:, ratings.notna().any()]
    people: FloatArray = rated.to_numpy(float)
    means = pd.DataFrame({PEOPLE: rated.mean()})
    return Answers(name, _matrix(means, data), people)


def _matrix(ratings: pd.DataFrame, data: str) -> ResponseMatrix:
    """Ratings of some items, a column a wording, with the instrument's queries and tags."""
    instrument = load_instrument(data)
    tags = pd.DataFrame(instrument.tagged().T, index=instrument.items.index).loc[ratings.index]
    return ResponseMatrix.from_ratings(
        ratings.to_numpy(float),
        samples=[str(one) for one in ratings.index],
        clusters=[str(q) for q in instrument.items.loc[ratings.index, "query"]],
        columns=[str(one) for one in ratings.columns],
        tags=[list(compress(ALL_DIMENSIONS, item)) for item in tags.to_numpy()],
    )
