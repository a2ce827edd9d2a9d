"""A codebook: what each code means, when to use it and when not, and which code it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, FileError
from arrowroot.files import as_path, write_text
from arrowroot.sheets import write_table
from arrowroot.tables import read_frame
from arrowroot.text import counted, did_you_mean, label, shortened
from synthesis import checks
from synthesis.coding import codebook_yaml


@dataclass(frozen=True)
class Code:
    """One code.

    Attributes
    ----------
    id : str
        What is stored in codings; stable, short, unique.
    label : str
        What people read.
    definition, include, exclude, example : str
        What it means; when to use it; when not to; an example of a unit.
    parent : str
        The id of the code it belongs to, empty at the top level.
    source : str
        Where the definition comes from.
    """

    id: str
    label: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    parent: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Read the ids as every label is read."""
        for name in ("id", "parent"):
            object.__setattr__(self, name, label(getattr(self, name)))


FIELDS = tuple(field.name for field in fields(Code))


@dataclass(frozen=True, repr=False)
class Codebook(display.Shown):
    """Codes in order, with a version, so that a coding can record what it was made with.

    Attributes
    ----------
    title, version, source : str
        Its name, its version, and where it comes from.
    codes : tuple of Code
        In the order to show them.
    gaps : tuple of str
        What is missing or uncertain in it, in sentences.
    remarks : tuple of str
        What should be known about the table it was read from, such as a guessed encoding.
    kept : object
        What else the file of another program held, such as colours and sets: `write_qdc` and
        `write_qdpx` write it again.

    Raises
    ------
    DataError
        If an id or label is blank, an id stands twice, or a parent is unknown or circular.

    Examples
    --------
    >>> nurses = Code("nurse", "Nurses", parent="staff")
    >>> book = Codebook("Who", "1", (Code("staff", "Staff"), nurses))
    >>> [code.label for code in book.path("nurse")]
    ['Staff', 'Nurses']
    >>> book.check(["nurse", "nurce"])
    Traceback (most recent call last):
    arrowroot.errors.DataError: code: not in the codebook 'Who' 1: 'nurce' (did you mean 'nurse'?).
    Correct the code or add it to the codebook.
    """

    title: str
    version: str
    codes: tuple[Code, ...]
    source: str = ""
    gaps: tuple[str, ...] = ()
    remarks: tuple[str, ...] = field(default=(), compare=False)
    kept: object = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse a codebook that cannot be used for coding."""
        if not isinstance(self.codes, tuple | list) or not all(
            isinstance(code, Code) for code in self.codes
        ):
            raise DataError(
                f"codebook {self.title!r}: its codes must be a list of codes, even if there is "
                "only one, such as [Code('staff', 'Staff')]."
            )
        problems = [*_blanks(self.codes), *_repeated(self.codes), *_misplaced(self.codes)]
        if problems:
            raise DataError(f"codebook {self.title!r}: {shortened(problems)}.")

    @classmethod
    def read(cls, path: str | Path) -> Codebook:
        """Read a codebook.

        Parameters
        ----------
        path : str or Path
            YAML (``title``, ``version``, ``source``, ``gaps``, ``codes``: a list of mappings with
            the attributes of `Code`); or a table as `arrowroot.tables` reads it, with one column
            per attribute. Its title is then the file's name, and its version is empty.

        Raises
        ------
        FileError
            If the file cannot be read.
        DataError
            If it is not a codebook; the message says where.
        """
        if as_path(path).suffix.lower() in (".yaml", ".yml"):
            head, gaps, entries, remarks = codebook_yaml.read(path, FIELDS)
            codes = tuple(Code(**{"id": "", "label": "", **entry}) for entry in entries)
            known: dict[str, Any] = {**head, "codes": codes, "gaps": tuple(gaps)}
            return cls(**known, remarks=remarks)
        table = read_frame(path)
        book = cls.from_frame(table, title=as_path(path).stem, version="")
        return replace(book, remarks=table.attrs.get("remarks", ()))

    @classmethod
    def from_frame(
        cls,
        table: pd.DataFrame,
        *,
        title: str,
        version: str,
        source: str = "",
        gaps: Sequence[str] = (),
    ) -> Codebook:
        """Make a codebook from a table: one row per code, one column per attribute of `Code`."""
        for name in ("id", "label"):
            checks.column(table, name, "codebook")
        if strangers := [str(name) for name in table.columns if name not in FIELDS]:
            raise DataError(
                f"codebook {title!r}: unknown columns {shortened(strangers)}; a codebook "
                f"has {', '.join(FIELDS)}."
            )
        cells = table.astype(object).where(table.notna(), "")
        codes = tuple(
            Code(
                **{
                    str(name): label(cell) if name in ("id", "parent") else str(cell).strip()
                    for name, cell in row.items()
                }
            )
            for row in cells.to_dict("records")
        )
        return cls(title, version, codes, source, tuple(gaps))

    def write(self, path: str | Path) -> Path:
        """Write the codebook as YAML (everything) or CSV (the codes only), by the file's name.

        Only `write_qdc` and `write_qdpx` write what another program's file held besides.
        """
        kind = as_path(path).suffix.lower()
        if kind == ".csv":
            return write_table(self.to_frame(), path)
        if kind not in (".yaml", ".yml"):
            raise FileError(f"{as_path(path).name}: codebooks are written as .yaml or .csv.")
        head = {"title": self.title, "version": self.version, "source": self.source}
        codes = [asdict(code) for code in self.codes]
        return write_text(codebook_yaml.dump(head, self.gaps, codes), path)

    @property
    def ids(self) -> list[str]:
        """The ids of the codes, in order."""
        return [code.id for code in self.codes]

    def __len__(self) -> int:
        """Return the number of codes."""
        return len(self.codes)

    def __iter__(self) -> Iterator[Code]:
        """Iterate over the codes in order."""
        return iter(self.codes)

    def __getitem__(self, code_id: str) -> Code:
        """Return a code by its id; an unknown id is refused, with a suggestion."""
        self.check([code_id])
        return next(code for code in self.codes if code.id == label(code_id))

    def children(self, parent: str = "") -> list[Code]:
        """Return the codes directly under one, or those at the top."""
        return [code for code in self.codes if code.parent == parent]

    def path(self, code_id: str) -> list[Code]:
        """Return the codes from the top down to this one."""
        passed = [self[code_id]]
        while above := passed[0].parent:
            passed.insert(0, self[above])
        return passed

    def check(self, values: Iterable[object], column: str = "code") -> None:
        """Raise an error unless every value is the id of a code; blank cells are allowed.

        Raises
        ------
        DataError
            Naming the values and, for each, the code that was probably meant.
        """
        known = set(self.ids)
        filled = pd.Series(list(values), dtype=object).dropna()
        strangers = [value for value in filled.unique() if label(value) not in known]
        if strangers:
            raise DataError(
                f"{column}: not in the codebook {self.title!r} {self.version}: "
                f"{shortened(map(self._with_near_miss, strangers))}. "
                "Correct the code or add it to the codebook."
            )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per code, one column per attribute."""
        return pd.DataFrame([asdict(code) for code in self.codes], columns=list(FIELDS))

    def suggestion(self, value: object) -> str | None:
        """Return the id that was probably meant, by a similar id or label, or None."""
        written = label(value).casefold()
        meant = {label(code.label).casefold(): code.id for code in self.codes}
        meant |= {code.id.casefold(): code.id for code in self.codes}
        return meant.get(did_you_mean(written, meant, "{}"))

    def _with_near_miss(self, stranger: object) -> str:
        near = self.suggestion(stranger)
        return f"{stranger!r}" + (f" (did you mean {near!r}?)" if near else "")

    def _title(self) -> str:
        version = f", version {self.version}" if self.version else ""
        return f"Codebook: {self.title}{version}, {counted(len(self), 'code')}"

    def _notes(self) -> Sequence[str]:
        return (*([f"Source: {self.source}"] if self.source else []), *self.gaps, *self.remarks)

    def _line(self) -> str:
        return self._title()

    def _repr_html_(self) -> str:
        """Show every code with its rules, indented under the code it belongs to."""
        headings, rows = _filled(
            ["Code", "Definition", "Include", "Exclude", "Example"],
            [
                [code.label, code.definition, code.include, code.exclude, code.example]
                for code in self.codes
            ],
        )
        depths = [len(self.path(code.id)) - 1 for code in self.codes]
        return display.html_table(self._title(), headings, rows, notes=self._notes(), depths=depths)


def _blanks(codes: Sequence[Code]) -> list[str]:
    return [
        f"code {at} has no {name}"
        for at, code in enumerate(codes, start=1)
        for name in ("id", "label")
        if not getattr(code, name)
    ]


def _repeated(codes: Sequence[Code]) -> list[str]:
    ids = [code.id for code in codes]
    return [
        f"the id {one!r} occurs {ids.count(one)} times"
        for one in dict.fromkeys(ids)
        if ids.count(one) > 1
    ]


def _misplaced(codes: Sequence[Code]) -> list[str]:
    parents = {code.id: code.parent for code in codes}
    wrong = [
        f"{code.id!r} has the parent {code.parent!r}, which is not a code"
        for code in codes
        if code.parent and code.parent not in parents
    ]
    for code in codes:
        passed = [code.id]
        while (above := parents.get(passed[-1], "")) and above not in passed:
            passed.append(above)
        if above and above == code.id:
            wrong.append(f"{code.id!r} is its own ancestor ({' under '.join([*passed, above])})")
    return wrong


def _filled(
    headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """Leave out the columns that are empty in every row.

    Examples
    --------
    >>> _filled(["Code", "Example"], [["staff", ""]])
    (['Code'], [['staff']])
    """
    kept = [at for at in range(len(headings)) if any(row[at] for row in rows)]
    return [headings[at] for at in kept], [[row[at] for at in kept] for row in rows]
