"""valuegauge measures values in language models; `python -m valuegauge` is its command line."""

from importlib.metadata import version

__version__ = version("valuegauge")
