"""BibTeX: what bibtexparser could not read is listed; what it misread is repaired and reported."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from synthesis.library.readers import found, kinds, latex
from synthesis.library.readers.fields import markup
from synthesis.library.readers.fields.absent import is_absent
from synthesis.library.readers.fields.people import ET_AL
from synthesis.library.readers.found import Around, Contents, Problem

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
        block.key.lower(): _Value(block.value.strip(), {}).text
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
    _add(entry, fields, line, raw, contents)


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


def _add(entry: Entry, written: Mapping[str, str], line: int, raw: str, contents: Contents) -> None:
    texts = {
        name: markup.plain(latex.to_text(text, address=name in _ADDRESSES))
        for name, text in written.items()
        if name not in _PEOPLE
    }
    asked: set[str] = set()

    def all_(*names: str) -> list[str]:
        asked.update(names)
        return [texts[name] for name in names if name in texts]

    def get(*names: str) -> str:
        asked.update(names)
        if texts.keys().isdisjoint(names):
            return ""
        return found.first(*(texts[name] for name in names if name in texts))

    def named(name: str) -> list[str]:
        return people(written[name]) if name in written else []

    kind = entry.entry_type.lower()
    eprint, source = get("eprint"), get("archiveprefix", "eprinttype").lower()
    publisher = get("publisher", "school", "institution", "organization")
    house = publisher if TYPES.get(kind) in ("thesis", "report") else ""
    url, more = found.addresses(all_("url", "howpublished", "bdsk-url-1"))
    serials, others = found.serials(all_("issn", "isbn", "eissn"))
    notes = all_("note", "annote", "annotation", "comment")
    keywords = all_("keywords", "keyword", "author_keywords", "mesh", "keywords-plus")
    given: dict[str, str | list[str]] = {
        "title": ": ".join(filter(None, (get("title"), get("subtitle")))),
        "authors": named("author"),
        "year": found.year(*all_("year", "date")),
        "month": found.month(*all_("date", "month")),
        "journal": get("journal", "journaltitle", "booktitle", "series", "fjournal")
        or house
        or ("arXiv" if "arxiv" in source else ""),
        "volume": get("volume"),
        "number": get("number", "issue"),
        "pages": found.pages(
            get("pages", "article-number", "eid", "art_number", "articleno", "article_number")
        ),
        **found.dois(all_("doi", "second-doi"), [url, *more, *notes]),
        "pmid": get("pmid")
        or (eprint if source == "pubmed" else "")
        or found.pmid(*notes, url, *more, *all_("unique-id")),
        "url": url,
        **found.abstracts(all_("abstract", "abstractnote", "second-abstract")),
        "keywords": [one for text in keywords for one in text.split(";" if ";" in text else ",")],
        "database": get("database", "source"),
        **serials,
        "language": get("language", "langid"),
        "publisher": publisher,
        "editors": named("editor"),
        "registration": all_("registration", "clinical-trial"),
        "accession": get("accession", "unique-id", "ut"),
        "notes": [*notes, *more, *others, *([f"eprint: {eprint}"] if eprint else [])],
    }
    for name, text in texts.items():
        if name not in asked and name not in _LEFT and text.strip():
            contents.unread.setdefault(name, line)
    # A type that is given in words says more than an entry type that means anything.
    declared = [*all_("type"), kind]
    if kind not in ("misc", "online", "unpublished"):
        declared = [kind, *(one for one in all_("type") if kinds.named(one))]
    contents.take(given, declared, TYPES, line=line, raw=raw, key=entry.key)


_ADDRESSES = ("url", "doi", "howpublished", "bdsk-url-1", "file")
_PEOPLE = ("author", "editor")
_LEFT = ("type",)
"""Fields that only say again what the entry type says."""


def people(written: str) -> list[str]:
    r"""Return BibTeX's authors as ``Family, Given`` or ``Family, Given, Jr``.

    Braces keep together what they hold; "and others" becomes "et al.".

    Examples
    --------
    >>> people(r"Doe, Jane and Ludwig van Beethoven and {Health and Care Board}")
    ['Doe, Jane', 'van Beethoven, Ludwig', 'Health and Care Board']
    >>> people("A. {Delgado de Molina} and Vale, Jr, Tom Luke and others")
    ['Delgado de Molina, A.', 'Vale, Tom Luke, Jr', 'et al.']
    """
    names = []
    for name in _apart(written):
        bare = name.strip()
        if bare.lower() == "others":
            names.append(ET_AL)
        elif is_absent("authors", plain := found.clean(markup.plain(latex.to_text(bare)))):
            names.append(plain)
        elif bare.startswith("{") and _end(bare) == len(bare):
            names.append(found.clean(markup.plain(latex.to_text(bare))))
        else:
            names.append(_person(bare))
    return [name for name in names if name]


def _person(written: str) -> str:
    """Return one person: in three parts, as BibTeX divides them, or with the family name last."""
    # What braces hold is one word for BibTeX, so that its blanks and commas are hidden meanwhile.
    held = latex.to_text(_hidden(written))
    parts = [_shown(part) for part in held.split(",")]
    if len(parts) == 1:
        words = held.split()
        begins = next(
            (at for at, word in enumerate(words[:-1]) if at and _PARTICLE.match(word)),
            len(words) - 1,
        )
        given = _shown(" ".join(words[:begins]))
        family = _shown(" ".join(words[begins:]))
        return f"{family}, {given}" if given else family
    if len(parts) == 3:
        return ", ".join(filter(None, (parts[0], parts[2], parts[1])))
    return ", ".join(filter(None, parts))


_BLANK_HERE, _COMMA_HERE = "\ue001", "\ue002"


def _hidden(written: str) -> str:
    """Return a name of which the blanks and commas within braces are replaced."""
    signs, depth = [], 0
    for at, sign in enumerate(written):
        escaped = at and written[at - 1] == "\\"
        if sign in "{}" and not escaped:
            depth += 1 if sign == "{" else -1
        inside = depth > 0 and not (sign.isspace() and _is_command(written, at))
        signs.append({" ": _BLANK_HERE, ",": _COMMA_HERE}.get(sign, sign) if inside else sign)
    return "".join(signs)


def _is_command(written: str, at: int) -> bool:
    r"""Return whether a blank ends a command, as in ``{\ss }`` or ``{\v s}``."""
    return bool(re.search(r"\\(?:[A-Za-z]+|.)$", written[:at]))


def _shown(held: str) -> str:
    text = held.replace(_BLANK_HERE, " ").replace(_COMMA_HERE, ",")
    return found.clean(markup.plain(text))


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
