"""Whether the site's personnel service is set up wholly and its own tables can be read, and what is kept about a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import About, Problem, SettingError, site_of

from ..competency.ip_asn import method_of
from ..ledger import today
from .codes import codes_of
from .models import PersonnelIdentity, PersonnelRecord
from .settings import NEEDED


def check(session: Session) -> Iterable[Problem]:
    """Settings that are missing, and codes and methods of IP ASN that cannot be read. Values are never shown."""
    settings = site_of(session).settings
    if settings["credits.personnel_url"]:
        missing = [f"credits.personnel_{name}" for name in NEEDED if not settings[f"credits.personnel_{name}"]]
        if missing:
            yield Problem(
                code="CREDITS1",
                message="Layanan kepegawaian belum lengkap: {names}.",
                file="site.toml",
                values={"names": ", ".join(missing)},
            )
        if not str(settings["credits.personnel_url"]).startswith("https://"):
            yield Problem(code="CREDITS2", message="Alamat layanan kepegawaian bukan https://.", file="site.toml", severity="warning")
    try:
        codes_of(site_of(session))
    except SettingError as error:
        yield Problem(code="CREDITS3", message="Kode kepegawaian: {reason}", values={"reason": str(error)})
    try:
        method_of(site_of(session), today(session).year)
    except SettingError as error:
        yield Problem(code="CREDITS4", message="Cara menghitung IP ASN: {reason}", values={"reason": str(error)})


def export(about: About) -> Any:
    """A person's records and their id over there."""
    rows = about.session.scalars(select(PersonnelRecord).where(PersonnelRecord.person_id == about.person_id).order_by(PersonnelRecord.id))
    identity = about.session.scalar(select(PersonnelIdentity.remote_id).where(PersonnelIdentity.person_id == about.person_id))
    kept = [{"row": row.row, "state": row.state, "act": row.act, "reason": row.reason, "remote_id": row.remote_id} for row in rows]
    return {"records": kept, "remote_id": identity}
