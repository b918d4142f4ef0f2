"""The 3D scene in an off-screen window: volume, segment surfaces, camera. Used on one thread only, the one that made it."""

import numpy as np
from vtkmodules import vtkRenderingOpenGL2, vtkRenderingVolumeOpenGL2  # noqa: F401  (they register the factories)
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction, vtkPolyData
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
from graticule.render.index_image import IndexImage
from graticule.render.reduce import Reduced
from graticule.render.volume_look import VolumeLook

QUICK_STEP, STILL_STEP = 4.0, 1.0


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
        self._surfaces: dict[str, vtkActor] = {}
        self._pixels = vtkUnsignedCharArray()
        self._closed = False
        self.camera = PatientCamera(self._renderer, grid)

    def show_volume(self, reduced: Reduced, look: VolumeLook) -> None:
        self._image = IndexImage(reduced.voxels)
        k, j, i = reduced.grid.spacing_mm
        self._image.data.SetSpacing(i, j, k)
        mapper = self._mapper()
        mapper.SetInputData(self._image.data)
        if look.brightest:
            mapper.SetBlendModeToMaximumIntensity()
        volume = vtkVolume()
        volume.SetMapper(mapper)
        volume.SetProperty(_property(look, min(i, j, k)))
        volume.SetUserMatrix(_placing(reduced.grid))
        if self._volume is not None:
            self._renderer.RemoveVolume(self._volume)
        self._volume, self._look = volume, look
        self._renderer.AddVolume(volume)
        self._let_surfaces_shine()

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
        """(height, width, 4) uint8 RGBA, top row first. `quick` casts every fourth ray, for while the hand moves."""
        self._set_steps(quick)
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
