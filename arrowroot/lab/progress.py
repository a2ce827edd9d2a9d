"""A bar for everything that may take more than two seconds, which counts what the user counts.

In a notebook it is a line of words with a bar, and the words stay when it is done: a bar made of
a widget would say "model not found" when the notebook is opened tomorrow. Elsewhere it is tqdm's.
"""

from __future__ import annotations

import os
import sys
import time
from html import escape
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

if TYPE_CHECKING:
    from tqdm.std import tqdm

SHOWN_AFTER = 2.0
"""Seconds until the bar is shown."""


class Progress:
    """A bar, used in a ``with`` statement; `update` is called as the work goes on.

    Stopping the work (the square button in JupyterLab, Ctrl-C elsewhere) ends it as any error does,
    and the words say how far it came.

    Parameters
    ----------
    total : int
        How much there is to do, in units.
    what : str
        What is being done, as a noun.
    unit : str
        What is counted, in the plural.
    show : bool
        Whether to show anything.
    passes : int
        How often the work goes through all units: each is counted once, when all are done.

    Examples
    --------
    >>> with Progress(3, "Bootstrap", "samples") as bar:
    ...     for _ in range(3):
    ...         bar.update()
    >>> bar.done
    3
    """

    def __init__(
        self, total: int, what: str, unit: str, *, show: bool = True, passes: int = 1
    ) -> None:
        self._what = what
        self._unit = unit
        self._wanted = show and not os.environ.get("TQDM_DISABLE")
        self._total = total
        self._passes = passes
        self._passed = 0
        self._started = time.monotonic()
        self._bar: tqdm[Any] | None = None
        self.done = 0

    def update(self, n: int = 1) -> None:
        """Say that so many units more have gone through a pass."""
        self._passed = min(self._passed + n, self._total * self._passes)
        self._show(self._passed // self._passes)

    def _show(self, done: int) -> None:
        before, self.done = self.done, done
        late = time.monotonic() - self._started > SHOWN_AFTER
        if self._bar is None and self._wanted and late and done < self._total:
            self._bar = self._made(before)
        if self._bar is not None and done > before:
            self._bar.update(done - before)

    def _made(self, done: int) -> tqdm[Any]:
        """Return the bar; only now, since most work is done before one is needed."""
        from tqdm.std import tqdm

        kind = _in_notebook() if _is_notebook() else tqdm
        return kind(
            total=self._total, desc=self._what, unit=f" {self._unit}", initial=done, mininterval=0.2
        )

    def __enter__(self) -> Self:
        """Return the bar."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the bar: complete if the work was done, otherwise where it stopped."""
        if kind is None:
            self._show(self._total)
        if self._bar is not None:
            self._bar.close()


def _is_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    # In a terminal IPython has no kernel, and its bar is that of any other terminal.
    return hasattr(get_ipython(), "kernel")


def _in_notebook() -> type[tqdm[Any]]:
    from IPython.display import display
    from tqdm.std import tqdm

    class InNotebook(tqdm):  # type: ignore[misc]
        """The bar as an output of the cell, replaced as the work goes on."""

        def __init__(self, **options: Any) -> None:
            self._place = ""
            super().__init__(gui=True, **options)  # so that tqdm itself writes nothing
            if not self.disable:
                self.display()

        def display(self, msg: str | None = None, pos: int | None = None) -> bool:  # noqa: ARG002  (tqdm's)
            self._put(_words(self), bar=True)
            return True

        def close(self) -> None:
            if self.disable:
                return
            whole = self.n == self.total
            super().close()
            if self._place:
                self._put(_words(self) if whole else f"{_words(self)}: stopped here", bar=False)

        def _put(self, words: str, *, bar: bool) -> None:
            html = f"<div>{escape(words)}{_bar(self) if bar else ''}</div>"
            shown = {"text/html": html, "text/plain": words}
            known, self._place = bool(self._place), self._place or uuid4().hex
            display(shown, raw=True, display_id=self._place, update=known)

    return InNotebook


def _words(bar: tqdm[Any]) -> str:
    if bar.n == bar.total:
        return f"{bar.desc.removesuffix(': ')}: {bar.total:,}{bar.unit}, done"
    return f"{bar.desc.removesuffix(': ')}: {bar.n:,} of {bar.total:,}{bar.unit}"


def _bar(bar: tqdm[Any]) -> str:
    name = escape(bar.desc.removesuffix(": "), quote=True)
    return (
        f" <progress aria-label='{name}' max='{bar.total or 1}' value='{bar.n}'></progress>"
        " To stop, press the square button above the notebook."
    )
