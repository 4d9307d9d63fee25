"""A soup compared with its parts: all measured on the same test raters of one data set."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from decoders.fit_split import fit_split
from evals.vinfo.trained_decoder import measure
from ratings.errors import DataError
from ratings.output.json_values import json_object
from ratings.prepared import PreparedSplit
from ratings.representations.names import Representation
from scorers.information.calibration import reliability_table, top_label

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import Checkpoint

SOUP = "soup"


def measured_beside_parts(
    soup: "Checkpoint",
    folders: Sequence[Path],
    prepared: PreparedSplit,
    representation: Representation,
) -> "Checkpoint":
    """The soup with what it and each of its parts come to, without training on the data.

    Loss, accuracy, ECE and Brier score with intervals over raters, and the reliability table.

    Args:
        soup: to measure.
        folders: of its parts; a part that is in the soup twice is measured once.
        prepared: whose test raters are measured.
        representation: what is given about them.

    Raises:
        DataError: when a part was trained on another split of the same data, and so on raters
            that are to be measured.
    """
    from decoders.language_model.checkpoint import load_checkpoint

    data, seed = prepared.data, prepared.split.seed
    require_unseen(soup.about.metrics["soup"], data.name, seed)
    rows = [{"decoder": SOUP, **_measured(soup, prepared, representation)}]
    for folder in dict.fromkeys(folders):
        part = load_checkpoint(folder)
        rows.append({"decoder": str(folder), **_measured(part, prepared, representation)})
    about = soup.about
    found = {
        "data": data.name,
        "synthetic": data.synthetic,
        "representation": representation.name,
        "seed": seed,
        "rows": rows,
    }
    return replace(soup, about=replace(about, metrics={**about.metrics, "measured": found}))


def require_unseen(parts: Sequence[dict[str, Any]], data: str, seed: int) -> None:
    """Refuse to measure on raters that a part learned from.

    Raises:
        DataError: names the part and the seed that would do.
    """
    for part in parts:
        if part["data"] == data and part["seed"] != seed:
            raise DataError(
                f"{part['folder']} was trained on the training raters of {data} at seed "
                f"{part['seed']}, some of whom are test raters at seed {seed}: give --seed "
                f"{part['seed']}, or other data"
            )


def _measured(
    checkpoint: "Checkpoint", prepared: PreparedSplit, representation: Representation
) -> dict[str, Any]:
    from decoders.language_model.as_is import UntrainedFamily

    fit = fit_split(prepared, UntrainedFamily(checkpoint), representation)
    targets = fit.test_targets()
    shares = fit.predict(targets.raters, targets.instances)
    table = reliability_table(*top_label(shares, targets.ratings), targets.raters)
    found: dict[str, Any] = json_object({"reliability": table.to_dict("list")})
    return {**measure(fit), **found, "temperature": checkpoint.about.temperature}


def as_json(soup: "Checkpoint", folder: Path) -> dict[str, Any]:
    """The soup and what it came to, for a file or a program."""
    return {"folder": str(folder), **asdict(soup.about)}
