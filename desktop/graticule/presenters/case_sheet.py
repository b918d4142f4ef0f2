"""The one-page sheet of a case: geometry and fidelity as measured at load, every doubt, and how the image is shown now."""

from collections.abc import Iterable
from dataclasses import dataclass

from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.presenters.truth import NOT_FOR_DIAGNOSIS

PLAIN, WARN, BAD = "", "warn", "bad"


@dataclass(frozen=True, slots=True)
class Line:
    """level: "" plain, "warn" or "bad". what: "" for a sentence that stands by itself."""

    what: str
    value: str
    level: str = PLAIN

    def as_text(self) -> str:
        return f"{'!' if self.level else ' '} {self.what + ': ' if self.what else ''}{self.value}"


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """Sections of lines, each with a title."""

    title: str
    sections: tuple[tuple[str, tuple[Line, ...]], ...]

    def as_text(self) -> str:
        """For the clipboard: a mark before what is doubtful."""
        out = [self.title]
        for title, lines in self.sections:
            out += ["", title, *(line.as_text() for line in lines)]
        return "\n".join(out)


def case_sheet(title: str, content: Volume | Picture, shown: Iterable[str]) -> CaseSheet:
    """shown: what the view says of itself now (zoom, interpolation, turns)."""
    signs = tuple(Line(what, value, level) for what, value, level in content.signs) or _plain_facts(content)
    # A doubt that stands among the measured rows is not said twice.
    said = {line.value for line in signs}
    doubts = tuple(Line("", doubt.text, WARN) for doubt in content.doubts if doubt.text not in said)
    sections = [("As measured at loading", signs), ("Doubts", doubts or (Line("", "None found."),)),
                ("As shown now", (*(Line("", text) for text in shown if text), Line("", NOT_FOR_DIAGNOSIS, WARN)))]
    return CaseSheet(title, tuple(sections))


def _plain_facts(content: Volume | Picture) -> tuple[Line, ...]:
    if isinstance(content, Picture):
        frames = f", {content.count} frames" if content.count > 1 else ""
        return Line("Size", f"{content.columns} × {content.rows} pixels{frames}"), _pixel_line(content)
    k, j, i = content.grid.spacing_mm
    slices, rows, columns = content.grid.shape
    lies = Line("Orientation", "known") if content.grid.oriented else Line("Orientation", "not stated in the file", BAD)
    return Line("Voxels", f"{columns} × {rows} × {slices}"), Line("Spacing", f"{i:.3f} × {j:.3f} × {k:.3f} mm"), lies


def _pixel_line(picture: Picture) -> Line:
    if picture.pixel_mm is None:
        return Line("Pixel", "size differs by region" if picture.calibrated else "size unknown: lengths are in pixels", WARN)
    source = f" ({picture.pixel_mm_source})" if picture.pixel_mm_source else ""
    return Line("Pixel", f"{picture.pixel_mm[1]:g} × {picture.pixel_mm[0]:g} mm{source}")
