"""Predictive families: what a description of a rater tells about what the rater will choose."""
