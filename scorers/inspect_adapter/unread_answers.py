"""Examples of the answers of a run that could not be read, in the model's own words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspect_ai.log import (
    EvalSample,
    EvalSampleSummary,
    read_eval_log,
    read_eval_log_sample,
    read_eval_log_sample_summaries,
)
from inspect_ai.scorer import SampleScore

from ratings.errors import DataError
from scorers.inspect_adapter.asking import ANSWERS
from scorers.inspect_adapter.run_log import RunLog, scored_samples

Answer = Mapping[str, Any]

EACH = 3  # examples of a status
LONGEST = 200  # characters of an example
# Samples to read at most: each costs a look into the log, and alike answers are common.
_LOOKS = 24


@dataclass(frozen=True)
class UnreadAnswer:
    """An answer that was read as nothing.

    Attributes:
        status: why.
        sample: id of the sample.
        place: what in the sample was asked: the prompt variant, or the number of the question.
        stop_reason: why the model stopped, as the provider says.
        text: what it answered, without its end where it is long.
    """

    status: str
    sample: str
    place: str
    stop_reason: str
    text: str


def unread_answers(run: RunLog, each: int = EACH) -> list[UnreadAnswer]:
    """A few different answers of each status but `valid`, in the order of the samples.

    Args:
        run: of any benchmark.
        each: how many of a status at most; answers with the same text count once.

    Raises:
        DataError: when a sample of the log cannot be read.
    """
    found: dict[str, dict[str, UnreadAnswer]] = {}
    read = sample_reader(run.path)
    for summary, score in _worth_a_look(run, each):
        for status, place, answer in _unread(score, read(summary)):
            texts = found.setdefault(status, {})
            text = str(answer.get("text") or "")[:LONGEST]
            if len(texts) < each and text not in texts:
                stop_reason = str(answer.get("stop_reason", "unknown"))
                texts[text] = UnreadAnswer(status, str(summary.id), place, stop_reason, text)
    return [one for status in sorted(found) for one in found[status].values()]


def _worth_a_look(run: RunLog, each: int) -> Iterator[tuple[EvalSampleSummary, SampleScore]]:
    """Samples with a status of which few were seen yet."""
    if all(set(_statuses(score)) <= {"valid"} for score in run.scores):
        return
    summaries = read_eval_log_sample_summaries(str(run.path))
    scored = scored_samples(summaries, run.manifest.answers.scorers)
    seen: dict[str, int] = {}
    for summary, score in sorted(scored, key=lambda pair: (str(pair[0].id), pair[0].epoch)):
        unread = set(_statuses(score)) - {"valid"}
        # twice as many as are shown, since some will say the same
        wanted = {status for status in unread if seen.get(status, 0) < 2 * each}
        if wanted and sum(seen.values()) < _LOOKS:
            seen.update({status: seen.get(status, 0) + 1 for status in wanted})
            yield summary, score


def _statuses(score: SampleScore) -> list[str]:
    found = (score.score.metadata or {}).get("statuses", ())
    return list(found.values()) if isinstance(found, Mapping) else list(found)


def sample_reader(path: Path) -> Callable[[EvalSampleSummary], EvalSample]:
    """Reads samples of a log; a log in JSON is one piece, read once."""
    whole: dict[tuple[str, int], EvalSample] = {}

    def read(summary: EvalSampleSummary) -> EvalSample:
        try:
            if path.suffix != ".json":
                return read_eval_log_sample(
                    str(path), summary.id, summary.epoch, resolve_attachments="core"
                )
            if not whole:
                log = read_eval_log(str(path), resolve_attachments="core")
                whole.update({(str(one.id), one.epoch): one for one in log.samples or ()})
            return whole[str(summary.id), summary.epoch]
        except Exception as error:  # whatever Inspect's reader meets in a broken file
            raise DataError(f"{path}: sample {summary.id} cannot be read: {error}") from error

    return read


def _unread(score: SampleScore, sample: EvalSample) -> Iterator[tuple[str, str, Answer]]:
    """Each answer that was not read: its status, what was asked, and the answer as it was kept."""
    statuses = (score.score.metadata or {}).get("statuses", ())
    kept = (sample.output.metadata or {}).get(ANSWERS)
    if isinstance(statuses, Mapping):
        pairs = [(str(variant), status) for variant, status in statuses.items()]
    else:
        pairs = [(str(index), status) for index, status in enumerate(statuses, start=1)]
    for index, status in pairs:
        if status != "valid":
            yield status, index, _answer(kept, index, status) or _whole(sample)


def _answer(kept: object, place: str, status: str) -> Answer | None:
    """The answer behind one status, as each of the layouts keeps it."""
    if isinstance(kept, list):  # statements chosen: the last answer that was to name this one
        label = f"NSG{place}"
        return next((one for one in reversed(kept) if label in one.get("groups", ())), None)
    if not isinstance(kept, dict):
        return None
    if "told" in kept:  # ratings predicted: with what is given about the rater, and without
        arm = kept.get("none" if status == "none_missing" else "told")
        return arm[int(place) - 1] if isinstance(arm, list) and len(arm) >= int(place) else None
    found = kept.get(place)  # prompt variants
    return found if isinstance(found, dict) else {}


def _whole(sample: EvalSample) -> Answer:
    """The one answer of a sample that asked once."""
    stopped = sample.output.stop_reason if sample.output.choices else "unknown"
    return {"text": sample.output.completion, "stop_reason": stopped}
