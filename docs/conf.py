"""Sphinx configuration: Markdown pages that open from disk, without a network."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # for `mathml`, which is in this folder

project = "valuegauge"
author = "The valuegauge developers"
release = installed_version("valuegauge")

extensions = ["myst_parser", "mathml"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
# `built:` leads to what `make docs` adds to the pages, which no source has.
myst_url_schemes = {"http": None, "https": None, "mailto": None, "built": "{{path}}"}
myst_fence_as_directive = ["math"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_math_renderer = "mathml"
html_theme = "furo"
html_title = "valuegauge"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_show_search_summary = False  # a page from disk may not read another, and a search would end
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_js_files = [("manual.js", {"defer": "defer"})]
