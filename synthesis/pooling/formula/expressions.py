"""The parts of a formula that are evaluated as Python: each read node by node before it is run."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from arrowroot.errors import OptionError
from arrowroot.options import is_number
from arrowroot.text import shortened

HOW_TO_WRITE = (
    "Write '~' and the moderators joined by '+', such as '~ hours + design'; '~ 1' for none. "
    "A name that contains spaces goes in backticks: '~ `risk of bias`'."
)
NUMPY = ("log", "log2", "log10", "exp", "sqrt")
"""Functions that may be written with or without ``np.`` before them."""

FUNCTIONS = (*NUMPY, "I", "C", "poly", "bs", "center", "scale", "standardize")
"""Everything that a formula may call."""

CONTRASTS = ("Treatment", "Sum", "contr.treatment", "contr.sum")
"""What the second argument of C() may be."""

_AS_TEXT = ("I", "C")
"""Functions that take columns of any type."""

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_LARGEST_ARGUMENT = 50
_DEEPEST = 100


@dataclass
class Reading:
    """A formula that has been read and holds nothing that is refused.

    Attributes
    ----------
    columns : list of str
        Every column that it uses, inside functions too, in alphabetical order.
    calculated : set of str
        Those that must be numbers, because something is calculated from them.
    coded : set of str
        Those that C() turns into categories.
    called : set of str
        The functions called; ``np`` is one of them where it is written.
    ratios : list of tuple of str
        Pairs of columns joined by ``/``.
    compared : list of tuple
        Columns with what they are compared with, and whether that is text.
    """

    columns: list[str] = field(default_factory=list)
    calculated: set[str] = field(default_factory=set)
    coded: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    ratios: list[tuple[str, str]] = field(default_factory=list)
    compared: list[tuple[str, str, bool]] = field(default_factory=list)


def unreadable(formula: str) -> OptionError:
    """Return the error for a formula that makes no sense."""
    return OptionError(f"formula: {formula!r} cannot be read. {HOW_TO_WRITE}")


class Expression:
    """One part of a formula that formulaic evaluates as Python: checked node by node."""

    def __init__(self, formula: str, text: str, found: Reading, names: set[str]) -> None:
        from formulaic.utils.code import sanitize_variable_names

        self.formula, self.text, self.found, self.names = formula, text, found, names
        self.aliases: dict[str, str] = {}
        try:
            # The same replacement of names in backticks that formulaic makes before it evaluates.
            plain = sanitize_variable_names(text, {}, self.aliases)
            tree = ast.parse(plain, mode="eval").body
            self.refuse_deep(tree)
            self.value(tree, calculated=False)
        except (SyntaxError, ValueError, IndexError, RecursionError, MemoryError) as problem:
            if isinstance(problem, OptionError):
                raise
            raise unreadable(formula) from problem
        if not self.has_column(tree):
            raise OptionError(
                f"formula: {text!r} in {formula!r} names no column, so it is the same for every "
                "study. Leave it out."
            )

    def refuse_deep(self, tree: ast.expr) -> None:
        """Refuse what is nested, or added up, too deeply for any program to evaluate."""
        level: list[ast.AST] = [tree]
        depth = 0
        while level:
            level = [child for node in level for child in ast.iter_child_nodes(node)]
            depth += 1
        if depth > _DEEPEST:
            raise OptionError(
                f"formula: {self.text[:30]!r}... is nested {depth} levels deep; at most {_DEEPEST} "
                "are read. Put what is calculated into a column of the table first."
            )

    def value(self, node: ast.expr, *, calculated: bool) -> None:
        """Accept a column, a number, arithmetic, a comparison or a permitted call."""
        if isinstance(node, ast.Name):
            name = self.aliases.get(node.id, node.id)
            self.names.add(name)
            if calculated:
                self.found.calculated.add(name)
        elif isinstance(node, ast.Constant) and is_number(node.value):
            pass
        elif isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC):
            if isinstance(node.op, ast.Pow) and not self.has_column(node):
                raise self.refused(node, "Write the number itself.")
            self.value(node.left, calculated=True)
            self.value(node.right, calculated=True)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
            self.value(node.operand, calculated=True)
        elif isinstance(node, ast.Compare):
            self.comparison(node)
        elif isinstance(node, ast.Call):
            self.call(node)
        elif isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            raise self.refused(node, f"For a column of that name write `{name}` in backticks.")
        else:
            raise self.refused(node, "Put what is calculated into a column of the table first.")

    def comparison(self, node: ast.Compare) -> None:
        """Accept one comparison, of numbers or with a text."""
        if len(node.ops) != 1 or not isinstance(node.ops[0], _COMPARISONS):
            raise self.refused(node, "Compare two values with < <= > >= == or !=.")
        sides = (node.left, node.comparators[0])
        ordered = not isinstance(node.ops[0], (ast.Eq, ast.NotEq))
        for side, other in (sides, sides[::-1]):
            if not self.is_text(side):
                self.value(side, calculated=False)
            if isinstance(side, ast.Name):
                name = self.aliases.get(side.id, side.id)
                with_text = self.is_text(other)
                if with_text and ordered:
                    raise self.refused(node, "Text has no order: compare it with == or !=.")
                if with_text or not isinstance(other, ast.Name):
                    self.found.compared.append((name, ast.unparse(other), with_text))

    def call(self, node: ast.Call) -> None:
        """Accept a call of a permitted function, with its options."""
        called = ast.unparse(node.func)
        name = called.removeprefix("np.") if called.removeprefix("np.") in NUMPY else called
        if name not in FUNCTIONS:
            raise OptionError(
                f"formula: {called}() is not a function that a formula may use. They are "
                f"{', '.join(FUNCTIONS)}. Put any other value into a column of the table first."
            )
        self.found.called |= {name, called.removesuffix(f".{name}")}
        if not node.args or any(isinstance(one, ast.Starred) for one in node.args):
            raise self.refused(node, f"Write {name}() with a column.")
        if name == "C" and isinstance(node.args[0], ast.Name):
            column = node.args[0].id
            self.found.coded.add(self.aliases.get(column, column))
        if name in (*NUMPY, "I") and len(node.args) + len(node.keywords) > 1:
            raise self.refused(node, f"{name}() takes one value.")
        self.value(node.args[0], calculated=name not in _AS_TEXT)
        for option in (*node.args[1:], *(keyword.value for keyword in node.keywords)):
            self.option(name, option)
        if any(keyword.arg is None or keyword.arg.startswith("_") for keyword in node.keywords):
            raise self.refused(node, f"Write {name}() with a column.")
        self.refuse_counts(name, node)

    def refuse_counts(self, name: str, node: ast.Call) -> None:
        """Refuse degrees that are not whole numbers, and a reference named without its coding."""
        second = dict.fromkeys(["second"], node.args[1]) if len(node.args) > 1 else {}
        given = {**second, **{one.arg: one.value for one in node.keywords if one.arg}}
        for option, value in given.items():
            plain = value.value if isinstance(value, ast.Constant) else None
            if name in ("poly", "bs") and option in ("second", "df", "degree"):
                if not (type(plain) is int and plain > 0):
                    raise self.refused(node, f"The second value of {name}() is a whole number > 0.")
            elif (
                name == "C"
                and option in ("second", "contrasts")
                and (
                    isinstance(plain, str) or ast.unparse(value) in ("Treatment", "contr.treatment")
                )
            ):
                column, reference = ast.unparse(node.args[0]), plain or "name"
                raise self.refused(
                    node, f"For a reference category write C({column}, Treatment({reference!r}))."
                )

    def option(self, name: str, node: ast.expr) -> None:
        """Accept a plain option of a function: a number, a text, a list, or a contrast of C()."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            node = node.operand
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            if name in ("poly", "bs") and node.value > _LARGEST_ARGUMENT:
                raise self.refused(node, f"At most {_LARGEST_ARGUMENT} is possible in {name}().")
        elif isinstance(node, (ast.List, ast.Tuple)):
            for one in node.elts:
                self.option("", one)
        elif name == "C" and isinstance(node, ast.Call) and ast.unparse(node.func) in CONTRASTS:
            for one in (*node.args, *(keyword.value for keyword in node.keywords)):
                self.option("", one)
        elif not (self.is_text(node) or (name == "C" and ast.unparse(node) in CONTRASTS)):
            raise self.refused(node, f"Options of {name}() are numbers, text or lists of these.")

    def is_text(self, node: ast.expr) -> bool:
        """Return whether this is text; refuse characters that formulaic could take for code."""
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            return False
        bad = {one for one in node.value if one in "\"'`\\" or not one.isprintable()}
        if bad:
            raise self.refused(
                node, f"Text in a formula must not contain {shortened(map(repr, sorted(bad)))}."
            )
        return True

    def has_column(self, node: ast.AST) -> bool:
        """Return whether a column is part of this."""
        called = {
            id(one)
            for call in ast.walk(node)
            if isinstance(call, ast.Call)
            for one in ast.walk(call.func)
        }
        return any(isinstance(one, ast.Name) and id(one) not in called for one in ast.walk(node))

    def refused(self, node: ast.AST, advice: str) -> OptionError:
        """Return the error for a part that is not on any list."""
        return OptionError(
            f"formula: {ast.unparse(node)!r} in {self.formula!r} cannot be used. {advice}"
        )
