"""The texts of a new instrument: which queries to use, and responses to them."""
