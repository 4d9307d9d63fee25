"""The leaderboard that the manual links to: simulated raters on the sample of Value Portrait.

`make docs` runs it after Sphinx. Their answers are fixed, so every build has the same scores.
"""

import sys
import tempfile
from pathlib import Path

from inspect_ai import eval as inspect_eval

from benchmarks.value_portrait.task import value_portrait
from leaderboard.board.board import read_board
from leaderboard.site.build import build_site
from leaderboard.store.collect import collect

RESPONDENTS = ("universalism", "benevolence", "power", "self-direction")


def build_sample_board(out: Path) -> None:
    """Let the respondents answer the sample, and write their board into a folder."""
    with tempfile.TemporaryDirectory() as folder:
        inspect_eval(
            value_portrait(data="sample"),
            model=[f"respondent/{name}" for name in RESPONDENTS],
            log_dir=folder,
            display="none",
            score_display=False,
            log_realtime=False,
        )
        store = Path(folder) / "board.duckdb"
        collect([Path(folder)], store)
        build_site(read_board(store), out)


if __name__ == "__main__":
    build_sample_board(Path(sys.argv[1]))
