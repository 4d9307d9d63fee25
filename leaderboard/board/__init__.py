"""The board: everything that a store says, as plain data."""
