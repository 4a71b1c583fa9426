"""A plugin that fills every field of the contract, for the tests beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
from flask import Blueprint
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from elearn import (
    Base,
    BigInt,
    Block,
    Card,
    CourseCompleted,
    Event,
    Figure,
    JobKind,
    Key,
    NavEntry,
    Parsed,
    Permission,
    Personal,
    Plugin,
    Problem,
    Proof,
    Setting,
    insert_once,
    needs,
    public,
    reading,
    record,
    setting,
    site_of,
    viewer,
    writing,
)

MIGRATION = '''
"""The sample's table."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "sampel_0001", None, ("sampel",), None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "sampel_note",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("text", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sampel_note"),
        sa.UniqueConstraint("person_id", "text", name="uq_sampel_note_person_id"),
    )
'''


class SampelNote(Base):
    """What a person noted."""

    __tablename__ = "sampel_note"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(BigInt)
    text: Mapped[str] = mapped_column(String(80))


def note(session, person_id, text):
    insert_once(session, SampelNote, values={"person_id": person_id, "text": text}, key=("person_id", "text"))


def notes(session, person_id):
    return list(session.scalars(select(SampelNote.text).where(SampelNote.person_id == person_id).order_by(SampelNote.text)))


@dataclass(frozen=True, kw_only=True)
class SampelNoted(Event):
    """Somebody noted something."""

    person_id: int
    text: str


blueprint = Blueprint("sampel", __name__)
api = Blueprint("sampel_api", __name__)


@blueprint.get("/")
@public
def index():
    return "halaman sampel"


@blueprint.get("/rahasia")
@needs("sampel.open")
def secret():
    return "rahasia"


@blueprint.post("/catat")
@needs("sampel.note")
def write():
    with writing() as session:
        note(session, viewer().id, "dicatat")
        record(session, SampelNoted(person_id=viewer().id, text="dicatat"))
    return f"ada {len(notes(reading(), viewer().id))}, salam {setting('sampel.greeting')}"


@api.get("/angka")
@public
def figures():
    return {"angka": 7}


def papers(session, paper):
    return f"{paper.title}|{paper.rows}|{site_of(session).settings['name']}".encode()


def proofs(session, enrolment_ids):
    return {
        one: Proof(number=f"S-{one}", address=f"https://belajar.go.id/s/{one}", issued_on=date(2026, 5, 4))
        for one in enrolment_ids
        if one != 9
    }


def hours_basis(session, day):
    return f"Aturan sampel sejak {day.year}"


class ShoutTree(Treeprocessor):
    def run(self, root):
        for element in root.iter():
            if element.text and "TANDA" in element.text:
                element.text = element.text.replace("TANDA", "ditandai plugin")


class Shout(Extension):
    """Replaces a word, to show that a plugin's Markdown extension runs."""

    def extendMarkdown(self, md):
        md.treeprocessors.register(ShoutTree(md), "shout", 3)


def parse(source):
    if "salah" in source.body:
        return Parsed(data=None, problems=(Problem(code="SP1", message="Kata itu salah.", file=source.file, line=source.line),))
    return Parsed(data={"html": str(source.markdown("**tebal**", line=source.line)), "rahasia": "kunci"})


def render(view):
    return Markup("<p class=sampel>{} untuk {}</p>").format(Markup(view.placed.data["html"]), view.viewer.person.name)


def gate(completing):
    if completing.lesson and completing.lesson.id == "terkunci" and not notes(completing.session, completing.standing.person_id):
        return "Catat sesuatu dahulu."
    return None


def nav(viewer):
    if viewer.person:
        yield NavEntry(title="Sampel", endpoint="sampel.index", order=33)
        if viewer.can("sampel.open"):
            yield NavEntry(title="Pekerjaan sampel", endpoint="sampel.secret", area="work", summary="Untuk apa ini.")


def card(viewer):
    return Card(title="Kartu sampel", body=Markup("<p>catatan: {}</p>").format(len(notes(viewer.session, viewer.id))))


def lint(course):
    if "terlarang" in course.title.lower():
        yield Problem(code="SP2", message="Judul ini terlarang.", file="course.yml", line=1)


def on_completed(session, event):
    note(session, event.person_id, f"tamat {event.slug}")


def on_noted(session, event):
    note(session, event.person_id, f"gema {event.text}")


def check(session):
    yield Problem(code="SP3", message="Ada yang perlu dilihat.", severity="warning")


def export(about):
    return {"catatan": notes(about.session, about.person_id)}


def erase(about):
    about.session.query(SampelNote).where(SampelNote.person_id == about.person_id).delete()


def demo(lesson):
    note(lesson.session, lesson.standing.person_id, f"demo {lesson.lesson.id}")


def fares(faring):
    yield Figure(title=f"Angka {faring.course.slug}", value="7", note="Contoh.")


def demo_author(subject):
    note(subject.session, subject.viewer.id, f"{len(subject.packs)} pelatihan, {subject.viewer.can('sampel.note')}")


def demo_site(subject):
    note(subject.session, 1, f"situs demo, {len(subject.people['learner'])} peserta")


@click.command("hitung")
def count():
    """A command of the plugin."""
    click.echo("tiga")


def make(folder: Path, **more) -> Plugin:
    """The plugin, its migrations written into ``folder``."""
    migrations = folder / "sampel-migrations"
    migrations.mkdir(exist_ok=True)
    (migrations / "sampel_0001.py").write_text(MIGRATION)
    fields = {
        "name": "sampel",
        "title": "Sampel",
        "summary": "Mengisi setiap bagian kontrak.",
        "blueprint": blueprint,
        "mount": "/contoh-sampel",
        "api": api,
        "models": (SampelNote,),
        "migrations": migrations,
        "blocks": (Block(kind="sampel", parse=parse, render=render, headings=("Sampel",), fences=("sampel",), lesson_kinds=("sampelan",)),),
        "markdown": (Shout,),
        "lint": (lint,),
        "gates": (gate,),
        "nav": nav,
        "cards": (card,),
        "slots": {
            "home": lambda viewer, subject: Markup("<p>slot beranda</p>"),
            "course": lambda viewer, course: Markup("<p>slot {}</p>").format(course.slug),
            "lesson": lambda viewer, view: Markup("<p>slot {}</p>").format(view.lesson.id),
            "completed": lambda viewer, standing: Markup("<p>slot {}</p>").format(standing.state),
            "account": lambda viewer, subject: Markup("<p>slot akun</p>"),
        },
        "permissions": (
            Permission(name="sampel.open", title="Membuka rahasia sampel", roles=("reviewer", "administrator")),
            Permission(name="sampel.note", title="Mencatat", roles=("learner",)),
        ),
        "acts": {"sampel.open": "Membuka rahasia sampel"},
        "settings": (Setting(name="greeting", default="pagi", help="Salam di halaman sampel."),),
        "events": (SampelNoted,),
        "subscribers": {CourseCompleted: (on_completed,), SampelNoted: (on_noted,)},
        "commands": (count,),
        "checks": (check,),
        "jobs": (JobKind(name="sampel.catat", work=lambda part: note(part.session, int(part.value), part.given["text"])),),
        "personal": Personal(export=export, erase=erase),
        "demo": demo,
        "demo_author": demo_author,
        "demo_site": demo_site,
        "figures": fares,
        "papers": papers,
        "proofs": proofs,
        "hours_basis": hours_basis,
    }
    return Plugin(**(fields | more))
