"""Codebooks in REFI-QDA's exchange format, ``.qdc``, which NVivo, ATLAS.ti and others read.

References
----------
REFI-QDA Standard 1.5 (2019), codebook exchange: namespace ``urn:QDA-XML:codebook:1.0``.
"""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from arrowroot.errors import DataError
from arrowroot.files import as_path, read_bytes, write_text
from arrowroot.options import thing
from synthesis.coding.codebook import Codebook
from synthesis.coding.refi.codes import add_codes, read_codes
from synthesis.coding.refi.elements import local, parse, serialised
from synthesis.coding.refi.kept import add_sets, drop_memos, guids, kept_of

NAMESPACE: Final = "urn:QDA-XML:codebook:1.0"


def read_qdc(path: str | Path) -> Codebook:
    """Read a codebook from a ``.qdc`` file.

    Codes without an id from Arrowroot get one from their name, with the names above it where a
    name occurs more than once. Colours, sets, and what else the file holds are not shown, but
    `write_qdc` and `write_qdpx` write them again.

    Parameters
    ----------
    path : str or Path
        A REFI-QDA codebook.

    Returns
    -------
    Codebook
        Its title is the file's name; its version is empty, since the format has none.

    Raises
    ------
    FileError
        If the file cannot be read, is not well-formed XML or declares a document type (as entity
        bombs do, and no codebook needs one).
    DataError
        If it contains no codebook, a code without a name, or codes nested too deeply.
    """
    name = as_path(path).name
    root = parse(read_bytes(path), name)
    if local(root) != "CodeBook":
        raise DataError(
            f"{name}: contains <{local(root)}>, not a REFI-QDA <CodeBook>. A project "
            "(.qdpx) is read with read_qdpx."
        )
    codes, _, kept = read_codes(root, name)
    if not codes:
        raise DataError(f"{name}: the codebook contains no codes.")
    return Codebook(as_path(path).stem, "", codes, kept=kept)


def write_qdc(codebook: Codebook, path: str | Path) -> Path:
    """Write a codebook as a ``.qdc`` file, completely or not at all.

    Parameters
    ----------
    codebook : Codebook
        Title, version, source and gaps have no place in the format and are left out, and so have
        the memos on codes of a project. An id that does not follow from a code's name is written
        where programs do not show it.
    path : str or Path
        Where to write it; the extension should be ``.qdc``.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    DataError
        If it is not a codebook, or a text contains a control character, which XML does not allow.
    """
    if not isinstance(codebook, Codebook):
        raise DataError(
            "codebook: a Codebook is needed, and after it the name of the file; got "
            f"{thing(codebook)}."
        )
    root = ET.Element("CodeBook", {"xmlns": NAMESPACE, "origin": "Arrowroot"})
    add_codes(root, codebook)
    add_sets(root, codebook, member="guid", known=guids(codebook))
    kept = kept_of(codebook)
    root.extend(copy.deepcopy(one) for one in kept.beside)
    drop_memos(root, kept)
    return write_text(serialised(root), path)
