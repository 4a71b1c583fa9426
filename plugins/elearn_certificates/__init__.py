"""Certificates: issued at once, never changed, checked by anyone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import (
    About,
    Course,
    CourseCompleted,
    NavEntry,
    Permission,
    Personal,
    Plugin,
    Problem,
    Setting,
    Standing,
    Viewer,
    site_of,
    standing_in,
)
from elearn_certificates import finding, proving
from elearn_certificates.commands import COMMANDS
from elearn_certificates.issuing import issue
from elearn_certificates.models import Certificate, CertificateFile, Serial
from elearn_certificates.numbering import format_number
from elearn_certificates.views import blueprint

HERE = Path(__file__).parent


def nav(viewer: Viewer) -> Iterable[NavEntry]:
    """The check, for who came to do just that; who is signed in has their own certificates at hand."""
    if viewer.person is None:
        yield NavEntry(title="Periksa sertifikat", endpoint="certificates.form", icon="award", order=30)


def completed(viewer: Viewer, standing: Any) -> Markup | None:
    """The certificate, on the page that says a course is completed."""
    if not isinstance(standing, Standing) or standing.state != "completed":
        return None
    certificate = finding.of_enrolment(viewer.session, standing.enrolment_id)
    return Markup(render_template("certificates/completed.html", certificate=certificate))


def course(viewer: Viewer, subject: Any) -> Markup | None:
    """The certificate, on the page of a course one has completed."""
    if not isinstance(subject, Course) or viewer.person is None:
        return None
    standing = standing_in(viewer.session, viewer.id, subject.slug)
    return completed(viewer, standing)


def account(viewer: Viewer, subject: Any) -> Markup | None:
    """The way to one's certificates, on the account page."""
    return Markup(render_template("certificates/account.html")) if viewer.person else None


def export(about: About) -> Any:
    """Everything the certificates say of their holder."""
    rows = about.session.scalars(select(Certificate).where(Certificate.person_id == about.person_id).order_by(Certificate.id))
    return [{"number": row.number, "state": row.state, "issued_at": row.issued_at.isoformat(), "facts": row.facts} for row in rows]


def erase(about: About) -> None:
    """Nothing goes: a certificate is a document that others rely on, and its register is kept."""


def check_settings(session: Session) -> Iterable[Problem]:
    """A number template that would not do is found before the first certificate is due."""
    settings = site_of(session).settings
    try:
        format_number(settings["certificates.number"], serial=1, programme="X", unit=settings["certificates.unit"], year=2026)
    except ValueError as error:
        yield Problem(code="CERT1", message="{reason}", file="site.toml", values={"reason": str(error)})
    if not settings["base_url"]:
        yield Problem(
            code="CERT2",
            message="base_url kosong: kode QR sertifikat akan menunjuk ke alamat yang salah.",
            remedy="Isi base_url di site.toml.",
            file="site.toml",
            severity="warning",
        )


def check_keys(session: Session) -> Iterable[Problem]:
    """A site without keys issues certificates that only it can vouch for."""
    ring = proving.ring_of(site_of(session))
    if not (ring.active("document") and ring.active("credential")):
        yield Problem(
            code="CERT3",
            message="Belum ada kunci penerbit: sertifikat tidak ditandatangani dan tidak dapat diperiksa tanpa jaringan.",
            remedy="elearn certificates key new",
            severity="warning",
        )


plugin = Plugin(
    name="certificates",
    title="Sertifikat",
    summary="Sertifikat PDF yang terbit seketika, tidak berubah, dan dapat diperiksa siapa saja.",
    blueprint=blueprint,
    mount="/v",
    models=(Certificate, CertificateFile, Serial),
    migrations=HERE / "migrations",
    nav=nav,
    slots={"completed": completed, "course": course, "account": account},
    permissions=(Permission(name="certificates.revoke", title="Mencabut sertifikat", roles=("administrator",)),),
    settings=(
        Setting(
            name="number", default="{serial:06}/{programme}/{year}", help="The number: text with {serial}, {programme}, {unit}, {year}."
        ),
        Setting(name="unit", default="", help="What {unit} stands for in numbers."),
        Setting(name="city", default="", help="The place before the date."),
        Setting(name="signatory_name", default="", help="Who signs, with titles."),
        Setting(name="signatory_post", default="", help="Their post."),
        Setting(name="signatory_nip", default="", help="Their NIP."),
        Setting(name="issuer", default="", help="The credentials' issuer: web (did:web), key (did:key). Empty: web on HTTPS."),
        Setting(name="signer", default="", help="The Unix socket of elearn certificates signer. Empty: a process of our own."),
    ),
    subscribers={CourseCompleted: (issue,)},
    commands=COMMANDS,
    checks=(check_settings, check_keys),
    personal=Personal(export=export, erase=erase),
    translations=HERE / "translations",
)
