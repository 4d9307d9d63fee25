"""The one place where scorers meet Inspect: answers in a sample become scores and metrics."""
