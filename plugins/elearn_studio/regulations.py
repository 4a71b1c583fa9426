"""Law that changes: which lessons and courses rest on a regulation, and what follows once somebody says that it changed.

A course names its regulations in course.yml, a lesson in its head (``dasar:``). A change holds for every version published before its
authors said that a newer one takes it in.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
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
    Offered,
    Person,
    Refused,
    courses_on_offer,
    insert_or_update,
    learners_of,
    note,
    record,
    site_of,
)
from elearn_studio.models import Draft, Member

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


def key_of(name: str) -> str:
    """A citation without what people write differently: "Per. KPK No. 1/2026" and "per kpk 1 2026" are the same."""
    words = re.findall(r"[0-9]+|[^\W\d_]+", name.casefold())
    return " ".join(word for word in words if word not in ("no", "nomor", "tahun", "tentang"))[:200]


def cites(citation: str, key: str) -> bool:
    """Whether a citation names the regulation, with or without articles after it."""
    own = key_of(citation)
    return own == key or own.startswith(key + " ")


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
            key=row.key,
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


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A course that rests on a regulation: as a whole (``whole``), by lessons, and how many learn it and have completed it."""

    offered: Offered
    whole: bool
    lessons: tuple[Lesson, ...]
    active: int
    completed: int


def touched(session: Session, key: str) -> list[Touched]:
    """All courses on offer that cite the regulation."""
    found = []
    counts = learners_of(session)
    for offered in courses_on_offer(session):
        lessons = tuple(lesson for lesson in offered.course.lessons() if any(cites(citation, key) for citation in lesson.legal_basis))
        whole = any(cites(basis.regulation, key) for basis in offered.course.legal_basis)
        if lessons or whole:
            active, completed = counts.get(offered.course_id, (0, 0))
            found.append(Touched(offered=offered, whole=whole, lessons=lessons, active=active, completed=completed))
    return found


def cited(session: Session) -> list[tuple[str, int]]:
    """Every regulation that a course on offer cites as a whole, with how many courses do, by name."""
    names: dict[str, tuple[str, set[str]]] = {}
    for offered in courses_on_offer(session):
        for basis in offered.course.legal_basis:
            names.setdefault(key_of(basis.regulation), (basis.regulation, set()))[1].add(offered.course.slug)
    return sorted((name, len(slugs)) for name, slugs in names.values())


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


def offer_refresher(session: Session, regulation_id: int, slug: str) -> None:
    """Offer a short course to all who completed one that told the old state; "" takes the offer back. Raises ``Refused``."""
    row = session.get(Regulation, regulation_id)
    if row is None or (slug and slug not in {offered.course.slug for offered in courses_on_offer(session)}):
        raise Refused("refresher", "Pelatihan penyegaran itu tidak sedang ditawarkan.")
    row.refresher = slug
    forget(session)


def take_in(session: Session, regulation_id: int, slug: str, number: int, *, by: int) -> None:
    """The course has the change from that version on."""
    values = {"regulation_id": regulation_id, "slug": slug, "number": number, "by": by}
    insert_or_update(session, TakenIn, values=values, key=("regulation_id", "slug"))
    note(session, "studio.taken_in", actor=by, subject=slug, detail=str(regulation_id))
    forget(session)


def tell(session: Session, event: RegulationChanged) -> None:
    """Mail the writers of every course that rests on it."""
    row = session.get(Regulation, event.regulation_id)
    if row is None:
        return
    site = site_of(session)
    for each in touched(session, row.key):
        course = each.offered.course
        writers = session.scalars(
            select(Person)
            .join(Member, Member.person_id == Person.id)
            .join(Draft, Draft.id == Member.draft_id)
            .where(Draft.slug == course.slug, Person.email.isnot(None))
        )
        for person in writers:
            lessons = "\n".join(f"- {lesson.title}" for lesson in each.lessons) or "- seluruh pelatihan"
            site.mailer.send(
                to=person.email or "",
                subject=f"Dasar hukum berubah: {row.name}",
                body=f"Halo {person.name},\n\n{row.name} berubah sejak {row.changed_on.isoformat()}:\n{row.note}\n\n"
                f"Yang bersandar padanya di “{course.title}”:\n{lessons}\n\n{site.url_for_path('/tulis/dasar-hukum')}\n",
            )
