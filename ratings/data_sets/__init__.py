"""Ratings of many raters, ready for measuring what a description of a rater tells."""
