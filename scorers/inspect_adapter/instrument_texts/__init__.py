"""Texts for a new instrument, judged or written by a model, as scores of Inspect logs."""
