"""What one field holds, in the forms in which programs write it. All names are made up."""

from __future__ import annotations

import random

import pytest

from synthesis.library.readers import found, latex
from synthesis.library.readers.bibtex import people as of_bibtex
from synthesis.library.readers.fields import identifiers, markup, people
from synthesis.library.readers.fields.absent import is_absent
from synthesis.library.readers.fields.letters import folded
from synthesis.library.readers.kinds import kind

SICI = "10.1002/(SICI)1097-9999(20010115)20:1<11::AID-ABC12>3.0.CO;2-Q"


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        (SICI, SICI),
        (SICI.replace("<", "&lt;").replace(">", "&gt;"), SICI),
        (f"https://doi.org/{SICI}".replace("<", "%3C").replace(">", "%3E"), SICI),
        ("http://dx.doi.org/10.1371%2Fjournal.pone.0999999", "10.1371/journal.pone.0999999"),
        ("(10.1000/abc)", "10.1000/abc"),
        ("[doi: 10.1016/S0140-6736(99)00001-2].", "10.1016/S0140-6736(99)00001-2"),
        ("https://x.example/doi/full/10.1080/0123.2020.1?needAccess=true", "10.1080/0123.2020.1"),
        ("https://x.example/a.uri?eid=1&doi=10.15598%2faeee.v99&partnerID=40", "10.15598/aeee.v99"),
        ("https://x.example/doi/10.1002/abc.1/abstract;jsessionid=7", "10.1002/abc.1"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.01.123456v1.full.pdf",
         "10.1101/2020.01.01.123456"),
        ("https://doi.org/10.1000/abc/full", "10.1000/abc/full"),
        ("10.1000/abc#1", "10.1000/abc#1"),
        ("https://x.example/10.1000/abc#section", "10.1000/abc"),
        ("10.1000/a; 10.1000/b", "10.1000/a"),
        ("unknown", "unknown"),
    ],
)  # fmt: skip
def test_dois(written: str, doi: str) -> None:
    assert found.doi(markup.plain(written)) == doi


def test_a_second_doi_is_kept() -> None:
    both = found.dois(["10.1000/a", "https://doi.org/10.1000/A"], [])
    assert both == {"doi": "10.1000/a", "second_doi": ""}
    both = found.dois(["10.1000/a; 10.1000/b"], ["https://doi.org/10.1000/c"])
    assert both == {"doi": "10.1000/a", "second_doi": "10.1000/b"}


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (
            "Vale, Petra and Moor, Tom and de Vries, An",
            ["Vale, Petra", "Moor, Tom", "de Vries, An"],
        ),
        ("Vale, P., Moor, T. J.", ["Vale, P.", "Moor, T. J."]),
        ("Vale P., Moor T.J., van der Berg A.", ["Vale, P.", "Moor, T.J.", "van der Berg, A."]),
        ("Vale P.; Moor T.J.", ["Vale, P.", "Moor, T.J."]),
        ("Vale, P., Moor, T., & de Vries, A.", ["Vale, P.", "Moor, T.", "de Vries, A."]),
        ("P. Vale, T. J. Moor", ["Vale, P.", "Moor, T. J."]),
        ("Vale, P., Jr., Moor, T.", ["Vale, P., Jr.", "Moor, T."]),
        ("Vale P Jr; Moor TJ 3rd", ["Vale, P, Jr", "Moor, TJ, 3rd"]),
        ("Vale P, Moor T, et al.", ["Vale, P", "Moor, T", "et al."]),
        ("Vale, Petra A.", ["Vale, Petra A."]),
        ("van der Berg, Anna Maria", ["van der Berg, Anna Maria"]),
        ("Vale, Petra A., Moor, Tom J.", ["Vale, Petra A.", "Moor, Tom J."]),
        ("Petra Vale, Tom Moor, An de Vries", ["Petra Vale", "Tom Moor", "An de Vries"]),
        ("Вельский П., Морозкин Т.А.", ["Вельский, П.", "Морозкин, Т.А."]),
        ("Núñez Á., García-López M.-J.", ["Núñez, Á.", "García-López, M.-J."]),
        ("Vale P, Leaf Study Group, Moor T", ["Vale, P", "Leaf Study Group", "Moor, T"]),
        ("Health and Care Board", ["Health and Care Board"]),
        ("Department of Leaves, UK", ["Department of Leaves, UK"]),
        ("Vale\nMoor", ["Vale", "Moor"]),
    ],
)
def test_people_of_one_cell(written: str, names: list[str]) -> None:
    assert people.divided(written) == names
    # Reading what was read changes nothing.
    assert people.listed(names) == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("A. {Delgado de Molina}", ["Delgado de Molina, A."]),
        ("Jane {Smith Jones}", ["Smith Jones, Jane"]),
        ("Frank G. {Bennett, Jr.}", ["Bennett, Jr., Frank G."]),
        ("Vale, Jr, Tom Luke", ["Vale, Tom Luke, Jr"]),
        ("Vale, Petra and others", ["Vale, Petra", "et al."]),
        ("de~Vale, Petra", ["de Vale, Petra"]),
        ("Donald~E. Knuth", ["Knuth, Donald E."]),
        ("{The Leaf and Tree Board}", ["The Leaf and Tree Board"]),
        (r"Bj{\o}rn {\v S}koda and M{\"u}ller, J.", ["Škoda, Bjørn", "Müller, J."]),
    ],
)
def test_people_of_bibtex(written: str, names: list[str]) -> None:
    assert of_bibtex(written) == names


@pytest.mark.parametrize(
    ("field", "value", "absent"),
    [
        *((name, word, True) for name in ("doi", "pmid", "volume", "abstract", "title", "authors")
          for word in ("NA", "N/A", "None", "null")),
        ("pages", "N.PAG", True),
        ("pages", "No-Specified", True),
        ("pages", "np12", False),
        ("authors", "Na, Li", False),
        ("title", "Nan", False),
        ("abstract", "None of the trials was blind.", False),
        ("abstract", "[No abstract available]", True),
        ("doi", "", False),
    ],
)  # fmt: skip
def test_words_for_nothing(field: str, value: str, absent: bool) -> None:
    assert is_absent(field, value) is absent


@pytest.mark.parametrize(
    ("values", "number"),
    [
        (["PMID: 21999931"], "21999931"),
        (["21999931 [PubMed - indexed]"], "21999931"),
        (["602123 (Embase) 21999931 (Medline)"], "21999931"),
        (["MEDLINE:21999931"], "21999931"),
        (["http://www.ncbi.nlm.nih.gov/pubmed/21999931"], "21999931"),
        (["https://pubmed.ncbi.nlm.nih.gov/21999931/"], "21999931"),
        (["searched in PubMed 2015"], ""),
        (["PMCID: PMC21999931"], ""),
    ],
)
def test_pubmed_numbers(values: list[str], number: str) -> None:
    assert found.pmid(*values) == number


def test_registration_numbers() -> None:
    text = (
        "NCT 01234567, isrctn12345678, EUCTR2010-012345-67-GB, EudraCT number: 2010-012345-67, "
        "ACTRN12605000000000, ChiCTR2600132949, DRKS00012345, CRD42020123456; not XNCT01234567, "
        "NCT0123456"
    )
    assert identifiers.registrations(text) == [
        "NCT01234567", "ISRCTN12345678", "EudraCT 2010-012345-67", "ACTRN12605000000000",
        "CHICTR2600132949", "DRKS00012345", "CRD42020123456",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("declared", "fields", "kind_"),
    [
        *(([one, "Journal Article"], {}, "article") for one in (
            "Case Reports", "Comparative Study", "English Abstract", "Multicenter Study",
            "Meta-Analysis", "Guideline", "Clinical Conference", "Technical Report")),
        *((["Journal Article", one], {}, what) for one, what in (
            ("Preprint", "preprint"), ("Congress", "conference"))),
        ("", {"journal": "BMJ Open", "volume": "5"}, "article"),
        ("SER", {"journal": "BMJ Open", "volume": "5"}, "article"),
        ("Generic", {"journal": "BMJ Open", "volume": "5"}, "article"),
        ("", {"journal": "BMJ Open"}, "other"),
        ("JOUR", {"journal": "Genome Research", "volume": "24", "doi": "10.1101/gr.999999.114"},
         "article"),
        ("JOUR", {"doi": "10.1101/2020.01.01.20012345"}, "preprint"),
        ("JOUR", {"doi": "10.1101/2020.01.01.20012345", "journal": "medRxiv", "volume": "1"},
         "preprint"),
        ("JOUR", {"journal": "BMJ", "volume": "3", "url": "https://clinicaltrials.gov/show/N"},
         "article"),
        ("", {"url": "https://clinicaltrials.gov/show/NCT09999999"}, "registration"),
        ("Trial registry record", {"journal": "https://clinicaltrials.gov/show/N"}, "registration"),
        ("Book Review", {"journal": "BMJ", "volume": "3"}, "article"),
        ("Article; Proceedings Paper", {"journal": "BMJ", "volume": "3"}, "conference"),
    ],
)  # fmt: skip
def test_the_strongest_sign_decides(
    declared: str | list[str], fields: dict[str, str], kind_: str
) -> None:
    known = {"jour": "article"}
    assert kind(declared, fields, known) == kind_
    if not isinstance(declared, str):
        assert kind(declared[::-1], fields, known) == kind_


def test_html_goes_and_what_only_looks_like_it_stays() -> None:
    assert markup.plain("B&ouml;hmer &amp; Vale: CO<inf>2</inf> &#37;") == "Böhmer & Vale: CO2 %"
    assert markup.plain("p < 0.05 & q > 2; AT&T; &unknown; &#0; &#xD800;") == (
        "p < 0.05 & q > 2; AT&T; &unknown; &#0; &#xD800;"
    )
    # Once: an entity that was written about stays one.
    assert markup.plain("the entity &amp;lt;") == "the entity &lt;"
    assert markup.plain(markup.escaped("the entity &lt; & co")) == "the entity &lt; & co"


def test_latex_and_back() -> None:
    assert latex.to_text(r"A {\textgreater} B: 5~{\textmu}g of \textbf{H$_2$O}, \$5 or $6") == (
        "A > B: 5 µg of H2O, $5 or $6"
    )
    assert latex.to_text(r"a \unheardof{word}") == r"a \unheardof word"
    assert latex.to_text(r"http://x.example/~vale\_a", address=True) == "http://x.example/~vale_a"
    signs = random.Random(1)
    for _ in range(3000):
        text = "".join(signs.choices("ab \\{}~$%&_#^'`\"=.,;:-!@i<é", k=signs.randrange(12)))
        assert latex.to_text(latex.from_text(text)) == text


def test_plain_letters_of_every_script() -> None:
    assert folded("Yaşlılarda düşmelerin önlenmesi İçin") == "Yaslilarda dusmelerin onlenmesi Icin"
    for text in ("Домашние визиты", "老年人跌倒", "ケアの", "고령자 낙상", "الرعاية", "Φροντίδα"):
        plain = folded(text)
        assert plain.isascii()
        assert any(letter.isalpha() for letter in plain)
    assert folded("визит") != folded("визиты")
    assert folded("e\u0301") == folded("é") == "e"


def test_merging_people_keeps_all_of_them() -> None:
    short, full = "Vale P.; Moor T.; Roe K.; Poe L.", "Vale, Petra Ann; Moor, Tom"
    for lists in ([short, full], [full, short]):
        assert people.merged(lists) == "Vale, Petra Ann; Moor, Tom; Roe, K.; Poe, L."
    assert people.merged(["Vale, P.; et al.", "Vale, P.; Moor, T."]) == "Vale, P.; Moor, T."
    assert people.merged(["Vale, P.; et al."]) == "Vale, P.; et al."
    # Another person at the same place is not another form of the name.
    assert people.merged(["Vale, P.; Moor, T.", "Moor, Thomas"]) == "Vale, P.; Moor, T."
