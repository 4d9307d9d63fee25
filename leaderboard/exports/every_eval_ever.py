"""One record a run in the schema of Every Eval Ever, version 0.3.0.

The schema and the layout of its folders are those of the EvalEval Coalition's project (Batzner et
al., "A Unifying Schema and Community Repository for AI Evaluation Results", arXiv:2606.14516).
"""

import hashlib
import json
import re
import time
import uuid
from collections.abc import Mapping
from typing import Any

from leaderboard.exports.own_runs import Model, asked_at, own_rows, valued, who
from leaderboard.exports.table_parts import Board, Row, Table
from leaderboard.exports.text import metric_id
from ratings.output.slugs import file_slug

SCHEMA_VERSION = "0.3.0"
_NO_BETTER = (
    "neither end of this score is better: lower_is_better is false only because the schema asks "
    "for one or the other; do not rank by it"
)
# Names that stay as they are in a path; `data` and devices of Windows are reserved.
_PORTABLE = re.compile(
    r"(?!(?i:data|con|prn|aux|nul|com\d|lpt\d)(\.|$))[A-Za-z0-9_][\w.@+-]{0,99}(?<!\.)", re.ASCII
)

Record = dict[str, Any]


def every_eval_ever(board: Board) -> dict[str, str]:
    """The files of an export: paths as in the project's datastore, and their text."""
    found = records(board, time.time())
    return {path: json.dumps(record, allow_nan=False, indent=2) for path, record in found.items()}


def records(board: Board, retrieved: float) -> dict[str, Record]:
    """The records by path, `data/<benchmark>/<developer>/<model>/<uuid>.json`.

    Args:
        board: tables of runs.
        retrieved: when the records are made, seconds since 1970.
    """
    found = {}
    for table, row in own_rows(board):
        model = who(row)
        name = _uuid(table, row)
        folders = [table["benchmark"], *_folders(model)]
        path = "/".join(["data", *map(_portable, folders), f"{name}.json"])
        found[path] = _record(board, table, row, model, retrieved, name)
    return found


def _record(
    board: Board, table: Table, row: Row, model: Model, retrieved: float, name: str
) -> Record:
    return {
        "schema_version": SCHEMA_VERSION,
        # The documented form, and behind it what tells two runs of one model apart.
        "evaluation_id": f"{table['benchmark']}/{model.id}/{retrieved}/{name}",
        **_only({"evaluation_timestamp": asked_at(row)}),
        "retrieved_timestamp": str(retrieved),
        "source_metadata": _source(row),
        "eval_library": {
            "name": "valuegauge",
            "version": board["valuegauge"],
            "additional_details": {"framework": "inspect_ai"},
        },
        "model_info": _model_info(model),
        "evaluation_results": [
            _result(table, row, score, found) for score, found in valued(table, row)
        ],
    }


def _source(row: Row) -> Record:
    return {
        "source_name": "valuegauge",
        "source_type": "evaluation_run",
        "source_organization_name": "unknown",
        "evaluator_relationship": "other",
        "additional_details": {
            "kind": row["kind"],
            "relationship": "not stated: whoever publishes this record knows it",
        },
    }


def _model_info(model: Model) -> Record:
    return {
        "name": model.id,
        "id": model.id,
        **_only({"developer": model.developer, "inference_platform": model.platform}),
        **_only({"inference_engine": {"name": model.engine} if model.engine else None}),
        "additional_details": {
            "deployment_type": "self_deployed" if model.engine else "unknown",
            "model_availability": "unknown",
        },
    }


def _result(table: Table, row: Row, score: Mapping[str, Any], found: Mapping[str, Any]) -> Record:
    return {
        "evaluation_result_id": metric_id(table["benchmark"], score["name"]),
        "evaluation_name": table["benchmark"],
        "source_data": _source_data(table["card"]),
        "metric_config": _metric(table, score),
        "score_details": {
            "score": found["value"],
            "details": _texts(
                {name: found[name] for name in _DETAILS}
                | {"differs": found["differs"] if any(found["differs"].values()) else None}
            ),
            **_only({"uncertainty": _uncertainty(table, found)}),
        },
        "generation_config": {
            "additional_details": _texts(
                {
                    "persona": row["persona"],
                    "variants": table["variants"] or None,
                    "settings": table["settings"],
                    "comparability": table["comparability"],
                    "template_sha256": table["template_sha256"],
                    "survey_sha256": table["survey_sha256"],
                    "answers": row["answers"],
                    "valid": row["valid"],
                }
            )
        },
    }


_DETAILS = ("reason", "lowest", "highest", "rank", "rank_low", "rank_high")


def _metric(table: Table, score: Mapping[str, Any]) -> Record:
    low, high = score["range"]
    none = score["direction"] == "none"
    return {
        "evaluation_description": table["about"],
        "metric_id": metric_id(table["benchmark"], score["name"]),
        "metric_name": score["name"],
        "metric_kind": score["family"],
        "metric_unit": score["unit"],
        "lower_is_better": score["direction"] == "lower",
        "score_type": "continuous",
        "min_score": "-Infinity" if low is None else low,
        "max_score": "Infinity" if high is None else high,
        "additional_details": _texts(
            {"direction": score["direction"], "direction_note": _NO_BETTER if none else None}
        ),
    }


def _source_data(card: Mapping[str, Any]) -> Record:
    details = {name: card[name] for name in ("id", "revision", "licence", "citation")}
    known = card["homepage"].startswith(("http://", "https://"))
    return {
        "dataset_name": card["title"] or card["id"],
        "source_type": "url" if known else "other",
        **({"url": [card["homepage"]]} if known else {}),
        "additional_details": _texts(details),
    }


def _uncertainty(table: Table, found: Mapping[str, Any]) -> Record | None:
    if found["low"] is None or found["high"] is None:
        return None
    interval = {
        "lower": found["low"],
        "upper": found["high"],
        "confidence_level": 0.95,
        "method": f"Student's t, clustered by {table['resampling_unit']}",
    }
    return {"confidence_interval": interval}


def _only(record: Record) -> Record:
    return {name: value for name, value in record.items() if value is not None}


def _texts(record: Record) -> dict[str, str]:
    """The schema wants text for every detail of ours."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        for name, value in _only(record).items()
    }


def _folders(model: Model) -> tuple[str, str]:
    if model.developer is None:
        return "unknown", model.id
    return model.developer, model.id.partition("/")[2].replace("/", "_")


def _portable(name: str) -> str:
    kept = name.replace(":", "_")
    return kept if _PORTABLE.fullmatch(kept) else file_slug(name)


def _uuid(table: Table, row: Row) -> str:
    """A name in the form of a random UUID, the same for the same run in every export."""
    digest = hashlib.sha256(json.dumps([table["id"], row["id"], row["run"]]).encode())
    return str(uuid.UUID(bytes=digest.digest()[:16], version=4))
