"""Words over images are readable over anything: at least 4.5 : 1 over white, measured on the drawn pixels."""

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from graticule.ui.halo_text import LEAST_CONTRAST, contrast, halo_text, luminance
from graticule.ui.theme import TOKENS


@pytest.mark.parametrize("colour", [TOKENS.image_text, TOKENS.warn, TOKENS.bad, TOKENS.plane_axial, TOKENS.plane_coronal,
                                    TOKENS.plane_sagittal, TOKENS.accent_hover, TOKENS.muted])
@pytest.mark.parametrize("ground", ["#ffffff", "#a0a0a0", "#000000"])
def test_contrast_holds_over_any_ground(qtbot, colour: str, ground: str) -> None:
    words = halo_text("mm HU", colour)
    image = QImage(words.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.drawImage(0, 0, words)
    painter.end()
    plate = image.pixelColor(image.width() // 2, 1)
    assert contrast(luminance(QColor(colour)), luminance(plate)) >= LEAST_CONTRAST - 0.05
