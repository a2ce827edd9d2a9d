"""Codebooks in REFI-QDA's exchange format, ``.qdc``, which NVivo, ATLAS.ti and others read.

References
----------
REFI-QDA Standard 1.5 (2019), codebook exchange: namespace ``urn:QDA-XML:codebook:1.0``.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from arrowroot.errors import DataError
from arrowroot.files import as_path, read_bytes, write_text
from synthesis.coding.codebook import Codebook
from synthesis.coding.refi import codes as refi_codes

NAMESPACE: Final = "urn:QDA-XML:codebook:1.0"


def read_qdc(path: str | Path) -> Codebook:
    """Read a codebook from a ``.qdc`` file.

    Codes without an id from Arrowroot get one from their name, with the names above it where a
    name occurs more than once. Colours, sets and notes of other programs are left out.

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
    root = refi_codes.parse(read_bytes(path), name)
    if refi_codes.local(root) != "CodeBook":
        raise DataError(
            f"{name}: contains <{refi_codes.local(root)}>, not a REFI-QDA <CodeBook>. A project "
            "(.qdpx) is read with read_qdpx."
        )
    codes, _ = refi_codes.read_codes(root, name)
    if not codes:
        raise DataError(f"{name}: the codebook contains no codes.")
    return Codebook(as_path(path).stem, "", codes)


def write_qdc(codebook: Codebook, path: str | Path) -> Path:
    """Write a codebook as a ``.qdc`` file, completely or not at all.

    Parameters
    ----------
    codebook : Codebook
        Title, version, source and gaps have no place in the format and are left out.
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
            f"{type(codebook).__name__}."
        )
    root = ET.Element("CodeBook", {"xmlns": NAMESPACE, "origin": "Arrowroot"})
    refi_codes.add_codes(root, codebook)
    return write_text(refi_codes.serialised(root), path)
