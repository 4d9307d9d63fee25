"""How far each system prompt moves each score from that without one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.studies.system_prompts.prompts import SystemPrompt
from evals.studies.system_prompts.runs import TASK, VANILLA
from ratings.arrays import BoolArray, FloatArray
from ratings.errors import DataError, unknown_name
from ratings.input.text_files import as_written
from ratings.instruments.dimensions import FAMILIES
from scorers.inspect_adapter.run_log import RunLog, read_run
from scorers.intervals.joint_errors import JointErrors
from scorers.intervals.means import mean_of_present
from scorers.intervals.scopes import Scoped
from scorers.scores.joint_differences import joint_differences
from scorers.scores.manifests import ScoreFamily, manifest_of
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import SharedResponses, shared_responses, tags_of


@dataclass(frozen=True, eq=False)
class PromptDifferences:
    """B x D differences of scores, with a system prompt less without, on the answers of both.

    Errors of all B x D go together, because the prompts are compared with the same run and the
    scores share items; they are in the order of the differences, all D of the first prompt first.

    Attributes:
        prompts: B.
        scores: D names.
        vanilla: D scores without a system prompt.
        on: the differences with the error of asking the same items again.
        beyond: with the error of drawing other items of the kind.
        joint_on: all errors on these items with their covariances.
        joint_beyond: beyond them.
        answers: of each family, of the run without a prompt and then of each prompt.
    """

    prompts: tuple[SystemPrompt, ...]
    scores: tuple[str, ...]
    vanilla: FloatArray
    on: Scoped
    beyond: Scoped
    joint_on: JointErrors
    joint_beyond: JointErrors
    answers: tuple[SharedResponses, ...]

    @property
    def values(self) -> FloatArray:
        """B x D differences."""
        return self.beyond.values

    @property
    def cov_on(self) -> FloatArray:
        """(B D) x (B D) covariances of the errors on these items."""
        return self.joint_on.covariance

    @property
    def cov_beyond(self) -> FloatArray:
        """(B D) x (B D) covariances of the errors beyond these items."""
        return self.joint_beyond.covariance

    @cached_property
    def item_changes(self) -> FloatArray:
        """B x S, how far each prompt moves the mean rating of each item; NaN where missing."""
        first = self.answers[0]
        differing = first.less(0, range(1, len(self.prompts) + 1))
        return mean_of_present(differing.numbers, axis=2)

    @property
    def tagged(self) -> BoolArray:
        """D x S, which items count for which score."""
        return np.concatenate([tags_of(one.layout, one.family) for one in self.answers])

    @property
    def clusters(self) -> npt.NDArray[np.str_]:
        """S queries."""
        return np.asarray(self.answers[0].layout.clusters, dtype=str)


def prompt_differences(
    logs: Sequence[Path], prompts: Sequence[SystemPrompt], families: Sequence[str]
) -> PromptDifferences:
    """The differences that logs show.

    Args:
        logs: one of a run without a system prompt and one of each prompt, in any order.
        prompts: B.
        families: of scores, such as `schwartz`.

    Raises:
        UnknownNameError: for a family that there is not.
        DataError: for a log that cannot be read, or that is of another model or asks something
            else than the others; for a prompt without a log, or with two.
    """
    runs = [read_run(path, [TASK]) for path in logs]
    _check_alike(runs)
    by_text: dict[str | None, RunLog] = {}
    for run in runs:
        given = run.arguments.get("persona")
        text = None if given is None else as_written(given)
        if text in by_text:
            raise DataError(f"{run.path} and {by_text[text].path} have the same system prompt")
        by_text[text] = run
    for label, text in [(VANILLA, None), *((one.label, one.text) for one in prompts)]:
        if text not in by_text:
            raise DataError(f"there is no log with {label} among the {len(logs)} given")
    grids = [by_text[text].grid() for text in (None, *(one.text for one in prompts))]
    return differences_of(grids, prompts, families)


def differences_of(
    grids: Sequence[ResponseMatrix], prompts: Sequence[SystemPrompt], families: Sequence[str]
) -> PromptDifferences:
    """The differences that answers show.

    Args:
        grids: answers without a system prompt, then with each of the B prompts.
        prompts: B.
        families: of scores.

    Raises:
        UnknownNameError: for a family that there is not.
        DataError: when no item counts for any of the scores.
    """
    answers = [shared_responses(grids, _family(name)) for name in families]
    found = joint_differences(answers, 0, range(1, len(grids)))
    if found is None:
        raise DataError("no item that was asked counts for any of the scores")
    vanilla = [replace(one, repeats=one.repeats[:1]).observations[0][1] for one in answers]
    return PromptDifferences(
        prompts=tuple(prompts),
        scores=tuple(found.scores.names),
        vanilla=np.concatenate([observed.scores()[0] for observed in vanilla]),
        on=found.scores.on,
        beyond=found.scores.beyond,
        joint_on=found.on,
        joint_beyond=found.beyond,
        answers=tuple(answers),
    )


def _family(name: str) -> ScoreFamily:
    if name not in FAMILIES:
        raise unknown_name("family", name, FAMILIES)
    return manifest_of(TASK).scores[name]


def _check_alike(runs: Sequence[RunLog]) -> None:
    """Refuse runs of several models, and such as ask different things."""
    first = runs[0]
    for run in runs[1:]:
        if run.model != first.model:
            raise DataError(f"{run.path} is a log of {run.model}, {first.path} of {first.model}")
        same = run.measured == first.measured
        if not same or run.arguments_of("part") != first.arguments_of("part"):
            raise DataError(f"{run.path} asks something else than {first.path}")
