"""PRISM's published local clusters: which texts say nearly the same, by the authors' embeddings."""

import re
from pathlib import Path

import pandas as pd

from ratings.data_sets.sources import read_csv
from ratings.errors import DataError

KINDS = ("opening_prompt", "model_response")
_NAME = re.compile(rf"local_clusters_({'|'.join(KINDS)})_(\d)-(\d+)\.csv")
_COLUMNS = ("conversation_id", "user_id", "cluster_membership")


def cluster_file_name(kind: str, threshold: float) -> str:
    """What the file of one kind of texts at a cosine distance is called.

    >>> cluster_file_name("opening_prompt", 0.05)
    'local_clusters_opening_prompt_0-05.csv'
    """
    return f"local_clusters_{kind}_{f'{threshold:g}'.replace('.', '-')}.csv"


def read_clusters(path: Path) -> pd.DataFrame:
    """One published file of clusters.

    Args:
        path: named `local_clusters_{opening_prompt|model_response}_0-125.csv`, by the distance.

    Returns:
        A row for each prompt, or for each reply in the order of their texts, with the columns
        conversation_id, user_id and cluster (whole numbers from 0).

    Raises:
        DataError: for another name, a column that is missing, or clusters that are not numbered
            from 0 on.
    """
    if _NAME.fullmatch(path.name) is None:
        raise DataError(
            f"{path} is not named like a file of clusters, such as "
            f"{cluster_file_name(KINDS[0], 0.05)}"
        )
    table = read_csv(path, _COLUMNS)[list(_COLUMNS)].rename(columns={_COLUMNS[2]: "cluster"})
    numbers = pd.to_numeric(table["cluster"], errors="coerce")
    if numbers.empty or set(numbers.unique()) != set(range(int(numbers.nunique()))):
        raise DataError(f"{path}: clusters are not numbered from 0 on")
    return table.assign(cluster=numbers.astype(int))
