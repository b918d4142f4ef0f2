"""What is written beside a mark, and in the list of marks."""

from graticule.domain.elements import Region
from graticule.editing.tools.marks import ACROSS, amount_of, noun_of
from graticule.imaging.shapes import AREAS, ARROW, BIDIRECTIONAL, TEXT
from graticule.imaging.ties import TieKind

DETECTOR = "at the detector"


def label_of(region: Region) -> str:
    """The lines beside the mark; its name first."""
    figures = region.figures
    lines = [region.name] if region.name else []
    if region.shape in (ARROW, TEXT):
        return "\n".join(lines)
    lines += _area_lines(region) if region.shape in AREAS else [brief(region)]
    lines += stands_on(region)
    scale = str(figures.get("scale", ""))
    if DETECTOR in scale:
        lines.append(DETECTOR)
    elif "no mm" in scale:
        lines.append(scale)
    return "\n".join(line for line in lines if line)


def brief(region: Region) -> str:
    """The amount in a few words: "28.4 mm", "34.2 × 21.0 mm", "mean 43.1 HU"."""
    if region.shape == BIDIRECTIONAL and "short" in region.figures:
        return f"{region.figures['long']} × {region.figures['short']} {region.unit}"
    if region.shape in AREAS and "mean" in region.figures:
        return f"mean {amount_of(region)}"
    return amount_of(region)


def stands_on(region: Region) -> list[str]:
    """["registered"] for a distance between two series that only a registration brings into one space."""
    return [str(TieKind.REGISTERED)] if region.figures.get(ACROSS) == TieKind.REGISTERED else []


def title_of(region: Region) -> str:
    """ "3 · length", or the reader's own word."""
    return f"{region.number}  {region.name or noun_of(region).capitalize()}"


def details_of(region: Region) -> tuple[tuple[str, str], ...]:
    """(what, how much) of every further figure, in reading order, with units."""
    figures, unit = region.figures, region.unit
    rows = [(words, f"{figures[name]} {unit}".strip()) for name, words in _VALUES if name in figures]
    rows += [(words, str(figures[name])) for name, words in _COLOURS if name in figures]
    if "n" in figures:
        rows.insert(0, ("Pixels", str(figures["n"])))
    if "area" in figures:
        rows.append(("Area", f"{figures['area']} {figures.get('area_unit', '')}".strip()))
    rows += [(str(what), f"{value} {said}".strip()) for what, value, said in figures.get("sent", ())]
    if ACROSS in figures:
        rows.append(("Between series", str(figures[ACROSS])))
    if "layer" in figures:
        rows.append(("Layer", str(figures["layer"])))
    if "scale" in figures:
        rows.append(("Scale", str(figures["scale"])))
    return tuple(rows)


def copy_text(region: Region) -> str:
    """One line for the clipboard, figures and all."""
    details = "; ".join(f"{what} {amount}" for what, amount in details_of(region))
    return "\t".join(part for part in (title_of(region), brief(region), details) if part)


_VALUES = (("long", "Long"), ("short", "Short"), ("mean", "Mean"), ("sd", "SD"), ("min", "Minimum"), ("max", "Maximum"),
           ("p5", "5th percentile"), ("p50", "Median"), ("p95", "95th percentile"))
_COLOURS = tuple((channel + name, f"{channel.capitalize()}{words}") for channel in ("red", "green", "blue")
                 for name, words in (("", ""), ("_mean", " mean"), ("_sd", " SD")))


def _area_lines(region: Region) -> list[str]:
    figures = region.figures
    area = f"{figures.get('area', '')} {figures.get('area_unit', '')}".strip()
    if "mean" not in figures:
        return [area or amount_of(region)]
    spread = f"  SD {figures['sd']}" if "sd" in figures else ""
    return [f"mean {amount_of(region)}{spread}", f"n {figures.get('n', '')}  {area}"]
