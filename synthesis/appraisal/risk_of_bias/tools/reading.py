"""Tools for risk of bias read from their YAML files: those that are here, and a review's own."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arrowroot.errors import DataError, OptionError
from arrowroot.files import as_path
from arrowroot.options import one_of
from arrowroot.text import label
from synthesis.appraisal.risk_of_bias.entries import has_meaning
from synthesis.appraisal.risk_of_bias.tools.tool import (
    CONDITIONS,
    OVERALL,
    Domain,
    Question,
    Tool,
)
from synthesis.appraisal.risk_of_bias.words import WORDS, judgement_named

if TYPE_CHECKING:
    from synthesis.appraisal.risk_of_bias.tools.form import DomainForm, QuestionForm, ToolForm

EFFECTS = ("assignment", "adhering")
DESIGNS = ("parallel", "cluster")
NAMES = (*("rob2", "rob2_cluster", "robins_i", "robins_i_v2", "robins_e", "quadas2", "quips"),)
"""The tools whose files are here."""

_NOT_HERE = {
    "crossover": (
        "the published text of RoB 2 for crossover trials (its domain on period and carryover "
        "effects) was not at hand, so its rules are not here. Judge such trials with a file of "
        "your own: tool='my_tool.yaml'"
    ),
    "stepped-wedge": (
        "RoB 2 for cluster-randomised trials does not cover stepped-wedge designs. Judge such "
        "trials with a file of your own: tool='my_tool.yaml'"
    ),
}


def tool_named(
    tool: str | os.PathLike[str] | Tool, *, effect: str = "assignment", design: str = "parallel"
) -> Tool:
    """Return a tool by its name, or read one from a review's own file.

    Parameters
    ----------
    tool : str, path or Tool
        A name of `NAMES`, or a YAML file.
    effect : {"assignment", "adhering"}
        For RoB 2: the effect of interest.
    design : {"parallel", "cluster"}
        For RoB 2: how people were randomised; ``"rob2_cluster"`` is RoB 2 with ``"cluster"``.

    Raises
    ------
    OptionError
        For an unknown tool, effect or design, or one whose published rules were not at hand.
    DataError, FileError
        If the file cannot be read; with every problem and its line.
    """
    if isinstance(tool, Tool):
        return tool
    one_of("effect", effect, EFFECTS)
    wanted = label(design).lower().replace("_", "-").replace(" ", "-")
    reason = _NOT_HERE.get("crossover" if wanted == "cross-over" else wanted)
    if reason:
        raise OptionError(f"design={design!r}: {reason}.")
    one_of("design", design, DESIGNS)
    if isinstance(tool, os.PathLike) or str(tool).lower().endswith((".yaml", ".yml")):
        return read_tool(tool)
    name = str(tool).strip().lower().replace(" ", "_").replace("-", "_").replace("rob_2", "rob2")
    if name not in NAMES:
        one_of("tool", tool, [*NAMES, "a YAML file of your own"])
    if name == "rob2" and design == "cluster":
        name = "rob2_cluster"
    if name == "rob2_cluster" and effect == "adhering":
        raise OptionError(
            "effect='adhering': the published rule for cluster-randomised trials was not at hand; "
            "RoB 2 for them is here for the effect of assignment only."
        )
    return _shipped(name, effect if name.startswith("rob2") else "")


def read_tool(path: str | os.PathLike[str]) -> Tool:
    """Read a tool from a YAML file: domains and judgements, and questions if it has any.

    Examples of such files are those of this package.
    """
    from arrowroot.specs.form import read_form
    from synthesis.appraisal.risk_of_bias.tools.form import ToolForm

    source = as_path(path)
    form = read_form(source, ToolForm, "a tool for risk of bias")
    if form.like:
        raise DataError(f"{source.name}: like is for the files of this package alone.")
    return _built(form, source.stem, source.name)


@cache
def _shipped(name: str, effect: str) -> Tool:
    from arrowroot.specs.form import read_form
    from synthesis.appraisal.risk_of_bias.tools.form import ToolForm

    path = Path(__file__).parent / f"{name}.yaml"
    form = read_form(path, ToolForm, "a tool for risk of bias")
    built = _built(form, name, path.name, effect=effect)
    design = {"rob2": "parallel", "rob2_cluster": "cluster"}.get(name, "")
    return replace(built, effect=effect, design=design)


def _built(form: ToolForm, name: str, file: str, *, effect: str = "") -> Tool:
    known = _read_judgements(form.judgements, file)
    base = _shipped(form.like, "assignment") if form.like else None
    chosen = [one for one in form.domains if not one.effect or not effect or one.effect == effect]
    domains = tuple(_domain(one, known, base, file) for one in chosen)
    codes = [one.code.casefold() for one in domains]
    if len(set(codes)) < len(codes) or OVERALL in codes:
        raise DataError(f"{file}: each domain needs a code of its own, other than 'overall'.")
    numbers = [one.id for domain in domains for one in domain.questions]
    if len({one.casefold() for one in numbers}) < len(numbers):
        raise DataError(f"{file}: each question needs a number of its own.")
    for one in (*(domain.code for domain in domains), *numbers):
        if has_meaning(one) or (one in numbers and one.casefold() in codes):
            raise DataError(
                f"{file}: {one!r} cannot be a domain's code or a question's number, since a sheet "
                "has another column of this name. Choose another, such as 'S1' for a domain and "
                "'1.1' for a question."
            )
    overall = _read_judgements(form.overall, file) or known
    return Tool(
        id=name,
        name=form.name,
        source=form.source,
        domains=domains,
        overall=overall if form.has_overall else (),
        also_drawn=_read_judgements(form.also_drawn, file),
        lead=form.lead,
    )


def _domain(form: DomainForm, known: tuple[str, ...], base: Tool | None, file: str) -> Domain:
    questions: list[Question] = []
    for one in form.questions:
        questions.append(_question(one, base, [each.id for each in questions], file))
    return Domain(
        code=form.code,
        about=form.about,
        judgements=_read_judgements(form.judgements, file) or known,
        questions=tuple(questions),
        kind=form.kind,
        also=form.also,
    )


def _question(form: QuestionForm, base: Tool | None, before: list[str], file: str) -> Question:
    found = base.question(form.like or form.id) if base and not form.text else None
    if found is None and not form.text:
        raise DataError(f"{file}: question {form.id} needs a text.")
    cases = []
    for case in form.asked_if:
        if strangers := [name for name in case if name not in before]:
            raise DataError(
                f"{file}: question {form.id} depends on {strangers[0]!r}, which is not an earlier "
                "question of its domain."
            )
        kinds: dict[str, Any] = {}
        for name, words in case.items():
            kinds[name] = CONDITIONS[one_of(f"{file}: asked_if", words, list(CONDITIONS))]
        cases.append(kinds)
    if found is not None:
        like = found[1]
        return replace(like, id=form.id, asked_if=tuple(cases) or like.asked_if)
    return Question(
        form.id,
        form.text,
        form.guidance,
        tuple(cases),
        no_information=form.no_information,
        not_applicable=form.not_applicable,
        free=form.free,
    )


def _read_judgements(given: list[str], file: str) -> tuple[str, ...]:
    found = []
    for one in given:
        name = judgement_named(one)
        if name is None:
            listed = ", ".join(map(repr, WORDS))
            raise DataError(f"{file}: judgements must be among {listed}; got {one!r}.")
        found.append(name)
    return tuple(found)
