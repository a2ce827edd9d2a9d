"""Answers to signalling questions: yes, probably yes, probably no, no, no information."""

from __future__ import annotations

from arrowroot.errors import DataError
from synthesis.appraisal.risk_of_bias.words import word

ANSWERS = {
    "Y": "yes",
    "PY": "probably yes",
    "PN": "probably no",
    "N": "no",
    "NI": "no information",
    "NA": "not applicable",
}
"""Each answer and its words, in the order in which to offer them."""

KINDS = {"Y": "y", "PY": "y", "PN": "n", "N": "n", "NI": "i", "NA": "a"}
"""What rules distinguish: yes, no, no information, not applicable."""

_CODES = {
    **{code.lower(): code for code in ANSWERS},
    **{words: code for code, words in ANSWERS.items()},
    "n/a": "NA",
}


def answer_named(value: object) -> str | None:
    """Return the code of an answer, however it is spelled; empty if blank, None if it is none.

    Examples
    --------
    >>> answer_named("probably_yes"), answer_named("ni"), answer_named(None), answer_named("maybe")
    ('PY', 'NI', '', None)
    """
    if isinstance(value, str) and value in ANSWERS:
        return value
    if isinstance(value, bool):
        # A spreadsheet turns a yes into TRUE in some languages.
        return "Y" if value else "N"
    given = word(value)
    return _CODES.get(given.replace("-", " ")) if given else ""


def read_answer(value: object, where: str) -> str:
    """Return the code of an answer, or raise an error that says what can be written.

    Parameters
    ----------
    value : object
        What was given.
    where : str
        The question, for the message.

    Raises
    ------
    DataError
        If it is no answer.
    """
    code = answer_named(value)
    if code is None:
        listed = ", ".join(f"{one} ({words})" for one, words in ANSWERS.items())
        raise DataError(f"{where}: {value!r} is not an answer; write one of {listed}.")
    return code
