"""The tables of a board as a data set of the Hugging Face hub.

Layout: two Parquet files, each a configuration, and a card that names them; what `datasets` reads
with `load_dataset("owner/name", "scores")`. All of it is one commit, so nobody reads half of it.
"""

import json
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from leaderboard.exports.table_parts import Board
from leaderboard.exports.tables_csv import RUN_COLUMNS, SCORE_COLUMNS, run_rows, score_rows
from ratings.errors import DataError, DataMissingError
from ratings.sources.hub import quiet

if TYPE_CHECKING:
    from datasets import Dataset

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_TRUE_OR_FALSE = {"synthetic", "headline"}
_WHOLE = {"answers", "input_tokens", "output_tokens"}
_NUMBERS = {
    "cost", "high", "highest", "low", "lowest", "range_high", "range_low", "rank", "rank_high",
    "on_high", "on_low", "rank_low", "seconds", "share", "valid", "value",
}  # fmt: skip
_CARD = """
# Values of language models, measured

Written by valuegauge. `scores` has a row for each table, rater and score; `runs` one for each run.
Only rows of one table may be compared. `value` comes with its 95% interval `low` to `high`
beyond these items and `on_low` to `on_high` on them; a number that is not defined is null, and
`reason` says why. `kind` says who answered: rows of the kind `published` are figures of papers;
`baseline`, `simulated` and `human` are no models.
"""


def board_tables(board: Board) -> "dict[str, Dataset]":
    """The scores and the runs of a board with typed columns, without synthetic samples.

    Numbers are 64 bits wide, null where they are not defined; settings and statuses are JSON.
    """
    real = {
        **board,
        "tables": [table for table in board["tables"] if not table["synthetic"]],
        "apart": [run for run in board["apart"] if run["table"] in _real(board)],
    }
    return {
        "scores": _table(SCORE_COLUMNS, score_rows(real)),
        "runs": _table(RUN_COLUMNS, run_rows(real)),
    }


def write_tables(board: Board, folder: Path) -> None:
    """Write the data set into a folder as it is on the hub.

    Raises:
        DataError: when the board has no table of real data.
    """
    tables = board_tables(board)
    if not len(tables["scores"]):
        raise DataError("nothing to push: the tables hold no scores, or only of synthetic samples")
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet")
    configs = [{"config_name": name, "data_files": f"{name}.parquet"} for name in tables]
    front = yaml.safe_dump({"configs": configs}, sort_keys=False)
    (folder / "README.md").write_text(f"---\n{front}---\n{_CARD}", encoding="utf-8")


def push(board: Board, repository: str, *, public: bool = False) -> str:
    """Put the tables of a board on the hub, in one commit.

    Args:
        board: what `leaderboard.board.board` reads from a store.
        repository: owner and name of the data set, made when it is not there.
        public: whether everybody may read one that is made now; one that is there stays as it is.

    Returns:
        The address of the commit.

    Raises:
        DataMissingError: when nobody is logged in, or the hub does not take it.
        DataError: for an unknown name, or a board without real data.
    """
    from huggingface_hub import HfApi, get_token

    if not _REPOSITORY.fullmatch(repository):
        raise DataError(f"{repository!r} is not a data set of the hub; name its owner: OWNER/NAME")
    if get_token() is None:
        raise DataMissingError(
            "nobody is logged in to the Hugging Face hub: run `hf auth login`, or set HF_TOKEN"
        )
    with (
        tempfile.TemporaryDirectory() as folder,
        quiet(),
        _errors(repository),
    ):
        write_tables(board, Path(folder))
        api = HfApi()
        api.create_repo(repository, repo_type="dataset", private=not public, exist_ok=True)
        done = api.upload_folder(
            repo_id=repository,
            folder_path=folder,
            repo_type="dataset",
            commit_message="Tables of valuegauge",
        )
    return str(done.commit_url)


def _real(board: Board) -> set[str]:
    return {table["id"] for table in board["tables"] if not table["synthetic"]}


def _table(columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> "Dataset":
    from datasets import Dataset, Features, Value

    features = Features({name: Value(_type(name)) for name in columns})
    found = list(rows)
    cells = {name: [_cell(name, row.get(name)) for row in found] for name in columns}
    return Dataset.from_dict(cells, features=features)


def _type(column: str) -> str:
    if column in _TRUE_OR_FALSE:
        return "bool"
    if column in _WHOLE:
        return "int64"
    return "float64" if column in _NUMBERS else "string"


def _cell(column: str, value: object) -> object:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if _type(column) != "string" or isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, allow_nan=False)


@contextmanager
def _errors(repository: str) -> Iterator[None]:
    """What the hub refuses, in one line."""
    from huggingface_hub import errors

    try:
        yield
    except errors.HfHubHTTPError as error:
        status = getattr(error.response, "status_code", None)
        why = f"the hub answered {status}"
        if status in (401, 403):
            why = "the account or token that is logged in may not write there"
        raise DataMissingError(f"{repository} was not written: {why}") from error
    except Exception as error:
        package = type(error).__module__.partition(".")[0]
        if isinstance(error, ConnectionError) or package.startswith("httpx"):
            raise DataMissingError(
                f"{repository} was not written: the hub cannot be reached"
            ) from error
        raise
