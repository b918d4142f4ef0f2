"""A DICOM radiograph or photograph being read."""

from collections.abc import Callable

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import letters_for
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.formats.dicom.listing import planes_of
from graticule.formats.dicom.pixels import stored_values
from graticule.formats.dicom.rescale import rescaled, value_type
from graticule.formats.facts import doubts_of, floats, windows_of

_OPPOSITE = str.maketrans("LRAPHF", "RLPAFH")


class DicomPictureOpening:
    """`content` is a Picture whose pixels are 0 until `fill` has run."""

    def __init__(self, case: Case) -> None:
        try:
            self._plane = planes_of(case)[0]
            facts = case.facts
            mm = facts.get("pixel_mm")
            letters = edge_letters(facts.get("patient_orientation", ()), facts.get("orientation", ()))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise GraticuleError("The worklist holds too little about this case to open it.",
                                 "Import its files again.") from error
        coding = self._plane.coding
        self._colour = coding.samples == 3 or coding.photometric == "PALETTE COLOR"
        self._dtype = np.dtype(np.uint8) if self._colour else value_type([coding])
        shape = (self._plane.rows, self._plane.columns, *((3,) if self._colour else ()))
        self.content = Picture(
            np.zeros(shape, self._dtype), case.modality, "RGB" if self._colour else coding.photometric,
            bool(facts.get("inverted")),
            (float(mm[0]), float(mm[1])) if mm else None, str(facts.get("pixel_mm_source", "")), None, windows_of(facts),
            edge_letters=letters, doubts=doubts_of(facts), facts={"transfer_syntax": coding.syntax})
        self._arrived = False

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Decode the picture in one step and call `on_slice(0)`."""
        if self._arrived:
            return
        progress.step(0, 1, "images")
        stored = stored_values(self._plane)
        self.content.pixels[:] = stored if self._colour else rescaled(stored, self._plane.coding, self._dtype)[0]
        self._arrived = True
        on_slice(0)
        progress.step(1, 1, "images")


def edge_letters(patient_orientation: object, orientation: object) -> tuple[str, str, str, str]:
    """(left, top, right, bottom) from Patient Orientation (towards which a row and a column run), or from direction cosines."""
    cosines = floats(orientation)
    if cosines.size == 6:
        row, column = cosines[:3], cosines[3:]
        return letters_for(-row), letters_for(-column), letters_for(row), letters_for(column)
    words = [str(part).strip().upper() for part in patient_orientation] if isinstance(patient_orientation, list | tuple) else []
    if len(words) != 2 or not all(word and set(word) <= set("LRAPHF") for word in words):
        return "?", "?", "?", "?"
    right, bottom = words
    return right.translate(_OPPOSITE), bottom.translate(_OPPOSITE), right, bottom
