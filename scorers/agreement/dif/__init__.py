"""Differential item functioning: what two sets of raters answer differently at like scores."""
