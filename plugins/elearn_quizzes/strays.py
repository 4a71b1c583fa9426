"""Options that stand in a lesson's own text, for no heading makes a question of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from elearn import Course
from elearn_quizzes.faults import Problem, stray_option

_CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_OPTION = re.compile(r"<li>\s*(?:<p>)?(\([ xX]?\) [^<\n]{1,80})")
_KEY = re.compile(
    r"^(?:<p>)?[A-Ea-e][.)] .*\n(?:.*\n){0,9}?(?:Jawaban|Kunci|Kunci jawaban|Answer) ?: ?[A-Ea-e]\b", re.IGNORECASE | re.MULTILINE
)


def strays(course: Course) -> Iterator[Problem]:
    """One problem for each lesson whose text shows options with their key; the lesson's lines are not known any more. Code shows how a
    question is written, and is none."""
    for lesson in course.lessons():
        prose = _CODE.sub("", "\n".join(part for part in lesson.parts if isinstance(part, str)))
        options = _OPTION.findall(prose)
        marked = next((one for one in options if one[1] in "xX"), "") if len(options) > 1 else ""
        key = _KEY.search(prose)
        if marked or key:
            yield stray_option(unescape(marked or (key[0] if key else "").removeprefix("<p>").split("\n")[0]), line=1).at(file=lesson.file)
