"""The studio: courses written in the browser, without git; checked while one writes, published as versions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update

from elearn import About, NavEntry, Permission, Personal, Plugin, Setting, Viewer
from elearn_studio.demo import demo_author
from elearn_studio.models import Blob, Change, Draft, File, Member, Presence, Release
from elearn_studio.publishing import PublishDue, overdue, publish_due
from elearn_studio.views import blueprint

HERE = Path(__file__).parent


def nav(viewer: Viewer) -> Iterable[NavEntry]:
    """The authors' tab."""
    if viewer.can("studio.write"):
        yield NavEntry(title="Tulis", endpoint="studio.courses", icon="pencil", order=35)


def export(about: About) -> Any:
    """The drafts a person writes, and when they changed which file."""
    session = about.session
    drafts = session.execute(
        select(Draft.slug, Member.role).join(Member, Member.draft_id == Draft.id).where(Member.person_id == about.person_id)
    )
    changes = session.execute(select(Change.path, Change.act, Change.at).where(Change.by == about.person_id).order_by(Change.id))
    return {
        "drafts": [{"slug": slug, "role": role} for slug, role in drafts],
        "changes": [{"file": path, "act": act, "at": at.isoformat()} for path, act, at in changes],
    }


def erase(about: About) -> None:
    """Their name goes from drafts and history; what they wrote stays, for others write on it."""
    session, person_id = about.session, about.person_id
    session.execute(delete(Presence).where(Presence.person_id == person_id))
    session.execute(delete(Member).where(Member.person_id == person_id))
    session.execute(update(Change).where(Change.by == person_id).values(by=None))
    session.execute(update(File).where(File.changed_by == person_id).values(changed_by=None))
    session.execute(update(Draft).where(Draft.created_by == person_id).values(created_by=None))


plugin = Plugin(
    name="studio",
    title="Studio",
    summary="Menulis pelatihan di peramban: susunan, naskah dengan pratinjau, gambar, riwayat, dan penerbitan.",
    blueprint=blueprint,
    mount="/tulis",
    models=(Draft, Member, File, Blob, Change, Release, Presence),
    migrations=HERE / "migrations",
    nav=nav,
    permissions=(
        Permission(name="studio.write", title="Menulis pelatihan", roles=("author", "contributor", "administrator")),
        Permission(name="studio.publish", title="Menerbitkan pelatihan sendiri", roles=("author", "administrator")),
        Permission(name="studio.all", title="Membuka naskah semua penulis", roles=("administrator",)),
    ),
    settings=(
        Setting(name="git", default="", help="Beginnings of git addresses that may be imported (https://…/), by commas. Empty: none."),
        Setting(
            name="git_inner", default=False, type=bool, help="Let listed git addresses be machines of the own network, and plain http."
        ),
    ),
    events=(PublishDue,),
    subscribers={PublishDue: (publish_due,)},
    checks=(overdue,),
    personal=Personal(export=export, erase=erase),
    demo_author=demo_author,
    translations=HERE / "translations",
)
