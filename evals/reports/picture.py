"""Pictures, drawn with matplotlib, which writes PNG, SVG and PDF without a browser."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matplotlib.axes import Axes

from ratings.errors import DataError, unknown_name
from ratings.output.atomic_write import written_aside
from ratings.output.text import one_line

FORMATS = (".png", ".svg", ".pdf")
BLUE, BROWN = "#2a6f97", "#bc6c25"


def label(text: object, longest: int = 40) -> str:
    r"""A name that anyone may have given, as a picture can show it: short, on a line, no formula.

    >>> print(label("$x$\n"), len(label("x" * 300)))
    \$x\$ 40
    """
    plain = one_line(str(text))
    short = plain if len(plain) <= longest else f"{plain[: longest - 3]}..."
    return short.replace("$", r"\$")


@contextmanager
def picture(path: Path, width: float = 7, height: float = 4.5) -> Iterator[Axes]:
    """Axes to draw on; written when the block ends, whole or not at all.

    Args:
        path: the picture's file; its ending (.png, .svg or .pdf) decides the format.
        width: in inches.
        height: in inches.

    Raises:
        DataError: when the folder does not exist.
        UnknownNameError: for another ending.
    """
    if path.suffix.lower() not in FORMATS:
        raise unknown_name("picture format", path.suffix, FORMATS)
    if not path.parent.is_dir():
        raise DataError(f"there is no folder {path.parent} to write {path.name} in")
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(width, height), layout="constrained")
    try:
        axes.spines[["top", "right"]].set_visible(False)
        yield axes
        with written_aside(path) as aside, warnings.catch_warnings():
            # A sign that the font lacks is drawn as a box, which says enough.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            figure.savefig(aside, dpi=150)
    finally:
        pyplot.close(figure)
