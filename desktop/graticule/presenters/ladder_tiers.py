"""Where the tiers of the ladder diagram lie on the sheet."""

from graticule.editing.tools.ladder import ATRIA, NODE, VENTRICLES
from graticule.presenters.ecg_sheet import Sheet

TIERS = (0.0, 0.22, 0.78, 1.0)   # shares of the height where atria, AV node and ventricles begin and end


def tier_at(sheet: Sheet, y_mm: float) -> str:
    """The tier at a height of the sheet; "" outside the diagram."""
    if sheet.ladder is None:
        return ""
    top, height = sheet.ladder
    share = (y_mm - top) / height
    return next((name for name, end in zip((ATRIA, NODE, VENTRICLES), TIERS[1:], strict=True) if 0 <= share < end), "")
