"""What rests on a regulation: courses, their lessons and questions, in every version that anybody still learns or holds; and the
certificates of those who completed one. Their authors are told, their holders offered a refresher."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import (
    Completion,
    Course,
    Held,
    JobCall,
    JobKind,
    JobPart,
    Lesson,
    Person,
    Proof,
    Refused,
    completions_of,
    courses_on_offer,
    ordered_before,
    proofs_of,
    say_date,
    site_of,
    standing_in,
    start_job,
    versions_held,
)
from elearn_studio import drafts
from elearn_studio.citations import cites, key_of
from elearn_studio.letters import tell_writers
from elearn_studio.regulations import Known, Regulation, RegulationChanged

CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A lesson that rests on a regulation, and its questions that do, in their first words."""

    lesson: Lesson
    questions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A course that rests on a regulation. ``course`` and ``pieces`` are those of the newest version that does, ``whole`` says that it
    does as a whole; ``versions`` are all that do, newest first; ``offered`` whether the one on offer is among them."""

    course: Course
    whole: bool
    pieces: tuple[Piece, ...]
    versions: tuple[Held, ...]

    @property
    def offered(self) -> bool:
        """Whether new learners still meet it."""
        return any(version.on_offer for version in self.versions)

    @property
    def active(self) -> int:
        """How many learn it now, in any of the versions."""
        return sum(version.active for version in self.versions)

    @property
    def completed(self) -> int:
        """How many have completed it."""
        return sum(version.completed for version in self.versions)


def touched(session: Session, key: str, *, change: Known | None = None) -> list[Touched]:
    """Every course that cites the regulation, by title. With ``change``, of its versions those alone that do not have the change yet."""
    found: dict[int, list[Held]] = {}
    for held in versions_held(session):
        if (_whole(held.course, key) or _pieces(held.course, key)) and (change is None or change.holds(held.course.slug, held.number)):
            found.setdefault(held.course_id, []).append(held)
    return [
        Touched(
            course=versions[0].course,
            whole=_whole(versions[0].course, key),
            pieces=_pieces(versions[0].course, key),
            versions=tuple(versions),
        )
        for versions in found.values()
    ]


def _whole(course: Course, key: str) -> bool:
    return any(cites(basis.regulation, key) for basis in course.legal_basis)


def _pieces(course: Course, key: str) -> tuple[Piece, ...]:
    return tuple(
        Piece(lesson=lesson, questions=tuple(one.place for one in lesson.cited if cites(one.regulation, key)))
        for lesson in course.lessons()
        if any(cites(citation, key) for citation in lesson.legal_basis)
    )


def cited(session: Session) -> list[tuple[str, int]]:
    """Every regulation that a course on offer cites as a whole, with how many courses do, by name."""
    names: dict[str, tuple[str, set[str]]] = {}
    for offered in courses_on_offer(session):
        for basis in offered.course.legal_basis:
            names.setdefault(key_of(basis.regulation), (basis.regulation, set()))[1].add(offered.course.slug)
    return sorted((name, len(slugs)) for name, slugs in names.values())


def completions(session: Session, rows: list[Touched]) -> Iterator[tuple[Completion, Held]]:
    """All who completed a version that is touched, with that version."""
    versions = {version.version_id: version for row in rows for version in row.versions}
    last = 0
    while part := completions_of(session, list(versions), after=last, limit=CHUNK):
        yield from ((one, versions[one.version_id]) for one in part)
        last = part[-1].enrolment_id


def certificates(session: Session, rows: list[Touched], *, most: int) -> Iterator[tuple[Proof, Held]]:
    """The certificates that hold and rest on what is touched, the latest enrolment last; at most ``most``."""
    count = 0
    part: list[tuple[Completion, Held]] = []
    for one in chain(completions(session, rows), (None,)):
        if one is not None:
            part.append(one)
        if len(part) == CHUNK or one is None:
            proofs = proofs_of(session, [completion.enrolment_id for completion, _held in part])
            for completion, held in part:
                if completion.enrolment_id in proofs and count < most:
                    count += 1
                    yield proofs[completion.enrolment_id], held
            part = []
            if count >= most:
                return


def tell(session: Session, event: RegulationChanged) -> None:
    """Have the writers of every course that rests on it told."""
    row = session.get(Regulation, event.regulation_id)
    if row is None:
        return
    address = site_of(session).url_for_path("/tulis/dasar-hukum")
    for each in touched(session, key_of(row.name)):
        places = [line for piece in each.pieces for line in (f"- {piece.lesson.title}", *(f"  - soal: {one}" for one in piece.questions))]
        lessons = "\n".join(places) or "- seluruh pelatihan"
        tell_writers(
            session,
            each.course.slug,
            subject=f"Dasar hukum berubah: {row.name}",
            text=f"{row.name} berubah sejak {say_date(row.changed_on)}:\n{row.note}\n\n"
            f"Yang bersandar padanya di “{each.course.title}”:\n{lessons}\n\n{address}",
        )


def mail_holders(session: Session, change: Known, *, by: int) -> int:
    """Begin to write to all who completed what is touched that a refresher is offered, once each; answers the job's id. Raises
    ``Refused`` where nobody is left to be written to, or none is offered."""
    if not change.refresher:
        raise Refused("no_refresher", "Pilih pelatihan penyegarannya dahulu.")
    session.scalars(select(Regulation.id).where(Regulation.id == change.id).with_for_update()).one()  # two who press at once
    given = {"regulation": change.id, "refresher": change.refresher, "since": change.changed_on.isoformat()}
    written = ordered_before(session, REFRESHER.name, given)
    people = {one.person_id for one, _held in completions(session, touched(session, change.key, change=change))}
    people -= {int(value) for value in written}
    return start_job(
        session,
        REFRESHER.name,
        title=f"Surat penyegaran: {change.name}",
        items=_named(session, sorted(people)),
        by=by,
        given=given,
    )


def _named(session: Session, people: list[int]) -> Iterator[tuple[str, str]]:
    """(id, name) of each person, for the job's report."""
    for start in range(0, len(people), CHUNK):
        part = people[start : start + CHUNK]
        names = drafts.names(session, part)
        yield from ((str(person_id), names.get(person_id, "")) for person_id in part)


def letter_to_holder(part: JobPart) -> dict[str, str] | None:
    """One holder's letter; None to who takes the refresher already."""
    session = part.session
    person = session.get(Person, int(part.value))
    change = session.get(Regulation, part.given["regulation"])
    slug = part.given["refresher"]
    if person is None or change is None or not person.email:
        raise Refused("no_mail", "Tidak punya alamat surel; tawarannya tampil di beranda.")
    if standing_in(session, person.id, slug) is not None:
        return None
    return {
        "to": person.email,
        "subject": "Aturan yang Anda pelajari berubah",
        "body": f"Halo {person.name},\n\n{change.name} berubah sejak {say_date(change.changed_on)}:\n{change.note}\n\n"
        f"Sertifikat Anda tetap berlaku. Penyegaran singkat tersedia di:\n\n{site_of(session).url_for_path(f'/pelatihan/{slug}')}\n",
    }


def send_letter(call: JobCall) -> bool:
    """Mail it; whether there was one."""
    if call.asked:
        call.site.mailer.send(**call.asked)
    return bool(call.asked)


def say_sent(part: JobPart) -> str:
    """What the job's report says of one holder."""
    return "" if part.answer else "sudah mengikuti"


REFRESHER = JobKind(name="studio.refresher", work=say_sent, prepare=letter_to_holder, ask=send_letter)
