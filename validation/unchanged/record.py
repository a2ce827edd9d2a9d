"""Records what every public function gives, to prove that moving code changed nothing.

Two checkouts are recorded by the same script from the same input files, and compared::

    OLD=.../old NEW=.../new       # for OLD: git worktree add .../old COMMIT
    RECORD=$NEW/validation/unchanged/record.py
    (cd $OLD && PYTHONPATH=$OLD python $RECORD --inputs $OLD --out /somewhere/old.jsonl)
    (cd $NEW && PYTHONPATH=$NEW python $RECORD --inputs $OLD --out /somewhere/new.jsonl)
    python $NEW/validation/unchanged/compare.py /somewhere/old.jsonl /somewhere/new.jsonl

`PYTHONPATH` chooses the packages. `--inputs` (by default the checkout that the script lies in)
gives data, documents and notebooks, which are copied to an empty folder first. `--only NAME...`
records some chapters; `--notebooks` also executes the notebooks, which takes minutes more.

Only public names are called. Each case is a line of JSON: its name, and what it gave or the error
it raised, with its warnings. Numbers have all their digits, figures are SVG and DOT text, Office
files canonical XML. Folders, times and addresses are masked, and errors lose their module. Two
records of one checkout are the same bytes. Public names that no case used are listed at the end.
"""

from __future__ import annotations

import os

# Threads would add in another order, and so change the last bit of a sum, from run to run.
os.environ |= {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
os.environ |= {"MPLBACKEND": "Agg", "TQDM_DISABLE": "1", "TZ": "UTC"}

import argparse
import hashlib
import inspect
import io
import itertools
import json
import re
import shutil
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Mapping
from contextlib import chdir, redirect_stdout, suppress
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd

import logicmodels
import synthesis as syn

HERE = Path(__file__).resolve().parent
KINDS = {
    "svg": r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE[^>]*>\s*)?<svg",
    "xml": r"\s*(<\?xml|<mxfile|<graphml)",
    "html": r"\s*<\S",
    "dot": r"(strict )?(di)?graph\b",
    "mermaid": r"(---.*?---\s*)?flowchart",
    "json": r"\s*(\{\s*\"|\[\s*\{)",
}
"""How a text of each kind begins."""
MASKS = {
    r" at 0x[0-9a-f]+": " at 0x",
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?": "<TIME>",
    r"\b(synthesis|logicmodels|arrowroot)(\.\w+)*\.errors\.": "",
    re.escape(tempfile.gettempdir()) + r"[/\\]tmp\w+": "<TEMPORARY>",
}
DRAWN_ANEW = {"png", "pdf", "picture"}
"""Properties that draw a figure again whenever they are asked for; SVG shows the same."""


class Recorder:
    """Calls functions one by one, and writes down what each gave, as a line for each case.

    Where `brief` is set, figures are told in words and results by their fields alone. `raised` is
    what the last case raised, `seen` holds the names of the functions and classes met so far.
    """

    def __init__(self, out: Any, folders: Mapping[str, str]) -> None:
        self._out, self._folders = out, folders
        self._names: dict[str, int] = {}
        self.chapter, self.brief, self.count = "", False, 0
        self.raised: Exception | None = None
        self.seen: set[str] = set()

    def __call__(
        self, name: str, function: Callable[..., Any], /, *given: Any, **named: Any
    ) -> Any:
        """Call a function, record the case, and return what it gave; None if it raised."""
        name = f"{self.chapter}: {name}"
        times = self._names[name] = self._names.get(name, 0) + 1
        line: dict[str, Any] = {"case": name if times == 1 else f"{name} ({times})"}
        self.count += 1
        self._meet(function)
        taken = self.raised = None
        with warnings.catch_warnings(record=True) as told, redirect_stdout(io.StringIO()) as said:
            warnings.simplefilter("always")
            try:
                taken = function(*given, **named)
                line["value"] = self._plain(taken, 0 if self.brief else 2)
            except Exception as error:  # noqa: BLE001  # whatever it raises is what it gives
                self.raised, line["value"] = error, self._error(error)
        words = [f"{one.category.__name__}: {self._text(str(one.message))}" for one in told]
        line |= {"warnings": [{"$warning": one} for one in words]} if told else {}
        line |= {"printed": self._text(said.getvalue())} if said.getvalue() else {}
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        return taken

    def grid(
        self, name: str, function: Any, /, *given: Any, vary: Mapping[str, Any], **named: Any
    ) -> Any:
        """Record a case for every combination of options; return what the last one gave."""
        taken = None
        for values in itertools.product(*vary.values()):
            options = dict(zip(vary, values, strict=True))
            words = " ".join(f"{option}={value}" for option, value in options.items())
            taken = self(f"{name} {words}", function, *given, **options, **named)
        return taken

    def _meet(self, function: Callable[..., Any]) -> None:
        owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
        home = owner if isinstance(owner, type) else type(owner)
        self.seen |= {name, f"{home.__name__}.{name}"}

    def _plain(self, value: Any, room: int) -> Any:
        """Return a value as JSON holds it; `room` layers of objects have their methods called."""
        classes = [one.__module__.split(".")[0] for one in type(value).__mro__]
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self._named(self._text(value))
        if isinstance(value, bytes):
            return self._bytes(value)
        if isinstance(value, Path):
            written = value.is_file() and "out" in value.parts  # the folder that cases write to
            return [value.name, self._bytes(value.read_bytes())] if written else value.name
        if isinstance(value, BaseException):
            return self._error(value)
        if isinstance(value, type | ModuleType) or inspect.isroutine(value):
            return f"<{getattr(value, '__name__', '')}>"
        if isinstance(value, pd.Series):
            return [str(value.dtype), self._plain(value.to_frame(), room)]
        if isinstance(value, pd.DataFrame):
            return self._table(value, room)
        if isinstance(value, np.ndarray | pd.Index):
            return self._plain(value.tolist(), room)
        if "matplotlib" in classes:
            return self._figure(value)
        if classes[0] in ("synthesis", "logicmodels", "arrowroot"):
            return self._object(value, room)
        if isinstance(value, Mapping):
            return {str(key): self._plain(one, room) for key, one in value.items()}
        if isinstance(value, set | frozenset):
            return sorted((self._plain(one, room) for one in value), key=repr)
        if isinstance(value, tuple | list):
            return [self._plain(one, room) for one in value]
        return self._text(f"{type(value).__name__} {value}")

    def _error(self, error: BaseException) -> dict[str, Any]:
        built_in = next(one for one in type(error).__mro__ if one.__module__ == "builtins")
        return {"$error": [type(error).__name__, built_in.__name__, self._text(str(error))]}

    def _text(self, text: str) -> str:
        for folder, name in self._folders.items():
            text = text.replace(folder, name)
        for pattern, name in MASKS.items():
            text = re.sub(pattern, name, text)
        return text

    def _named(self, text: str) -> Any:
        """Return a text under its kind, or itself if it is just words."""
        for kind, pattern in KINDS.items():
            if re.match(pattern, text[:2000], re.DOTALL):
                return {f"${kind}": text}
        return text

    def _bytes(self, data: bytes) -> Any:
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                return {name: self._bytes(parts.read(name)) for name in sorted(parts.namelist())}
        with suppress(UnicodeDecodeError):
            known = self._named(self._text(data.decode()))
            if "$xml" in known:
                with suppress(ET.ParseError):
                    known = {"$xml": ET.canonicalize(known["$xml"])}
            return known
        return {"$bytes": f"{len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}"}

    def _table(self, table: pd.DataFrame, room: int) -> dict[str, Any]:
        self.seen.add(type(table).__name__)
        plain = isinstance(table.index, pd.RangeIndex)
        columns = [table.iloc[:, place] for place in range(table.shape[1])]
        held = {
            "index": len(table) if plain else self._plain(table.index, room),
            "names": self._plain([*table.index.names, *table.columns.names], room),
            "columns": self._plain(table.columns, room),
            "types": " ".join(str(column.dtype) for column in columns),
            "cells": [self._plain(column.tolist(), room) for column in columns],
        }
        if type(table) is not pd.DataFrame:
            held["shown"] = self._attempt(table._repr_html_, room)
        return held

    def _figure(self, drawing: Any) -> dict[str, Any]:
        held = {"words": self._attempt(lambda: syn.alt_text(drawing), 0)}
        if not self.brief:
            from matplotlib import rc_context

            # Without the font that `save` puts into each file: to cut it out takes a second.
            text, undated = io.StringIO(), {"Date": None, "Creator": None}
            with rc_context({"svg.hashsalt": "arrowroot", "svg.fonttype": "none"}):
                drawing.get_figure(root=True).savefig(text, format="svg", metadata=undated)
            held["svg"] = self._named(text.getvalue())
        return held

    def _object(self, value: Any, room: int) -> Any:
        self.seen.add(type(value).__name__)
        if room < 0:
            return self._text(str(value))
        held: dict[str, Any] = {"class": type(value).__name__}
        for name in getattr(value, "_fields", None) or dir(value):
            stored = inspect.getattr_static(value, name)
            if name.startswith("_") or name in DRAWN_ANEW or isinstance(stored, type):
                continue
            if not isinstance(stored, FunctionType | classmethod | staticmethod):
                held[name] = self._attempt(lambda name=name: getattr(value, name), room - 2)
            elif room and not _asks(method := getattr(value, name)):
                self._meet(method)
                held[f"{name}()"] = self._attempt(method, room - 1)
        for name in ("__str__", "__repr__", "_repr_html_") if room else ():
            if hasattr(value, name):
                held[name] = self._attempt(getattr(value, name), room - 1)
        return held

    def _attempt(self, function: Callable[[], Any], room: int) -> Any:
        try:
            return self._plain(function(), room)
        except Exception as error:  # noqa: BLE001  # whatever it raises is what it gives
            return self._error(error)


def _asks(method: Callable[..., Any]) -> bool:
    """Return whether a method has an argument that must be given."""
    asked = inspect.signature(method).parameters.values()
    return any(one.default is one.empty and "VAR" not in one.kind.name for one in asked)


def main() -> None:
    """Record the packages that Python finds, and say how much time each chapter took."""
    sys.path.insert(0, str(HERE.parent))
    from unchanged import calls, cases

    chapters = {one.__name__: one for one in (*cases.CHAPTERS, *calls.CHAPTERS)}
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="file for the record, JSON lines")
    parser.add_argument("--inputs", type=Path, default=HERE.parents[1], help="checkout to read")
    parser.add_argument("--only", nargs="*", choices=chapters, default=list(chapters))
    parser.add_argument("--notebooks", action="store_true", help="execute the notebooks too")
    asked = parser.parse_args()
    out, inputs = asked.out.resolve(), asked.inputs.resolve()
    if asked.notebooks:
        chapters["notebooks"] = cases.notebooks
        asked.only.append("notebooks")
    checkout = Path(syn.__file__).resolve().parents[1]
    print(f"recording {checkout}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as place, out.open("w", encoding="utf-8") as file:
        work = Path(place).resolve()
        for folder in ("data", "docs", "notebooks"):
            shutil.copytree(inputs / folder, work / folder)
        shutil.copy(inputs / "README.md", work / "docs")
        case = Recorder(file, {str(work): "<FOLDER>", str(checkout): "<CHECKOUT>"})
        for name in asked.only:
            began, before = time.process_time(), case.count
            case.chapter, case.brief = name, False
            with chdir(work):
                Path("out").mkdir()
                try:
                    chapters[name](case)
                except Exception as error:  # noqa: BLE001  # the other chapters are still recorded
                    case("stopped", lambda error=error: error)
                    print(f"{name} stopped: {error!r}", file=sys.stderr)
                shutil.rmtree("out")
            took = time.process_time() - began
            print(f"{name:12} {case.count - before:6} cases {took:6.1f} s of CPU", file=sys.stderr)
    methods = {
        f"{one.__name__}.{name}"
        for one in (logicmodels.LogicModel, logicmodels.Comparison)
        for name in dir(one)
        if not name.startswith("_") and inspect.isroutine(getattr(one, name))
    }
    unused = {*syn.__all__, *logicmodels.__all__, *methods} - case.seen
    print("never used:", ", ".join(sorted(unused)) or "nothing", file=sys.stderr)


if __name__ == "__main__":
    main()
