"""COCO masks beside their picture or series: on the very slices they name, never resampled."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Code
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.formats.coco_file import CocoFile, CocoImage, CocoObject, looks_like_coco, mask_in, read_coco
from graticule.formats.family import LABELS, REFUSED, SKIPPED, Content, Opening, Outcome
from graticule.formats.label_maps import TISSUE, Builder, Meaning, refuse_other_grid
from graticule.formats.matching import case_name, named_id

COCO = "coco"


class CocoFamily:
    """A file speaks of many images: it is answered once for each picture it names, and once for a series."""

    readings: tuple[str, ...] = ()

    def claims(self, path: Path, head: bytes) -> bool:
        return looks_like_coco(path, head)

    def gather(self, paths: Sequence[Path], progress: Progress) -> Iterable[Outcome]:
        for done, path in enumerate(paths):
            progress.step(done, len(paths), "COCO files read")
            try:
                yield from _outcomes(path)
            except GraticuleError as error:
                yield Outcome(path, REFUSED, reason=str(error))

    def open(self, case: Case) -> Opening:
        raise GraticuleError("A COCO file holds labels, no image.")


class CocoReader:
    reading = COCO

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """A segment for each thing, in groups where they do not overlap; GraticuleError when an image has another size."""
        file = read_coco(path)
        if file is None or not isinstance(content, Volume | Picture):
            raise GraticuleError("The COCO file holds no masks of this case.")
        shape = content.grid.shape if isinstance(content, Volume) else content.labels_shape
        slices = {image.id: (k, image) for image in file.images if (k := _slice_of(image, file, case, shape[0])) is not None}
        builder = Builder(shape, new_id)
        for things in _things(file, slices):
            builder.add_mask(_meaning(things[0], file), _mask(things, slices, shape))
        if not builder.labels.groups:
            raise GraticuleError("The COCO file holds no masks of this case.")
        return builder.labels


def _outcomes(path: Path) -> Iterator[Outcome]:
    file = read_coco(path)
    if file is None:
        yield Outcome(path, SKIPPED, reason="Not an image, a recording or labels that Graticule reads.")
        return
    objects = tuple(dict.fromkeys(image.object_id for image in file.images if image.object_id))
    if file.case or objects:
        yield Outcome(path, LABELS, labels_reading=COCO, match_ids=(*((case_name(file.case),) if file.case else ()), *objects))
        return
    drawn_on = {thing.image for thing in file.objects}
    for name in dict.fromkeys(image.name for image in file.images if image.id in drawn_on):
        yield Outcome(path, LABELS, labels_reading=COCO, match_ids=(named_id(name),))


def _slice_of(image: CocoImage, file: CocoFile, case: Case, count: int) -> int | None:
    """The slice or frame (from 0) that an image of the file is; None for an image of another case."""
    if file.case == case.id and 0 <= image.slice < count:
        return image.slice
    rows = case.facts.get("slices", ())
    named = [k for k, row in enumerate(rows) if image.object_id and case.sources[row[0]].object_id == image.object_id]
    if len(named) == 1:
        return named[0]
    stems = {Path(source.path).stem.lower() for source in case.sources}
    return 0 if count == 1 and image.name.lower() in stems else None


def _things(file: CocoFile, slices: dict[int, tuple[int, CocoImage]]) -> Iterator[list[CocoObject]]:
    """Masks of one thing together: in a series it lies on several slices."""
    found: dict[tuple[int, str], list[CocoObject]] = {}
    for one in file.objects:
        if one.image in slices:
            found.setdefault((one.category, one.instance), []).append(one)
    yield from found.values()


def _mask(things: list[CocoObject], slices: dict[int, tuple[int, CocoImage]], shape: tuple[int, int, int]) -> Array:
    mask = np.zeros(shape, bool)
    for one in things:
        k, image = slices[one.image]
        if (image.rows, image.columns) != shape[1:]:
            raise refuse_other_grid()
        mask[k] |= mask_in(one.shape, *shape[1:])
    return mask


def _meaning(one: CocoObject, file: CocoFile) -> Meaning:
    name, code = file.categories.get(one.category, ("", ()))
    return Meaning(name or f"Category {one.category}", TISSUE, Code(code[0], code[1], "") if code else TISSUE)


FAMILY = CocoFamily()
READER = CocoReader()
