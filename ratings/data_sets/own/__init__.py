"""Ratings of the user's own, from CSV, Parquet or the hub."""
