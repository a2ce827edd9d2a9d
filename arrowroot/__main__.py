"""The command ``arrowroot``.

A verb is one function and the arguments it takes. It imports what it needs when it runs, so that
``arrowroot --version`` answers at once, and returns the exit code.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arrowroot import __version__
from arrowroot.errors import ArrowrootError, OptionError, SpecError

DONE, FOUND, FAILED = 0, 1, 2
_EXIT_CODES = """exit codes:
  0  done, and nothing is wrong
  1  errors in the model, or printed numbers that differ
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


_NEW = {".yaml": "a model", ".yml": "a model", ".xlsx": "a model as a workbook"}
"""What `new` makes, by the ending of the name."""


@verb(
    argument(
        "path",
        type=Path,
        metavar="PATH",
        help="what to make: model.yaml, a logic model as a text file, or model.xlsx, as a workbook",
    ),
    argument(
        "--profile",
        default="theory-of-change",
        help="the kind of logic model, which decides its columns (%(default)s)",
    ),
)
def new(options: argparse.Namespace) -> int:
    """Make a small logic model to begin with; a file that exists is left as it is."""
    if options.path.suffix.lower() not in _NEW:
        made = ", ".join(f"{ending} ({what})" for ending, what in _NEW.items())
        raise OptionError(f"new: the name must end in one of {made}; got {str(options.path)!r}.")
    from logicmodels import LogicModel

    print(LogicModel.template(options.path, profile=options.profile))
    return DONE


_MODEL = argument("model", metavar="MODEL.yaml", help="the logic model")


@verb(
    _MODEL,
    argument(
        "-o",
        "--out",
        type=Path,
        metavar="FILE",
        help="the figure; its ending, .svg .png .pdf .dot .pptx .drawio .mmd or .graphml, "
        "says what kind (MODEL.svg in this folder if left out)",
    ),
    argument(
        "--view",
        default="overview",
        help="overview, evidence, applicability, implementation, public, or the id of one of the "
        "model's own views (%(default)s)",
    ),
    argument("--theme", help="screen, print or contrast"),
)
def draw(options: argparse.Namespace) -> int:
    """Draw a logic model."""
    from logicmodels import LogicModel

    out = options.out or Path(f"{Path(options.model).stem}.svg")
    figure = LogicModel.read(options.model).draw(view=options.view, theme=options.theme)
    print(figure.save(out))
    return DONE


@verb(
    _MODEL,
    argument("--rules", metavar="RULES.yaml", help="an organisation's own rule set"),
    argument(
        "--waive",
        action="append",
        metavar="RULE=REASON",
        help="a rule that does not apply, and why (may be repeated)",
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
    """Check a logic model: what a critical friend would ask."""
    from logicmodels import LogicModel

    waive = dict(one.partition("=")[::2] for one in options.waive or ())
    report = LogicModel.read(options.model).check(options.rules, waive=waive)
    forms = {
        "json": report.to_json,
        "sarif": lambda: report.to_sarif(Path(options.model).as_posix()),
    }
    print(forms.get(options.form, report.full if options.all else report.__str__)())
    return report.exit_code


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
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_: print(f"arrowroot: {message}", file=sys.stderr)
        return _answered(VERBS[options.verb].run, options)


def _answered(run: Run, options: argparse.Namespace) -> int:
    """Run a verb; an error of Arrowroot's own becomes its message, without a traceback."""
    try:
        code = run(options)
        sys.stdout.flush()
    except SpecError as error:
        print(error, file=sys.stderr)
        unread = all(problem.rule == "file" for problem in error.problems)
        return FAILED if unread else FOUND
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
