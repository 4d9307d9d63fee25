"""Reliability, validity and the structure of values."""
