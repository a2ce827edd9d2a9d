"""DOT text to bytes: the only file that knows the Graphviz engine.

Graphviz runs in this process, from the library inside pygraphviz's wheel, so that no program
has to be installed.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import locale
import logging
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from arrowroot.errors import OptionError, RenderError
from arrowroot.fonts import FACES
from arrowroot.running.process import ALONE

FORMATS = ("svg", "png", "pdf")
PNG_DPI = 200
_DATED = re.compile(rb"/CreationDate \(D:[^)]*\)")
_UNDATED = b"/CreationDate (D:20000101000000Z)"
"""A PDF contains its date; with one date for all, the same text gives the same bytes."""
_LOG = logging.getLogger(__name__)
_LISTENER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p)
"""The type of function that Graphviz calls with each piece of a message."""


def render(dot: str, kind: str) -> bytes:
    """Draw DOT text.

    Parameters
    ----------
    dot : str
        From `logicmodels.figures.dot`.
    kind : {"svg", "png", "pdf"}
        Format; PNG at 200 dots per inch.

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
        with engine() as messages:
            graph = AGraph(string=dot)
            if kind == "png":
                graph.graph_attr["dpi"] = str(PNG_DPI)
            drawn = graph.draw(format="svg" if kind == "svg" else f"{kind}:cairo", prog="nop2")
    except (ValueError, OSError) as error:
        reason = "; ".join([str(error), *messages])
        raise RenderError(f"Graphviz could not draw the figure: {reason}") from error
    if messages:  # about the DOT text, which nobody who draws a model has written
        _LOG.info("Graphviz: %s", "; ".join(messages))
    return _undated(bytes(drawn)) if kind == "pdf" else bytes(drawn)


@dataclass(frozen=True)
class LaidOut:
    """Where an engine places the nodes of a graph, and how it draws the edges.

    Attributes
    ----------
    nodes : dict of str to (float, float)
        The middle of every node, in points, y upwards.
    edges : dict of str to list of (float, float)
        By the id of the edge: its first point, then three for every curve, then its tip.
    """

    nodes: dict[str, tuple[float, float]]
    edges: dict[str, list[tuple[float, float]]]


def laid_out(dot: str, program: str) -> LaidOut:
    """Let one of Graphviz's engines lay out a graph.

    Parameters
    ----------
    dot : str
        A graph whose edges have ids.
    program : str
        The engine, such as ``"dot"``, ``"neato"`` or ``"fdp"``.

    Returns
    -------
    LaidOut
        The same for the same text.

    Raises
    ------
    RenderError
        If the engine cannot lay it out.
    """
    from pygraphviz import AGraph

    try:
        with engine() as messages:
            drawn = json.loads(AGraph(string=dot).draw(format="json", prog=program))
    except (ValueError, OSError) as error:
        reason = "; ".join([str(error), *messages])
        raise RenderError(f"Graphviz could not lay out the figure: {reason}") from error
    return LaidOut(
        {node["name"]: _place(node["pos"]) for node in drawn.get("objects", ()) if "pos" in node},
        {
            edge["id"]: _spline(edge["pos"])
            for edge in drawn.get("edges", ())
            if "id" in edge and "pos" in edge
        },
    )


def _place(written: str) -> tuple[float, float]:
    x, y = written.split(",")[:2]
    return float(x), float(y)


def _spline(written: str) -> list[tuple[float, float]]:
    """Return the points of an edge: of its curves, then its tip."""
    tip, curve = None, []
    for point in written.split(" "):
        kind, comma, place = point.partition(",")
        if kind in ("e", "s") and comma:
            tip = _place(place) if kind == "e" else tip
        else:
            curve.append(_place(point))
    return [*curve, tip or curve[-1]]


def _undated(pdf: bytes) -> bytes:
    """Return a PDF with one date for all.

    The date ends with the time zone, in as many characters as it needs; so the places of what
    comes after it, which the table at the end gives in bytes from the beginning, are moved.
    """
    dates = list(_DATED.finditer(pdf))
    if not dates:
        return pdf
    found = dates[-1]  # what comes before are the figure's own texts
    moved = len(_UNDATED) - len(found[0])
    head, (body, mark, table) = pdf[: found.start()], pdf[found.end() :].rpartition(b"\nxref\n")

    def placed(entry: re.Match[bytes]) -> bytes:
        at = int(entry[0])
        return b"%0*d" % (len(entry[0]), at + moved if at > found.start() else at)

    table = re.sub(rb"\b[0-9]{10}(?= [0-9]{5} n)|(?<=startxref\n)[0-9]+", placed, table)
    return head + _UNDATED + body + mark + table


@contextmanager
def engine() -> Iterator[list[str]]:
    """Lock the engine for this thread, with the bundled fonts; yield the lines of its messages.

    The list is filled when the block ends. Graphviz passes its messages to a function: they are
    not caught on standard error, to which other threads of the process write too.
    """
    messages: list[str] = []
    pieces: list[str] = []
    drawing = threading.get_ident()

    def listen(piece: bytes) -> int:
        text = piece.decode("utf-8", "replace")
        if threading.get_ident() == drawing:
            pieces.append(text)
        else:  # another program's graph, drawn by another thread
            sys.stderr.write(text)
        return 0

    listener = _LISTENER(listen)
    with ALONE:
        _use_bundled_fonts()
        listen_to = _function("agseterrf", ctypes.c_void_p, ctypes.c_void_p)
        before = listen_to(ctypes.cast(listener, ctypes.c_void_p)) if listen_to else None
        try:
            with _decimal_points():
                yield messages
        finally:
            if listen_to:
                listen_to(before)
            messages += filter(str.strip, "".join(pieces).splitlines())


@contextmanager
def _decimal_points() -> Iterator[None]:
    """Let Graphviz read and write numbers with a point where the program's locale has a comma.

    Otherwise it takes 0.15 for 0, and the figure has no margin.
    """
    before = locale.setlocale(locale.LC_NUMERIC)
    if before == "C":  # Python's own unless a program changes it; other threads are left alone
        yield
        return
    locale.setlocale(locale.LC_NUMERIC, "C")
    try:
        yield
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)


@cache
def _function(name: str, result: Any, *arguments: Any) -> Any:
    """Return a function of Graphviz or of what it is built on, or None if it cannot be found."""
    for library in _libraries():
        if hasattr(library, name):
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
            return function
    return None


@cache
def _libraries() -> tuple[ctypes.CDLL, ...]:
    """Return the engine; its functions are also those of the libraries it is linked to.

    On Windows each library is loaded separately; pygraphviz's wheel has them in a folder.
    """
    from pygraphviz import _graphviz

    engine_file = Path(_graphviz.__file__)
    beside = engine_file.parents[1].glob("pygraphviz.libs/*.dll")
    wanted = [path for path in beside if re.search("cgraph|fontconfig", path.name)]
    return tuple(ctypes.CDLL(str(path)) for path in (engine_file, *wanted))


@cache
def _use_bundled_fonts() -> None:
    """Restrict fontconfig, through which Graphviz finds fonts, to the bundled ones.

    It keeps the settings it has at the first figure. If its functions cannot be found, its
    environment variable is set, and restored afterwards so that programs started later find
    their own fonts.
    """
    from pygraphviz import AGraph

    settings = str(_settings())
    pointer = ctypes.c_void_p
    create = _function("FcConfigCreate", pointer)
    load = _function("FcConfigParseAndLoad", ctypes.c_int, pointer, ctypes.c_char_p, ctypes.c_int)
    build = _function("FcConfigBuildFonts", ctypes.c_int, pointer)
    choose = _function("FcConfigSetCurrent", ctypes.c_int, pointer)
    if create and load and build and choose:
        config = create()
        if load(config, os.fsencode(settings), 1) and build(config) and choose(config):
            return
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = settings
    try:
        AGraph(string="graph { a }").draw(format="png:cairo", prog="dot")
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _settings() -> Path:
    """Return fontconfig's settings, in a folder with the fonts that is deleted when Python ends.

    The fonts are copied, since fontconfig writes files of its own beside those it finds.
    """
    folder = Path(tempfile.mkdtemp(prefix="arrowroot-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in FACES.values():
        shutil.copyfile(path, folder / path.name)
    settings = folder / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(folder))}</dir><cachedir>{escape(str(folder))}</cachedir>"
        "<rescan><int>0</int></rescan></fontconfig>",
        encoding="utf-8",
    )
    return settings
