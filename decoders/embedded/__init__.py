"""The embedded predictive family: no weights to download, fits in seconds.

A polytomous logit in score functions of the choice. Its features are shrunken effects of the
instance, and what is expected of the rater: from known ratings by a Gaussian process for each
rater, from scores, labels and texts by random coefficients. All that is estimated from ratings is
cross-fitted over training raters, so that a rater's own ratings never make the rater's features.
"""
