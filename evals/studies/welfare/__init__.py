"""Whose feedback counts: what sampling people means for the welfare of all."""
