"""Drawing a training set of the reasoner from the people who are not held out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decoders.reasoner.training_plan import (
    DEMOGRAPHICS,
    FEWEST,
    FIXED,
    Segment,
    TrainingPlan,
)
from ratings.arrays import IntArray
from ratings.errors import DataError, unknown_name
from ratings.instruments.indie_value import FORMS
from ratings.survey.demonstrations import MOST
from ratings.survey.evaluation_sample import EvaluationSample
from ratings.survey.survey import Survey, statement_positions

Positions = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

_TRIES = 32


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """B blocks, each what is given about a person drawn for it, and N probes of these.

    Attributes:
        survey: the people.
        segments: the setups.
        person: B positions in the survey.
        segment: B indices of setups.
        shown: B arrays of positions of the questions whose answers are given, in order; empty where
            demographics are given.
        block: N indices among the B.
        question: N positions of the probed questions.
        chosen: N positions of the person's statement among those of the probe, from 0.
    """

    survey: Survey
    segments: tuple[Segment, ...]
    person: IntArray
    segment: IntArray
    shown: tuple[IntArray, ...]
    block: IntArray
    question: IntArray
    chosen: IntArray

    def __len__(self) -> int:
        """Number of probes, N."""
        return len(self.question)


def draw_training_set(
    survey: Survey,
    sample: EvaluationSample,
    plan: TrainingPlan,
    seed: int = 0,
    people: IntArray | None = None,
) -> TrainingSet:
    """Draw people, what is given about them, and what they are asked.

    The paper writes once that the set is made from the held-out people; its figures only make
    sense if it is made from the others, as its own account of the baselines says, and so it is
    here. Each question has N examples of as many people, who answered it and enough others.
    Answers that a person did not give are neither given nor asked. `200` draws people who answered
    200 other questions; `mixed` draws a number from 50 to 200 and then a person who answered as
    many, as the authors' release does.

    Args:
        survey: the people.
        sample: who is held out and who is not.
        plan: what is drawn.
        seed: of the draw.
        people: positions of those to draw from; by default all who are not held out.

    Raises:
        DataError: when one of the people is held out, or there are too few.
        UnknownNameError: when the continent is unknown.
    """
    pool = _of_continent(survey, sample.training if people is None else people, plan.continent)
    require_not_held_out(survey, pool, sample)
    most = len(survey.catalog.questions) - MOST
    if plan.probes > most:
        raise DataError(f"at most {most} probes leave {MOST} questions to give: lower probes")
    return _Draw(survey, pool, plan, np.random.default_rng([seed, 21])).run()


def require_not_held_out(survey: Survey, people: IntArray, sample: EvaluationSample) -> None:
    """Refuse to learn from those who are asked about later.

    Raises:
        DataError: names the first of them.
    """
    both = np.intersect1d(people, sample.held_out)
    if len(both):
        raise DataError(
            f"person {survey.people.index[both[0]]} is held out and must not be learned from "
            f"({len(both)} such people are among those to train on)"
        )


def _of_continent(survey: Survey, people: IntArray, continent: str | None) -> IntArray:
    if continent is None:
        return people
    groups = survey.groups("Continent")
    if continent not in groups.cat.categories:
        raise unknown_name("continent", continent, groups.cat.categories)
    found: IntArray = people[(groups == continent).to_numpy()[people]]
    return found


class _Draw:
    """The state of one draw: who was asked what so far."""

    def __init__(
        self, survey: Survey, pool: IntArray, plan: TrainingPlan, rng: np.random.Generator
    ) -> None:
        self._survey, self._pool, self._plan, self._rng = survey, pool, plan, rng
        catalog, codes = survey.catalog, survey.codes[pool]
        self._positions = {form: statement_positions(codes, catalog, form) for form in FORMS}
        there = [positions > 0 for positions in self._positions.values()]
        self._answered: Flags = np.logical_and.reduce(there)
        self._number = self._answered.sum(axis=1)
        self._demographics: Flags = survey.people.iloc[pool].notna().any(axis=1).to_numpy()
        # Nobody is asked the same twice.
        self._free = self._answered.copy()

    def run(self) -> TrainingSet:
        """Every segment in turn, each in rounds that ask every question once."""
        questions = self._answered.shape[1]
        blocks = -(-questions // self._plan.probes)
        people, segments, shown, asked, chosen = [], [], [], [], []
        for index, segment in enumerate(self._plan.segments()):
            positions = self._positions[segment.form]
            for _ in range(segment.per_question):
                for block in np.array_split(self._rng.permutation(questions), blocks):
                    number = self._number_given(segment)
                    person = self._person(segment, block, number)
                    self._free[person, block] = False
                    people.append(person)
                    segments.append(index)
                    shown.append(self._shown(person, block, number))
                    asked.append(block)
                    chosen.append(positions[person, block].astype(np.intp) - 1)
        return TrainingSet(
            survey=self._survey,
            segments=self._plan.segments(),
            person=self._pool[np.array(people, dtype=np.intp)],
            segment=np.array(segments, dtype=np.intp),
            shown=tuple(shown),
            block=np.repeat(np.arange(len(asked)), [len(block) for block in asked]),
            question=np.concatenate(asked),
            chosen=np.concatenate(chosen),
        )

    def _number_given(self, segment: Segment) -> int:
        """How many statements are given; none where demographics are."""
        if segment.context == DEMOGRAPHICS:
            return 0
        return (
            MOST if segment.demonstrations == FIXED else int(self._rng.integers(FEWEST, MOST + 1))
        )

    def _person(self, segment: Segment, block: IntArray, number: int) -> int:
        """An eligible person, drawn uniformly."""
        if len(self._pool):
            tried = self._rng.integers(len(self._pool), size=_TRIES)
            fit = tried[self._can(segment, block, number, tried)]
            if len(fit):
                return int(fit[0])
        everybody = np.arange(len(self._pool))
        fit = everybody[self._can(segment, block, number, everybody)]
        if not len(fit):
            raise self._too_few(block, number)
        return int(self._rng.choice(fit))

    def _can(self, segment: Segment, block: IntArray, number: int, people: IntArray) -> Flags:
        can: Flags = self._free[people[:, None], block].all(axis=1)
        if segment.context == DEMOGRAPHICS:
            can &= self._demographics[people]
        else:
            can &= self._number[people] - len(block) >= number
        return can

    def _shown(self, person: int, block: IntArray, number: int) -> IntArray:
        others = self._answered[person].copy()
        others[block] = False
        return self._rng.permutation(np.flatnonzero(others))[:number]

    def _too_few(self, block: IntArray, number: int) -> DataError:
        names = self._survey.catalog.questions.index[block[:1]]
        where = f" of {self._plan.continent}" if self._plan.continent else ""
        also = f" and {len(block) - 1} more" if len(block) > 1 else ""
        return DataError(
            f"{len(self._pool)} people{where} to train on are too few for {self._plan.name}: "
            f"nobody is left who answered {names[0]}{also} and {number} other questions; "
            f"lower the number per question{' or probes' if also else ''}"
        )
