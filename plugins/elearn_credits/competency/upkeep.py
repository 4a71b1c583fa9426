"""Keeping the dictionary, the standards, assessments and imported figures: files in, checked first, all or nothing."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from elearn import About, Refused, needs, note, reading, render, site_of, viewer, writing
from elearn import gettext as _

from ..ledger import today
from ..views import blueprint
from . import case_json, keeping, tables_in
from .framework import framework
from .ip_asn import method_of
from .models import Evidence, FinalTestFailed, PostStandard, ProfessionalFigure, Reminder, WantedPost

Answer = str | tuple[str, int] | AnyResponse
MOST_BYTES = 5_000_000
KINDS = ("kamus", "case", "standar", "penilaian", "indeks")


def export(about: About) -> Any:
    """What is kept about a person's competency."""
    rows = about.session.scalars(select(Evidence).where(Evidence.person_id == about.person_id).order_by(Evidence.id))
    figures = about.session.scalars(select(ProfessionalFigure).where(ProfessionalFigure.person_id == about.person_id))
    failed = about.session.scalars(select(FinalTestFailed).where(FinalTestFailed.person_id == about.person_id).order_by(FinalTestFailed.id))
    reminders = about.session.scalars(select(Reminder).where(Reminder.person_id == about.person_id).order_by(Reminder.id))
    return {
        "evidence": [{column.key: str(getattr(row, column.key)) for column in Evidence.__table__.columns} for row in rows],
        "professional": [{"year": row.year, "dimension": row.dimension, "value": row.value, "points": row.points} for row in figures],
        "failed_final_tests": [{"title": row.title, "times": row.times, "last_on": row.last_on.isoformat()} for row in failed],
        "reminders": [{"rule": row.rule, "at": row.at.isoformat()} for row in reminders],
        "wanted_post": about.session.scalar(select(WantedPost.post).where(WantedPost.person_id == about.person_id)),
    }


@blueprint.get("/kompetensi/kelola")
@needs("credits.competency", everywhere=True)
def upkeep() -> Answer:
    """The page with its forms."""
    return _page()


def _page(**context: Any) -> str:
    session = reading()
    known = framework(session)
    counts = {
        "standar": session.scalar(select(func.count(PostStandard.post.distinct()))),
        "penilaian": session.scalar(select(func.count()).where(Evidence.kind == "assessment")),
        "indeks": session.scalar(select(func.count()).select_from(ProfessionalFigure)),
        "kamus": len(known),
    }
    return render(
        "credits/upkeep.html",
        counts=counts,
        known=known,
        today=today(session),
        **({"kind": "", "faults": (), "said": "", "refused": "", "typed": {}} | context),
    )


@blueprint.post("/kompetensi/kelola/satu")
@needs("credits.competency", everywhere=True)
def assess_one() -> Answer:
    """Enter one official assessment."""
    asked = {name: " ".join(request.form.get(name, "").split())[:300] for name in ("nip", "kode", "tingkat", "tanggal", "penilai")}
    try:
        row = tables_in.assessment(asked, framework(reading()))
        with writing() as session:
            count = keeping.keep_assessments(session, [row], by=viewer().id)
            note(session, "credits.penilaian", actor=viewer().id, subject=f"nip:{row.nip}", detail=f"{row.code} {row.level}")
    except Refused as refused:
        return _page(kind="satu", refused=refused.text(_), typed=asked), 422
    return _page(kind="satu", said=_("Tersimpan: %(count)s.", count=count))


def _text() -> str:
    file = request.files.get("berkas")
    data = file.read(MOST_BYTES + 1) if file else b""
    if not data:
        raise Refused("no_file", "Pilih berkas dahulu.")
    if len(data) > MOST_BYTES:
        raise Refused("file_size", "Berkas paling besar 5 MB.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding", "Berkas ini bukan teks. Simpan sebagai CSV (UTF-8).")


@blueprint.post("/kompetensi/kelola/<kind>")
@needs("credits.competency", everywhere=True)
def bring(kind: str) -> Answer:
    """Read a file; with ``periksa`` only say what it would do, else keep it all, or nothing where there is a fault."""
    if kind not in KINDS:
        raise Refused("kind", "Jenis berkas ini tidak dikenal.")
    trial = "periksa" in request.form
    try:
        read = _read(reading(), kind, _text())
        if read.faults:
            return _page(kind=kind, faults=read.faults[:100], said=_("%(count)s baris benar.", count=len(read.rows))), 422
        with writing() as session:
            count = _keep(session, kind, read)
            if trial:
                session.rollback()
            else:
                note(session, f"credits.{kind}", actor=viewer().id, detail=str(count))
    except Refused as refused:
        return _page(kind=kind, refused=refused.text(_)), 422
    said = _("Akan disimpan: %(count)s. Belum ada yang diubah.", count=count) if trial else _("Tersimpan: %(count)s.", count=count)
    return _page(kind=kind, said=said)


def _read(session: Session, kind: str, text: str) -> tables_in.Read[Any]:
    if kind == "kamus":
        return tables_in.competencies(text)
    if kind == "case":
        found, left = case_json.competencies(text)
        faults = tuple((0, Refused("case_item", "Butir {name} tidak memiliki tepat lima tingkat.", name=code)) for code in left)
        return tables_in.Read(rows=tuple(found), faults=faults)
    if kind == "standar":
        return tables_in.post_standards(text, framework(session))
    if kind == "penilaian":
        return tables_in.assessments(text, framework(session))
    return tables_in.figures(text, lambda year: method_of(site_of(session), year))


def _keep(session: Session, kind: str, read: tables_in.Read[Any]) -> int:
    if kind in ("kamus", "case"):
        return keeping.keep_competencies(session, read.rows)
    if kind == "standar":
        return keeping.keep_standards(session, read.rows)
    if kind == "penilaian":
        return keeping.keep_assessments(session, read.rows, by=viewer().id)
    return keeping.keep_figures(session, read.rows)
