"""ASReview reads the decisions that `write_decisions` writes for it.

    python validation/ranking/asreview_reads.py --asreview /path/to/asreview/env/bin/python

writes a CSV and a RIS file of made-up records, has ASReview's own readers read both, and compares
every label.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import pandas as pd

_READ = """
import json, sys
from asreview.data import CSVReader, RISReader
said = []
for path in sys.argv[1:]:
    reader = RISReader if path.endswith(".ris") else CSVReader
    records = reader.read_records(path, "test") if hasattr(reader, "read_records") else None
    said.append([[one.title, one.included] for one in records])
print(json.dumps(said))
"""


def main() -> None:
    """Write, have ASReview read, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asreview", required=True, help="the Python that has ASReview")
    given = parser.parse_args()
    import synthesis as syn

    titles = ["Leaves, with a comma", "Roots", "Stems", 'Bark "quoted"']
    records = pd.DataFrame(
        {"record_id": list("abcd"), "title": titles, "abstract": "Text", "type": "article"}
    )
    decisions = pd.DataFrame(
        [
            ["a", "title_abstract", "ann", "include"],
            ["b", "title_abstract", "ann", "exclude"],
            ["c", "title_abstract", "ann", "include"],
            ["c", "title_abstract", "bob", "exclude"],
        ],
        columns=["record_id", "stage", "screener", "decision"],
    )
    with tempfile.TemporaryDirectory() as folder:
        paths = [
            str(
                syn.write_decisions(
                    decisions, records, Path(folder) / f"out{ending}", program="asreview"
                )
            )
            for ending in (".csv", ".ris")
        ]
        command = [given.asreview, "-c", _READ, *paths]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    expected = [[title, said] for title, said in zip(titles, [1, 0, None, None], strict=True)]
    for path, read in zip(paths, json.loads(answer), strict=True):
        if read != expected:
            raise SystemExit(f"{Path(path).name}: ASReview reads {read}, not {expected}.")
        print(f"{Path(path).name}: ASReview reads all {len(read)} labels as they were written.")


if __name__ == "__main__":
    main()
