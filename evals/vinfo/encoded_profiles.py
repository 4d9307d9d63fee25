"""The profiles that a run of `encode_profiles` wrote, read from its log."""

from dataclasses import dataclass
from pathlib import Path

from inspect_ai.log import EvalSample, read_eval_log

from ratings.representations.profile_runs import ProfileRun
from scorers.inspect_adapter.profile_answers import ENCODE, written_profile
from scorers.inspect_adapter.run_log import read_run


@dataclass(frozen=True)
class EncodedProfiles:
    """A profile run with what its log says of it.

    Attributes:
        run: profiles by rater; empty where none was written.
        written: how many raters have one.
        everybody: how many raters the data have: `profile:<run>` needs all of them.
        complete: whether the log's run finished.
    """

    run: ProfileRun
    written: int
    everybody: int
    complete: bool


def read_encoded_profiles(path: Path) -> EncodedProfiles:
    """Read the profiles of a log; of a rater asked about in several epochs, that of the first.

    A refusal, an empty answer and one that was cut off are no profiles: such a rater gets an empty
    one, which carries no information.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log, or of another task.
    """
    run = read_run(path, (ENCODE,))
    log = read_eval_log(str(path))
    about = run.metadata
    samples = log.samples or []
    first: dict[str, EvalSample] = {}
    for sample in sorted(samples, key=lambda sample: sample.epoch):
        if sample.scores and not sample.error:
            first.setdefault(str(sample.metadata["rater"]), sample)
    profiles = {rater: _profile(first[rater]) for rater in sorted(first)}
    used = [usage for sample in samples for usage in sample.model_usage.values()]
    return EncodedProfiles(
        run=ProfileRun(
            data=str(about["data_set"]),
            seed=int(about["split_seed"]),
            model=run.model,
            template_sha256=str(about["template_sha256"]),
            tokens=sum(usage.input_tokens + usage.output_tokens for usage in used) or None,
            profiles=profiles,
            fit_sha256={rater: str(first[rater].metadata["fit_sha256"]) for rater in profiles},
        ),
        written=sum(bool(profile) for profile in profiles.values()),
        everybody=int(about["answers_in_full"]),
        complete=run.complete,
    )


def _profile(sample: EvalSample) -> str:
    output = sample.output
    stop_reason = output.stop_reason if output.choices else "unknown"
    return written_profile(output.completion, stop_reason)[0]
