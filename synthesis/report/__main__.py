"""The command behind `make report`: ``python -m synthesis.report --out build/report``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from arrowroot.errors import ArrowrootError
from arrowroot.extras import require
from arrowroot.text import counted
from synthesis.reproduce import ledger as reproduce

_NEEDS = (
    "ipykernel",
    "jupyter_client",
    "nbclient",
    "nbconvert",
    "nbformat",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the report and say where it is; 0 if it was written, 1 if not."""
    parser = argparse.ArgumentParser(
        prog="python -m synthesis.report",
        description="Execute the notebooks and write them as a report that opens offline.",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("build/report"), help="folder of the report (%(default)s)"
    )
    parser.add_argument(
        "--notebooks",
        type=Path,
        default=Path("notebooks"),
        help="folder of the notebooks (%(default)s)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=600.0,
        help="how long one notebook may take (%(default)g)",
    )
    parser.add_argument(
        "--no-ledger",
        dest="ledger",
        action="store_false",
        help="leave the comparison with printed numbers out of the cover page",
    )
    parser.add_argument(
        "--review",
        type=Path,
        metavar="FOLDER",
        help="the pages of a review, which the report takes in and its cover leads to",
    )
    options = parser.parse_args(arguments)
    try:
        require("The report", *_NEEDS)
        from synthesis.report.build import build

        written = build(
            options.notebooks,
            options.out,
            seconds=options.seconds,
            ledger=reproduce.ledger().to_frame() if options.ledger else None,
            review=options.review,
        )
    except ArrowrootError as error:
        reason = str(error)
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}."
    except KeyboardInterrupt:
        reason = "It was interrupted."
    else:
        print(f"Report of {counted(written, 'notebook')}: {options.out / 'index.html'}")
        return 0
    print(f"No report was written. {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
