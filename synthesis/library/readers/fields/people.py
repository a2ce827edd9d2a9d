"""Names of authors and editors in every layout, as ``Family, Given`` or ``Family, Given, Jr``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from arrowroot.text import trimmed

ET_AL = "et al."
"""Stands at the end of a list of people that the source cut short."""

_REMEMBERED = 1 << 13
"""Names that are kept as they were read: those of a topic's authors come again and again."""

_INITIALS = re.compile(r"(?:A\.?(?:[ -]?A\.?){0,4}|(?:Aa?\.[ -]?){1,5})")
"""P, P., PJ, P.J., P. J., J-P, Yu.A., in the letters of `_shape`."""

_LEADING = re.compile(r"A{1,3} (?:a+ ){0,2}A[a'’-]+(?:[ -]Aa+)?")
"""TJ Moor, P van Vale, in the letters of `_shape`."""

_SUFFIX = re.compile(r"(?i)(?:jr|sr|[23]rd|2nd|4th|[ivx]{2,4}|iv)\.?")
_PARTICLE = re.compile(r"(?:[a-zß-ÿ’']+|[Dd][’'])$")
_TITLES_BEFORE = re.compile(r"(?i)^(?:(?:dr|prof|professor|mr|mrs|ms|sir)\.? )+(?=\S)")
_DEGREES = re.compile(
    r"(?:(?:,\s*|\s+)(?:Ph\.?\s?D|M\.?Sc|B\.?Sc|D\.?Phil|M\.?Phil|Dr\.?P\.?H|Ed\.?D|Psy\.?D|"
    r"Pharm\.?D|M\.?Ed|MBBS|MBChB)|(?<=\.),\s*(?:M\.?D|M\.?P\.?H|R\.?N|P\.?T|M\.?A|B\.?A|FRCP))"
    r"\.?(?=\s*(?:[,;|\n]|$))"
)
_LIVED = re.compile(r",?\s*\(?(?:b\.|born)?\s*\d{4}\s*[-–]\s*(?:\d{4})?\)?\.?$")
"""Titles, degrees, and years of birth and death, which are in no name."""

_SEPARATORS = str.maketrans({"；": ";", "؛": ";", "،": ";", "、": ";"})
_ET_AL_AT_END = re.compile(r"(?i)[,\s]+et\.? al\.?$")
_HAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff]")
_CUT = re.compile(r"\s*,?\s*(?:\.\.\.|…|\[\.\.\.\]|\[…\])\s*,?\s*(?:&|and)?\s*")
"""Where a style leaves out the names before the last."""

_OTHERS = re.compile(r"(?i)\W*(?:et\.? al(?:ii|iae|\.)?|and others|others|u\. ?a\.|et autres)\W*")
_BODY = re.compile(
    r"(?i)\b(?:group|grp|study|trial|trialists|team|consortium|collabor\w+|network|committee|"
    r"society|"
    r"association|institut\w*|department|ministry|universit\w*|college|school|hospital|cent(?:er|re)|"
    r"council|agency|board|foundation|organi[sz]ation|investigators|programme?|project|service|"
    r"services|unit|federation|alliance|taskforce|force|commission|government|office|bureau|"
    r"authority|trust|company|inc|ltd|gmbh|llc|corp|corporation|laboratories|pharma\w*)\b"
)
_PLACES = frozenset(
    [
        "UK", "US", "USA", "EU", "UN", "UAE", "NHS", "WHO", "CDC", "NIH", "NICE", "NIHR", "AHRQ",
        "HTA", "USSR",
    ]
)  # fmt: skip
"""Capitals after a body's name that are not initials."""


def is_body(name: str) -> bool:
    """Return whether a name is that of an organisation or a group, and not of a person."""
    return bool(_BODY.search(name))


def family_first(name: str) -> str:
    """Return a person's name with a comma after the family name, if the layout shows it.

    Initials show it: before them is the family name, and so is what follows them at the
    beginning. A name written out in full is left as it is, and so is that of a body.

    Examples
    --------
    >>> [family_first(one) for one in ("Vale P.", "van der Berg AB", "T. J. Moor", "Vale P Jr")]
    ['Vale, P.', 'van der Berg, AB', 'Moor, T. J.', 'Vale, P, Jr']
    >>> family_first("Leaf Study Group"), family_first("Petra Vale")
    ('Leaf Study Group', 'Petra Vale')
    """
    name = " ".join(name.split())
    if "," in name or " " not in name or is_body(name):
        return name
    words = name.split(" ")
    suffix = ""
    if (len(words) > 2 and _SUFFIX.fullmatch(words[-1]) and not _is_initials(words[-1:])) or (
        len(words) > 2 and re.fullmatch(r"(?i)jr\.?|sr\.?", words[-1])
    ):
        suffix = f", {words.pop()}"
    for begin in range(1, len(words)):
        if _is_initials(words[begin:]):
            if words[begin] in _PLACES:
                return name
            return f"{' '.join(words[:begin])}, {' '.join(words[begin:])}{suffix}"
    for end in range(len(words) - 1, 0, -1):
        # Without a full stop, a single capital may be a word of a title: "A Board".
        if _is_initials(words[:end]) and all("." in word for word in words[:end]):
            return f"{' '.join(words[end:])}, {' '.join(words[:end])}{suffix}"
    return name


def given_first(name: str) -> str:
    """Return a name of a source that puts given names first as ``Family, Given``.

    A particle in lower case begins the family name.

    Examples
    --------
    >>> given_first("Ludwig van Beethoven"), given_first("Petra Vale"), given_first("Leaf Group")
    ('van Beethoven, Ludwig', 'Vale, Petra', 'Leaf Group')
    """
    words = name.split()
    if "," in name or len(words) < 2 or is_body(name):
        return " ".join(words)
    suffix = f", {words.pop()}" if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    begins = next(
        (at for at, word in enumerate(words[:-1]) if at and _PARTICLE.match(word)), len(words) - 1
    )
    return f"{' '.join(words[begins:])}, {' '.join(words[:begins])}{suffix}"


def listed(names: Iterable[str]) -> list[str]:
    """Return names one by one as they are stored; words for "and others" become `ET_AL`.

    Parameters
    ----------
    names : iterable of str
        Each of one person or body, in any layout.
    """
    return [one for name in names for one in _stored(name)]


@lru_cache(maxsize=_REMEMBERED)
def _stored(name: str) -> tuple[str, ...]:
    """Return a name as it is stored, and `ET_AL` where it says "and others"."""
    kept = " ".join(trimmed(name.replace(";", ",")).split()).strip(", ")
    kept = _bare_name(kept) or kept
    if _OTHERS.fullmatch(kept):
        return (ET_AL,)
    if (cut := _ET_AL_AT_END.sub("", kept)) != kept and cut:
        return family_first(cut), ET_AL
    return (family_first(kept),) if kept else ()


def of_item(item: str) -> list[str]:
    """Return the people on a line that is for one person, but may name several.

    Examples
    --------
    >>> of_item("Vale P; Moor T"), of_item("Vale, P. and Moor, T."), of_item("Vale, Petra")
    (['Vale, P', 'Moor, T'], ['Vale, P.', 'Moor, T.'], ['Vale, Petra'])
    """
    several = ";" in item or re.search(r"\s(?:and|&)\s", item)
    return divided(item) if several and not is_body(item) else listed([item])


def _bare_name(name: str) -> str:
    """Return a name without titles, degrees, years and marks of footnotes."""
    if is_body(name):
        return name
    bare = _DEGREES.sub("", _LIVED.sub("", _TITLES_BEFORE.sub("", name)))
    if bare[-1:] in "*†‡§#":
        end = bare.rstrip("*†‡§# ")
        bare = end if end else bare
    return bare.strip(", ")


def divided(written: str) -> list[str]:
    """Return the people in one cell, whatever separates them.

    Semicolons, vertical bars and line breaks separate people. So do "and" and commas, where the
    layout shows that they do not belong to a name: by initials, or by the same pattern throughout.

    Examples
    --------
    >>> divided("Vale, Petra and Moor, Tom and de Vries, An")
    ['Vale, Petra', 'Moor, Tom', 'de Vries, An']
    >>> divided("Vale, P., Moor, T. J."), divided("Vale P., Moor T.J., van der Berg A.")
    (['Vale, P.', 'Moor, T. J.'], ['Vale, P.', 'Moor, T.J.', 'van der Berg, A.'])
    >>> divided("Vale, Petra"), divided("Health and Care Board")
    (['Vale, Petra'], ['Health and Care Board'])
    """
    written = written.translate(_SEPARATORS).replace("，", ";" if _HAN.search(written) else ",")
    if (cut := _CUT.sub("; ", written)) != written:
        return [*(one for one in divided(cut.strip("; ")) if one != ET_AL), ET_AL]
    parts = [part.strip() for part in written.split(",")]
    # "山田, 太郎" is one name; more than two parts, or a longer first one, are people.
    if ";" not in written and all(map(_HAN.match, parts)) and (parts[2:] or len(parts[0]) > 2):
        written = ";".join(parts)
    written = _DEGREES.sub("", written)
    for mark in (";", "|", "\n", "¶", "•"):
        if mark in written:
            parts = [part for part in written.split(mark) if part.strip()]
            # "Vale, P., Moor, T.; Roe, R." separates people in both ways.
            several = (one for part in parts for one in (_by_commas(part) or [part]))
            return listed(several)
    parts = re.split(r"\s*,?\s+(?:and|&|und|et(?! al)|y|e|en|och|og|и)\s+", written.strip())
    if "/" in written and all(map(_is_inverted, between := written.split("/"))):
        return listed(between)
    if len(parts) > 1 and all(map(_is_personal, parts)):
        return listed(one for part in parts for one in (_by_commas(part) or [part]))
    return listed(_by_commas(written) or [written])


def _is_inverted(part: str) -> bool:
    """Return whether a text is surely one person: a family name with initials."""
    name = " ".join(part.split())
    return not is_body(name) and (family_first(name) != name or _is_initials(name.split(", ")[1:2]))


def _is_personal(part: str) -> bool:
    """Return whether a text may be one or several people and cannot be a part of a body's name."""
    if not part.strip() or is_body(part):
        return False
    return bool(
        "," in part
        or family_first(part) != part
        or re.fullmatch(r"[^\W\d_]\S*(?: [^\W\d_]\S*){1,3}", part)
        or _OTHERS.fullmatch(part)
    )


def _by_commas(written: str) -> list[str]:
    """Return the people that commas separate; nothing if the commas are part of one name."""
    whole = re.sub(r"(?i)[,\s]+et\.? al\.?\s*$", "", written)
    parts = [part for one in whole.split(",") if (part := " ".join(one.split()))]
    others = [ET_AL] if whole != written or (parts[1:] and _OTHERS.fullmatch(parts[-1])) else []
    parts = _with_suffixes(parts[:-1] if others and whole == written else parts)
    if len(parts) < 2:
        return [*parts, *others] if others else []
    bare = [_are_bare(part.split(",")[0].split()) for part in parts]
    inverted = [family_first(part) != part for part in parts]
    # "Vale, Petra A." and "Vale, Petra A., Moor, Tom J.": initials may end a given name, too.
    pairs = len(parts) % 2 == 0 and not any(bare[::2]) and not any(inverted[::2])
    if pairs and any(inverted[1::2]) and not any(map(is_body, parts)):
        names = [*map(", ".join, zip(parts[::2], parts[1::2], strict=True))]
        return [*names, *others] if len(names) > 1 or others else []
    if any(inverted) and not any(bare):
        return [*parts, *others]
    if all(_LEADING.fullmatch(_shape(part)) for part in parts):
        # "P Vale, TJ Moor": a single capital is an initial where it begins every name.
        turned = [part.split(" ", 1) for part in parts]
        return [*(f"{family}, {given}" for given, family in turned), *others]
    if pairs and all(bare[1::2]):
        return [*map(", ".join, zip(parts[::2], parts[1::2], strict=True)), *others]
    if pairs and len(parts) > 2 and any(bare[1::2]):
        # Some given names in full, some as initials: "Vale, Petra, Moor, T."
        return [*map(", ".join, zip(parts[::2], parts[1::2], strict=True)), *others]
    single = [" " not in part for part in parts]
    if len(parts) > 2 and not any(single) and not any(bare):
        return [*parts, *others]
    if len(parts) > 3 and len(parts) % 2 == 0 and all(single):
        return [*map(", ".join, zip(parts[::2], parts[1::2], strict=True)), *others]
    return [whole, *others] if others else []


def _with_suffixes(parts: list[str]) -> list[str]:
    """Join "Jr" and the like to the name before."""
    joined: list[str] = []
    for part in parts:
        if joined and re.fullmatch(r"(?i)jr\.?|sr\.?|2nd|3rd|4th|II|III", part):
            joined[-1] = f"{joined[-1]}, {part}"
        else:
            joined.append(part)
    return joined


def _is_initials(words: list[str]) -> bool:
    return bool(words) and bool(_INITIALS.fullmatch(_shape(" ".join(words))))


def _shape(text: str) -> str:
    """Return a text with A for each capital and a for each other letter that has one.

    A letter of a script without capitals, such as Arabic or Chinese, is never an initial.
    """
    return "".join(
        "A" if one.isupper() else "a" if one.islower() else "_" if one.isalpha() else one
        for one in text
    )


def _are_bare(words: list[str]) -> bool:
    """Return whether words are initials and no name: "VALE P" is a name in capitals."""
    return _is_initials(words) and (
        len(words) == 1 or all("." in word or len(word) == 1 for word in words)
    )


def merged(lists: Iterable[str], between: str = "; ") -> str:
    """Return the fullest of several lists of people, each name in its best form.

    Parameters
    ----------
    lists : iterable of str
        Lists of the same people, the names separated by `between`.

    Examples
    --------
    >>> merged(["Vale P.; Moor T.; Roe K.", "Vale, Petra Ann; Moor, Tom"])
    'Vale, Petra Ann; Moor, Tom; Roe, K.'
    """
    given = [listed(one.split(between)) for one in lists if one]
    if not given:
        return ""
    whole = [[name for name in names if name != ET_AL] for names in given]
    fullest = max(range(len(whole)), key=lambda at: len(whole[at]))
    # A list that was cut short does not make one that was not incomplete.
    longest = len(whole[fullest])
    cut = all(
        ET_AL in names for names, all_ in zip(given, whole, strict=True) if len(all_) == longest
    )
    best = []
    for at, name in enumerate(whole[fullest]):
        alike = [names[at] for names in whole if at < len(names) and _same(names[at], name)]
        best.append(max([name, *alike], key=_fullness))
    return between.join([*best, *([ET_AL] if cut else [])])


def _same(one: str, other: str) -> bool:
    """Return whether two names may be of one person: the family name, and the first initial."""
    from synthesis.library.readers.fields.letters import folded

    (family, given), (family2, given2) = (
        tuple(folded(part).strip(" .").lower() for part in (*name.split(",", 1), "")[:2])
        for name in (one, other)
    )
    return family == family2 and (not given or not given2 or given[0] == given2[0])


def _fullness(name: str) -> tuple[bool, int]:
    return "," in name, len(re.sub(r"\W", "", name))
