"""`load` and `about`: types as described, clear refusals, a record that shows itself."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from arrowroot import data_folder
from arrowroot.errors import DataError, FileError, OptionError
from synthesis import datasets

DESCRIPTION = """
title: Synthetic set
description: Two studies made up for this test.
sources: [doe2001]
licence: none
default: studies.csv
files:
  - file: studies.csv
    description: One row per study.
    columns:
      - {name: study, type: text, meaning: Label}
      - {name: n, type: integer, meaning: Size, unit: people}
      - {name: g, type: printed, meaning: Effect}
"""
BIBLIOGRAPHY = "@article{doe2001, author = {Doe, J.}, title = {Leaves}, year = {2001}}\n"
TABLE = "study,n,g\nNA,1,0.00\n007,,0.10\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one synthetic set, which a test may spoil."""
    made = tmp_path / "made"
    made.mkdir()
    (made / "dataset.yaml").write_text(DESCRIPTION, encoding="utf-8")
    (made / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    (made / "studies.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.setenv(data_folder.VARIABLE, str(tmp_path))
    return made


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def test_codes_stay_text_and_only_empty_cells_are_missing(folder: Path) -> None:
    table = datasets.load("made")
    assert table["study"].tolist() == ["NA", "007"]
    assert table["g"].tolist() == ["0.00", "0.10"]
    assert table["n"].isna().tolist() == [False, True]


def test_whole_numbers_are_integers_unless_a_cell_is_empty(folder: Path) -> None:
    assert datasets.load("made")["n"].dtype == "float64"
    spoil(folder, "studies.csv", "007,,", "007,2,")
    assert datasets.load("made")["n"].dtype == "int64"


@pytest.mark.parametrize("name", datasets.names())
def test_the_tables_are_read_as_pandas_reads_them(name: str) -> None:
    for table in datasets.about(name).tables:
        path = datasets.path(name, table.file)
        plain = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
        read = datasets.load(name, Path(table.file).stem)
        texts = [one.name for one in table.columns if one.type not in ("integer", "number")]
        pd.testing.assert_frame_equal(read[texts], plain[texts], check_exact=True)
        for column in set(read.columns) - set(texts):
            assert read[column].dtype in ("int64", "float64")
            # Python's own float is exact to the last digit.
            exact = [float(cell) for cell in plain[column]]
            assert read[column].astype(float).tolist() == pytest.approx(exact, 0, 0, nan_ok=True)


def test_a_row_that_does_not_fit_is_named(folder: Path) -> None:
    spoil(folder, "studies.csv", "NA,1,0.00", "NA,1,0.00,5")
    with pytest.raises(DataError, match=r"studies.csv, line 2: the row has 4 cells, the header 3"):
        datasets.load("made")


def test_a_table_is_picked_by_its_name() -> None:
    assert len(datasets.load("sixcs")) == 64
    assert len(datasets.load("sixcs", table="coding")) == 128
    assert len(datasets.load("sixcs", "epoc_2002")) == 53


def test_an_unknown_name_suggests_a_near_one() -> None:
    with pytest.raises(OptionError, match=r"name must be one of .*'bcg'.*Did you mean 'bcg'\?"):
        datasets.load("bgc")
    with pytest.raises(OptionError, match=r"got 'baskerville'.*Did you mean 'baskerville2012'\?"):
        datasets.about("baskerville")


def test_an_unknown_table_lists_those_there_are() -> None:
    with pytest.raises(OptionError, match=r"table must be one of 'actions', 'coding', .*'codings'"):
        datasets.load("sixcs", table="codings")


def test_a_name_cannot_lead_out_of_the_data_folder() -> None:
    with pytest.raises(OptionError, match="name must be one of"):
        datasets.load("../data/bcg")


def test_about_shows_the_citation_and_every_column() -> None:
    info = datasets.about("baskerville2012")
    assert str(info) == (
        "baskerville2012: Practice facilitation in primary care. Baskerville, N. B., Liddy, C., & "
        "Hogg, W. (2012). Systematic review and meta-analysis of practice facilitation within "
        "primary care settings. Annals of Family Medicine, 10(1), 63–74. "
        "https://doi.org/10.1370/afm.1312"
    )
    html = info._repr_html_()
    assert "Annals of Family Medicine, 10(1), 63–74" in html
    assert "Average length of a meeting (hours)" in html
    assert "estimate 0.56, ci_low 0.43, ci_high 0.68, I2 20" in html
    assert list(info.columns()["column"]) == list(datasets.load("baskerville2012").columns)


def test_targets_keep_the_printed_digits() -> None:
    targets = datasets.about("raudenbush1985").targets()
    slope = targets.set_index("quantity").loc["slope"]
    assert (slope["printed"], slope["digits"], slope["source"]) == ("-0.157", 3, "raudenbush2009")
    assert targets["printed"].iloc[-1] == "0.000"


def test_a_set_without_printed_numbers_has_an_empty_table_of_targets() -> None:
    targets = datasets.about("case_management").targets()
    assert targets.empty
    assert "printed" in targets.columns


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        datasets.about("bcg").title = "another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: Synthetic set", "titel: Synthetic set", r"yaml, line 1.* 'title' is missing"),
        (
            "licence: none",
            "licence: none\nlicense: none",
            r"line 6, column 1: .*'license'; did you",
        ),
        ("type: integer", "type: whole", r"line 12, column 25: type must be 'text'"),
        ("default: studies.csv", "default: trials.csv", r"default must be one of 'studies.csv'"),
        ("file: studies.csv", "file: ../studies.csv", r"in the folder itself, not at '../studies"),
        ("sources: [doe2001]", "sources: [roe2001]", r"references.bib has no entry 'roe2001'"),
        ("title: Synthetic set", "title: [", r"made/dataset.yaml, line 4, column 8: not YAML: "),
        ("{name: study,", "{name: label,", r"has the columns study, n, g; .* lists label, n, g"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(
    folder: Path, old: str, new: str, message: str
) -> None:
    spoil(folder, "dataset.yaml", old, new)
    with pytest.raises((DataError, OptionError), match=message):
        datasets.load("made")


def test_a_cell_that_is_no_number_is_named(folder: Path) -> None:
    spoil(folder, "studies.csv", "NA,1,", "NA,one,")
    with pytest.raises(DataError, match=r"made/studies.csv, column n: .*'one'"):
        datasets.load("made")


def test_a_missing_table_is_named(folder: Path) -> None:
    (folder / "studies.csv").unlink()
    with pytest.raises(FileError, match=r"made/studies.csv is missing from the data folder"):
        datasets.load("made")


def test_numbers_are_read_to_their_last_digit(folder: Path) -> None:
    spoil(folder, "dataset.yaml", "{name: g, type: printed", "{name: g, type: number")
    spoil(folder, "studies.csv", "0.10", "0.165514438477573")
    assert datasets.load("made")["g"].iloc[1] == float("0.165514438477573")


def test_loading_twice_gives_two_tables() -> None:
    first = datasets.load("bcg")
    first.loc[0, "study"] = "changed"
    assert datasets.load("bcg")["study"].iloc[0] == "Aronson 1948"
    pd.testing.assert_frame_equal(datasets.load("bcg"), datasets.load("bcg", "trials"))
