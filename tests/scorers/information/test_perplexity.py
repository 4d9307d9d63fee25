"""Loss per token and perplexity of texts, and their intervals."""

import numpy as np
import pytest

from ratings.errors import DataError
from scorers.information.perplexity import text_loss


def texts(raters: int = 30, each: int = 4, seed: int = 0):
    """Losses whose raters differ, and the same with a tenth of a nat a token taken off."""
    rng = np.random.default_rng(seed)
    rater = np.repeat(np.arange(raters), each)
    tokens = rng.integers(5, 15, size=len(rater))
    none = tokens * (2 + 0.5 * rng.normal(size=raters)[rater])
    return none - 0.1 * tokens, tokens, rater, none


def test_means_over_tokens_and_over_texts():
    found = text_loss(np.array([1.0, 3.0, 8.0]), np.array([1, 3, 4]), ["a", "a", "b"])
    assert found.per_token.value == 12 / 8
    assert found.perplexity.value == pytest.approx(np.exp(1.5))
    assert found.per_text.value == 4.0
    assert found.drop is None
    assert np.log(found.perplexity.high) == pytest.approx(found.per_token.high)


def test_what_raters_share_cancels_in_the_drop_and_not_in_the_loss():
    losses, tokens, rater, none = texts()
    found = text_loss(losses, tokens, rater, none)
    assert found.drop is not None
    assert found.drop.value == pytest.approx(0.1)
    assert found.drop.high - found.drop.low < 1e-6
    assert found.per_token.high - found.per_token.low > 0.1


def test_intervals_cover():
    inside = 0
    for seed in range(200):
        losses, tokens, rater, _ = texts(seed=seed)
        found = text_loss(losses, tokens, rater, seed=seed)
        inside += found.per_token.low <= 1.9 <= found.per_token.high
    assert 0.90 <= inside / 200 <= 0.99


def test_one_rater_has_no_interval_and_says_so():
    found = text_loss(np.array([2.0, 4.0]), np.array([2, 2]), ["a", "a"])
    assert (found.per_token.value, found.perplexity.value) == (1.5, pytest.approx(np.exp(1.5)))
    assert found.per_token.reason == "no interval: all texts are of one rater"
    assert np.isnan(found.perplexity.low)


def test_numbers_that_do_not_fit_are_refused():
    with pytest.raises(DataError) as caught:
        text_loss(np.ones(2), np.ones(3, dtype=int), ["a", "b"])
    assert str(caught.value) == (
        "2 losses, 3 numbers of tokens and 2 raters; give one of each for every text, and at "
        "least one text"
    )
    with pytest.raises(DataError, match="2 losses against 3 of the same texts"):
        text_loss(np.ones(2), np.ones(2, dtype=int), ["a", "b"], np.ones(3))
