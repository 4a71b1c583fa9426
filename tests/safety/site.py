"""A small site in which something of everything has happened, and every word that somebody may write is hostile."""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, Table, Text, inspect, update
from sqlalchemy.orm import Session

from elearn import DemoAuthor, on_offer
from elearn.app import create_app
from elearn.content.folder import Reading
from elearn.models.base import Base
from elearn.models.people import Person
from elearn.packs import check_pack
from elearn.plugin import DemoLesson
from elearn.progress import finish_lesson
from elearn.registry import discover
from elearn.services import learning, people
from elearn.services import sign_in as sign_ins
from elearn.services.publishing import publish
from elearn.services.viewer import viewer_of_person
from elearn.testing import Databases
from elearn.web.database import db
from elearn.web.security import limiter

# What a page must show as it is: tags and attributes, and the languages of templates and of formats.
EVIL = "\"'><kanari onclick=x><script>y</script>{{31337*3}}${31337*3}%(x)s{x}"
REVEALED = "94011"  # what 31337*3 is
SECRET = "RAHASIA-SARI"
KEY = "KUNCI-JAWABAN"
SLUG = "kanari"
ADDRESS = {"base_url": "http://localhost"}
# Columns of text that are not words of somebody: what names, addresses or describes something to the program.
NOT_WORDS = {
    "path", "code", "nip", "email", "password_hash", "language", "timezone", "kind", "slug", "level", "state", "act", "subject", "digest", "key",
    "number", "number_key", "check_code", "sha256", "document_id", "course_slug", "lesson_id", "item_id", "activity", "subscriber", "blob", "value",
    "group_name", "form", "rule", "rule_set", "dimension", "role", "scope", "token_hash", "last_lesson", "type", "item_version", "before", "after",
    "due_digest", "due_source", "origin", "public", "source", "refresher", "licence", "evidence", "search_text", "post",
}  # fmt: skip

COURSE = {
    "course.yml": f"""
judul: {json.dumps("Kursus " + EVIL)}
ringkasan: {json.dumps("Ringkasan " + EVIL)}
bahasa: id
jp: 3
lulus: 50%
kompetensi:
  - kode: integritas
    level: 2
tujuan:
  - {json.dumps("Tujuan " + EVIL)}
penulis:
  - nama: {json.dumps("Penulis " + EVIL)}
    organisasi: {json.dumps("Kantor " + EVIL)}
organisasi: {json.dumps("Penyelenggara " + EVIL)}
lisensi: CC-BY-SA-4.0
dasar:
  - peraturan: {json.dumps("UU 5/2014 " + EVIL)}
    keterangan: {json.dumps("Pokok " + EVIL)}
    per: 2026-11-01
    sumber: https://peraturan.bpk.go.id/
""",
    "01-modul/_bagian.md": f"---\njudul: {json.dumps('Modul ' + EVIL)}\n---\nRingkasan modul {EVIL}\n",
    "01-modul/00-awal.md": f"""---
judul: {json.dumps("Tes awal " + EVIL)}
jenis: kuis
tes: awal
wajib: tidak
---
## Soal 1: Sebutkan. {EVIL}
Jawaban: {KEY} | dua
""",
    "01-modul/01-bacaan.md": f"""---
judul: {json.dumps("Bacaan " + EVIL)}
menit: 5
---
Teks. {EVIL}

![Gambar {EVIL}](../media/gambar.svg)

## Soal 1: Berapa? {EVIL}
Jawaban: 30

Pembahasan: Bahas {EVIL}
""",
    "01-modul/02-tes.md": f"""---
judul: {json.dumps("Tes " + EVIL)}
jenis: kuis
tes: akhir
lulus: 50%
percobaan: 3
---
## Soal 1: Mana? {EVIL}
- (x) Ini {EVIL}
  > Umpan {EVIL}
- ( ) Itu {EVIL}

Petunjuk: Lihat {EVIL}
Pembahasan: Bahas {KEY} {EVIL}

## Soal 2: Sebutkan.
Jawaban: {KEY} | dua
""",
    "01-modul/03-tugas.md": f"""---
judul: {json.dumps("Tugas " + EVIL)}
jenis: kuis
wajib: tidak
---
## Soal 1: Uraikan. {EVIL}
Tipe: esai
Kata: 1-250
Rubrik:
- (5) Menyebut dasar {EVIL}

## Soal 2: Unggah laporan. {EVIL}
Tipe: unggah
""",
    "media/gambar.svg": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><title>a</title><circle r='4'/></svg>",
}


@dataclass
class Rich:
    """The site's folder, and by name who has an account: the token of their sign-in, their id."""

    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    more: dict[str, list[str]] = field(default_factory=dict)  # addresses that no link leads to
    apps: list[Flask] = field(default_factory=list)

    def app(self, folder: Path | None = None) -> Flask:
        """An application on the site, or on its copy in ``folder``."""
        app = create_app(folder or self.folder, settings=ADDRESS, plugins=discover(without=()), testing=True)
        app.config["WTF_CSRF_ENABLED"] = False
        limiter.enabled = False
        self.apps.append(app)
        return app

    def copied(self, into: Path) -> Flask:
        """An application on a copy of the site, which may be changed."""
        shutil.copytree(self.folder, into)
        return self.app(into)

    def client(self, app: Flask, who: str) -> FlaskClient:
        """Somebody's browser; "stranger" is nobody's."""
        client = app.test_client()
        if who != "stranger":
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = self.tokens[who], True
        return client

    def close(self) -> None:
        for app in self.apps:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
        self.apps.clear()


WHO = {
    # name: (role, scope, unit)
    "sari": ("learner", "", "Loket A"),
    "togar": ("learner", "", "Loket A"),
    "lalu": ("learner", "", "Loket B"),
    "nur": ("author", "site", "Badan"),
    "dewi": ("author", "course", "Badan"),  # of another course than the one that the others take
    "bayu": ("contributor", "site", "Badan"),
    "maria": ("reviewer", "site", "Badan"),
    "baiq": ("unit_head", "unit", "Dinas A"),
    "wira": ("unit_head", "unit", "Loket B"),
    "rahmat": ("administrator", "site", "Badan"),
}


def build(folder: Path, pack: Path, databases: Databases) -> Rich:
    """Make the site in ``folder``, its course written in ``pack``."""
    folder.mkdir()
    (folder / "secret.key").write_text("test-" + "x" * 40, "ascii")
    words = {"name": "Situs " + EVIL, "organisation": "Badan " + EVIL, "help": "Bantuan " + EVIL}
    lines = [f"{name} = {json.dumps(value)}" for name, value in words.items()]
    (folder / "site.toml").write_text("\n".join([*lines, "secure_cookies = false"]))
    plugins = discover(without=())
    app = create_app(folder, settings=ADDRESS, plugins=plugins, testing=True, check_schema=False)
    app.config["WTF_CSRF_ENABLED"] = limiter.enabled = False
    databases.fill(app, plugins)
    made = Rich(folder)
    _publish_other(app, pack)
    _people(app, made)
    _publish(app, made, pack)
    _learn(app, made)
    _write(app, made)
    _spoil(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return made


OTHER = {
    "course.yml": "judul: Lain\nringkasan: Lain.\nbahasa: id\njp: 1\n",
    "01-a.md": "# Lain\nTeks.\n\n## Soal 1: Berapa?\nJawaban: 7\n",
}


def _course(app: Flask, folder: Path, files: dict[str, str]) -> Reading:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.lstrip("\n"), "utf-8")
    reading = check_pack(folder, app.extensions["elearn"].registry)
    # the check refuses what acts; it is published all the same, for the pages must hold without it
    assert {problem.code for problem in reading.errors} <= {"M08", "M10"}
    return reading


def _publish_other(app: Flask, folder: Path) -> None:
    reading = _course(app, folder / "lain", OTHER)
    with app.extensions["elearn"].outbox.open_session() as session:
        publish(session, app.extensions["elearn"].site.store, reading.course, reading.media, by=None)
        session.commit()


def _people(app: Flask, made: Rich) -> None:
    with app.extensions["elearn"].outbox.open_session() as session:
        city = people.add_unit(session, "Kota", code="KOTA")
        units = {"Badan": people.add_unit(session, "Badan", parent=city, code="BADAN")}
        units["Dinas A"] = people.add_unit(session, "Dinas A", parent=city, code="DA")
        units["Loket A"] = people.add_unit(session, "Loket A", parent=units["Dinas A"], code="LA")
        units["Loket B"] = people.add_unit(session, "Loket B", parent=city, code="LB")
        for number, (name, (role, scope, unit)) in enumerate(WHO.items(), 1):
            words = f"Sari {SECRET} {EVIL}" if name == "sari" else f"{name.title()} {EVIL}"
            nip = f"19940721201903{2}{number:03}"
            person = people.add_person(
                session, name=words, nip=nip, email=f"{name}@contoh.go.id", unit=units[unit], post="Analis Pelayanan"
            )
            if scope:
                course = on_offer(session, "lain")
                ids = {"site": 0, "unit": units[unit].id, "course": course.course_id if course else 0}
                people.grant(session, person.id, role, scope=scope, scope_id=ids[scope])
            made.ids[name] = person.id
            made.tokens[name] = sign_ins.start(session, person, agent=f"Peramban {EVIL}", days=1)
        session.commit()


def _publish(app: Flask, made: Rich, folder: Path) -> None:
    """The course, and what its author has under way."""
    state = app.extensions["elearn"]
    reading = _course(app, folder / SLUG, COURSE)
    with state.outbox.open_session() as session:
        publish(session, state.site.store, reading.course, reading.media, by=None)
        who = viewer_of_person(session, session.get_one(Person, made.ids["nur"]), roles_of=state.registry.roles_of)
        for plugin in state.registry.plugins.values():
            if plugin.demo_author:
                plugin.demo_author(DemoAuthor(session=session, viewer=who, packs=(folder / SLUG,)))
        session.commit()
    state.outbox.deliver_due()


def _learn(app: Flask, made: Rich) -> None:
    """Sari completes the course, Togar is in the midst of its test."""
    state = app.extensions["elearn"]
    for name, lessons in (("sari", ("awal", "bacaan", "tes", "tugas")), ("togar", ("bacaan",))):
        with state.outbox.open_session() as session:
            standing = learning.enrol(session, made.ids[name], SLUG, outline=state.site.course)
            session.commit()
        for lesson in state.site.course(standing.digest).lessons():
            if lesson.id not in lessons:
                continue
            with state.outbox.open_session() as session:
                for plugin in state.registry.plugins.values():
                    if plugin.demo:
                        plugin.demo(DemoLesson(session=session, standing=standing, lesson=lesson, skill=1.0))
                session.commit()
    state.outbox.deliver_due()
    with state.outbox.open_session() as session:
        for name, lesson in (("sari", "bacaan"), ("sari", "tes"), ("togar", "bacaan")):
            standing = learning.standing_in(session, made.ids[name], SLUG)
            assert standing
            finish_lesson(session, standing, lesson)
        session.commit()
    state.outbox.deliver_due()


PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def _write(app: Flask, made: Rich) -> None:
    """What people send by the pages: answers, files, evidence, reports, a submission, a local version, a job."""
    sari, togar, nur, bayu, rahmat = (made.client(app, name) for name in ("sari", "togar", "nur", "bayu", "rahmat"))
    test = _sent(togar, f"/kuis/mulai/{SLUG}/tes")
    task = _sent(togar, f"/kuis/mulai/{SLUG}/tugas")
    made.more["togar"] = [test, test.rpartition("/")[0] + "/tinjau", task, task[:-1] + "2", f"/belajar/{SLUG}"]
    item = re.search(r'name="item" value="([^"]+)"', togar.get(task[:-1] + "2").text)
    assert item
    _sent(togar, task[:-1] + "2", {"item": item[1], "file": (io.BytesIO(PDF), "laporan.pdf")})
    _sent(togar, task.rpartition("/")[0] + "/kirim")
    said = {
        "bentuk": "B6",
        "judul": f"Seminar {SECRET} {EVIL}",
        "penyelenggara": EVIL,
        "mulai": "2026-03-02",
        "selesai": "2026-03-03",
        "jumlah": "2",
    }
    _sent(sari, "/transkrip/luar", said | {"bukti": (io.BytesIO(PDF), f"bukti {SECRET}.pdf")})
    _sent(sari, f"/tulis/lapor/{SLUG}/bacaan", {"laporan": f"Keliru {SECRET} {EVIL}"})
    _sent(nur, "/tulis/setempat", {"modul": SLUG, "judul": "Versi kami", "alamat": "versi-kami"})
    slug = _sent(bayu, "/tulis/baru", {"judul": f"Modul {EVIL}", "mulai": "kosong"}).rpartition("/")[2]
    change = re.search(r'name="perubahan" value="(\d+)"', bayu.get(f"/tulis/{slug}/pengajuan").text)
    assert change
    _sent(bayu, f"/tulis/{slug}/pengajuan", {"lakukan": "ajukan", "asal": f"Sendiri {EVIL}", "perubahan": change[1]})
    _sent(rahmat, "/transkrip/kepegawaian/periksa")
    _sent(rahmat, "/tulis/dasar-hukum", {"nama": "UU 5/2014", "sejak": "2026-01-02", "perubahan": f"Pasal baru {EVIL}"})
    made.more["rahmat"] = [
        "/tulis/dasar-hukum/1/sertifikat",
        _sent(rahmat, "/v/kelola/kelas", {"pelatihan": SLUG, "jenis": "statement"}),
        "/v/tte",
    ]
    made.more["sari"] = ["/v/saya.zip"]
    made.more["stranger"] = ["/v/did.json", "/v/kunci.json", "/v/status/0.json", "/healthz"]
    app.extensions["elearn"].outbox.deliver_due()


def _sent(client: FlaskClient, address: str, data: dict[str, Any] | None = None) -> str:
    """Send a form that must go well; where it leads to."""
    answer = client.post(address, data=data, content_type="multipart/form-data")
    assert answer.status_code in (302, 303), f"{address}: {answer.status_code} {answer.text[:3000]}"
    return str(answer.headers["Location"]).removeprefix("http://localhost")


def tables(session: Session) -> dict[str, Table]:
    """The site's own tables: a plugin that another test imported has brought more into the metadata."""
    there = set(inspect(session.connection()).get_table_names())
    return {name: table for name, table in Base.metadata.tables.items() if name in there}


def words_of(table: str) -> list[str]:
    """The columns of a table in which somebody's words lie, from its metadata."""
    columns = Base.metadata.tables[table].columns
    return [column.name for column in columns if isinstance(column.type, String | Text) and column.name not in NOT_WORDS]


def _spoil(app: Flask) -> None:
    """Every word that somebody might have written is hostile, whatever the forms let through today."""
    with app.extensions["elearn"].outbox.open_session() as session:
        for name, table in tables(session).items():
            for column in words_of(name):
                length = getattr(table.columns[column].type, "length", None)
                if name.startswith("studio_") and column == "text":
                    continue  # a draft's own text has its own test: it is edited, and shown as source
                if length is None or length >= len(EVIL):
                    session.execute(update(table).where(table.c[column].is_not(None)).values({column: EVIL + " " + table.c[column]}))
        session.commit()
