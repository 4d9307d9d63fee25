"""A training set of the reasoner as prompts with known answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

import numpy as np

from decoders.language_model.prompts.encoder import require_context
from decoders.language_model.prompts.prompts import Prompts, Tokens
from decoders.reasoner.draw import TrainingSet
from decoders.reasoner.encoder import StatementEncoder
from ratings.survey.survey import Survey, statement_positions


def to_learn(encoder: StatementEncoder, found: TrainingSet, context: int) -> Prompts:
    """The probes of a training set.

    Args:
        encoder: of the model.
        found: B blocks of what is given, N probes.
        context: most tokens of a prompt with its answer.

    Raises:
        DataError: for a prompt longer than the context.
    """
    catalog = found.survey.catalog
    forms = list(dict.fromkeys(segment.form for segment in found.segments))
    groups = [group for form in forms for group in catalog.statements[form]]
    form_of = np.array([forms.index(segment.form) for segment in found.segments], dtype=np.intp)
    suffix_of = form_of[found.segment[found.block]] * len(catalog.questions) + found.question
    prompts = Prompts(
        prefixes=Prefixes(encoder, found),
        suffixes=[encoder.suffix(group) for group in groups],
        labels=[encoder.labels(group) for group in groups],
        prefix_of=found.block,
        suffix_of=suffix_of,
        labels_of=suffix_of,
        chosen=found.chosen,
        names=Names(found),
    )
    require_context(prompts, context)
    return prompts


class Prefixes(Sequence[Tokens]):
    """Prefixes of a training set, written when they are asked for: all would not fit in memory."""

    def __init__(self, encoder: StatementEncoder, found: TrainingSet) -> None:
        """Read what the people answered in the forms in which it is given."""
        self._encoder, self._found = encoder, found
        survey = found.survey
        self._people, place = np.unique(found.person, return_inverse=True)
        self._row = place
        codes = survey.codes[self._people]
        self._positions = {
            segment.demonstration_form: statement_positions(
                codes, survey.catalog, segment.demonstration_form
            )
            for segment in found.segments
            if segment.demonstration_form is not None
        }
        self._said = demographic_statements(survey)

    def __len__(self) -> int:
        """B."""
        return len(self._found.person)

    @overload
    def __getitem__(self, place: int) -> Tokens: ...
    @overload
    def __getitem__(self, place: slice) -> list[Tokens]: ...
    def __getitem__(self, place: int | slice) -> Tokens | list[Tokens]:
        """The tokens of one."""
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self._encoder.prefix(self.known(place))

    def __iter__(self) -> Iterator[Tokens]:
        """All, one at a time."""
        return (self[place] for place in range(len(self)))

    def known(self, place: int) -> list[str]:
        """The statements that are given."""
        found, row = self._found, self._row[place]
        segment = found.segments[found.segment[place]]
        if segment.demonstration_form is None:
            labels = found.survey.people.iloc[found.person[place]]
            return [
                self._said[str(name)][label]
                for name, label in labels.items()
                if isinstance(label, str)
            ]
        statements = found.survey.catalog.statements[segment.demonstration_form]
        chosen = self._positions[segment.demonstration_form][row] - 1
        return [statements[q][chosen[q]] for q in found.shown[place].tolist()]


class Names:
    """Names of probes, put together when they are asked for."""

    def __init__(self, found: TrainingSet) -> None:
        self._found = found

    def __getitem__(self, row: int) -> str:
        """The person and the question."""
        found = self._found
        person = found.survey.people.index[found.person[found.block[row]]]
        question = found.survey.catalog.questions.index[found.question[row]]
        return f"person {person} on {question}"


def demographic_statements(survey: Survey) -> Mapping[str, Mapping[str, str]]:
    """By demographic question, what a person with a label says of themselves."""
    return {
        name: {label: question.statements[code] for code, label in question.labels.items()}
        for name, question in survey.catalog.demographics.items()
    }
