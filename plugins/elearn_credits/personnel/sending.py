"""Sending one record: kept as sent before it goes, looked for over there where nobody knows whether it arrived, and what was said kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import JobCall, JobKind, JobPart, JobStopped, Person, Refused, Site, insert_or_update, note, now, said, start_job
from elearn import gettext as _

from ..years import hold
from . import records, words
from .models import PersonnelIdentity, PersonnelRecord
from .rows import digest_of
from .service import PersonnelService, RowRefused, ServiceAway
from .siasn import Siasn
from .tokens import Keys, Tokens

JOB = "credits.send"
MOST_MISSES = 3  # silences one after another that mean the service is away
MOST_ITEMS = 20_000
QUIET = timedelta(seconds=80)  # in which what was sent may still be answered; a job asks again after 90
TOKENS, MISSES = "credits.personnel_tokens", "credits.personnel_misses"


def service_of(site: Site) -> PersonnelService | None:
    """The site's service, for one row; None where it has none."""
    settings = site.settings
    if not settings["credits.personnel_url"]:
        return None
    keys = Keys(
        token_url=settings["credits.personnel_token_url"],
        key=settings["credits.personnel_key"],
        secret=settings["credits.personnel_secret"],
        sso_url=settings["credits.personnel_sso_url"],
        sso_client=settings["credits.personnel_sso_client"],
        sso_user=settings["credits.personnel_sso_user"],
        sso_password=settings["credits.personnel_sso_password"],
    )
    tokens = site.memory.setdefault(TOKENS, Tokens())
    return Siasn(url=settings["credits.personnel_url"], keys=keys, tokens=tokens, patience=settings["credits.personnel_timeout"])


def start(session: Session, ids: Iterable[int], *, by: int | None) -> int:
    """Begin to send these records; answers the job's id. Raises ``Refused`` where none of them can go."""
    wanted = list(ids)[:MOST_ITEMS]
    rows = session.execute(
        select(PersonnelRecord.id, PersonnelRecord.row, Person.name)
        .join(Person, Person.id == PersonnelRecord.person_id)
        .where(PersonnelRecord.id.in_(wanted), PersonnelRecord.state.in_(("ready", "sent", "refused")))
        .order_by(PersonnelRecord.id)
    )
    items = [(str(record_id), f"{name}: {row['namaKursus']}") for record_id, row, name in rows]
    note(session, "credits.send", actor=by, detail=f"{len(items)} rekaman")
    return start_job(session, JOB, title=_("Mengirim riwayat kursus ke SIASN"), items=items, by=by)


def prepare(part: JobPart) -> dict[str, Any]:
    """What to ask, from the ledger as it is now; the record is "sent" from here on. ``again``: nobody knows what became of the
    last time; ``look``: it may be there already, under an id that nobody told."""
    record = part.session.get(PersonnelRecord, int(part.value))
    if record is None:
        raise Refused("gone", "Rekaman ini tidak ada lagi.")
    records.refresh(part.session, record.person_id)
    record = part.session.scalar(
        select(PersonnelRecord).where(PersonnelRecord.id == int(part.value)).with_for_update().execution_options(populate_existing=True)
    )
    if record is None:
        raise Refused("gone", "Rekaman ini tidak ada lagi.")
    if record.state == "lacking":
        raise Refused("lacking", "Belum lengkap: {what}.", what=", ".join(words.lack(name) for name in record.lacks))
    if record.state == "accepted":
        raise Refused("there", "Sudah diterima sebelumnya; tidak dikirim lagi.")
    unanswered = record.state == "sent"
    if unanswered and record.sent_at is not None and record.sent_at > now() - QUIET:
        raise Refused("under_way", "Sedang dikirim. Coba lagi beberapa menit lagi.")
    person = part.session.get_one(Person, record.person_id)
    identity = part.session.scalar(select(PersonnelIdentity).where(PersonnelIdentity.person_id == person.id))
    look = unanswered or bool(record.digest and not record.remote_id)
    record.state, record.sent_at, record.sent_by, record.tries = "sent", now(), part.by, record.tries + 1
    record.digest, record.reason = digest_of(record.row), ""
    return {
        "act": record.act,
        "nip": person.nip or "",
        "person": identity.remote_id if identity and identity.nip == person.nip else "",
        "row": record.row,
        "remote_id": record.remote_id,
        "again": unanswered,
        "look": look,
    }


def ask(call: JobCall) -> dict[str, Any]:
    """Ask the service. Nothing is raised: whatever came of it is an answer to keep."""
    service = service_of(call.site)
    if service is None:
        return {"state": "ready", "reason": said("Layanan kepegawaian belum diatur."), "stop": True}
    answer = told(service, call.asked)
    misses = call.site.memory.get(MISSES, 0) + 1 if answer.pop("missed", False) else 0
    call.site.memory[MISSES] = 0 if misses >= MOST_MISSES else misses  # whoever sends after a stop begins anew
    return answer | ({"stop": True} if misses >= MOST_MISSES else {})


def told(service: PersonnelService, asked: dict[str, Any]) -> dict[str, Any]:
    """What the service says of one row: "accepted" with its id, "refused" with the reason, "ready" (it did not get there) or "sent"
    (nobody knows)."""
    person = asked["person"]
    try:
        if asked["act"] == "delete":
            remote_id = asked["remote_id"] or service.find(asked["nip"], asked["row"])
            if remote_id:
                service.delete(remote_id)
            return {"state": "accepted", "remote_id": ""}
        person = person or service.person(asked["nip"])
        remote_id = asked["remote_id"] or (service.find(asked["nip"], asked["row"]) if asked["look"] else "")
        kept = service.save({"id": remote_id or None, "pnsOrangId": person, **asked["row"]})
        return {"state": "accepted", "remote_id": kept, "person": person}
    except RowRefused as refused:
        return {"state": "refused", "reason": str(refused), "person": person}
    except ServiceAway as away:
        state = "sent" if away.maybe or asked["again"] else "ready"
        return {"state": state, "reason": away.reason, "stop": away.stop, "missed": True, "person": person}


def keep(part: JobPart) -> str:
    """Keep what was said. Raises ``JobStopped`` where the rest would fare no better."""
    record, answer = part.session.get_one(PersonnelRecord, int(part.value)), part.answer
    hold(part.session, record.person_id)  # the person before the record, as in ``prepare``, so that nobody waits in a ring
    record.state, record.reason = answer["state"], str(answer.get("reason", ""))[:500]
    if record.state in ("accepted", "refused"):
        record.answered_at = now()
    if record.state == "accepted":
        record.remote_id = answer["remote_id"]
    person = part.session.get_one(Person, record.person_id)
    if answer.get("person") and person.nip:
        values = {"person_id": person.id, "nip": person.nip, "remote_id": answer["person"]}
        insert_or_update(part.session, PersonnelIdentity, values=values, key=("person_id",))
    part.session.flush()
    records.refresh(part.session, record.person_id)  # it may have been corrected while it was under way
    if answer.get("stop"):
        raise JobStopped(record.reason)
    return words.state(answer["state"]) + (f": {record.reason}" if record.reason else "")


def state_by_hand(record: PersonnelRecord, *, state: str, by: int | None, reason: str = "", remote_id: str = "") -> None:
    """Keep what became of a record that went another way, as a file: "sent", "accepted" or "refused" (with a reason)."""
    if state not in ("sent", "accepted", "refused"):
        raise Refused("state", "Keadaan harus salah satu dari: {names}.", names="sent, accepted, refused")
    if state == "refused" and not reason.strip():
        raise Refused("no_reason", "Tulis alasan penolakannya.")
    if record.state == "lacking":
        raise Refused("lacking", "Belum lengkap: {what}.", what=", ".join(words.lack(name) for name in record.lacks))
    moment = now()
    record.state, record.reason, record.digest = state, reason.strip()[:500], digest_of(record.row)
    record.remote_id = remote_id.strip()[:80] or record.remote_id
    if state == "sent":
        record.sent_at, record.sent_by, record.tries = moment, by, record.tries + 1
    else:
        record.answered_at = moment


KIND = JobKind(name=JOB, work=keep, prepare=prepare, ask=ask)
