"""The text of a specification, and the mapping in it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arrowroot.errors import DataError, FileError, Problem, SpecError
from arrowroot.files import as_path, read_bytes
from arrowroot.specs.yaml_text import SIZE_LIMIT, Loaded, load
from arrowroot.text import shortened

_TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".parquet", ".feather", ".sav", ".dta")
_NO_NAME = "the name of the file is empty; give one, such as 'model.yaml'"
_DOCUMENTS = (".docx", ".doc", ".odt", ".pdf", ".rtf", ".pages", ".pptx")


def text_of(path: str | os.PathLike[str], what: str = "a logic model", tables: str = "") -> str:
    """Return the text of a specification, or raise SpecError if it cannot be read.

    Parameters
    ----------
    path : path
        The file.
    what : str
        What it should hold, for messages.
    tables : str
        What to do with a table instead, for the message about one.
    """
    source = as_path(path)
    name = source.name or str(path)
    is_named = not isinstance(path, str) or path.strip()
    if message := _other_kind(source, what, tables) if is_named else _NO_NAME:
        raise SpecError(name, [Problem(0, 0, "file", message)])
    try:
        held = read_bytes(path, largest=SIZE_LIMIT * 4)
    except FileError as error:
        reason = str(error).removeprefix(f"{source}: ").removeprefix(f"{name}: ").rstrip(".")
        message = f"the file cannot be read: {reason}"
        raise SpecError(name, [Problem(0, 0, "file", message)]) from error
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = held.count(b"\n", 0, error.start) + 1
        message = f"the file is not UTF-8 text (see line {line}); save it with that encoding"
        raise SpecError(name, [Problem(0, 0, "encoding", message)]) from error


def _other_kind(path: Path, what: str, tables: str) -> str:
    """Return what to do with a file that is no specification by its name, or with a folder."""
    kind = path.suffix.lower()
    if kind in _TABLES:
        return f"{what} is read from YAML, and this is a table" + (f"; {tables}" if tables else "")
    if kind in _DOCUMENTS:
        return f"{what} is read from YAML, which is plain text; save the text as a .yaml file"
    try:
        inside = sorted(one.name for one in path.iterdir() if one.suffix in (".yaml", ".yml"))
    except OSError:
        return ""
    listed = f"it holds {shortened(inside)}" if inside else "it holds no YAML file"
    return f"the file cannot be read: Is a directory; {listed}"


def mapping(
    text: str, name: str, keys: str, what: str = "a logic model", prose: Sequence[str] = ()
) -> Loaded:
    """Return the mapping in a YAML text, or raise SpecError if there is none.

    Parameters
    ----------
    text, name : str
        The text, and the name of its file.
    keys : str
        Examples of keys, for the message.
    what : str
        What the text should hold.
    prose : sequence of str
        As for `arrowroot.specs.yaml_text.load`.
    """
    loaded = load(text, what, prose)
    if loaded.problems:
        raise SpecError(name, loaded.problems)
    if not isinstance(loaded.tree, dict):
        found = "nothing" if loaded.tree is None else f"a {_kind(loaded.tree)}"
        message = f"a specification must be a mapping of keys such as {keys}; got {found}"
        raise SpecError(name, [Problem(1, 1, "mapping", message)])
    return loaded


def as_data_error(error: SpecError) -> FileError | DataError:
    """Return the problems of a file as the error that readers of tables raise, each with its line.

    Codebooks, exercises and data sets are data: who reads them need not know that it is YAML.
    """
    found = []
    for one in error.problems:
        where = f", line {one.line}, column {one.column}" if one.line else ""
        end = "" if one.message.endswith((".", "?")) else "."
        found.append(f"{error.source}{where}: {one.message}{end}")
    text = "\n  ".join(found)
    is_file = {one.rule for one in error.problems} <= {"file", "encoding"}
    return FileError(text) if is_file else DataError(text)


def _kind(value: Any) -> str:
    return "list" if isinstance(value, list) else "single value"
