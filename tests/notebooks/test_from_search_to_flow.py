"""The figures that the notebook from search to flow states in prose, recomputed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import synthesis as syn

LIBRARY = Path(__file__).parents[2] / "data" / "case_management" / "library"


@pytest.fixture(scope="module")
def text(text_of: Callable[[str], str]) -> str:
    return text_of("09_from_search_to_flow")


@pytest.fixture(scope="module")
def records() -> syn.Records:
    return syn.read_records([LIBRARY / name for name in ("pubmed.nbib", "zotero.bib", "index.ris")])


def test_the_records_and_their_abstracts(text: str, records: syn.Records) -> None:
    assert "The 25 records are real" in text
    assert len(records.records) == 25
    assert "These exports have no abstracts" in text
    assert (records.records["abstract"] == "").all()


def test_the_links_that_no_doi_confirms(text: str, records: syn.Records) -> None:
    links = syn.find_duplicates(records.records, progress=False)
    assert "Every link here is certain." in text
    assert links["certain"].all()
    assert "each pair that is not confirmed by a DOI; there are three of them" in text
    assert (~links["reason"].str.contains("DOI")).sum() == 3


def test_the_reasons_have_the_keys_named(text: str) -> None:
    reasons = ["not about case management", "review, not a trial", "effects not in the data set"]
    assert str(reasons).replace("'", '"') in text
    assert "`1` to `3` exclude for a reason" in text
