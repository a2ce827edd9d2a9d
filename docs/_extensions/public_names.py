"""A directive that documents every public name of one room, so that no page can forget one.

``.. public-names:: synthesis.pooling`` stands for an autodoc directive for each name that the
package shows and that lives in that room.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from docutils.nodes import Node
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FEW = 3
"""A page with fewer names needs no list of them."""


class PublicNames(SphinxDirective):
    """Documents the public names whose home is the module given, or a module inside it.

    Packages named after it are those that show the names; by default the module's own. What two
    of them show is documented under the first.
    """

    required_arguments = 1
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[Node]:
        """Return the documentation of each name, in alphabetical order by package."""
        room, *shown_by = " ".join(self.arguments).split()
        lines, listed = StringList(), []
        documented = set()
        for package in map(importlib.import_module, shown_by or [room.split(".")[0]]):
            for name in sorted(package.__all__, key=str.casefold):
                value = getattr(package, name)
                home = value.__name__ if inspect.ismodule(value) else value.__module__
                inside = home == room or home.startswith(f"{room}.")
                if inside and (room, value.__name__) not in documented:
                    documented.add((room, value.__name__))
                    listed.append((package.__name__, name, value))
                    for line in self._lines(package.__name__, name, value):
                        lines.append(line, room)
        whole = [*self._overview(listed), *lines]
        return self.parse_text_to_nodes("\n".join(whole), allow_section_headings=False)

    def _overview(self, listed: list[tuple[str, str, Any]]) -> list[str]:
        """Return a table of what is on the page, by kind, with the first line of each."""
        kinds = (
            ("What you call", lambda value: not inspect.isclass(value)),
            ("What you get", inspect.isclass),
        )
        lines = []
        for heading, belongs in kinds:
            found = [one for one in listed if belongs(one[2]) and not inspect.ismodule(one[2])]
            if not found or len(listed) < FEW:
                continue
            lines += [f".. list-table:: {heading}", "   :widths: 30 70", ""]
            for package, name, value in found:
                told = " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split())
                lines += [f"   * - :py:obj:`{name} <{package}.{name}>`", f"     - {told}"]
            lines.append("")
        return lines

    def _lines(self, package: str, name: str, value: Any) -> list[str]:
        if inspect.ismodule(value):
            return [f".. automodule:: {value.__name__}", "   :members:", ""]
        if inspect.isclass(value):
            # A class that takes its words from the one beneath it shows that one's members too.
            whole = value.__doc__ is value.__base__.__doc__
            members = ["   :members:", *(["   :inherited-members:"] if whole else [])]
            # Inherited from a class that only passes it on, and yet part of what users call.
            in_r = ["", "   .. automethod:: to_r"] if "to_r" in dir(value) and not whole else []
            return [f".. autoclass:: {package}.{name}", *members, *in_r, ""]
        return [f".. autofunction:: {package}.{name}", ""]


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx about the directive."""
    app.add_directive("public-names", PublicNames)
    return {"parallel_read_safe": True}
