"""The learner's pages on competency: the gap for their post and what closes it, the dictionary, the card on the home page."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from elearn import Card, Refused, Viewer, now, reading, render, setting, signed_in, site_of, viewer, writing
from elearn import gettext as _

from .. import ledger
from ..counting import count
from ..rules import book_of
from ..views import blueprint
from . import case_json, ip_asn
from .framework import framework
from .person import first_advice, profile, want, what_next
from .standards import basis_of, posts_with_standard

Answer = str | AnyResponse
FIRST_YEAR = 2000


@blueprint.get("/kompetensi")
@signed_in
def competency() -> Answer:
    """The viewer's gap, its evidence, advice, and the index of professionalism."""
    session, who = reading(), viewer()
    assert who.person is not None
    known = profile(session, who.person)
    entries = ledger.entries_of(session, who.id)
    day = ledger.today(session)
    asked = request.args.get("tahun", day.year, type=int)
    year = asked if FIRST_YEAR <= asked <= day.year else day.year
    lines = count(entries, book_of(site_of(session))).values()
    return render(
        "credits/competency.html",
        person=who.person,
        known=known,
        next=what_next(session, who.person, known, entries=entries),
        index=ip_asn.index(session, who.person, year=year, lines=lines),
        years=range(day.year, day.year - 5, -1),
        posts=posts_with_standard(session),
        rule=basis_of("evidence"),
        jpm=basis_of("jpm"),
    )


@blueprint.post("/kompetensi/jabatan")
@signed_in
def wanted_post() -> Answer:
    """Keep the post the viewer works towards."""
    post = " ".join(request.form.get("jabatan", "").split())
    if len(post) > 160:
        raise Refused("post_long", "Nama jabatan paling panjang 160 huruf.")
    with writing() as session:
        want(session, viewer().id, post)
    return redirect(url_for(".competency", _anchor="tujuan"))


@blueprint.get("/kamus")
@signed_in
def dictionary() -> Answer:
    """The dictionary; ``?format=case`` gives it as CASE JSON."""
    known = framework(reading())
    if request.args.get("format") == "case":
        text = case_json.package(
            known.values(),
            base=site_of(reading()).url_for_path("").rstrip("/"),
            title=_("Kamus kompetensi %(name)s", name=setting("name")),
            creator=site_of(reading()).organiser,
            at=now(),
        )
        return Response(
            text, mimetype="application/json", headers={"Content-Disposition": "attachment; filename=kamus-kompetensi.case.json"}
        )
    return render("credits/dictionary.html", known=known)


def card(who: Viewer) -> Card | None:
    """For your post: the widest gap and the course that closes most of it."""
    if who.person is None or not who.person.post:
        return None
    found = first_advice(who.session, who.person)
    if found is None:
        return None
    return Card(title=_("Untuk jabatan Anda"), body=Markup(render_template("credits/gap_card.html", advice=found)), order=20)
