"""Steering a model towards one value at a time, and what that changes."""
