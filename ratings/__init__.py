"""Ratings, and where they come from: data cards, files, loaders and the one table."""
