"""Figures of the site and the exports, drawn as SVG when the site is built."""
