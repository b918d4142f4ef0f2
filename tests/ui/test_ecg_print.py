"""The PDF of a strip, read back: its numbers are the page's, so a millimetre is proved, not seen."""

import re
import zlib
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fakes.ecg_case import plain, synthetic, twelve_lead
from graticule.domain.errors import GraticuleError
from graticule.presenters.ecg_leads import Choice
from graticule.presenters.ecg_print import A3, A4, Printed, sheets, whole_record
from graticule.presenters.ecg_sheet import GUTTER_MM, Layout
from graticule.ui.ecg_print import strip_pdf

MM = 72 / 25.4
NUMBER = rb"(-?[\d.]+)"


def contents(path: Path) -> list[bytes]:
    """The drawing of each page, as it was compressed."""
    data, found = path.read_bytes(), []
    for begin in re.finditer(rb"stream\r?\n", data):
        try:
            text = zlib.decompress(data[begin.end(): data.find(b"endstream", begin.end())])
        except zlib.error:
            continue
        if b" cm\n" in text and b" l\n" in text:
            found.append(text)
    return found


def scale_of(page: bytes) -> float:
    """Points for each unit of the drawing of grid and traces: the page's own matrix times the one the sheet was painted with."""
    outer = float(re.search(NUMBER + rb" 0 0 -" + NUMBER + rb" 0 \d+ cm", page).group(1))
    inner = {float(m.group(1)) for m in re.finditer(NUMBER + rb" 0 0 " + NUMBER + rb" [-\d.]+ [-\d.]+ cm", page)
             if m.group(1) == m.group(2)}
    return outer * min(inner, key=lambda scale: abs(outer * scale - MM))


def uprights(page: bytes) -> list[float]:
    """x of every upright line, in points from the left of the sheet."""
    lines = re.findall(NUMBER + rb" " + NUMBER + rb" m\n" + NUMBER + rb" " + NUMBER + rb" l\nS", page)
    return sorted({float(x0) * scale_of(page) for x0, y0, x1, y1 in lines if x0 == x1 and y0 != y1})


def polylines(page: bytes) -> list[list[tuple[float, float]]]:
    """The points of every line that was drawn, in units of the drawing."""
    found: list[list[tuple[float, float]]] = []
    for line in page.split(b"\n"):
        words = line.split()
        if len(words) == 3 and words[2] == b"m":
            found.append([(float(words[0]), float(words[1]))])
        elif len(words) == 3 and words[2] == b"l" and found:
            found[-1].append((float(words[0]), float(words[1])))
    return found


@pytest.mark.parametrize("speed", [12.5, 25.0, 50.0])
def test_a_second_is_its_millimetres_on_the_page(tmp_path: Path, qtbot: QtBot, speed: float) -> None:
    path = tmp_path / "strip.pdf"
    assert strip_pdf(synthetic("2to1"), [Printed(speed_mm_s=speed)], path) == 1
    page, = contents(path)
    assert scale_of(page) == pytest.approx(MM, rel=1e-6)
    seconds = [(GUTTER_MM + n * speed) * MM for n in (0, 2, 4)]   # every other second is marked at every speed
    there = uprights(page)
    for point in seconds:
        assert min(abs(x - point) for x in there) < 0.1 * MM
    whole = [x for x in there if any(abs(x - point) < 0.01 * MM for point in seconds)]
    assert (whole[-1] - whole[0]) / MM == pytest.approx(4 * speed, abs=0.1)


def test_the_pulse_is_a_millivolt_high_and_200_ms_wide(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "strip.pdf"
    strip_pdf(synthetic("2to1"), [Printed(gain_mm_mv=20.0)], path)
    page, = contents(path)
    drawn = [[(x * scale_of_page, y * scale_of_page) for x, y in points]
             for scale_of_page in [scale_of(page) / MM] for points in polylines(page)]
    boxes = [(points[1][1] - points[2][1], points[3][0] - points[2][0]) for points in drawn
             if len(points) == 6 and points[2][1] == points[3][1] and points[1][0] == points[2][0]]
    assert len(boxes) == 3   # one for each lead
    for box in boxes:
        assert box == (pytest.approx(20.0, abs=0.01), pytest.approx(5.0, abs=0.01))


def test_a_page_says_what_it_is_and_names_nobody() -> None:
    recording = synthetic("2to1")
    recording.facts["patient_name"] = "Doe"
    made, = sheets(recording, [Printed()])
    assert made.caption.startswith("25 mm/s   10 mm/mV   filters not stated   no display filter   500 Hz   3 leads")
    assert made.caption.endswith("print at 100 %") and made.head.startswith("SYNTHETIC")
    assert "Doe" not in made.head + made.caption


@pytest.mark.parametrize(("layout", "paper"), [(Layout.PAGE, A4), (Layout.SIX, A4), (Layout.TWELVE, A3)])
def test_what_does_not_fit_takes_larger_paper_and_is_never_squeezed(layout: Layout, paper: tuple[float, float]) -> None:
    made, = sheets(twelve_lead(), [Printed(layout=layout)])
    assert made.paper_mm == paper and made.sheet.page_s == 10


def test_a_layout_of_twelve_leads_is_refused_for_two() -> None:
    with pytest.raises(GraticuleError, match="twelve leads"):
        sheets(plain(), [Printed(layout=Layout.PAGE)])


def test_a_whole_record_is_printed_sheet_by_sheet_and_a_holter_is_not(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "all.pdf"
    assert strip_pdf(plain(seconds=35), whole_record(plain(seconds=35)), path) == 4
    with pytest.raises(GraticuleError, match="sheets"):
        whole_record(plain(seconds=6000))
    with pytest.raises(GraticuleError, match="cannot be written"):
        strip_pdf(plain(), [Printed()], tmp_path / "nowhere" / "a.pdf")


def test_chosen_leads_alone_are_printed() -> None:
    made, = sheets(twelve_lead(), [Printed(layout=Layout.STRIP, choice=Choice(strip=("V2",)))])
    assert [strip.lead.name for strip in made.sheet.strips] == ["V2"]
