"""Questionnaires that measure people's values and traits: their keys, and scoring of answers."""
