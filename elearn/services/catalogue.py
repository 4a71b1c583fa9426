"""Finding courses: the list on offer, search by stems, one course with its version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, text
from sqlalchemy.orm import Session

from elearn.models.learning import CourseCompetency, CourseRow, CourseVersion, Enrolment
from elearn.services.stems import MAX_QUERY_WORDS, stems

PAGE = 20
MIN_WORD = 3
SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A row of the catalogue. ``state`` is the viewer's: "", "active" or "completed"."""

    course_id: int
    slug: str
    title: str
    summary: str
    language: str
    level: str
    hours: int
    minutes: int
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the courses shown must be: each "" or one of the values below; ``competency`` a code."""

    competency: str = ""
    level: str = ""
    hours: str = ""
    time: str = ""

    def __bool__(self) -> bool:
        return any((self.competency, self.level, self.hours, self.time))


LEVELS = ("basic", "intermediate", "advanced")
# from (in), to (out); credit hours, minutes
HOURS = {"1-3": (0, 4), "4-9": (4, 10), "10-": (10, 1_000_000)}
TIMES = {"1": (0, 60), "3": (60, 180), "3-": (180, 1_000_000)}
MOST_COMPETENCIES = 40


def _conditions(filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.competency:
        taught = select(CourseCompetency.course_id).where(CourseCompetency.code == filters.competency)
        yield CourseRow.id.in_(taught)
    if filters.level:
        yield CourseRow.level == filters.level
    for column, ranges, chosen in ((CourseRow.hours, HOURS, filters.hours), (CourseRow.minutes, TIMES, filters.time)):
        if chosen in ranges:
            least, below = ranges[chosen]
            yield column >= least
            yield column < below


def competencies_on_offer(session: Session) -> list[str]:
    """The codes that courses on offer teach, those of most courses first, at most ``MOST_COMPETENCIES``."""
    rows = (
        select(CourseCompetency.code)
        .join(CourseRow, CourseRow.id == CourseCompetency.course_id)
        .where(CourseRow.version_id.isnot(None))
        .group_by(CourseCompetency.code)
        .order_by(func.count().desc(), CourseCompetency.code)
        .limit(MOST_COMPETENCIES)
    )
    return list(session.scalars(rows))


def _offers(viewer_id: int) -> Select[CourseRow, str]:
    mine = and_(Enrolment.course_id == CourseRow.id, Enrolment.person_id == viewer_id, Enrolment.state != "withdrawn")
    statement = select(CourseRow, func.min(Enrolment.state)).outerjoin(Enrolment, mine)
    return statement.where(CourseRow.version_id.isnot(None)).group_by(CourseRow.id)


def search(session: Session, query: str, *, viewer_id: int = 0, page: int = 1, filters: Filters | None = None) -> tuple[list[Offer], bool]:
    """The courses on offer that hold every word of ``query`` (all of them for "") and pass the filters, best first; and whether more
    follow."""
    words = stems(query)[:MAX_QUERY_WORDS]
    statement = _offers(viewer_id).where(*_conditions(filters or Filters()))
    if query.strip() and not words:
        return [], False
    if words and session.get_bind().dialect.name == "sqlite":
        match = " AND ".join(f'"{word}"' for word in words)
        found = text("SELECT rowid FROM course_search WHERE course_search MATCH :match").bindparams(match=match)
        statement = statement.where(CourseRow.id.in_(found))
    elif words:
        vector: ColumnElement[Any] = literal_column("to_tsvector('simple', course.search_text)")
        statement = statement.where(vector.op("@@")(func.plainto_tsquery("simple", " ".join(words))))
    # small letters and order as in SQLite, whatever the server's own may be
    title = func.lower(CourseRow.title.collate("C") if session.get_bind().dialect.name == "postgresql" else CourseRow.title)
    in_title = title.contains(query.strip().translate(SMALL), autoescape=True)
    statement = statement.order_by(in_title.desc(), title, CourseRow.id)
    rows = session.execute(statement.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return [_offer(row, state) for row, state in rows[:PAGE]], len(rows) > PAGE


def _offer(row: CourseRow, state: str | None) -> Offer:
    return Offer(
        course_id=row.id,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        language=row.language,
        level=row.level,
        hours=row.hours,
        minutes=row.minutes,
        state=state or "",
    )


def nearest_titles(session: Session, query: str) -> Sequence[str]:
    """Titles that look like what somebody typed, for a search that found nothing."""
    titles = session.scalars(select(CourseRow.title).where(CourseRow.version_id.isnot(None)).limit(2_000))
    by_word = {word.casefold(): title for title in titles for word in [*title.split(), title]}
    asked = [query.casefold(), *(word.casefold() for word in query.split() if len(word) >= MIN_WORD)]
    near = [
        by_word[word]
        for part in dict.fromkeys(asked[:MAX_QUERY_WORDS])
        for word in get_close_matches(part, _like(part, by_word), cutoff=0.7)
    ]
    return list(dict.fromkeys(near))[:3]


def _like(part: str, words: Iterable[str]) -> list[str]:
    """Those that could be meant: about as long, and with the same first or last letter. Weighing them all would take seconds."""
    return [word for word in words if abs(len(word) - len(part)) <= 1 + len(part) // 4 and (word[:1] == part[:1] or word[-1:] == part[-1:])]


@dataclass(frozen=True, kw_only=True)
class OnOffer:
    """The version of a course that one enrols in today."""

    course_id: int
    version_id: int
    number: int
    digest: str


def title_of(session: Session, slug: str) -> str | None:
    """The title of the course of that slug, on offer or not; None where there never was one."""
    return session.scalar(select(CourseRow.title).where(CourseRow.slug == slug))


def on_offer(session: Session, slug: str) -> OnOffer | None:
    """The version on offer of the course of that slug, or None."""
    row = session.execute(
        select(CourseRow.id, CourseVersion.id, CourseVersion.number, CourseVersion.digest)
        .join(CourseVersion, CourseVersion.id == CourseRow.version_id)
        .where(CourseRow.slug == slug)
    ).first()
    return OnOffer(course_id=row[0], version_id=row[1], number=row[2], digest=row[3]) if row else None
