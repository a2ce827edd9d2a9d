"""DOT text to bytes: the only file that knows the Graphviz engine.

Graphviz runs in this process, from the library inside pygraphviz's wheel, so that no program
has to be installed.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path

from arrowroot.errors import OptionError, RenderError
from arrowroot.fonts import FACES

FORMATS = ("svg", "png", "pdf")
PNG_DPI = 200
_DATED = re.compile(rb"(/CreationDate \(D:)[0-9]{14}")
"""A PDF says when it was drawn; with one date for all, the same text gives the same bytes."""
_ONE_AT_A_TIME = threading.Lock()


def render(dot: str, kind: str) -> bytes:
    """Draw DOT text.

    Parameters
    ----------
    dot : str
        From `logicmodels.figures.dot`.
    kind : {"svg", "png", "pdf"}
        Format; PNG at 200 dots an inch.

    Returns
    -------
    bytes
        The same bytes for the same text.

    Raises
    ------
    OptionError
        If the format is unknown.
    RenderError
        If Graphviz cannot draw the text.
    """
    if kind not in FORMATS:
        listed = ", ".join(repr(known) for known in FORMATS)
        raise OptionError(f"format must be one of {listed}; got {kind!r}.")
    from pygraphviz import AGraph

    try:
        with _engine_messages() as messages, bundled_fonts():
            graph = AGraph(string=dot)
            if kind == "png":
                graph.graph_attr["dpi"] = str(PNG_DPI)
            drawn = graph.draw(format="svg" if kind == "svg" else f"{kind}:cairo", prog="nop2")
    except (ValueError, OSError) as error:
        reason = "; ".join([str(error), *messages])
        raise RenderError(f"Graphviz could not draw the figure: {reason}") from error
    if messages:
        warnings.warn(f"Graphviz: {'; '.join(messages)}", stacklevel=2)
    return _DATED.sub(rb"\g<1>20000101000000", bytes(drawn))


@contextmanager
def _engine_messages() -> Iterator[list[str]]:
    """Catch what the engine, a C library, writes to standard error, line by line.

    The list is filled when the block ends. Fontconfig looks through the system's own settings
    even when it is told to use others, and complains of those too new for it; that is left out.
    """
    messages: list[str] = []
    with _ONE_AT_A_TIME, tempfile.TemporaryFile() as caught:
        kept = os.dup(2)
        try:
            os.dup2(caught.fileno(), 2)
            yield messages
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            caught.seek(0)
            written = caught.read().decode("utf-8", "replace").splitlines()
            messages += [
                line for line in written if line.strip() and not line.startswith("Fontconfig")
            ]


@contextmanager
def bundled_fonts() -> Iterator[None]:
    """Point fontconfig, through which Graphviz finds fonts, at the bundled ones alone.

    It reads its configuration when the first figure is drawn, and keeps it. The environment is
    put back afterwards, so that programs started later find the fonts they know.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_folder() / "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@cache
def _folder() -> Path:
    """Return a folder with fontconfig's settings and the fonts, which goes when Python ends.

    The fonts are copied, since fontconfig leaves files of its own beside those it finds.
    """
    folder = Path(tempfile.mkdtemp(prefix="arrowroot-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in FACES.values():
        shutil.copyfile(path, folder / path.name)
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(folder))}</dir><cachedir>{escape(str(folder))}</cachedir>"
        "<rescan><int>0</int></rescan></fontconfig>",
        encoding="utf-8",
    )
    return folder
