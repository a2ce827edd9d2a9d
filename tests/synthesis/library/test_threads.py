"""Libraries read and compared in threads, beside whatever else the process does."""

from __future__ import annotations

import csv
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from number_parser import parser

from synthesis.library.duplicates import find_duplicates
from synthesis.library.records import read_records

BIBTEX = "@article{oak, title = {Oaks}, year = {2001}}\n@article{oak, title = {Oaks again}}\n"


def test_files_are_read_alike_in_threads(tmp_path: Path) -> None:
    table, library = tmp_path / "long.csv", tmp_path / "twice.bib"
    table.write_text(f"Title,Year,Abstract\nOaks,2001,{'leaf ' * 30_000}\n", "utf-8")
    library.write_text(BIBTEX, "utf-8")
    limit = csv.field_size_limit()

    def read(number: int) -> pd.DataFrame:
        return read_records(table if number % 2 else library).records

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read, range(12)))
    for number, records in enumerate(found):
        pd.testing.assert_frame_equal(records, read(number))
    assert csv.field_size_limit() == limit


def test_the_log_of_another_thread_is_heard_while_bibtex_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from bibtexparser import entrypoint

    log, parse = logging.getLogger("bibtexparser.splitter"), entrypoint.parse_string

    def meanwhile(*given: object, **named: object) -> object:
        thread = threading.Thread(target=log.warning, args=["from another thread"])
        thread.start()
        thread.join()
        log.warning("from the reader")
        return parse(*given, **named)

    monkeypatch.setattr(entrypoint, "parse_string", meanwhile)
    library = tmp_path / "twice.bib"
    library.write_text(BIBTEX, "utf-8")
    with caplog.at_level(logging.WARNING):
        assert len(read_records(library).problems) == 2
        log.warning("from here, afterwards")
    assert caplog.messages == ["from another thread", "from here, afterwards"]


# pandas keeps filters of its own while it works, and takes them from the other threads.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_duplicates_are_found_alike_in_threads() -> None:
    records = pd.DataFrame(  # made up
        {
            "record_id": [f"r{number}" for number in range(6)],
            "title": ["Oaks in five seasons", "Oaks in 5 seasons", "Elms", "Elms", "Ash", "Yew"],
            "authors": ["Doe, Jane"] * 6,
            "year": ["2001"] * 6,
            "journal": ["Journal of Leaves"] * 6,
            "pages": ["1-9", "1-9", "10-19", "10-19", "20-29", "30-39"],
        }
    )
    tables = parser.LanguageData
    alone = find_duplicates(records, progress=False)
    assert len(alone) >= 1
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda _: find_duplicates(records, progress=False), range(6)))
    for links in together:
        pd.testing.assert_frame_equal(links, alone)
    assert parser.LanguageData is tables
