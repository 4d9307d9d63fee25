"""Loaders, one for each published data set."""
