"""What a course weighs, for its author: words, minutes, hours honest or not, kilobytes, and how hard its sentences are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from elearn.content.values import Course, Lesson

MINUTES_AN_HOUR = 45  # one JP is 45 minutes of learning
TAG = re.compile(r"<[^>]+>")
WORD = re.compile(r"[^\W\d_]+")
SENTENCE = re.compile(r"[.!?…]+(?:\s|$)")
SRC = re.compile(r"/media/([0-9a-f]{40}\.\w+)")
LONG_SENTENCE = 25
LONG_WORD = 9  # letters; Indonesian's affixes make words longer than the seven that LIX counts in Swedish
EASY, HARD = 35, 50
MOST_IMAGE = 150_000  # bytes: what a phone on a thin line loads in a few seconds


@dataclass(frozen=True, kw_only=True)
class LessonFigures:
    """``weight`` is bytes of text and of the pictures a phone loads; ``sentence`` the mean words of a sentence; ``long_words`` the
    share of long words, 0 to 1."""

    id: str
    words: int
    minutes: int
    weight: int
    pictures: int
    sentence: float
    long_words: float = 0.0

    @property
    def readability(self) -> int:
        """Words a sentence plus the percentage of long words, after Björnsson's LIX (1968) with a longer long word: about 35 for a
        newspaper, above 50 for a law. It counts letters, not sense."""
        return round(self.sentence + 100 * self.long_words)

    @property
    def level(self) -> str:
        """ "easy", "middle" or "hard"; "" where there are too few words to tell."""
        if self.words < 50:
            return ""
        return "easy" if self.readability < EASY else "hard" if self.readability > HARD else "middle"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The whole course. ``honest_hours`` is what its minutes come to; ``images`` are (lesson id, bytes) of each picture, largest first."""

    lessons: tuple[LessonFigures, ...]
    minutes: int
    hours: int
    words: int
    images: tuple[tuple[str, int], ...] = ()

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
    images = sorted(
        ((lesson.id, len(media[name])) for lesson in course.lessons() for name in _shown(lesson, media)), key=lambda one: -one[1]
    )
    return Figures(
        lessons=lessons, minutes=course.minutes, hours=course.hours, words=sum(one.words for one in lessons), images=tuple(images)
    )


def _html(lesson: Lesson) -> str:
    return " ".join(part for part in lesson.parts if isinstance(part, str))


def _shown(lesson: Lesson, media: Mapping[str, bytes]) -> set[str]:
    return {name for name in SRC.findall(re.sub(r'srcset="[^"]*"', "", _html(lesson))) if name in media}


def _lesson(lesson: Lesson, media: Mapping[str, bytes]) -> LessonFigures:
    html = _html(lesson)
    text = unescape(TAG.sub(" ", html))
    words = WORD.findall(text)
    sentences = [one for one in SENTENCE.split(text) if len(one.split()) > 2]
    shown = _shown(lesson, media)
    return LessonFigures(
        id=lesson.id,
        words=lesson.words,
        minutes=lesson.minutes,
        weight=len(html.encode()) + sum(len(media[name]) for name in shown),
        pictures=len(shown),
        sentence=sum(len(one.split()) for one in sentences) / len(sentences) if sentences else 0.0,
        long_words=sum(len(word) >= LONG_WORD for word in words) / len(words) if words else 0.0,
    )
