"""Presentation states (GSPS): what a sender drew over an image, and how he showed it (PS3.3 A.33, C.10, C.11)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom

from graticule.domain.case import Case
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.labels import Labels
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.graphics import pairs, shapes_of
from graticule.formats.dicom.image_places import ImagePlaces
from graticule.formats.facts import number, numbers
from graticule.formats.family import Content
from graticule.imaging.lengths import to_stored
from graticule.imaging.shapes import ARROW, TEXT

READING = "presentation-state"
LOOKS = "sender_looks"


class PresentationStateReader:
    reading = READING

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """Its drawings as regions and its look as `Labels.extra`; GraticuleError when it belongs to other images."""
        data = opened(path)
        places, labels = ImagePlaces(case, content), Labels()
        try:
            for drawing in _drawings(data, places):
                region = Region(id=new_id(), shape=drawing.shape, space=places.space, points=to_stored(drawing.points),
                                name=drawing.text, number=len(labels.of(Region)) + 1)
                labels.put(Region.KIND, region.id, region)
            looks = [_look(data, places)] if _names_one_of(data, places) else []
        except DICOM_DAMAGE as error:
            raise GraticuleError("The presentation state is damaged and cannot be read.", "Copy it again.") from error
        if not looks:
            raise GraticuleError("The presentation state belongs to other images than this case's.")
        labels.extra[LOOKS] = looks
        return labels


@dataclass(frozen=True, eq=False)
class _Drawing:
    shape: str
    points: Floats
    text: str = ""


def opened(path: Path) -> Any:
    """The whole header of a file without pixels."""
    try:
        return pydicom.dcmread(path, force=True, stop_before_pixels=True)
    except DICOM_DAMAGE as error:
        raise GraticuleError("The file is damaged: its header cannot be read.", "Copy it again from its source.") from error


def match_ids(path: Path) -> tuple[str, ...]:
    """SOP Instance UIDs of the images it was made for."""
    return tuple(dict.fromkeys(name for name, _ in _images(opened(path))))


def _images(item: Any) -> Iterator[tuple[str, list[int]]]:
    for series in item.get("ReferencedSeriesSequence") or ():
        yield from _referenced(series)
    yield from _referenced(item)


def _referenced(item: Any) -> Iterator[tuple[str, list[int]]]:
    """(object, frames from 1 or none for all) of its Referenced Image Sequence."""
    for image in item.get("ReferencedImageSequence") or ():
        frames = image.get("ReferencedFrameNumber")
        listed = [] if frames is None else [int(n) for n in (frames if isinstance(frames, list | pydicom.multival.MultiValue)
                                                             else [frames])]
        yield str(image.get("ReferencedSOPInstanceUID", "")), listed


def _names_one_of(data: Any, places: ImagePlaces) -> bool:
    return any(places.frames(name, frames) for name, frames in _images(data))


def _drawings(data: Any, places: ImagePlaces) -> Iterator[_Drawing]:
    for item in data.get("GraphicAnnotationSequence") or ():
        named = list(_referenced(item)) or list(_images(data))
        for frame in sorted({frame for name, frames in named for frame in places.frames(name, frames)}):
            yield from _on_frame(item, data, places, frame)


def _on_frame(item: Any, data: Any, places: ImagePlaces, frame: int) -> Iterator[_Drawing]:
    for graphic in item.get("GraphicObjectSequence") or ():
        at = _in_pixels(pairs(graphic.get("GraphicData")), str(graphic.get("GraphicAnnotationUnits", "PIXEL")), data, places)
        for shape, points in shapes_of(str(graphic.get("GraphicType", "")), at):
            yield _Drawing(shape, places.place(frame, points))
    for text in item.get("TextObjectSequence") or ():
        where = _text_points(text, data, places)
        if where is not None:
            words = str(text.get("UnformattedTextValue", ""))
            yield _Drawing(ARROW if len(where) == 2 else TEXT, places.place(frame, where), words)


def _text_points(text: Any, data: Any, places: ImagePlaces) -> Floats | None:
    """The anchor and where the words stand; one of them when the other is missing."""
    anchor = _in_pixels(pairs(text.get("AnchorPoint")), str(text.get("AnchorPointAnnotationUnits", "PIXEL")), data, places)
    box = _in_pixels(pairs(text.get("BoundingBoxTopLeftHandCorner")), str(text.get("BoundingBoxAnnotationUnits", "PIXEL")), data,
                     places)
    if len(anchor) and len(box) and str(text.get("AnchorPointVisibility", "Y")) == "Y":
        return np.concatenate([anchor[:1], box[:1]])
    found = anchor if len(anchor) else box
    return found[:1] if len(found) else None


def _in_pixels(points: Floats, units: str, data: Any, places: ImagePlaces) -> Floats:
    """DISPLAY units are shares of the displayed area as it lay on the sender's screen."""
    if units != "DISPLAY" or not len(points):
        return points
    first, last = _area_corners(data, places)
    turn = _matrix(data)
    size = np.abs(turn @ (last - first))
    return np.asarray(first + (points * size) @ turn)


def _area_corners(data: Any, places: ImagePlaces) -> tuple[Floats, Floats]:
    """The outer corners of the displayed area that were the top left and bottom right on the sender's screen."""
    area = next(iter(data.get("DisplayedAreaSelectionSequence") or ()), None)
    if area is None:
        return np.zeros(2), np.array(places.size())
    one = np.array([float(v) for v in area.DisplayedAreaTopLeftHandCorner])
    two = np.array([float(v) for v in area.DisplayedAreaBottomRightHandCorner])
    # Numbers of pixels from 1, both shown whole: the outer corner lies before the lower and after the higher.
    return np.where(one <= two, one - 1, one), np.where(one <= two, two, two - 1)


def _matrix(data: Any) -> Floats:
    """2×2 image → sender's screen: turned clockwise first, then mirrored left to right (C.10.6)."""
    turn = np.eye(2)
    for _ in range(int(data.get("ImageRotation") or 0) // 90 % 4):
        turn = np.array([[0.0, -1.0], [1.0, 0.0]]) @ turn
    return np.diag([-1.0, 1.0]) @ turn if str(data.get("ImageHorizontalFlip", "N")) == "Y" else turn


def _look(data: Any, places: ImagePlaces) -> dict[str, Any]:
    """JSON without floats, as `presenters.sender_look` reads it."""
    first, last = _area_corners(data, places)
    look: dict[str, Any] = {"title": str(data.get("ContentLabel", "")), "rotation": int(data.get("ImageRotation") or 0),
                            "flip": str(data.get("ImageHorizontalFlip", "N")) == "Y",
                            "inverted": str(data.get("PresentationLUTShape", "IDENTITY")) == "INVERSE"}
    if data.get("DisplayedAreaSelectionSequence"):
        look["area"] = numbers([*np.minimum(first, last), *np.maximum(first, last)])
    voi = next(iter(data.get("SoftcopyVOILUTSequence") or ()), None)
    if voi is not None and voi.get("WindowWidth") is not None:
        look["window"] = [number(_first(voi.WindowWidth)), number(_first(voi.WindowCenter))]
    shutter = _shutter(data)
    return look | {"shutter": numbers(shutter)} if shutter else look


def _shutter(data: Any) -> list[float]:
    """(left, top, right, bottom) in image pixels of a rectangular shutter; a round or many-sided one by its box."""
    shapes = data.get("ShutterShape")
    named = [shapes] if isinstance(shapes, str) else list(shapes or ())
    if "RECTANGULAR" in named:
        return [float(data.ShutterLeftVerticalEdge), float(data.ShutterUpperHorizontalEdge),
                float(data.ShutterRightVerticalEdge) - 1, float(data.ShutterLowerHorizontalEdge) - 1]
    if "CIRCULAR" in named:
        row, column = (float(v) for v in data.CenterOfCircularShutter)
        radius = float(data.RadiusOfCircularShutter)
        return [column - radius, row - radius, column + radius, row + radius]
    if "POLYGONAL" in named:
        rows_columns = pairs(data.get("VerticesOfThePolygonalShutter"))
        low, high = rows_columns.min(axis=0), rows_columns.max(axis=0)
        return [float(low[1]), float(low[0]), float(high[1]), float(high[0])]
    return []


def _first(value: Any) -> float:
    return float(value[0] if isinstance(value, list | pydicom.multival.MultiValue) else value)


READER = PresentationStateReader()
