"""Several answers in one message: what waited in a browser while there was no line. Sending the same message again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import jsonify, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from elearn import Refused, limiter, now, reading, say_time, signed_in, site_of, viewer, writing
from elearn import gettext as _
from elearn_quizzes import attempts

MOST = 200
BIGGEST = 2**53  # what a browser can count to


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What came of a message: ``late`` answers are kept and count only if a trainer takes them in; the questions in ``aside`` were
    answered otherwise on another device."""

    late: bool = False
    aside: tuple[str, ...] = ()


def keep_batch(session: Session, attempt_id: int, person_id: int, given: list[Any], *, device: int = 0) -> Batch:
    """Keep ``[{"item": id, "seq": milliseconds, "answer": [words], "seen": id}, …]``. All of them are kept, or none.

    Raises ``Refused``: "closed" once handed in, "over" after the allowance for a lost line, "no_item", "unreadable".
    """
    if len(given) > MOST or not all(map(_readable, given)):
        raise Refused("unreadable", "Pesan ini tidak dapat dibaca.")
    seen = min((answer["seen"] for answer in given if answer.get("seen") is not None), default=None)
    one = attempts.taking(session, attempt_id, person_id, seen=seen, device=device)
    late = one.is_over
    grace = timedelta(minutes=site_of(session).settings["quizzes.grace"])
    if late and one.ends_at is not None and one.now > one.ends_at + grace:
        raise Refused("over", "Waktu sudah habis. Jawaban yang tersimpan sebelumnya tetap dihitung.")
    aside = []
    for answer in given:
        told = {"seq": answer["seq"], "late": late, "seen": answer.get("seen"), "device": device}
        if attempts.keep(session, one, answer["item"], answer["answer"], **told):
            aside.append(answer["item"])
    return Batch(late=late, aside=tuple(aside))


def _readable(answer: Any) -> bool:
    """Whether it is one answer as forms send it: a list of words. A file's reference is never taken from a message."""
    if not isinstance(answer, dict) or not isinstance(answer.get("item"), str):
        return False
    if not _counted(answer.get("seq")) or not (answer.get("seen") is None or _counted(answer["seen"])):
        return False
    values = answer.get("answer")
    return isinstance(values, list) and len(values) <= 500 and all(isinstance(value, str) for value in values)


def _counted(value: Any) -> bool:
    return type(value) is int and abs(value) < BIGGEST


def device_of(given: Any) -> int:
    """Which device speaks: the number that its browser gave itself, which outlives a sign-in; else the sign-in's own."""
    text = str(given or "")
    number = int(text) if text.isdecimal() and len(text) < 17 else 0
    return number if 2**32 <= number < BIGGEST else viewer().sign_in_id


@signed_in
@limiter.limit("3000/hour")
def save_batch(attempt_id: int) -> tuple[Response, int]:
    """Keep a batch: 200 once it is on the disk, 202 where it came late, 409 where answers are not taken any more or another device
    answered otherwise, 422 for nonsense."""
    sent = request.get_json(silent=True)
    given = sent.get("answers") if isinstance(sent, dict) else None
    if not isinstance(given, list) or not isinstance(sent, dict):
        return jsonify(error=_("Pesan ini tidak dapat dibaca."), code="unreadable"), 422
    try:
        with writing() as session:
            kept = keep_batch(session, attempt_id, viewer().id, given, device=device_of(sent.get("device")))
    except Refused as refused:
        return jsonify(error=refused.text(_), code=refused.code), 422 if refused.code == "unreadable" else 409
    if kept.aside:
        return other_device(attempt_id, kept.aside[0]), 409
    if kept.late:
        return jsonify(
            late=True, saved=say_time(now()), error=_("Jawaban tiba setelah waktu habis; pengajar memutuskan apakah dihitung.")
        ), 202
    return jsonify(saved=say_time(now())), 200


def other_device(attempt_id: int, item_id: str) -> Response:
    """What a script is told where both answers are kept and the learner is to choose: which page asks."""
    one = attempts.sitting(reading(), attempt_id, viewer().id)
    number = next((number for number, item in enumerate(one.items if one else (), 1) if item.id == item_id), 1)
    return jsonify(
        code="other_device",
        item=item_id,
        error=_("Soal %(number)d dijawab lain di perangkat lain. Kedua jawaban tersimpan; pilih yang berlaku.", number=number),
        address=url_for("quizzes.question", attempt_id=attempt_id, number=number),
    )
