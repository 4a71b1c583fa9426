"""The page that puts a question right: what to change, whom it changes and by how much, then the change."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from elearn import Refused, found, job_asked, needs, reading, render, viewer, writing
from elearn import gettext as _
from elearn_quizzes.answers import right_answer, spoken
from elearn_quizzes.grades import corrections, regrade, settling, trainer
from elearn_quizzes.grades.regrade import Change, Proposed
from elearn_quizzes.grades.trainer import Held

Answer = str | tuple[Any, int] | Response
SHOWN = 200


@needs(trainer.PERMISSION)
def correct(slug: str, lesson_id: str, item_id: str) -> Answer:
    """Choose a correction, look at its effect, apply it."""
    one = trainer.held(reading(), viewer(), slug, lesson_id)
    item = found(one.quiz.item(item_id))
    versions = trainer.versions_alike(reading(), one, item)
    proposed, found_changes, error = None, [], ""
    if request.method == "POST":
        try:
            proposed = _proposed(item, request.form.get("jenis", ""))
            if request.form.get("langkah") == "terapkan":
                job_id = _apply(one, versions, proposed)
                if job_id is None:
                    flash(_("Perbaikan tersimpan."), "ok")
                return redirect(url_for(".correct", slug=slug, lesson_id=lesson_id, item_id=item_id, pekerjaan=job_id))
        except Refused as refused:
            error = refused.text(_)
        if proposed is not None:
            every = (change for digest in versions for change in regrade.preview(reading(), digest, lesson_id, proposed))
            found_changes = [change for change in every if change.before != change.after or change.gains or change.loses]
    known = settling.corrections_of(reading(), one.digest, lesson_id)
    page = render(
        "quizzes/trainer_correct.html",
        held=one,
        item=item.as_written,
        kinds=corrections.possible(item),
        proposed=proposed,
        summary=_summary(found_changes),
        changes=found_changes[:SHOWN],
        names=trainer.names_of(reading(), one.quiz, [change.attempt for change in found_changes[:SHOWN]]),
        known=[(row, [spoken(item, value) for value in row.value or ()]) for row in known if row.item_id == item_id],
        right=right_answer(corrections.corrected(item, known)),
        putting_right=job_asked(),
        error=error,
        typed=request.form,
    )
    return (page, 422) if error else page


def _proposed(item: Any, kind: str) -> Proposed:
    try:
        value = corrections.read_value(item, kind, request.form.getlist(f"isi-{kind}"))
    except ValueError as error:
        raise Refused("value", "Pilih perbaikannya, dan isi kunci atau jawaban yang benar.") from error
    return Proposed(item_id=item.id, kind=kind, value=value)


def _apply(one: Held, versions: list[str], proposed: Proposed) -> int | None:
    with writing(wait=1.0) as session:
        return regrade.apply(
            session,
            versions,
            one.lesson.id,
            proposed,
            reason=request.form.get("alasan", ""),
            actor=viewer().id,
            take_passes=request.form.get("kelulusan") == "cabut",
            title=_("Memperbaiki soal: %(title)s", title=one.lesson.title),
        )


def _summary(changes: list[Change]) -> dict[str, Any]:
    """How many people's scores go up, down, or stay; who gains or would lose a pass; the mean change in points of 100."""
    moves = [round(((change.after or 0) - (change.before or 0)) * 100, 4) for change in changes if change.before is not None]
    return {
        "people": len({change.attempt.person_id for change in changes}),
        "up": sum(move > 0 for move in moves),
        "down": sum(move < 0 for move in moves),
        "gains": sum(change.gains for change in changes),
        "loses": sum(change.loses for change in changes),
        "mean": sum(moves) / len(moves) if moves else 0.0,
    }
