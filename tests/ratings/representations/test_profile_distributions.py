import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ratings.errors import DataError, DataMissingError
from ratings.input.strict_files import MalformedFileError
from ratings.representations.profile_distributions import (
    ProfileDistributions,
    distributions_digest,
    read_profile_distributions,
    write_profile_distributions,
)


def made(**other: Any) -> ProfileDistributions:
    parts: dict[str, Any] = {
        "data": "planted",
        "representation": "profile:a",
        "family": "default",
        "seed": 3,
        "profiles": ("Thrifty.", "Generous."),
        "instances": ("one", "two", "three"),
        "probabilities": np.tile([0.25, 0.75], (3, 2, 1)),
    }
    return ProfileDistributions(**{**parts, **other})


def test_what_is_written_is_read(tmp_path: Path):
    found, path = made(), tmp_path / "new" / "d.json"
    write_profile_distributions(path, found)
    again = read_profile_distributions(path)
    np.testing.assert_array_equal(again.probabilities, found.probabilities)
    for name in ("data", "representation", "family", "seed", "profiles", "instances"):
        assert getattr(again, name) == getattr(found, name)
    assert distributions_digest(again) == distributions_digest(found)
    other = made(probabilities=np.tile([0.75, 0.25], (3, 2, 1)))
    assert distributions_digest(other) != distributions_digest(found)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"profiles": ("Thrifty.",)}, "do not fit 3 instances and 1 profiles"),
        ({"probabilities": np.zeros((3, 2))}, r"shape \(3, 2\) do not fit"),
        (
            {"probabilities": np.tile([0.5, 0.6], (3, 2, 1))},
            "instance 'one' given profile 1 are not a distribution",
        ),
        ({"probabilities": np.tile([np.nan, 1.0], (3, 2, 1))}, "not a distribution"),
        ({"probabilities": np.tile([-0.5, 1.5], (3, 2, 1))}, "not a distribution"),
    ],
)
def test_parts_that_do_not_fit_are_refused(other: dict[str, Any], message: str):
    with pytest.raises(DataError, match=message):
        made(**other)


@pytest.mark.parametrize(
    ("change", "key", "code", "shown"),
    [
        ({"version": 2}, "version", "version", "2"),
        ({"profiles": None}, "profiles", "tuple_type", "None"),
        ({"seed": True}, "seed", "int_type", "True"),
        ({"probabilities": [[["a"]]]}, "probabilities", "rule", "lists of numbers"),
        ({"probabilities": [[[1], [1, 2]]]}, "probabilities", "rule", "inhomogeneous"),
        ({"famly": "default"}, "famly", "unknown_key", "'family'"),
        ({"instances": ["one"]}, "", "rule", "do not fit 1 instances"),
    ],
)
def test_a_malformed_file_is_refused(
    tmp_path: Path, change: dict[str, Any], key: str, code: str, shown: str
):
    path = tmp_path / "d.json"
    write_profile_distributions(path, made())
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(MalformedFileError) as error:
        read_profile_distributions(path)
    found = error.value
    assert (found.file, found.key, found.code) == (str(path), key, code)
    assert shown in str(found)


@pytest.mark.parametrize("text", ["", "[1]", "{}", "null"])
def test_other_files_are_refused(tmp_path: Path, text: str):
    path = tmp_path / "d.json"
    path.write_text(text)
    with pytest.raises(MalformedFileError, match=re.escape(str(path))):
        read_profile_distributions(path)
    with pytest.raises(DataMissingError, match="there are no distributions at"):
        read_profile_distributions(tmp_path / "none.json")
