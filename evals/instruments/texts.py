"""What `filter_queries` and `write_responses` made, as files for the next step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from inspect_ai.log import EvalSample, read_eval_log

from ratings.errors import DataError
from scorers.answers.query_judgement import FAULTS
from scorers.answers.written_responses import Written, read_responses
from scorers.inspect_adapter.instrument_texts.judged import judged_query
from scorers.inspect_adapter.run_log import RunLog, read_run

FILTER, WRITE = "filter_queries", "write_responses"
QUERY_COLUMNS = ("query", "title", "text", "topic")


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts of a run.

    Attributes:
        run: its log.
        frame: a row a query that is kept, or a response that is usable.
        stages: `stage`, `removed`, `remaining`: of queries or of responses.
        unit: what is counted.
    """

    run: RunLog
    frame: pd.DataFrame
    stages: pd.DataFrame
    unit: str


def read_texts(path: Path, fewest_values: int | None = None, top: int | None = None) -> Texts:
    """The queries that a run kept, or the responses that it wrote and that are usable.

    Args:
        path: of the log.
        fewest_values: that a query must engage to be kept.
        top: how many queries to keep, those that engage most values.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is of another task, or a threshold is given for responses.
    """
    run = read_run(path, (FILTER, WRITE))
    samples = _first_epoch(read_eval_log(str(path)).samples or [])
    if run.task == FILTER:
        return _queries(run, samples, fewest_values, top)
    if fewest_values is not None or top is not None:
        raise DataError(f"{path} is of {WRITE}: thresholds on values are for {FILTER}")
    return _responses(run, samples)


def _queries(
    run: RunLog, samples: Mapping[str, EvalSample], fewest: int | None, top: int | None
) -> Texts:
    judged = {name: judged_query(_answers(sample)) for name, sample in samples.items()}
    frame = pd.DataFrame(
        [
            {
                **{column: samples[name].metadata[column] for column in QUERY_COLUMNS},
                "values": found["values"],
                "engaged": "|".join(found["engaged"]),
                **{part: found[part] for part in ("status", "relevant", *FAULTS)},
            }
            for name, found in judged.items()
        ]
    )
    stages = _Stages([dict(one) for one in run.metadata.get("stages", [])], frame)
    stages.keep("judged", frame["relevant"].notna())
    for fault in FAULTS:
        stages.keep(f"not {fault.replace('_', ' ')}", frame[fault].fillna(1) == 0)
    stages.keep("values named", frame["values"].notna())
    if fewest is not None:
        stages.keep(f"at least {fewest} values", frame["values"].fillna(0) >= fewest)
    kept = frame[stages.kept].sort_values("values", ascending=False, kind="stable")
    if top is not None:
        stages.cut(f"the {top} that engage most values", len(kept.head(top)))
        kept = kept.head(top)
    columns = [*QUERY_COLUMNS, "values", "engaged"]
    return Texts(run, kept[columns].reset_index(drop=True), stages.frame(), "queries")


def _responses(run: RunLog, samples: Mapping[str, EvalSample]) -> Texts:
    rows = [
        {
            "item": f"{sample.metadata['query']}-{sample.metadata['value'] or number}",
            **{column: sample.metadata[column] for column in QUERY_COLUMNS},
            "response": one.text,
            "value": sample.metadata["value"],
            "status": one.status,
        }
        for sample in samples.values()
        for number, one in enumerate(_written(sample), start=1)
    ]
    frame = pd.DataFrame(rows)
    stages = _Stages([{"stage": "all responses", "removed": 0, "remaining": len(frame)}], frame)
    for status in dict.fromkeys(frame["status"]):
        if status != "valid":
            stages.keep(f"not {status.replace('_', ' ')}", frame["status"] != status)
    kept = frame[stages.kept].drop(columns="status")
    if not kept["value"].any():
        kept = kept.drop(columns="value")
    return Texts(run, kept.reset_index(drop=True), stages.frame(), "responses")


class _Stages:
    """What each stage removed, in order."""

    def __init__(self, before: list[dict[str, Any]], frame: pd.DataFrame) -> None:
        """After the stages that a task noted before it asked."""
        self._rows = before
        self.kept = pd.Series(data=True, index=frame.index)

    def keep(self, name: str, passes: pd.Series) -> None:
        """A stage that keeps the rows that pass."""
        after = self.kept & passes
        self._rows.append(
            {
                "stage": name,
                "removed": int(self.kept.sum() - after.sum()),
                "remaining": int(after.sum()),
            }
        )
        self.kept = after

    def cut(self, name: str, remaining: int) -> None:
        """A stage that keeps so many rows."""
        removed = int(self.kept.sum()) - remaining
        self._rows.append({"stage": name, "removed": removed, "remaining": remaining})

    def frame(self) -> pd.DataFrame:
        """A row a stage."""
        return pd.DataFrame(self._rows)


def _first_epoch(samples: list[EvalSample]) -> dict[str, EvalSample]:
    out: dict[str, EvalSample] = {}
    for sample in sorted(samples, key=lambda sample: sample.epoch):
        if sample.scores and not sample.error:
            out.setdefault(str(sample.id), sample)
    return out


def _answers(sample: EvalSample) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = (sample.output.metadata or {}).get("answers") or {}
    return found


def _written(sample: EvalSample) -> Iterator[Written]:
    stop_reason = sample.output.stop_reason if sample.output.choices else "unknown"
    value = str(sample.metadata["value"]) or None
    yield from read_responses(sample.output.completion, stop_reason, value)
