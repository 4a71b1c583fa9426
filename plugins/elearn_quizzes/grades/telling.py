"""What graders and learners are told: the tab for those who grade, the mail about a changed score."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from sqlalchemy.orm import Session

from elearn import NavEntry, Person, Viewer, site_of
from elearn_quizzes.grades.events import AttemptMarked, QuizRegraded
from elearn_quizzes.grades.trainer import PERMISSION
from elearn_quizzes.models import Attempt
from elearn_quizzes.numbers import number_text


def nav(viewer: Viewer) -> Iterable[NavEntry]:
    """The way in for those who mark answers."""
    if viewer.can(PERMISSION):
        summary = "Menilai esai dan berkas, memberi tambahan waktu, memperbaiki soal."
        yield NavEntry(title="Penilaian kuis", endpoint="quizzes.queue", icon="check", order=40, area="work", summary=summary)


def mail_regraded(session: Session, event: QuizRegraded) -> Callable[[], None] | None:
    """Tell a learner of the new score, if they have an address; the page of the result tells everybody."""
    if event.after is None:
        return None
    before = f"dari {_of_hundred(event.before)} " if event.before is not None else ""
    return _mail(
        session,
        person_id=event.person_id,
        attempt_id=event.attempt_id,
        lesson_id=event.lesson_id,
        subject="Nilai kuis Anda dihitung ulang",
        text=f"nilai Anda pada kuis “{{title}}” berubah {before}menjadi {_of_hundred(event.after)} dari 100. Lihat alasannya di",
    )


def _of_hundred(score: float) -> str:
    """A score as the pages tell it: 69,6 is not 70."""
    return number_text(round(score * 100, 1))


def mail_marked(session: Session, event: AttemptMarked) -> Callable[[], None] | None:
    """Tell a learner that what people had to mark is marked, if they have an address."""
    return _mail(
        session,
        person_id=event.person_id,
        attempt_id=event.attempt_id,
        lesson_id=event.lesson_id,
        subject="Jawaban kuis Anda sudah dinilai",
        text="jawaban Anda pada kuis “{title}” sudah dinilai. Nilai dan catatan penilai ada di",
    )


def _mail(session: Session, *, person_id: int, attempt_id: int, lesson_id: str, subject: str, text: str) -> Callable[[], None] | None:
    """A short mail to the owner of an attempt with the address of its result; nothing to who has no address."""
    person, attempt = session.get(Person, person_id), session.get(Attempt, attempt_id)
    if person is None or attempt is None or not person.email:
        return None
    site = site_of(session)
    lesson = site.course(attempt.digest).lesson(lesson_id)
    title = lesson.title if lesson else lesson_id
    address = site.url_for_path(f"/kuis/{attempt.id}/hasil")
    body = f"Halo {person.name},\n\n{text.replace('{title}', title)}\n\n{address}\n"
    return partial(site.mailer.send, to=person.email, subject=f"{subject}: {title}", body=body)
