"""The pages of a model: one, or an overview and its parts, and the models that boxes open into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from arrowroot.text import one_line
from logicmodels.figures.pages.fit import How, best_sheet, is_readable, on_sheet
from logicmodels.figures.pages.overview import WAYS, overview_seen
from logicmodels.figures.pages.parts import Part, part_seen, whole_seen
from logicmodels.figures.pages.split import divided
from logicmodels.figures.scene.paper import Paper
from logicmodels.figures.scene.scene import Scene
from logicmodels.figures.views import OPENS, Seen

_WIDEST_NUMBER = "page 88 of 88"


@dataclass
class Section:
    """A model on its pages.

    Attributes
    ----------
    path : str
        The file of a model that a box opens into; empty for the first.
    seen : Seen
        What is shown of the model.
    parts : sequence of Part
        Those that have pages of their own, after the overview; none if one page is enough.
    first : int
        Its first page.
    """

    path: str
    seen: Seen
    parts: Sequence[Part] = field(default_factory=list)
    first: int = 1

    @property
    def count(self) -> int:
        """How many pages it has."""
        return 1 + len(self.parts) if self.parts else 1


@dataclass(frozen=True)
class Page:
    """A page: the figure on it, what it shows, and what is to be said of how it fits."""

    scene: Scene
    seen: Seen
    remark: str = ""


def pages(seen: Sequence[tuple[str, Seen]], how: How, paper: Paper) -> list[Page]:
    """Return the pages of a model, and of those that its boxes open into.

    Parameters
    ----------
    seen : sequence of (str, Seen)
        The model as a view shows it, then those that its boxes open into, by their files.
    how : How
        As for `LogicModel.draw`.
    paper : Paper
        The sheet; where it may be turned, all pages lie the same way.
    """
    if len(seen) == 1:
        drawn = best_sheet(seen[0][1], how, paper)
        if is_readable(drawn):
            return [Page(drawn, seen[0][1])]
    sheets = [paper, paper.turned] if paper.turns else [paper]
    tried = [(sheet, [_section(path, one, how, sheet) for path, one in seen]) for sheet in sheets]
    sheet, sections = min(tried, key=lambda one: sum(section.count for section in one[1]))
    return _drawn(sections, how, sheet)


def _section(path: str, seen: Seen, how: How, paper: Paper) -> Section:
    opens = _opens(seen, {})
    if is_readable(on_sheet(whole_seen(seen, opens), how, paper)):
        return Section(path, seen)

    def fits(part: Part) -> bool:
        shown = part_seen(seen, part, {}, _WIDEST_NUMBER, opens)
        return is_readable(on_sheet(shown, how, paper))

    parts = divided(seen.model, fits)
    return Section(path, seen, parts if len(parts) > 1 else ())


def _opens(seen: Seen, at: Mapping[str, str]) -> dict[str, str]:
    """Return, by box, where it opens into a model of its own."""
    titles = {opened.file: one_line(opened.model.title) for opened in seen.model.opened}
    return {
        node.id: at.get(node.model, f"{OPENS} {titles.get(node.model, node.model)} (p. 88)")
        for node in seen.model.nodes
        if node.model
    }


def _drawn(sections: Sequence[Section], how: How, paper: Paper) -> list[Page]:
    first = 1
    for section in sections:
        section.first = first
        first += section.count
    total = first - 1
    found: list[Page] = []
    for section in sections:
        found += _section_pages(section, sections, how, paper, total)
    return found


def _section_pages(
    section: Section, sections: Sequence[Section], how: How, paper: Paper, total: int
) -> list[Page]:
    seen = section.seen
    opens = _opens(seen, _where(sections, seen))

    def number(page: int) -> str:
        return f"page {page} of {total}"

    if not section.parts:
        shown = whole_seen(seen, opens)
        title = f"{seen.model.title} ({number(section.first)})"
        shown = replace(shown, model=replace(shown.model, title=title))
        return [_page(shown, how, paper)]
    at = {box: section.first + 1 + n for n, part in enumerate(section.parts) for box in part.boxes}
    for way in WAYS:
        shown = overview_seen(seen, section.parts, section.first + 1, number(section.first), way)
        overview = _page(shown, how, paper)
        if not overview.remark:
            break
    found = [overview]
    for n, part in enumerate(section.parts):
        page = section.first + 1 + n
        found.append(_page(part_seen(seen, part, at, number(page), opens), how, paper))
    return found


def _where(sections: Sequence[Section], seen: Seen) -> dict[str, str]:
    """Return, by file, the words of the page at which the model in it begins."""
    return {
        opened.file: f"{OPENS} {one_line(opened.model.title)} (p. {section.first})"
        for opened in seen.model.opened
        for section in sections
        if section.path == opened.path
    }


def _page(seen: Seen, how: How, paper: Paper) -> Page:
    """Return a page; if its text is too small to read in print, it says so."""
    drawn = on_sheet(seen, how, paper)
    if is_readable(drawn):
        return Page(drawn, seen)
    remark = (
        f"The smallest text on this page is printed in {drawn.smallest_text:.1f} points; a larger"
        " page, or shorter texts, would make it easier to read."
    )
    overlay = replace(seen.overlay, remarks=(*seen.overlay.remarks, remark))
    told = replace(seen, overlay=overlay)
    return Page(on_sheet(told, how, paper), told, remark)
