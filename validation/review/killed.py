"""Builds of a review killed at seeded moments: inputs and pages must be whole after each.

Usage, from the top of the repository: ``python validation/review/killed.py [times] [seed]``. It
prints one line for each kill and ends with 1 if anything was damaged. Each build redraws everything,
and is killed between the import of the package and a second after it would have ended.
"""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import synthesis as syn
from synthesis.review.template import new_review

CODE = "import sys, synthesis as syn; syn.Review(sys.argv[1]).build(fresh=True)"


def held(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a folder, by its name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def inputs(folder: Path) -> dict[str, str]:
    """Return the hashes of what people filled in."""
    return {
        name: one for name, one in held(folder).items() if name.partition("/")[0] not in MADE
    }


MADE = ("build", ".arrowroot")


def cell(folder: Path, value: str) -> None:
    """Change one cell of the sheet."""
    path = folder / "extraction.csv"
    head, first, *rest = path.read_text("utf-8").splitlines()
    cells = first.split(",")
    cells[6] = value
    path.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", "utf-8")


def main(times: int = 50, seed: int = 20261201) -> int:
    """Kill builds, and return 1 if a file was damaged."""
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "colds"
        new_review(folder, example="example")
        sheet = syn.read_extraction(folder / "extraction.xlsx").drop(columns="line")
        (folder / "extraction.xlsx").unlink()
        sheet.to_csv(folder / "extraction.csv", index=False)
        pages: dict[str, dict[str, str]] = {}
        for value in ("0.5", "0.6"):
            cell(folder, value)
            syn.Review(folder).build()
            pages[value] = held(folder / "build")
        start = time.monotonic()
        subprocess.run([sys.executable, "-c", CODE, str(folder)], check=True)
        longest = time.monotonic() - start
        damaged = 0
        last = "0.6"
        for kill in range(times):
            value = "0.5" if last == "0.6" else "0.6"
            cell(folder, value)
            before = inputs(folder)
            process = subprocess.Popen([sys.executable, "-c", CODE, str(folder)])
            after = moments.uniform(0.3, longest + 0.5)
            time.sleep(after)
            process.send_signal(signal.SIGKILL)
            process.wait()
            found = held(folder / "build")
            whole = inputs(folder) == before and found in (pages[last], pages[value])
            damaged += not whole
            ended = "finished" if found == pages[value] else "killed"
            print(f"{kill + 1}: after {after:.2f} s: {ended}, {'whole' if whole else 'DAMAGED'}")
            syn.Review(folder).build()
            damaged += held(folder / "build") != pages[value]
            last = value
    print(f"{times} builds killed, {damaged} damaged.")
    return int(damaged > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
