"""Learners say that something in a lesson is wrong; its authors answer; the answer goes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import CheckConstraint, Index, Select, String, Text, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from elearn import Base, BigInt, Event, Key, Person, Refused, Standing, Viewer, now, outdated, record, remembered, site_of
from elearn_studio.models import Draft, File, Member
from elearn_studio.outline import unnumbered

SHORTEST, LONGEST, MOST_OPEN = 10, 1_000, 5


class Report(Base):
    """A learner's word on a lesson, with the version and place they saw; ``state`` is "open" or "answered"."""

    __tablename__ = "studio_report"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'answered')", name="state"),
        Index("ix_studio_report_slug_state", "slug", "state"),
        Index("ix_studio_report_person_id_slug", "person_id", "slug"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt)
    slug: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    lesson_id: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(BigInt)
    answered_at: Mapped[datetime | None]


@dataclass(frozen=True, kw_only=True)
class ReportAnswered(Event):
    """An author answered a learner's report."""

    report_id: int


def report(session: Session, standing: Standing, *, lesson_id: str, place: str, text: str) -> Report:
    """Keep a learner's word. Raises ``Refused`` for one too short, too long, said already, or where many are open."""
    text = " ".join(text.split())
    if not SHORTEST <= len(text) <= LONGEST:
        raise Refused("report_length", "Tulis kekeliruannya dalam 10 sampai 1.000 huruf.")
    mine = select(Report).where(Report.person_id == standing.person_id, Report.slug == standing.slug, Report.state == "open")
    known = list(session.scalars(mine))
    if any(each.lesson_id == lesson_id and each.text == text for each in known):
        return next(each for each in known if each.lesson_id == lesson_id and each.text == text)
    if len(known) >= MOST_OPEN:
        raise Refused("report_many", "Lima laporan Anda di pelatihan ini masih menunggu jawaban. Tunggu dahulu.")
    row = Report(
        person_id=standing.person_id, slug=standing.slug, number=standing.number, lesson_id=lesson_id, place=place[:200], text=text
    )
    session.add(row)
    session.flush()
    outdated(session, "studio.reporters")
    return row


_MINE = (
    select(Report)
    .where(Report.person_id == bindparam("person"), Report.slug == bindparam("slug"), Report.lesson_id == bindparam("lesson"))
    .order_by(Report.id.desc())
    .limit(5)
)


def mine(session: Session, person_id: int, slug: str, lesson_id: str) -> list[Report]:
    """What somebody said of a lesson, the latest first. Costs no statement for who never said anything."""
    if person_id not in remembered(session, "studio.reporters", lambda: frozenset(session.scalars(select(Report.person_id).distinct()))):
        return []
    return list(session.scalars(_MINE, {"person": person_id, "slug": slug, "lesson": lesson_id}))


def for_author(session: Session, who: Viewer, *, answered: bool = False) -> list[Report]:
    """The reports on the viewer's courses; for who may open all drafts, on every course. The oldest open one first."""
    statement = select(Report).where(Report.state == ("answered" if answered else "open"))
    if not who.can("studio.all"):
        own = select(Draft.slug).join(Member, Member.draft_id == Draft.id).where(Member.person_id == who.id)
        statement = statement.where(Report.slug.in_(own))
    order = Report.answered_at.desc() if answered else Report.at
    return list(session.scalars(statement.order_by(order, Report.id).limit(200)))


def texts_of(session: Session, slugs: set[str]) -> dict[tuple[str, str], str]:
    """Where the lessons of these courses are written: the file's path by (slug, lesson id); one statement."""
    rows = session.execute(
        select(Draft.slug, File.path).join(File, File.draft_id == Draft.id).where(Draft.slug.in_(slugs), File.path.like("%.md"))
    )
    return {(slug, unnumbered(path.rpartition("/")[2]).removesuffix(".md")): path for slug, path in rows}


def count_open(who: Viewer) -> Select[int]:
    """How many reports wait for an answer on courses that the viewer writes."""
    own = select(Draft.slug).join(Member, Member.draft_id == Draft.id).where(Member.person_id == who.id)
    return select(func.count(Report.id)).where(Report.state == "open", Report.slug.in_(own))


def answer(session: Session, report_id: int, *, who: Viewer, text: str) -> Report:
    """Answer once. Raises ``Refused`` where it is not the viewer's to answer, was answered, or the answer is empty."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refused("answer_length", "Tulis jawaban, paling panjang 1.000 huruf.")
    row = session.scalars(select(Report).where(Report.id == report_id).with_for_update()).one_or_none()
    if row is None or not _may(session, who, row.slug):
        raise Refused("report_gone", "Laporan ini tidak ada.")
    if row.state != "open":
        raise Refused("report_answered", "Laporan ini sudah dijawab.")
    row.state, row.answer, row.answered_by, row.answered_at = "answered", text, who.id, now()
    record(session, ReportAnswered(report_id=row.id))
    return row


def _may(session: Session, who: Viewer, slug: str) -> bool:
    if who.can("studio.all"):
        return True
    own = select(Draft.id).join(Member, Member.draft_id == Draft.id).where(Member.person_id == who.id, Draft.slug == slug)
    return session.scalar(own.limit(1)) is not None


def tell(session: Session, event: ReportAnswered) -> Callable[[], None] | None:
    """Mail the answer to whoever reported."""
    row = session.get(Report, event.report_id)
    person = session.get(Person, row.person_id) if row else None
    if row is None or person is None or not person.email:
        return None
    site = site_of(session)
    address = site.url_for_path(f"/belajar/{row.slug}/{row.lesson_id}")
    return partial(
        site.mailer.send,
        to=person.email,
        subject="Laporan Anda sudah dijawab",
        body=f"Halo {person.name},\n\nAnda menulis:\n{row.text}\n\nJawaban penulis:\n{row.answer}\n\n{address}\n",
    )


def forget(session: Session, person_id: int) -> None:
    """What somebody said is theirs: it goes with them."""
    session.execute(update(Report).where(Report.answered_by == person_id).values(answered_by=None))
    session.execute(delete(Report).where(Report.person_id == person_id))
