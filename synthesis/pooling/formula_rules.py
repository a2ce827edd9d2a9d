"""What a formula may say: columns, operators and a short list of functions; nothing else is run.

A formula reaches formulaic, which evaluates its functions as Python, only after it has been read
here. Whatever is not on the lists below is refused in words.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from arrowroot.errors import OptionError
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

_OPERATORS = {"+", "-", "*", "/", ":", "**", "^", "in"}
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_LONGEST = 5000
_CROSSED_AT_MOST = 8
_HIGHEST_POWER = 5
_LARGEST_ARGUMENT = 50


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
    """

    columns: list[str] = field(default_factory=list)
    calculated: set[str] = field(default_factory=set)
    coded: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    ratios: list[tuple[str, str]] = field(default_factory=list)


def read(formula: str) -> Reading:
    """Read a formula, or refuse it in words.

    Parameters
    ----------
    formula : str
        The moderators, such as ``"~ hours + log(dose)"``.

    Raises
    ------
    OptionError
        If it cannot be read, calls what is not on the list, or writes arithmetic outside I().

    Examples
    --------
    >>> read("~ poly(hours, 2) + C(`risk of bias`)").columns
    ['hours', 'risk of bias']
    >>> read("~ np.savetxt('x.txt', hours)")
    Traceback (most recent call last):
    arrowroot.errors.OptionError: formula: np.savetxt() is not a function that a formula may use...
    """
    tokens = _tokens(formula)
    _refuse_operators(formula, tokens)
    _refuse_arithmetic(formula, tokens)
    found, names = Reading(), set[str]()
    for text, kind in tokens:
        if kind == "NAME":
            names.add(text)
        elif kind == "PYTHON":
            _Expression(formula, text, found, names)
    if clash := sorted(names & found.called):
        raise OptionError(
            f"formula: in {formula!r} {clash[0]!r} is both a column and a function. Rename the "
            "column."
        )
    found.columns = sorted(names)
    for (left, first), (sign, _), (right, last) in zip(
        tokens, tokens[1:], tokens[2:], strict=False
    ):
        if sign == "/" and first == last == "NAME":
            found.ratios.append((left, right))
    return found


def _tokens(formula: str) -> list[tuple[str, str]]:
    """Return the text and kind of each part of a formula: NAME, VALUE, OPERATOR, PYTHON..."""
    from formulaic.errors import FormulaicError
    from formulaic.parser.algos.tokenize import tokenize

    if len(formula) > _LONGEST:
        raise OptionError(
            f"formula: it has {len(formula):,} characters; at most {_LONGEST:,} are read. Put "
            "what is calculated into columns of the table first."
        )
    try:
        return [(token.token, token.kind.name) for token in tokenize(formula)]
    except FormulaicError as problem:
        raise unreadable(formula) from problem


def unreadable(formula: str) -> OptionError:
    """Return the error for a formula that makes no sense."""
    return OptionError(f"formula: {formula!r} cannot be read. {HOW_TO_WRITE}")


def _refuse_operators(formula: str, tokens: list[tuple[str, str]]) -> None:
    """Refuse operators that no formula here has, and products too large to be meant."""
    signs = [sign.strip("~") for sign, kind in tokens if kind == "OPERATOR"]
    strange = [sign for sign in signs if sign and sign not in _OPERATORS]
    if strange:
        raise OptionError(
            f"formula: the operator {strange[0]!r} in {formula!r} is not used here. "
            f"Operators are + - * / : and **. {HOW_TO_WRITE}"
        )
    if signs.count("*") + signs.count("/") > _CROSSED_AT_MOST:
        raise OptionError(
            f"formula: {formula!r} crosses more than {_CROSSED_AT_MOST + 1} terms with '*' or "
            "'/', which makes hundreds of interactions. Name those you need with ':', such as "
            "'~ a + b + a:b'."
        )


def _refuse_arithmetic(formula: str, tokens: list[tuple[str, str]]) -> None:
    """Refuse what looks like arithmetic: in a formula, operators combine terms instead."""
    for at, (text, kind) in enumerate(tokens):
        before = tokens[at - 1] if at else ("", "")
        after = tokens[at + 1] if at + 1 < len(tokens) else ("", "")
        if kind == "VALUE":
            beside = {before[0], after[0]}
            if not text.replace(".", "", 1).isdigit():
                raise unreadable(formula)
            if before[0] in ("**", "^"):
                _power(formula, tokens, at)
            elif text not in ("0", "1") or beside & {"*", "/", ":"}:
                raise _in_i(formula, _around(tokens, at))
        elif (
            kind == "NAME"
            and before[1] == "OPERATOR"
            and before[0].endswith("-")
            and sum(text == one for one, _ in tokens) == 1
        ):  # it leaves out a term that no other part of the formula brings in
            first = tokens[at - 2] if before[0] == "-" else ("", "")
            left = f"{quoted(first[0])} " if first[1] == "NAME" else ""
            raise _in_i(formula, f"{left}-{' ' if left else ''}{quoted(text)}")


def _power(formula: str, tokens: list[tuple[str, str]], at: int) -> None:
    """Refuse the power of a single term, which would be the term itself."""
    power, (last, kind) = tokens[at][0], tokens[at - 2]
    group = [(last, kind)]
    if last == ")":
        depth, start = 1, at - 3
        while start >= 0 and depth:
            depth += {")": 1, "(": -1}.get(tokens[start][0], 0)
            start -= 1
        group = tokens[start + 2 : at - 2]
    terms = [(text, kind) for text, kind in group if kind in ("NAME", "PYTHON")]
    if len(terms) < 2:
        text, kind = (terms or group)[0]
        raise _in_i(formula, f"{quoted(text) if kind == 'NAME' else text}**{power}")
    if not power.isdigit() or not 1 <= int(power) <= _HIGHEST_POWER:
        raise OptionError(
            f"formula: the power of terms in brackets must be a whole number from 1 to "
            f"{_HIGHEST_POWER}; got {power} in {formula!r}."
        )


def _around(tokens: list[tuple[str, str]], at: int) -> str:
    """Return a number with the operator and term beside it, as it goes into I()."""
    signs = ("*", "/", ":", "**", "^")
    start = at - 2 if at >= 2 and tokens[at - 1][0] in signs else at
    stop = at + 3 if at + 2 < len(tokens) and tokens[at + 1][0] in signs else at + 1
    parts = [quoted(text) if kind == "NAME" else text for text, kind in tokens[start:stop]]
    if len(parts) == 1:
        return f"a + {parts[0]}"
    return "".join(parts).replace("^", "**").replace(":", "*")


def _in_i(formula: str, arithmetic: str) -> OptionError:
    return OptionError(
        f"formula: in {formula!r} the operators + - * / ** combine terms; they do not calculate. "
        f"For arithmetic write I({arithmetic})."
    )


def quoted(name: str) -> str:
    """Return a column as it is written in a formula."""
    return name if name.isidentifier() else f"`{name}`"


class _Expression:
    """One part of a formula that formulaic evaluates as Python: checked node by node."""

    def __init__(self, formula: str, text: str, found: Reading, names: set[str]) -> None:
        from formulaic.utils.code import sanitize_variable_names

        self.formula, self.text, self.found, self.names = formula, text, found, names
        self.aliases: dict[str, str] = {}
        try:
            # The same replacement of names in backticks that formulaic makes before it evaluates.
            plain = sanitize_variable_names(text, {}, self.aliases)
            tree = ast.parse(plain, mode="eval").body
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

    def value(self, node: ast.expr, *, calculated: bool) -> None:
        """Accept a column, a number, arithmetic, a comparison or a permitted call."""
        if isinstance(node, ast.Name):
            name = self.aliases.get(node.id, node.id)
            self.names.add(name)
            if calculated:
                self.found.calculated.add(name)
        elif isinstance(node, ast.Constant) and _is_number(node.value):
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
        for side in (node.left, node.comparators[0]):
            if not self.is_text(side):
                self.value(side, calculated=False)

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


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
