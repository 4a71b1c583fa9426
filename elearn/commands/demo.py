"""elearn demo: a site to try in one command, with the bundled courses and people who are new, midway and finished."""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.app import data_folder
from elearn.commands.common import PORT, make_app, make_secret, session_of
from elearn.commands.database import bring_up_to_date
from elearn.commands.serve import run_server
from elearn.content.packs import packs_in
from elearn.content.values import Course
from elearn.errors import Refused, SettingError
from elearn.folders import bundled_courses
from elearn.models.people import Person
from elearn.packs import read_pack
from elearn.plugin import DemoAuthor, DemoLesson, DemoSite
from elearn.progress import finish_lesson
from elearn.services import learning, people
from elearn.services.publishing import publish
from elearn.services.viewer import Scope, Viewer

HALF = "half-made"  # a file in the data folder
PASSWORD = "belajar-tiap-hari"  # noqa: S105  the demo site is on this machine only, and says its sign-ins aloud


@dataclass(frozen=True)
class DemoPerson:
    """Somebody invented. ``taken`` says of each course, by its place in the catalogue, which share is done and how well. Without a
    ``state`` they are a colleague who fills the unit's figures and is not offered for signing in."""

    name: str
    nip: str
    post: str
    unit: str
    role: str = "learner"
    state: str = ""
    taken: tuple[tuple[int, float, float], ...] = ()
    email: str = ""


PEOPLE = (
    DemoPerson("Rahmat Hidayat, S.Kom., M.M.", "198103122006041002", "Pengelola Sistem", "Badan Pengembangan SDM", "administrator", "pengelola situs", (), "rahmat@contoh.go.id"),
    DemoPerson("Dra. Nurhayati Siregar, M.Pd.", "197405181999032003", "Widyaiswara Ahli Madya", "Badan Pengembangan SDM", "author", "penulis pelatihan"),
    DemoPerson("Dr. Bayu Prakoso", "198809092015041001", "Dosen", "Mitra Universitas", "contributor", "penyumbang modul"),
    DemoPerson("Ir. Maria Ginting, M.Si.", "197811232003122001", "Penelaah Pelatihan", "Badan Pengembangan SDM", "reviewer", "penelaah modul"),
    DemoPerson("Hj. Baiq Laila Sari, S.Sos.", "197702142001122004", "Kepala Dinas", "Dinas Kependudukan", "unit_head", "kepala unit", ((0, 1.0, 1.0),)),
    DemoPerson("Sari Wahyuni, S.E.", "199407212019032005", "Analis Pelayanan", "Loket Belawan", "learner", "tamat, dengan sertifikat dan JP", ((0, 1.0, 1.0), (1, 0.45, 0.8))),
    DemoPerson("Togar Simanjuntak", "199001152014021003", "Petugas Loket", "Loket Belawan", "learner", "di tengah pelatihan", ((0, 0.5, 0.9),)),
    DemoPerson("Lalu Ahmad Fikri", "199812012024211002", "Operator Layanan (PPPK)", "Loket Ampenan", "learner", "baru"),
    DemoPerson("Dame Sitorus", "198705102011012004", "Petugas Loket", "Loket Belawan", taken=((0, 1.0, 1.0),)),
    DemoPerson("Hotma Pardede, S.Sos.", "199203082019031005", "Analis Pelayanan Ahli Pertama", "Loket Belawan", taken=((0, 1.0, 0.9),)),
    DemoPerson("Nur Aini Lubis", "199609142022032006", "Petugas Loket", "Loket Belawan", taken=((0, 1.0, 1.0),)),
    DemoPerson("Rudi Hasibuan", "198511302010011007", "Pengadministrasi", "Loket Belawan"),
    DemoPerson("Baiq Nirmala", "199404042020122008", "Petugas Loket", "Loket Ampenan", taken=((0, 1.0, 1.0),)),
    DemoPerson("Lalu Wirajaya, S.AP.", "198802172014021009", "Kepala Seksi Pelayanan", "Loket Ampenan", taken=((0, 1.0, 1.0),)),
    DemoPerson("Inaq Sumiati", "197912252007012010", "Pengadministrasi", "Loket Ampenan", taken=((0, 1.0, 0.9),)),
    DemoPerson("Gede Artana", "199107072018011011", "Petugas Loket", "Loket Ampenan", taken=((0, 1.0, 1.0),)),
    DemoPerson("Siti Rahmah", "199510052021032012", "Petugas Loket", "Loket Ampenan", taken=((0, 1.0, 1.0),)),
)  # fmt: skip


@click.command()
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option("--data", default="elearn-demo", show_default=True, help="The folder of the demo site; kept between runs.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON with the address and the sign-ins once it answers.")
def demo(port: int, data: str, as_json: bool) -> None:
    """Make a demo site if there is none, and serve it on this machine."""
    _port_free(port)
    url = f"http://127.0.0.1:{port}"
    seed_settings(data_folder(data), url)
    folder = make_secret(data)
    throw_away_half(folder)
    app = make_app(data, check_schema=False, settings={"secure_cookies": False, "base_url": url})
    bring_up_to_date(app, say=False)
    fill(app)
    run_server(
        app,
        host="127.0.0.1",
        port=port,
        workers=1,
        ready=lambda: _say(url, folder, as_json=as_json),
    )


def seed_settings(folder: Path, url: str) -> None:
    """Write the demo's settings where those of every site stand, for whoever tries them out and for the other commands. Only into an empty
    folder: they would have a real site send its cookies over plain HTTP."""
    if folder.is_dir() and any(folder.iterdir()):
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = (
        'name = "Belajar ASN"',
        'organisation = "Badan Pengembangan SDM Kota Contoh"',
        f'base_url = "{url}"',
        "secure_cookies = false",
    )
    (folder / "site.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _port_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SettingError(f"Port {port} is taken. Try another: make run PORT={port + 1}, or elearn demo --port {port + 1}") from error


def _say(url: str, folder: Path, *, as_json: bool) -> None:
    if as_json:
        rows = [{"role": one.role, "login": one.nip, "password": PASSWORD, "state": one.state} for one in PEOPLE if one.state]
        click.echo(json.dumps({"url": url, "people": rows}, ensure_ascii=False))
    else:
        click.echo(f"\nelearn: {url}\n\nMasuk dengan NIP; kata sandi untuk semua: {PASSWORD}\n")
        for one in filter(lambda one: one.state, PEOPLE):
            click.echo(f"  {one.nip}  {one.role:<14} {one.name} ({one.state})")
        click.echo(f"\nData: {folder}   Berhenti: Ctrl+C\n")
    sys.stdout.flush()


def throw_away_half(folder: Path) -> None:
    """Remove the database of a demo that was interrupted while it was made: nobody was ever served from it."""
    if (folder / HALF).exists():
        for file in sorted(folder.glob("elearn.db*"), reverse=True):  # the journal first
            file.unlink()


def fill(app: Flask) -> None:
    """Publish the bundled courses and make the people, unless that was done before. Until all is made, a file says so. Raises
    ``SettingError`` on a site of other people: everybody knows the password of these."""
    state = app.extensions["elearn"]
    half = Path(app.config["ELEARN_DATA"]) / HALF
    with session_of(app) as session:
        if session.scalar(select(Person.id).where(Person.nip.in_([one.nip for one in PEOPLE])).limit(1)):
            return  # whoever tries the site out adds people of their own
        if session.scalar(select(Person.id).limit(1)):
            raise SettingError(f"{half.parent} is a site with people of its own. A demo needs another folder: elearn demo --data FOLDER")
    half.touch()
    courses = []
    for pack in packs_in(bundled_courses()):
        reading = read_pack(pack, state.registry)
        with session_of(app) as session:
            publish(session, state.site.store, reading.course, reading.media, by=None)
        courses.append(reading.course)
    with session_of(app) as session:
        units = _units(session)
        for one in PEOPLE:
            _add(session, one, units)
    for one in PEOPLE:
        for index, share, skill in one.taken:
            if index < len(courses):
                _take(app, one, courses[index], share, skill)
    for one in PEOPLE:
        if one.role == "author":
            _write(app, one)
    _show(app)
    state.outbox.deliver_due()
    half.unlink()


def _show(app: Flask) -> None:
    """Let each plugin show what else there might be on this site."""
    with session_of(app) as session:
        ids = dict(session.execute(select(Person.nip, Person.id)).all())
        by_role = {one.role: tuple(ids[each.nip] for each in PEOPLE if each.role == one.role and each.nip in ids) for one in PEOPLE}
        for plugin in app.extensions["elearn"].registry.plugins.values():
            if plugin.demo_site:
                plugin.demo_site(DemoSite(session=session, people=by_role))


def _write(app: Flask, one: DemoPerson) -> None:
    """Let each plugin show what an author of this site might have under way."""
    registry = app.extensions["elearn"].registry
    with session_of(app) as session:
        person = session.scalars(select(Person).where(Person.nip == one.nip)).one()
        who = Viewer(person=person, unit=one.unit, scopes=(Scope(one.role),), roles_of=registry.roles_of, session=session)
        for plugin in registry.plugins.values():
            if plugin.demo_author:
                plugin.demo_author(DemoAuthor(session=session, viewer=who, packs=tuple(packs_in(bundled_courses()))))


def _units(session: Session) -> dict[str, Any]:
    city = people.add_unit(session, "Pemerintah Kota Contoh", code="KOTA")
    registry_office = people.add_unit(session, "Dinas Kependudukan", parent=city, code="DISDUK")
    return {
        "Badan Pengembangan SDM": people.add_unit(session, "Badan Pengembangan SDM", parent=city, code="BPSDM"),
        "Mitra Universitas": people.add_unit(session, "Mitra Universitas", parent=city, code="MITRA"),
        "Dinas Kependudukan": registry_office,
        "Loket Belawan": people.add_unit(session, "Loket Belawan", parent=registry_office, code="BLW"),
        "Loket Ampenan": people.add_unit(session, "Loket Ampenan", parent=registry_office, code="AMP"),
    }


def _add(session: Session, one: DemoPerson, units: dict[str, Any]) -> None:
    unit = units[one.unit]
    kind = "pppk" if "PPPK" in one.post else "pns"
    person = people.add_person(session, name=one.name, nip=one.nip, email=one.email, password=PASSWORD, unit=unit, kind=kind, post=one.post)
    if one.role == "unit_head":
        people.grant(session, person.id, one.role, scope="unit", scope_id=unit.id)
    elif one.role != "learner":
        people.grant(session, person.id, one.role)


def _take(app: Flask, one: DemoPerson, course: Course, share: float, skill: float) -> None:
    """Work through the first ``share`` of a course, through the same services as everybody."""
    state = app.extensions["elearn"]
    with session_of(app) as session:
        person_id = session.scalars(select(Person.id).where(Person.nip == one.nip)).one()
        standing = learning.enrol(session, person_id, course.slug, outline=state.site.course)
    lessons = list(course.lessons())
    for lesson in lessons[: round(len(lessons) * share)]:
        with session_of(app) as session:
            standing = learning.standing_of(session, standing.enrolment_id) or standing
            for plugin in state.registry.plugins.values():
                if plugin.demo:
                    plugin.demo(DemoLesson(session=session, standing=standing, lesson=lesson, skill=skill))
            standing = learning.standing_of(session, standing.enrolment_id) or standing
            if lesson.id not in standing.done:
                try:
                    finish_lesson(session, standing, lesson.id)
                except Refused:
                    return
    after = lessons[min(round(len(lessons) * share), len(lessons) - 1)]
    with session_of(app) as session:
        learning.remember_place(session, standing, after.id)
