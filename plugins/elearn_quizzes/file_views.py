"""What a question's form sends besides plain answers: files, and the wish to open a hint that costs."""

from __future__ import annotations

from flask import redirect, request, send_file, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from elearn import found, limiter, reading, signed_in, standing_of, viewer, writing
from elearn_quizzes import attempts, uploads
from elearn_quizzes.grades.batch import BIGGEST, device_of
from elearn_quizzes.hints import open_hint
from elearn_quizzes.models import AnswerFile, Attempt
from elearn_quizzes.uploads import Stored


def put_away(attempt_id: int) -> Stored | None:
    """The file in the form at hand, on the disk; None for none, or where the attempt takes none. To be called before a transaction that
    writes: others who save do not wait for a disk that takes its time. Raises ``Refused`` as ``uploads.store`` does."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    one = attempts.sitting(reading(), attempt_id, viewer().id)
    item = next((item for item in one.items if item.id == request.form.get("item")), None) if one and one.is_open else None
    if item is None or item.kind != "upload":
        return None
    uploads.may_replace(reading(), attempt_id, item.id)
    with sent.stream as stream:
        data = stream.read(uploads.LARGEST + 1)
    return uploads.store(reading(), data, name=sent.filename)


def keep_answer(session: Session, attempt_id: int, stored: Stored | None) -> bool:
    """Keep the answer of the form at hand, with the file that was put away; True where another device answered otherwise, and the learner
    is to choose. Raises ``Refused`` as ``attempts.save`` and ``uploads.keep`` do."""
    person_id, item_id = viewer().id, request.form.get("item", "")
    value: object = request.form.getlist("answer")
    if stored is not None:
        value = uploads.keep(session, attempt_id, person_id, item_id, stored)
    seq, seen = request.form.get("seq", 0, type=int), request.form.get("seen", None, type=int)
    if abs(seen or 0) >= BIGGEST or abs(seq) >= BIGGEST:
        seq, seen = 0, None
    device = device_of(request.form.get("device"))
    return attempts.save(session, attempt_id, person_id, item_id, value, seq=seq, seen=seen, device=device)


@signed_in
@limiter.limit("600/hour")
def hint(attempt_id: int, number: int) -> Response:
    """Open a hint that costs; what was answered so far is kept."""
    stored = put_away(attempt_id)
    with writing() as session:
        attempts.sitting(session, attempt_id, viewer().id, lock="all")  # from the start: two who share it for saving never get it alone
        keep_answer(session, attempt_id, stored)
        open_hint(session, attempt_id, viewer().id, request.form.get("item", ""))
    return redirect(url_for("quizzes.question", attempt_id=attempt_id, number=number))


@signed_in
def file(file_id: int) -> Response:
    """A file handed in as an answer: for whoever handed it in, and for those who grade the course. It is downloaded, never shown in place."""
    session = reading()
    row = found(session.get(AnswerFile, file_id))
    if row.person_id != viewer().id and not _grades(session, row):
        found(None)
    path = uploads.path_of(session, row.digest)
    found(path if path.is_file() else None)
    answer = send_file(path, mimetype=uploads.TYPES[row.type], as_attachment=True, download_name=row.name, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _grades(session: Session, row: AnswerFile) -> bool:
    enrolment = session.scalar(select(Attempt.enrolment_id).where(Attempt.id == row.attempt_id))
    standing = standing_of(session, enrolment) if enrolment is not None else None
    return standing is not None and viewer().can("quizzes.grade", course=standing.course_id)
