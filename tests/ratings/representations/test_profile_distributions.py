import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ratings.errors import DataError
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
    ("other", "told"),
    [
        ({"profiles": ("Thrifty.",)}, "do not fit 3 instances and 1 profiles"),
        ({"probabilities": np.zeros((3, 2))}, r"shape \(3, 2\) do not fit"),
        (
            {"probabilities": np.tile([0.5, 0.6], (3, 2, 1))},
            "instance 'one' given profile 1 are no distribution",
        ),
        ({"probabilities": np.tile([np.nan, 1.0], (3, 2, 1))}, "no distribution"),
        ({"probabilities": np.tile([-0.5, 1.5], (3, 2, 1))}, "no distribution"),
    ],
)
def test_parts_that_do_not_fit_are_refused(other: dict[str, Any], told: str):
    with pytest.raises(DataError, match=told):
        made(**other)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "is of version 2; this reads 1"),
        ({"profiles": None}, "holds no distributions given profiles"),
        ({"probabilities": [[["a"]]]}, "holds no distributions given profiles"),
        ({"extra": 1}, "holds no distributions given profiles"),
        ({"instances": ["one"]}, "do not fit 1 instances"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(
    tmp_path: Path, change: dict[str, Any], told: str
):
    path = tmp_path / "d.json"
    write_profile_distributions(path, made())
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(DataError, match=told) as error:
        read_profile_distributions(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "[1]", "{}", "null"])
def test_other_files_are_refused(tmp_path: Path, text: str):
    path = tmp_path / "d.json"
    path.write_text(text)
    with pytest.raises(DataError, match=re.escape(str(path))):
        read_profile_distributions(path)
    with pytest.raises(DataError, match="there are no distributions at"):
        read_profile_distributions(tmp_path / "none.json")
