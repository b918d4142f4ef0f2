"""Row 7: threshold of 512×512×400, and its largest part."""

from collections.abc import Iterator

import numpy as np
import SimpleITK as sitk

from benchmarks.figure import Figure, side_by_side
from benchmarks.phantoms import ct
from graticule.imaging.islands import keep_largest
from graticule.imaging.threshold import METHODS, Range, counts_of, inside_range


def run() -> Iterator[Figure]:
    voxels = ct()
    out = np.zeros(voxels.shape, dtype=bool)
    words = voxels.view(np.int64)
    ours, limit = side_by_side(lambda: inside_range(voxels, Range(100, 300), out=out),
                               lambda: np.bitwise_or.reduce(words, axis=None), 15, 3)
    yield Figure("7", "threshold 512×512×400 into a kept mask", ours, "limit: one read of the volume (numpy)", limit)
    image = sitk.GetImageFromArray(voxels)
    ours, peer = side_by_side(lambda: inside_range(voxels, Range(100, 300)), lambda: sitk.BinaryThreshold(image, 100, 300), 5)
    yield Figure("7", "the same into a new mask", ours, "SimpleITK BinaryThreshold", peer)
    ours, peer = side_by_side(lambda: METHODS["otsu"](counts_of(voxels)), lambda: sitk.OtsuThreshold(image), 3)
    yield Figure("7", "Otsu's level of 512×512×400, every voxel", ours, "SimpleITK OtsuThreshold", peer)
    mask = inside_range(voxels, Range(90)).mask
    small = sitk.GetImageFromArray(mask.view(np.uint8))
    ours, peer = side_by_side(lambda: keep_largest(mask),
                              lambda: sitk.RelabelComponent(sitk.ConnectedComponent(small, True)) == 1, 3)
    yield Figure("7", f"largest component, {np.count_nonzero(mask) / 1e6:.0f} M voxels of noise", ours, "SimpleITK", peer)
    yield from _calm()


def _calm() -> Iterator[Figure]:
    """An organ with some dust, as a mask is in practice."""
    from benchmarks.phantoms import CT_SHAPE, organ

    mask = np.zeros(CT_SHAPE, dtype=bool)
    mask[100:280, 128:384, 128:384] = organ()
    mask |= np.random.default_rng(1).random(CT_SHAPE, dtype=np.float32) < 0.0005
    small = sitk.GetImageFromArray(mask.view(np.uint8))
    ours, peer = side_by_side(lambda: keep_largest(mask),
                              lambda: sitk.RelabelComponent(sitk.ConnectedComponent(small, True)) == 1, 3)
    yield Figure("7", "largest component of an organ with dust", ours, "SimpleITK", peer)
