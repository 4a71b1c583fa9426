"""What graders and learners are told: the tab for those who grade, the mail about a changed score."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from elearn import NavEntry, Person, Viewer, site_of
from elearn_quizzes.grades.events import QuizRegraded
from elearn_quizzes.grades.trainer import PERMISSION
from elearn_quizzes.models import Attempt


def nav(viewer: Viewer) -> Iterable[NavEntry]:
    """The way in for those who mark answers."""
    if viewer.can(PERMISSION):
        summary = "Menilai esai dan berkas, memberi tambahan waktu, memperbaiki soal."
        yield NavEntry(title="Penilaian kuis", endpoint="quizzes.queue", icon="check", order=40, area="work", summary=summary)


def mail_regraded(session: Session, event: QuizRegraded) -> None:
    """Tell a learner of the new score, if they have an address; the page of the result tells everybody."""
    person, attempt = session.get(Person, event.person_id), session.get(Attempt, event.attempt_id)
    if person is None or attempt is None or not person.email or event.after is None:
        return
    site = site_of(session)
    lesson = site.course(attempt.digest).lesson(event.lesson_id)
    before = f"dari {round((event.before or 0) * 100)} " if event.before is not None else ""
    site.mailer.send(
        to=person.email,
        subject=f"Nilai kuis Anda dihitung ulang: {lesson.title if lesson else event.lesson_id}",
        body=(
            f"Halo {person.name},\n\nsebuah soal pada kuis “{lesson.title if lesson else event.lesson_id}” diperbaiki. Nilai Anda berubah "
            f"{before}menjadi {round(event.after * 100)} dari 100. Lihat alasannya di\n\n{site.url_for_path(f'/kuis/{attempt.id}/hasil')}\n"
        ),
    )
