"""The command ``arrowroot``.

A verb is one function and the arguments it takes. It imports what it needs when it runs, so that
``arrowroot --version`` answers at once, and returns the exit code.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arrowroot import __version__
from arrowroot.errors import ArrowrootError, OptionError, SpecError

if TYPE_CHECKING:
    from synthesis.review.review import Review

DONE, FOUND, FAILED = 0, 1, 2
_EXIT_CODES = """exit codes:
  0  done, and nothing is wrong
  1  errors in the model or the review, or printed numbers that differ
  2  it could not be done: a file cannot be read or written, or the command is wrong"""

Run = Callable[[argparse.Namespace], int]
Argument = tuple[tuple[str, ...], dict[str, Any]]


@dataclass(frozen=True)
class Verb:
    """What a word after ``arrowroot`` does; its docstring is the help."""

    run: Run
    arguments: tuple[Argument, ...]


VERBS: dict[str, Verb] = {}


def argument(*names: str, **settings: Any) -> Argument:
    """Return an argument of a verb, as `argparse.ArgumentParser.add_argument` takes it."""
    return names, settings


def verb(*arguments: Argument) -> Callable[[Run], Run]:
    """Make a function a verb of the command, under its own name."""

    def added(run: Run) -> Run:
        VERBS[run.__name__] = Verb(run, arguments)
        return run

    return added


_MODELS = (".yaml", ".yml", ".xlsx")
"""What a logic model ends in, as text or as a workbook; a name without an ending is a folder's."""


def _is_folder(path: str | Path) -> bool:
    """Return whether a path names the folder of a review rather than a logic model."""
    try:
        return Path(path).is_dir() or not Path(path).suffix
    except OSError:  # a name that is too long
        return False


@verb(
    argument(
        "path",
        type=Path,
        metavar="PATH",
        help="what to make: my-review, the folder of a review; model.yaml, a logic model as a "
        "text file; or model.xlsx, as a workbook",
    ),
    argument(
        "--from",
        dest="example",
        default="",
        metavar="EXAMPLE",
        help="a filled review to begin with: example",
    ),
    argument(
        "--profile",
        default="theory-of-change",
        help="the kind of logic model, which decides its columns (%(default)s)",
    ),
)
def new(options: argparse.Namespace) -> int:
    """Make a review or a small logic model to begin with; what exists is left as it is."""
    if _is_folder(options.path):
        from synthesis.review.template import new_review

        made = new_review(options.path, example=options.example)
        print(*(map(str, made) if made else [f"{options.path}: nothing is missing."]), sep="\n")
        print(f"Next:  arrowroot status {options.path}")
        return DONE
    if options.example:
        raise OptionError("new: --from is for a review; name a folder, as in  new demo.")
    if options.path.suffix.lower() not in _MODELS:
        raise OptionError(
            "new: name a folder for a review, without an ending, or a file for a logic model that "
            f"ends in .yaml or .xlsx; got {str(options.path)!r}."
        )
    from logicmodels import LogicModel

    print(LogicModel.template(options.path, profile=options.profile))
    return DONE


_REVIEW = argument(
    "review",
    nargs="?",
    default=".",
    metavar="REVIEW",
    help="the folder of the review (this folder if left out)",
)


def _only_a_review(path: str, verb: str, instead: str) -> None:
    """Raise an error if a logic model is named where a review is needed."""
    if Path(path).suffix.lower() in _MODELS and Path(path).name != "review.yaml":
        beside = Path(path).parent
        if (beside / "review.yaml").is_file() and Path(path).name != "logic_model.yaml":
            instead = f"name the review by its folder:  arrowroot {verb} {beside}"
            raise OptionError(f"{verb}: {path} is a file of a review; {instead}")
        raise OptionError(f"{verb}: {path} is a logic model; {instead}")


def _review(path: str) -> Review:
    """Return the review of a folder."""
    import numpy as np

    from arrowroot.running.process import put_off

    # SciPy takes over every name of NumPy, and with them a compiler of Fortran and what tests need.
    put_off(np, "f2py", "testing")
    from synthesis.review.review import Review

    return Review(path)


@verb(_REVIEW)
def status(options: argparse.Namespace) -> int:
    """Say how far a review is, and the next three things to do."""
    _only_a_review(options.review, "status", f"write  arrowroot check {options.review}")
    print(_review(options.review).status())
    return DONE


@verb(
    _REVIEW,
    argument("--fresh", action="store_true", help="make everything anew"),
)
def build(options: argparse.Namespace) -> int:
    """Make the pages, figures and tables of a review: what has changed, and nothing else."""
    _only_a_review(options.review, "build", f"write  arrowroot draw {options.review}")
    review = _review(options.review)
    made = review.build(
        fresh=options.fresh, progress=lambda name: print(f"  {name}", file=sys.stderr)
    )
    print(made.sentence())
    for finding in made.findings.errors():
        print(f"  {finding}")
    if not made.findings.ok:
        print(f"{made.findings.sentence()} All of them:  arrowroot check {options.review}")
    return made.findings.exit_code


_MODEL = argument(
    "model",
    metavar="MODEL.yaml",
    help="the logic model; of a review, by its folder, the logic model in it",
)


def _model_in(path: str) -> str:
    """Return the logic model that a path names: the file, or the one in the folder of a review."""
    if _is_folder(path) and (Path(path) / "logic_model.yaml").is_file():
        return str(Path(path) / "logic_model.yaml")
    if (Path(path) / "review.yaml").is_file():
        raise OptionError(f"draw: {path} is a review without a logic model (logic_model.yaml).")
    return path


@verb(
    _MODEL,
    argument(
        "-o",
        "--out",
        type=Path,
        metavar="FILE",
        help="the figure; its ending, .svg .png .pdf .dot .pptx .docx .drawio .mmd or "
        ".graphml, says what kind (MODEL.svg in this folder if left out, MODEL.pdf with --page)",
    ),
    argument(
        "--view",
        default="overview",
        help="overview, evidence, applicability, implementation, public, or the id of one of the "
        "model's own views (%(default)s)",
    ),
    argument("--theme", help="screen, print or contrast"),
    argument(
        "--page",
        help="a4, a3, letter or slide: the sheet that the figure is fitted to, split over several "
        "if it has to be (FILE then ends in .pdf, .pptx, .docx or .drawio)",
    ),
    argument("--direction", help="right, down, up or left: where the arrows point"),
)
def draw(options: argparse.Namespace) -> int:
    """Draw a logic model."""
    from logicmodels import LogicModel

    ending = "pdf" if options.page else "svg"
    out = options.out or Path(f"{Path(options.model).stem}.{ending}")
    model = LogicModel.read(_model_in(options.model))
    figure = model.draw(
        view=options.view, theme=options.theme, page=options.page, direction=options.direction
    )
    print(figure.save(out))
    for remark in getattr(figure, "remarks", ()):
        print(remark, file=sys.stderr)
    return DONE


@verb(
    argument(
        "path",
        nargs="?",
        default=".",
        metavar="PATH",
        help="the folder of a review (this folder if left out), or MODEL.yaml, a logic model",
    ),
    argument("--rules", metavar="RULES.yaml", help="for a model: an organisation's own rule set"),
    argument(
        "--waive",
        action="append",
        metavar="RULE=REASON",
        help="for a model: a rule that does not apply, and why (may be repeated)",
    ),
    argument("--all", action="store_true", help="every finding on its own line"),
    argument(
        "--json",
        dest="form",
        action="store_const",
        const="json",
        help="print the findings as JSON",
    ),
    argument(
        "--sarif",
        dest="form",
        action="store_const",
        const="sarif",
        help="print the findings as SARIF, which code hosts show beside the file",
    ),
)
def check(options: argparse.Namespace) -> int:
    """Check a review or a logic model: what a critical friend would ask."""
    if Path(options.path).name == "review.yaml":
        raise OptionError(
            f"check: {options.path} belongs to a review, which is named by its folder: "
            f"arrowroot check {Path(options.path).parent}"
        )
    if _is_folder(options.path):
        if options.rules or options.waive:
            raise OptionError(
                "check: --rules and --waive are for a logic model; findings on the sheet of a "
                "review are waived in its column 'waived'."
            )
        return _check_review(options)
    from logicmodels import LogicModel

    waive = dict(one.partition("=")[::2] for one in options.waive or ())
    report = LogicModel.read(options.path).check(options.rules, waive=waive)
    forms = {
        "json": report.to_json,
        "sarif": lambda: report.to_sarif(Path(options.path).as_posix()),
    }
    print(forms.get(options.form, report.full if options.all else report.__str__)())
    return report.exit_code


def _check_review(options: argparse.Namespace) -> int:
    code = None
    try:
        found = _review(options.path).check()
    except SpecError as error:
        if options.form is None:
            raise
        from synthesis.review.findings import of_declaration

        # A program that reads findings reads these too.
        found, code = of_declaration(error), _exit_code(error)
    print({"json": found.to_json, "sarif": found.to_sarif}.get(options.form, found.__str__)())
    return found.exit_code if code is None else code


@verb(argument("names", nargs="*", metavar="DATASET", help="data sets (all if left out)"))
def ledger(options: argparse.Namespace) -> int:
    """Recompute every number that the sources of the data sets print."""
    from synthesis.reproduce.ledger import REPRODUCED
    from synthesis.reproduce.ledger import ledger as recomputed

    found = recomputed(*options.names)
    entries = found.to_frame()
    for (dataset, analysis), rows in entries.groupby(["dataset", "analysis"], sort=False):
        numbers = (
            f"{row.quantity} {row.printed}"
            + ("" if row.verdict == REPRODUCED else f" ({row.verdict}: {row.ours})")
            for row in rows.itertuples()
        )
        print(f"{dataset}: {analysis}: {', '.join(numbers)}")
    print(found.sentence())
    return DONE if (entries["verdict"] == REPRODUCED).all() else FOUND


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; see ``arrowroot --help``."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal may lack a letter, such as the tau of a code page; the rest is still read.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.verb is None:
        parser.print_help(sys.stderr)
        return FAILED
    # What a command makes is hardly ever garbage: Python looks for some a tenth of the time.
    patience = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_: print(
                f"arrowroot: {message}", file=sys.stderr
            )
            return _answered(VERBS[options.verb].run, options)
    finally:
        gc.set_threshold(*patience)


def _exit_code(error: SpecError) -> int:
    """Return whether a file has errors, or could not be read at all."""
    return FAILED if all(problem.rule == "file" for problem in error.problems) else FOUND


def _answered(run: Run, options: argparse.Namespace) -> int:
    """Run a verb; an error of Arrowroot's own becomes its message, without a traceback."""
    try:
        code = run(options)
        sys.stdout.flush()
    except SpecError as error:
        print(error, file=sys.stderr)
        return _exit_code(error)
    except ArrowrootError as error:
        print(f"arrowroot: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader, such as `head`, has closed the pipe; Python must not write to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("arrowroot: interrupted.", file=sys.stderr)
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="arrowroot",
        description="Logic models and evidence synthesis from a terminal.",
        epilog=_EXIT_CODES,
        formatter_class=shape,
    )
    parser.add_argument("--version", action="version", version=f"arrowroot {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for name, known in VERBS.items():
        says = (known.run.__doc__ or "").strip()
        verb = verbs.add_parser(
            name,
            help=says.splitlines()[0].rstrip("."),
            description=says,
            epilog=_EXIT_CODES,
            formatter_class=shape,
        )
        for names, settings in known.arguments:
            verb.add_argument(*names, **settings)
    return parser


if __name__ == "__main__":
    sys.exit(main())
