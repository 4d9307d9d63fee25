"""What a training set of the reasoner is made of: the rows of Table 15, Table 4 and Figure 6."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ratings.errors import DataError, unknown_name

FEWEST = 50
FIXED, MIXED = "200", "mixed"
STATEMENTS, DEMOGRAPHICS = "statements", "demographics"

# Forms of the statements given, and of those asked.
FORMS: Mapping[str, tuple[str, ...]] = {
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


@dataclass(frozen=True)
class Segment:
    """One setup of a training set, with as many examples for each question.

    Attributes:
        form: of the probe, `polar` or `refined`.
        context: what is given about the person, `statements` or `demographics`.
        demonstrations: `200` or `mixed`; None where demographics are given.
        demonstration_form: `polar` or `refined`; None where demographics are given.
        per_question: examples for each question.
    """

    form: str
    context: str
    demonstrations: str | None
    demonstration_form: str | None
    per_question: int


@dataclass(frozen=True)
class TrainingPlan:
    """A training set: for each question, N examples in equal parts of all its setups.

    With both forms of demonstrations and of probes and 200 demonstrations these are the sets
    `p200_p1`, `r200_p1`, `p200_r1` and `r200_r1` of the authors' release.

    Attributes:
        probe_forms: `p`, `r` or `p+r`: the forms of the statements to choose from.
        demonstrations: `200`, `mixed` (uniform from 50 to 200) or `mixed+200`.
        per_question: N.
        probes: how many probes share one draw of a person's demonstrations; 1 in the paper. None
            of them is among these demonstrations.
        told: what is given about the person: `statements`, `demographics`, or `both`: half of the
            examples each.
        continent: the only one whose people are drawn; None for the world.
        demonstration_forms: `p`, `r` or `p+r`: the forms of the statements given; both in the
            release.
    """

    probe_forms: str
    demonstrations: str
    per_question: int
    probes: int = 1
    told: str = STATEMENTS
    continent: str | None = None
    demonstration_forms: str = "p+r"

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            UnknownNameError: for a word that is not one of those above.
            DataError: when N does not divide into equal parts.
        """
        for what, value, allowed in (
            ("probe form", self.probe_forms, FORMS),
            ("form of demonstrations", self.demonstration_forms, FORMS),
            ("number of demonstrations", self.demonstrations, DEMONSTRATIONS),
            ("kind of what is given", self.told, TOLD),
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
        elif self.demonstration_forms != "p+r":
            words.append(f"demo_form={self.demonstration_forms}")
        words.append(f"N={self.per_question}")
        if self.told != STATEMENTS:
            words.append(f"told={self.told}")
        if self.continent:
            words.append(f"continent={self.continent}")
        if self.probes > 1:
            words.append(f"probes={self.probes}")
        return ", ".join(words)

    def segments(self) -> tuple[Segment, ...]:
        """The setups; those that need people of most answers come first."""
        probes, shown = FORMS[self.probe_forms], FORMS[self.demonstration_forms]
        numbers, kinds = DEMONSTRATIONS[self.demonstrations], TOLD[self.told]
        found = []
        if STATEMENTS in kinds:
            size = self.per_question // (len(kinds) * len(probes) * len(shown) * len(numbers))
            found += [
                Segment(probe, STATEMENTS, number, form, size)
                for number in numbers
                for probe in probes
                for form in shown
            ]
        if DEMOGRAPHICS in kinds:
            size = self.per_question // (len(kinds) * len(probes))
            found += [Segment(probe, DEMOGRAPHICS, None, None, size) for probe in probes]
        return tuple(found)

    def smallest(self) -> "TrainingPlan":
        """The same setups with as few examples as can be, 39 to a person: to calibrate on."""
        return replace(self, per_question=self._least, probes=39)

    @property
    def _least(self) -> int:
        """The least N that has all setups."""
        kinds, least = TOLD[self.told], len(FORMS[self.probe_forms])
        if STATEMENTS in kinds:
            numbers = DEMONSTRATIONS[self.demonstrations]
            least *= len(numbers) * len(FORMS[self.demonstration_forms])
        return len(kinds) * least
