"""Predictive families: the distribution of a rater's choices, given a description of the rater."""
