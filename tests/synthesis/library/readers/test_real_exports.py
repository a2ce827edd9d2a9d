"""Files as programs really write them, fault by fault. All references are made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from synthesis.library.citations import Citations
from synthesis.library.duplicates import find_duplicates
from synthesis.library.extraction import extraction_rows
from synthesis.library.readers.found import FIELDS
from synthesis.library.records import Records, read_records
from synthesis.library.writers import write_records

NOT_READ = "not read, since no column has a place for them: "


def read(folder: Path, text: str | bytes, name: str = "a.ris") -> Records:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_records(path)


def ris(folder: Path, *lines: str, kind: str = "JOUR") -> pd.Series:
    tags = [f"TY  - {kind}", *(f"{line[:2]}  - {line[3:]}" for line in lines), "ER  - ", ""]
    return read(folder, "\n".join(tags)).records.iloc[0]


def messages(found: Records) -> list[str]:
    return found.problems["message"].tolist()


def table(*rows: dict[str, str]) -> pd.DataFrame:
    filled = [{**dict.fromkeys(FIELDS, ""), "type": "article", **row} for row in rows]
    return pd.DataFrame(filled).assign(record_id=[f"r{place}" for place in range(len(rows))])


CARE = {"title": "Care at home", "year": "2015", "journal": "BMJ Open", "volume": "5",
        "number": "3", "pages": "100-110"}  # fmt: skip


@pytest.mark.parametrize(
    ("title", "authors", "journal"),
    [
        ("Домашние визиты для профилактики падений у пожилых", "Вельский, Пётр", "Вестник ухода"),
        ("老年人居家护理预防跌倒的随机对照试验", "李, 明", "护理杂志"),
        ("الزيارات المنزلية للوقاية من السقوط", "الوادي, سمير", "مجلة الرعاية"),
        ("Κατ' οίκον επισκέψεις για ηλικιωμένους", "Βάλης, Πέτρος", "Φροντίδα"),
        ("고령자 낙상 예방을 위한 가정 방문", "김, 민", "간호 학회지"),
    ],
)
def test_records_of_every_script_match(title: str, authors: str, journal: str) -> None:
    one = {**CARE, "title": title, "authors": authors, "journal": journal}
    found = find_duplicates(table(one, one), progress=False)
    assert found["certain"].tolist() == [True]
    assert found["reason"][0] == "same title, authors, journal, year, volume, issue, pages"
    other = {**one, "title": title[::-1], "authors": "Other, A.", "pages": "7-9", "volume": "9"}
    assert find_duplicates(table(one, other), progress=False).empty


def test_a_copy_without_accents_is_found() -> None:
    one = {**CARE, "title": "Yaşlılarda düşmelerin önlenmesi için ev ziyaretleri",
           "authors": "Şenol, Işıl", "journal": "Hemşirelik dergisi"}  # fmt: skip
    plain = {**one, "title": "Yaslilarda dusmelerin onlenmesi icin ev ziyaretleri",
             "authors": "Senol, Isil", "journal": "Hemsirelik dergisi"}  # fmt: skip
    assert find_duplicates(table(one, plain), progress=False)["certain"].tolist() == [True]


def test_equal_texts_are_never_called_different() -> None:
    one = {**CARE, "title": "¿¿!", "doi": "10.1000/a", "journal": "†"}
    reasons = find_duplicates(table(one, one), progress=False)["reason"]
    assert not reasons.str.contains("different").any()


@pytest.mark.parametrize(
    ("lines", "pages"),
    [
        (("C7 10152",), "10152"),
        (("C7 Article 10152",), "10152"),
        (("SP 5", "EP 9", "C7 10152"), "5-9"),
        (("SP N.PAG", "C7 e12"), "e12"),
        (("SP N.PAG", "EP N.PAG"), ""),
    ],
)
def test_the_article_number_stands_for_pages(
    tmp_path: Path, lines: tuple[str, ...], pages: str
) -> None:
    assert ris(tmp_path, "TI Care at home", *lines).pages == pages


def test_words_for_nothing_are_blank_and_said_once(tmp_path: Path) -> None:
    text = (
        "title,authors,year,doi,pmid,volume,abstract,keywords\n"
        'Care at home,"Vale, P",2015,NA,NA,NA,NA,NA\nA walk,"Moor, T",2016,10.1000/b,NA,3,N/A,x\n'
    )
    found = read(tmp_path, text, "a.csv")
    assert found.records[["doi", "pmid", "volume", "abstract", "keywords"]].to_numpy().tolist() == [
        ["", "", "", "", ""], ["10.1000/b", "", "3", "", "x"]
    ]  # fmt: skip
    assert messages(found) == [
        "words that mean that there is nothing were left blank: 'NA' in volume (1), doi (1), "
        "pmid (2), abstract (1), keywords (1); 'N/A' in abstract (1)."
    ]
    assert find_duplicates(found.records, progress=False).empty


@pytest.mark.parametrize(
    "lines",
    [("AN 21999931", "DP NLM"), ("AN 21999931", "DB Ovid MEDLINE(R)"), ("N1 PMID: 21999931",),
     ("UR https://pubmed.ncbi.nlm.nih.gov/21999931/",), ("C2 PMID21999931",)],
)  # fmt: skip
def test_pubmed_numbers_of_ris(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert ris(tmp_path, "TI Care at home", *lines).pmid == "21999931"


def test_pubmed_numbers_of_endnote(tmp_path: Path) -> None:
    text = (
        "<xml><records><record><titles><title>Care</title></titles><accession-num>21999931"
        "</accession-num><remote-database-provider>NLM</remote-database-provider></record>"
        "</records></xml>"
    )
    assert read(tmp_path, text, "a.xml").records["pmid"].tolist() == ["21999931"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ris", "TY  - JOUR\nAU  - B&ouml;hmer, A.\nTI  - Care &amp; cure: CO<inf>2</inf>\n"
                  "ER  - \n"),
        ("a.nbib", "PMID- 1\nAU  - B&ouml;hmer A.\nTI  - Care &amp; cure: CO<inf>2</inf>\n"),
        ("a.txt", "PT J\nAU B&ouml;hmer, A.\nTI Care &amp; cure: CO<inf>2</inf>\nER\n"),
        ("a.csv", "Title,Authors,Year\nCare &amp; cure: CO<inf>2</inf>,\"B&ouml;hmer, A.\",2015\n"),
        ("a.bib", "@misc{k, author={B{\\&}ouml;hmer, A.}, title={Care {\\&}amp; cure: "
                  "CO{\\textless}inf{\\textgreater}2{\\textless}/inf{\\textgreater}}}"),
        ("a.enw", "%0 Journal Article\n%A B&ouml;hmer, A.\n%T Care &amp; cure: CO<inf>2</inf>\n"),
        ("a.xml", "<xml><records><record><contributors><authors><author>B&amp;ouml;hmer, A."
                  "</author></authors></contributors><titles><title>Care &amp;amp; cure: "
                  "CO&lt;inf&gt;2&lt;/inf&gt;</title></titles></record></records></xml>"),
        ("a.json", '[{"type": "book", "title": "Care &amp; cure: CO<inf>2</inf>", "author": '
                   '[{"family": "B&ouml;hmer", "given": "A."}]}]'),
    ],
)  # fmt: skip
def test_html_in_every_format(tmp_path: Path, name: str, text: str) -> None:
    row = read(tmp_path, text, name).records.iloc[0]
    assert row["authors"] == "Böhmer, A."
    assert row["title"] == "Care & cure: CO2"


def test_words_for_nothing_of_a_table_that_was_not_read_here() -> None:
    nothing = dict.fromkeys(("doi", "pmid", "abstract"), "NA")
    apart = [{"title": "Care at home", **nothing}, {"title": "A walk a day", **nothing}]
    assert find_duplicates(table(*apart), progress=False).empty
    one = {**CARE, "authors": "Vale, P.", **nothing}
    found = find_duplicates(table(one, {**one, "doi": "10.1000/a"}), progress=False)
    assert found["certain"].tolist() == [True]
    assert found["reason"][0] == "same title, authors, journal, year, volume, issue, pages"


def test_other_scripts_in_other_encodings_are_noticed(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - {}\nER  - \n"
    for encoding, title in (
        ("gb18030", "老年人居家护理预防跌倒"),
        ("shift_jis", "高齢者の在宅ケアと転倒予防"),
        ("cp1251", "Домашние визиты"),
    ):
        told = messages(read(tmp_path, text.format(title).encode(encoding)))[0]
        assert "looks like another script than Latin" in told
        assert encoding in told
        again = read_records(tmp_path / "a.ris", encoding=encoding)
        assert again.records["title"].tolist() == [title]
    told = messages(read(tmp_path, text.format("Béland à Genève").encode("cp1252")))[0]
    assert "another script" not in told


def test_names_without_a_comma_are_cited_and_labelled(tmp_path: Path) -> None:
    records = table({**CARE, "authors": "Vale P.; Moor T.J."})
    vancouver, apa = Citations(records), Citations(records, style="apa")
    vancouver("r0")
    assert vancouver.references()[0].startswith("1. Vale P, Moor TJ. Care")
    assert apa("r0") == "(Vale & Moor, 2015)"
    decisions = pd.DataFrame(
        [["r0", "full_text", "ann", "include", ""]],
        columns=["record_id", "stage", "screener", "decision", "reason"],
    )
    assert extraction_rows(records, decisions, outcomes=["x"])["study"].tolist() == ["Vale 2015"]


@pytest.mark.parametrize(
    ("authors", "vancouver", "mark", "apa"),
    [
        ("Vale, Petra; et al.", "1. Vale P, et al. Care", "(Vale et al., 2015)",
         "Vale, P., et al. (2015)"),
        ("Vale, P.; Moor, T.; et al.", "1. Vale P, Moor T, et al. Care", "(Vale et al., 2015)",
         "Vale, P., Moor, T., et al. (2015)"),
        ("Vale, Tom Luke, Jr", "1. Vale TL Jr. Care", "(Vale, 2015)", "Vale, T. L., Jr. (2015)"),
        ("Bennett, Jr., Frank G.", "1. Bennett FG Jr.", "(Bennett, 2015)", "Bennett, F. G., Jr."),
    ],
)  # fmt: skip
def test_suffixes_and_lists_cut_short_are_cited(
    authors: str, vancouver: str, mark: str, apa: str
) -> None:
    records = table({**CARE, "authors": authors})
    first, second = Citations(records), Citations(records, style="apa")
    first("r0")
    assert first.references()[0].startswith(vancouver)
    assert second("r0") == mark
    assert second.references()[0].startswith(apa)


def test_a_month_is_no_year(tmp_path: Path) -> None:
    found = read(tmp_path, "PT J\nTI Care\nEA JAN\nER\n\nPT J\nTI Walk\nEA JAN 2020\nER\n", "a.txt")
    assert found.records["year"].tolist() == ["", "2020"]
    assert found.records["month"].tolist() == ["1", "1"]


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Title,Abstract,Author Names,Year of Publication,Digital Object Identifier",
         "Care at home,Text,Vale P.,2015,10.1000/a"),
        ("Title,Author Names,Year of Publication,Digital Object Identifier",
         "Care at home,Vale P.,2015,10.1000/a"),
        ("Title,Authors,Published Year,DOI", 'Care at home,"Vale, P.",2015,10.1000/a'),
        ("Title,Authors,pubtitle,year,digitalObjectIdentifier,startPage",
         'Care at home,"Vale, P.",BMJ,2015,10.1000/a,12'),
        ("Document Title,Authors,Publication Year,DOI,Start Page",
         "Care at home,P. Vale,2015,10.1000/a,12"),
        ("Article Title;Author Full Names;Publication Year;DOI;UT (Unique WOS ID)",
         'Care at home;"Vale, P.";2015;10.1000/a;WOS:1'),
        ("Authors,Author full names,Title,Year,Source title,DOI,EID",
         'Vale P.,"Vale, P. (57200000000)",Care at home,2015,BMJ,10.1000/a,2-s2.0-1'),
    ],
)  # fmt: skip
def test_headings_of_many_programs(tmp_path: Path, heading: str, row: str) -> None:
    found = read(tmp_path, f"{heading}\n{row}\n", "a.csv")
    (one,) = found.records.to_dict("records")
    assert (one["title"], one["authors"]) == ("Care at home", "Vale, P.")
    assert (one["year"], one["doi"]) == ("2015", "10.1000/a")
    assert messages(found) == []


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("a.csv", "Title,Year,Times seen,Colour,Blank\nCare,2015,7,blue,\nWalk,2016,8,,\n",
         "Times seen, Colour"),
        ("a.ris", "TY  - JOUR\nTI  - Care\nC1  - blue\nZZ  - more\nER  - \n"
                  "TY  - JOUR\nTI  - Walk\nC1  - red\nER  - \n", "C1, ZZ"),
        ("a.nbib", "PMID- 1\nTI  - Care\nSTAT- MEDLINE\n\nPMID- 2\nTI  - Walk\nGR  - 7\n",
         "STAT, GR"),
        ("a.txt", "PT J\nTI Care\nFU Leaf\nER\n", "FU"),
        ("a.bib", "@misc{k, title={Care}, colour={blue}, shelf={7}}", "colour, shelf"),
        ("a.enw", "%0 Book\n%T Care\n%+ Northfield\n", "%+"),
        ("a.xml", "<xml><records><record><titles><title>Care</title></titles><label>blue</label>"
                  "</record></records></xml>", "label"),
        ("a.json", '[{"type": "book", "title": "Care", "shelf": "7"}]', "shelf"),
    ],
)  # fmt: skip
def test_whatever_was_not_read_is_named_once_per_file(
    tmp_path: Path, name: str, text: str, left: str
) -> None:
    assert messages(read(tmp_path, text, name)) == [
        f"{NOT_READ}{left}. Their text is in the column raw of each record."
    ]


def test_references_without_their_kind_are_read(tmp_path: Path) -> None:
    text = (
        "AU  - Vale, P\nTI  - Care at home\nJO  - BMJ\nVL  - 3\nER  - \n"
        "AU  - Moor, T\nTI  - Walk\nER  - \n"
    )
    found = read(tmp_path, text)
    assert found.records[["title", "authors", "type"]].to_numpy().tolist() == [
        ["Care at home", "Vale, P", "article"], ["Walk", "Moor, T", "other"]
    ]  # fmt: skip
    (told,) = messages(found)
    assert told.startswith("this reference has no line TY")
    assert "1 other in this file" in told


def test_a_kind_that_comes_late(tmp_path: Path) -> None:
    text = "AU  - Vale, P\nTY  - CHAP\nTI  - Care at home\nER  - \nTI  - Walk\nTY  - JOUR\nER  - \n"
    found = read(tmp_path, text)
    assert found.records[["title", "type"]].to_numpy().tolist() == [
        ["Care at home", "chapter"], ["Walk", "article"]
    ]  # fmt: skip
    assert messages(found) == []
    # A reference that was not closed does not swallow the next one.
    two = read(tmp_path, "TI  - Care\nAU  - Vale, P\nTY  - JOUR\nTI  - Walk\nER  - \n")
    assert two.records["title"].tolist() == ["Care", "Walk"]
    assert len(messages(two)) == 2


def test_what_a_program_writes_after_every_reference_is_one_remark(tmp_path: Path) -> None:
    link = "Link to the Ovid Full Text or citation: http://ovid.example/{}"
    text = "".join(f"TY  - JOUR\nTI  - Care {n}\nER  - \n\n{link.format(n)}\n\n" for n in range(5))
    found = read(tmp_path, text)
    assert messages(found) == []
    assert found.around["raw"].tolist() == [link.format(n) for n in range(5)]
    other = read(tmp_path, text.replace("Link to the Ovid", "See the Leaf"))
    assert messages(other) == [
        "text outside any reference; it was not read. The same holds of 4 texts that begin alike."
    ]


def test_lists_in_one_line(tmp_path: Path) -> None:
    assert ris(tmp_path, "TI Care", "KW falls; nurses; home").keywords == "falls; nurses; home"
    row = read(tmp_path, "@misc{k, title={T}, keywords={shelterbelts, etc.; falls}}", "a.bib")
    assert row.records["keywords"].tolist() == ["shelterbelts, etc.; falls"]


def test_a_thesis_has_its_university(tmp_path: Path) -> None:
    text = "@phdthesis{k, title={Care}, author={Vale, Petra}, school={Northfield University}}"
    found = read(tmp_path, text, "a.bib")
    row = found.records.iloc[0]
    assert (row["type"], row["journal"], row["publisher"]) == (
        "thesis", "Northfield University", "Northfield University"
    )  # fmt: skip
    assert messages(found) == []
    write_records(found.records, tmp_path / "again.bib")
    assert "school = {Northfield University}" in (tmp_path / "again.bib").read_text("utf-8")


def test_braces_in_a_macro_stay_braces(tmp_path: Path) -> None:
    text = "@string{m={\\{x\\}}}\n@misc{k, title=m, note={Fig.~2}}\n@misc{l, title={\\{x\\}}}"
    found = read(tmp_path, text, "a.bib")
    assert found.records["title"].tolist() == ["{x}", "{x}"]
    assert found.records["notes"][0] == "Fig. 2"


def test_every_address_abstract_and_doi_is_kept(tmp_path: Path) -> None:
    row = ris(
        tmp_path, "TI Care", "UR https://x.example", "UR https://y.example", "AB Leaves fall.",
        "N2 Las hojas caen.", "DO 10.1000/a", "DO 10.1000/b", "N1 a; b", "N1 c",
        "SN 1234-5678", "SN 9781433805615", "LA eng", "PB Leaf", "ED Oak, Ann",
    )  # fmt: skip
    assert row["url"] == "https://x.example"
    assert row["notes"] == "a; b | c | URL: https://y.example"
    assert (row["abstract"], row["second_abstract"]) == ("Leaves fall.", "Las hojas caen.")
    assert (row["doi"], row["second_doi"]) == ("10.1000/a", "10.1000/b")
    assert (row["issn"], row["isbn"]) == ("1234-5678", "9781433805615")
    assert (row["language"], row["publisher"], row["editors"]) == ("eng", "Leaf", "Oak, Ann")
