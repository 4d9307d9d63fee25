"""Sphinx configuration: Markdown pages, no network, no generated pages."""

from importlib.metadata import version as installed_version

project = "valuegauge"
author = "The valuegauge developers"
release = installed_version("valuegauge")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "Measures values in language models", "page_width": "1080px"}
