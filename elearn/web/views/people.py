"""Keeping accounts: the people of the site, one at a time; for who runs the whole of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from elearn.access import needs
from elearn.errors import Refused
from elearn.models.learning import CourseRow
from elearn.models.people import Grant, Person, Unit
from elearn.services import accounts, audit, reset, roster, sign_in, units
from elearn.services.nip import nip_doubts, spaced_nip
from elearn.services.people import add_person, grant
from elearn.services.site import site_of
from elearn.services.viewer import ROLES
from elearn.web.current import found, page_number, read_id, render, viewer
from elearn.web.database import reading, writing
from elearn.web.language import gettext as _
from elearn.web.language import lazy_gettext
from elearn.web.tables import table_file

blueprint = Blueprint("people", __name__, url_prefix="/kelola/orang")
Answer = str | tuple[str, int] | AnyResponse
PERMISSION = "core.people"
PAGE = 50
MOST_LINKS = 5_000
ROLE_NAMES = {
    "author": lazy_gettext("Penulis"),
    "contributor": lazy_gettext("Kontributor"),
    "reviewer": lazy_gettext("Peninjau"),
    "unit_head": lazy_gettext("Kepala unit"),
    "administrator": lazy_gettext("Pengelola"),
}


def _asked(session: Session, state: str = "") -> tuple[dict[str, str], Any]:
    """The search in the address, and the condition it means; ``state`` where only one will do."""
    unit = session.get(Unit, request.values.get("unit", 0, type=int) or 0)
    state = state or request.values.get("keadaan", "")
    state = state if state in accounts.STATES else "active"
    text = request.values.get("cari", "")[:100]
    asked = {"cari": text, "unit": str(unit.id) if unit else "", "keadaan": "" if state == "active" else state}
    return asked, accounts.matching(text=text, unit_path=unit.path if unit else "", state=state)


@blueprint.get("")
@needs(PERMISSION, everywhere=True)
def listing() -> Answer:
    """Everybody with an account, by name, fifty a page; ``?format=xlsx`` gives them all as the file that brings people in."""
    session = reading()
    asked, where = _asked(session)
    if request.args.get("format") == "xlsx":
        people = _few(session, where, roster.MOST_ROWS)
        return table_file("orang", roster.rows(session, people), style="xlsx")
    page, tree = page_number(), units.tree(session)
    people = accounts.list_people(session, where, skip=(page - 1) * PAGE, most=PAGE + 1)
    return render(
        "people.html",
        people=people[:PAGE],
        more=len(people) > PAGE,
        page=page,
        asked=asked,
        total=accounts.count_people(session, where),
        roles=accounts.roles_among(session, people),
        role_names=ROLE_NAMES,
        tree=tree,
        names=units.full_names(tree),
        spaced_nip=spaced_nip,
    )


def _few(session: Session, where: Any, most: int) -> list[Person]:
    """All of a search. Raises ``Refused`` where a file could not hold them."""
    if accounts.count_people(session, where) > most:
        raise Refused("too_many", "Berkas ini memuat paling banyak {most} orang. Saring dahulu, misalnya per unit.", most=most)
    return accounts.list_people(session, where, most=most)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "")[:300] for name in accounts.FIELDS}


def _unit_id(session: Session) -> int | None:
    """The unit chosen in a form, None for none. Raises ``Refused`` where it has gone."""
    text = request.form.get("unit", "")
    if not text:
        return None
    unit = session.get(Unit, read_id(text))
    if unit is None:
        raise Refused("unit_gone", "Unit itu tidak ada lagi. Pilih yang lain.")
    return unit.id


@blueprint.get("/baru")
@needs(PERMISSION, everywhere=True)
def new() -> Answer:
    """The form for one person."""
    return _new_page({"kind": "pns"}, {}, unit=request.args.get("unit", ""))


def _new_page(typed: dict[str, str], faults: dict[str, Refused], *, unit: str) -> str:
    return render("person_new.html", typed=typed, faults=faults, unit=unit, tree=units.tree(reading()), kinds=accounts.KINDS)


@blueprint.post("/baru")
@needs(PERMISSION, everywhere=True)
def add() -> Answer:
    """Make the account."""
    typed = _typed()
    good, faults = accounts.check_fields(typed)
    if not faults:
        try:
            with writing() as session:
                unit = session.get(Unit, _unit_id(session) or 0)
                given = {name: value or "" for name, value in good.items()}
                person = add_person(session, unit=unit, password=None, **given)
                audit.note(session, "person.add", actor=viewer().id, subject=f"person:{person.id}")
        except Refused as refused:
            faults = {"unit" if refused.code == "unit_gone" else "nip": refused}
    if faults:
        return _new_page(typed, faults, unit=request.form.get("unit", "")), 422
    flash(_("Akun dibuat. Berikan tautan pembuka, agar orangnya dapat membuat kata sandi."), "ok")
    return redirect(url_for(".one", person_id=person.id, _anchor="masuk"))


@blueprint.get("/<int:person_id>")
@needs(PERMISSION, everywhere=True)
def one(person_id: int) -> Answer:
    """One person: what is known, their roles, how they come in."""
    return _page(person_id)


def _asked_for() -> dict[str, str]:
    """All that the form of one person says."""
    return _typed() | {"unit": request.form.get("unit", "")[:20], "aktif": "ya" if "aktif" in request.form else ""}


def _page(person_id: int, *, asked: dict[str, str] | None = None, faults: dict[str, Refused] | None = None, link: str = "") -> str:
    """``asked``: the form as it was sent, which stays as it is, and so does what it had shown."""
    session = reading()
    person = found(session.get(Person, person_id))
    tree = units.tree(session)
    courses = accounts.all_courses(session)
    there = {name: getattr(person, name) or "" for name in accounts.FIELDS}
    there |= {"unit": str(person.unit_id or ""), "aktif": "ya" if person.active else ""}
    return render(
        "person.html",
        person=person,
        typed=asked or there,
        shown={name: request.form.get(f"semula-{name}", there[name]) if asked else there[name] for name in there},
        faults=faults or {},
        doubt=_(nip_doubts(person.nip) or "") if person.nip and nip_doubts(person.nip) else "",
        link=link,
        kinds=accounts.KINDS,
        tree=tree,
        courses=courses,
        grants=accounts.grants_of(session, person_id),
        role_names=ROLE_NAMES,
        scope_names={("site", 0): _("seluruh situs")}
        | {("unit", place.id): place.name for place in tree}
        | {("course", course_id): title for course_id, title in courses},
        devices=len(sign_in.devices(session, person_id)),
        spaced_nip=spaced_nip,
    )


@blueprint.post("/<int:person_id>")
@needs(PERMISSION, everywhere=True)
def change(person_id: int) -> Answer:
    """Keep what differs from what the form showed, so that what somebody else changed meanwhile stays; nothing where a field is wrong."""
    asked = _asked_for()
    good, faults = accounts.check_fields(asked)
    active = bool(asked["aktif"])
    if not faults and not active and person_id == viewer().id:
        faults = {"active": Refused("oneself", "Anda tidak dapat menonaktifkan akun Anda sendiri.")}
    changed: list[str] = []
    if not faults:
        try:
            with writing() as session:
                person = found(session.get(Person, person_id))
                values: dict[str, Any] = good | {"unit_id": _unit_id(session), "active": active}
                for name in asked:
                    if request.form.get(f"semula-{name}") == asked[name]:
                        values.pop({"unit": "unit_id", "aktif": "active"}.get(name, name))
                changed = accounts.change_person(session, person, values)
                if changed:
                    audit.note(session, "person.change", actor=viewer().id, subject=f"person:{person_id}", detail=", ".join(changed))
        except Refused as refused:
            faults = {"unit" if refused.code == "unit_gone" else "nip": refused}
    if faults:
        return _page(person_id, asked=asked, faults=faults), 422
    flash(_("Tersimpan.") if changed else _("Tidak ada yang berubah."), "ok")
    return redirect(url_for(".one", person_id=person_id))


@blueprint.post("/<int:person_id>/peran")
@needs(PERMISSION, everywhere=True)
def give(person_id: int) -> Answer:
    """Give a role within the site, a unit or a course."""
    role, where = request.form.get("peran", ""), request.form.get("lingkup", "")
    scope, _sign, number = where.partition(":")
    if role not in ROLES or role == "learner":
        raise Refused("role", "Pilih perannya.")
    if role == "administrator" and scope != "site":
        raise Refused("role_everywhere", "Peran pengelola berlaku di seluruh situs, tidak di satu unit atau pelatihan.")
    with writing() as session:
        found(session.get(Person, person_id))
        scope_id = read_id(number)
        there = {"unit": Unit, "course": CourseRow}.get(scope)
        if where != "site" and (there is None or session.get(there, scope_id) is None):
            raise Refused("scope", "Pilih lingkup perannya.")
        grant(session, person_id, role, scope=scope, scope_id=scope_id if there else 0, by=viewer().id)
        audit.note(session, "role.give", actor=viewer().id, subject=f"person:{person_id}", detail=f"{role} {where}")
    flash(_("Peran diberikan."), "ok")
    return redirect(url_for(".one", person_id=person_id, _anchor="peran"))


@blueprint.post("/<int:person_id>/peran/<int:grant_id>/cabut")
@needs(PERMISSION, everywhere=True)
def take(person_id: int, grant_id: int) -> Answer:
    """Take a role back; nobody their own right to do this, so that somebody keeps it."""
    with writing() as session:
        row = session.get(Grant, grant_id)
        if row is not None and row.person_id == person_id == viewer().id and (row.role, row.scope) == ("administrator", "site"):
            raise Refused("oneself_role", "Peran pengelola Anda sendiri dicabut oleh pengelola lain.")
        if row is not None and accounts.revoke(session, person_id, grant_id):
            audit.note(
                session, "role.take", actor=viewer().id, subject=f"person:{person_id}", detail=f"{row.role} {row.scope}:{row.scope_id}"
            )
    flash(_("Peran dicabut."), "ok")
    return redirect(url_for(".one", person_id=person_id, _anchor="peran"))


def _address(path: str) -> str:
    """The whole address of a path here; by this request's host where the site names none."""
    whole = site_of(reading()).url_for_path(path)
    return request.host_url.rstrip("/") + path if whole.startswith("/") else whole


@blueprint.post("/<int:person_id>/tautan")
@needs(PERMISSION, everywhere=True)
def link(person_id: int) -> Answer:
    """Make a link that opens the account once, shown this once."""
    with writing() as session:
        person = found(session.get(Person, person_id))
        if not person.active:
            raise Refused("inactive", "Akun ini tidak aktif.")
        path = reset.invite(session, person)
        audit.note(session, "person.link", actor=viewer().id, subject=f"person:{person_id}")
    return _page(person_id, link=_address(path))


@blueprint.post("/tautan")
@needs(PERMISSION, everywhere=True)
def links() -> Answer:
    """Links for all of a search who never opened their account, as a file to hand out."""
    with writing() as session:
        _same, where = _asked(session, "unopened")
        people = _few(session, where, MOST_LINKS)
        names = units.full_names(units.tree(session))
        rows = [[_("Nama"), "NIP", _("Surel"), _("Unit"), _("Tautan, berlaku 7 hari dan satu kali")]]
        for person in people:
            path = reset.invite(session, person)
            rows.append([person.name, person.nip or "", person.email or "", names.get(person.unit_id or 0, ""), _address(path)])
        audit.note(session, "person.links", actor=viewer().id, detail=str(len(people)))
    return table_file("tautan-pembuka", rows, style="xlsx")


@blueprint.get("/berkas")
@needs(PERMISSION, everywhere=True)
def file_form() -> Answer:
    """The form for many people at once; ``?format=xlsx`` gives a file to begin with."""
    if request.args.get("format") == "xlsx":
        return table_file("contoh-orang", roster.example(), style="xlsx")
    return _file_page()


def _file_page(**context: Any) -> str:
    return render("people_file.html", **({"plan": None, "done": False, "refused": "", "columns": roster.COLUMNS} | context))


@blueprint.post("/berkas")
@needs(PERMISSION, everywhere=True)
def bring() -> Answer:
    """Read a file; with ``periksa`` only say what it would do, else keep all of it, or nothing where there is a fault."""
    sent = request.files.get("berkas")
    data = sent.read() if sent else b""
    trial = "periksa" in request.form
    try:
        if not data:
            raise Refused("no_file", "Pilih berkas dahulu.")
        if trial:
            wanted = roster.plan(reading(), data, by=viewer().id)
        else:
            with writing() as session:
                wanted = roster.plan(session, data, by=viewer().id)
                if not wanted.faults:
                    roster.carry_out(session, wanted)
                    detail = f"+{len(wanted.new)} ~{len(wanted.changed)}"
                    audit.note(session, "person.file", actor=viewer().id, detail=detail)
    except Refused as refused:
        return _file_page(refused=refused.text(_)), 422
    page = _file_page(plan=wanted, done=not trial and not wanted.faults)
    return (page, 422) if wanted.faults else page
