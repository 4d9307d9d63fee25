"""Suites: tasks, models and arguments in one file, planned, run and resumed."""
