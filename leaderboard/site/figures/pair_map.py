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
    kinds = [row["kind"] for row in drawn]
    return PairMap(
        drawn,
        together,
        name,
        _drawing(states),
        {
            scope: map_sentence(scope, of, kinds, len(together), name)
            for scope, of in states.items()
        },
    )


def map_sentence(
    scope: str, states: States, kinds: Sequence[str], scores: int, name: str = ""
) -> str:
    """How many pairs differ, are equivalent, or neither; `assets/pair_map.js` says the same.

    Args:
        scope: of the tests.
        states: R x R.
        kinds: of the R rows; where one of them is people, who differs from people is said apart.
        scores: how many the states are of together.
        name: of the score, where it is one.

    >>> map_sentence("on", np.array([[0, 3], [3, 0]], dtype=np.int8), ["model"] * 2, 1, "Power")
    'On these items the only pair of models differs on Power.'
    """
    of_people = np.array([kind == "human" for kind in kinds])
    split = of_people.sum() == 1 and len(kinds) > 2
    others = np.flatnonzero(~of_people) if split else np.arange(len(kinds))
    noun = "models" if {kinds[one] for one in others.tolist()} <= {"model", "recording"} else "rows"
    differ, same, open_ = _counted(states[np.ix_(others, others)][np.triu_indices(len(others), 1)])
    tested = differ + same + open_
    where = _SCOPE_WORDS[scope]
    if not tested:
        return f"{where} no pair could be tested."
    some = "some" if differ else "any"
    on, all_ = (name, "") if scores == 1 else (f"{some} of {scores} scores", f" on all {scores}")
    if tested == 1:
        equal = f"is equivalent{all_ or f' on {name}'}"
        state = f"differs on {on}" if differ else equal if same else "is undecided"
        said = f"{where} the only pair of {noun} {state}"
    else:
        said = (
            f"{where} {_differ(differ, tested, f'pairs of {noun}')} on {on}, "
            f"{_are(same)} equivalent{all_}, {_are(open_)} undecided"
        )
    if split:
        unlike, *rest = _counted(states[others, np.flatnonzero(of_people)[0]])
        known = unlike + sum(rest)
        said += f"; {_differ(unlike, known, noun)} from people"
    return f"{said}."


def _differ(count: int, of: int, what: str) -> str:
    return f"{count or 'none'} of {of} {what} differ{'s' if count < 2 else ''}"


def _are(count: int) -> str:
    return f"{count or 'none'} {'is' if count < 2 else 'are'}"


def _counted(states: States) -> list[int]:
    return [int((states == one).sum()) for one in (DIFFERS, EQUIVALENT, UNDECIDED)]


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
