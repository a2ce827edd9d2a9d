"""Which files are tables that can be read, by name and content, and what to do about others."""

from __future__ import annotations

from arrowroot.errors import FileError

TEXT = (".csv", ".tsv", ".txt")
KINDS = (*TEXT, ".xlsx")
"""Possible endings of a table's file name."""

SAVE = "Open it in a spreadsheet program and save it as XLSX or as 'CSV UTF-8'."

_OTHERS = {
    ".xls": "a workbook in the old format",
    ".xlsb": "a binary workbook",
    ".xlsm": "a workbook with macros",
    ".ods": "an OpenDocument spreadsheet",
    ".numbers": "a spreadsheet of Numbers",
}
_ZIP = b"PK\x03\x04"
_OLD = bytes.fromhex("D0CF11E0A1B11AE1")
"""How an .xls begins, and an .xlsx with a password."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WEB = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<body")


def refuse_name(name: str, kind: str) -> None:
    """Refuse a file whose name does not have the ending of a table that can be read."""
    if kind not in KINDS and kind not in _OTHERS:
        raise FileError(
            f"{name}: not a table by its name; tables end in {', '.join(KINDS[:-1])} or "
            f"{KINDS[-1]}."
        )


def is_binary(held: bytes) -> bool:
    """Return whether a file is an archive or an old workbook by its content, and no text."""
    return held.startswith((_ZIP, _OLD))


def refuse_content(name: str, kind: str, held: bytes) -> None:
    """Refuse a file whose content is not a table that can be read."""
    if why := _why_not(kind, held):
        raise FileError(f"{name}: {why}")


def _why_not(kind: str, held: bytes) -> str:
    is_zip, is_old = held.startswith(_ZIP), held.startswith(_OLD)
    if (is_zip and kind == ".xlsx") or (kind in TEXT and not is_zip and not is_old):
        return ""
    if is_old and _ENCRYPTED in held:
        return "protected by a password; save it without one and read it again."
    if kind in _OTHERS and kind != ".xls":
        return f"{_OTHERS[kind]} ({kind}), which cannot be read. {SAVE}"
    if is_old:
        return f"{_OTHERS['.xls']} (.xls), which cannot be read. {SAVE}"
    if is_zip:
        return (
            f"not a {kind} file by its content. If it is a workbook, change the ending of its name "
            "to .xlsx."
        )
    if held[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB):
        return f"a web page by its content, not a workbook. {SAVE}"
    return (
        f"not a readable {kind} workbook. If it is text, change the ending of its name to .csv; "
        "otherwise open it in a spreadsheet program and save it again as XLSX."
    )
