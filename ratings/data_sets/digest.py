"""A hash of everything in a data set."""

import hashlib
import json

import numpy as np

from ratings.data_sets.data_set import DataSet


def data_sha256(data: DataSet) -> str:
    """Hash of a data set: who rated what how, and what is known of raters and instances."""
    digest = hashlib.sha256()
    table = data.table
    for column in (table.rater_codes, table.instance_codes, table.rating_values):
        digest.update(column.astype(np.int64).tobytes())
    for frame in (table.raters, table.instances):
        digest.update(frame.to_csv().encode())
    about = [data.name, data.task, data.ordered, data.demographics, data.groundtruth, data.groups]
    digest.update(json.dumps([*about, dict(data.measured), table.choices]).encode())
    return digest.hexdigest()
