"""The studio's door for programs: a signed pack comes in, and its organisation's key says who knocks."""

from __future__ import annotations

import io

from flask import Blueprint, jsonify, request
from sqlalchemy import select

from elearn import ContentError, Person, Refused, by_proof, limiter, reading, viewer_of, writing
from elearn import gettext as _
from elearn_studio import importing
from elearn_studio.contribution import flow, intake, signing
from elearn_studio.contribution.models import OrganisationKey
from elearn_studio.models import Draft
from elearn_studio.views.common import Answer

api = Blueprint("studio_api", __name__)
MOST = 60_000_000


@api.url_value_preprocessor
def room_for_a_pack(endpoint: str | None, values: object) -> None:
    """A pack with photographs may be larger than other requests."""
    request.max_content_length = MOST


@api.post("/pengajuan")
@by_proof
@limiter.limit("20/hour")
def receive() -> Answer:
    """Send a pack in for review, in the name of the contributor whom the administrator named for the organisation's key. ``asal`` says
    where it comes from. The body is the ZIP. 200 with ``course``, ``submission``, ``checks``; else ``error`` and ``problems``."""
    session = reading()
    try:
        keys = flow.keys(session)
        data = request.get_data(cache=False)
        public = signing.key_of_zip(io.BytesIO(data), keys)
        person = session.scalar(
            select(Person).join(OrganisationKey, OrganisationKey.contributor == Person.id).where(OrganisationKey.public == public)
        )
        who = viewer_of(session, person.nip or person.email or "") if person is not None and person.active else None
        if who is None or not who.can("studio.write"):
            raise Refused("no_contributor", "Kunci ini belum dikaitkan dengan penyumbang. Minta pengelola situs mengaitkannya.")
        row = intake.send_in(session, who, importing.from_zip(data, keys=keys), provenance=request.args.get("asal", ""), writing=writing)
        slug = reading().scalar(select(Draft.slug).where(Draft.id == row.draft_id))
        return jsonify(course=slug, submission=row.id, checks=row.checks), 200
    except ContentError as error:
        lines = [f"{problem.file}:{problem.line}: {problem.text(_)} {problem.cure(_)}".strip() for problem in error.problems]
        return jsonify(error=_("Paket ini belum dapat diajukan."), problems=lines), 409
    except Refused as refused:
        return jsonify(error=refused.text(_), code=refused.code), 403 if refused.code in ("signer", "unsigned", "no_contributor") else 409
