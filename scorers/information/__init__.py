"""V-information, calibration and uncertainty of predicted ratings."""
