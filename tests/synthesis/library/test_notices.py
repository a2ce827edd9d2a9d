"""Retractions, concerns and corrections: found in titles and tags, and said. All made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from synthesis.library.notices.table import publication_notices
from synthesis.library.notices.words import notice_of
from synthesis.library.records import read_records


@pytest.mark.parametrize(
    ("title", "raw", "notice"),
    [
        ("RETRACTED: Leaves", "", "retracted"),
        ("[Retracted] Leaves", "", "retracted"),
        ("Retracted Article: Leaves", "", "retracted"),
        ("Leaves in winter (Retracted article)", "", "retracted"),
        ("Leaves in winter [Retracted]", "", "retracted"),
        ("WITHDRAWN: Leaves", "", "retracted"),
        ("Retraction: Leaves", "", "retraction notice"),
        ("Retraction notice to: Leaves", "", "retraction notice"),
        ("Expression of concern: Leaves", "", "expression of concern"),
        ("Erratum to: Leaves", "", "erratum"),
        ("Correction to: Leaves", "", "erratum"),
        ("Corrigendum: Leaves", "", "erratum"),
        ("Correction of vision in old age", "", ""),
        ("Correction to normal values of iron", "", ""),
        ("Withdrawal of sedatives", "", ""),
        ("Retracted stents", "PT  - Retracted Publication\n", "retracted"),
        ("Leaves", "RIN - Lancet. 2010\n", "retracted"),
        ("Leaves", "ECI - Lancet. 2010\n", "expression of concern"),
        ("Leaves", "EIN - Lancet. 2010\n", "corrected"),
        ("Leaves", "ROF - Lancet. 2010\n", "retraction notice"),
        ("Leaves", '<CommentsCorrections RefType="RetractionIn">', "retracted"),
        ("Leaves", "AB  - Retracted publications were left out.\n", ""),
    ],
)
def test_what_a_reference_says_of_itself(title: str, raw: str, notice: str) -> None:
    assert notice_of({"title": title}, raw) == notice


def test_the_column_of_records(tmp_path: Path) -> None:
    path = tmp_path / "p.nbib"
    path.write_text(
        "PMID- 1\nTI  - Leaves in winter and spring.\nRIN - Tree J. 2020\n"
        "PT  - Retracted Publication\n\nPMID- 2\nTI  - Roots in a long winter.\n",
        encoding="utf-8",
    )
    assert read_records(path).records["notice"].tolist() == ["retracted", ""]


def test_a_notice_is_about_the_record_with_its_title() -> None:
    records = pd.DataFrame(
        {
            "record_id": ["a:1", "b:1", "b:2"],
            "title": ["Leaves in winter", "Retraction: Leaves in Winter.", "Roots in winter"],
        }
    )
    found = publication_notices(records)
    assert found.to_numpy().tolist() == [
        ["a:1", "retracted", "b:1"],
        ["b:1", "retraction notice", "the record itself"],
    ]
