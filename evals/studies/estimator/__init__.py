"""Scores from all that people's ratings say, compared with the published ones."""
