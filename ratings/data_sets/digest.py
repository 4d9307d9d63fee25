"""A hash of everything in a data set."""

import hashlib
import json

import numpy as np

from ratings.data_sets.data_set import DataSet


def data_sha256(data: DataSet) -> str:
    """Hash of a data set: who rated what how, and what is known of raters and instances."""
    digest = hashlib.sha256()
    frame = data.table.ratings
    for column in ("rater", "instance"):
        digest.update(frame[column].cat.codes.to_numpy().astype(np.int64).tobytes())
    digest.update(frame["rating"].to_numpy().astype(np.int64).tobytes())
    for table in (data.table.raters, data.table.instances):
        digest.update(table.to_csv().encode())
    about = [data.name, data.task, data.ordered, data.demographics, data.groundtruth, data.groups]
    digest.update(json.dumps([*about, dict(data.measured), data.table.choices]).encode())
    return digest.hexdigest()
