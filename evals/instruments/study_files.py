"""A rating study of one's own: who rated which new item how, and what is known of the raters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.data_sets.own.choices import positions
from ratings.data_sets.own.numbers import read_numbers
from ratings.data_sets.own.user_tables import ALL_ENDINGS, OwnTable, RowError, read_own_table
from ratings.data_sets.own.words import at_most, folded, same_names
from ratings.errors import DataError, DataMissingError
from ratings.instruments.dimensions import ALL_DIMENSIONS, dimension_name
from ratings.instruments.portrait_writing import option_of
from ratings.instruments.value_portrait import CHOICES
from ratings.output.numbers import how_many
from ratings.questionnaires.questionnaire import (
    QUESTIONNAIRES,
    Questionnaire,
    load_questionnaire,
    score_answers,
)
from ratings.sources.locations import resolve_from_start
from ratings.table import RatingTable
from scorers.screening.screen import FAILED_CHECKS, MINUTES

TOPIC = "topic"
_FAR_FROM_CENTRED = 1.0  # mean of a person's value scores, in points of the questionnaire


@dataclass(frozen=True, eq=False)
class Study:
    """What was read.

    Attributes:
        ratings: N rows with `rater`, `item` and `rating` (1 to 6).
        items: I rows indexed by item as `<query>-<option>`: `query`, `title` (empty for none),
            `text`, `response`, and `topic` where it was given.
        raters: R rows indexed by rater: all columns of the file as text.
        numbers: of the same raters the columns that screening reads.
        answers: R x items of each questionnaire, whole numbers, NaN where missing.
        scores: R x D, of the dimensions that were measured.
        notes: what a user should know of how the files were read.
    """

    ratings: pd.DataFrame
    items: pd.DataFrame
    raters: pd.DataFrame
    numbers: pd.DataFrame
    answers: dict[str, pd.DataFrame]
    scores: pd.DataFrame
    notes: tuple[str, ...]

    def signs(self, checks: Mapping[str, str | int]) -> pd.DataFrame:
        """What screening looks at: `failed_checks` and `minutes` of each rater, where known.

        Args:
            checks: the right answer of each attention check, by column.

        Raises:
            DataError: for a check without a column, or a file that has its own count as well.
        """
        out = pd.DataFrame(index=self.raters.index)
        for name in (FAILED_CHECKS, MINUTES):
            if name in self.raters:
                out[name] = self.numbers[name]
        absent = [name for name in checks if name not in self.raters]
        if absent:
            raise DataError(f"the file of raters has no column {absent[0]!r}, which is a check")
        if checks and FAILED_CHECKS in self.raters:
            raise DataError(
                f"the file of raters has a column {FAILED_CHECKS!r}, and the settings have checks; "
                f"keep one"
            )
        if checks:
            right = pd.Series({name: str(answer) for name, answer in checks.items()})
            given = self.raters[list(checks)].fillna("")
            failed = given.apply(lambda column: column.map(folded) != folded(right[column.name]))
            out[FAILED_CHECKS] = failed.sum(axis=1)
        return out

    def table(self, raters: pd.Index) -> RatingTable:
        """The ratings of some raters, with their scores; items that none of them rated are out."""
        kept = self.ratings[self.ratings["rater"].isin(raters)]
        items = self.items[self.items.index.isin(kept["instance"].unique())]
        people = self.scores.loc[raters[raters.isin(kept["rater"].unique())]]
        return RatingTable(kept, people, items, CHOICES)


def read_study(ratings: Path, items: Path, raters: Path, questionnaires: Sequence[str]) -> Study:
    """Read the three files of a study, each CSV, TSV, Parquet or JSON.

    Args:
        ratings: with the columns `rater`, `item` and `rating`: a whole number from 1 to 6 or one
            of the six phrases. A row without a rating is none.
        items: with `item`, `query`, `text` and `response`, and perhaps `title` and `topic`.
        raters: with `rater`; a column for each dimension whose score is known, or for each raw
            answer, named as `pvq21_7`; and whatever else is known.
        questionnaires: names of those whose raw answers there are.

    Raises:
        DataError: names the file and the row, and what is wrong with it.
        UnknownNameError: for a questionnaire that is not known; names the nearest.
    """
    keys = [load_questionnaire(name) for name in dict.fromkeys(questionnaires)]
    people = _read(raters, ["rater"], None)
    people.refuse_blank(["rater"])
    people.refuse_rounded("rater")
    people.refuse_repeated(["rater"])
    known, notes = _items(
        _read(items, ["item", "query", "text", "response"], ["title", TOPIC, "value"])
    )
    rated, more = _ratings(_read(ratings, ["rater", "item", "rating"]), known, people)
    answers = {one.name: _answers(people, one) for one in keys}
    scores, about = _scores(people, keys, answers)
    names = people.frame["rater"].to_numpy()
    silent = sorted(set(names) - set(rated["rater"]))
    if silent:
        about.append(f"{how_many(len(silent), 'raters')} have no rating (such as {silent[0]!r})")
    unrated = known.index[~known.index.isin(rated["instance"])]
    if len(unrated):
        about.append(
            f"nobody rated {how_many(len(unrated), 'items')}, left out (such as {unrated[0]!r})"
        )
    return Study(
        rated,
        known,
        people.frame.set_index("rater"),
        _screened_by(people),
        answers,
        scores,
        (*notes, *more, *(f"{people.path.name}: {note}" for note in people.notes), *about),
    )


def _read(given: Path, needed: Sequence[str], optional: Sequence[str] | None = ()) -> OwnTable:
    path = resolve_from_start(str(given))
    if not path.is_file():
        raise DataMissingError(f"there is no file {path}")
    return read_own_table(path, needed, optional, endings=ALL_ENDINGS)


def _items(table: OwnTable) -> tuple[pd.DataFrame, list[str]]:
    """I items by their names, `<query>-<option>`."""
    table.refuse_blank(["item", "query", "text", "response"])
    table.refuse_rounded("item")
    table.refuse_repeated(["item"])
    frame = table.frame.assign(title=table.frame.get("title", pd.Series(dtype=str)))
    frame = frame.assign(title=frame["title"].reindex(table.frame.index).fillna(""))
    for column in ("title", "text", *((TOPIC,) if TOPIC in frame else ())):
        first = frame.groupby("query")[column].transform("first")
        odd = (frame[column].fillna("") != first.fillna("")).to_numpy()
        if odd.any():
            row, query = int(frame.index[odd][0]), frame["query"][odd].iloc[0]
            what = f"the {column} of query {query!r} is another than in its first row"
            raise RowError(table.path, row, what)
    names = [
        f"{query}-{option_of(item, query)}"
        for item, query in zip(frame["item"], frame["query"], strict=True)
    ]
    out = frame.assign(instance=names)
    table.of(out).refuse_repeated(["instance"])
    return out.set_index("instance"), [f"{table.path.name}: {note}" for note in table.notes]


def _ratings(
    table: OwnTable, items: pd.DataFrame, people: OwnTable
) -> tuple[pd.DataFrame, list[str]]:
    """N ratings with `rater`, `instance` and `rating`, of raters and items that are known."""
    blank = table.frame["rating"].isna()
    notes = [f"{table.path.name}: {note}" for note in table.notes]
    if blank.all():
        raise DataError(f"{table.path.name}: no row has a rating")
    if blank.any():
        notes.append(
            f"{table.path.name}: {how_many(int(blank.sum()), 'rows')} without a rating left out "
            f"(first: row {table.frame.index[blank][0]})"
        )
    table = table.of(table.frame[~blank])
    table.refuse_blank(["rater", "item"])
    frame = table.frame
    for column, known in (("rater", people.frame["rater"]), ("item", items["item"])):
        names, renamed = same_names(frame[column], known, column)
        frame = frame.assign(**{column: names})
        notes += renamed
    table = table.of(frame)
    table.refuse_repeated(["rater", "item"])
    table.refuse_unknown("rater", people)
    odd = ~frame["item"].isin(items["item"])
    if odd.any():
        row = int(frame.index[odd][0])
        raise RowError(table.path, row, f"item {frame.loc[row, 'item']!r} is not in the items file")
    names = frame["item"].map(dict(zip(items["item"], items.index, strict=True)))
    table = table.of(frame.assign(instance=names))
    found, more = positions(table, dict.fromkeys(items.index, CHOICES))
    rated = table.frame.assign(rating=found)[["rater", "instance", "rating"]]
    return rated, [*notes, *at_most(more, "ratings spelt otherwise")]


def _answers(people: OwnTable, key: Questionnaire) -> pd.DataFrame:
    """Raw answers to a questionnaire, R x items, named as in its key."""
    columns = {f"{key.name}_{item}": item for item in key.items}
    absent = [name for name in columns if name not in people.frame]
    if absent:
        more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        raise DataError(
            f"{people.path.name}: row 1: no column {absent[0]!r}{more}, which {key.name} needs"
        )
    answers = people.frame.set_index("rater")[list(columns)].rename(columns=columns)
    return answers.apply(lambda column: _number_or_text(column, people.mark))


def _screened_by(people: OwnTable) -> pd.DataFrame:
    """The columns that screening reads, as numbers."""
    names = [name for name in (FAILED_CHECKS, MINUTES) if name in people.frame]
    found = {name: _numbers(people, name).to_numpy() for name in names}
    return pd.DataFrame(found, index=people.frame["rater"].to_numpy())


def _number_or_text(column: pd.Series, mark: str) -> pd.Series:
    """Numbers where cells hold some; what is no number stays, for whoever reads it to refuse."""
    numbers = read_numbers(column, mark).values
    whole = numbers == np.floor(numbers)
    found = numbers.astype(object).mask(whole, numbers.fillna(0).astype(int))
    return found.where(numbers.notna() | column.isna(), column)


def _scores(
    people: OwnTable, keys: Sequence[Questionnaire], answers: dict[str, pd.DataFrame]
) -> tuple[pd.DataFrame, list[str]]:
    """R x D scores, given or made from raw answers, and notes."""
    found: dict[str, pd.Series] = {}
    source: dict[str, str] = {}
    raters = people.frame["rater"].to_numpy()
    for column in people.frame.columns.drop("rater"):
        name = _dimension(people, str(column), keys)
        if name is None:
            continue
        if name in found:
            raise DataError(f"{people.path.name}: row 1: two columns of {name}")
        found[name] = pd.Series(_numbers(people, str(column)).to_numpy(), index=raters)
        source[name] = f"the column {column!r}"
    for key in keys:
        scores = score_answers(answers[key.name], key)
        for name in (name for name in scores.columns if name in ALL_DIMENSIONS):
            if name in found:
                raise DataError(
                    f"{people.path.name}: {name} is measured twice, by {source[name]} and by "
                    f"{key.name}; keep one"
                )
            found[name], source[name] = scores[name], key.name
    if not found:
        raise DataError(_nothing_measured(people))
    frame = pd.DataFrame({name: found[name] for name in ALL_DIMENSIONS if name in found})
    if frame.notna().sum().max() < 3:
        raise DataError(f"{people.path.name}: fewer than three raters have a score")
    return frame, _not_centred(people, frame, source)


def _dimension(people: OwnTable, column: str, keys: Sequence[Questionnaire]) -> str | None:
    """The dimension that a column holds scores of; None for any other column."""
    spelt = column.strip().casefold().replace("_", "-").replace(" ", "-")
    known = {name.casefold().replace(" ", "-"): name for name in ALL_DIMENSIONS}
    if spelt in known:
        return dimension_name(column)
    if any(column == f"{key.name}_{item}" for key in keys for item in key.items):
        return None
    close = get_close_matches(spelt, known, n=1, cutoff=0.8)
    if close:
        raise DataError(
            f"{people.path.name}: row 1: unknown column {column!r}; did you mean "
            f"{known[close[0]]!r}?"
        )
    return None


def _numbers(people: OwnTable, column: str) -> pd.Series:
    texts = people.frame[column]
    found = read_numbers(texts, people.mark).values
    odd = texts.notna() & found.isna()
    if odd.any():
        row = int(texts.index[odd][0])
        raise RowError(people.path, row, f"the {column} {texts.loc[row]!r} is not a number")
    return found


def _nothing_measured(people: OwnTable) -> str:
    prefixed = [
        name
        for name in QUESTIONNAIRES
        if any(str(column).startswith(f"{name}_") for column in people.frame.columns)
    ]
    if prefixed:
        return (
            f"{people.path.name} has raw answers to {prefixed[0]}: add --questionnaire "
            f"{prefixed[0]} to score them"
        )
    return (
        f"{people.path.name}: row 1: no column of scores, such as 'Power' or 'Openness', and no "
        f"--questionnaire was named to score raw answers, such as 'pvq21_1'"
    )


def _not_centred(people: OwnTable, scores: pd.DataFrame, source: dict[str, str]) -> list[str]:
    """A note where given value scores look as if nobody centred them."""
    given = [n for n in ALL_DIMENSIONS[:10] if n in scores and source[n].startswith("the column")]
    if len(given) < 10 or abs(scores[given].mean(axis=1).mean()) < _FAR_FROM_CENTRED:
        return []
    return [
        f"{people.path.name}: the ten value scores of a rater average "
        f"{scores[given].mean(axis=1).mean():.2f}, so they are not centred within the person; the "
        f"published instrument's are"
    ]
