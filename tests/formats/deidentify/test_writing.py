"""Writing on real images is doubted where it stands; real images without any are let alone."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from graticule.formats.deidentify.first_image import first_image
from graticule.formats.deidentify.writing import written_places
from graticule.resources import resource
from real_data import DATA, needs_data

BACKGROUNDS = ["ct/liver_mets_crlm1004/1-07.dcm", "xray/RG1_J2KR_chest_pa.dcm", "mr/brain_pd_oblique_ge"]
CORNERS = {"top left": (0.03, 0.03), "top right": (0.7, 0.03), "bottom left": (0.03, 0.94), "bottom right": (0.7, 0.94)}


def background(name):
    place = DATA / "imaging" / name
    return first_image(place if place.is_file() else sorted(path for path in place.iterdir() if path.is_file())[8])


def written(picture, corner, size):
    """The picture with a name and a date in one corner, as bright as it can be."""
    image = Image.new("L", picture.shape[::-1])
    across, down = CORNERS[corner]
    font = ImageFont.truetype(str(resource("fonts") / "Inter-Medium.otf"), size)
    ImageDraw.Draw(image).text((across * picture.shape[1], down * picture.shape[0]), "DOE JANE 12.03.1950", fill=255, font=font)
    mask = np.asarray(image) / 255
    return picture * (1 - mask) + picture.max() * mask


@needs_data
@pytest.mark.parametrize("name", BACKGROUNDS)
def test_real_images_without_writing_are_let_alone(name):
    assert written_places(background(name)) == ()


@needs_data
@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("name", BACKGROUNDS)
def test_writing_is_found_where_it_stands(name, corner):
    picture = background(name)
    size = 12 if min(picture.shape) < 600 else 40
    assert corner in written_places(written(picture, corner, size))


def test_nothing_at_all_is_no_writing():
    assert written_places(np.zeros((64, 64))) == () and written_places(np.full((8, 8, 3), 7, np.uint8)) == ()
