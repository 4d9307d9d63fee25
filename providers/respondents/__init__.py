"""Simulated raters and readers of people, of whom what a scorer should find is known."""
