import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from decoders.language_model.packing import NO_PLACES, PADDING, Pack, collate, in_batches

TOKENS = st.lists(st.integers(1, 99), min_size=1, max_size=6).map(np.array)
PACKS = st.lists(
    st.builds(
        lambda prefix, suffixes: Pack(prefix, suffixes, np.arange(len(suffixes)), NO_PLACES),
        TOKENS,
        st.lists(TOKENS, min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def test_two_packs_side_by_side():
    one = Pack(np.array([1, 2, 3]), [np.array([4, 5]), np.array([6])], np.array([7, 8]), NO_PLACES)
    two = Pack(np.array([9]), [np.array([10, 11])], np.array([3]), NO_PLACES)
    batch = collate([one, two])
    assert batch.ids.tolist() == [[1, 2, 3, 4, 5, 0, 6], [9, 0, 0, 10, 11, 0, 0]]
    assert batch.positions.tolist() == [[0, 1, 2, 3, 4, 0, 3], [0, 0, 0, 1, 2, 0, 0]]
    assert batch.segments.tolist() == [[0, 0, 0, 1, 1, -1, 2], [0, -1, -1, 1, 1, -1, -1]]
    assert batch.rows.tolist() == [[7, 8], [3, -1]]
    assert batch.ends(1).tolist() == [4, 6]
    assert batch.ends(2).tolist() == [3, 4, 5, 6]


@given(PACKS)
def test_every_token_stands_once_and_suffixes_end_their_blocks(packs: list[Pack]):
    batch = collate(packs)
    for b, pack in enumerate(packs):
        assert batch.ids[b][batch.segments[b] == 0].tolist() == pack.prefix.tolist()
        for s, suffix in enumerate(pack.suffixes):
            here = batch.segments[b] == s + 1
            assert batch.ids[b][here].tolist() == suffix.tolist()
            assert batch.positions[b][here].tolist() == [
                len(pack.prefix) + n for n in range(len(suffix))
            ]
            assert np.flatnonzero(here)[-1] == batch.ends(1)[s]
    assert (batch.segments != PADDING).sum() == sum(pack.tokens for pack in packs)


@given(PACKS, st.integers(1, 60))
def test_batches_hold_all_packs_and_no_more_columns_than_allowed(packs: list[Pack], most: int):
    found = in_batches(packs, most)
    assert sorted(id(pack) for one in found for pack in one) == sorted(map(id, packs))
    for one in found:
        assert len(one) == 1 or collate(one).ids.size <= most
