"""Pictures of a course: as the camera was held, and without anything that reaches out."""

import io

import pytest
from PIL import Image

from elearn.content.images import BadImage, prepare

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2">%s</svg>'


def photograph(orientation: int) -> bytes:
    """800 x 400 as the sensor saw it, blue on its left half."""
    image = Image.new("RGB", (800, 400), "red")
    image.paste("blue", (0, 0, 400, 400))
    metadata = Image.Exif()
    metadata[274] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", exif=metadata)
    return out.getvalue()


@pytest.mark.parametrize(
    ("orientation", "size", "blue"), [(1, (800, 400), (10, 200)), (6, (400, 800), (200, 10)), (8, (400, 800), (200, 790))]
)
def test_a_photograph_stands_as_the_camera_was_held(orientation, size, blue):
    picture = prepare(photograph(orientation))
    assert (picture.width, picture.height) == size
    shown = Image.open(io.BytesIO(picture.files[picture.name])).convert("RGB")
    assert shown.size == size
    red, _, blue_there = shown.getpixel(blue)
    assert blue_there > 200 > 50 > red


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"<!-- Generator: Adobe Illustrator -->\n", b"\n "])
def test_a_drawing_is_known_whatever_its_program_writes_before_it(before):
    assert prepare(before + SVG % b"").name.endswith(".svg")


@pytest.mark.parametrize(
    "inside",
    [
        b'<rect style="fill:url(#a);background:url(https://jejak.id/x)"/>',
        b"<rect fill=\"url( '//jejak.id/x')\"/>",
        b'<img xmlns="http://www.w3.org/1999/xhtml" src="https://jejak.id/x"/>',
        b'<g xmlns:h="http://www.w3.org/1999/xhtml"><h:meta http-equiv="refresh" content="0"/></g>',
    ],
)
def test_a_drawing_that_reaches_out_is_refused(inside):
    with pytest.raises(BadImage):
        prepare(SVG % inside)


def test_a_drawing_may_refer_to_itself():
    assert prepare(SVG % b'<rect fill="url(#a)" style="stroke: url(\'#b\')"/>').width == 4
