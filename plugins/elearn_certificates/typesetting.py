"""Making a text fit its box: shrink a little, then wrap, then shrink more; nothing is ever drawn past an edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Colour = tuple[int, int, int]
Measure = Callable[[str], float]  # width in mm at a size of 1 pt
MM_PER_POINT = 25.4 / 72
STEP = 0.25  # pt
TINIEST = 4.0  # pt; below this a text is cut instead


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a text looks and how it may give way.

    It is set in one line at ``size`` pt or down to ``smallest``; then in up to ``lines`` lines from ``smallest`` down. ``tracking`` is the extra
    space between letters in thousandths of the size, ``leading`` the distance of lines in sizes.
    """

    face: str
    size: float
    smallest: float | None = None
    lines: int = 1
    colour: Colour = (26, 29, 33)
    tracking: float = 0.0
    leading: float = 1.25
    balanced: bool = False


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A text cut into lines at a size in pt that fits."""

    size: float
    lines: tuple[str, ...]
    style: Style

    @property
    def line_height(self) -> float:
        """In mm."""
        return self.size * self.style.leading * MM_PER_POINT

    @property
    def height(self) -> float:
        """In mm."""
        return self.line_height * len(self.lines)


def fit(text: str, *, style: Style, width: float, measure: Measure, scale: float = 1.0) -> Fitted:
    """``text`` in ``style`` within ``width`` mm, with all sizes times ``scale``; cut with "…" only if it does not fit at 4 pt."""
    smallest = (style.smallest or style.size) * scale
    for size in _sizes(style.size * scale, smallest):
        if measure(text) * size <= width:
            return Fitted(size=size, lines=(text,), style=style)
    for size in _sizes(smallest, min(TINIEST, smallest)):
        lines = wrap(text, width=width / size, measure=measure)
        if len(lines) <= style.lines and all(measure(line) * size <= width for line in lines):
            if style.balanced:
                lines = _balanced(text, lines=lines, measure=measure)
            return Fitted(size=size, lines=tuple(lines), style=style)
    size = min(TINIEST, smallest)
    lines = wrap(_broken(text, width=width / size, measure=measure), width=width / size, measure=measure)
    if len(lines) > style.lines:
        last = lines[style.lines - 1]
        while last and measure(last + "…") * size > width:
            last = last[:-1]
        lines = [*lines[: style.lines - 1], last + "…"]
    return Fitted(size=size, lines=tuple(lines), style=style)


def wrap(text: str, *, width: float, measure: Measure) -> list[str]:
    """``text`` in lines no wider than ``width`` (in the units of ``measure``), broken at spaces; a longer word stands alone."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and measure(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _sizes(largest: float, smallest: float) -> list[float]:
    steps = int((largest - smallest) / STEP)
    return [*(largest - step * STEP for step in range(steps + 1)), smallest]


def _balanced(text: str, *, lines: list[str], measure: Measure) -> list[str]:
    """As many lines, but near one another in length: the narrowest measure that still takes no more of them."""
    low, high = 0.0, max(measure(line) for line in lines)
    best = lines
    for _ in range(12):
        middle = (low + high) / 2
        tried = wrap(text, width=middle, measure=measure)
        if len(tried) <= len(lines) and max(measure(line) for line in tried) <= middle:
            best, high = tried, middle
        else:
            low = middle
    return best


def _broken(text: str, *, width: float, measure: Measure) -> str:
    """``text`` with a space put into every word that is wider than a line."""
    words = []
    for word in text.split(" "):
        while len(word) > 1 and measure(word) > width:
            count = next(count for count in range(len(word) - 1, 0, -1) if count == 1 or measure(word[:count]) <= width)
            words.append(word[:count])
            word = word[count:]
        words.append(word)
    return " ".join(words)
