"""The core as Plugin no. 0: its own tabs, permissions and events go through the same contract as everybody else's."""

from __future__ import annotations

from collections.abc import Iterable

from elearn.events import CORE_EVENTS, CompletionHeld, JobDue, PasswordResetAsked
from elearn.jobs import work_on
from elearn.plugin import JobKind, NavEntry, Permission, Plugin
from elearn.progress import RECHECK, complete_held, recheck
from elearn.services.reset import send_reset_mail
from elearn.services.viewer import Viewer

STAFF = ("administrator",)


def nav(viewer: Viewer) -> Iterable[NavEntry]:
    """The tabs everybody has, and the work of who runs the site."""
    yield NavEntry(title="Beranda", endpoint="home.home", icon="home", order=10)
    yield NavEntry(title="Pelatihan", endpoint="catalogue.listing", icon="book", order=20)
    if viewer.person:
        yield NavEntry(title="Akun", endpoint="account.account", icon="user", order=40)
    if viewer.can("core.people", unit_path="/"):
        yield NavEntry(
            title="Orang dan peran",
            endpoint="people.listing",
            icon="users",
            area="work",
            order=80,
            summary="Akun pegawai: tambah satu atau banyak dari berkas, ubah, beri peran.",
        )
        yield NavEntry(
            title="Susunan unit",
            endpoint="units.listing",
            icon="unit",
            area="work",
            order=82,
            summary="Pohon unit kerja: tambah, ganti nama, pindahkan.",
        )
    if viewer.can("core.operate", unit_path="/"):
        yield NavEntry(
            title="Pekerjaan",
            endpoint="jobs.listing",
            icon="list",
            area="work",
            order=90,
            summary="Pekerjaan besar di latar belakang: kemajuannya, dan yang gagal dicoba lagi.",
        )
        yield NavEntry(
            title="Keadaan situs",
            endpoint="site.state",
            icon="info",
            area="work",
            order=92,
            summary="Plugin dan keadaannya, dan pengaturan yang berlaku.",
        )
        yield NavEntry(
            title="Catatan perbuatan",
            endpoint="site.record",
            icon="shield",
            area="work",
            order=94,
            summary="Siapa mengubah apa, dan kapan.",
        )


ACTS = {
    "account.password": "Mengganti kata sandi sendiri",
    "course.move": "Memindahkan peserta ke versi lain",
    "course.publish": "Menawarkan satu versi pelatihan",
    "course.withdraw": "Menarik pelatihan dari katalog",
    "person.add": "Menambah orang",
    "person.change": "Mengubah data orang",
    "person.erase": "Menghapus data orang",
    "person.file": "Membawa masuk orang dari berkas",
    "person.link": "Membuat tautan pembuka",
    "person.links": "Membuat banyak tautan pembuka",
    "role.give": "Memberi peran",
    "role.take": "Mencabut peran",
    "sign_in.end_all": "Mengakhiri semua sesi masuk sendiri",
    "unit.add": "Menambah unit",
    "unit.change": "Mengubah unit",
    "unit.remove": "Menghapus unit",
}

CORE = Plugin(
    name="core",
    title="elearn",
    nav=nav,
    permissions=(
        Permission(name="core.preview", title="Melihat pelajaran tanpa mendaftar", roles=("author", "reviewer", *STAFF)),
        Permission(name="core.publish", title="Menerbitkan pelatihan", roles=STAFF),
        Permission(name="core.people", title="Mengelola orang dan peran", roles=STAFF),
        Permission(name="core.operate", title="Melihat plugin dan pekerjaan latar", roles=STAFF),
    ),
    acts=ACTS,
    events=CORE_EVENTS,
    subscribers={PasswordResetAsked: (send_reset_mail,), JobDue: (work_on,), CompletionHeld: (complete_held,)},
    jobs=(JobKind(name=RECHECK, work=recheck),),
)
