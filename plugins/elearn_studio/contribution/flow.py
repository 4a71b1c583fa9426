"""The way of a submission: sent in, looked at, sent back with reasons, accepted or refused. Every step is kept; nothing here commits."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import ContentError, Event, Reading, Refused, Released, Viewer, check_course, note, offer_version, record, site_of
from elearn_studio import drafts, publishing
from elearn_studio.contribution.models import OPEN, Comment, OrganisationKey, Step, Submission
from elearn_studio.letters import tell_writers
from elearn_studio.models import Blob, Draft
from elearn_studio.publishing import Checked

LONGEST = 4_000
CLOSING = {"ask": "asked", "accept": "accepted", "refuse": "refused", "withdraw": "withdrawn"}


@dataclass(frozen=True, kw_only=True)
class SubmissionMoved(Event):
    """A submission went a step on; its writers are told."""

    step_id: int


def keys(session: Session) -> dict[str, str]:
    """The organisations' keys in force: organisation by public key."""
    wanted = select(OrganisationKey.public, OrganisationKey.organisation).where(OrganisationKey.revoked_at.is_(None))
    return dict(session.execute(wanted).all())


def stops(found: list[dict[str, str]]) -> bool:
    """Whether one of the checks stops a submission."""
    return any(one["state"] == "bad" for one in found)


def submit(
    session: Session, draft: Draft, checked: Checked, found: list[dict[str, str]], *, who: Viewer, provenance: str, signed_by: str = ""
) -> Submission:
    """Send a checked draft in; ``found`` is what ``checks.look`` said of it. Raises ``Refused`` where a check stops it, it changed
    meanwhile, or it lies with a reviewer already."""
    provenance = provenance.strip()
    if not provenance:
        raise Refused("provenance", "Tulis asal naskah ini: siapa yang menyusun, dari bahan apa, dan izin apa yang ada.")
    if len(provenance) > 2_000:
        raise Refused("provenance_long", "Asal naskah paling panjang 2.000 huruf.")
    if drafts.last_change(session, draft) != checked.change:
        raise Refused("changed", "Naskah berubah saat diperiksa. Muat ulang halaman ini, lalu ajukan lagi.")
    if _lies_open(session, draft):
        raise Refused("open", "Naskah ini sedang ditinjau. Tarik pengajuan itu dahulu bila ingin mengajukan yang baru.")
    if stops(found):
        raise Refused("checks", "Ada pemeriksaan yang belum lolos. Perbaiki dahulu.")
    row = Submission(
        draft_id=draft.id,
        by=who.id,
        change=checked.change,
        source=drafts.keep_blob(session, checked.source),
        licence=checked.reading.course.licence,
        provenance=provenance,
        signed_by=signed_by,
        checks=found,
        state="submitted",
    )
    session.add(row)
    session.flush()
    _step(session, row, "submit", by=who.id, reason="")
    return row


def _lies_open(session: Session, draft: Draft) -> bool:
    return (
        session.scalar(select(Submission.id).where(Submission.draft_id == draft.id, Submission.state == "submitted").limit(1)) is not None
    )


def _step(session: Session, submission: Submission, act: str, *, by: int | None, reason: str) -> None:
    step = Step(submission_id=submission.id, act=act, by=by, reason=reason)
    session.add(step)
    session.flush()
    record(session, SubmissionMoved(step_id=step.id))


def move(session: Session, submission_id: int, act: str, *, by: int, reason: str) -> Submission:
    """Ask for changes, refuse or withdraw. Raises ``Refused`` without a reason, or where somebody else decided first."""
    reason = reason.strip()[:LONGEST]
    if not reason and act != "withdraw":
        raise Refused("no_reason", "Tulis alasannya, agar penulis tahu apa yang harus dilakukan.")
    return _closed(session, submission_id, act, by=by, reason=reason)


def _closed(session: Session, submission_id: int, act: str, *, by: int, reason: str) -> Submission:
    row = session.scalars(select(Submission).where(Submission.id == submission_id).with_for_update()).one()
    if row.state not in OPEN or (row.state == "asked" and act != "withdraw"):
        raise Refused("decided", "Pengajuan ini sudah diputuskan. Muat ulang halaman untuk melihatnya.")
    row.state = CLOSING[act]
    _step(session, row, act, by=by, reason=reason)
    note(session, f"studio.{act}", actor=by, subject=f"submission:{row.id}", detail=reason[:500])
    return row


def latest_states(session: Session, rows: list[Draft]) -> dict[int, str]:
    """What became of the latest submission of each draft, by the draft's id; one statement. Without those never sent in."""
    last = select(func.max(Submission.id)).where(Submission.draft_id.in_([draft.id for draft in rows])).group_by(Submission.draft_id)
    return dict(session.execute(select(Submission.draft_id, Submission.state).where(Submission.id.in_(last))).all())


@contextmanager
def folder_of(session: Session, source: str, slug: str) -> Iterator[Path]:
    """What was kept (a submission or a release) as a course folder, gone at the end of the block."""
    texts, pictures = drafts.read_source(session, source)
    data = dict(session.execute(select(Blob.digest, Blob.data).where(Blob.digest.in_(set(pictures.values())))).all())
    with tempfile.TemporaryDirectory(prefix="elearn-review-") as scratch:
        folder = Path(scratch) / slug
        folder.mkdir()
        drafts.write_folder(
            folder,
            texts,
            {path: data[digest] for path, digest in pictures.items() if digest in data},
        )
        yield folder


def reading_of(session: Session, submission: Submission, slug: str) -> Reading:
    """The submission read as a course. Raises ``ContentError`` where it is too heavy."""
    with folder_of(session, submission.source, slug) as folder:
        return check_course(session, folder)


def accept(session: Session, submission_id: int, digest: str, *, who: Viewer, reason: str) -> Released:
    """Publish exactly what was submitted; the store holds it under ``digest``. Raises ``Refused`` where it was decided already."""
    row = _closed(session, submission_id, "accept", by=who.id, reason=reason.strip()[:LONGEST])
    released = offer_version(session, digest, by=who.id)
    publishing.keep_release(session, session.get_one(Draft, row.draft_id), released, source=row.source, by=who.id)
    return released


def comment(session: Session, submission: Submission, *, path: str, line: int, text: str, by: int) -> None:
    """Say something at a place. Raises ``Refused`` for an empty text or a place that is not there."""
    text = text.strip()
    if not text:
        raise Refused("no_text", "Tulis komentarnya dahulu.")
    if len(text) > LONGEST:
        raise Refused("long_text", "Komentar paling panjang 4.000 huruf.")
    texts, _pictures = drafts.read_source(session, submission.source)
    if path not in texts or not 0 <= line <= texts[path].count("\n") + 1:
        raise Refused("no_place", "Tempat itu tidak ada dalam naskah yang diajukan.")
    session.add(Comment(submission_id=submission.id, path=path, line=line, text=text, by=by))
    session.flush()


SAID = {
    "submit": ("Pengajuan diterima", "naskah Anda “{title}” sudah diajukan dan menunggu peninjau."),
    "ask": ("Perlu perbaikan", "peninjau meminta perbaikan pada “{title}”:\n\n{reason}"),
    "accept": ("Naskah diterima", "“{title}” diterima dan sekarang ditawarkan.\n\n{reason}"),
    "refuse": ("Naskah tidak diterima", "“{title}” tidak diterima:\n\n{reason}"),
    "withdraw": ("Pengajuan ditarik", "pengajuan “{title}” ditarik."),
}


def tell(session: Session, event: SubmissionMoved) -> None:
    """Have the writers of the draft told what happened."""
    step = session.get(Step, event.step_id)
    submission = session.get(Submission, step.submission_id) if step else None
    draft = session.get(Draft, submission.draft_id) if submission else None
    if step is None or submission is None or draft is None:
        return
    subject, body = SAID[step.act]
    text, address = body.format(title=draft.title, reason=step.reason), site_of(session).url_for_path(f"/tulis/{draft.slug}/pengajuan")
    tell_writers(session, draft.slug, subject=f"{subject}: {draft.title}", text=f"{text}\n\n{address}")


__all__ = ["ContentError", "SubmissionMoved", "accept", "comment", "keys", "move", "reading_of", "submit", "tell"]
