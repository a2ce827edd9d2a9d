"""How long `check` and `build` take after one cell of a review has changed.

Usage, from the top of the repository: ``python validation/review/timed.py [studies] [records]
[times]``. The review is the example that comes with Arrowroot, grown to `studies` studies (40) with
four results each and `records` records of the search (1,500): its numbers are those of the nine
studies with noise, made up for this measurement. Each command runs in a process of its own, as
people run it, after a cell of the sheet was given another value. The shortest and the median time
are printed, beside those of a bare loop and of ``import pandas``, which say what the machine does.
"""

from __future__ import annotations

import csv
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arrowroot.data_folder import data_path
from synthesis.review.template import new_review

WORDS = ["some", "words", "made", "up", "for", "an", "abstract"]
LOOP = "for _ in range(20_000_000): pass"
Rows = list[dict[str, str]]


def read(name: str) -> Rows:
    """Return the rows of a sheet of the example."""
    with data_path("dagostino1998", f"review/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Rows) -> None:
    """Write rows as a CSV file."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def grown(name: str, studies: int, draws: random.Random) -> Rows:
    """Return the rows of a sheet for more studies: those of the nine, in turn, with noise."""
    rows = read(name)
    labels = list(dict.fromkeys(row["study"] for row in rows))
    found = []
    for at in range(studies):
        for row in rows:
            if row["study"] != labels[at % len(labels)]:
                continue
            made = {**row, "study": f"Made-up study {at + 1}"}
            for column in ("mean_change_t", "mean_change_c"):
                if row.get(column):
                    made[column] = f"{float(row[column]) + draws.gauss(0, 0.05):.3f}"
            if "record_id" in row:
                made["record_id"] = f"database:r{at + 1}"
            found.append(made)
    return found


def begin(folder: Path, studies: int, records: int, seed: int = 20261201) -> None:
    """Make the review."""
    draws = random.Random(seed)
    new_review(folder, example="example")
    declaration = folder / "review.yaml"
    text = declaration.read_text("utf-8").replace("Study 9", "Made-up study 9")
    declaration.write_text(text.replace("[Register (made for this example)]", "[]"), "utf-8")
    for name in ("extraction", "studies", "risk_of_bias"):
        (folder / f"{name}.xlsx").unlink()
        write(folder / f"{name}.csv", grown(name, studies, draws))
    for path in [*(folder / "search").iterdir(), *(folder / "screening").iterdir()]:
        path.unlink()
    found = [
        {
            "record_id": f"r{at + 1}",
            "title": f"Made-up report number {at + 1} of {draws.choice('abcdefgh')}",
            "authors": "Made-up, A.; Example, B.",
            "year": str(draws.randint(1980, 2020)),
            "journal": "Journal made for this measurement",
            "abstract": " ".join(draws.choices(WORDS, k=200)),
            "database": "Database (made for this example)",
        }
        for at in range(records)
    ]
    write(folder / "search" / "database.csv", found)
    judged = {"title_abstract": records, "full_text": studies + 20}
    included = {"title_abstract": studies + 20, "full_text": studies}
    for stage, who in (("title_abstract", "A"), ("title_abstract", "B"), ("full_text", "A")):
        decided = [
            {
                "record_id": f"database:r{at + 1}",
                "stage": stage,
                "screener": f"Reviewer {who}",
                "decision": "include" if at < included[stage] else "exclude",
                "reason": "no placebo" if stage == "full_text" and at >= studies else "",
            }
            for at in range(judged[stage])
        ]
        write(folder / "screening" / f"{stage}_Reviewer_{who}.csv", decided)


def change(folder: Path, turn: int) -> None:
    """Give one cell of the sheet another value."""
    path = folder / "extraction.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0]["mean_change_t"] = f"{0.9 + turn / 1000:.3f}"
    write(path, rows)


def taken(*command: str) -> float:
    """Return how long a command took, in seconds."""
    began = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode not in {0, 1} or "Traceback" in done.stderr:
        raise SystemExit(done.stderr)
    return time.perf_counter() - began


def main(studies: int = 40, records: int = 1500, times: int = 5) -> int:
    """Measure, and print a line for each command."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "review"
        begin(folder, studies, records)
        arrowroot = (sys.executable, "-m", "arrowroot")
        commands = {
            "20 million steps of a loop": (sys.executable, "-c", LOOP),
            "import pandas": (sys.executable, "-c", "import pandas"),
            "arrowroot check": (*arrowroot, "check", str(folder)),
            "arrowroot build": (*arrowroot, "build", str(folder)),
        }
        taken(*arrowroot, "build", str(folder))
        found: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(times):
            for name, command in commands.items():
                change(folder, 2 * turn + (name == "arrowroot build"))
                found[name].append(taken(*command))
    print(f"{studies} studies, {records:,} records, {times} times, seconds:")
    for name, seconds in found.items():
        print(f"  {name:<28}{min(seconds):6.2f} (median {statistics.median(seconds):.2f})")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
