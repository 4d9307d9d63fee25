"""Profiles of several models: how their variance goes with size, and what reasoning changes."""
