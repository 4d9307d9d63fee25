"""What steering a model towards one value at a time changes in all of its scores."""
