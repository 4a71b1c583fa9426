"""Law that changes: which lessons and courses rest on a regulation, and what follows once somebody says that it changed.

A course names its regulations in course.yml, a lesson in its head (``dasar:``). A change holds for every version published before its
authors said that a newer one takes it in.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from elearn import (
    Base,
    BigInt,
    Course,
    Event,
    Key,
    Lesson,
    Problem,
    Refused,
    courses_on_offer,
    insert_or_update,
    note,
    record,
    say_date,
    site_of,
)
from elearn_studio.citations import cites, key_of

MEMORY = 60.0  # seconds for which a process remembers the changes: pages of learners ask for them


class Regulation(Base):
    """A regulation that changed: how its name begins wherever it is cited, from when, what changed; ``refresher`` the slug of a short
    course for those who learned the old state."""

    __tablename__ = "studio_regulation"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    changed_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text)
    refresher: Mapped[str] = mapped_column(String(80), default="")
    by: Mapped[int | None] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class TakenIn(Base):
    """The authors of a course say that from version ``number`` on it takes the change in."""

    __tablename__ = "studio_taken_in"
    __table_args__ = (UniqueConstraint("regulation_id", "slug"),)

    id: Mapped[Key]
    regulation_id: Mapped[int] = mapped_column(BigInt)
    slug: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    by: Mapped[int | None] = mapped_column(BigInt)


@dataclass(frozen=True, kw_only=True)
class RegulationChanged(Event):
    """Somebody said that a regulation changed; the authors of what rests on it are told."""

    regulation_id: int


@dataclass(frozen=True, kw_only=True)
class Known:
    """A change as pages need it: ``taken_in`` the first version that has it, by slug."""

    id: int
    name: str
    key: str
    changed_on: date
    note: str
    refresher: str
    taken_in: dict[str, int]

    def holds(self, slug: str, number: int) -> bool:
        """Whether that version of the course still tells the old state."""
        return slug not in self.taken_in or number < self.taken_in[slug]


def changes(session: Session) -> list[Known]:
    """All changes; two statements, at most once a minute in a process."""
    memory = site_of(session).memory
    kept = memory.get("studio.regulations")
    if kept and kept[0] > time.monotonic():
        found: list[Known] = kept[1]
        return found
    fresh = read_changes(session)
    memory["studio.regulations"] = (time.monotonic() + MEMORY, fresh)
    return fresh


def read_changes(session: Session) -> list[Known]:
    """All changes as the database has them now; two statements."""
    taken: dict[int, dict[str, int]] = {}
    for row in session.scalars(select(TakenIn)):
        taken.setdefault(row.regulation_id, {})[row.slug] = row.number
    return [
        Known(
            id=row.id,
            name=row.name,
            key=key_of(row.name),
            changed_on=row.changed_on,
            note=row.note,
            refresher=row.refresher,
            taken_in=taken.get(row.id, {}),
        )
        for row in session.scalars(select(Regulation).order_by(Regulation.changed_on.desc(), Regulation.id.desc()))
    ]


def forget(session: Session) -> None:
    """What was remembered is no longer true here; other processes notice within a minute."""
    site_of(session).memory.pop("studio.regulations", None)


def touching(known: Iterable[Known], course: Course, lesson: Lesson, number: int) -> list[Known]:
    """The changes that a lesson of that version does not have yet."""
    return [each for each in known if each.holds(course.slug, number) and any(cites(citation, each.key) for citation in lesson.legal_basis)]


def warnings(session: Session, course: Course) -> Iterator[Problem]:
    """For an author: where a course cites what changed, as long as nobody said that a version has the change."""
    for change in changes(session):
        if course.slug in change.taken_in:
            continue
        places = [(lesson.file, lesson.legal_basis) for lesson in course.lessons()]
        for file, citations in [("course.yml", [basis.regulation for basis in course.legal_basis]), *places]:
            if any(cites(citation, change.key) for citation in citations):
                yield Problem(
                    code="T02",
                    severity="warning",
                    message="{name} berubah sejak {day}: {note}",
                    remedy="Sesuaikan, terbitkan, lalu tandai sesuai di halaman Dasar hukum.",
                    file=file,
                    line=1,
                    values={"name": change.name, "day": say_date(change.changed_on), "note": change.note[:200]},
                )


def say_changed(session: Session, *, name: str, changed_on: date, text: str, by: int) -> int:
    """Keep that a regulation changed (a later word on it takes the place of the earlier); answers its id. Raises ``Refused``."""
    name, text = " ".join(name.split())[:200], text.strip()
    if not key_of(name):
        raise Refused("regulation", "Tulis nama peraturannya, misalnya Peraturan KPK 1/2026.")
    if not text or len(text) > 2_000:
        raise Refused("regulation_text", "Tulis apa yang berubah, paling panjang 2.000 huruf.")
    values = {"name": name, "key": key_of(name), "changed_on": changed_on, "note": text, "by": by, "refresher": ""}
    insert_or_update(session, Regulation, values=values, key=("key",))
    row = session.scalars(select(Regulation).where(Regulation.key == values["key"])).one()
    for taken in session.scalars(select(TakenIn).where(TakenIn.regulation_id == row.id)):
        session.delete(taken)
    record(session, RegulationChanged(regulation_id=row.id))
    note(session, "studio.regulation", actor=by, subject=name, detail=text)
    forget(session)
    return row.id


def offer_refresher(session: Session, regulation_id: int, slug: str, *, by: int) -> None:
    """Offer a short course to all who completed one that told the old state; "" takes the offer back. Raises ``Refused``."""
    row = session.get(Regulation, regulation_id)
    if row is None or (slug and slug not in {offered.course.slug for offered in courses_on_offer(session)}):
        raise Refused("refresher", "Pelatihan penyegaran itu tidak sedang ditawarkan.")
    row.refresher = slug
    note(session, "studio.refresher", actor=by, subject=row.name, detail=slug)
    forget(session)


def take_in(session: Session, regulation_id: int, slug: str, number: int, *, by: int) -> None:
    """The course has the change from that version on."""
    values = {"regulation_id": regulation_id, "slug": slug, "number": number, "by": by}
    insert_or_update(session, TakenIn, values=values, key=("regulation_id", "slug"))
    note(session, "studio.taken_in", actor=by, subject=slug, detail=str(regulation_id))
    forget(session)
