import numpy as np
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from scorers.agreement.dif.cumulative_logit import cumulative_logit


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_ordered_model_of_statsmodels(seed: int):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(250, 2))
    y = np.clip(np.round(3.5 + x @ [1.0, 0.5] + rng.logistic(size=250)), 1, 6).astype(int)
    found = cumulative_logit(y, x)
    theirs = OrderedModel(y, x, distr="logit").fit(method="bfgs", disp=0, gtol=1e-8, maxiter=500)
    assert found.converged
    assert found.likelihood == pytest.approx(theirs.llf, abs=1e-4)
    assert found.slopes == pytest.approx(theirs.params[:2], abs=1e-3)
    assert found.errors == pytest.approx(theirs.bse[:2], rel=1e-2)


def test_without_predictors_it_is_the_shares_of_the_choices():
    found = cumulative_logit(np.array([1, 1, 4, 6]), np.empty((4, 0)))
    assert found.likelihood == pytest.approx(2 * np.log(0.5) + 2 * np.log(0.25))


def test_one_choice_alone_says_nothing():
    found = cumulative_logit(np.full(5, 3), np.arange(5.0)[:, None])
    assert found.likelihood == 0
    assert found.slopes.tolist() == [0]


def test_choices_that_are_parted_wholly_end_at_the_likelihood_of_certainty():
    found = cumulative_logit(np.array([1, 1, 1, 2, 2, 2]), np.arange(6.0)[:, None])
    assert found.likelihood == pytest.approx(0, abs=1e-3)
