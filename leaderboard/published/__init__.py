"""Figures as papers print them, and those that can be recomputed."""
