"""Settling into IPython when one of the packages is imported there: completion and help."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable
from typing import Any

_NAME = "arrowroot_matcher"
_WIDTH = 66
"""The most characters on a line of a signature, which JupyterLab shows in a small window."""


def settle() -> None:
    """Let the running IPython complete our options and show our signatures in short.

    Nothing happens outside IPython, or if it is done already.
    """
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    matchers = getattr(getattr(shell, "Completer", None), "custom_matchers", None)
    if matchers is None or any(one.__name__ == _NAME for one in matchers):
        return
    matchers.append(_matcher(shell))
    # IPython has no other place to say how a signature is shown.
    inspector = shell.inspector
    if (others := getattr(inspector, "_getdef", None)) is not None:
        inspector._getdef = _short(others)  # noqa: SLF001


def _matcher(shell: Any) -> Callable[[Any], Any]:
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier="arrowroot", priority=200)  # type: ignore[untyped-decorator]
    def arrowroot_matcher(context: Any) -> dict[str, Any]:
        from arrowroot.lab.completion import offered

        lines = context.full_text.split("\n")
        line = lines[context.cursor_line]
        before = [*lines[: context.cursor_line], line[: context.cursor_position]]
        found = offered("\n".join(before), line[context.cursor_position :], shell.user_ns)
        if found is None:
            return {"completions": [], "suppress": False}
        return {
            "completions": [SimpleCompletion(text=text, type=kind) for text, kind in found.texts],
            "matched_fragment": found.typed,
            # What IPython knows besides would be files, and names that are not public.
            "suppress": True,
            "ordered": True,
        }

    return arrowroot_matcher


def _short(others: Callable[..., str | None]) -> Callable[..., str | None]:
    """Return what shows a signature: ours in a few lines, since the docstring says the types."""

    def definition(thing: Any, oname: str = "") -> str | None:
        from arrowroot.lab.completion import PACKAGES

        home = str(getattr(thing, "__module__", None) or "")
        if home.split(".")[0] in PACKAGES and callable(thing):
            try:
                return signature(thing, oname)
            except (TypeError, ValueError):
                return None
        return others(thing, oname)

    return definition


def signature(function: Callable[..., Any], name: str) -> str:
    """Return a signature without types, in as few lines as it takes.

    Examples
    --------
    >>> from arrowroot.options import one_of
    >>> signature(one_of, "one_of")
    'one_of(name, value, legal)'
    """
    plain = inspect.signature(function)
    kept = [one.replace(annotation=inspect.Parameter.empty) for one in plain.parameters.values()]
    short = str(plain.replace(parameters=kept, return_annotation=inspect.Signature.empty))
    indent = " " * min(len(name) + 1, 24)
    whole = textwrap.TextWrapper(
        _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(whole.wrap(name + short))
