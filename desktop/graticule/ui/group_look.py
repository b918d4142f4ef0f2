"""How a group of labels is drawn in any view that shows it: its layer, and the colours of fill and line."""

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import LabelMap, holds_seeds
from graticule.presenters.volume import VolumePresenter
from graticule.render.overlay import LabelLayer, colour_table
from graticule.render.seed_layer import SeedLayer


def layer_of(name: str, group: LabelMap, grid: Grid) -> LabelLayer:
    return SeedLayer(group, grid) if holds_seeds(name) else LabelLayer(group, grid)


def tables_of(volume: VolumePresenter, name: str) -> tuple[Array, Array]:
    """(fill, line) colour tables of a group as the reader wants labels to look now."""
    if holds_seeds(name):
        solid = colour_table(volume.seed_colours(name), 1.0)
        return solid, solid
    look, colours = volume.label_look, volume.colours(name)
    shares = volume.shares(name)
    bare = look.outline_only or volume.mapped
    fill = 0.0 if bare else look.opacity * volume.fill_share(name)
    return colour_table(colours, fill, shares), colour_table(colours, 1.0, shares)
