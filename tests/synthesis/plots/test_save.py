"""Files of figures: the same bytes, text that stays text, nothing half written."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from matplotlib.figure import Figure

from synthesis.errors import FileError, OptionError
from synthesis.plots.canvas import Sheet
from synthesis.plots.forest import forest
from synthesis.plots.save import save
from synthesis.plots.words import alt_text
from synthesis.pooling.results import MetaAnalysis

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("ending", ["svg", "pdf", "png", "tiff"])
def test_the_same_figure_gives_the_same_bytes(
    baskerville: MetaAnalysis, tmp_path: Path, ending: str
) -> None:
    once = save(forest(baskerville), tmp_path / f"once.{ending}", dpi=100).read_bytes()
    again = save(forest(baskerville), tmp_path / f"again.{ending}", dpi=100).read_bytes()
    assert once == again
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"again.{ending}", f"once.{ending}"]


def test_svg_keeps_text_and_says_what_it_shows(baskerville: MetaAnalysis, tmp_path: Path) -> None:
    path = save(forest(baskerville), tmp_path / "f.svg", title="Facilitation <1>")
    root = ET.parse(path).getroot()
    shown = {element.text for element in root.iter(f"{SVG}text")}
    assert {"0.56 [0.43, 0.69]", "Kottke et al. 1992"} <= shown
    assert root.findtext(f"{SVG}title") == "Facilitation <1>"
    assert root.findtext(f"{SVG}desc") == alt_text(baskerville)
    style = root.findtext(f"{SVG}style") or ""
    assert style.count("@font-face") == 2  # regular and bold
    assert "Liberation Sans" in style
    held = path.read_text()
    assert "http://" not in held.replace("http://www.w3.org", "").replace(
        "http://purl.org", ""
    ).replace("http://creativecommons.org", "")


def test_labels_cannot_leave_their_text(tmp_path: Path) -> None:
    import pandas as pd

    from synthesis.pooling.model import meta_analysis

    label = "<script>alert(1)</script> & $x$"
    table = pd.DataFrame({"study": [label, "B"], "yi": [0.1, 0.2], "vi": [0.1, 0.1]})
    path = save(forest(meta_analysis(table)), tmp_path / "f.svg")
    root = ET.parse(path).getroot()
    assert not list(root.iter(f"{SVG}script"))
    assert label in {element.text for element in root.iter(f"{SVG}text")}


def test_pdf_embeds_the_font_and_no_date(baskerville: MetaAnalysis, tmp_path: Path) -> None:
    held = save(forest(baskerville), tmp_path / "f.pdf").read_bytes()
    assert b"LiberationSans" in held
    assert b"CreationDate" not in held


def test_a_figure_shows_itself_with_its_description(baskerville: MetaAnalysis) -> None:
    ax = forest(baskerville)
    assert isinstance(ax, Sheet)
    picture, about = ax._repr_png_()
    assert picture.startswith(b"\x89PNG")
    assert about["alt"] == alt_text(baskerville)
    wide, high = ax.figure.get_size_inches()
    assert (about["width"], about["height"]) == (round(96 * wide), round(96 * high))


def test_saving_by_method_and_by_figure(baskerville: MetaAnalysis, tmp_path: Path) -> None:
    ax = forest(baskerville)
    assert isinstance(ax, Sheet)
    ax.save(tmp_path / "a.svg")
    save(ax.figure, tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    figure = Figure()
    with pytest.raises(OptionError, match=r"path must end in one of \.svg, .*; got 'f\.docx'"):
        save(figure, tmp_path / "f.docx")
    with pytest.raises(OptionError, match="dpi must lie between 50 and 1200; got 3"):
        save(figure, tmp_path / "f.png", dpi=3)
    with pytest.raises(FileError, match="No such file or directory"):
        save(figure, tmp_path / "nowhere" / "f.png")


def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.png"
    path.write_bytes(b"old")

    def interrupted(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(Figure(), path)
    assert path.read_bytes() == b"old"
    assert [held.name for held in tmp_path.iterdir()] == ["f.png"]
