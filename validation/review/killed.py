"""Builds of a review killed at seeded moments: inputs and pages must be whole after each.

Usage, from the top of the repository, on a system with ``fork``:
``python validation/review/killed.py [times] [seed]``. It prints one line for each kill and ends
with 1 if anything was damaged. Each build redraws everything in a process of its own, which is
killed at a moment drawn between its start and a little after its usual end.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import synthesis as syn
from arrowroot.data_folder import data_path

DECLARATION = """\
title: Worked example on means
people: [{name: Nobody}]
outcomes: [{id: score, label: Score, direction: higher}]
comparisons: [{id: care, treated: care, control: none}]
plan:
  sensitivity: [{id: common, model: {model: common}}]
  small_studies: {from: 3}
certainty: {design: rct}
"""
MADE = ("build", ".arrowroot")
VALUES = ("94", "95")
"""What one cell of the sheet holds in turn."""


def held(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a folder, by its name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def inputs(folder: Path) -> dict[str, str]:
    """Return the hashes of what people filled in."""
    return {name: one for name, one in held(folder).items() if name.split("/")[0] not in MADE}


def change(folder: Path, value: str) -> None:
    """Change one cell of the sheet."""
    path = folder / "extraction.csv"
    head, first, *rest = path.read_text("utf-8").splitlines()
    cells = first.split(",")
    cells[1] = value
    path.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", "utf-8")


def start(folder: Path) -> int:
    """Begin to build in a process of its own, and return its number."""
    child = os.fork()
    if child == 0:
        try:
            syn.Review(folder).build(fresh=True)
        finally:
            os._exit(0)
    return child


def main(times: int = 50, seed: int = 20261201) -> int:
    """Kill builds, and return 1 if a file was damaged."""
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "review"
        folder.mkdir()
        (folder / "review.yaml").write_text(DECLARATION, "utf-8")
        shutil.copyfile(data_path("borenstein2009", "studies.csv"), folder / "extraction.csv")
        pages: dict[str, dict[str, str]] = {}
        for value in VALUES:
            change(folder, value)
            syn.Review(folder).build()
            pages[value] = held(folder / "build")
        began = time.monotonic()
        os.waitpid(start(folder), 0)
        longest = time.monotonic() - began
        damaged = early = 0
        last, value = VALUES[1], VALUES[0]
        for kill in range(times):
            change(folder, value)
            before = inputs(folder)
            child = start(folder)
            after = moments.uniform(0, 1.1 * longest)
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            found = held(folder / "build")
            whole = inputs(folder) == before and found in (pages[last], pages[value])
            syn.Review(folder).build()
            whole &= held(folder / "build") == pages[value]
            damaged += not whole
            early += found == pages[last]
            print(f"{kill + 1}: after {after:.2f} s: {'whole' if whole else 'DAMAGED'}")
            last, value = value, last
    print(f"{times} builds killed, {early} of them before they had ended; {damaged} damaged.")
    return int(damaged > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
