"""What a training set of the reasoner is made of: the rows of Table 15, Table 4 and Figure 6."""

from collections.abc import Mapping
from dataclasses import dataclass

from ratings.demonstrations import MOST
from ratings.errors import DataError, unknown_name

FEWEST = 50
FIXED, MIXED = "200", "mixed"
STATEMENTS, DEMOGRAPHICS = "statements", "demographics"

PROBE_FORMS: Mapping[str, tuple[str, ...]] = {
    "p": ("polar",),
    "r": ("refined",),
    "p+r": ("polar", "refined"),
}
DEMONSTRATIONS: Mapping[str, tuple[str, ...]] = {
    "200": (FIXED,),
    "mixed": (MIXED,),
    "mixed+200": (FIXED, MIXED),
}
TOLD: Mapping[str, tuple[str, ...]] = {
    "statements": (STATEMENTS,),
    "demographics": (DEMOGRAPHICS,),
    "both": (STATEMENTS, DEMOGRAPHICS),
}
# Demonstrations are told in the form in which the paper's evaluation tells them.
DEMONSTRATION_FORM = "polar"


@dataclass(frozen=True)
class Part:
    """One setup of a training set, with as many examples for each question.

    Attributes:
        form: of the probe, `polar` or `refined`.
        told: `statements` of the person, or `demographics`.
        demonstrations: `200` or `mixed`; None where demographics are told.
        per_question: examples for each question.
    """

    form: str
    told: str
    demonstrations: str | None
    per_question: int

    @property
    def fewest(self) -> int:
        """How many other questions a person must have answered to be drawn."""
        if self.told == DEMOGRAPHICS:
            return 0
        return MOST if self.demonstrations == FIXED else FEWEST


@dataclass(frozen=True)
class TrainingPlan:
    """A training set: for each question, N examples in equal parts of all its setups.

    Attributes:
        probe_forms: `p`, `r` or `p+r`: the forms of the statements to choose from.
        demonstrations: `200`, `mixed` (uniform from 50 to 200) or `mixed+200`.
        per_question: N.
        probes: how many probes share one draw of a person's demonstrations; 1 in the paper. None
            of them is among these demonstrations.
        told: `statements` of the person, `demographics`, or `both`: half of the examples each.
        continent: the only one whose people are drawn; None for the world.
    """

    probe_forms: str
    demonstrations: str
    per_question: int
    probes: int = 1
    told: str = STATEMENTS
    continent: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            UnknownNameError: for a word that is none of those above.
            DataError: when N does not divide into equal parts.
        """
        for what, value, allowed in (
            ("probe form", self.probe_forms, PROBE_FORMS),
            ("number of demonstrations", self.demonstrations, DEMONSTRATIONS),
            ("kind of what is told", self.told, TOLD),
        ):
            if value not in allowed:
                raise unknown_name(what, value, allowed)
        if self.probes < 1:
            raise DataError(f"probes must be at least 1, found {self.probes}")
        parts = self._least
        if self.per_question < 1 or self.per_question % parts:
            raise DataError(
                f"{self.per_question} examples for each question do not divide into equal parts: "
                f"take a multiple of {parts}"
            )

    @property
    def name(self) -> str:
        """In words, as the paper names its training sets.

        >>> TrainingPlan("p+r", "mixed+200", 800).name
        'probe=p+r, demo=mixed+200, N=800'
        """
        words = [f"probe={self.probe_forms}", f"demo={self.demonstrations}"]
        if self.told == DEMOGRAPHICS:
            words.pop()
        words.append(f"N={self.per_question}")
        if self.told != STATEMENTS:
            words.append(f"told={self.told}")
        if self.continent:
            words.append(f"continent={self.continent}")
        if self.probes > 1:
            words.append(f"probes={self.probes}")
        return ", ".join(words)

    def parts(self) -> tuple[Part, ...]:
        """The setups; those that need people of most answers come first."""
        forms, numbers = PROBE_FORMS[self.probe_forms], DEMONSTRATIONS[self.demonstrations]
        kinds = TOLD[self.told]
        found = []
        if STATEMENTS in kinds:
            size = self.per_question // (len(kinds) * len(forms) * len(numbers))
            found += [Part(form, STATEMENTS, number, size) for number in numbers for form in forms]
        if DEMOGRAPHICS in kinds:
            size = self.per_question // (len(kinds) * len(forms))
            found += [Part(form, DEMOGRAPHICS, None, size) for form in forms]
        return tuple(found)

    def smallest(self) -> "TrainingPlan":
        """The same setups with as few examples as can be, 39 to a person: to calibrate on."""
        return TrainingPlan(
            self.probe_forms, self.demonstrations, self._least, 39, self.told, self.continent
        )

    @property
    def _least(self) -> int:
        """The least N that has all setups."""
        forms, kinds = PROBE_FORMS[self.probe_forms], TOLD[self.told]
        numbers = DEMONSTRATIONS[self.demonstrations] if STATEMENTS in kinds else (FIXED,)
        return len(kinds) * len(forms) * len(numbers)
