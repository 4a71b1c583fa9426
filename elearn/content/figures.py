"""What a course weighs, for its author: words, minutes, hours honest or not, kilobytes, and how hard its sentences are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from elearn.content.values import Course, Lesson

MINUTES_AN_HOUR = 45  # one JP is 45 minutes of learning
TAG = re.compile(r"<[^>]+>")
SENTENCE = re.compile(r"[.!?…]+(?:\s|$)")
SRC = re.compile(r"/media/([0-9a-f]{40}\.\w+)")
LONG_SENTENCE = 25


@dataclass(frozen=True, kw_only=True)
class LessonFigures:
    """``weight`` is bytes of text and of the pictures a phone loads; ``sentence`` the mean words of a sentence."""

    id: str
    words: int
    minutes: int
    weight: int
    pictures: int
    sentence: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The whole course. ``honest_hours`` is what its minutes come to."""

    lessons: tuple[LessonFigures, ...]
    minutes: int
    hours: int
    words: int

    @property
    def honest_hours(self) -> float:
        """JP by the minutes that the lessons declare."""
        return self.minutes / MINUTES_AN_HOUR

    @property
    def is_honest(self) -> bool:
        """Whether the declared hours are within a tenth of the minutes."""
        return abs(self.honest_hours - self.hours) <= max(0.25, self.hours * 0.1)


def figures_of(course: Course, media: Mapping[str, bytes]) -> Figures:
    """The figures of a course as read, with its pictures' files by name."""
    lessons = tuple(_lesson(lesson, media) for lesson in course.lessons())
    return Figures(lessons=lessons, minutes=course.minutes, hours=course.hours, words=sum(one.words for one in lessons))


def _lesson(lesson: Lesson, media: Mapping[str, bytes]) -> LessonFigures:
    html = " ".join(part for part in lesson.parts if isinstance(part, str))
    text = TAG.sub(" ", html)
    sentences = [one for one in SENTENCE.split(text) if len(one.split()) > 2]
    shown = {name for name in SRC.findall(re.sub(r'srcset="[^"]*"', "", html)) if name in media}
    return LessonFigures(
        id=lesson.id,
        words=lesson.words,
        minutes=lesson.minutes,
        weight=len(html.encode()) + sum(len(media[name]) for name in shown),
        pictures=len(shown),
        sentence=sum(len(one.split()) for one in sentences) / len(sentences) if sentences else 0.0,
    )
