"""Builds of a review killed at seeded moments: inputs and pages must be whole after each.

Usage, from the top of the repository, on a system with ``fork``:
``python validation/review/killed.py [times] [seed] [example]``. It prints one line for each kill
and ends with 1 if anything was damaged. Each build redraws everything in a process of its own,
which is killed at a moment drawn between its start and a little after its usual end. With the word
``example``, the review is the one that comes with Arrowroot, whose risk of bias, certainty,
documents and R script take minutes to build fifty times, instead of a small one.
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
from synthesis.review.template import new_review

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
CELLS = {"mean_t": ("94", "95"), "mean_change_t": ("0.94", "0.95")}
"""What one cell of the sheet holds in turn, by its column in one review or the other."""


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


def change(folder: Path, turn: int) -> None:
    """Change one cell of the sheet."""
    path = folder / "extraction.csv"
    head, first, *rest = path.read_text("utf-8").splitlines()
    cells = first.split(",")
    ((at, values),) = (
        (at, CELLS[name]) for at, name in enumerate(head.split(",")) if name in CELLS
    )
    cells[at] = values[turn]
    path.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", "utf-8")


def begin(folder: Path, *, example: bool) -> None:
    """Make the review that is built."""
    if example:
        new_review(folder, example="example")
        (folder / "extraction.xlsx").unlink()
        shutil.copy(data_path("dagostino1998", "review/extraction.csv"), folder)
        return
    folder.mkdir()
    (folder / "review.yaml").write_text(DECLARATION, "utf-8")
    shutil.copyfile(data_path("borenstein2009", "studies.csv"), folder / "extraction.csv")


def start(folder: Path) -> int:
    """Begin to build in a process of its own, and return its number."""
    child = os.fork()
    if child == 0:
        try:
            syn.Review(folder).build(fresh=True)
        finally:
            os._exit(0)
    return child


def main(times: int = 50, seed: int = 20261201, *, example: bool = False) -> int:
    """Kill builds, and return 1 if a file was damaged."""
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "review"
        begin(folder, example=example)
        pages: dict[int, dict[str, str]] = {}
        for turn in (0, 1):
            change(folder, turn)
            syn.Review(folder).build()
            pages[turn] = held(folder / "build")
        began = time.monotonic()
        os.waitpid(start(folder), 0)
        longest = time.monotonic() - began
        damaged = early = 0
        last, turn = 1, 0
        for kill in range(times):
            change(folder, turn)
            before = inputs(folder)
            child = start(folder)
            after = moments.uniform(0, 1.1 * longest)
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            found = held(folder / "build")
            whole = inputs(folder) == before and found in (pages[last], pages[turn])
            syn.Review(folder).build()
            whole &= held(folder / "build") == pages[turn]
            damaged += not whole
            early += found == pages[last]
            print(f"{kill + 1}: after {after:.2f} s: {'whole' if whole else 'DAMAGED'}")
            last, turn = turn, last
    print(f"{times} builds killed, {early} of them before they had ended; {damaged} damaged.")
    return int(damaged > 0)


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:] if one != "example"]
    sys.exit(main(*numbers, example="example" in sys.argv[1:]))
