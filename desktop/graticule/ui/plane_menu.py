"""What a right click on a plane offers beside its presets: a slab, and the way back from turned planes."""

from functools import partial

from PySide6.QtWidgets import QMenu

from graticule.imaging.slab import WORDS, Slab, Through
from graticule.presenters.plane_view import PlaneView
from graticule.presenters.planes import LinkedPlanes
from graticule.ui.keys import with_key
from graticule.ui.words import tr

THICKNESSES_MM = (5.0, 10.0, 20.0, 40.0)


def add_plane_menu(menu: QMenu, view: PlaneView, planes: LinkedPlanes) -> None:
    slabs = menu.addMenu(tr("Slab"))
    off = slabs.addAction(tr("Off: one plane"), partial(planes.set_slab, view, None))
    off.setCheckable(True)
    off.setChecked(view.slab is None)
    for through in Through:
        slabs.addSection(tr(WORDS[through]))
        for thickness in THICKNESSES_MM:
            slab = Slab(through, thickness)
            action = slabs.addAction(slab.words, partial(planes.set_slab, view, slab))
            action.setCheckable(True)
            action.setChecked(view.slab == slab)
    if planes.turned:
        menu.addAction(with_key(tr("Straighten the planes"), "volume.straighten"), planes.straighten)
