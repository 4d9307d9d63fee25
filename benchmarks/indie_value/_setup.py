"""What one run asks of whom: the arguments that samples, prompts and baselines share."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.indie_value._prompt import group_label
from ratings.instruments.indie_value import PROBES, Catalog, load_catalog
from ratings.survey.demonstrations import NOT_SHOWN, draw_demonstrations, draw_for_each_question
from ratings.survey.evaluation_sample import EvaluationSample, evaluation_sample
from ratings.survey.nearest_neighbours import pack_statements
from ratings.survey.source import load_survey
from ratings.survey.survey import Survey

Positions = npt.NDArray[np.int8]
Shown = npt.NDArray[np.int16]

GROUPINGS = ("all", "each")


@dataclass(frozen=True)
class Setup:
    """Arguments of the task that say which answers are shown and which are asked.

    Attributes:
        survey: path of the survey's file, or None.
        demonstrations: how many answers are shown, or one category's name.
        demographics: `none`, `with` the statements, or `alone`.
        grouping: `all` questions of a set in one call, whose demonstrations are of the other
            questions; or `each` in a call of its own, with demonstrations of all questions but it.
    """

    data: str
    survey: str | None
    seed: int
    demonstrations: int | str
    demonstration_form: str
    probe_form: str
    demographics: str
    grouping: str = "all"

    def as_metadata(self) -> dict[str, Any]:
        """The setup as plain data, for the metadata of a sample."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Material:
    """The people of a setup: who is held out, what is shown of them and what they answered."""

    setup: Setup
    survey: Survey
    sample: EvaluationSample

    @property
    def catalog(self) -> Catalog:
        """The questions."""
        return self.survey.catalog

    @cached_property
    def asked(self) -> Positions:
        """R x I positions of everybody's statements in the form that is asked."""
        return self.survey.table(self.setup.probe_form).positions()

    @cached_property
    def known(self) -> Positions:
        """R x I positions of everybody's statements in the form that is shown."""
        if self.setup.demonstration_form == self.setup.probe_form:
            return self.asked
        return self.survey.table(self.setup.demonstration_form).positions()

    @cached_property
    def known_of_training(self) -> npt.NDArray[np.uint64]:
        """What the training people said in the form that is shown, packed for the search."""
        counts = self.catalog.choice_counts(self.setup.demonstration_form)
        return pack_statements(self.known[self.sample.training], counts)

    @cached_property
    def _shown(self) -> dict[int, Shown]:
        return {}

    def shown(self, probe: int) -> Shown:
        """E x I: the rank of each question among those shown of a held-out person, from 0."""
        if probe not in self._shown:
            self._shown[probe] = draw_demonstrations(
                self.survey, self.sample, probe, self._wanted, self.setup.seed
            )
        return self._shown[probe]

    @property
    def _wanted(self) -> int | str:
        return 0 if self.setup.demographics == "alone" else self.setup.demonstrations

    def columns(self, probe: int) -> npt.NDArray[np.intp]:
        """Positions of a probe set's questions among all."""
        return self.catalog.positions(PROBES[probe])

    def truth(self, probe: int) -> Positions:
        """E x Q positions of what the held-out people chose of a probe set's questions."""
        return self.asked[np.ix_(self.sample.held_out, self.columns(probe))]

    def questions_shown(self, position: int, probe: int) -> list[str]:
        """Ids of the questions whose answers are shown of a held-out person, as drawn."""
        return self._in_order(self.shown(probe)[position])

    def questions_shown_before_each(self, position: int, probe: int) -> list[list[str]]:
        """The same before each of the Q questions of a probe set, drawn for it alone."""
        shown = draw_for_each_question(
            self.survey, self.sample, position, probe, self._wanted, self.setup.seed
        )
        return [self._in_order(row) for row in shown]

    def _in_order(self, shown: Shown) -> list[str]:
        order = np.argsort(shown, kind="stable")[np.count_nonzero(shown == NOT_SHOWN) :]
        return [str(name) for name in self.catalog.questions.index[order]]

    def known_statements(self, position: int, questions: Sequence[str]) -> list[str]:
        """What a prompt says of a held-out person: who they are, then what they said.

        Args:
            position: the person's position among those held out.
            questions: ids of those whose answers are shown.
        """
        row = int(self.sample.held_out[position])
        said = self.survey.statements_of(row, self.setup.demonstration_form, questions)
        who = self.survey.demographic_statements_of(row) if self.shows_demographics else []
        return [*who, *said]

    @property
    def shows_demographics(self) -> bool:
        """Whether a person's demographics are shown."""
        return self.setup.demographics != "none"

    def groups(self, questions: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The statements to choose from for some questions, by group label."""
        statements = self.catalog.statements[self.setup.probe_form]
        columns = self.catalog.positions(questions)
        return {group_label(i): statements[column] for i, column in enumerate(columns)}


@lru_cache(maxsize=4)
def load_material(setup: Setup) -> Material:
    """The people of a setup; loaded once a process.

    Raises:
        DataError: when the catalog or the survey is missing or not what it should be.
    """
    load_catalog(setup.data)
    survey = load_survey(setup.data, setup.survey)
    return Material(setup, survey, evaluation_sample(survey, setup.seed))
