"""Differences between runs: tests, equivalence, power and ranks."""
