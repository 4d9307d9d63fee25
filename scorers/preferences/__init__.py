"""Which model people prefer: battles, aggregation to scores and ranks, groups, sensitivity."""
