"""Scripts put together: the header, the data, the analysis, and what it should give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

import arrowroot
from arrowroot.errors import OptionError
from arrowroot.options import one_of, thing
from synthesis.r_code.text import comment, one_line, string, vector

CHECKED_WITH = "R 4.2.2 and metafor 3.8-1"
"""The versions with which the tests run the scripts."""

EXISTS = (
    "meta_analysis, meta_regression (and its permutation_test), subgroup_analysis, three_level, "
    "robust, mantel_haenszel, peto, egger_test, peters_test, rank_test, pet_peese, trim_and_fill, "
    "fail_safe_n, selection_model and excess_significance have to_r(); "
    "leave_one_out, cumulative, influence, residuals, baujat and blup are written by "
    "synthesis.to_r(fit, also=[...]), and meta_analyses by synthesis.meta_analyses_to_r"
)
"""What can be written as an R script, in words."""

_REPORT = """\
# Each line of the output: what it is, what R found, what Arrowroot found.
differences <- numeric(0)
report <- function(quantity, found, arrowroot, of = NULL) {
  found <- as.numeric(found)
  if (!is.null(of)) quantity <- paste0(quantity, " [", encodeString(of), "]")
  stopifnot(length(found) == length(arrowroot), length(found) == length(quantity))
  cat(sprintf("%-44s %22.15g %22.15g\\n", quantity, found, arrowroot), sep = "")
  off <- abs(found - arrowroot) / pmax(1, abs(arrowroot))
  off[found == arrowroot] <- 0
  differences <<- c(differences, setNames(off, quantity))
}"""

_END = """\
worst <- which.max(differences)
cat(sprintf("\\nLargest difference, relative to the larger of 1 and the number: %.1e (%s)\\n",
            differences[worst], names(differences)[worst]))"""


@dataclass(frozen=True)
class Quantity:
    """One number of a result, or one for each study, and where R has it.

    Attributes
    ----------
    name : str
        As the attribute or column is called.
    code : str
        The R expression that gives it.
    ours : tuple of float
        What Arrowroot found; NaN is NA in R.
    of : tuple of str
        What each is of, such as study labels; empty for a single number.
    """

    name: str
    code: str
    ours: tuple[float, ...]
    of: tuple[str, ...] = ()

    def lines(self, labels: Mapping[tuple[str, ...], str]) -> list[str]:
        """Return the R code that prints it; `labels` are those that R has under a name."""
        ours = f"report({string(self.name)}, {self.code},"
        text = vector(self.ours, indent=7)
        of = ""
        if self.of:
            of = f",\n       of = {labels.get(self.of) or vector(self.of, indent=7)}"
        if "\n" in text or of or len(ours) + len(text) > 90:
            return f"{ours}\n       {text}{of})".split("\n")
        return [f"{ours} {text})"]


def one(name: str, code: str, value: float | None) -> list[Quantity]:
    """Return a single number as a list to be joined to others: empty where there is none."""
    if value is None or np.isnan(value):
        return []
    return [Quantity(name, code, (float(value),))]


def pair(name: str, low: str, high: str, limits: tuple[float, float] | None) -> list[Quantity]:
    """Return an interval as a list of quantities: empty where there is none."""
    if limits is None:
        return []
    return [*one(f"{name}_low", low, limits[0]), *one(f"{name}_high", high, limits[1])]


def each(name: str, code: str, values: Iterable[Any], of: Iterable[str]) -> list[Quantity]:
    """Return a number for each study, term or group."""
    return [Quantity(name, code, tuple(float(value) for value in values), tuple(of))]


@dataclass(frozen=True)
class Section:
    """One result as R code.

    Attributes
    ----------
    title : str
        What it is.
    says : tuple of str
        What a reader should know before reading the code, one comment each.
    data, code : tuple of str
        Lines that define the data, and lines that analyse them.
    quantities : tuple of Quantity
        What is printed at the end.
    labels : mapping of tuple of str to str
        Labels that R has under a name, such as ``studies$study``.
    packages : tuple of str
        Beside metafor.
    """

    title: str
    says: tuple[str, ...]
    data: tuple[str, ...]
    code: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    labels: tuple[tuple[tuple[str, ...], str], ...] = ()
    packages: tuple[str, ...] = ()

    def lines(self, before: Section | None = None) -> list[str]:
        """Return the section; the data of the section before it are not repeated."""
        told = [line for text in (self.title + ".", *self.says) for line in comment(text)]
        same = before is not None and before.data == self.data
        data = ["# The data are those of the section above."] if same else [*self.data]
        known = dict(self.labels)
        return [
            *told,
            "",
            *data,
            "",
            *self.code,
            "",
            f"cat({string(_heading(self.title))})",
            *(line for quantity in self.quantities for line in quantity.lines(known)),
        ]


def _heading(title: str) -> str:
    return f"\n{one_line(title)}\n"


class InR:
    """A result that metafor has too."""

    def r_section(self) -> Section:
        """Return the parts of `to_r`, of which `synthesis.to_r` makes one script for several."""
        raise NotImplementedError

    def to_r(self) -> str:
        """Return an R script with which metafor runs the same analysis to the same numbers.

        The script holds the data at full precision, needs no file, says where metafor's
        conventions differ, and ends by printing what R finds beside what Arrowroot found.

        Returns
        -------
        str
            Save it as ``analysis.R`` and run ``Rscript analysis.R``, or open it in RStudio.

        Raises
        ------
        OptionError
            If metafor has no such analysis; the message says what there is.
        """
        return script({"": self.r_section()})


class NotInR:
    """A result that metafor does not have; `r_words` says what it is, and what there is instead."""

    r_words: ClassVar[tuple[str, str]] = ("this", "")

    def r_section(self) -> Section:
        """Refuse: metafor has no such analysis."""
        raise no_equivalent(*self.r_words)

    def to_r(self) -> str:
        """Refuse to write an R script: metafor has no such analysis.

        Raises
        ------
        OptionError
            Always; the message says what there is instead.
        """
        raise no_equivalent(*self.r_words)


def no_equivalent(what: str, instead: str = "") -> OptionError:
    """Return the error for what metafor does not have."""
    return OptionError(
        f"to_r: metafor has no function for {what}, so there is no script of it. "
        f"{instead or f'These can be written: {EXISTS}'}."
    )


def section_of(result: object) -> Section:
    """Return a result as a section.

    Raises
    ------
    OptionError
        If it is no result that can be written.
    """
    if isinstance(result, Section):
        return result
    if isinstance(result, (InR, NotInR)):
        return result.r_section()
    if isinstance(result, pd.DataFrame):
        raise OptionError(
            f"to_r: a table does not know the analysis it is from. These can be written: {EXISTS}."
        )
    raise OptionError(
        f"to_r needs a result, or names and results; got {thing(result)}. These can be "
        f"written: {EXISTS}."
    )


def script(results: Mapping[str, object], *, missing: str = "refuse") -> str:
    """Join results into one R script, a named section for each.

    Parameters
    ----------
    results : mapping of str to result or Section
        The name of each section; an empty name for a script of one result.
    missing : {"refuse", "say"}
        Whether a result that metafor does not have is refused, or said to be missing in its place.

    Returns
    -------
    str

    Raises
    ------
    OptionError
        No result; or one that metafor does not have.
    """
    one_of("missing", missing, ["refuse", "say"])
    if not results:
        raise OptionError("to_r: there is no result to write. Give a result, or names and results.")
    body: list[str] = []
    packages = ["metafor"]
    before: Section | None = None
    written = 0
    for name, result in results.items():
        heading = [f"# ---- {one_line(name)} ----", ""] if name else []
        heading = ["", "", *heading] if body else heading
        try:
            section = section_of(result)
        except OptionError as problem:
            if missing == "refuse":
                if not name:
                    raise
                raise OptionError(f"{name}: {problem}") from problem
            body += [*heading, *comment(str(problem))]
            continue
        packages += [one for one in section.packages if one not in packages]
        lines = section.lines(before)
        if name:
            at = next(place for place, line in enumerate(lines) if line.startswith("cat("))
            title = section.title
            lines[at] = f"cat({string(_heading(f'{name}: {title}'))})"
        body += [*heading, *lines]
        before, written = section, written + 1
    end = ["", _END] if written else []
    return "\n".join([*_head(packages), *body, *end, ""])


def _head(packages: list[str]) -> list[str]:
    needed = " and ".join(packages)
    return [
        *comment(
            f"Written by Arrowroot {arrowroot.__version__} and checked with {CHECKED_WITH}. The "
            f"script needs the R package{'s' if len(packages) > 1 else ''} {needed}, and no file: "
            "the data are in it at full precision. Iterations run to tighter limits than "
            "metafor's defaults, so that the numbers agree to more digits."
        ),
        "",
        *(f"suppressMessages(library({one}))" for one in packages),
        "",
        *_REPORT.split("\n"),
        "",
    ]
