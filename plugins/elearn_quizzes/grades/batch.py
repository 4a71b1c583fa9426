"""Several answers in one message: what waited in a browser while there was no line. Sending the same message again changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import jsonify, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from elearn import Refused, limiter, now, say_time, signed_in, site_of, viewer, writing
from elearn import gettext as _
from elearn_quizzes import attempts

MOST = 200


def keep_batch(session: Session, attempt_id: int, person_id: int, given: list[Any]) -> bool:
    """Keep ``[{"item": id, "seq": milliseconds, "answer": [words]}, …]``; True where they came late: kept, and counted only if a trainer
    takes them in. All of them are kept, or none.

    Raises ``Refused``: "closed" once handed in, "over" after the allowance for a lost line, "no_item", "unreadable".
    """
    one = attempts.taking(session, attempt_id, person_id)
    late = one.is_over
    grace = timedelta(minutes=site_of(session).settings["quizzes.grace"])
    if late and one.ends_at is not None and one.now > one.ends_at + grace:
        raise Refused("over", "Waktu sudah habis. Jawaban yang tersimpan sebelumnya tetap dihitung.")
    if len(given) > MOST:
        raise Refused("unreadable", "Pesan ini tidak dapat dibaca.")
    for answer in given:
        if not _readable(answer):
            raise Refused("unreadable", "Pesan ini tidak dapat dibaca.")
        attempts.keep(session, one, answer["item"], answer["answer"], seq=answer["seq"], late=late)
    return late


def _readable(answer: Any) -> bool:
    """Whether it is one answer as forms send it: a list of words. A file's reference is never taken from a message."""
    if not isinstance(answer, dict) or not isinstance(answer.get("item"), str) or not isinstance(answer.get("seq"), int):
        return False
    values = answer.get("answer")
    return isinstance(values, list) and len(values) <= 500 and all(isinstance(value, str) for value in values)


@signed_in
@limiter.limit("3000/hour")
def save_batch(attempt_id: int) -> tuple[Response, int]:
    """Keep a batch: 200 once it is on the disk, 202 where it came late, 409 where answers are not taken any more, 422 for nonsense."""
    sent = request.get_json(silent=True)
    given = sent.get("answers") if isinstance(sent, dict) else None
    if not isinstance(given, list):
        return jsonify(error=_("Pesan ini tidak dapat dibaca."), code="unreadable"), 422
    try:
        with writing() as session:
            late = keep_batch(session, attempt_id, viewer().id, given)
    except Refused as refused:
        return jsonify(error=refused.text(_), code=refused.code), 422 if refused.code == "unreadable" else 409
    if late:
        return jsonify(
            late=True, saved=say_time(now()), error=_("Jawaban tiba setelah waktu habis; pengajar memutuskan apakah dihitung.")
        ), 202
    return jsonify(saved=say_time(now())), 200
