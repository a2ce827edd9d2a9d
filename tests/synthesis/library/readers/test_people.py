"""Lists of people in the layouts that exports and hands write."""

import pytest

from synthesis.library.readers.fields import people


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("VALE P, MOOR T", ["VALE, P", "MOOR, T"]),
        ("P Vale, TJ Moor", ["Vale, P", "Moor, TJ"]),
        ("Vale P / Moor T", ["Vale, P", "Moor, T"]),
        ("Vale, P.\nMoor, T.", ["Vale, P.", "Moor, T."]),
        ("Vale, P., Moor, T., ... & Roe, K.", ["Vale, P.", "Moor, T.", "Roe, K.", "et al."]),
        ("Vale, P., Moor, T., … Roe, K.", ["Vale, P.", "Moor, T.", "Roe, K.", "et al."]),
        ("Vale P., PhD; Moor T., MD", ["Vale, P.", "Moor, T."]),
        ("Vale, MD; Moor, MA", ["Vale, MD", "Moor, MA"]),
        ("Dr. Petra Vale", ["Petra Vale"]),
        ("Vale, Petra, 1970-", ["Vale, Petra"]),
        ("Vale, P.*; Moor, T.†", ["Vale, P.", "Moor, T."]),
        ("Vale, P. e Moor, T.", ["Vale, P.", "Moor, T."]),
        ("Ortega y Gasset, J.", ["Ortega y Gasset, J."]),
        ("王小明, 李雷", ["王小明", "李雷"]),
        ("王小明；李雷、张三", ["王小明", "李雷", "张三"]),
        ("山田, 太郎", ["山田, 太郎"]),
        ("علی احمدی؛ رضا کریمی", ["علی احمدی", "رضا کریمی"]),
        ("Иван Белый", ["Иван Белый"]),
        ("Вельский П. Т., Морозкин А. Б.", ["Вельский, П. Т.", "Морозкин, А. Б."]),
    ],
)
def test_a_list_is_divided_where_people_end(written, names):
    assert people.divided(written) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Vale P; Moor T", ["Vale, P", "Moor, T"]),
        ("Vale, P. and Moor, T.", ["Vale, P.", "Moor, T."]),
        ("Smith and Sons", ["Smith and Sons"]),
        ("Health and Care Alliance", ["Health and Care Alliance"]),
    ],
)
def test_a_line_for_one_person_may_name_several(line, names):
    assert people.of_item(line) == names
