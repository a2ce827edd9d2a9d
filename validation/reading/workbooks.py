"""Workbooks changed by hand and damaged at random, as files are damaged."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from random import Random

from openpyxl import Workbook
from openpyxl.comments import Comment

SHEET = "xl/worksheets/sheet1.xml"
ROWS = (["study", "yi", "vi"], ["A", 0.1, 0.04], ["B", 0.3, 0.05], ["C", 0.9, 0.02])

_PUT_IN = (
    *(b"", b"-1", b"x", b"99999999999", b"1e999", b"ZZZZ9", b"0", b"1.5", b"NaN", b"A0", b"A1:B"),
    *(b"\xc3\xa9", b"\xff", b"2147483648", b"XFD1048576", b"inlineStr", b"d", b"&lt;"),
)


def book(
    change: Callable[[bytes], bytes | None] | None = None,
    rows: Sequence[Sequence[object]] = ROWS,
    part: str = SHEET,
) -> bytes:
    """Return a workbook of one sheet, of which one part was changed, or taken out by None."""
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(list(row))
    parts = parts_of(packed(made))
    if change is not None:
        parts[part] = change(parts[part])
    return archive({name: held for name, held in parts.items() if held is not None})


def packed(made: Workbook) -> bytes:
    """Return a workbook as a file."""
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def parts_of(held: bytes) -> dict[str, bytes | None]:
    """Return the parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(held)) as source:
        return {name: source.read(name) for name in source.namelist()}


def archive(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    """Return parts as a ZIP archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as out:
        for name, part in parts.items():
            out.writestr(name, part)
    return held.getvalue()


def rich() -> bytes:
    """Return a workbook with everything that readers look at."""
    made = Workbook()
    sheet = made.worksheets[0]
    for row in ROWS:
        sheet.append([*row, f"seen by {row[0]}", datetime(2024, 5, 4, 10, 30), True])
    sheet["A5"], sheet["B5"] = "'-Vale", "=0.1+0.2"
    sheet["C5"], sheet["C5"].number_format = 0.25, "0%"
    sheet["A1"].comment = Comment("a note", "somebody")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("H1:I2")
    made.create_sheet("more")["B2"] = "a thought"
    parts = parts_of(packed(made))
    stored = re.sub(rb"<v ?/>|<v></v>", b"<v>0.3</v>", parts[SHEET] or b"")
    return archive({**{name: held or b"" for name, held in parts.items()}, SHEET: stored})


def damaged(random: Random, whole: bytes) -> bytes:
    """Return a workbook that is damaged in its bytes, or in the XML of one of its parts."""
    way = random.randrange(6)
    if way == 0:
        held = bytearray(whole)
        for _ in range(random.choice((1, 3, 20))):
            held[random.randrange(len(held))] = random.randrange(256)
        return bytes(held)
    if way == 1:
        return whole[: random.randrange(len(whole))]
    parts = {name: held or b"" for name, held in parts_of(whole).items()}
    name = random.choice(sorted(parts))
    if way == 2:
        del parts[name]
    else:
        parts[name] = _garbled(random, parts[name], way)
    return archive(parts, random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def _garbled(random: Random, part: bytes, way: int) -> bytes:
    if way == 3:
        held = bytearray(part)
        for _ in range(random.choice((1, 5))):
            held[random.randrange(len(held))] = random.randrange(256)
        return bytes(held)
    if way == 4:
        value = random.choice(re.findall(rb'"[^"]*"|>[^<]+<', part) or [b'""'])
        return part.replace(value, value[:1] + random.choice(_PUT_IN) + value[-1:])
    tag = random.choice(re.findall(rb"<[^>]+>", part) or [b"<a>"])
    return part.replace(tag, random.choice((b"", tag * 2, b"<x/>", tag.replace(b"main", b"x"))), 1)
