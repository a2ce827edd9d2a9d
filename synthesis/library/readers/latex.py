r"""LaTeX in bibliographies: accents and escaped characters to letters, and letters to BibTeX.

Only what represents a letter is replaced. A full LaTeX reader would take the % character for a
comment and drop the rest of an abstract.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "b": "\u0331",
    "G": "\u030f",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
}
_LETTERS = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "j": "ȷ",
    "textendash": "–",
    "textemdash": "—",
    "textquoteright": "’",
    "textquoteleft": "‘",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textgreater": ">",
    "textless": "<",
    "textbar": "|",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textunderscore": "_",
    "textdollar": "$",
    "textquotesingle": "'",
    "textquotedbl": '"',
    "quotesinglbase": "‚",
    "quotedblbase": "„",
    "guillemotleft": "«",
    "guillemotright": "»",
    "guilsinglleft": "‹",
    "guilsinglright": "›",
    "textexclamdown": "¡",
    "textquestiondown": "¿",
    "textmu": "µ",
    "micro": "µ",
    "textdegree": "°",
    "degree": "°",
    "textpm": "±",
    "pm": "±",
    "mp": "∓",
    "texttimes": "×",
    "times": "×",
    "textdiv": "÷",
    "div": "÷",
    "cdot": "·",
    "textperiodcentered": "·",
    "textbullet": "•",
    "bullet": "•",
    "ast": "*",
    "star": "⋆",
    "circ": "°",
    "prime": "′",
    "leq": "≤",
    "le": "≤",
    "leqslant": "≤",
    "geq": "≥",
    "ge": "≥",
    "geqslant": "≥",
    "neq": "≠",
    "ne": "≠",
    "approx": "≈",
    "sim": "~",
    "simeq": "≃",
    "cong": "≅",
    "equiv": "≡",
    "ll": "≪",
    "gg": "≫",
    "lt": "<",
    "gt": ">",
    "infty": "∞",
    "propto": "∝",
    "partial": "∂",
    "nabla": "∇",
    "sum": "∑",
    "prod": "∏",
    "int": "∫",
    "in": "∈",
    "subset": "⊂",
    "cup": "∪",
    "cap": "∩",
    "to": "→",
    "rightarrow": "→",
    "leftarrow": "←",
    "leftrightarrow": "↔",
    "uparrow": "↑",
    "downarrow": "↓",
    "Rightarrow": "⇒",
    "ldots": "…",
    "dots": "…",
    "cdots": "…",
    "textellipsis": "…",
    "S": "§",
    "P": "¶",
    "textsection": "§",
    "textparagraph": "¶",
    "dag": "†",
    "ddag": "‡",
    "textdagger": "†",
    "textdaggerdbl": "‡",
    "copyright": "©",
    "textcopyright": "©",
    "textregistered": "®",
    "texttrademark": "™",
    "pounds": "£",
    "textsterling": "£",
    "euro": "€",
    "texteuro": "€",
    "EUR": "€",
    "textyen": "¥",
    "textcent": "¢",
    "textonehalf": "½",
    "textonequarter": "¼",
    "textthreequarters": "¾",
    "textonesuperior": "¹",
    "texttwosuperior": "²",
    "textthreesuperior": "³",
    "textordfeminine": "ª",
    "textordmasculine": "º",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "DJ": "Đ",
    "ng": "ŋ",
    "NG": "Ŋ",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ",
    "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "quad": " ",
    "qquad": " ",
    "space": " ",
    "nobreakspace": " ",
    "newline": " ",
    "linebreak": " ",
    "par": " ",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "slash": "/",
}  # fmt: skip
"""What a command stands for."""

_LOOKS = frozenset(
    [
        "textbf", "textit", "texttt", "textsc", "textsf", "textrm", "textup", "textmd",
        "textnormal", "textsl", "textsuperscript", "textsubscript", "emph", "underline", "uline",
        "em", "it", "bf", "tt", "sc", "sf", "rm", "sl", "itshape", "bfseries", "scshape",
        "upshape", "mdseries", "normalfont", "small", "large", "Large", "tiny", "footnotesize",
        "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathbb", "mathnormal",
        "text", "mbox", "hbox", "ensuremath", "url", "href", "path", "noopsort", "protect",
        "bibinfo", "left", "right", "textquotestraightbase", "selectlanguage", "foreignlanguage",
        "enquote", "uppercase", "lowercase", "MakeUppercase", "noun", "relax", "ignorespaces",
        "t", "unskip", "bgroup", "egroup", "texorpdfstring", "mathop", "limits", "displaystyle",
    ]
)  # fmt: skip
"""Commands that only say how their argument looks; it stays, and they go."""


_ACCENT = (
    r"""\\(?:([`'^~=."])\s*|([uHvdckrbG])(?=\s*\{|\s+[A-Za-z])\s*)"""
    r"""(?:\{\s*(?:\\([ij])|([A-Za-z]))\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))"""
)
_COMMAND = r"\\([A-Za-z]+)\*?"
_MARKUP = re.compile(
    rf"{_ACCENT}|{_COMMAND}(\s*)|\\([&%$#_{{}}])|(\\[ ,;:/~\\]|~)|(\\[-!@])|[{{}}]"
)
_MATHS = re.compile(r"(?<!\\)\$([^$\n]{1,200}?)(?<!\\)\$")
_HREF = re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}")
_TO_ESCAPE = re.compile(r"[&%$#_{}\\~]")
_WRITTEN = {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}"}


def to_text(value: str, *, address: bool = False) -> str:
    r"""Return a field of BibTeX as plain text, without protecting braces.

    A command becomes the character that it stands for; one that says how its argument looks goes,
    and the argument stays. A command that is not known is kept, apart from what follows it.

    Parameters
    ----------
    value : str
        The field.
    address : bool
        Whether it is an address, in which ``~`` is no blank and ``$`` no formula.

    Examples
    --------
    >>> to_text(r"B{\'e}land on {UK} care: 50\% of {\ss} \textendash{} all")
    'Béland on UK care: 50% of ß – all'
    >>> to_text(r"\textbf{Trial} of 5~{\textmu}g {\textgreater} $\alpha_2$"), to_text(r"$\beta$ of")
    ('Trial of 5 µg > α2', 'β of')
    """
    value = _HREF.sub(r"{\1}", value) if "\\href" in value else value
    if address:
        kept = value.replace("~", "\ue000")
        return _MARKUP.sub(_letter, kept).replace("\ue000", "~")
    return _MARKUP.sub(_letter, _MATHS.sub(_formula, value) if "$" in value else value)


def _formula(matched: re.Match[str]) -> str:
    """Return a formula without its dollars, if it is one and no sum of money."""
    inner = matched[1]
    if not re.search(r"[\\^_<>=]", inner) and not re.fullmatch(r"\s*[A-Za-z]{1,2}\s*", inner):
        return matched[0]
    # A command at its end must not swallow the blank after the formula.
    return re.sub(r"(?<!\\)[\^_](?=\{|\w|\\)", "", inner) + "{}"


def _letter(matched: re.Match[str]) -> str:
    accent1, accent2, dotless, letter, dotless2, letter2, named, after, sign, blank, nothing = (
        matched.groups(default="")
    )
    if named in _LETTERS:
        # A blank that ends a command goes with it, unless the command stands for a word's end.
        return _LETTERS[named] + (after if _LETTERS[named] in "<>|≤≥≠≈±×=→←↔" else "")
    if named in _LOOKS:
        return ""
    if named:
        return f"\\{named} "
    if blank:
        return " "
    if nothing:
        return ""
    accent, base = accent1 or accent2, dotless or letter or dotless2 or letter2
    return unicodedata.normalize("NFC", base + _ACCENTS[accent]) if accent else sign


def from_text(text: str) -> str:
    r"""Return plain text as a field of BibTeX; `to_text` is the inverse.

    Examples
    --------
    >>> from_text("50% of {all} & more")
    '50\\% of \\{all\\} \\& more'
    """
    return _TO_ESCAPE.sub(lambda sign: _WRITTEN.get(sign[0], f"\\{sign[0]}"), text)
