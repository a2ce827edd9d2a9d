"""How long the readers take where names repeat and elements nest, on files made up for it.

Run ``python validation/bench/readers.py 32000``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from synthesis.library.records import read_records


def files(count: int) -> dict[str, str]:
    """Return the files by name."""
    return {
        "equal keys.bib": "@article{k, title={Care}, year={2015}}\n" * count,
        "equal numbers.nbib": "PMID- 21999931\nTI  - Care\n\n" * count,
        "equal ids.ris": "TY  - JOUR\nID  - k\nTI  - Care\nER  - \n" * count,
        "links.ris": "TY  - JOUR\nTI  - Care\nER  - \nSee http://x.example\n" * count,
        "nested.xml": "<xml><records>" + "<a>" * 100_000,
        "nested.json": '[{"title": ' + "[" * 100_000,
    }


def main() -> None:
    """Print the seconds of work that each file takes."""
    for name, text in files(int(sys.argv[1]) if len(sys.argv) > 1 else 32_000).items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            began = time.process_time()
            found = read_records(path)
            seconds = time.process_time() - began
        print(f"{name}: {seconds:.1f} s, {len(found.records):,} records")


if __name__ == "__main__":
    main()
