import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from decoders.language_model.prompts.packing import PADDING, Pack, collate, in_batches, pack

TOKENS = st.lists(st.integers(1, 99), min_size=1, max_size=6).map(np.array)
PACKS = st.lists(
    st.builds(
        lambda prefix, suffixes: pack(prefix, suffixes, np.arange(len(suffixes))),
        TOKENS,
        st.lists(TOKENS, min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def test_two_packs_side_by_side():
    one = pack(np.array([1, 2, 3]), [np.array([6]), np.array([4, 5])], np.array([8, 7]))
    two = pack(np.array([9]), [np.array([10, 11])], np.array([3]))
    batch = collate([one, two])
    assert batch.ids.tolist() == [[1, 2, 3, 4, 5, 6], [9, 0, 0, 10, 11, 0]]
    assert batch.positions.tolist() == [[0, 1, 2, 3, 4, 3], [0, 0, 0, 1, 2, 0]]
    assert batch.segments.tolist() == [[0, 0, 0, 1, 1, 2], [0, -1, -1, 1, 1, -1]]
    assert batch.rows.tolist() == [[7, 8], [3, -1]]
    assert batch.ends(1).tolist() == [4, 5]
    assert batch.ends(2).tolist() == [3, 4, 4, 5]


@given(PACKS)
def test_every_token_occurs_once_and_suffixes_end_their_blocks(packs: list[Pack]):
    batch = collate(packs)
    for b, one in enumerate(packs):
        assert batch.ids[b][batch.segments[b] == 0].tolist() == one.prefix.tolist()
        for s, suffix in enumerate(one.suffixes):
            here = batch.segments[b] == s + 1
            assert batch.ids[b][here].tolist() == suffix.tolist()
            assert batch.positions[b][here].tolist() == [
                len(one.prefix) + n for n in range(len(suffix))
            ]
            assert np.flatnonzero(here)[-1] == batch.ends(1)[s]
    assert (batch.segments != PADDING).sum() == sum(one.tokens for one in packs)


@given(PACKS)
def test_a_pack_alone_has_no_padding(packs: list[Pack]):
    for one in packs:
        assert collate([one]).ids.shape == (1, one.tokens)


@given(PACKS, st.integers(1, 60))
def test_batches_hold_all_packs_and_no_more_columns_than_allowed(packs: list[Pack], most: int):
    found = in_batches(packs, most)
    assert sorted(id(one) for some in found for one in some) == sorted(map(id, packs))
    for one in found:
        assert len(one) == 1 or collate(one).ids.size <= most
