import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from decoders.embedded.padded import padded

COUNTS = st.lists(st.integers(0, 4), min_size=1, max_size=6)


@given(COUNTS)
def test_every_rating_is_in_its_raters_row(counts: list[int]):
    instances = 10 + np.arange(sum(counts))
    known = padded(np.concatenate([[0], np.cumsum(counts)]), instances)
    assert known.there.sum(axis=1).tolist() == counts
    np.testing.assert_array_equal(known.instances[known.there], instances)
    assert not known.instances[~known.there].any()
    np.testing.assert_array_equal(known.fill(instances.astype(float)), known.instances)


@given(COUNTS, st.integers(0, 100))
def test_some_raters_and_some_positions(counts: list[int], seed: int):
    known = padded(np.concatenate([[0], np.cumsum(counts)]), np.arange(sum(counts)))
    rows = np.random.default_rng(seed).permutation(len(counts))
    np.testing.assert_array_equal(known.rows(rows).instances, known.instances[rows])
    fewer = known.where(known.instances % 2 == 0)
    assert (fewer.there <= known.there).all()
    assert (fewer.instances[fewer.there] % 2 == 0).all()
