"""The recordings of Value Portrait, each against each: which are the same model, what moved?

    python -m studies.recordings_told_apart

prints the table of `docs/regression.md`.
"""

import sys
from itertools import combinations

from ratings.errors import DataError
from ratings.instruments.value_portrait import (
    VARIANTS,
    Instrument,
    load_instrument,
    load_recording,
    recordings_at_hand,
)
from scorers.change.omnibus import omnibus
from scorers.comparison.score_checks import check_scores
from scorers.scores.responses import ResponseMatrix
from studies.regression_power import FAMILY, Asked


def recorded(instrument: Instrument) -> dict[str, ResponseMatrix]:
    """The recordings at hand as runs of the whole instrument."""
    asked = Asked.of(instrument, [str(one) for one in instrument.items.index])
    out = {}
    for name in recordings_at_hand():
        wide = load_recording(name).pivot(index="instance", columns="variant", values="published")
        ratings = wide.reindex(index=list(asked.samples), columns=list(VARIANTS)).to_numpy(float)
        out[name] = asked.grid(ratings[None])
    return out


def print_recordings(instrument: Instrument) -> None:
    """Each recording against each: whether it is the same model, and how many values moved."""
    print(
        "| one | other | answers that differ | p, same model | moved on these items | "
        "same | undecided | moved beyond them |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for (one, before), (other, after) in combinations(recorded(instrument).items(), 2):
        found = omnibus(before, after, wordings=True)
        on, beyond = (
            [c.verdict for c in check_scores(before, after, [FAMILY], scope=scope).checks[:-1]]
            for scope in ("on", "beyond")
        )
        counts = " | ".join(str(on.count(verdict)) for verdict in ("moved", "same", "undecided"))
        print(
            f"| {one} | {other} | {100 * found.changed / found.answers:.0f}% | {found.p:.4f} | "
            f"{counts} | {beyond.count('moved')} |",
            flush=True,
        )


if __name__ == "__main__":
    try:
        print_recordings(load_instrument("official"))
    except DataError as error:
        sys.exit(str(error))
