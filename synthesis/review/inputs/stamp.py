"""What the pages were made from: a file in ``build/`` that lists both with their hashes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from arrowroot import __version__
from arrowroot.errors import ArrowrootError
from arrowroot.files import read_text
from synthesis.review.inputs.folder import Folder

FILE = "made.json"
"""A folder with this file was made by `build` and may be replaced by it."""


@dataclass(frozen=True)
class Stamp:
    """What ``build/`` was made from and holds.

    Attributes
    ----------
    version : str
        Of Arrowroot.
    inputs : dict of str to str
        The SHA-256 of every file that the pages were made from.
    outputs : dict of str to dict
        For every file made its ``sha256`` and, where it is expensive to make, its ``key``: a hash
        of everything that it depends on.
    """

    version: str = __version__
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the text of the file."""
        content = {"arrowroot": self.version, "inputs": self.inputs, "outputs": self.outputs}
        return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_stamp(folder: Folder) -> Stamp | None:
    """Return what the pages were made from, or None if there are none of ours."""
    path = folder.build / FILE
    if not path.is_file():
        return None
    try:
        held: Any = json.loads(read_text(path))
        return Stamp(str(held["arrowroot"]), dict(held["inputs"]), dict(held["outputs"]))
    except (ArrowrootError, ValueError, KeyError, TypeError):
        return None


def state_of(folder: Folder) -> str:
    """Return whether the pages are there and up to date, in words."""
    stamp = read_stamp(folder)
    if stamp is None:
        return "not made yet"
    if stamp.version != __version__:
        return f"made with Arrowroot {stamp.version}"
    now = folder.hashes()
    changed = [name for name in {**now, **stamp.inputs} if now.get(name) != stamp.inputs.get(name)]
    if not changed:
        return "up to date"
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"older than {sorted(changed)[0]}{more}"
