import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.asked import (
    Asked,
    AskedItem,
    AskedProfile,
    AskedRating,
    AskedStatements,
    AskedWhichProfile,
    read_asked,
)

ROWS = st.lists(st.floats(0, 1)).map(tuple)
QUESTIONS = st.one_of(
    *map(st.from_type, (AskedItem, AskedStatements, AskedRating, AskedProfile)),
    st.builds(AskedWhichProfile, x=ROWS, y=ROWS),
)


@given(QUESTIONS)
def test_what_is_asked_comes_back_from_a_log_as_it_was(asked: Asked):
    """Through JSON, as a message's metadata is kept."""
    assert read_asked(json.loads(json.dumps(asked.as_metadata()))) == asked


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"benchmark": "mine", "data": "sample"},
        {"data": "sample", "instance": "1-1", "variant": "v1"},
        {"benchmark": "value_portrait", "data": "sample", "instance": "1-1"},
        {"benchmark": "encode_profiles", "data": "planted", "seed": "one", "rater": "r"},
    ],
)
def test_foreign_metadata_gives_no_question(metadata: dict[str, Any] | None):
    assert read_asked(metadata) is None
