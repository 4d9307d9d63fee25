"""Files of PRISM's published results in the mirror, by the hashes of their card."""

from pathlib import Path

import pytest

from ratings.prism.results.files import card_of
from ratings.sources.fetch import verify


def at_hand(name: str) -> Path:
    """Path of a file; the test is skipped where it is not at hand, and fails if it was changed."""
    (status,) = verify(card_of(name))
    if status.state == "missing":
        pytest.skip(f"needs the authors' file {name}")
    assert status.state == "good", f"{status.path} has not the hash of the card"
    return status.path
