"""Run one notebook from top to bottom in a fresh kernel of the running interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.filters.ansi import strip_ansi
from nbformat import NotebookNode
from nbformat.reader import NotJSONError

from arrowroot.errors import ArrowrootError, FileError, OptionError

FIGURE_OPTIONS = (
    # Lines stay sharp on screen and paper, and the salt keeps ids the same from run to run.
    "--InlineBackend.figure_formats={'svg'}",
    "--InlineBackend.rc={'svg.hashsalt': 'arrowroot'}",
)
QUIET = {
    "PYTHONHASHSEED": "0",  # sets are displayed in the same order in every run
    "TQDM_DISABLE": "1",  # a progress bar on a page would only show how fast this machine is
}

WEEK = 7 * 24 * 60 * 60
"""The longest that a notebook may be given, in seconds: beyond it, timers overflow."""


class NotebookError(ArrowrootError, RuntimeError):
    """A notebook did not run to its end; the message names it, the cell and the reason."""


def read(path: Path) -> NotebookNode:
    """Read a notebook and check it against the notebook format.

    Parameters
    ----------
    path : Path
        An ``.ipynb`` file of format 4.

    Returns
    -------
    NotebookNode

    Raises
    ------
    FileError
        If the file is missing, is not JSON, or does not follow the format.
    """
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}).") from error
    except (NotJSONError, UnicodeDecodeError, AttributeError, KeyError, TypeError) as error:
        # JSON with another structure makes nbformat fail in one of the last three ways.
        raise FileError(
            f"{path}: is not a notebook; it should be the JSON that Jupyter saves."
        ) from error
    except nbformat.ValidationError as error:
        reason = str(error).splitlines()[0]
        raise FileError(f"{path}: does not follow the notebook format: {reason}") from error
    return notebook


def run(
    path: Path, *, seconds: float = 600.0, on_cell: Callable[[], None] | None = None
) -> NotebookNode:
    """Execute a notebook and return it with its outputs; the file is not touched.

    Parameters
    ----------
    path : Path
        The notebook; its folder is the kernel's working directory.
    seconds : float, default 600
        How long the whole notebook may take.
    on_cell : callable, optional
        Called without arguments after each code cell, for a progress bar.

    Returns
    -------
    NotebookNode

    Raises
    ------
    FileError
        If the file is not a notebook.
    OptionError
        If `seconds` is not above 0, or more than a week.
    NotebookError
        If a cell fails, takes too long, or its kernel dies.
    """
    if not 0 < seconds <= WEEK:  # so written, nan is refused too
        raise OptionError(f"seconds must be above 0 and at most {WEEK} (a week); got {seconds:g}.")
    notebook = read(path)
    deadline = time.monotonic() + seconds
    number = 0

    def left(_cell: object) -> int:
        return max(1, round(deadline - time.monotonic()))

    def started(**_: object) -> None:
        nonlocal number
        number += 1

    def finished(**_: object) -> None:
        if on_cell is not None:
            on_cell()

    with TemporaryDirectory(prefix="arrowroot-kernel-") as private:
        client = NotebookClient(
            notebook,
            km=_kernel(Path(private)),
            timeout_func=left,
            record_timing=False,
            store_widget_state=False,
            extra_arguments=list(FIGURE_OPTIONS),
            on_cell_execute=started,
            on_cell_executed=finished,
        )
        # A profile of the user's own must not change what the notebook does.
        environment = os.environ | QUIET | {"IPYTHONDIR": private}
        try:
            client.execute(
                cwd=str(path.parent),
                env=environment,
                cleanup_kc=True,
                # What cells print comes back as output; this is the kernel's own log.
                stderr=subprocess.DEVNULL,
            )
        except CellExecutionError as error:
            reason = _reason(error)
        except CellTimeoutError:
            reason = f"the notebook took longer than {seconds:g} seconds"
        except (DeadKernelError, AssertionError):
            # nbclient asserts that it still has a kernel after Ctrl-C has shut it down.
            reason = "the kernel stopped; it was interrupted, or the machine is short of memory"
        else:
            return notebook
    raise NotebookError(f"{path}, code cell {number}: {reason}")


def _reason(error: CellExecutionError) -> str:
    """Return an error's name and message, as the last lines of its traceback give them."""
    message = f"{error.ename}: {error.evalue}"
    traceback = strip_ansi(str(error)).rstrip()
    # If an object fails while being displayed, only the traceback has the name of the error.
    return message if traceback.endswith(message) else traceback.splitlines()[-1]


class _ThisInterpreter(KernelSpecManager):
    """Use the running interpreter for every kernel name, whatever kernels are installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002  (their signature)
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python",
            language="python",
        )


def _kernel(private: Path) -> AsyncKernelManager:
    return AsyncKernelManager(
        kernel_spec_manager=_ThisInterpreter(),
        connection_file=str(private / "kernel.json"),
        # Sockets in the private folder: no port that another user of the machine could reach.
        transport="ipc" if os.name == "posix" else "tcp",
    )
