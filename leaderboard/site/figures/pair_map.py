"""Who differs from whom: a triangle with a cell for every two rows, drawn for the rows shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from leaderboard.site.figures import svg
from leaderboard.site.pair_files import (
    DIFFERS,
    EQUIVALENT,
    SCOPES,
    UNDECIDED,
    UNTESTED,
    PairTable,
    States,
)
from leaderboard.site.score_groups import Json
from leaderboard.site.text import label
from ratings.arrays import BoolArray

_SCOPE_WORDS = {"on": "On these items", "beyond": "Beyond these items"}


@dataclass(frozen=True)
class PairMap:
    """The map of a table as it is before a reader changes the view.

    Attributes:
        rows: R rows in the order drawn.
        together: indices of the scores that the map is of, in the table.
        name: of those scores, for people.
        drawing: the cells, one unit wide and high, as SVG.
        sentences: by scope what the map shows, in numbers.
    """

    rows: tuple[Json, ...]
    together: tuple[int, ...]
    name: str
    drawing: Markup
    sentences: Mapping[str, str]


def pair_map(table: Json, pairs: PairTable | None, rows: Sequence[Json]) -> PairMap | None:
    """The map over all headline scores; None where the table has no pairs of rows shown.

    Args:
        table: of the board.
        pairs: its tests.
        rows: of the table in the order to draw; those not shown first are left out.
    """
    if pairs is None:
        return None
    known = set(table["shown"]) & set(pairs.rows)
    drawn = tuple(row for row in rows if row["id"] in known)
    if len(drawn) < 2:
        return None
    headline = [d for d, score in enumerate(table["scores"]) if score["headline"]]
    together = tuple(headline or range(len(table["scores"])))
    ids = [row["id"] for row in drawn]
    states = {scope: pairs.states(scope, together, ids) for scope in SCOPES}
    names = [label(table["scores"][d]["name"]) for d in together]
    name = names[0] if len(names) == 1 else ""
    return PairMap(
        drawn,
        together,
        name,
        _drawing(states),
        {scope: map_sentence(scope, of, len(together), name) for scope, of in states.items()},
    )


def map_sentence(scope: str, states: States, scores: int, name: str = "") -> str:
    """How many pairs differ, are equivalent, or neither; `assets/pair_map.js` says the same.

    >>> map_sentence("on", np.array([[0, 3], [3, 0]], dtype=np.int8), 1, "Power")
    'On these items 1 of 1 pair differs on Power, 0 are equivalent, 0 undecided.'
    """
    upper = states[np.triu_indices(len(states), 1)]
    differ, same, open_ = (int((upper == one).sum()) for one in (DIFFERS, EQUIVALENT, UNDECIDED))
    tested = differ + same + open_
    where = _SCOPE_WORDS[scope]
    if not tested:
        return f"{where} no pair could be tested."
    verb = "differs" if differ == 1 else "differ"
    on, all_ = (name, "") if scores == 1 else (f"some of {scores} scores", f" on all {scores}")
    pairs = "pair" if tested == 1 else "pairs"
    are = "is" if same == 1 else "are"
    return (
        f"{where} {differ} of {tested} {pairs} {verb} on {on}, "
        f"{same} {are} equivalent{all_}, {open_} undecided."
    )


def _drawing(states: Mapping[str, States]) -> Markup:
    count = len(next(iter(states.values())))
    root = svg.drawing(count, count, "Map of pairs; the sentence above has its counts.")
    root.set("preserveAspectRatio", "none")
    for scope, of in states.items():
        group = svg.add(root, "g", _class="scope", data_scope=scope)
        for name, cells in (
            ("tested", of != UNTESTED),
            ("differs", of == DIFFERS),
            ("equivalent", of == EQUIVALENT),
        ):
            path = (_dots if name == "equivalent" else _bars)(cells)
            if path:
                svg.add(group, "path", _class=name, d=path)
    svg.add(root, "path", _class="gaps", d=_gaps(count))
    return svg.markup(root)


def _bars(cells: BoolArray) -> str:
    """A bar through neighbouring cells of a row, below the diagonal."""
    parts = []
    for row in range(1, len(cells)):
        edges = np.flatnonzero(np.diff(np.r_[False, cells[row, :row], False])).tolist()
        parts += [
            f"M{start} {row}.5h{end - start}"
            for start, end in zip(edges[::2], edges[1::2], strict=True)
        ]
    return "".join(parts)


def _dots(cells: BoolArray) -> str:
    """A point in each cell: a line of no length with round ends."""
    found = np.argwhere(np.tril(cells, -1)).tolist()
    return "".join(f"M{column}.5 {row}.5h0" for row, column in found)


def _gaps(count: int) -> str:
    """Lines between the columns, which part the bars into cells."""
    return "".join(f"M{column} {column}V{count}" for column in range(1, count))
