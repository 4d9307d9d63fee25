"""What a fitted family predicts for each instance given each of some profiles, kept in a file."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import PlainValidator

from ratings.arrays import FloatArray
from ratings.errors import DataError, DataMissingError
from ratings.input.strict_files import StrictFields, Whole, read_versioned_json
from ratings.output.atomic_write import write_whole

VERSION = 1
_SUM_TOLERANCE = 1e-6


def _numbers(nested: object) -> FloatArray:
    found = np.array(nested)
    if found.dtype.kind not in "if":
        raise ValueError("must be lists of numbers")
    return found.astype(np.float64)


@dataclass(frozen=True, eq=False)
class ProfileDistributions(StrictFields):
    """Distributions over the choices of I instances given each of V profiles.

    Attributes:
        data: name of the data set.
        representation: what the profiles are.
        family: that predicted.
        seed: of the split it was fitted on.
        profiles: V texts.
        instances: I names.
        probabilities: I x V x K; 0 beyond an instance's last choice.
    """

    data: str
    representation: str
    family: str
    seed: Whole
    profiles: tuple[str, ...]
    instances: tuple[str, ...]
    probabilities: Annotated[FloatArray, PlainValidator(_numbers)]

    def __post_init__(self) -> None:
        """Refuse parts that do not fit each other.

        Raises:
            DataError: says which.
        """
        shape = self.probabilities.shape
        if len(shape) != 3 or shape[:2] != (len(self.instances), len(self.profiles)):
            raise DataError(
                f"probabilities of shape {shape} do not fit {len(self.instances)} instances and "
                f"{len(self.profiles)} profiles"
            )
        bad = ~np.isfinite(self.probabilities).all(axis=2) | (self.probabilities < 0).any(axis=2)
        bad |= np.abs(np.nan_to_num(self.probabilities).sum(axis=2) - 1) > _SUM_TOLERANCE
        if bad.any():
            i, v = (int(axis[0]) for axis in np.nonzero(bad))
            raise DataError(
                f"the probabilities of instance {self.instances[i]!r} given profile {v + 1} are "
                f"not a distribution: they must not be negative and must sum to 1"
            )


def write_profile_distributions(path: Path, found: ProfileDistributions) -> None:
    """Write distributions, whole or not at all.

    Raises:
        DataError: when the path is a folder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = {**vars(found), "probabilities": found.probabilities.tolist()}
    write_whole(path, json.dumps({"version": VERSION, **fields}, sort_keys=True))


def read_profile_distributions(path: Path) -> ProfileDistributions:
    """Read distributions.

    Raises:
        DataMissingError: when there is no such file.
        MalformedFileError: when it holds something else, or its parts do not fit.
    """
    if not path.is_file():
        raise DataMissingError(f"there are no distributions at {path}")
    return read_versioned_json(path, ProfileDistributions, VERSION)


def distributions_digest(found: ProfileDistributions) -> str:
    """SHA-256 of what the profiles say and what is predicted given them."""
    digest = hashlib.sha256("\0".join([*found.profiles, *found.instances]).encode())
    digest.update(np.ascontiguousarray(found.probabilities).tobytes())
    return digest.hexdigest()
