"""Models that boxes open into, read from files in the folder of the first or beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arrowroot.errors import Problem, SpecError
from arrowroot.specs.yaml_text import position
from logicmodels.model import AnyModel, Opened

_MOST = 60
"""Files that one model may open, with those that they open in turn."""
_DEEPEST = 6
"""How many models may be inside each other."""


@dataclass
class Folder:
    """Where the files of a model are.

    Attributes
    ----------
    root : Path
        The folder of the first model, outside which nothing is read.
    trail : tuple of Path
        The files that are open, the first model's first.
    read : dict of Path to model
        What has been read already.
    """

    root: Path
    trail: tuple[Path, ...]
    read: dict[Path, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> Folder:
        """Return the folder of a first model."""
        whole = path.resolve()
        return cls(whole.parent, (whole,))

    def name(self, path: Path) -> str:
        """Return how messages call a file: its path within the folder."""
        return path.name if len(self.trail) == 1 else path.relative_to(self.root).as_posix()


def opened(model: AnyModel, tree: Any, name: str, folder: Folder, read: Any) -> tuple[Opened, ...]:
    """Return the models that the boxes of a model open into.

    Parameters
    ----------
    model : Model
        Whose boxes may name files.
    tree : mapping
        What it was read from, which knows the lines.
    name : str
        Its file, for messages.
    folder : Folder
        Where its files are.
    read : callable
        Reads a model from a path, given the folder for what is inside it.

    Raises
    ------
    SpecError
        If a file cannot be read, is outside the folder, or opens into itself.
    """
    found: list[Opened] = []
    problems: list[Problem] = []
    for place, node in enumerate(model.nodes):
        if not node.model or any(one.file == node.model for one in found):
            continue
        path = (folder.trail[-1].parent / node.model).resolve()
        wrong = _wrong(path, folder)
        if wrong:
            at = position(tree, ["nodes", place, "model"])
            problems.append(Problem(*at, "nested", f"{node.model}: {wrong}"))
            continue
        if path not in folder.read:
            inner = Folder(folder.root, (*folder.trail, path), folder.read)
            folder.read[path] = read(path, inner)
        shown = path.relative_to(folder.root).as_posix()
        found.append(Opened(node.model, shown, folder.read[path]))
    if problems:
        raise SpecError(name, problems)
    return tuple(found)


def _wrong(path: Path, folder: Folder) -> str:
    """Return why a file is not read, if it is not."""
    if not path.is_relative_to(folder.root):
        return f"this file is outside the folder of the model, {folder.root.name}; move it there"
    if path in folder.trail:
        names = " opens ".join(
            one.name for one in (*folder.trail[folder.trail.index(path) :], path)
        )
        return f"a model cannot be inside itself: {names}"
    if len(folder.trail) >= _DEEPEST:
        return f"models are at most {_DEEPEST} deep inside each other"
    if len(folder.read) >= _MOST:
        return f"one model opens at most {_MOST} others"
    if not path.is_file():
        return f"there is no such file in {path.parent.name}"
    return ""


def unread(files: Sequence[str]) -> tuple[str, ...]:
    """Return the remark on files that could not be looked for."""
    named = ", ".join(dict.fromkeys(files))
    if not named:
        return ()
    return (f"{named}: not opened, since this model was not read from a file in a folder.",)
