"""The studio: courses written in the browser, without git; checked while one writes, published as versions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update

from elearn import About, CoursePublished, NavEntry, Permission, Personal, Plugin, Setting, Viewer
from elearn_studio import overlay, reports, touched
from elearn_studio.acts import ACTS
from elearn_studio.contribution import flow
from elearn_studio.contribution.commands import COMMANDS
from elearn_studio.contribution.models import Comment, OrganisationKey, Step, Submission
from elearn_studio.demo import demo_author
from elearn_studio.letters import WriterTold, mail_writer
from elearn_studio.models import Blob, Change, Draft, File, Member, Presence, Release
from elearn_studio.publishing import PublishDue, overdue, publish_due
from elearn_studio.regulations import Regulation, RegulationChanged, TakenIn
from elearn_studio.reports import Report, ReportAnswered
from elearn_studio.views import blueprint
from elearn_studio.views.api import api
from elearn_studio.views.cards import waiting_card
from elearn_studio.views.regulations import refresher_card
from elearn_studio.views.reports import at_the_foot

HERE = Path(__file__).parent


def nav(viewer: Viewer) -> Iterable[NavEntry]:
    """What authors, reviewers and administrators do here."""
    if viewer.can("studio.write"):
        yield NavEntry(
            title="Tulis",
            endpoint="studio.courses",
            icon="pencil",
            order=10,
            area="work",
            summary="Naskah Anda: tulis, periksa, terbitkan.",
        )
    if viewer.can("studio.review"):
        yield NavEntry(
            title="Tinjauan",
            endpoint="studio.queue",
            icon="eye",
            order=12,
            area="work",
            summary="Naskah yang diajukan dan menunggu keputusan.",
        )
    if viewer.can("studio.write"):
        yield NavEntry(
            title="Laporan kekeliruan",
            endpoint="studio.reported",
            icon="flag",
            order=14,
            area="work",
            summary="Yang dilaporkan peserta di pelajaran Anda.",
        )
    if viewer.can("studio.register"):
        yield NavEntry(
            title="Dasar hukum",
            endpoint="studio.law",
            icon="shield",
            order=16,
            area="work",
            summary="Peraturan yang berubah, dan pelajaran yang bersandar padanya.",
        )
    if viewer.can("studio.keys", unit_path="/"):
        yield NavEntry(
            title="Kunci instansi",
            endpoint="studio.organisation_keys",
            icon="lock",
            order=70,
            area="work",
            summary="Kunci untuk memeriksa paket yang ditandatangani.",
        )


def export(about: About) -> Any:
    """The drafts a person writes, and when they changed which file."""
    session = about.session
    drafts = session.execute(
        select(Draft.slug, Member.role).join(Member, Member.draft_id == Draft.id).where(Member.person_id == about.person_id)
    )
    changes = session.execute(select(Change.path, Change.act, Change.at).where(Change.by == about.person_id).order_by(Change.id))
    return {
        "drafts": [{"slug": slug, "role": role} for slug, role in drafts],
        "reports": [
            {"course": row.slug, "lesson": row.lesson_id, "text": row.text, "answer": row.answer, "at": row.at.isoformat()}
            for row in session.scalars(select(Report).where(Report.person_id == about.person_id))
        ],
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
    reports.forget(session, person_id)


plugin = Plugin(
    name="studio",
    title="Studio",
    summary="Menulis pelatihan di peramban: susunan, naskah dengan pratinjau, gambar, riwayat, dan penerbitan.",
    blueprint=blueprint,
    mount="/tulis",
    api=api,
    models=(
        Draft,
        Member,
        File,
        Blob,
        Change,
        Release,
        Presence,
        Submission,
        Step,
        Comment,
        OrganisationKey,
        Report,
        Regulation,
        TakenIn,
    ),
    migrations=HERE / "migrations",
    nav=nav,
    cards=(refresher_card, waiting_card),
    slots={"lesson": at_the_foot},
    commands=COMMANDS,
    acts=ACTS,
    permissions=(
        Permission(name="studio.write", title="Menulis pelatihan", roles=("author", "contributor", "administrator")),
        Permission(name="studio.publish", title="Menerbitkan pelatihan sendiri", roles=("author", "administrator")),
        Permission(name="studio.all", title="Membuka naskah semua penulis", roles=("administrator",)),
        Permission(name="studio.review", title="Meninjau naskah yang diajukan", roles=("reviewer", "administrator")),
        Permission(
            name="studio.register",
            title="Melihat pelajaran menurut dasar hukumnya",
            roles=("author", "contributor", "reviewer", "administrator"),
        ),
        Permission(name="studio.law", title="Menandai peraturan yang berubah", roles=("reviewer", "administrator")),
        Permission(name="studio.keys", title="Mendaftarkan kunci instansi", roles=("administrator",)),
    ),
    settings=(
        Setting(name="git", default="", help="Beginnings of git addresses that may be imported (https://…/), by commas. Empty: none."),
        Setting(
            name="git_inner", default=False, type=bool, help="Let listed git addresses be machines of the own network, and plain http."
        ),
    ),
    events=(PublishDue, flow.SubmissionMoved, RegulationChanged, ReportAnswered, WriterTold),
    subscribers={
        CoursePublished: (overlay.tell,),
        PublishDue: (publish_due,),
        flow.SubmissionMoved: (flow.tell,),
        RegulationChanged: (touched.tell,),
        ReportAnswered: (reports.tell,),
        WriterTold: (mail_writer,),
    },
    checks=(overdue,),
    jobs=(touched.REFRESHER,),
    personal=Personal(export=export, erase=erase),
    demo_author=demo_author,
    translations=HERE / "translations",
)
