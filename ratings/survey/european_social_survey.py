"""Values of people in the European Social Survey, read from the user's own copy of its CSV file.

No row of it is shipped, downloaded or passed on. The user says where the file lies and confirms
once that they hold it under its licence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray
from ratings.errors import DataError, unknown_name
from ratings.input.strict_files import StrictFields, Text, Whole, parse_yaml, read_text
from ratings.instruments.dimensions import SCHWARTZ
from ratings.questionnaires.questionnaire import load_questionnaire, score_answers, usable
from ratings.sources.cards import load_card
from ratings.sources.fetch import check_terms
from ratings.survey.csv_file import ENCODING, find_survey, first_row, require_whole, sniff

CARD = "european_social_survey"
VARIABLE = "VALUEGAUGE_ESS"
FIRST_ROUND = 11

# No answer, refusal, don't know, not applicable: as the survey codes them for one or two digits.
_NO_ANSWER = (7, 8, 9, 66, 77, 88, 99)
_COUNTRY, _ROUND, _PERSON = "cntry", "essround", "idno"
_WEIGHT, _WEIGHTS = "anweight", ("pspwght", "pweight")
_DESIGN = ("stratum", "psu")


@dataclass(frozen=True)
class SurveyGroups(StrictFields):
    """Groups by the codes of a variable.

    Attributes:
        variable: of the survey.
        groups: first and last code of each group, both included, in the order of tables.
    """

    variable: Text
    groups: dict[Text, tuple[Whole, Whole]]


@dataclass(frozen=True, eq=False)
class EuropeanSocialSurvey:
    """R people whose values could be scored.

    Attributes:
        scores: R x 10, the values of Schwartz's theory in the order of `SCHWARTZ`, from 1 to 6 less
            the person's mean over the 21 items; higher is more important.
        weights: R, the survey's analysis weights.
        countries: R codes of two letters.
        strata: R numbers; within a stratum clusters were drawn.
        clusters: R numbers; the people of a cluster were drawn together.
        groups: R x groupings, names of groups; missing where a person is in none.
        names: of the groups of each grouping, in order.
        origin: which survey this is.
        notes: who is left out, and how the sample's design is known.
    """

    scores: pd.DataFrame
    weights: FloatArray
    countries: pd.Series
    strata: npt.NDArray[np.intp]
    clusters: npt.NDArray[np.intp]
    groups: pd.DataFrame
    names: Mapping[str, tuple[str, ...]]
    origin: str
    notes: tuple[str, ...]


def survey_groupings() -> dict[str, list[SurveyGroups]]:
    """The groupings of people that the survey's variables give, by name."""
    path = Path(__file__).with_suffix(".yaml")
    return parse_yaml(read_text(path), str(path)).check(dict[Text, list[SurveyGroups]])


def load_european_social_survey(
    given: str | None = None, countries: Sequence[str] = ()
) -> EuropeanSocialSurvey:
    """The people of the survey with their values, weights and groups.

    Left out are, as Schwartz advises, people with more than 5 of the 21 items missing or with the
    same answer to more than 16, and people without a weight.

    Args:
        given: path of the CSV file as the survey's portal gives it, round 11 or later; None reads
            `VALUEGAUGE_ESS`, or the folder of mirrors.
        countries: codes of two letters, such as DE; all that the file has by default.

    Raises:
        DataMissingError: when the file is not there.
        TermsError: when the user has not yet confirmed the survey's terms.
        UnknownNameError: for a country that the file does not have.
        DataError: when it is not such a file; a missing variable is named.
    """
    path = find_survey(given, VARIABLE, CARD, "European Social Survey", "--ess PATH")
    check_terms(load_card(CARD))
    status = path.stat()
    return _load(path, tuple(countries), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=2)
def _load(path: Path, countries: tuple[str, ...], changed: int, size: int) -> EuropeanSocialSurvey:
    """As `load_european_social_survey`; the file's time and size make a changed file read again."""
    delimiter, header = sniff(path, _COUNTRY)
    items = _items(path, header)
    weights = _weight_columns(path, header)
    grouped = _grouped(header)
    first = dict(zip(header, first_row(path, delimiter), strict=False))
    require_whole(path, delimiter, header)
    design = [name for name in _DESIGN if name in header]
    numbers = [*items, *weights, *(one.variable for one in grouped.values()), _ROUND]
    people = _read(path, delimiter, header, list(dict.fromkeys(numbers)), design)
    people = _of_countries(path, people, countries)
    early = people[_ROUND] < FIRST_ROUND
    if early.any():
        raise DataError(
            f"{path} holds round {people.loc[early, _ROUND].iloc[0]:.0f} of the survey; rounds "
            f"{FIRST_ROUND} and later are read"
        )
    asked = load_questionnaire("ess_pvq21")
    answers = people[items].set_axis(list(asked.items), axis=1)
    answers = answers.mask(answers.isin(_NO_ANSWER))
    answered = usable(answers, asked)
    weight = people[weights].prod(axis=1, skipna=False)
    weighted = weight > 0
    kept = answered & weighted
    if not kept.any():
        raise DataError(f"{path} holds nobody with a weight and answers to the 21 value items")
    people, weight = people[kept], weight[kept]
    codes = sorted(set(people[_COUNTRY]))
    rounds = " and ".join(f"{one:.0f}" for one in sorted(set(people[_ROUND])))
    edition = f", edition {first['edition'].strip()}" if first.get("edition", "").strip() else ""
    return EuropeanSocialSurvey(
        scores=score_answers(answers[kept], asked)[list(SCHWARTZ)],
        weights=weight.to_numpy(),
        countries=people[_COUNTRY],
        strata=_numbered(people[_COUNTRY], people.get("stratum")),
        clusters=_clusters(people),
        groups=pd.DataFrame(
            {name: _group_of(people[of.variable], of) for name, of in grouped.items()},
            index=people.index,
        ),
        names={name: tuple(of.groups) for name, of in grouped.items()},
        origin=f"European Social Survey round {rounds}{edition}, {', '.join(codes)}",
        notes=(
            f"{int((~answered).sum())} of {len(kept)} people left out: more than 5 of the 21 value "
            f"items missing, or more than 16 answered alike",
            *([f"{n} left out: no weight"] if (n := int((answered & ~weighted).sum())) else []),
            "errors by strata and primary sampling units"
            if len(design) == len(_DESIGN)
            else "errors as if people were drawn one by one in each country: the file has no "
            + " or ".join(name for name in _DESIGN if name not in design),
        ),
    )


def _items(path: Path, header: list[str]) -> list[str]:
    """The columns of the 21 items, with or without the letter of round 11."""
    asked = load_questionnaire("ess_pvq21").items
    forms = [list(asked), [item.removesuffix("a") for item in asked]]
    form = max(forms, key=lambda names: len(set(names) & set(header)))
    absent = [name for name in form if name not in header]
    if absent:
        more = f" and {len(absent) - 3} more" if len(absent) > 3 else ""
        raise DataError(
            f"{path} lacks the value items {', '.join(absent[:3])}{more}; a file with all 21 "
            f"(human values scale) is needed"
        )
    return form


def _weight_columns(path: Path, header: list[str]) -> list[str]:
    absent = [name for name in (_COUNTRY, _ROUND, _PERSON) if name not in header]
    if absent:
        raise DataError(f"{path} lacks the column {absent[0]} of the survey's CSV file")
    if _WEIGHT in header:
        return [_WEIGHT]
    if not set(_WEIGHTS) <= set(header):
        raise DataError(f"{path} lacks weights: {_WEIGHT}, or {' and '.join(_WEIGHTS)}")
    return list(_WEIGHTS)


def _grouped(header: list[str]) -> dict[str, SurveyGroups]:
    """The groupings whose variable the file has."""
    found = {
        name: next((one for one in ways if one.variable in header), None)
        for name, ways in survey_groupings().items()
    }
    return {name: one for name, one in found.items() if one is not None}


def _read(
    path: Path, delimiter: str, header: list[str], numbers: list[str], design: list[str]
) -> pd.DataFrame:
    wanted = [_PERSON, _COUNTRY, *numbers, *design]
    twice = [name for name in wanted if header.count(name) > 1]
    if twice:
        raise DataError(f"{path} has two columns {twice[0]}")
    try:
        frame = pd.read_csv(
            path,
            sep=delimiter,
            encoding=ENCODING,
            encoding_errors="replace",
            usecols=lambda name: name.strip() in wanted,
            dtype=str,
            keep_default_na=False,
        ).rename(columns=str.strip)
    except (pd.errors.ParserError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{path} cannot be read as the survey's CSV file: {reason}") from error
    if frame.empty:
        raise DataError(f"{path} holds the names of the columns and no person")
    frame = pd.DataFrame({name: frame[name].str.strip() for name in frame.columns})
    for name in numbers:
        parsed = pd.to_numeric(frame[name].replace("", np.nan), errors="coerce")
        odd = parsed.isna() & ~frame[name].isin(["", "NA", "."])
        if odd.any():
            row = odd.to_numpy().argmax()
            raise DataError(
                f"{path}: the column {name} holds {frame[name].iloc[row]!r} (row {row + 1}) in "
                f"place of a code; the CSV file with codes is needed, without labels"
            )
        frame[name] = parsed.astype(float)
    return frame


def _of_countries(path: Path, people: pd.DataFrame, countries: tuple[str, ...]) -> pd.DataFrame:
    there = sorted(set(people[_COUNTRY]))
    for code in countries:
        if code.upper() not in there:
            raise unknown_name(f"country of {path.name}", code, there)
    wanted = {code.upper() for code in countries}
    return people[people[_COUNTRY].isin(wanted)] if countries else people


def _group_of(codes: pd.Series, by: SurveyGroups) -> pd.Series:
    """The name of each person's group."""
    within = [codes.between(first, last) for first, last in by.groups.values()]
    found = np.select(within, list(by.groups), "")
    return pd.Series(found, index=codes.index, dtype=object).replace("", None)


def _clusters(people: pd.DataFrame) -> npt.NDArray[np.intp]:
    """Primary sampling units; a person without one is a cluster of one."""
    alone = people[_ROUND].astype(str) + " " + people[_PERSON]
    unit = people["psu"].where(people["psu"] != "", "person " + alone) if "psu" in people else alone
    return _numbered(people[_COUNTRY], unit)


def _numbered(countries: pd.Series, part: pd.Series | None) -> npt.NDArray[np.intp]:
    """Numbers of the parts of countries; of whole countries where there are none."""
    named = countries if part is None else countries + " " + part
    found: npt.NDArray[np.intp] = np.unique(named.to_numpy(str), return_inverse=True)[1]
    return found
