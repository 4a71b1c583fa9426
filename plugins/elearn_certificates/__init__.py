"""Certificates: issued at once, never changed, checked by anyone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import (
    About,
    ContentError,
    Course,
    CourseCompleted,
    DemoLesson,
    NavEntry,
    Paper,
    Permission,
    Personal,
    Plugin,
    Problem,
    Setting,
    Standing,
    Viewer,
    now,
    site_of,
    standing_in,
)
from elearn_certificates import finding, life, managing, proving
from elearn_certificates.acts import ACTS
from elearn_certificates.bsre import queue
from elearn_certificates.bsre.models import Signature
from elearn_certificates.class_jobs import JOBS
from elearn_certificates.commands import COMMANDS
from elearn_certificates.design.reading import FILE
from elearn_certificates.design.site import designs_folder, designs_of
from elearn_certificates.events import CertificateExpires
from elearn_certificates.issuing import day_of, issue
from elearn_certificates.models import Certificate, CertificateFile, Serial
from elearn_certificates.numbering import format_number
from elearn_certificates.predicates import read_predicates
from elearn_certificates.views import blueprint

HERE = Path(__file__).parent
DEMO_DESIGN = """place = "Kota Contoh"
[[signatories]]
name = "Drs. H. Zulkarnain Harahap, M.Si."
post = "Kepala Badan Pengembangan SDM"
nip = "196903151994031002"
"""


def nav(viewer: Viewer) -> Iterable[NavEntry]:
    """The check, for who came to do just that; who is signed in has their own certificates at hand."""
    if viewer.person is None:
        yield NavEntry(title="Sertifikat", endpoint="certificates.form", icon="award", order=30)
    if viewer.can(managing.PERMISSION, unit_path="/"):
        yield NavEntry(
            title="Sertifikat",
            endpoint="certificates.register",
            icon="award",
            area="work",
            order=50,
            summary="Daftar sertifikat: cari, ganti, cabut, terbitkan untuk satu kelas, unduh sekaligus.",
        )
    if viewer.can("certificates.sign", unit_path="/") and viewer.session is not None and queue.service_of(site_of(viewer.session)):
        yield NavEntry(
            title="Tanda tangan elektronik",
            endpoint="certificates.signing",
            icon="award",
            area="work",
            order=51,
            summary="Sertifikat yang menunggu tanda tangan Anda melalui BSrE.",
        )


def completed(viewer: Viewer, standing: Any) -> Markup | None:
    """The certificate, on the page that says a course is completed."""
    if not isinstance(standing, Standing) or standing.state != "completed":
        return None
    certificate = finding.of_enrolment(viewer.session, standing.enrolment_id)
    worth = certificate.standing(day_of(site_of(viewer.session), now())) if certificate else ""
    return Markup(render_template("certificates/completed.html", certificate=certificate, standing=worth))


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
    try:
        read_predicates(settings["certificates.predicates"])
    except ValueError as error:
        yield Problem(code="CERT5", message="{reason}", file="site.toml", values={"reason": str(error)})
    if settings["certificates.public_name"] not in ("masked", "full", "none"):
        yield Problem(code="CERT4", message="certificates.public_name harus masked, full, atau none.", file="site.toml")
    try:
        designs_of(site_of(session))
    except ContentError as error:
        yield from error.problems
    if not settings["base_url"]:
        yield Problem(
            code="CERT2",
            message="base_url kosong: sertifikat menunggu, sebab kode QR-nya memuat alamat situs.",
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


def check_register(session: Session) -> Iterable[Problem]:
    """Every number given is in the register: a gap is somebody's doing, and is told."""
    counted = select(Serial.year, Serial.last, func.count(Certificate.id)).outerjoin(Certificate, Certificate.year == Serial.year)
    for year, last, count in session.execute(counted.group_by(Serial.year, Serial.last).order_by(Serial.year)):
        if count != last:
            yield Problem(
                code="CERT6",
                message="Nomor sertifikat tahun {year}: {last} sudah diberikan, {count} ada dalam daftar.",
                remedy="Cari yang hilang di cadangan basis data.",
                values={"year": year, "last": last, "count": count},
            )


def papers(session: Session, paper: Paper) -> bytes:
    """Print and sign a paper of another plugin."""
    from elearn_certificates.papers import print_paper  # the drawing library is slow to load

    return print_paper(session, paper)


def demo(about: DemoLesson) -> None:
    """A demo site has keys, and a design that says who signs, so that its certificates show what they can."""
    site = site_of(about.session)
    proving.make_missing_keys(site)
    folder = designs_folder(site) / "contoh"
    if not folder.exists():
        folder.mkdir(parents=True)
        (folder / FILE).write_text(DEMO_DESIGN, "utf-8")


plugin = Plugin(
    name="certificates",
    title="Sertifikat",
    summary="Sertifikat PDF yang terbit seketika, tidak berubah, dan dapat diperiksa siapa saja.",
    blueprint=blueprint,
    mount="/v",
    models=(Certificate, CertificateFile, Serial, Signature),
    migrations=HERE / "migrations",
    nav=nav,
    slots={"completed": completed, "course": course, "account": account},
    acts=ACTS,
    permissions=(
        Permission(name="certificates.sign", title="Menandatangani sertifikat melalui BSrE", roles=("administrator",)),
        Permission(name="certificates.revoke", title="Mencabut sertifikat", roles=("administrator",)),
        Permission(name=managing.PERMISSION, title="Mengelola daftar sertifikat", roles=("administrator",)),
    ),
    settings=(
        Setting(
            name="number", default="{serial:06}/{programme}/{year}", help="The number: text with {serial}, {programme}, {unit}, {year}."
        ),
        Setting(name="unit", default="", help="What {unit} stands for in numbers."),
        Setting(name="predicates", default="", help="Predicates by least score of 100: 90 Sangat Memuaskan; 80 Memuaskan. Empty: none."),
        Setting(name="city", default="", help="The place before the date."),
        Setting(name="signatory_name", default="", help="Who signs, with titles."),
        Setting(name="signatory_post", default="", help="Their post."),
        Setting(name="signatory_nip", default="", help="Their NIP."),
        Setting(name="issuer", default="", help="The credentials' issuer: web (did:web), key (did:key). Empty: web on HTTPS."),
        Setting(
            name="bsre_url", default="", help="The BSrE client service, such as https://esign.kota.go.id. Empty: no certified signatures."
        ),
        Setting(name="bsre_user", default="", help="The service's user."),
        Setting(name="bsre_password", default="", help="Its password; better as ELEARN_CERTIFICATES_BSRE_PASSWORD than in a file."),
        Setting(name="bsre_timeout", default=120.0, type=float, help="Seconds to wait for one signature."),
        Setting(name="signer", default="", help="The Unix socket of elearn certificates signer. Empty: a process of our own."),
        Setting(name="designs", default="sertifikat", help="A folder of the organisations' designs, beside the store."),
        Setting(name="public_name", default="masked", help="The name on the public page: masked (Sari W.), full, or none."),
        Setting(name="statement_share", default=0.5, type=float, help="The share of a course to attend for a Surat Keterangan, 0 to 1."),
    ),
    events=(CertificateExpires,),
    subscribers={CourseCompleted: (issue,), CertificateExpires: (life.remind,)},
    jobs=JOBS,
    commands=COMMANDS,
    checks=(check_settings, check_keys, check_register),
    demo=demo,
    papers=papers,
    proofs=finding.proofs,
    personal=Personal(export=export, erase=erase),
    translations=HERE / "translations",
)
