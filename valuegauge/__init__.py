"""valuegauge measures values in language models. This is what a program of one's own needs of it.

    import valuegauge
    valuegauge.scores("logs")  # the scores of runs, with intervals
    valuegauge.instrument("value_portrait", data="sample")  # items, choices, tags
    valuegauge.information("planted", "measured")  # what a description of a rater tells

Each gives tables of pandas. Whatever they need is imported with the first use. `python -m
valuegauge` is the command line.
"""

import warnings
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

from valuegauge.shadowing import find_clash, require_own, tells_itself

if TYPE_CHECKING:
    from ratings.errors import DataError
    from ratings.instruments.tables import Instrument
    from valuegauge.information_table import information
    from valuegauge.instrument_tables import instrument
    from valuegauge.score_table import scores

__all__ = ["DataError", "Instrument", "__version__", "information", "instrument", "scores"]
__version__ = version("valuegauge")

_MODULES = {
    "DataError": "ratings.errors",
    "Instrument": "ratings.instruments.tables",
    "information": "valuegauge.information_table",
    "instrument": "valuegauge.instrument_tables",
    "scores": "valuegauge.score_table",
}

_clash = None if tells_itself() else find_clash()
if _clash is not None:
    warnings.warn(_clash.line, RuntimeWarning, stacklevel=2)


def __getattr__(name: str) -> object:
    """What is imported with its first use.

    Raises:
        ImportError: where another distribution hides one of our packages.
    """
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require_own()
    found = getattr(import_module(_MODULES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
