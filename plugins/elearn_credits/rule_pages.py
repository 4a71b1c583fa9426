"""The rules by which JP are counted, for everybody; and counting anew, for who keeps the ledger: first what it would change."""

from __future__ import annotations

from flask import redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from elearn import NavEntry, Person, needs, note, reading, render, signed_in, site_of, start_job, viewer, writing
from elearn import gettext as _

from . import ledger, recounting, words
from .rule_differences import base_of, differences
from .rules import book_of
from .views import blueprint

Answer = str | AnyResponse
PERMISSION = "credits.correct"
MOST_SHOWN = 200
ENTRY = NavEntry(
    title="Aturan JP",
    endpoint="credits.recounting_page",
    icon="list",
    area="work",
    order=62,
    summary="Kumpulan aturan yang berlaku, bedanya dari aturan nasional, dan menghitung ulang buku JP.",
)


@blueprint.get("/aturan")
@signed_in
def rules() -> Answer:
    """All rule sets, those in force last first, with what a set of the site's own changes."""
    session = reading()
    book = book_of(site_of(session))
    bases = {each.id: base_of(each, book) for each in book.sets}
    return render(
        "credits/rules.html",
        sets=book.sets[::-1],
        in_force=book.on(ledger.today(session)),
        bases=bases,
        differs={each.id: differences(base, each) for each in book.sets if (base := bases[each.id])},
        words=words,
    )


@blueprint.get("/aturan/hitung-ulang")
@needs(PERMISSION, everywhere=True)
def recounting_page() -> Answer:
    """What counting anew would change, and for whom."""
    session = reading()
    book = book_of(site_of(session))
    ids = recounting.people_to_look_at(session, book)
    plans = [recounting.plan(session, person_id, book) for person_id in ids[:MOST_SHOWN]]
    plans = [one for one in plans if one.moves]
    names = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_([one.person_id for one in plans])))}
    plans.sort(key=lambda one: names[one.person_id].name if one.person_id in names else "")
    return render("credits/recounting.html", plans=plans, names=names, total=len(ids), most=MOST_SHOWN, words=words, sets=book.sets)


@blueprint.post("/aturan/hitung-ulang")
@needs(PERMISSION, everywhere=True)
def recount() -> Answer:
    """Start counting anew, as a job."""
    with writing() as session:
        ids = recounting.people_to_look_at(session, book_of(site_of(session)))
        names = {row.id: row.name for row in session.execute(select(Person.id, Person.name))}
        items = [(str(person_id), names.get(person_id, str(person_id))) for person_id in ids]
        job_id = start_job(session, recounting.JOB, title=_("Menghitung ulang buku JP"), items=items, by=viewer().id)
        note(session, "credits.recount", actor=viewer().id, detail=f"{len(ids)} orang")
    return redirect(url_for("jobs.show", job_id=job_id))
