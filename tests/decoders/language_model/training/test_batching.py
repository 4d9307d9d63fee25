import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from decoders.language_model.prompts.prompts import Labels, Prompts
from decoders.language_model.training.batching import epoch_steps, pack_of

LABELS = Labels((np.array([1]), np.array([2, 3, 4])))


def prompts(prefix_of: list[int]) -> Prompts:
    size = len(prefix_of)
    return Prompts(
        prefixes=[np.array([10 + p]) for p in range(max(prefix_of, default=0) + 1)],
        suffixes=[np.array([50])],
        labels=[LABELS],
        prefix_of=np.array(prefix_of),
        suffix_of=np.zeros(size, dtype=int),
        labels_of=np.zeros(size, dtype=int),
        chosen=np.arange(size) % 2,
        names=[f"n{row}" for row in range(size)],
    )


@given(st.lists(st.integers(0, 4), min_size=1, max_size=40), st.integers(1, 12), st.integers(1, 12))
def test_an_epoch_has_each_rating_once_in_steps_that_are_not_too_large(prefix_of, batch, share):
    steps = epoch_steps(prompts(prefix_of), batch, share, seed=3, epoch=0)
    rows = [int(row) for step in steps for pack in step for row in pack]
    assert sorted(rows) == list(range(len(prefix_of)))
    for step in steps:
        assert sum(map(len, step)) <= batch
        for pack in step:
            assert len(pack) <= share
            assert len({prefix_of[row] for row in pack}) == 1


def test_epochs_and_seeds_have_orders_of_their_own_and_the_same_again():
    found = prompts([0, 1, 2, 3, 4] * 8)

    def order(seed: int, epoch: int) -> list[int]:
        steps = epoch_steps(found, 8, 4, seed, epoch)
        return [int(row) for step in steps for pack in step for row in pack]

    assert order(0, 0) == order(0, 0)
    assert order(0, 0) != order(0, 1)
    assert order(0, 0) != order(1, 0)


def test_a_suffix_is_followed_by_the_answer_without_its_last_token():
    pack = pack_of(prompts([0, 0]), np.array([0, 1]))
    assert [one.tolist() for one in pack.suffixes] == [[50, 2, 3], [50]]
    assert pack.rows.tolist() == [1, 0]
