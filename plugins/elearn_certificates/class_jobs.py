"""Papers for a whole class, as a job: certificates for who passed and has none, statements for who attended and did not pass."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import Attendance, JobKind, JobPart, Refused, attendance_of, note, start_job
from elearn_certificates.issuing import issue_late, issue_statement
from elearn_certificates.models import Certificate

ISSUE, STATE = "certificates.issue", "certificates.state"
CHUNK = 500


def missing(session: Session, slug: str, *, kind: str, logins: Iterable[str] = ()) -> list[Attendance]:
    """Who of a course still lacks the paper of that kind ("certificate", "statement"), by name. Statements are for who finished a lesson."""
    state, prefix = ("completed", "course:") if kind == "certificate" else ("active", "statement:")
    rows = attendance_of(session, slug, state=state, logins=logins)
    if kind == "statement":
        rows = [row for row in rows if row.lessons]
    keys = [f"{prefix}{row.enrolment_id}" for row in rows]
    there: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        there.update(session.scalars(select(Certificate.key).where(Certificate.key.in_(keys[start : start + CHUNK]))))
    return [row for row, key in zip(rows, keys, strict=True) if key not in there]


def issue_for_class(session: Session, slug: str, *, title: str, kind: str, logins: Iterable[str], by: int | None) -> tuple[int, int]:
    """Start the job; answers its id and for how many. Raises ``Refused`` where nobody lacks such a paper."""
    named = list(logins)
    people = missing(session, slug, kind=kind, logins=named)
    if not people and named:
        raise Refused("nobody", "Tidak ada yang masih memerlukannya di antara NIP atau surel itu.")
    if not people:
        raise Refused("nobody", "Tidak ada peserta yang masih memerlukannya.")
    name = ISSUE if kind == "certificate" else STATE
    heading = f"Sertifikat: {title}" if kind == "certificate" else f"Surat keterangan: {title}"
    note(session, "certificate.bulk", actor=by, subject=f"course:{slug}", detail=f"{kind}: {len(people)}")
    return start_job(session, name, title=heading, items=[(str(row.enrolment_id), row.name) for row in people], by=by), len(people)


def _issue(part: JobPart) -> str:
    return issue_late(part.session, int(part.value)).number


def _state(part: JobPart) -> str:
    return issue_statement(part.session, int(part.value)).number


JOBS = (JobKind(name=ISSUE, work=_issue), JobKind(name=STATE, work=_state))
