"""Whose feedback counts: who decides for whom, and what it is worth to them."""
