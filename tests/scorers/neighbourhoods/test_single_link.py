"""Single-link clusters: against SciPy's, in any order, with copies, zeros and edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist
from sklearn.metrics import adjusted_rand_score

from ratings.errors import DataError
from scorers.neighbourhoods import single_link as module
from scorers.neighbourhoods.single_link import PAPER_THRESHOLDS, single_link


def near_pairs(rng: np.random.Generator, rows: int, width: int, kinds: int) -> np.ndarray:
    """Rows around a few directions, some closer than others."""
    centres = rng.standard_normal((kinds, width))
    spread = rng.choice([0.05, 0.3, 1.0], size=(rows, 1))
    return centres[rng.integers(kinds, size=rows)] + spread * rng.standard_normal((rows, width))


def by_scipy(vectors: np.ndarray, threshold: float) -> np.ndarray:
    """Single linkage cut at the threshold."""
    tree = linkage(pdist(vectors, "cosine").clip(0), "single")
    return fcluster(tree, threshold, "distance")


@given(
    seed=st.integers(0, 2**32 - 1), rows=st.integers(2, 60), width=st.integers(1, 40),
    kinds=st.integers(1, 8), threshold=st.sampled_from([0.001, *PAPER_THRESHOLDS, 0.5, 1.2, 1.9]),
    block=st.sampled_from([1, 3, 16, 2_048]), precision=st.sampled_from([np.float32, np.float64]),
)  # fmt: skip
def test_clusters_are_those_of_scipy(seed, rows, width, kinds, threshold, block, precision):
    vectors = near_pairs(np.random.default_rng(seed), rows, width, kinds).astype(precision)
    distances = pdist(vectors.astype(float), "cosine")
    if (np.abs(distances - threshold) < 1e-9).any():
        return  # SciPy's cut includes the threshold, and either may err by a last digit
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        found = single_link(vectors, [threshold])[0]
    assert adjusted_rand_score(found, by_scipy(vectors.astype(float), threshold)) == 1


@given(seed=st.integers(0, 2**32 - 1))
def test_order_and_length_of_rows_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    vectors = near_pairs(rng, 50, 8, 6)
    order = rng.permutation(50)
    longer = vectors * rng.uniform(0.01, 100, size=(50, 1))
    found, other = single_link(vectors, [0.125])[0], single_link(longer[order], [0.125])[0]
    assert adjusted_rand_score(found[order], other) == 1


@given(seed=st.integers(0, 2**32 - 1))
def test_a_stricter_threshold_divides_the_clusters_of_a_wider_one(seed):
    labels = single_link(near_pairs(np.random.default_rng(seed), 80, 6, 8), [0.2, 0.05, 0.125])
    for strict, wide in ((1, 2), (2, 0)):
        pairs = np.unique(labels[[strict, wide]], axis=1)
        assert len(np.unique(pairs[0])) == pairs.shape[1]


def test_clusters_are_numbered_by_their_first_member():
    labels = single_link(near_pairs(np.random.default_rng(1), 200, 5, 20), PAPER_THRESHOLDS)
    for row in labels:
        first = np.unique(row, return_index=True)[1]
        assert (np.diff(first) > 0).all()
        assert row[0] == 0
        assert row.max() + 1 == len(first)


def test_copies_are_together_and_empty_texts_apart():
    rng = np.random.default_rng(2)
    vectors = rng.standard_normal((10, 30))
    copies = np.vstack([vectors, vectors[::-1], np.zeros((3, 30))])
    copies[15] = -0.0 + copies[15]
    labels = single_link(copies, [1e-6])[0]
    assert (labels[:10] == labels[10:20][::-1]).all()
    assert len(np.unique(labels)) == 13
    # also where everything else is one cluster
    assert np.bincount(single_link(copies, [2.0])[0]).tolist() == [20, 1, 1, 1]


def test_all_alike_all_different_one_and_none():
    assert (single_link(np.ones((500, 4)), [0.05]) == 0).all()
    assert (single_link(np.eye(20), [0.05])[0] == np.arange(20)).all()
    assert single_link(np.ones((1, 4)), [0.05, 0.1]).tolist() == [[0], [0]]
    assert single_link(np.zeros((2, 4)), [0.05]).tolist() == [[0, 1]]
    assert single_link(np.ones((0, 4)), [0.05]).shape == (1, 0)
    assert single_link(np.ones((3, 4)), []).shape == (0, 3)


def test_a_distance_equal_to_the_threshold_is_no_link():
    right_angle = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert single_link(right_angle, [1.0])[0].tolist() == [0, 1]
    assert single_link(right_angle, [np.nextafter(1.0, 2.0)])[0].tolist() == [0, 0]


@pytest.mark.parametrize("width", [3, 768])
def test_links_are_decided_in_double_precision(width: int):
    """Distances off the threshold by less than single precision can tell."""
    rng = np.random.default_rng(3)
    one, other = np.linalg.qr(rng.standard_normal((width, 2)))[0].T
    for off, linked in ((-1e-11, True), (1e-11, False)):
        cosine = 1 - (0.125 + off)
        second = cosine * one + np.sqrt(1 - cosine**2) * other
        labels = single_link(np.stack([one, second]), [0.125])[0]
        assert (labels[0] == labels[1]) == linked


def test_very_long_and_very_short_vectors_have_a_direction():
    vectors = np.array([[1e-200, 1e-200], [1e200, 1e200], [1e200, -1e200]])
    assert single_link(vectors, [0.05])[0].tolist() == [0, 0, 1]


def test_a_chain_is_one_cluster():
    turn = np.arange(100) * 0.3
    vectors = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    assert (single_link(vectors[:10], [1 - np.cos(0.31)]) == 0).all()
    assert len(np.unique(single_link(vectors[:10], [1 - np.cos(0.29)]))) == 10


@pytest.mark.parametrize("threshold", [0.0, -0.1, 2.1, np.nan])
def test_other_thresholds_are_refused(threshold: float):
    with pytest.raises(DataError, match="a cosine distance is above 0 and up to 2"):
        single_link(np.eye(2), [threshold])


def test_embeddings_that_are_no_matrix_of_numbers_are_refused():
    with pytest.raises(DataError, match="1 embeddings have values that are missing or infinite"):
        single_link([[1.0, np.nan], [1.0, 2.0]], [0.1])
    with pytest.raises(DataError, match="one row a text"):
        single_link(np.ones(3), [0.1])
