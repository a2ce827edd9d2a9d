"""How the documentation is built: offline, from the docstrings and the pages beside this file."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

# Figures are drawn while the pages are built; what is left of each font is nobody's concern.
logging.getLogger("fontTools").setLevel(logging.WARNING)

project = "Arrowroot"
author = "The Arrowroot authors"
copyright = "2026, The Arrowroot authors"  # noqa: A001  (Sphinx's name)
release = version = version_of("arrowroot")
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
    "agreement_table",
    "gallery",
    "public_names",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_extensions"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_typehints = "none"  # the docstrings say the types, in words
numpydoc_show_class_members = False

html_theme = "furo"
html_title = "Arrowroot"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#1f5c46",
        "color-brand-content": "#1f5c46",
        "color-brand-visited": "#1f5c46",
    },
    "dark_css_variables": {
        "color-brand-primary": "#8fc7ae",
        "color-brand-content": "#8fc7ae",
        "color-brand-visited": "#8fc7ae",
    },
}
