"""The keys by which organisations sign what they send: put in and withdrawn by the administrator."""

from __future__ import annotations

import re

from flask import redirect, request, url_for
from sqlalchemy import select

from elearn import Refused, found, insert_once, needs, note, now, read_id, reading, render, viewer, writing
from elearn import gettext as _
from elearn_studio import drafts
from elearn_studio.contribution.models import OrganisationKey
from elearn_studio.views.common import Answer, blueprint

PUBLIC = re.compile(r"[0-9a-f]{64}")


def _page(error: str = "", given: dict[str, str] | None = None) -> str:
    rows = list(reading().scalars(select(OrganisationKey).order_by(OrganisationKey.organisation, OrganisationKey.id)))
    names = drafts.names(reading(), [row.contributor for row in rows])
    return render("studio/keys.html", rows=rows, names=names, error=error, given=given or {})


@blueprint.get("/kunci")
@needs("studio.keys", everywhere=True)
def organisation_keys() -> str:
    """All keys."""
    return _page()


@blueprint.post("/kunci")
@needs("studio.keys", everywhere=True)
def register_key() -> Answer:
    """Put one in, or withdraw one."""
    given = {name: " ".join(request.form.get(name, "").split()) for name in ("instansi", "kunci", "penyumbang", "cabut")}
    try:
        with writing() as session:
            if given["cabut"]:
                row = found(session.get(OrganisationKey, read_id(given["cabut"])))
                row.revoked_at = row.revoked_at or now()
                note(session, "studio.key_revoked", actor=viewer().id, subject=row.organisation, detail=row.public)
                return redirect(url_for(".organisation_keys"))
            public = given["kunci"].lower()
            if not given["instansi"] or not PUBLIC.fullmatch(public):
                raise Refused("key", "Tulis nama instansi dan kunci publiknya: 64 angka dan huruf a sampai f.")
            contributor = None
            if given["penyumbang"]:
                contributor = drafts.person_named(session, given["penyumbang"])
            values = {"organisation": given["instansi"][:200], "public": public, "contributor": contributor, "by": viewer().id}
            if not insert_once(session, OrganisationKey, values=values, key=("public",)):
                raise Refused("key_known", "Kunci ini sudah terdaftar.")
            note(session, "studio.key", actor=viewer().id, subject=given["instansi"], detail=public)
    except Refused as refused:
        return _page(refused.text(_), given), 409
    return redirect(url_for(".organisation_keys"))
