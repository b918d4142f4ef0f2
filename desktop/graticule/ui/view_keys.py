"""The keys that each kind of view understands, for the overlay of `?`."""

from collections.abc import Mapping
from types import MappingProxyType

from graticule.domain.case import Kind

Keys = tuple[tuple[str, str], ...]

VIEW_KEYS: Mapping[Kind, Keys] = MappingProxyType({
    Kind.VOLUME: (("Wheel  ↑ ↓", "Slice"), ("Ctrl+Wheel", "Zoom at the pointer"), ("Middle drag", "Pan"),
                  ("Right drag", "Zoom"), ("1–9", "Window preset"), ("Shift+Wheel  [ ]", "Brush size"),
                  ("Ctrl", "Erase while held"), ("Q  W", "Previous, next segment"), ("G", "Hide segments while held"),
                  ("V", "Outline or fill"), ("M", "Four views or one"), ("F", "Fit to the view"), ("0", "Reset the window"),
                  ("Double click", "Maximise a view")),
    Kind.IMAGE: (("Wheel", "Zoom at the pointer"), ("Middle drag", "Pan"), ("Right drag", "Zoom"),
                 ("1–9", "Window preset"), ("Double click", "Fit to the view")),
    Kind.ECG: (("Wheel  ← →", "Turn the page or scroll"), ("Ctrl+Wheel", "Zoom"), ("0", "Standard sheet"),
               ("Home  End", "Start, end"), ("PgUp  PgDn", "Previous, next episode"),
               ("Enter", "Another code for the episode"), ("Delete", "Delete the episode"),
               ("M", "Calipers march")),
})
