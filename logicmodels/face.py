"""The public face of a logic model: each method is its documentation and one call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from arrowroot.data_folder import data_path
from arrowroot.files import as_path
from logicmodels.model import Model
from logicmodels.records import Link

if TYPE_CHECKING:
    from logicmodels.figures.figure import Figure
    from logicmodels.figures.overlays import Overlay
    from logicmodels.questions.applicability import ApplicabilityTable
    from logicmodels.questions.comments import Comments
    from logicmodels.questions.comments_returned import Returned
    from logicmodels.questions.describe import Description
    from logicmodels.questions.diff import Diff
    from logicmodels.questions.gap_map import GapMap
    from logicmodels.rules.report import Report
    from logicmodels.rules.ruleset import RuleSet
    from logicmodels.source.to_tables import Tables


@dataclass(frozen=True, eq=False, repr=False)
class LogicModel(Model):  # noqa: D101 (its words are those of the data)
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
            With every problem found: file, line, column, rule, and what would be right.
        """
        from logicmodels.source.spec import read

        return read(as_path(path), cls)

    @classmethod
    def example(cls, name: str) -> Self:
        """Read one of the logic models that come with Arrowroot.

        Parameters
        ----------
        name : str
            Such as ``"sixcs"``, ``"case_management"``, ``"salford"`` or ``"wisconsin"``.

        Raises
        ------
        OptionError
            If there is no such example; the message lists those there are.

        Examples
        --------
        >>> LogicModel.example("sixcs").title
        "The 6Cs' Theory of Change"
        """
        return cls.read(data_path(name, "logic_model.yaml"))

    @classmethod
    def from_text(cls, text: str, *, name: str = "specification") -> Self:
        """Read a logic model from YAML text; `name` stands for the file in messages."""
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
            ``a1 -> o1`` or ``a1 -> o1: reason`` is an arrow. Empty lines are passed over.
        profile, title : str
            What a file says under these keys.
        name : str
            Stands for the file in messages.
        who : mapping of str to str, optional
            Whom boxes concern, by their ids.
        **keys
            More of what a file says, such as ``description``, ``version``, ``date``, ``source`` or
            ``approach``; a sketch that says what the file says then differs from it in nothing.

        Returns
        -------
        LogicModel

        Raises
        ------
        SpecError
            With every problem found, such as an arrow to a box that was not written.

        Examples
        --------
        >>> sketch = "[activities]\nv: Home visits\n[outcomes]\nr: Symptoms told early\nv -> r"
        >>> print(LogicModel.from_lines(sketch, profile="theory-of-change", title="Visits"))
        Visits: 2 boxes, 1 arrow
        """
        from logicmodels.source.quick import parse_lines

        return parse_lines(text, cls, profile=profile, title=title, name=name, who=who, **keys)

    @classmethod
    def from_tables(cls, nodes: Any, links: Any, *, profile: str, title: str, **keys: Any) -> Self:
        """Read a logic model from a table of boxes and a table of arrows.

        Parameters
        ----------
        nodes, links : path, data frame or sequence of mappings
            Files as `arrowroot.tables` reads them, of a workbook the sheet named ``nodes`` or
            ``links``, or else the first that is not hidden. Columns are keys that a specification
            uses under ``nodes`` and ``links``: at least ``id column label`` and ``from to``.
            Entries of ``items``, ``indicators`` and ``assumptions`` are divided by ``;``;
            ``harm``, ``feedback`` and ``mutual`` hold yes or no; an empty cell says nothing.
        profile, title : str
            What a file says under these keys.
        **keys
            More of them, such as ``description``, ``version``, ``date`` or ``source``.

        Returns
        -------
        LogicModel
            Its `remarks` say what should be known about the files, such as a guessed encoding.

        Raises
        ------
        SpecError
            With every problem of the tables: table, line and column (counted from 1), and rule.

        Examples
        --------
        >>> boxes = [
        ...     {"id": "v", "column": "activities", "label": "Home visits"},
        ...     {"id": "r", "column": "outcomes", "label": "Symptoms told early"},
        ... ]
        >>> arrows = [{"from": "v", "to": "r"}]
        >>> keys = {"profile": "theory-of-change", "title": "Visits"}
        >>> print(LogicModel.from_tables(boxes, arrows, **keys))
        Visits: 2 boxes, 1 arrow
        """
        from logicmodels.source.from_tables import from_tables

        return from_tables(nodes, links, cls, profile=profile, title=title, **keys)

    def to_yaml(self) -> str:
        """Return the model as YAML text, which reads back as the same model.

        Returns
        -------
        str
            For a model that was read from YAML, the text it was read from, with its comments,
            the order of its keys and its quotes, changed only where the model changed (a comment
            that stands above a removed entry may go with it or stay). For any other model, a
            text of its own in the order of the specification.

        Raises
        ------
        SpecError
            If the model, made in Python, holds what a specification cannot, such as an id with a
            space; with every problem found.
        """
        from logicmodels.source.writing import to_yaml

        return to_yaml(self)

    def write(self, path: str | Path) -> Path:
        """Write the model to a YAML file, as `to_yaml` returns it.

        Parameters
        ----------
        path : path
            Where; its folder must exist. An interrupted write leaves an old file as it was.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        SpecError
            If the model holds what a specification cannot.
        FileError
            If the file cannot be written there.
        """
        from logicmodels.source.writing import write

        return write(self, path)

    def to_tables(self) -> Tables:
        """Return the model as two tables, boxes and arrows, which `from_tables` takes back.

        Returns
        -------
        Tables
            ``nodes`` and ``links`` as rows, ``keys`` with what the model says of itself, and
            ``left_out`` with what tables do not hold; ``save(path)`` writes CSV or XLSX.

        Raises
        ------
        SpecError
            If a text would not come back as it is, such as an item with a semicolon.
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
            A profile, such as ``"wisconsin"``.
        columns : mapping of str to str, optional
            Where the boxes of a column belong, where the table of counterparts
            (`logicmodels.profiles.vocabulary`) does not say it or not as meant.
        boxes : mapping of str to str, optional
            The same for single boxes, by their ids.

        Returns
        -------
        LogicModel
            Another one, with the headings of the new profile; this one stays as it is.

        Raises
        ------
        OptionError
            If boxes have no counterpart: the message lists them. Nothing is dropped, and nothing
            is put where its column does not belong.
        """
        from logicmodels.questions.translation import as_profile

        return as_profile(self, name, columns=columns, boxes=boxes)

    def with_evidence(self, table: Any) -> Self:
        """Return the model with a table's claims on its links.

        Parameters
        ----------
        table : data frame or sequence of mappings
            One row per claim about a link: ``source target outcome window estimate ci_low ci_high
            measure k n direction certainty reasons search citation snapshot``; only the first two
            are needed. `direction` is ``supports``, ``no difference``, ``conflicting``,
            ``adverse`` or, where the source does not say, ``not stated``; `certainty` ``high``,
            ``moderate``, ``low`` or ``very low``; `search` ``done`` or ``not searched``.

        Returns
        -------
        LogicModel
            Another one; this one stays as it is. A claim takes the place of one from the same
            citation about the same outcome, window and measure on the same link, so that a cell
            can be run again; the snapshot that was agreed on stays, and `check` then says
            whether the result is still the same.

        Raises
        ------
        EvidenceError
            If a row names a link that the model does not have, holds what a claim cannot, or says
            what another row says.
        """
        from logicmodels.questions.evidence import with_evidence

        return with_evidence(self, table)

    def with_actions(self, table: Any) -> Self:
        """Return the model with coded actions on its boxes, in place of those it had there.

        `check` then asks, for every type in the table, whether actions of that type lead to every
        outcome (T01) and stand on every activity (T02). So name the types that should: where
        patients' outcomes are the question, the patient-oriented ones.

        Parameters
        ----------
        table : data frame or sequence of mappings
            ``node`` and ``type`` of the action; ``count``, a whole number, where a row stands for
            several (1 if left out). A count of 0 says that such actions were looked for.

        Returns
        -------
        LogicModel
            Another one; this one stays as it is.

        Raises
        ------
        EvidenceError
            If a row names a box that the model does not have, no type, or no count.
        """
        from logicmodels.questions.actions import with_actions

        return with_actions(self, table)

    def applicability(self) -> ApplicabilityTable:
        """Return how far the findings were judged to hold elsewhere.

        Returns
        -------
        ApplicabilityTable
            A table in a notebook, one for each place where the findings are to be used;
            ``to_frame()`` for pandas. There is no score: each judgement has its reason.
        """
        from logicmodels.questions.applicability import applicability

        return applicability(self)

    def applicability_sheet(self, path: str | Path, *, targets: str | Sequence[str]) -> Path:
        """Write an empty table of judgements, for `with_applicability` to read when it is filled.

        Parameters
        ----------
        path : path
            Ends in ``.csv`` or ``.xlsx``.
        targets : str or sequence of str
            Where the findings are to be used, such as a kind of practice in a country.

        Returns
        -------
        Path
            The file written: a row for every arrow that has evidence (every arrow, where none
            has), finding, target and respect, with the question to ask.

        Raises
        ------
        OptionError
            If no target is named, or the name of the file ends in anything else.
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
            difference, important difference or unclear) and ``reason``; ``finding by date`` if
            wanted. Rows with neither judgement nor reason are passed over.

        Returns
        -------
        LogicModel
            Another one; this one stays as it is. Its `remarks` say what should be known about the
            file, such as a guessed encoding.

        Raises
        ------
        SpecError
            With every problem of the table: line, column, and what would be right.
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
            The file written, one row per box or arrow: its id, what it says, whether one agrees
            (yes, partly, no, unsure), comment, suggestion, name, role, date, and the version
            that was shown. One person gives name, role and date only once.

        Raises
        ------
        OptionError
            If the name of the file ends in anything else.
        FileError
            If the file cannot be written there.
        """
        from logicmodels.questions.comment_sheet import write_comments

        return write_comments(self, path)

    def read_comments(self, paths: str | Path | Iterable[str | Path]) -> Returned[Self]:
        """Bring comment sheets back onto boxes and arrows.

        Parameters
        ----------
        paths : path or iterable of path
            Sheets that `comment_sheet` wrote and people filled in.

        Returns
        -------
        Returned
            ``model`` holds the comments; ``not_taken`` lists every filled cell that is in none,
            with file, line and what to do. Nothing is passed over in silence.

        Raises
        ------
        OptionError
            If no sheet is named.
        """
        from logicmodels.questions.comment_sheet import read_comments

        return read_comments(self, paths)

    def comments(self) -> Comments:
        """Return what people said of boxes and arrows, differing views side by side.

        Returns
        -------
        Comments
            A table in a notebook; ``to_frame()`` for pandas, ``differing`` for the boxes and
            arrows on which views differ. Comments on what has changed since are marked.
        """
        from logicmodels.questions.comments import comments

        return comments(self)

    def check(self, rules: RuleSet | str | Path | None = None) -> Report:
        """Check the model against the rules of good logic models.

        Parameters
        ----------
        rules : RuleSet or path, optional
            An organisation's own rule set, or the file that holds it; by default all rules as
            they are.

        Returns
        -------
        Report
            Findings, each with rule, severity, where, message and the source that motivates it;
            a table in a notebook. There is no score: rules find gaps, not truth.
        """
        from logicmodels.rules.check import check

        return check(self, rules)

    def describe(self) -> Description:
        """Return the model in words: outline, link table and if-then narrative.

        Returns
        -------
        Description
            Plain text as ``str``; a table in a notebook; ``to_frame()`` for the table of arrows.
        """
        from logicmodels.questions.describe import describe

        return describe(self)

    def gap_map(self) -> GapMap:
        """Return the evidence gap map: causes by effects, and what is known of each arrow.

        Returns
        -------
        GapMap
            A table in a notebook; ``to_frame()`` for pandas, ``bare`` for the arrows that
            rest neither on a search nor on a stated assumption.
        """
        from logicmodels.questions.gap_map import gap_map

        return gap_map(self)

    def diff(self, older: LogicModel) -> Diff[LogicModel]:
        """Return what changed since an older version.

        Parameters
        ----------
        older : LogicModel
            The version before; boxes are the same where their ids are.

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

    def draw(
        self, *, view: str | Overlay = "overview", theme: str | None = None, title: bool = True
    ) -> Figure:
        """Draw the model.

        Parameters
        ----------
        view : str or Overlay
            ``"overview"``: boxes and arrows alone. ``"evidence"``: what evidence says, by line,
            head and breadth of the arrow, a badge with sign and certainty, and a note for each.
            ``"applicability"``: how far the findings hold elsewhere. ``"implementation"``: who,
            by when and how one would know in every box, what has to be delivered, and what has
            to hold. ``"public"``: short labels, plain words and larger text. Or the id of one of
            the model's own `views`, or marks of one's own.
        theme : {"screen", "print", "contrast"}, optional
            Colours for screens (the default where the view has none), greys for print, or black
            lines on white.
        title : bool
            Whether the title stands above the columns.

        Returns
        -------
        Figure
            Shows itself in a notebook; ``.svg .png .pdf .dot`` and ``.save(path)``, which also
            writes PowerPoint, draw.io, Mermaid and GraphML.

        Raises
        ------
        OptionError
            If there is no such view or theme.
        """
        from logicmodels.figures.drawing import draw

        return draw(self, view=view, theme=theme, title=title)

    def to_pptx(
        self, *, view: str | Overlay = "overview", theme: str | None = None, title: bool = True
    ) -> bytes:
        """Return the figure as a PowerPoint slide whose boxes and arrows can be edited.

        Parameters
        ----------
        view, theme
            As for `draw`.
        title : bool
            Whether the title is seen; a screen reader finds it in any case.

        Returns
        -------
        bytes
            A file of one slide, 16 to 9: boxes with real text, arrows glued to them, each with
            its sentence as alternative text, and the model in words as the slide's notes.

        Raises
        ------
        MissingPackageError
            If the package of the extra `office` is not installed.
        """
        from logicmodels.export.pptx import to_pptx

        return to_pptx(self, view=view, theme=theme, title=title)

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
            XML, uncompressed: arrows joined to their boxes, sentences shown on hovering.
        """
        from logicmodels.export.drawio import to_drawio

        return to_drawio(self, view=view, theme=theme, title=title)

    def to_graphml(self, *, view: str | Overlay = "overview", theme: str | None = None) -> str:
        """Return the model as GraphML, for programs that draw and measure networks.

        Parameters
        ----------
        view, theme
            As for `draw`; they tell yEd how the figure looks. A view of one's own that shows a
            part of the model gives that part.

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
            `read` and `from_text` take it back; `json_schema` describes it.
        """
        from logicmodels.export.json_text import to_json

        return to_json(self)

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Return the JSON Schema of a specification, by which editors complete and check a file.

        Returns
        -------
        dict
            Draft 2020-12; ``logicmodels/logic_model.schema.json`` holds the same.
        """
        from logicmodels.export.json_text import json_schema

        return json_schema()

    def to_mermaid(self, *, view: str | Overlay = "overview", theme: str | None = None) -> str:
        """Return the model as a Mermaid flowchart, for pages that draw it themselves.

        Mermaid places the boxes as it likes; the order within a column may differ.

        Parameters
        ----------
        view, theme
            As for `draw`; the theme colours arrows that carry a mark.

        Returns
        -------
        str
            Text, no label of which Mermaid reads as anything but a label.
        """
        from logicmodels.export.mermaid import to_mermaid

        return to_mermaid(self, view=view, theme=theme)
