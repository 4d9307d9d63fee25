"""Texts that say nearly the same: who wrote them, and how apart replies to them are scored."""
