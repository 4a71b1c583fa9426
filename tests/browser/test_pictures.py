"""The pictures of the bundled courses, drawn by Chromium: words stay in their boxes and do not lie on one another."""

import pytest

from tests.browser.conftest import CHECKOUT

PICTURES = sorted((CHECKOUT / "courses").glob("*/media/*.svg"))
# In the picture's own units, whose width is 720. A line's box reaches above and below its letters, so lines may share a little of it.
CROWDED = """() => {
  const box = one => one.getBBox(), words = [...document.querySelectorAll('text:not([transform])')], said = [];
  const boxes = [...document.querySelectorAll('rect')].map(box);
  const holds = (outer, x, y) => x > outer.x && x < outer.x + outer.width && y > outer.y && y < outer.y + outer.height;
  for (const [at, word] of words.entries()) {
    const one = box(word), x = one.x + one.width / 2, y = one.y + one.height / 2;
    const around = boxes.filter(outer => holds(outer, x, y)).sort((a, b) => a.width * a.height - b.width * b.height)[0];
    if (one.x < around.x + 4 || one.x + one.width > around.x + around.width - 4) said.push(`${word.textContent} leaves its box`);
    for (const other of words.slice(at + 1)) {
      const two = box(other);
      const wide = Math.min(one.x + one.width, two.x + two.width) - Math.max(one.x, two.x);
      const high = Math.min(one.y + one.height, two.y + two.height) - Math.max(one.y, two.y);
      if (wide > -4 && high > 5) said.push(`${word.textContent} lies on ${other.textContent}`);
    }
  }
  return said;
}"""


@pytest.mark.browser
def test_no_picture_is_crowded(chromium):
    assert len(PICTURES) > 15
    page = chromium.new_page(viewport={"width": 720, "height": 600})
    faults = []
    for picture in PICTURES:
        page.goto(picture.as_uri())
        faults += [f"{picture.name}: {said}" for said in page.evaluate(CROWDED)]
    page.close()
    assert faults == []
