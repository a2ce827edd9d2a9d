"""Files of figures: the same bytes, text that stays text, nothing half written."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from arrowroot.errors import FileError, OptionError
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.drawing.journals import WIDTHS
from synthesis.plots.drawing.save import padded, save
from synthesis.plots.forest.forest import forest
from synthesis.plots.words import alt_text
from synthesis.pooling.results import MetaAnalysis

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("ending", ["svg", "pdf", "png", "tiff"])
@pytest.mark.parametrize("width", [None, "double"])
def test_the_same_figure_gives_the_same_bytes(
    baskerville: MetaAnalysis, tmp_path: Path, ending: str, width: str | None
) -> None:
    once, again = (
        save(forest(baskerville), tmp_path / f"{name}.{ending}", width=width, dpi=100).read_bytes()
        for name in ("once", "again")
    )
    assert once == again
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"again.{ending}", f"once.{ending}"]


def test_the_padding_of_a_tiff_does_not_depend_on_what_memory_held() -> None:
    ended_odd = 0
    for side in range(10, 30):
        picture, held = Image.linear_gradient("L").crop((0, 0, side, side)), BytesIO()
        picture.save(held, "TIFF", compression="tiff_lzw")
        with Image.open(BytesIO(held.getvalue())) as there:
            end = there.tag_v2[273][-1] + there.tag_v2[279][-1]
        tags = int.from_bytes(held.getvalue()[4:8], "little")
        kept = set()
        for left_over in (0, 7, 255):
            held.seek(tags - 1)
            held.write(bytes([left_over]))
            kept.add(padded(BytesIO(held.getvalue())))
        ended_odd += end == tags - 1
        assert len(kept) == (1 if end == tags - 1 else 3)  # otherwise it is part of the picture
    assert ended_odd


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


@pytest.mark.parametrize("ending", [".svg", ".pdf", ".png", ".tiff"])
def test_words_are_kept_without_signs_that_no_file_can_hold(tmp_path: Path, ending: str) -> None:
    path = save(
        Figure(),
        tmp_path / f"f{ending}",
        title="Bell\x07 and half a sign\ud800",
        description="First line.\nSecond\x0c line\ufffe.",
    )
    if ending == ".svg":
        root = ET.parse(path).getroot()
        assert root.findtext(f"{SVG}title") == "Bell and half a sign"
        assert root.findtext(f"{SVG}desc") == "First line.\nSecond\nline."


@pytest.mark.parametrize("width", [None, "one-and-a-half"])
def test_pdf_embeds_the_font_and_no_date(
    baskerville: MetaAnalysis, tmp_path: Path, width: str | None
) -> None:
    path = save(forest(baskerville), tmp_path / "f.pdf", width=width, title="Facilitation")
    assert b"CreationDate" not in path.read_bytes()
    held = path.read_bytes()
    # Some versions of matplotlib give letters beyond Latin-1, such as the minus sign, a font of
    # their own.
    names = re.findall(rb"/FontName /[A-Z]{6}\+(LiberationSans\S*)", held)
    assert set(names) == {b"LiberationSans", b"LiberationSans-Bold"}
    assert len(re.findall(rb"/FontFile2 \d+ 0 R", held)) == len(names)


@pytest.mark.parametrize("width", [None, "one-and-a-half"])
def test_a_reader_of_pdfs_finds_fonts_and_words(
    baskerville: MetaAnalysis, tmp_path: Path, width: str | None
) -> None:
    path = save(forest(baskerville), tmp_path / "f.pdf", width=width, title="Facilitation")
    _, _, *fonts = _told("pdffonts", path).splitlines()
    assert len(fonts) >= 2
    assert all(font.split()[-5:-2] == ["yes", "yes", "yes"] for font in fonts)
    about = dict(line.split(":", 1) for line in _told("pdfinfo", path).splitlines())
    assert about["Title"].strip() == "Facilitation"
    assert about["Subject"].strip() == alt_text(baskerville)


def _told(command: str, path: Path) -> str:
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not on this machine: install the package 'poppler-utils'")
    done = subprocess.run([command, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("name", WIDTHS)
def test_every_format_is_as_wide_as_the_journal_prints(
    baskerville: MetaAnalysis, tmp_path: Path, name: str
) -> None:
    ax = forest(baskerville, style="jama")
    wide, high = ax.figure.get_size_inches()
    inches = WIDTHS[name].millimetres / 25.4
    printed = 9 * inches / wide  # all text of this style is of 9 points as drawn
    paths = {ending: tmp_path / f"f.{ending}" for ending in ("svg", "pdf", "png", "tiff")}
    for path in paths.values():
        if printed < WIDTHS[name].least:
            with pytest.warns(UserWarning, match=f"smallest text of this figure is {printed:.1f}"):
                save(ax, path, width=name, dpi=300)
        else:
            save(ax, path, width=name, dpi=300)
    root = ET.parse(paths["svg"]).getroot()
    # Lengths are written with six digits.
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(72 * inches, rel=1e-5)
    left, top, across, _ = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    assert across == pytest.approx(72 * wide, abs=5e-4)  # three decimals are written
    *_, box = re.findall(rb"/MediaBox \[ 0 0 (\S+) (\S+) \]", paths["pdf"].read_bytes())
    assert [float(side) for side in box] == pytest.approx(
        [72 * inches, 72 * inches * high / wide], rel=1e-5
    )
    for ending in ("png", "tiff"):
        with Image.open(paths[ending]) as picture:
            assert picture.width == round(300 * inches)
            # Whole pixels: the height may differ from the exact shape by one.
            assert abs(picture.height - 300 * inches * high / wide) <= 1
            assert picture.mode == "RGB"
            # PNG counts dots in whole metres.
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.02)


def test_a_pdf_of_another_width_is_the_same_drawing(
    baskerville: MetaAnalysis, tmp_path: Path
) -> None:
    """Drawn at resolutions that undo the scale, both pages are the same picture."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not on this machine: install the package 'poppler-utils'")
    ax = forest(baskerville)
    natural = ax.figure.get_figwidth() * 25.4
    pictures = []
    for name, width in (("whole", None), ("half", natural / 1.6)):
        path = save(ax, tmp_path / f"{name}.pdf", width=width)
        dots = 100 if width is None else 160
        command = ["pdftoppm", "-r", str(dots), "-png", "-singlefile", str(path)]
        subprocess.run([*command, str(tmp_path / name)], check=True)
        with Image.open(tmp_path / f"{name}.png") as picture:
            pictures.append(picture.convert("L").point(lambda grey: 255 * (grey > 127)))
    first, second = pictures
    assert first.size == second.size
    counts = [picture.histogram()[0] for picture in pictures]
    assert counts[0] > 10_000
    # Coordinates of a PDF are rounded, so that a few pixels at the edge of letters differ.
    assert counts[1] == pytest.approx(counts[0], rel=0.01)


def test_pictures_carry_their_words_and_tiff_is_compressed(
    baskerville: MetaAnalysis, tmp_path: Path
) -> None:
    ax = forest(baskerville)
    with Image.open(save(ax, tmp_path / "f.png", title="Facilitation", dpi=72)) as picture:
        assert picture.info["Title"] == "Facilitation"
        assert picture.info["Description"] == alt_text(baskerville)
    with Image.open(save(ax, tmp_path / "f.tif", dpi=72)) as picture:
        assert picture.info["compression"] == "tiff_lzw"
        assert (picture.mode, picture.n_frames) == ("RGB", 1)  # type: ignore[attr-defined]


def test_a_figure_without_a_ground_is_saved_on_white(tmp_path: Path) -> None:
    figure = Figure(figsize=(1, 1), facecolor="none")
    with Image.open(save(figure, tmp_path / "f.tiff", dpi=50)) as picture:
        assert picture.getpixel((20, 20)) == (255, 255, 255)


def test_text_too_small_to_read_is_refused(bcg: MetaAnalysis, tmp_path: Path) -> None:
    ax = forest(bcg)
    natural = ax.figure.get_figwidth() * 25.4
    words = (
        f"at 90 mm the smallest text of this figure is {9 * 90 / natural:.1f} pt, and below 5 pt "
        f"nobody can read it; the figure must be at least {natural * 5 / 9:.0f} mm wide"
    )
    with pytest.raises(OptionError, match=words):
        save(ax, tmp_path / "f.pdf", width="single")
    assert list(tmp_path.iterdir()) == []
    save(ax, tmp_path / "f.pdf", width=natural * 5 / 9 + 0.1)


def test_widths_that_are_none(baskerville: MetaAnalysis, tmp_path: Path) -> None:
    ax = forest(baskerville)
    with pytest.raises(OptionError, match=r"in millimetres or one of 'single'.*got 'wide'"):
        save(ax, tmp_path / "f.pdf", width="wide")
    with pytest.raises(OptionError, match="width must lie between 30 and 1000 mm; got 3"):
        save(ax, tmp_path / "f.pdf", width=3)


def test_a_figure_shows_itself_with_its_description(
    baskerville: MetaAnalysis, tmp_path: Path
) -> None:
    ax = forest(baskerville)
    assert isinstance(ax, Sheet)
    shown = ax._picture()
    assert shown.description == alt_text(baskerville)
    assert shown.width == round(96 * ax.figure.get_figwidth())
    ax.save(tmp_path / "f.svg")
    ax.save(tmp_path / "f.pdf")
    assert shown.files["svg"] == (tmp_path / "f.svg").read_bytes()
    assert shown.files["pdf"] == (tmp_path / "f.pdf").read_bytes()
    ax.save(tmp_path / "f.png", dpi=192)
    with Image.open(BytesIO(shown.files["png"])) as few, Image.open(tmp_path / "f.png") as every:
        assert few.size == every.size
        # In 256 colours; by eye, no pixel differs.
        apart = np.abs(np.asarray(few.convert("RGB"), int) - np.asarray(every, int))
        assert apart.max() <= 12


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
    large = Figure(figsize=(10, 20))
    with pytest.raises(OptionError, match=r"288 million pixels.* at most dpi=866"):
        save(large, tmp_path / "f.png", dpi=1200)
    with pytest.raises(FileError, match="not saved, because there is no folder"):
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


def test_a_figure_higher_than_a_page_is_saved_with_a_warning(
    synthetic: Callable[..., MetaAnalysis], tmp_path: Path
) -> None:
    ax = forest(synthetic(60))
    wide, high = ax.figure.get_size_inches()
    words = (
        f"At 190 mm wide this figure is {190 * high / wide:.0f} mm high; a page has room for 222 mm"
    )
    with pytest.warns(UserWarning, match=words):
        save(ax, tmp_path / "f.pdf", width="double")
    assert (tmp_path / "f.pdf").exists()


def test_a_result_is_no_figure(bcg: MetaAnalysis, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"a figure is needed, .* got a result \(MetaAnalysis\)"):
        save(bcg, tmp_path / "bcg.png")  # type: ignore[arg-type]
