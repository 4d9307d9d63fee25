"""The board: everything that a store says, as plain data for the site and the exports.

Layout: `leaderboard/exports/board.schema.json`. Numbers that are not defined are null.
"""

import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from leaderboard.board.convergent import convergent_matrix
from leaderboard.board.findings.pair_counts import PairCounter
from leaderboard.board.findings.table_finding import add_findings
from leaderboard.board.pairs import PAIRS_LIMIT, SCOPES, Pairs, pair_rows, pair_tests
from leaderboard.board.people_spread import people_spread
from leaderboard.board.rows.change import change_since, runs_before
from leaderboard.board.rows.names import name_rows
from leaderboard.board.rows.printed import add_printed
from leaderboard.board.table_humans import norms_of, people_row_error
from leaderboard.board.table_items import item_texts, table_items
from leaderboard.board.table_profile import (
    circle_family,
    circle_of_all,
    circle_of_each,
    clusters_of,
    profiles_by_chance,
    reliability_table,
    separating,
)
from leaderboard.board.table_rows import (
    estimate_json,
    people_row,
    rows_as_published,
    run_row,
)
from leaderboard.board.table_scores import JointScore, joint_scores
from leaderboard.board.table_titles import titles_of
from leaderboard.published.figures import published_rows
from leaderboard.store.store import Connection, open_store
from leaderboard.store.stored_runs import (
    Row,
    TableRuns,
    read_grids,
    read_runs,
    refuse_faulty,
    table_id,
    tables_of,
)
from ratings.errors import DataError
from ratings.output.json_values import json_object
from ratings.sources.cards import card_ids, load_card
from ratings.threads import in_threads
from scorers.comparison.differences import SIGNIFICANCE
from scorers.comparison.ranks import Rank, rank_intervals
from scorers.scores.data_at_hand import People, data_at_hand, read_people
from scorers.scores.manifests import Manifest, ScoreFamily, manifest_of
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import shared_layout

SCHEMA = "1.2"
_APART = ("run", "benchmark", "rater", "kind", "log", "status", "why", "share", "valid")


def read_board(store: Path) -> dict[str, Any]:
    """The board of a store.

    Raises:
        DataMissingError: when there is no store.
        DataError: when it cannot be read.
    """
    with open_store(store, write=False) as connection:
        tables, apart = tables_of(refuse_faulty(connection, read_runs(connection)))
        replaced: dict[str, list[Row]] = {}
        for run in apart:
            if run["status"] == "replaced":
                replaced.setdefault(table_id(run), []).append(run)
        made = [(runs, _table(connection, runs, replaced.get(runs.id, []))) for runs in tables]
        found = [of for _, of in made if of[0]["scores"]]
        apart += [
            {**run, "status": "refused", "why": "no item counts for any of its scores"}
            for runs, of in made
            if not of[0]["scores"]
            for run in runs.runs
        ]
        titles = titles_of([table for table, *_ in found])
        for (table, *_), title in zip(found, titles, strict=True):
            table["title"] = title
        board = {
            "schema": SCHEMA,
            "valuegauge": version("valuegauge"),
            "tables": [table for table, *_ in found],
            "apart": [_apart(connection, run) for run in apart],
            "convergence": convergent_matrix([of[:3] for of in found]),
        }
    finished = json_object(board)
    for table, made_of in zip(finished["tables"], found, strict=True):
        add_findings(table, made_of[3])
    return finished


def _table(
    connection: Connection, runs: TableRuns, replaced: Sequence[Row]
) -> tuple[dict[str, Any], dict[str, JointScore], list[str], PairCounter]:
    manifest, key = runs.manifest, runs.key
    grids = read_grids(connection, runs.runs)
    people = read_people(manifest, key, shared_layout(grids))
    raters = [run["rater"] for run in runs.runs]
    joint = joint_scores([*grids, *([people.grid] if people else [])], manifest)
    stored = _stored(connection, "scores", runs.runs)
    consistency = _stored(connection, "consistency", runs.runs)
    rows = [
        run_row(run, grid, runs, stored[run["run"]], consistency[run["run"]])
        for run, grid in zip(runs.runs, grids, strict=True)
    ]
    if people is not None:
        rows.append(people_row(people, runs))
    _add_changes(connection, rows, grids, runs, replaced)
    figures = published_rows(manifest.name, key["card"], joint, key["settings"])
    published = rows_as_published(runs, add_printed(rows, figures))
    shown = _shown(rows)
    error = None if people is None else people_row_error(people, manifest, len(grids))
    pairs = pair_tests([*grids, *([people.grid] if people else [])], joint, shown, error)
    _rank(rows, joint, shown)
    _count_differing(rows, pairs, shown, len(grids) if people else None)
    chosen = _models(runs.runs)
    models, of_models = _some(joint, chosen), [grids[m] for m in chosen]
    circle = circle_family(manifest)
    clusters = circle_fit = None
    if circle is not None and circle.names[0] in joint:
        asked, chance = _some(joint, range(len(grids))), profiles_by_chance(grids, circle)
        for row, fit in zip(rows, circle_of_each(asked, circle, chance), strict=False):
            row["circumplex"] = fit
        circle_fit = circle_of_all(models, circle, chance[:, chosen])
        clusters = _clustered(rows, models, circle, chosen)
        if people is not None:
            norms = in_threads(
                lambda index: _norms(grids[index], people, joint, circle.name, index),
                range(len(grids)),
            )
            for row, found in zip(rows, norms, strict=False):
                row["human"] = found
    texts = item_texts(manifest, key)
    named = [*rows, *published]
    name_rows(named)
    table = {
        "id": runs.id,
        **_about(runs),
        "variants": runs.variants,
        "scores": _score_list(joint),
        "shown": [rows[position]["id"] for position in shown],
        "rows": named,
        "reliability": reliability_table(of_models, manifest),
        "pairs": pair_rows(pairs, [row["id"] for row in rows]),
        "pairs_limit": PAIRS_LIMIT,
        "circumplex": circle_fit,
        "clusters": clusters,
        "separating": separating(of_models, manifest, texts),
        "human": _human(rows[-1], people, manifest) if people is not None else None,
        "items": table_items(
            grids,
            [row["id"] for row in rows[: len(grids)]],
            chosen,
            None if people is None else (rows[-1]["id"], people),
            manifest,
            list(joint),
            texts,
        ),
    }
    return table, models, [raters[m] for m in chosen], PairCounter(pairs, chosen)


def _models(runs: Sequence[Row]) -> list[int]:
    """Places of the models among the runs; of all runs, where none is of a model."""
    kinds = ("model", "recording")
    positions = [index for index, run in enumerate(runs) if run["kind"] in kinds]
    return positions or list(range(len(runs)))


def _clustered(
    rows: Sequence[dict[str, Any]],
    models: Mapping[str, JointScore],
    circle: ScoreFamily,
    chosen: Sequence[int],
) -> dict[str, Any] | None:
    """Put each model's cluster into its row, and return the clusters."""
    clusters, labels = clusters_of(models, circle, [rows[position]["id"] for position in chosen])
    for position, label in zip(chosen, labels, strict=True):
        rows[position]["cluster"] = label
    return clusters


def _about(runs: TableRuns) -> dict[str, Any]:
    manifest, key = runs.manifest, runs.key
    names = ("title", "paper", "about", "rater", "instance", "resampling_unit")
    return {
        "benchmark": manifest.name,
        **{name: getattr(manifest, name) for name in names},
        "limits": list(manifest.limits),
        **{name: key[name] for name in ("comparability", "synthetic", "settings")},
        "card": _card(key),
        "template_sha256": key["template_sha256"],
        "survey_sha256": key["survey_sha256"],
    }


def _card(key: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("title", "homepage", "licence", "citation", "terms")
    own = None
    if key["card"] not in card_ids():
        own = data_at_hand(manifest_of(key["benchmark"]), key["card"], key["card_revision"])
    try:
        card = own[1] if own else load_card(key["card"])
        counts = dict(card.counts) if card.revision == key["card_revision"] else {}
        known = {name: getattr(card, name) for name in fields} | {"counts": counts}
    except DataError:
        known = dict.fromkeys(fields, "") | {"terms": None, "counts": {}}
    return {"id": key["card"], **known, "revision": key["card_revision"]}


def _score_list(joint: Mapping[str, JointScore]) -> list[dict[str, Any]]:
    return [
        {
            "name": score.name,
            "family": score.family.name,
            "family_title": score.family.title,
            "unit": score.family.unit,
            "range": list(score.family.range),
            "direction": score.family.direction,
            "headline": score.family.headline,
            "margin": score.family.margin,
            "apart": score.family.apart,
        }
        for score in joint.values()
    ]


def _shown(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Positions of the models, recordings and people; of all rows, where there is no model."""
    of_models = ("model", "recording")
    if not any(row["kind"] in of_models for row in rows):
        return list(range(len(rows)))
    return [p for p, row in enumerate(rows) if row["kind"] in (*of_models, "human")]


def _rank(
    rows: Sequence[dict[str, Any]], joint: Mapping[str, JointScore], shown: Sequence[int]
) -> None:
    """Put ranks among the rows shown, and their intervals, into these."""

    def of_score(score: JointScore) -> list[Rank]:
        return rank_intervals(
            score.values, score.replicates, score.carrying, highest_first=score.highest_first
        )

    some = _some(joint, shown)
    for name, ranks in zip(some, in_threads(of_score, some.values()), strict=True):
        for position, rank in zip(shown, ranks, strict=True):
            if name in rows[position]["scores"]:
                rows[position]["scores"][name] |= {
                    "rank": rank.rank, "rank_low": rank.low, "rank_high": rank.high,
                }  # fmt: skip


def _count_differing(
    rows: Sequence[dict[str, Any]], pairs: Pairs, shown: Sequence[int], people: int | None
) -> None:
    """Put into the rows how many of those shown each differs from, and whether from people."""
    for scope, key in SCOPES.items():
        different, tested = pairs.differing(len(rows), scope)
        for position in shown:
            for d, name in enumerate(pairs.families):
                if name in rows[position]["scores"] and tested[position, d]:
                    rows[position]["scores"][name]["differs"][key] = {
                        "number": int(different[position, d]),
                        "of": int(tested[position, d]),
                    }
        if people is None:
            continue
        for pair in pairs.with_row(people).tolist():
            position = pairs.first[pair] if pairs.second[pair] == people else pairs.second[pair]
            found = pairs.tests[scope].corrected[pair].tolist()
            for name, p_value in zip(pairs.families, found, strict=True):
                if name in rows[position]["scores"] and not math.isnan(p_value):
                    unlike = p_value < SIGNIFICANCE
                    rows[position]["scores"][name]["unlike_people"][key] = unlike


def _some(joint: Mapping[str, JointScore], positions: Sequence[int]) -> dict[str, JointScore]:
    """The scores of some raters."""
    rows = list(positions)
    return {
        name: JointScore(name, s.family, s.values[rows], s.replicates[:, rows], s.carrying[rows])
        for name, s in joint.items()
    }


def _norms(
    grid: ResponseMatrix,
    people: People,
    joint: Mapping[str, JointScore],
    family: str,
    position: int,
) -> dict[str, Any]:
    scores = [score for score in joint.values() if score.family.name == family]
    replicates = tuple(
        np.column_stack([s.replicates[:, m] for s in scores]) for m in (position, -1)
    )
    values = tuple(np.array([s.values[m] for s in scores]) for m in (position, -1))
    return norms_of(
        grid, people, scores[0].family, (replicates[0], replicates[1]), (values[0], values[1])
    )


def _add_changes(
    connection: Connection,
    rows: Sequence[dict[str, Any]],
    grids: Sequence[ResponseMatrix],
    runs: TableRuns,
    replaced: Sequence[Row],
) -> None:
    """Put into each run's row what changed since its rater's run before."""
    before = runs_before(runs.runs, replaced)
    for row, run, grid in zip(rows, runs.runs, grids, strict=False):
        if run["run"] in before:
            earlier = before[run["run"]]
            (answers,) = read_grids(connection, [earlier])
            row["change"] = change_since(earlier, answers, grid, runs.manifest)


def _human(row: Mapping[str, Any], people: People, manifest: Manifest) -> dict[str, Any]:
    ends = ("value", "low", "high", "reason")
    return {
        "people": len(people.ratings),
        "profile": {
            name: {end: score[end] for end in ends} for name, score in row["scores"].items()
        },
        "spread": people_spread(people, manifest),
    }


def _apart(connection: Connection, run: Row) -> dict[str, Any]:
    scores = {}
    if run["status"] == "partial":
        rows = _stored(connection, "scores", [run])[run["run"]]
        scores = {one["name"]: estimate_json(one) for one in rows}
    about = {name: run[name] for name in _APART}
    return {**about, "table": table_id(run), "scores": scores}


def _stored(connection: Connection, table: str, runs: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows of a table by run, in the order they were made."""
    cursor = connection.execute(
        f"SELECT * FROM {table} WHERE run IN (SELECT unnest(?)) ORDER BY run, rowid",
        [[run["run"] for run in runs]],
    )
    names = [column[0] for column in cursor.description or []]
    out: dict[str, list[Row]] = {run["run"]: [] for run in runs}
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        out[row["run"]].append(row)
    return out
