"""Runs of any number of logs in one DuckDB file."""
