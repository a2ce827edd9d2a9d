"""The public face of a logic model: each method is its documentation and one call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, overload

from arrowroot.data_folder import data_path
from arrowroot.files import as_path
from arrowroot.lab.calls import guarded_class
from arrowroot.lab.names import Named
from logicmodels.model import Model
from logicmodels.records import Link

if TYPE_CHECKING:
    from logicmodels.figures.figure import Figure
    from logicmodels.figures.overlays import Overlay
    from logicmodels.figures.pages.paged import Pages
    from logicmodels.questions.applicability import ApplicabilityTable
    from logicmodels.questions.comments import Comments
    from logicmodels.questions.comments_returned import Returned
    from logicmodels.questions.describe import Description
    from logicmodels.questions.diff import Diff
    from logicmodels.questions.gap_map import GapMap
    from logicmodels.questions.loops import Loops
    from logicmodels.rules.report import Report
    from logicmodels.rules.ruleset import RuleSet
    from logicmodels.source.to_tables import Tables


@guarded_class
@dataclass(frozen=True, eq=False, repr=False)
class LogicModel(Named, Model):  # noqa: D101 (its docstring is that of the data)
    __doc__ = Model.__doc__

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a logic model from a YAML file.

        Parameters
        ----------
        path : path
            The specification.

        Returns
        -------
        LogicModel

        Raises
        ------
        SpecError
            With every problem found: file, line, column, rule, and how to correct it.
        """
        from logicmodels.source.spec import read

        return read(as_path(path), cls)

    @classmethod
    def example(cls, name: str) -> Self:
        """Read one of the logic models that come with Arrowroot.

        Parameters
        ----------
        name : str
            Its name; `arrowroot.data_folder.models` lists them.

        Raises
        ------
        OptionError
            If there is no such example; the message lists the examples.

        Examples
        --------
        >>> LogicModel.example("sixcs").title
        "The 6Cs' Theory of Change"
        """
        return cls.read(data_path(name, "logic_model.yaml"))

    @classmethod
    def from_text(cls, text: str, *, name: str = "specification") -> Self:
        """Read a logic model from YAML text; messages use `name` in place of a file name."""
        from logicmodels.source.spec import parse

        return parse(text, name, cls)

    @classmethod
    def from_lines(
        cls,
        text: str,
        *,
        profile: str,
        title: str,
        name: str = "lines",
        who: Mapping[str, str] | None = None,
        **keys: Any,
    ) -> Self:
        r"""Read a logic model from plain lines.

        Parameters
        ----------
        text : str
            ``[activities]`` begins a column, ``a1: Home visits`` is a box in it, and
            ``a1 -> o1`` or ``a1 -> o1: reason`` is an arrow. Empty lines are ignored.
        profile, title : str
            As under these keys in a file.
        name : str
            Used in messages in place of a file name.
        who : mapping of str to str, optional
            Whom each box concerns, by the id of the box.
        **keys
            Other keys of a file, such as ``description``, ``version``, ``date``, ``source`` or
            ``approach``; a sketch with the same content as a file is equal to it.

        Returns
        -------
        LogicModel

        Raises
        ------
        SpecError
            With every problem found, such as an arrow to a box that is not in the text.

        Examples
        --------
        >>> sketch = "[activities]\nv: Home visits\n[outcomes]\nr: Symptoms reported early\nv -> r"
        >>> print(LogicModel.from_lines(sketch, profile="theory-of-change", title="Visits"))
        Visits: 2 boxes, 1 arrow
        """
        from logicmodels.source.quick import parse_lines

        return parse_lines(text, cls, profile=profile, title=title, name=name, who=who, **keys)

    @classmethod
    def from_tables(
        cls,
        nodes: Any,
        links: Any = None,
        *,
        profile: str | None = None,
        title: str | None = None,
        **keys: Any,
    ) -> Self:
        """Read a logic model from a table of boxes and a table of arrows.

        Parameters
        ----------
        nodes, links : path, data frame or sequence of mappings
            Files in a format that `arrowroot.tables` reads. In a workbook, the sheet named
            ``nodes`` or ``links`` is read, otherwise the first that is not hidden. Columns are
            keys that a specification uses under ``nodes`` and ``links``: at least ``id column
            label`` and ``from to``. Entries of ``items``, ``indicators`` and ``assumptions`` are
            separated by ``;``; ``harm``, ``feedback`` and ``mutual`` are yes or no; an empty cell
            leaves the key out. A single XLSX workbook, such as `template` and `Tables.save` write,
            is enough: `links` is then left out, its sheet ``model`` gives profile, title and other
            keys, and its sheet ``evidence``, if it has one, claims as `with_evidence` takes them.
        profile, title : str
            As under these keys in a file; needed unless a workbook gives them.
        **keys
            Other keys of a file, such as ``description``, ``version``, ``date`` or ``source``.

        Returns
        -------
        LogicModel
            Its `remarks` note anything unusual about the files, such as a guessed encoding.

        Raises
        ------
        SpecError
            With every problem in the tables: table, line and column (counted from 1), and rule.
        EvidenceError
            With every problem in the sheet ``evidence``.
        OptionError
            If there is only one table, or no profile or title.

        Examples
        --------
        >>> boxes = [
        ...     {"id": "v", "column": "activities", "label": "Home visits"},
        ...     {"id": "r", "column": "outcomes", "label": "Symptoms reported early"},
        ... ]
        >>> arrows = [{"from": "v", "to": "r"}]
        >>> keys = {"profile": "theory-of-change", "title": "Visits"}
        >>> print(LogicModel.from_tables(boxes, arrows, **keys))
        Visits: 2 boxes, 1 arrow
        """
        from logicmodels.source.from_tables import from_tables

        return from_tables(nodes, links, cls, profile=profile, title=title, **keys)

    @classmethod
    def template(cls, path: str | Path, *, profile: str = "theory-of-change") -> Path:
        """Write a small made-up model to begin with, as a text file or as a workbook.

        Parameters
        ----------
        path : path
            Ends in ``.yaml``: a text file with comments, which `read` reads; or in ``.xlsx``:
            sheets for boxes, arrows, evidence and the model as a whole, with lists to choose from
            and a note on every heading, which ``LogicModel.from_tables(path)`` reads.
        profile : str
            The kind of logic model, which decides the columns.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        OptionError
            If there is no such profile, or the name has another ending.
        FileError
            If the file exists already, or cannot be written there.
        """
        from logicmodels.export.template import write_template

        return write_template(path, profile)

    def to_yaml(self) -> str:
        """Return the model as YAML text, which reads back as the same model.

        Returns
        -------
        str
            For a model that was read from YAML, the text it was read from, with its comments,
            the order of its keys and its quotes, changed only where the model changed (a comment
            above a removed entry may be removed with it or kept). For any other model, new text
            in the order of the specification.

        Raises
        ------
        SpecError
            If the model was made in Python and contains what a specification does not allow,
            such as an id with a space; with every problem found.
        """
        from logicmodels.source.writing import to_yaml

        return to_yaml(self)

    def write(self, path: str | Path) -> Path:
        """Write the model to a YAML file, as `to_yaml` returns it.

        Parameters
        ----------
        path : path
            The file to write; its folder must exist. If writing is interrupted, an existing file
            is left as it was.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        SpecError
            If the model contains what a specification does not allow.
        OptionError
            If the name ends as that of a workbook, a figure or a slide does.
        FileError
            If the file cannot be written there.
        """
        from logicmodels.source.writing import write

        return write(self, path)

    def to_tables(self) -> Tables:
        """Return the model as two tables, boxes and arrows, which `from_tables` reads.

        Returns
        -------
        Tables
            ``nodes`` and ``links`` as rows, ``keys`` with the title and other keys of the model,
            and ``left_out`` with what tables do not contain; ``save(path)`` writes CSV or XLSX.

        Raises
        ------
        SpecError
            If a text could not be read back unchanged, such as an item with a semicolon.
        """
        from logicmodels.source.to_tables import to_tables

        return to_tables(self)

    def sentence(self, link: Link) -> str:
        """Return a link as a sentence for readers and screen readers, evidence included."""
        from logicmodels.questions.describe import sentence

        return sentence(self, link)

    def as_profile(
        self,
        name: str,
        *,
        columns: Mapping[str, str] | None = None,
        boxes: Mapping[str, str] | None = None,
    ) -> Self:
        """Return the model in the columns of another profile.

        Parameters
        ----------
        name : str
            A profile of `logicmodels.profiles.registry.PROFILES`, such as ``"wisconsin"``.
        columns : mapping of str to str, optional
            The new column for the boxes of each column for which the table of counterparts
            (`logicmodels.profiles.vocabulary`) has none, or not the intended one.
        boxes : mapping of str to str, optional
            The same for single boxes, by their ids.

        Returns
        -------
        LogicModel
            A new model with the headings of the new profile; this one is unchanged.

        Raises
        ------
        OptionError
            If boxes have no counterpart; the message lists them. No box is dropped, and none is
            moved to a column that means something else.
        """
        from logicmodels.questions.translation import as_profile

        return as_profile(self, name, columns=columns, boxes=boxes)

    def with_evidence(self, table: Any, *, arrows: Mapping[Any, Any] | None = None) -> Self:
        """Return the model with a table's claims on its links.

        Parameters
        ----------
        table : data frame, sequence of mappings, or summary of findings
            One row per claim about a link: ``source target outcome window estimate ci_low ci_high
            measure k n unit direction certainty reasons search citation snapshot``; only the first
            two are needed. `unit` is what `n` counts, such as practices. `direction` is
            ``supports``, ``no difference``, ``conflicting``, ``adverse`` or, where the source does
            not say, ``not stated``; `certainty` ``high``, ``moderate``, ``low`` or ``very low``;
            `search` ``done`` or ``not searched``.
        arrows : mapping, optional
            With a summary of findings: by outcome, the two boxes of the arrow that it is about,
            as ``{"satisfaction": ("care", "satisfied")}``; an outcome that is not named is left
            out.

        Returns
        -------
        LogicModel
            A new model; this one is unchanged. A claim replaces one from the same citation about
            the same outcome, window and measure on the same link, so that a notebook cell can be
            run again; the agreed snapshot is kept, and `check` then reports whether the result
            is still the same.

        Raises
        ------
        EvidenceError
            If a row names a link that the model does not have, contains a value that a claim does
            not allow or numbers that cannot be true together (an estimate outside its limits, a
            ratio that is not positive, fewer people than studies), or repeats another row.
        """
        from logicmodels.questions.evidence import with_evidence

        return with_evidence(self, table, arrows)

    def with_actions(self, table: Any) -> Self:
        """Return the model with coded actions on its boxes, replacing any that were there.

        `check` then asks, for every type in the table, whether actions of that type lead to every
        outcome (T01) and are recorded on every activity (T02). So include only the types that
        should: for patients' outcomes, the patient-oriented ones.

        Parameters
        ----------
        table : data frame or sequence of mappings
            ``node`` and ``type`` of the action; ``count``, a whole number, where a row records
            several (1 if left out). A count of 0 means that such actions were looked for and none
            was found.

        Returns
        -------
        LogicModel
            A new model; this one is unchanged.

        Raises
        ------
        EvidenceError
            If a row names a box that the model does not have, or has no type or no valid count.
        """
        from logicmodels.questions.actions import with_actions

        return with_actions(self, table)

    def applicability(self) -> ApplicabilityTable:
        """Return how far the findings were judged to apply elsewhere.

        Returns
        -------
        ApplicabilityTable
            A table in a notebook, one for each place where the findings are to be used;
            ``to_frame()`` for pandas. There is no score: each judgement has its reason.
        """
        from logicmodels.questions.applicability import applicability

        return applicability(self)

    def applicability_sheet(self, path: str | Path, *, targets: str | Sequence[str]) -> Path:
        """Write an empty table of judgements, which `with_applicability` reads once filled in.

        Parameters
        ----------
        path : path
            Ends in ``.csv`` or ``.xlsx``.
        targets : str or sequence of str
            Where the findings are to be used, such as a kind of practice in a country.

        Returns
        -------
        Path
            The file written: a row for every arrow that has evidence (for every arrow, if none
            has), finding, target and domain, with the question to answer.

        Raises
        ------
        OptionError
            If no target is named, or the file name has another ending.
        FileError
            If the file cannot be written there.
        """
        from logicmodels.questions.applicability_sheet import write_applicability

        return write_applicability(self, path, targets=targets)

    def with_applicability(self, table: Any) -> Self:
        """Return the model with a table's judgements of applicability on boxes and arrows.

        Parameters
        ----------
        table : path, data frame or sequence of mappings
            One row per judgement: ``part`` (the id of a box, or ``id -> id``), ``target``,
            ``domain`` (population, setting, resources or system), ``judgement`` (no important
            difference, important difference or unclear) and ``reason``; optionally ``finding by
            date``. Rows with neither judgement nor reason are ignored.

        Returns
        -------
        LogicModel
            A new model; this one is unchanged. Its `remarks` note anything unusual about the
            file, such as a guessed encoding.

        Raises
        ------
        SpecError
            With every problem in the table: line, column, and how to correct it.
        """
        from logicmodels.questions.applicability_sheet import with_applicability

        return with_applicability(self, table)

    def comment_sheet(self, path: str | Path) -> Path:
        """Write a sheet on which people can comment on every box and arrow, without Python.

        Parameters
        ----------
        path : path
            Ends in ``.csv`` or ``.xlsx``.

        Returns
        -------
        Path
            The file written, one row per box or arrow: its id, what it says, whether the reader
            agrees (yes, partly, no, unsure), comment, suggestion, name, role, date, and the
            version that was shown. Each person enters name, role and date only once.

        Raises
        ------
        OptionError
            If the file name has another ending.
        FileError
            If the file cannot be written there.
        """
        from logicmodels.questions.comment_sheet import write_comments

        return write_comments(self, path)

    def read_comments(self, paths: str | Path | Iterable[str | Path]) -> Returned[Self]:
        """Add the comments on returned sheets to boxes and arrows.

        Parameters
        ----------
        paths : path or iterable of path
            Sheets that `comment_sheet` wrote and people filled in.

        Returns
        -------
        Returned
            ``model`` contains the comments; ``not_taken`` lists every filled cell that did not
            become part of a comment, with file, line and what to do. No cell is ignored silently.

        Raises
        ------
        OptionError
            If no sheet is named.
        """
        from logicmodels.questions.comment_sheet import read_comments

        return read_comments(self, paths)

    def comments(self) -> Comments:
        """Return what people said about boxes and arrows, with differing views side by side.

        Returns
        -------
        Comments
            A table in a notebook; ``to_frame()`` for pandas, ``differing`` for the boxes and
            arrows on which views differ. Comments on what has changed since are marked.
        """
        from logicmodels.questions.comments import comments

        return comments(self)

    def check(
        self,
        rules: RuleSet | str | Path | None = None,
        *,
        waive: Mapping[str, str] | None = None,
    ) -> Report:
        """Check the model against the rules of good logic models.

        Parameters
        ----------
        rules : RuleSet or path, optional
            An organisation's own rule set, or the file that contains it; by default all rules
            with their own severities and limits.
        waive : mapping of str to str, optional
            The reason why a rule does not apply, by rule: ``{"C05": "harms are in the
            protocol"}``; for one box or arrow ``{"C09 a1": "measured elsewhere"}``. The same in a
            file: ``waivers: {C05: harms are in the protocol}``.

        Returns
        -------
        Report
            Findings, each with rule, severity, where, message and the source that motivates it;
            a table in a notebook. It begins with the three rules that matter most, and counts the
            boxes or arrows where one rule finds something in many; ``full()`` and ``to_frame()``
            have a row for each. There is no score: rules find gaps, not truth.

        Raises
        ------
        OptionError
            If a rule or limit is unknown, or a waiver has no reason.
        """
        from logicmodels.rules.check import check

        return check(self, rules, waive)

    def describe(self) -> Description:
        """Return the model in words: outline, link table, if-then narrative, how it was made.

        Returns
        -------
        Description
            Plain text as ``str``; a table in a notebook; ``to_frame()`` for the table of arrows.
        """
        from logicmodels.questions.describe import describe

        return describe(self)

    def gap_map(self) -> GapMap:
        """Return the evidence gap map: causes by effects, and what is known about each arrow.

        Returns
        -------
        GapMap
            A table in a notebook; ``to_frame()`` for pandas, ``bare`` for the arrows that
            have neither a search nor a stated assumption behind them.
        """
        from logicmodels.questions.gap_map import gap_map

        return gap_map(self)

    def loops(self, most: int = 200) -> Loops:
        """Return the feedback loops of the model, found, named and told apart.

        Parameters
        ----------
        most : int
            How many loops are listed at most, the shortest first.

        Returns
        -------
        Loops
            One row per loop: ``R1`` is the first reinforcing loop (an even number of arrows with
            polarity ``-``), ``B1`` the first balancing one, ``U1`` the first of which a polarity
            is unclear or not stated. `complete` tells whether there are no others.

        Raises
        ------
        OptionError
            If `most` is not a whole number from 1 on.

        Examples
        --------
        >>> text = '''
        ... spec_version: 1
        ... profile: system-map
        ... title: A queue (made up)
        ... nodes:
        ...   - {id: w, label: Waiting time}
        ...   - {id: r, label: Referrals}
        ... links:
        ...   - {from: r, to: w, polarity: positive, delay: true}
        ...   - {from: w, to: r, polarity: negative}
        ... '''
        >>> print(LogicModel.from_text(text).loops())
        1 loop (1 balancing)
        B1 (balancing): Waiting time →(-) Referrals →(+) Waiting time
        """
        from logicmodels.questions.loops import loops

        return loops(self, most)

    def diff(self, older: LogicModel) -> Diff[LogicModel]:
        """Return what changed since an older version.

        Parameters
        ----------
        older : LogicModel
            The earlier version; boxes are matched by id.

        Returns
        -------
        Diff
            Changes in words; ``draw()`` shows both versions with +, − and ~ marks.

        Raises
        ------
        OptionError
            If `older` is no logic model, such as the path of one.
        """
        from logicmodels.questions.diff import diff

        return diff(self, older)

    @overload
    def draw(
        self,
        *,
        view: str | Overlay = ...,
        theme: str | None = ...,
        title: bool = ...,
        order: str = ...,
        direction: str | None = ...,
        page: None = ...,
    ) -> Figure: ...

    @overload
    def draw(
        self,
        *,
        view: str | Overlay = ...,
        theme: str | None = ...,
        title: bool = ...,
        order: str = ...,
        direction: str | None = ...,
        page: str,
    ) -> Figure | Pages: ...

    def draw(
        self,
        *,
        view: str | Overlay = "overview",
        theme: str | None = None,
        title: bool = True,
        order: str = "author",
        direction: str | None = None,
        page: str | None = None,
    ) -> Figure | Pages:
        """Draw the model.

        Parameters
        ----------
        view : {"overview", "evidence", "applicability", "implementation", "public"} or Overlay
            ``"overview"``: boxes and arrows alone. ``"evidence"``: what the evidence says, shown
            by the line, head and width of each arrow, a badge with symbol and certainty, and a
            note. ``"applicability"``: how far the findings apply elsewhere.
            ``"implementation"``: people, dates and indicators in every box, what has to be
            delivered, and the assumptions. ``"public"``: short labels, plain words and larger
            text. Or the id of one of the model's own `views`, or an `Overlay` of your own.
        theme : {"screen", "print", "contrast"}, optional
            Colours for screens (the default unless the view names a theme), greys for print, or
            black lines on white.
        title : bool
            Whether the title is shown above the columns.
        order : {"author", "auto"}
            Whether boxes keep the author's order within their column, or take the order with the
            fewest crossings of arrows; arrows that run back may then run between the boxes.
        direction : {"right", "down", "up", "left"}, optional
            Where the arrows point; by default to the right, in a driver diagram to the left. With
            ``"down"`` and ``"up"``, columns run across the page.
        page : {"a4", "a3", "letter", "slide"}, optional
            The sheet that the figure is fitted to. No text is printed smaller than 7 points: a
            figure that does not fit is wrapped or turned, or else split over pages by its groups
            or where that cuts fewest arrows, after an overview; arrows to other pages are named
            in the boxes. Models that boxes open into follow on pages of their own.

        Returns
        -------
        Figure or Pages
            Displayed in a notebook; ``.svg .png .pdf .dot`` and ``.save(path)``, which also
            writes PowerPoint, Word, draw.io, Mermaid and GraphML. `Pages` if there are several,
            saved as PDF, PowerPoint, Word or draw.io; ``figure[0]`` is the first page, a `Figure`.

        Raises
        ------
        OptionError
            If there is no such view, theme, order, direction or page.
        """
        from logicmodels.figures.drawing import draw

        return draw(
            self,
            view=view,
            theme=theme,
            title=title,
            order=order,
            direction=direction,
            page=page,
        )

    def to_pptx(
        self, *, view: str | Overlay = "overview", theme: str | None = None, title: bool = True
    ) -> bytes:
        """Return the figure as a PowerPoint slide whose boxes and arrows can be edited.

        Parameters
        ----------
        view, theme
            As for `draw`.
        title : bool
            Whether the title is visible; a screen reader finds it in any case.

        Returns
        -------
        bytes
            A file with one 16:9 slide: boxes with real text, arrows attached to them, each with
            its sentence as alternative text, and the model in words as the slide's notes.

        Raises
        ------
        MissingPackageError
            If the package of the extra `office` is not installed.
        """
        return self.draw(view=view, theme=theme, title=title).pptx

    def to_drawio(
        self, *, view: str | Overlay = "overview", theme: str | None = None, title: bool = True
    ) -> str:
        """Return the figure as a draw.io diagram, everything in its place.

        Parameters
        ----------
        view, theme, title
            As for `draw`.

        Returns
        -------
        str
            XML, uncompressed: arrows attached to their boxes, sentences shown on hovering.
        """
        return self.draw(view=view, theme=theme, title=title).drawio

    def to_graphml(self, *, view: str | Overlay = "overview", theme: str | None = None) -> str:
        """Return the model as GraphML, for programs that draw and measure networks.

        Parameters
        ----------
        view, theme
            As for `draw`; they determine how the figure looks in yEd. A view that shows only part
            of the model gives that part.

        Returns
        -------
        str
            XML with typed data on every box (label, column, place, sentence, and what else is
            known) and arrow (sentence, reason, state and certainty of the evidence, claims).
        """
        from logicmodels.export.graphml import to_graphml

        return to_graphml(self, view=view, theme=theme)

    def to_json(self) -> str:
        """Return the model as JSON, with the keys and in the order of a specification.

        Returns
        -------
        str
            `read` and `from_text` read it; `json_schema` describes it.
        """
        from logicmodels.export.json_text import to_json

        return to_json(self)

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Return the JSON Schema of a specification, with which editors complete and check files.

        Returns
        -------
        dict
            Draft 2020-12; ``logicmodels/logic_model.schema.json`` has the same content.
        """
        from logicmodels.export.json_text import json_schema

        return json_schema()

    def to_mermaid(self, *, view: str | Overlay = "overview", theme: str | None = None) -> str:
        """Return the model as a Mermaid flowchart, for pages that draw it themselves.

        Mermaid places the boxes as it likes; the order within a column may differ. Reasons of
        arrows are comments, which it does not draw.

        Parameters
        ----------
        view, theme
            As for `draw`; the theme colours arrows that carry a mark.

        Returns
        -------
        str
            Text in which Mermaid reads every label as plain text.
        """
        from logicmodels.export.mermaid import to_mermaid

        return to_mermaid(self, view=view, theme=theme)
