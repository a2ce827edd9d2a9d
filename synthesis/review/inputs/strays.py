"""Files of a review that stand where nothing reads them, so that nobody misses them in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from synthesis.review.findings import Finding
from synthesis.review.inputs import folder as place
from synthesis.review.inputs.folder import Folder

FOLDERS = {
    place.SEARCH: "the exports of databases",
    place.SCREENING: "the decisions of each person",
    place.TEXT: "the text",
    place.ASSESSED: "the judgements of each person",
    place.BUILD: "the pages",
}
"""The folders of a review, and what each holds."""
FILES = (
    *(f"{name}{ending}" for name in place.SHEETS for ending in place.TABLES),
    place.MODEL,
    f"{place.SEARCH}/{place.FLOW}",
    f"{place.SCREENING}/{place.DUPLICATES}",
)
_READ = {
    place.SCREENING: place.TABLES,
    place.ASSESSED: place.TABLES,
    place.TEXT: (".md", ".png", ".jpg", ".jpeg"),
}
"""The endings of files that a folder is read for; of a search, all are."""
_SAVE = {
    place.TEXT: "Text is written in Markdown: save it as plain text with the ending .md.",
}
_KINDS = (
    *place.TABLES,
    ".xls",
    ".xlsm",
    ".ods",
    ".tsv",
    ".txt",
    ".yaml",
    ".yml",
    ".docx",
    ".numbers",
)
"""Endings under which people save what belongs into a sheet or into the logic model."""


def strays(folder: Folder) -> Iterator[Finding]:
    """Yield files where folders belong, folders where files belong, and names that nothing reads.

    Parameters
    ----------
    folder : Folder
        Of the review.
    """
    for name, what in FOLDERS.items():
        path = folder.path / name
        if path.is_file():
            message = f"{name} is a file; it must be the folder of {what}, so it is not read."
            yield _error(name, message, "Rename the file, or move it away.")
    for name in FILES:
        if (folder.path / name).is_dir():
            message = f"{name} is a folder; it must be a file, so nothing in it is read."
            yield _error(name, message, "Move the folder away, and put the file there.")
    yield from _misnamed(folder)
    for name in (*_READ, place.SEARCH):
        yield from _unread(folder, name)
    # Each of several tools has a folder of its own; one of no tool is a finding of `tools`.
    for path in _inside(folder.path / place.ASSESSED):
        if path.is_dir():
            yield from _unread(folder, f"{place.ASSESSED}/{path.name}")


def _error(file: str, message: str, todo: str) -> Finding:
    return Finding("error", "place", file, None, message, todo)


def _misnamed(folder: Folder) -> Iterator[Finding]:
    """Yield files whose names say what they are, spelled in a way that nothing reads."""
    wanted = {_plain(name): name for name in (*place.SHEETS, Path(place.MODEL).stem, *FOLDERS)}
    known = {*FILES, *FOLDERS}
    for path in _inside(folder.path):
        name = wanted.get(_plain(path.stem if path.is_file() else path.name))
        if name is None or path.name in known:
            continue
        if path.is_dir():
            right = name if name in FOLDERS else ""
        elif path.suffix.lower() not in _KINDS:
            continue
        else:
            right = place.MODEL if name == Path(place.MODEL).stem else f"{name}.xlsx"
            if path.suffix.lower() in place.TABLES and name in place.SHEETS:
                right = f"{name}{path.suffix.lower()}"
            elif name not in place.SHEETS and right != place.MODEL:
                continue
        others = [f"{name}{ending}" for ending in place.TABLES] if name in place.SHEETS else []
        right = next((one for one in others if (folder.path / one).is_file()), right)
        if not right or _same(path, folder.path / right):
            continue
        again = path.suffix.lower() not in (*place.TABLES, ".yaml", ".yml", "")
        todo = f"{'Save it as' if again else 'Rename it'} {right}"
        there = (folder.path / right).exists()
        yield Finding(
            "warning" if there else "error",
            "place",
            path.name,
            None,
            f"{path.name} is not read: {right} would be.",
            f"{todo}, or move it away." if not there else "Move it away, if it is an old one.",
        )


def _unread(folder: Folder, name: str) -> Iterator[Finding]:
    """Yield what stands in a folder and is not read there."""
    endings = _READ.get(name.partition("/")[0], ())
    for path in _inside(folder.path / name):
        if name == place.ASSESSED and path.is_dir():
            continue
        if path.is_dir() and f"{name}/{path.name}" not in FILES and any(_inside(path)):
            message = f"What is in the folder {name}/{path.name} is not read."
            todo = f"Only files that stand in {name}/ itself are; move them there if they count."
            yield Finding("note", "place", f"{name}/{path.name}", None, message, todo)
        elif path.is_file() and endings and path.suffix.lower() not in endings:
            if path.stem == "README":
                continue
            message = f"{path.name} is not read: in {name}/ a file ends in {' or '.join(endings)}."
            todo = _SAVE.get(name, "Save it in one of these forms, or move it away.")
            yield Finding("warning", "place", f"{name}/{path.name}", None, message, todo)


def _inside(folder: Path) -> list[Path]:
    """Return what stands in a folder, hidden and temporary files aside, by name."""
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if not one.name.startswith((".", "~")))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _same(one: Path, other: Path) -> bool:
    """Return whether two names are one file, as capitals make no difference on some systems."""
    return other.exists() and one.samefile(other)
