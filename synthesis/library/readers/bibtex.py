"""BibTeX: what bibtexparser could not read is listed; what it misread is repaired and reported."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from synthesis.library.readers import found, kinds, latex
from synthesis.library.readers.found import Around, Contents, Found, Problem

if TYPE_CHECKING:
    from bibtexparser.model import Entry

TYPES = {
    "inproceedings": "conference",
    "conference": "conference",
    "proceedings": "conference",
    "book": "book",
    "booklet": "book",
    "mvbook": "book",
    "incollection": "chapter",
    "inbook": "chapter",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "article": "article",
    "misc": "other",
    "online": "other",
    "manual": "other",
    "unpublished": "other",
}

_NAME = r"[A-Za-z][\w:.+-]*"
_NEXT_FIELD = re.compile(rf"\s*({_NAME})\s*=\s*")
_SWALLOWED = re.compile(rf"(?:,|\n)\s*({_NAME})\s*=\s*[{{\"]")
_BLANKS = re.compile(r"\s*")
_DELIMITER = re.compile(r"(?<!\\)[{}\"]")
_BARE = re.compile(r"[^\s,#{}\"]+")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_PARTICLE = re.compile(r"[a-zß-ÿ]")


def read(text: str) -> Contents:
    """Return the references of a BibTeX file."""
    from bibtexparser import model
    from bibtexparser.entrypoint import parse_string

    contents = Contents()
    # The parser also writes its complaints to a log; here they become problems.
    log, mute = logging.getLogger("bibtexparser.splitter"), _Mute()
    log.addFilter(mute)
    try:
        library = parse_string(text, parse_stack=[])
    finally:
        log.removeFilter(mute)
    macros = {
        block.key.lower(): latex.to_text(_Value(block.value.strip(), {}).text)
        for block in library.blocks
        if isinstance(block, model.String)
    }
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        raw = getattr(block, "raw", None) or ""
        if isinstance(block, model.Entry):
            _take(block, raw, macros, contents)
        elif isinstance(block, (model.DuplicateBlockKeyBlock, model.DuplicateFieldKeyBlock)):
            what = str(block.error).partition(".")[0]
            contents.problems.append(
                Problem(line, f"{what[:1].lower()}{what[1:]}; the reference was kept.", raw)
            )
            if isinstance(block.ignore_error_block, model.Entry):
                _take(block.ignore_error_block, raw, macros, contents)
        elif isinstance(block, model.ParsingFailedBlock):
            why = " ".join(str(getattr(block.error, "abort_reason", "") or block.error).split())
            told = f" ({why.rstrip('.')})" if why else ""
            contents.problems.append(
                Problem(line, f"this is not valid BibTeX{told}; it was not read.", raw)
            )
        elif isinstance(block, model.ImplicitComment):
            contents.around.extend(
                Around(line + below, remark)
                for below, remark in enumerate(raw.split("\n"))
                if remark.lstrip().startswith("%")
            )
        else:  # a macro, a preamble, or a comment that is marked as one
            contents.around.append(Around(line, raw))
    return contents


class _Mute(logging.Filter):
    """Keeps what one thread says out of a log; other threads are heard as before."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        return record.thread != self._thread


class _Value:
    """A field's value: its content, and where it ends in the text."""

    def __init__(self, written: str, macros: Mapping[str, str], begin: int = 0) -> None:
        self.text, self._written, self._macros = "", written, macros
        self.end = _blanks(written, begin)
        self._take()
        while written.startswith("#", self.end):
            self.end = _blanks(written, self.end + 1)
            self._take()

    @property
    def rest(self) -> str:
        """What follows the value."""
        return self._written[self.end :].rstrip()

    def _take(self) -> None:
        """Read one part of the value, up to its closing character, and the spaces after it."""
        begin, end = self.end, _end(self._written, self.end)
        part, self.end = self._written[begin:end], _blanks(self._written, end)
        if part[:1] in ("{", '"') and len(part) > 1:
            self.text += part[1:-1]
        else:
            self.text += self._macros.get(part.lower(), part)


def _blanks(written: str, begin: int) -> int:
    """Return where the spaces that begin at a position end."""
    matched = _BLANKS.match(written, begin)
    return matched.end() if matched else begin


def _end(written: str, begin: int = 0) -> int:
    """Return where the part of a value that begins at a position ends."""
    opening = written[begin : begin + 1]
    if opening not in ("{", '"'):
        matched = _BARE.match(written, begin)
        return matched.end() if matched else len(written)
    depth = 0
    for found_ in _DELIMITER.finditer(written, begin):
        sign, at = found_[0], found_.start()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0 and opening == "{":
                return at + 1
        elif at > begin and depth == 0 and opening == '"':
            return at + 1
    return len(written)


def _take(entry: Entry, raw: str, macros: Mapping[str, str], contents: Contents) -> None:
    fields: dict[str, str] = {}
    line = (entry.start_line or 0) + 1
    for field in entry.fields:
        at = (field.start_line or 0) + 1
        for name, text in _pieces(field, macros, at, raw, contents):
            if text and fields.setdefault(name.lower(), text) != text:
                message = f"{name} occurs twice; the first was used."
                contents.problems.append(Problem(at, message, raw))
    contents.found.append(Found(_fields(entry.entry_type, fields), line, raw, entry.key))


def _pieces(
    field: Any, macros: Mapping[str, str], line: int, raw: str, contents: Contents
) -> Iterator[tuple[str, str]]:
    """Yield the field, and the fields that a missing comma hid in it."""
    written = str(field.value).strip()
    name, value = field.key, _Value(written, macros)
    while True:
        if swallowed := _SWALLOWED.search(value.text):
            message = (
                f"{name} contains '{swallowed[1]} =': a closing brace or quotation mark is "
                f"probably missing in {name}; check which fields it has swallowed."
            )
            contents.problems.append(Problem(line, message, raw))
        following = _NEXT_FIELD.match(written, value.end)
        if not following:
            break
        message = f"a comma is missing after {name}; {following[1]} was read as a separate field."
        contents.problems.append(Problem(line, message, raw))
        yield name, value.text
        name, value = following[1], _Value(written, macros, following.end())
    if rest := value.rest:
        message = f"text follows the end of {name}: {found.clean(rest)[:60]!r}; it was kept."
        contents.problems.append(Problem(line, message, raw))
    yield name, f"{value.text} {value.rest}".strip()


def _fields(entry_type: str, written: Mapping[str, str]) -> dict[str, str]:
    def get(*names: str) -> str:
        return found.first(*(latex.to_text(written.get(name, "")) for name in names))

    eprint = get("eprint")
    arxiv = "arxiv" in get("archiveprefix", "eprinttype").lower()
    fields = {
        "title": get("title"),
        "authors": people(written.get("author", "")),
        "year": found.year(get("year", "date")),
        "journal": get("journal", "journaltitle", "booktitle", "series")
        or ("arXiv" if arxiv else ""),
        "volume": get("volume"),
        "number": get("number", "issue"),
        "pages": found.pages(get("pages", "article-number", "eid")),
        "doi": found.doi(get("doi"), *(url for url in [get("url")] if "doi.org/" in url)),
        "pmid": get("pmid") or (eprint if get("eprinttype").lower() == "pubmed" else ""),
        "url": get("url"),
        "abstract": get("abstract"),
        "keywords": found.joined(re.split(r"[;,]", get("keywords", "keyword"))),
        "database": get("database"),
    }
    return {
        "type": kinds.kind(get("type") if entry_type == "misc" else entry_type, fields, TYPES),
        **fields,
    }


def people(written: str) -> str:
    r"""Return BibTeX's authors as ``Family, Given; Family, Given``.

    Examples
    --------
    >>> people(r"Doe, Jane and Ludwig van Beethoven and {Health and Care Board}")
    'Doe, Jane; van Beethoven, Ludwig; Health and Care Board'
    """
    names = []
    for name in _apart(written):
        plain = found.clean(latex.to_text(name))
        body = name.strip().startswith("{") and _end(name.strip()) == len(name.strip())
        names.append(plain if body or "," in plain else _family_first(plain))
    return found.joined(names)


def _apart(written: str) -> list[str]:
    """Split names at every "and" outside braces."""
    names, depth, begins = [], 0, 0
    joints = {matched.start(): matched.end() for matched in _AND.finditer(written)}
    for at, sign in enumerate(written):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and at in joints:
            names.append(written[begins:at])
            begins = joints[at]
    return [*names, written[begins:]]


def _family_first(name: str) -> str:
    words = name.split(" ")
    begins = next(
        (at for at, word in enumerate(words[:-1]) if at and _PARTICLE.match(word)), len(words) - 1
    )
    given = " ".join(words[:begins])
    return f"{' '.join(words[begins:])}, {given}" if given else name
