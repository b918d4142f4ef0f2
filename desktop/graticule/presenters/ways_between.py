"""The way from another series of the patient to the case: as the reader registered it, or by a common frame of reference."""

from graticule.domain.elements import Registration
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.imaging.ties import Tie, TieKind, registered
from graticule.presenters.registering import rigid_of


def way_to_case(labels: Labels, case_id: str, frame: str, other_id: str, other_frame: str) -> Tie:
    """From the other series' patient space to the case's. frame, other_frame: frames of reference, "" when not known.

    GraticuleError when nothing says where one lies in the other; an offset by eye places no voxel.
    """
    for one in labels.of(Registration):
        if (one.moving, one.fixed) == (other_id, case_id):
            return registered(rigid_of(one), from_moving=True)
        if (one.moving, one.fixed) == (case_id, other_id):
            return registered(rigid_of(one), from_moving=False)
    if frame and frame == other_frame:
        return Tie(TieKind.FRAME)
    raise GraticuleError("These two images lie in different frames of reference: where one lies in the other is not known.",
                         "Register the two series first, then bring the segments over.")
