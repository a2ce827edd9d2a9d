"""What a formula may say: columns, operators and a short list of functions; nothing else is run.

A formula reaches formulaic, which evaluates its functions as Python, only after it has been read
here. Whatever is not listed here or in `expressions` is refused in words.
"""

from __future__ import annotations

import unicodedata

from arrowroot.errors import OptionError
from synthesis.pooling.formula.expressions import HOW_TO_WRITE, Expression, Reading, unreadable

_OPERATORS = {"+", "-", "*", "/", ":", "**", "^", "in"}
_LONGEST = 5000
_CROSSED_AT_MOST = 8
_HIGHEST_POWER = 5


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
            Expression(formula, text, found, names)
    if clash := sorted(names & found.called):
        raise OptionError(
            f"formula: in {formula!r} {clash[0]!r} is both a column and a function. Rename the "
            "column."
        )
    found.columns = sorted(names)
    for (left, first), (sign, _), (right, last) in zip(
        tokens, tokens[1:], tokens[2:], strict=False
    ):
        if sign == "/" and first == "NAME" and (last == "NAME" or _calculates(right, last)):
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


def _refuse_operators(formula: str, tokens: list[tuple[str, str]]) -> None:
    """Refuse operators that no formula here has, and products too large to be meant."""
    signs = [sign.strip("~") for sign, kind in tokens if kind == "OPERATOR"]
    strange = [sign for sign in signs if sign and sign not in _OPERATORS]
    if strange and unicodedata.category(strange[0][0]).startswith("M"):
        raise OptionError(
            f"formula: a name in {formula!r} has an accent that is stored apart from its letter. "
            "Put the name in backticks, copied from the table."
        )
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
        elif _calculates(text, kind) and after[0] == "/":
            raise _in_i(formula, _around(tokens, at + 2) if at + 2 < len(tokens) else text)
        elif (
            kind == "NAME"
            and before[1] == "OPERATOR"
            and before[0].endswith("-")
            and sum(text == one for one, _ in tokens) == 1
        ):  # it leaves out a term that no other part of the formula brings in
            first = tokens[at - 2] if before[0] == "-" else ("", "")
            left = f"{quoted(first[0])} " if first[1] == "NAME" else ""
            raise _in_i(formula, f"{left}-{' ' if left else ''}{quoted(text)}")


def _calculates(text: str, kind: str) -> bool:
    """Return whether a part is a number made by a function, rather than a category."""
    return kind == "PYTHON" and not text.startswith("C(")


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
