"""One temperature for all probabilities, fitted on raters who were left out of training.

Source: temperature scaling as in Guo et al. (2017), On Calibration of Modern Neural Networks.
"""

import numpy as np
from scipy.optimize import minimize_scalar

from decoders.language_model.scoring import probabilities
from ratings.arrays import FloatArray, IntArray

_LOW, _HIGH = 0.2, 20.0


def label_loss(log_probabilities: FloatArray, chosen: IntArray, temperature: float = 1.0) -> float:
    """Mean loss of the choices made, in nats.

    Args:
        log_probabilities: N x K, -inf where a choice is not there.
        chosen: N indices of the choices made, from 0.
        temperature: log-probabilities are divided by.
    """
    shares = probabilities(log_probabilities, temperature)
    return -float(np.log(np.maximum(shares[np.arange(len(chosen)), chosen], 1e-12)).mean())


def fit_temperature(log_probabilities: FloatArray, chosen: IntArray) -> float:
    """The temperature of the least loss.

    Args:
        log_probabilities: N x K, -inf where a choice is not there.
        chosen: N indices of the choices made, from 0.
    """

    def loss(logarithm: float) -> float:
        return label_loss(log_probabilities, chosen, float(np.exp(logarithm)))

    found = minimize_scalar(loss, bounds=(np.log(_LOW), np.log(_HIGH)), method="bounded")
    return float(np.exp(found.x))
