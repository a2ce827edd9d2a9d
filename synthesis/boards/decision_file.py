"""The plain file in which a board keeps its decisions: written completely, by one board only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from arrowroot.errors import DataError, FileError
from arrowroot.files import as_path, is_there, make_folder, read_bytes, write_text
from arrowroot.sheets import table_text
from arrowroot.tables import read_frame
from synthesis.boards.lock import locked

Row = dict[str, str]


class KeptFile:
    """A CSV of decisions that notices when somebody else has written to it.

    Parameters
    ----------
    path : path
        Where it is; missing folders are created when it is first written.
    columns : sequence of str
        Exactly the columns it has.
    added : sequence of str
        Those of them that files of earlier versions lack; they are blank there.

    Attributes
    ----------
    remarks : tuple of str
        What should be known about the file as it was last read, such as a guessed encoding.
    """

    def __init__(self, path: str | Path, columns: Sequence[str], added: Sequence[str] = ()) -> None:
        self.path = as_path(path)
        if self.path.suffix.lower() != ".csv":
            raise FileError(f"path: a board keeps its decisions in a .csv file; got {path}.")
        self._columns = list(columns)
        self._added = list(added)
        self._seen: str | None = None
        self.remarks: tuple[str, ...] = ()

    def read(self) -> list[Row]:
        """Return the rows of the file, every cell as text; none if there is no file yet.

        Raises
        ------
        FileError
            If it cannot be read.
        DataError
            If it is not a file of this kind of board.
        """
        # Before its content, so that anything written in between is noticed when saving.
        seen = self._fingerprint()
        if seen is None:
            self._seen = None
            return []
        table = read_frame(self.path)
        table = table.assign(**{name: "" for name in self._added if name not in table})
        if set(table.columns) != set(self._columns):
            raise DataError(
                f"{self.path.name}: not a file of this board, which has the columns "
                f"{', '.join(self._columns)}. Give the board a separate path; this file is "
                "left unchanged."
            )
        self._seen = seen
        self.remarks = table.attrs.get("remarks", ())
        return [
            {str(name): cell or "" for name, cell in row.items()}
            for row in table.to_dict("records")
        ]

    def write(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Write the rows, replacing the old ones.

        Raises
        ------
        FileError
            If the file has changed since it was last read or written here, or cannot be written.
        """
        text = table_text(pd.DataFrame(list(rows), columns=self._columns))
        try:
            make_folder(self.path.parent)
            # From the check to the last byte nobody else writes; a second board then finds the
            # file changed. What is remembered is what was written here, not what is there after.
            with locked(self.path) as still_mine:
                there = self._fingerprint()
                if there not in (self._seen, None):
                    raise FileError(
                        f"{self.path.name} was changed by somebody else, perhaps by a second board "
                        "or a spreadsheet. It was not overwritten."
                    )
                still_mine()
                write_text(text, self.path)
        except FileError:
            raise
        except OSError as error:
            raise FileError(f"{self.path.name} could not be written: {error.strerror}.") from None
        self._seen = hashlib.sha256(text.encode("utf-8")).hexdigest()

    @property
    def missing(self) -> bool:
        """Whether there is no such file."""
        return not is_there(self.path)

    def _fingerprint(self) -> str | None:
        if self.missing:
            return None
        return hashlib.sha256(read_bytes(self.path)).hexdigest()
