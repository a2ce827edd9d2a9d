"""Files that programs, people and conversions have spoilt, all of them made up for these tests."""

import pandas as pd
import pytest

import synthesis as syn

RIS = "TY  - JOUR\nTI  - {}\nAU  - Vale, P\nPY  - 2015\nER  - \n"
OWN = ["record_id", "type", "title", "journal", "accession", "registration", "volume"]


@pytest.fixture
def read(tmp_path):
    def _read(text, name="export.ris"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return syn.read_records(path)

    return _read


def told(result):
    return " ".join(result.problems["message"])


@pytest.mark.parametrize(
    "title", ["Größe der Häuser", "Étude à domicile", "Care – a “trial”", "Уход на дому"]
)
@pytest.mark.parametrize("name", ["a.ris", "a.csv", "a.bib"])
def test_letters_saved_as_utf_8_twice_over_are_read_as_meant_and_said(read, title, name):
    written = {
        "a.ris": RIS.format(title),
        "a.csv": f"Title,Authors,Year\n{title},Böhmer A; Moor T,2015\n",
        "a.bib": f"@article{{k, title={{{title}}}, author={{Vale, P}}, year=2015}}\n",
    }[name]
    spoilt = written.encode().decode("latin-1").encode()
    result = read(spoilt, name)
    assert result.records["title"].tolist() == [title]
    assert "twice over" in told(result)
    if name == "a.csv":
        assert result.records["authors"].tolist() == ["Böhmer, A; Moor, T"]


@pytest.mark.parametrize("title", ["MENÜ– und «LIBERTÉ»", "Das „Ö“ und Ähnliches", "A Ã B"])
def test_letters_that_are_meant_stay(read, title):
    result = read(RIS.format(title))
    assert result.records["title"].tolist() == [title]
    assert "twice over" not in told(result)


def test_lines_with_two_carriage_returns_are_lines(read):
    text = "PMID- 123\nTI  - Care at home\nFAU - Vale, P\n\nPMID- 124\nTI  - Walks\n"
    result = read(text.replace("\n", "\r\r\n"), "a.nbib")
    assert result.records["title"].tolist() == ["Care at home", "Walks"]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Schr{\\\"o}dinger and \\'{e}tudes", "Schrödinger and études"),
        ("$\\alpha$ blockers and \\textit{more}", "α blockers and more"),
        ("O\\'Neil and C:\\users", "O\\'Neil and C:\\users"),
        ("groups <A> and <B>", "groups <A> and <B>"),
        ("if A<B and C>D", "if A<B and C>D"),
        ("<i>Care</i> at <b>home</b>", "Care at home"),
    ],
)
@pytest.mark.parametrize("name", ["a.ris", "a.csv"])
def test_marks_that_can_be_nothing_else_go_and_others_stay(read, written, plain, name):
    text = RIS.format(written) if name == "a.ris" else f"Title,Year\n{written},2015\n"
    assert read(text, name).records["title"].tolist() == [plain]


def test_a_formula_keeps_the_blank_behind_it(read):
    text = r"@article{k, title={$\alpha$ blockers, \href{http://x.example}{here}}, year=2015}"
    assert read(text, "a.bib").records["title"].tolist() == ["α blockers, here"]


@pytest.mark.parametrize("second", [",", ";", "\t"])
def test_exports_put_one_behind_the_other_are_read_each_with_its_headings(read, second):
    first = "Title,Authors,Year\nCare at home,Vale P,2015\n"
    more = "Year|Title|Authors\n2016|Walks a day|Moor T\n".replace("|", second)
    result = read(first + more, "a.csv")
    assert result.records["title"].tolist() == ["Care at home", "Walks a day"]
    assert result.records["year"].tolist() == ["2015", "2016"]
    assert result.records["source_line"].tolist() == [2, 4]


@pytest.mark.parametrize(
    ("another", "form"),
    [
        (RIS.format("Walks"), "RIS"),
        ("PMID- 123\nTI  - Walks\n", "PubMed"),
        ("@article{k, title={Walks}}\n", "BibTeX"),
        ('<?xml version="1.0"?><records><record/></records>', "EndNote XML"),
        ('[{"type": "book", "title": "Walks"}]\n', "CSL-JSON"),
    ],
)
@pytest.mark.parametrize(
    "first", ["Title,Year\nCare at home,2015\n", "%0 Book\n%T Care at home\n%X Long ago\n"]
)
def test_another_format_behind_an_export_is_said_and_not_swallowed(read, first, another, form):
    result = read(f"{first}\n{another}", "a.txt")
    assert result.records["title"].tolist() == ["Care at home"]
    assert f"It looks like {form}" in told(result)
    assert "Walks" not in " ".join(result.records["raw"])


def test_what_a_cell_holds_of_another_format_is_no_second_export(read, tmp_path):
    """The column raw of a written table holds references of every format, line by line."""
    text = RIS.format("Care at home") + "\n" + RIS.format("Walks a day")
    records = read(text.replace("ER  - ", "N1  - a note\n%0 Book\n@book{x}\nER  - ")).records
    again = syn.read_records(syn.write_records(records, tmp_path / "again.csv"))
    assert again.records["title"].tolist() == ["Care at home", "Walks a day"]
    assert again.records["raw"].tolist() != ["", ""]


def test_a_table_behind_endnote_tags_is_not_part_of_the_last_reference(read):
    result = read("%0 Book\n%T Care at home\n\nTitle,Year\nWalks,2016\n", "a.enw")
    assert "It looks like CSV" in told(result)


@pytest.mark.parametrize(
    "headings",
    [
        "Titel;Autoren;Jahr;Zeitschrift;Seiten", "Título;Autores;Año;Revista;Páginas",
        "Titre;Auteurs;Année;Revue;Pages", "Titolo;Autori;Anno;Rivista;Pagine",
        "Название;Авторы;Год;Журнал;Страницы", "题名;作者;年份;期刊;页码",
        "タイトル;著者;発行年;雑誌;ページ", "TITLE;AUTHORS;YEAR;JOURNAL;PAGES",
        "ArticleTitle;AuthorNames;PublicationYear;JournalTitle;PageRange",
    ],
)  # fmt: skip
def test_headings_in_other_languages_and_spellings_are_known(read, headings):
    result = read(f"{headings}\nCare at home;Vale P;2015;BMJ;1-9\n", "a.csv")
    held = result.records.iloc[0][["title", "authors", "year", "journal", "pages"]].tolist()
    assert held == ["Care at home", "Vale, P", "2015", "BMJ", "1-9"]
    assert told(result) == ""


def test_line_breaks_in_a_cell_separate_people(read):
    result = read('Title,Authors,Year\nCare,"Vale, P.\nMoor, T.",2015\n', "a.csv")
    assert result.records["authors"].tolist() == ["Vale, P.; Moor, T."]


def test_values_that_are_not_what_their_column_is_for_are_kept_and_said(read):
    result = read(
        "Title,Authors,Year,DOI,PMID\nCare,Vale P,42202,see web,PMC3219999\nWalks,Moor T,2015,,\n",
        "a.csv",
    )
    held = result.records.iloc[0]
    assert (held["year"], held["doi"], held["pmid"]) == ("42202", "see web", "")
    assert held["notes"] == "Under PMID stands: PMC3219999"
    for word in ("'42202' in year (1)", "'see web' in doi (1)", "'PMC3219999' in pmid (1)"):
        assert word in told(result)


def test_a_registration_that_is_not_recognised_is_a_note(read):
    result = read("Title,Year,Registration number\nCare,2015,Trust 77\n", "a.csv")
    assert result.records["notes"].tolist() == ["Registration: Trust 77"]


@pytest.mark.parametrize("ending", ["csv", "ris", "bib"])
@pytest.mark.parametrize("kind", ["preprint", "registration", "thesis", "conference", "other"])
def test_the_kind_of_publication_comes_back_from_every_format(tmp_path, ending, kind):
    row = dict.fromkeys(OWN, "") | {"record_id": "a:1", "type": kind, "title": "Care at home"}
    path = syn.write_records(pd.DataFrame([row]), tmp_path / f"out.{ending}")
    assert syn.read_records(path).records["type"].tolist() == [kind]


@pytest.mark.parametrize(
    ("lines", "kind", "notice"),
    [
        ("M3  - Retraction of Publication\n", "article", "retraction notice"),
        ("M3  - Erratum\n", "article", "erratum"),
        ("M3  - Retracted Publication\n", "article", "retracted"),
        ("M3  - Expression of Concern\n", "article", "expression of concern"),
        ("M3  - Article; Proceedings Paper\n", "conference", ""),
        ("M3  - Dissertation/Thesis\n", "thesis", ""),
        ("M3  - 10.1000/abc\n", "article", ""),
        ("T2  - Dissertation Abstracts International: Section B\n", "thesis", ""),
    ],
)
def test_what_ris_says_of_the_kind_of_work_counts(read, lines, kind, notice):
    text = f"TY  - JOUR\nTI  - Care at home\n{lines}T2  - BMJ\nVL  - 3\nER  - \n"
    held = read(text).records.iloc[0]
    assert (held["type"], held["notice"]) == (kind, notice)


@pytest.mark.parametrize(
    ("said", "notice"),
    [("Correction", "erratum"), ("Retraction", "retraction notice"), ("Retracted", "retracted"),
     ("Expression of Concern", "expression of concern"), ("Withdrawn Publication", "retracted")],
)  # fmt: skip
def test_notices_are_seen_in_the_types_of_tables_and_web_of_science(read, said, notice):
    table = read(f"Title,Journal,Document Type\nCare,BMJ,{said}\n", "a.csv")
    tagged = read(f"PT J\nAU Vale, P\nTI Care\nSO BMJ\nDT {said}\nER\n\nEF\n", "b.txt")
    assert [*table.records["notice"], *tagged.records["notice"]] == [notice, notice]
