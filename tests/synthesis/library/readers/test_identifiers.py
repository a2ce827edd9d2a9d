"""DOIs, PubMed numbers, ISSN, pages and registration numbers in the spellings that are met."""

import pytest

from synthesis.library.readers import found
from synthesis.library.readers.fields import identifiers
from synthesis.library.readers.fields.absent import is_absent
from synthesis.library.readers.fields.registrations import registrations


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1000 / abc", "10.1000/abc"),
        ("10.1000/ab\\_c", "10.1000/ab_c"),
        ("10.1000/a\u00adbc\u200b", "10.1000/abc"),
        ("https://doi.org/10.1000/abc/", "10.1000/abc"),
        ("https://link.springer.com/content/pdf/10.1007/s1-5.pdf", "10.1007/s1-5"),
        ("10.1000/abc.pdf", "10.1000/abc.pdf"),
        ("HTTP://DX.DOI.ORG/10.1000/ABC.", "10.1000/ABC"),
    ],
)
def test_what_surrounds_a_doi_is_no_part_of_it(written, doi):
    assert identifiers.dois(written) == [doi]


@pytest.mark.parametrize(
    "written",
    [
        "21999931", "PMID: 21999931", "PMID21999931", "21999931.0", "21,999,931", "2.1999931E7",
        "021999931", "21999931 [pmid]", "pm21999931", "med:21999931", "PMC3219999; 21999931",
        "https://pubmed.ncbi.nlm.nih.gov/21999931/", "PMID: 21999931; PMCID: PMC3219999.",
    ],
)  # fmt: skip
def test_a_pubmed_number_comes_without_what_spreadsheets_and_labels_add(written):
    assert identifiers.pubmed_number(written) == "21999931"


@pytest.mark.parametrize("written", ["PMC3219999", "PMCID: PMC3219999", "0", "L603412345", "x"])
def test_other_numbers_are_not_pubmed_s(written):
    assert identifiers.pubmed_number(written) == ""


@pytest.mark.parametrize("written", ["1465-185X", "1465185x", "1465 185X", "1465–185X"])
def test_an_issn_has_its_hyphen_in_the_end(written):
    assert identifiers.issns(written) == ["1465-185X"]


def test_parts_of_a_spaced_isbn_are_no_issn():
    assert identifiers.issns("0 7234 3226 9") == []


@pytest.mark.parametrize(
    ("begin", "end", "pages"),
    [
        ("10-20", "20", "10-20"), ("10", "10-20", "10-20"), ("1", "0", "1"),
        ("100", "10", "100-10"),
        ("pp. 5-9", "", "5-9"), ("p. e12", "", "e12"), ("Article 10152", "", "10152"),
        ("Art. No. 10152", "", "10152"), ("Article ID 10152", "", "10152"), ("P12", "", "P12"),
        ("CD001234", "", "CD001234"), ("1 − 9", "", "1-9"),
    ],
)  # fmt: skip
def test_pages_are_the_same_however_they_are_written(begin, end, pages):
    assert found.pages(begin, end) == pages


@pytest.mark.parametrize(
    ("written", "year", "month"),
    [
        ("20150717", "2015", ""), ("201507", "2015", ""), ("２０１５", "2015", ""),
        ("17/07/2015", "2015", "7"), ("07/17/2015", "2015", "7"), ("05/06/2015", "2015", ""),
        ("42202", "42202", ""), ("'15", "'15", ""), ("١٣٩٤", "1394", ""), ("JAN 5", "", "1"),
    ],
)  # fmt: skip
def test_dates_are_read_or_kept(written, year, month):
    assert (found.year(written), found.month(written)) == (year, month)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("NCT: 01234567", "NCT01234567"), ("NCT No. 01234567", "NCT01234567"),
        ("nct-01234567", "NCT01234567"), ("NCT\u00a001234567", "NCT01234567"),
        ("NCT０１２３４５６７", "NCT01234567"), ("ISRCTN: 12345678", "ISRCTN12345678"),
        ("EudraCT (2010-012345-67)", "EudraCT 2010-012345-67"),
        ("EudraCT 2010‐012345‐67", "EudraCT 2010-012345-67"),
        ("EU Clinical Trials Register 2010-012345-67", "EudraCT 2010-012345-67"),
        ("CTIS2022-501234-12-00", "CTIS 2022-501234-12"),
        ("ACTRN 12612001234567", "ACTRN12612001234567"),
        ("actrn-12612001234567p", "ACTRN12612001234567"),
        ("ANZCTR 12612001234567", "ACTRN12612001234567"),
        ("ChiCTR-1900012345", "CHICTR1900012345"), ("ChiCTR: 1900012345", "CHICTR1900012345"),
        ("ChiCTR-TRC-12001234", "CHICTR-TRC-12001234"), ("DRKS 00012345", "DRKS00012345"),
        ("DRKS-ID: DRKS00012345", "DRKS00012345"), ("CTRI-2017-01-001234", "CTRI/2017/01/001234"),
        ("CTRI /2017/01/001234", "CTRI/2017/01/001234"), ("UMIN-CTR: 000012345", "UMIN000012345"),
        ("JPRN-UMIN000012345", "UMIN000012345"), ("jRCT 1031180123", "JRCT1031180123"),
        ("JapicCTI 123456", "JAPICCTI-123456"), ("PACTR 201234567890123", "PACTR201234567890123"),
        ("NTR 1234", "NTR1234"), ("ntr-1234", "NTR1234"),
        ("Netherlands Trial Register NL7654", "NL7654"), ("NL12345.018.12", "NL12345.018.12"),
        ("IRCT 20120101234567N12", "IRCT20120101234567N12"), ("KCT 0001234", "KCT0001234"),
        ("TCTR 20180123456", "TCTR20180123456"), ("SLCTR-2017-012", "SLCTR/2017/012"),
        ("RBR 2abc3d", "RBR-2ABC3D"), ("PHRR230123-001234", "PHRR230123-001234"),
        ("U1111-1234-5678", "U1111-1234-5678"), ("CRD 42018123456", "CRD42018123456"),
    ],
)  # fmt: skip
def test_a_registration_number_is_one_in_every_spelling(written, number):
    assert registrations(f"The trial (reg. {written}) ended.") == [number]


@pytest.mark.parametrize(
    "written",
    ["NCT012345678", "xNCT01234567", "2010-012345-67", "NL7654", "intractable 1234", "NTR1 gene",
     "spectrum 20170123", "control 1234"],
)  # fmt: skip
def test_what_only_looks_like_a_registration_number_is_none(written):
    assert registrations(written) == []


def test_a_number_without_a_name_is_read_in_a_field_for_such_numbers():
    assert registrations(own=["2010-012345-67", "2022-501234-12-00"]) == [
        "EudraCT 2010-012345-67",
        "CTIS 2022-501234-12",
    ]


@pytest.mark.parametrize("field", ["doi", "pages", "authors", "journal", "keywords", "volume"])
@pytest.mark.parametrize("word", ["-", "—", ".", "?", "[not available]", "(none)", "Not reported",
                                  "#N/A", "N.A.", "NULL", "None"])  # fmt: skip
def test_words_for_nothing_are_nothing_in_every_field(field, word):
    assert is_absent(field, word)


@pytest.mark.parametrize(
    ("field", "value"),
    [("authors", "Na"), ("title", "Unknown"), ("keywords", "unknown"), ("volume", "0"),
     ("abstract", "None of the participants fell."), ("authors", "Nil, P")],
)  # fmt: skip
def test_names_and_sentences_are_something(field, value):
    assert not is_absent(field, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [("doi", "0"), ("year", "n.d."), ("publisher", "[S.n.]"), ("authors", "[No authors listed]"),
     ("pages", "[Epub ahead of print]"),
     ("abstract", "No abstract is available for this article.")],
)  # fmt: skip
def test_some_words_are_nothing_only_where_they_say_so(field, value):
    assert is_absent(field, value)
