import numpy as np
import pytest

from decoders.embedded.text_features import TextFeatures

TEXTS = [
    "the cat sat on the mat",
    "a cat lay on a mat",
    "the king ruled the land",
    "a queen ruled a land",
    "rain fell on the land",
    "",
]


def test_features_have_length_one_unless_no_word_is_known():
    found = TextFeatures(TEXTS, 3, pairs=False, seed=0)
    lengths = np.linalg.norm(found.of([*TEXTS, "zebra"]), axis=1)
    np.testing.assert_allclose(lengths, [1, 1, 1, 1, 1, 0, 0])
    assert found.dimensions == 3


def test_texts_with_the_same_words_are_more_alike():
    texts = ["cat on mat", "cat lay mat", "king of land", "king ruled land", "rain fell"]
    found = TextFeatures(texts, 3, pairs=False, seed=0).of(texts)
    alike = found @ found.T
    assert min(alike[0, 1], alike[2, 3]) > 0.9
    assert np.abs(alike[:2, 2:4]).max() < 0.1


def test_pairs_of_words_are_separate_features_where_asked():
    texts = ["not good but bad", "not bad but good", "good", "bad", "but not"]
    single = TextFeatures(texts, 10, pairs=False, seed=0).of(texts)
    paired = TextFeatures(texts, 10, pairs=True, seed=0).of(texts)
    np.testing.assert_allclose(single[0], single[1], atol=1e-6)
    assert np.abs(paired[0] - paired[1]).max() > 0.1


@pytest.mark.parametrize(
    "texts", [[], ["same", "same"], ["", " "], ["only one", ""], ["!!", "??"], ["a", "a a"]]
)
def test_texts_that_do_not_differ_in_words_say_nothing_or_little(texts: list[str]):
    found = TextFeatures(texts, 4, pairs=False, seed=0)
    out = found.of([*texts, "more"])
    assert out.shape == (len(texts) + 1, found.dimensions)
    assert np.isfinite(out).all()
    assert found.dimensions == 0


def test_no_more_dimensions_than_texts_bear():
    assert TextFeatures(TEXTS, 100, pairs=False, seed=0).dimensions <= 5


def test_neither_order_nor_repetition_of_the_texts_matters():
    one = TextFeatures(TEXTS, 3, pairs=False, seed=0).of(TEXTS)
    other = TextFeatures([*TEXTS[::-1], *TEXTS], 3, pairs=False, seed=0).of(TEXTS)
    np.testing.assert_array_equal(one, other)


def test_what_is_no_english_has_features_too():
    texts = ["猫 が 好き", "犬 が 好き", "雨 は 嫌い", "γάτα και σκύλος"]
    found = TextFeatures(texts, 3, pairs=False, seed=0).of(texts)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1)


@pytest.mark.parametrize("count", [2, 3])
def test_a_few_texts_have_different_features(count: int):
    texts = ["is of kind a", "is of kind b", "is of kind c"][:count]
    found = TextFeatures(texts, 24, pairs=True, seed=0).of(texts)
    assert (found @ found.T)[~np.eye(count, dtype=bool)].max() < 0.9
