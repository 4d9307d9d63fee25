"""What is given of a participant: which parts, by name, and how each is worded."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ratings.errors import DataError, unknown_name
from ratings.preferences.turns import by_time
from ratings.prism.codebook import MEANING
from ratings.prism.codebook import STATED as STATED_PREFERENCES
from ratings.prism.prism import Prism

NONE, DEMOGRAPHICS, STATED, DESCRIPTION, RATINGS = (
    "none", "demographics", "stated", "description", "ratings",
)  # fmt: skip
KINDS = (DEMOGRAPHICS, STATED, DESCRIPTION, RATINGS)
MOST_RATINGS = 500
NOTHING_KNOWN = "(nothing)"
# What somebody answered who did not want to.
SILENT = "Prefer not to say"
_FEATURES = {
    "age": "age",
    "gender": "gender",
    "ethnicity_simplified": "ethnicity",
    "religion_simplified": "religion",
    "location_birth_country": "country of birth",
    "location_reside_country": "country of residence",
    "education": "education",
    "employment_status": "employment",
    "marital_status": "marital status",
    "english_proficiency": "English",
    "lm_familiarity": "familiarity with language models",
    "lm_frequency_use": "use of language models",
}
_STATED = "stated_prefs_"
_OWN_WORDS = {
    "self_description": "In their own words:",
    "system_string": "What they want of a language model, in their own words:",
}


@dataclass(frozen=True)
class Known:
    """Which parts are given of a participant.

    Attributes:
        kinds: some of `KINDS`, in that order.
        ratings: of how many earlier replies at most, the last ones; None for all.
    """

    kinds: tuple[str, ...] = ()
    ratings: int | None = None

    def __str__(self) -> str:
        """The one name of these parts, as `known=` takes it."""
        names = [
            f"{kind}:{self.ratings}" if kind == RATINGS and self.ratings else kind
            for kind in self.kinds
        ]
        return "+".join(names) or NONE


def parse_known(text: str) -> Known:
    """The parts that a name stands for: `none`, or some kinds joined with `+`.

    Raises:
        UnknownNameError: for another kind.
        DataError: for one listed twice, `none` with others, or another number of ratings.

    >>> str(parse_known("ratings:5+demographics"))
    'demographics+ratings:5'
    """
    parts = [part.strip() for part in text.split("+")]
    if parts == [NONE]:
        return Known()
    kinds, number = [], None
    for part in parts:
        kind, colon, count = part.partition(":")
        if kind == NONE:
            raise DataError(f"known={text}: 'none' is not joined with anything")
        if kind not in KINDS or (colon and kind != RATINGS):
            raise unknown_name("part of known", part, (NONE, *KINDS, f"{RATINGS}:<n>"))
        if kind in kinds:
            raise DataError(f"known={text}: {kind} is listed twice")
        if colon:
            if not re.fullmatch(r"[0-9]{1,4}", count) or not 1 <= int(count) <= MOST_RATINGS:
                raise DataError(
                    f"known={text}: the number of ratings must be from 1 to {MOST_RATINGS}, "
                    f"found {count!r}"
                )
            number = int(count)
        kinds.append(kind)
    return Known(tuple(kind for kind in KINDS if kind in kinds), number)


class EarlierReplies:
    """The replies that participants scored in conversations before another one of their own."""

    def __init__(self, prism: Prism) -> None:
        """Sort all scored replies by person and time, once."""
        every = by_time(prism)
        scored = every["score"].notna()
        before = scored.cumsum() - scored.astype(int)  # scored replies before each reply
        person, conversation = (every[c].astype(str) for c in ("user_id", "conversation_id"))
        self._first = before.groupby(person, sort=False).min().to_dict()
        self._start = before.groupby(conversation, sort=False).min().to_dict()
        self._turn = (conversation + "-" + every["turn"].astype(str))[scored].tolist()
        self._frame = every[scored]
        self._models = self._frame["model_name"].astype(str).to_numpy()
        self._scores = self._frame["score"].to_numpy(dtype=float)
        self._texts: list[str] | None = None

    def rows(self, participant: str, conversation: str, most: int | None = None) -> range:
        """Positions of the scored replies before a conversation, the last `most` of them."""
        start, stop = self._first[participant], self._start[conversation]
        return range(start if most is None else max(start, stop - most), stop)

    def models_and_scores(self, rows: range) -> tuple[Sequence[str], Sequence[float]]:
        """The models of some replies, and their scores."""
        part = slice(rows.start, rows.stop)
        return self._models[part].tolist(), self._scores[part].tolist()

    def render(self, rows: range) -> str:
        """Some replies with their scores, under the message that they answer."""
        if self._texts is None:
            shown = zip(self._scores.tolist(), self._frame["model_response"], strict=True)
            self._texts = [f"Scored {score:g} of 100:\n{text}" for score, text in shown]
            self._prompts = self._frame["user_prompt"].tolist()
        out, last = [], None
        for row in rows:
            if self._turn[row] != last:
                last = self._turn[row]
                out.append(f"Message: {self._prompts[row]}")
            out.append(self._texts[row])
        return "\n\n".join(out)


def render_person(row: Mapping[str, object], known: Known) -> str:
    """What a participant said of themselves, without earlier ratings.

    What was not answered, or answered with "Prefer not to say", is left out.

    Args:
        row: of the survey, by column.
        known: the parts that are given.
    """
    parts = []
    if DEMOGRAPHICS in known.kinds:
        said = {what: _said(row.get(column)) for column, what in _FEATURES.items()}
        parts.append("\n".join(f"- {what}: {value}" for what, value in said.items() if value))
    if STATED in known.kinds:
        numbers = {name: row.get(f"{_STATED}{name}") for name in STATED_PREFERENCES}
        lines = [
            f"- {MEANING[name]}: {value:g}"
            for name, value in numbers.items()
            if isinstance(value, int | float) and value == value
        ]
        if lines:
            head = "How important it is to them, from 0 to 100, that a language model ..."
            parts.append("\n".join([head, *lines]))
    if DESCRIPTION in known.kinds:
        for column, head in _OWN_WORDS.items():
            if text := _said(row.get(column)):
                parts.append(f"{head}\n{text}")
    return "\n\n".join(part for part in parts if part)


def _said(value: object) -> str:
    return "" if not isinstance(value, str) or value == SILENT else value.strip()
