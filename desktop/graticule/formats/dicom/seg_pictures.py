"""Where the frames of a segmentation lie on a picture or loop: by the image and frame they name, pixel for pixel."""

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.picture import Picture
from graticule.formats.dicom.seg_file import SegFile, SegFrame
from graticule.formats.label_maps import refuse_other_grid


def frame_of(frame: SegFrame, file: SegFile, case: Case, picture: Picture) -> int:
    """The number (from 0) of the picture's frame that a frame of the segmentation was drawn on."""
    if (file.rows, file.columns) != (picture.rows, picture.columns):
        raise refuse_other_grid()
    ours = {source.object_id for source in case.sources}
    if not ours & set(frame.sources):
        raise GraticuleError("The segmentation does not name the image it was drawn on.", "Ask its maker for one that does.")
    if picture.count == 1:
        return 0
    if len(frame.source_frames) != 1 or not 0 < frame.source_frames[0] <= picture.count:
        raise GraticuleError("The segmentation does not say on which frame of the loop it was drawn.",
                             "Ask its maker for one that does.")
    return frame.source_frames[0] - 1
