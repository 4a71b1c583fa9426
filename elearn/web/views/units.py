"""Keeping the tree of units: for who runs the whole site."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from elearn.access import needs
from elearn.errors import Refused
from elearn.models.people import Unit
from elearn.services import audit, units
from elearn.web.current import found, read_id, render, viewer
from elearn.web.database import reading, writing
from elearn.web.language import gettext as _

blueprint = Blueprint("units", __name__, url_prefix="/kelola/unit")
Answer = str | tuple[str, int] | AnyResponse
PERMISSION = "core.people"
NOWHERE = -1  # no unit has this id


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "")[:300] for name in ("nama", "kode", "induk")}


def _parent(text: str) -> int | None:
    return (read_id(text) or NOWHERE) if text else None


@blueprint.get("")
@needs(PERMISSION, everywhere=True)
def listing() -> Answer:
    """The tree, and the form for one more."""
    return _page({"nama": "", "kode": "", "induk": ""})


def _page(typed: dict[str, str], refused: Refused | None = None) -> str:
    return render("units.html", tree=units.tree(reading()), typed=typed, refused=refused)


@blueprint.post("")
@needs(PERMISSION, everywhere=True)
def add() -> Answer:
    """Make a unit."""
    typed = _typed()
    try:
        with writing() as session:
            unit = units.make_unit(session, typed["nama"], parent_id=_parent(typed["induk"]), code=typed["kode"])
            audit.note(session, "unit.add", actor=viewer().id, subject=f"unit:{unit.id}", detail=unit.name)
    except Refused as refused:
        return _page(typed, refused), 422
    flash(_("%(name)s ditambahkan.", name=unit.name), "ok")
    return redirect(url_for(".listing", _anchor=f"u{unit.id}"))


@blueprint.get("/<int:unit_id>")
@needs(PERMISSION, everywhere=True)
def one(unit_id: int) -> Answer:
    """One unit, to change it."""
    unit = found(reading().get(Unit, unit_id))
    return _one_page(unit, {"nama": unit.name, "kode": unit.code or "", "induk": str(unit.parent_id or "")})


def _one_page(unit: Unit, typed: dict[str, str], refused: Refused | None = None) -> str:
    tree = units.tree(reading())
    here = found(next((place for place in tree if place.id == unit.id), None))
    others = [place for place in tree if not place.path.startswith(here.path)]
    return render("unit_edit.html", here=here, tree=others, typed=typed, refused=refused)


@blueprint.post("/<int:unit_id>")
@needs(PERMISSION, everywhere=True)
def change(unit_id: int) -> Answer:
    """Another name, code or place."""
    typed = _typed()
    try:
        with writing() as session:
            unit = found(session.get(Unit, unit_id))
            before = f"{unit.name} {unit.path}"
            units.change_unit(session, unit, name=typed["nama"], code=typed["kode"], parent_id=_parent(typed["induk"]))
            audit.note(session, "unit.change", actor=viewer().id, subject=f"unit:{unit_id}", detail=f"{before} -> {unit.name} {unit.path}")
    except Refused as refused:
        return _one_page(found(reading().get(Unit, unit_id)), typed, refused), 422
    flash(_("Tersimpan."), "ok")
    return redirect(url_for(".listing", _anchor=f"u{unit_id}"))


@blueprint.post("/<int:unit_id>/hapus")
@needs(PERMISSION, everywhere=True)
def remove(unit_id: int) -> Answer:
    """Remove one that nobody belongs to."""
    with writing() as session:
        unit = found(session.get(Unit, unit_id))
        name = unit.name
        units.remove_unit(session, unit)
        audit.note(session, "unit.remove", actor=viewer().id, subject=f"unit:{unit_id}", detail=name)
    flash(_("%(name)s dihapus.", name=name), "ok")
    return redirect(url_for(".listing"))
