"""Ask in rounds until the check against a baseline is decided, and no longer."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np

from evals.check.baseline import BaselineRun, baseline_for
from evals.check.change_check import check_run, refuse_unknown_scores
from evals.check.regression import Regression
from evals.suites.build import ReadyRun
from evals.suites.run import Outcome, read_outcomes, run_suite
from ratings.arrays import BoolArray
from ratings.errors import DataError
from ratings.output.json_values import json_object
from scorers.change.asking_noise import changes
from scorers.change.askings import askings
from scorers.change.rounds import expected_samples, spent
from scorers.comparison.score_checks import VALID
from scorers.inspect_adapter.run_log import RunLog, read_run
from scorers.scores.families import SPREADS
from scorers.scores.manifests import Manifest, manifest_of
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import counted_for

# What was measured, as far as it is known before anything is asked.
_KNOWN_BEFORE = ("comparability", "card_revision", "template_sha256", "survey_sha256")
# What the expected number of calls is given for: no change, and one score moved by so many margins.
SHIFTS = (0.0, 1.0, 2.5)


@dataclass(frozen=True)
class Decided:
    """A check that was asked for in rounds.

    Attributes:
        found: the check on all rounds.
        rounds: how many were asked.
        looks: how many there could have been.
        calls: that were made.
        most: that all rounds in full would have made.
    """

    found: Regression
    rounds: int
    looks: int
    calls: int
    most: int

    @property
    def sentence(self) -> str:
        """What was spent and saved."""
        left = any(one.verdict == "undecided" and not one.apart for one in self.found.scores)
        why = "when every score was decided"
        if left and self.rounds == self.looks:
            why = "and some scores are still undecided"
        elif left:
            why = "since further rounds do not decide the scores that are undecided"
        return (
            f"{self.found.benchmark}: stopped after {self.rounds} of {self.looks} rounds, {why}: "
            f"{self.calls:,} calls, {self.most - self.calls:,} fewer than all rounds in full "
            f"would have made."
        )

    def as_json(self) -> dict[str, Any]:
        """As JSON data."""
        spending = {key: value for key, value in asdict(self).items() if key != "found"}
        return json_object({**self.found.as_json(), "until_decided": spending})


@dataclass(frozen=True)
class Round:
    """What became of the last round that was asked.

    Attributes:
        outcomes: of its runs.
        interrupted: whether it was broken off.
        decided: the checks so far; empty while a round is not complete.
    """

    outcomes: Sequence[Outcome]
    interrupted: bool
    decided: Sequence[Decided]


def ask_until_decided(
    make: Callable[[], Sequence[ReadyRun]],
    baseline: Sequence[BaselineRun],
    path: Path,
    folder: Path,
    at_most: int,
    *,
    only: Collection[str] = (),
    max_connections: int | None = None,
    max_tasks: int = 4,
    say: Callable[[str], object] = lambda _: None,
) -> Round:
    """Ask every run once, then again what counts for scores that are not decided.

    Each round is a folder of its own and is resumed where it stopped. A check after each round
    spends a part of the error rate, by `rounds.spent`, so that scores are not falsely said to have
    moved more often than by one check at the end. What a round decided stays decided, with the
    numbers of that round: later rounds spend other parts.

    Args:
        make: makes the runs ready; called for each round.
        baseline: of the same kinds.
        path: of the baseline, for messages.
        folder: of the logs.
        at_most: calls in all, for each run.
        only: names of the scores to decide; all by default.
        max_connections: as for `run_suite`.
        max_tasks: likewise.
        say: tells the user what happens.

    Raises:
        DataError: when a run is not in the baseline, or one round takes more calls than allowed.
        UnknownNameError: for a score that the baseline does not have.
    """
    refuse_unknown_scores(only, baseline)
    wanted: dict[int, set[str]] = {}
    number = 0
    decided: dict[int, Decided] = {}
    outcomes: Sequence[Outcome] = []
    while number == 0 or wanted:
        number += 1
        ready = [
            one if number == 1 else _of_samples(one, wanted.get(index, set()))
            for index, one in enumerate(make())
        ]
        if number == 1:
            _require_askable(ready, baseline, path, at_most)
        asked = {i: one for i, one in enumerate(ready) if one.task is None or one.task.dataset}
        place = folder / f"round-{number}"
        interrupted = run_suite(list(asked.values()), place, None, max_connections, max_tasks)
        outcomes = read_outcomes(list(asked.values()), place)
        if interrupted or any(one.status != "complete" for one in outcomes):
            return Round(outcomes, interrupted, [])
        for index, outcome in zip(asked, outcomes, strict=True):
            runs = _runs_so_far(folder, number, outcome)
            earlier = decided[index].found if index in decided else None
            decided[index], wanted[index] = _look(runs, baseline, path, at_most, earlier, only)
            say(decided[index].sentence if not wanted[index] else _undecided(decided[index]))
        wanted = {index: left for index, left in wanted.items() if left}
    return Round(outcomes, False, [decided[index] for index in sorted(decided)])


def expected_calls(
    held: BaselineRun, manifest: Manifest, at_most: int
) -> dict[str, tuple[float, float]] | None:
    """Calls that asking until decided is expected to take: the mean and the 90th percentile.

    Args:
        held: of a baseline.
        manifest: of its benchmark.
        at_most: calls in all.

    Returns:
        For no change, and for one score moved by one margin and by two and a half; None where the
        baseline has one asking, which does not say what asking again changes.
    """
    times = len(held.logs)
    if times < 2:
        return None
    each = calls_of(held.grid, manifest) / times
    looks = max(int(at_most // each), 1)
    noise, margins, counted = [], [], []
    for family in manifest.scores.values():
        asked = None if family.estimator in SPREADS else askings(held.grid, held.grid, family)
        if asked is None:
            continue
        there: BoolArray = np.any(asked.counted, axis=(1, 2))
        noise.append(changes(asked).noise[there])
        margins.append(np.full(there.sum(), family.margin))
        samples: BoolArray = np.any(asked.counted, axis=2)
        counted.append(samples[there])
    errors, limits, every = np.concatenate(noise), np.concatenate(margins), np.vstack(counted)
    typical = int(np.argsort(errors / limits)[len(errors) // 2])
    per_sample = each / every.shape[1]
    out = {}
    for shift in SHIFTS:
        moved = np.zeros(len(errors))
        moved[typical] = shift * limits[typical]
        taken = per_sample * expected_samples(
            errors, limits, moved, every, looks=looks, before=times
        )
        name = "no change" if not shift else f"one score moved by {shift:g} margins"
        out[name] = float(taken.mean()), float(np.quantile(taken, 0.9))
    return out


def calls_of(grid: ResponseMatrix, manifest: Manifest) -> int:
    """How many calls made so many answers: one an answer where wordings are asked apart."""
    return int(grid.asked.sum()) if manifest.answers.layout == "variants" else len(grid.samples)


def _require_askable(
    ready: Sequence[ReadyRun], baseline: Sequence[BaselineRun], path: Path, at_most: int
) -> None:
    """Refuse, before anything is asked, what cannot be checked or takes more calls than allowed."""
    for one in ready:
        if one.task is None:
            continue
        name = one.run.task
        held = [of.key for of in baseline if of.key["benchmark"] == name]
        if not held:
            raise DataError(f"{path} has no run of {name}, which is to be asked until decided")
        about = one.task.metadata or {}
        known = {"comparability": str(one.task.version), **about}
        known["card_revision"] = str(about.get("card_revision"))
        for part in _KNOWN_BEFORE:
            if part in known and known[part] not in [key.get(part) for key in held]:
                raise DataError(
                    f"{name} cannot be checked against {path}: {part.replace('_', ' ')} is "
                    f"{known[part]!r} now and {held[0].get(part)!r} in the baseline"
                )
        variants = manifest_of(name).answers.layout == "variants"
        samples = [sample.metadata or {} for sample in one.task.dataset]
        calls = sum(len(sample["variants"]) if variants else 1 for sample in samples)
        calls *= (one.expected or len(samples)) // max(len(samples), 1)  # epochs
        if calls > at_most:
            raise DataError(f"one round of {name} takes {calls:,} calls; --at-most is {at_most:,}")


def _of_samples(ready: ReadyRun, wanted: set[str]) -> ReadyRun:
    """A run that asks some samples only."""
    if ready.task is None:
        return ready
    ready.task.dataset = ready.task.dataset.filter(lambda sample: str(sample.id) in wanted)
    return replace(ready, expected=len(ready.task.dataset))


def _runs_so_far(folder: Path, number: int, outcome: Outcome) -> list[RunLog]:
    """The logs of one run in all rounds."""
    assert outcome.log is not None
    last = read_run(Path(outcome.log))
    earlier = [
        read_run(log)
        for k in range(1, number)
        for log in sorted((folder / f"round-{k}").glob("*.eval"))
    ]
    same = [
        run
        for run in earlier
        if run.complete
        and (run.measured, run.model, run.all_arguments)
        == (last.measured, last.model, last.all_arguments)
    ]
    return [*same, last]


def _look(
    runs: Sequence[RunLog],
    baseline: Sequence[BaselineRun],
    path: Path,
    at_most: int,
    earlier: Regression | None,
    only: Collection[str],
) -> tuple[Decided, set[str]]:
    """The check on all rounds so far, and the samples that the next one has to ask."""
    held, manifest = baseline_for(runs[0], baseline, path), runs[0].manifest
    each = calls_of(runs[0].grid(), manifest)
    looks = max(at_most // each, 1)
    levels = spent(looks, held_askings(held))
    level = float(levels[min(len(runs), looks) - 1])
    found = check_run(runs, held, level=level, earlier=earlier, only=only)
    calls = sum(calls_of(run.grid(), manifest) for run in runs)
    decided = Decided(found, len(runs), looks, calls, looks * each)
    grid = reduce(ResponseMatrix.joined, (run.grid() for run in runs))
    return decided, _undecided_samples(found, grid, manifest) if len(runs) < looks else set()


def held_askings(held: BaselineRun) -> int:
    """How often a baseline was asked."""
    return max(held.grid.epochs, default=1)


def _undecided_samples(found: Regression, grid: ResponseMatrix, manifest: Manifest) -> set[str]:
    """Those that count for a score that is not decided and that further rounds can decide."""
    rows = np.zeros(len(grid.samples), dtype=bool)
    for check in found.scores:
        if check.verdict != "undecided" or check.scope == "beyond" or check.apart:
            continue
        if math.isnan(check.difference.value):
            continue  # the baseline has no answer that counts for it
        if check.name == VALID:
            rows[:] = True
        else:
            rows |= counted_for(grid, manifest.scores[check.family])[check.name].any(axis=1)
    return {sample for sample, row in zip(grid.samples, rows.tolist(), strict=True) if row}


def _undecided(found: Decided) -> str:
    names = [one.name for one in found.found.scores if one.verdict == "undecided" and not one.apart]
    return f"{found.found.benchmark}: round {found.rounds}: undecided: {', '.join(names)}"
