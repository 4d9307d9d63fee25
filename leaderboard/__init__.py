"""Logs of many runs in one store, compared and shown side by side."""
