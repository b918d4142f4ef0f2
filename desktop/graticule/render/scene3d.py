"""The 3D scene in an off-screen window: volume, segment surfaces, camera. Used on one thread only, the one that made it."""

import numpy as np
from vtkmodules import vtkRenderingOpenGL2, vtkRenderingVolumeOpenGL2  # noqa: F401  (they register the factories)
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction, vtkPlane, vtkPolyData
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkColorTransferFunction,
    vtkPolyDataMapper,
    vtkRenderer,
    vtkRenderWindow,
    vtkVolume,
    vtkVolumeProperty,
)
from vtkmodules.vtkRenderingVolume import vtkFixedPointVolumeRayCastMapper, vtkGPUVolumeRayCastMapper

from graticule.domain.geometry import Array, Grid
from graticule.render.backend import choose_backend
from graticule.render.camera import PatientCamera
from graticule.render.cropping import CropBox, Cut
from graticule.render.index_image import IndexImage
from graticule.render.reduce import Reduced
from graticule.render.volume_look import VolumeLook

QUICK_STEP, STILL_STEP = 5.0, 1.0


class Scene3D:
    """software: no graphics card, so volumes are cast by the processor (far faster than a GPU mapper on software GL)."""

    def __init__(self, grid: Grid, *, software: bool) -> None:
        choose_backend()
        self._software = software
        self._window = vtkRenderWindow()
        self._window.SetOffScreenRendering(1)
        self._window.SetMultiSamples(0)
        self._renderer = vtkRenderer()
        self._renderer.SetBackground(0, 0, 0)
        self._window.AddRenderer(self._renderer)
        self._volume: vtkVolume | None = None
        self._look: VolumeLook | None = None
        self._image: IndexImage | None = None
        self._reduced: Reduced | None = None
        self._crop = CropBox()
        self._plane: vtkPlane | None = None
        self._shaded_once = False
        self._surfaces: dict[str, vtkActor] = {}
        self._pixels = vtkUnsignedCharArray()
        self._closed = False
        self.camera = PatientCamera(self._renderer, grid)

    def show_volume(self, reduced: Reduced, look: VolumeLook) -> None:
        self._image, self._reduced = IndexImage(reduced.voxels), reduced
        k, j, i = reduced.grid.spacing_mm
        self._image.data.SetSpacing(i, j, k)
        mapper = self._mapper()
        mapper.SetInputData(self._image.data)
        volume = vtkVolume()
        volume.SetMapper(mapper)
        volume.SetUserMatrix(_placing(reduced.grid))
        if self._volume is not None:
            self._renderer.RemoveVolume(self._volume)
        self._volume, self._shaded_once = volume, False
        self._renderer.AddVolume(volume)
        self.set_look(look)
        self.set_crop(self._crop)
        self._put_plane(mapper)

    def set_look(self, look: VolumeLook) -> None:
        """Other colours and opacities of the same volume."""
        if self._volume is None or self._reduced is None:
            return
        mapper, self._look = self._volume.GetMapper(), look
        if look.brightest:
            mapper.SetBlendModeToMaximumIntensity()
        else:
            mapper.SetBlendModeToComposite()
        self._volume.SetProperty(_property(look, min(self._reduced.grid.spacing_mm)))
        self._let_surfaces_shine()

    @property
    def reduced(self) -> Reduced | None:
        """What the volume was reduced to, None before one is shown."""
        return self._reduced

    @property
    def shading_waits(self) -> bool:
        """The next still frame computes the shading of the whole volume, which takes up to a second."""
        return self._software and self._volume is not None and self._look is not None and self._look.shaded \
            and not self._shaded_once

    def set_crop(self, box: CropBox) -> None:
        """Keep the volume inside the box only; surfaces stay whole."""
        self._crop = box
        if self._volume is None or self._reduced is None:
            return
        mapper, grid = self._volume.GetMapper(), self._reduced.grid
        mapper.SetCropping(0 if box.whole else 1)
        mapper.SetCroppingRegionFlagsToSubVolume()
        spacing = np.array(grid.spacing_mm[::-1])[:, None]
        mapper.SetCroppingRegionPlanes(*(box.index(grid) * spacing).ravel())

    def set_cut(self, cut: Cut | None) -> None:
        """Cut volume and surfaces by a plane; None for neither."""
        if cut is None:
            self._plane = None
        else:
            self._plane = self._plane or vtkPlane()
            self._plane.SetOrigin(*cut.point)
            self._plane.SetNormal(*cut.towards)
        for mapper in self._mappers():
            self._put_plane(mapper)

    def _mappers(self) -> list[vtkFixedPointVolumeRayCastMapper | vtkGPUVolumeRayCastMapper | vtkPolyDataMapper]:
        volume = [] if self._volume is None else [self._volume.GetMapper()]
        return [*volume, *(actor.GetMapper() for actor in self._surfaces.values())]

    def _put_plane(self, mapper: vtkFixedPointVolumeRayCastMapper | vtkGPUVolumeRayCastMapper | vtkPolyDataMapper) -> None:
        mapper.RemoveAllClippingPlanes()
        if self._plane is not None:
            mapper.AddClippingPlane(self._plane)

    def set_volume_visible(self, visible: bool) -> None:
        if self._volume is not None:
            self._volume.SetVisibility(int(visible))

    def put_surface(self, name: str, surface: vtkPolyData | None, rgb: tuple[int, int, int]) -> None:
        """Show, replace or (None) remove the surface of this name."""
        if surface is None:
            self._drop(name)
            return
        actor = self._surfaces.get(name)
        if actor is None:
            actor = vtkActor()
            actor.SetMapper(vtkPolyDataMapper())
            self._surfaces[name] = actor
            self._put_plane(actor.GetMapper())
            self._renderer.AddActor(actor)
            self._let_surfaces_shine()
        actor.GetMapper().SetInputData(surface)
        actor.GetMapper().ScalarVisibilityOff()
        shine = actor.GetProperty()
        shine.SetColor(*(part / 255 for part in rgb))
        shine.SetSpecular(0.25)
        shine.SetSpecularPower(24)
        shine.SetAmbient(0.12)

    def set_surface_visible(self, name: str, visible: bool) -> None:
        if name in self._surfaces:
            self._surfaces[name].SetVisibility(int(visible))
            self._let_surfaces_shine()

    def surfaces(self) -> list[str]:
        return list(self._surfaces)

    def render(self, width: int, height: int, *, quick: bool) -> Array:
        """(height, width, 4) uint8 RGBA, top row first. `quick` casts every fifth ray, for while the hand moves (and leaves
        out shading until a still frame has computed it)."""
        self._set_steps(quick)
        self._set_shading(quick)
        self.camera.frame(width, height)
        self._window.SetSize(width, height)
        self._window.Render()
        self._window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, self._pixels)  # type: ignore[call-overload]
        rows = vtk_to_numpy(self._pixels).reshape(height, width, 4)
        return np.ascontiguousarray(rows[::-1])

    def close(self) -> None:
        """Frees GL. Afterwards nothing may be asked of the scene."""
        if not self._closed:
            self._closed = True
            self._renderer.RemoveAllViewProps()
            self._window.Finalize()

    @property
    def closed(self) -> bool:
        return self._closed

    def _mapper(self) -> vtkFixedPointVolumeRayCastMapper | vtkGPUVolumeRayCastMapper:
        if not self._software:
            return vtkGPUVolumeRayCastMapper()
        mapper = vtkFixedPointVolumeRayCastMapper()
        mapper.SetAutoAdjustSampleDistances(0)
        return mapper

    def _set_steps(self, quick: bool) -> None:
        if self._volume is not None and self._software:
            self._volume.GetMapper().SetImageSampleDistance(QUICK_STEP if quick else STILL_STEP)

    def _set_shading(self, quick: bool) -> None:
        if self._volume is None or self._look is None or not self._software:
            return
        shaded = self._look.shaded and (self._shaded_once or not quick)
        self._volume.GetProperty().SetShade(int(shaded))
        self._shaded_once = self._shaded_once or shaded

    def _drop(self, name: str) -> None:
        actor = self._surfaces.pop(name, None)
        if actor is not None:
            self._renderer.RemoveActor(actor)
            self._let_surfaces_shine()

    def _let_surfaces_shine(self) -> None:
        """Thin the volume while a surface is shown, and thicken it when none is."""
        if self._volume is not None and self._look is not None:
            shown = any(actor.GetVisibility() for actor in self._surfaces.values())
            self._volume.GetProperty().SetScalarOpacity(_opacity(self._look, self._look.beside_surfaces if shown else 1.0))


def _placing(grid: Grid) -> vtkMatrix4x4:
    """Rotation (with any shear) and origin as the prop's matrix: the processor's ray caster ignores a direction in the image."""
    whole = np.eye(4)
    whole[:3, :3] = grid.direction
    whole[:3, 3] = grid.origin_mm
    matrix = vtkMatrix4x4()
    matrix.DeepCopy(tuple(whole.ravel()))
    return matrix


def _opacity(look: VolumeLook, share: float) -> vtkPiecewiseFunction:
    made = vtkPiecewiseFunction()
    for value, part in look.opacity:
        made.AddPoint(value, part * share)
    return made


def _property(look: VolumeLook, finest_mm: float) -> vtkVolumeProperty:
    colour = vtkColorTransferFunction()
    for value, rgb in look.colour:
        colour.AddRGBPoint(value, *rgb)
    made = vtkVolumeProperty()
    made.SetScalarOpacity(_opacity(look, 1.0))
    made.SetColor(colour)
    made.SetScalarOpacityUnitDistance(max(finest_mm, 1.0))
    made.SetInterpolationTypeToLinear()
    if look.shaded:
        made.ShadeOn()
        made.SetAmbient(0.3)
        made.SetDiffuse(0.8)
        made.SetSpecular(0.12)
    return made
