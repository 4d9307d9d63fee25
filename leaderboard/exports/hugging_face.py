"""Results for the Hugging Face Hub: a model card's `model-index`, and `.eval_results/*.yaml`.

Layouts: huggingface/hub-docs, `modelcard.md` and `eval_results.yaml`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from leaderboard.exports.own_runs import asked_at, own_rows, valued, who, without_value
from leaderboard.exports.table_parts import Board, Row, Table
from leaderboard.exports.text import metric_id
from ratings.output.slugs import file_slug
from ratings.output.text import one_line

# Ten times as fast where there is a compiled one.
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_TASK_TYPE = "text-generation"
_NO_HUB_DATASET = (
    "dataset.id is a data card of valuegauge, as the data are not on the Hub. The Hub shows a "
    "result only of a dataset that is registered there as a benchmark: put its id in place, and "
    "its task ids"
)


def hugging_face(board: Board) -> dict[str, str]:
    """The files of an export by path, a folder for each model.

    `<model>/model-index.yaml` is the block for the front matter of the model's card;
    `<model>/.eval_results/<table>-<row>.yaml` goes to the model's repository as it is.
    """
    results: dict[str, list[tuple[Table, Row]]] = {}
    for table, row in own_rows(board):
        if row["persona"] is None:
            results.setdefault(who(row).id, []).append((table, row))
    files = {}
    for model, found in results.items():
        folder = file_slug(model)
        index = {"name": model, "results": [_result(table, row) for table, row in found]}
        files[f"{folder}/model-index.yaml"] = _yaml(
            {"model-index": [index]},
            [line for table, row in found for line in _missing(table, row)],
        )
        for table, row in found:
            path = f"{folder}/.eval_results/{file_slug(table['id'] + ' ' + row['id'])}.yaml"
            comments = [*([] if _hub_id(table) else [_NO_HUB_DATASET]), *_missing(table, row)]
            files[path] = _yaml(list(_entries(table, row)), comments)
    return files


def personas_left_out(board: Board) -> list[str]:
    """A note on runs under a persona, whose scores are not the model's own."""
    number = sum(row["persona"] is not None for _, row in own_rows(board))
    return [f"runs under a persona are left out: {number}"] if number else []


def _result(table: Table, row: Row) -> dict[str, Any]:
    card = table["card"]
    return {
        "task": {"type": _TASK_TYPE, "name": table["title"]},
        "dataset": {
            "type": _hub_id(table) or card["id"],
            "name": card["title"],
            "revision": card["revision"],
            "args": {"comparability": table["comparability"], **table["settings"]},
        },
        "metrics": [_metric(table, row, score, found) for score, found in valued(table, row)],
    }


def _metric(
    table: Table, row: Row, score: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "type": metric_id(table["benchmark"], score["name"]),
        "value": found["value"],
        "name": score["name"],
        "args": {
            "unit": score["unit"],
            "range": list(score["range"]),
            "better": score["direction"],
            **_interval(table, found),
            "answers": "recorded by the source" if row["kind"] == "recording" else "asked",
        },
        "verified": False,
    }


def _interval(table: Table, found: Mapping[str, Any]) -> dict[str, Any]:
    if found["low"] is None or found["high"] is None:
        return {}
    return {
        "confidence_interval": [found["low"], found["high"]],
        "confidence_level": 0.95,
        "resampled_by": table["resampling_unit"],
    }


def _entries(table: Table, row: Row) -> Iterator[dict[str, Any]]:
    date = asked_at(row)
    for score, found in valued(table, row):
        yield {
            "dataset": {
                "id": _hub_id(table) or table["card"]["id"],
                "task_id": metric_id(table["benchmark"], score["name"]),
                "revision": table["card"]["revision"],
            },
            "value": found["value"],
            **({} if date is None else {"date": date}),
            "notes": "; ".join(_notes(table, row, score, found)),
        }


def _notes(
    table: Table, row: Row, score: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterator[str]:
    yield f"{score['name']}, {score['unit']}"
    if found["low"] is not None and found["high"] is not None:
        yield f"95% interval {found['low']:.4g} to {found['high']:.4g}"
    if score["direction"] == "none":
        yield "neither end is better"
    yield f"comparability {table['comparability']}"
    yield from (f"{name}={value}" for name, value in sorted(table["settings"].items()))
    if row["kind"] == "recording":
        yield "answers recorded by the source"


def _missing(table: Table, row: Row) -> Iterator[str]:
    for name, reason in without_value(table, row):
        yield f"no value for {metric_id(table['benchmark'], name)}: {reason}"


def _hub_id(table: Table) -> str | None:
    pattern = r"https://huggingface\.co/datasets/([\w.-]+/[\w.-]+)/?"
    match = re.fullmatch(pattern, table["card"]["homepage"])
    return match[1] if match else None


def _yaml(content: object, comments: list[str]) -> str:
    head = "".join(f"# {one_line(comment)}\n" for comment in comments)
    return head + yaml.dump(content, Dumper=_DUMPER, sort_keys=False, width=1000)
