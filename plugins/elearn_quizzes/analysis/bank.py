"""The bank: every question of a course with where it stands and what is said about it, to search and to filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from elearn import site_of
from elearn_quizzes.analysis.versions import item_version
from elearn_quizzes.attempts import KIND
from elearn_quizzes.published import Item, Published, quiz_of
from elearn_quizzes.texts import words


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A question of the version on offer. ``whole`` says whether it stands in a quiz or within a lesson, ``pool`` the name of its group."""

    item: Item
    version: str
    lesson_id: str
    lesson: str
    whole: bool
    pool: str = ""

    @property
    def text(self) -> str:
        """All its words, for searching."""
        choices = " ".join(choice.html for choice in self.item.choices)
        return f"{self.item.id} {words(self.item.html)} {words(choices)} {self.lesson} {self.pool}".casefold()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for; "" is anything."""

    words: str = ""
    lesson: str = ""
    kind: str = ""
    tag: str = ""
    competency: str = ""
    level: str = ""

    def fits(self, entry: Entry) -> bool:
        """Whether the question is among what is looked for: every word must occur."""
        item = entry.item
        return (
            (not self.lesson or entry.lesson_id == self.lesson)
            and (not self.kind or item.kind == self.kind)
            and (not self.tag or self.tag in item.tags)
            and (not self.competency or self.competency in item.competencies)
            and (not self.level or item.level == self.level)
            and (not self.words or all(word in entry.text for word in self.words.casefold().split()))
        )


def quizzes_of(session: Session, digest: str) -> list[tuple[str, str, Published]]:
    """Lesson id, title and questions of every lesson with questions, in the order of the course. Content comes from the store's cache."""
    site = site_of(session)
    found = []
    for outline in site.course(digest).lessons():
        for placed in site.store.lesson(digest, outline.id).blocks:
            if placed.kind == KIND and placed.data:
                found.append((outline.id, outline.title, quiz_of(placed)))
    return found


def bank_of(session: Session, digest: str) -> list[Entry]:
    """Every question of a version."""
    return [
        Entry(item=item.as_written, version=item_version(item), lesson_id=lesson_id, lesson=title, whole=quiz.whole, pool=pool.name)
        for lesson_id, title, quiz in quizzes_of(session, digest)
        for pool in quiz.pools
        for item in pool.items
    ]


def quiz_as_test(session: Session, digest: str, test: str) -> tuple[str, Published] | None:
    """The lesson id and the questions of the course's pre- or post-test ("pre", "post"); the last where there are several."""
    tests = [(lesson_id, quiz) for lesson_id, _title, quiz in quizzes_of(session, digest) if quiz.whole and quiz.settings.test == test]
    return tests[-1] if tests else None


def choices_in(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """What one may filter by: the tags, competencies, levels and kinds that occur."""
    entries = list(entries)
    return {
        "tag": sorted({tag for entry in entries for tag in entry.item.tags}),
        "competency": sorted({name for entry in entries for name in entry.item.competencies}),
        "level": sorted({entry.item.level for entry in entries if entry.item.level}),
        "kind": sorted({entry.item.kind for entry in entries}),
    }
