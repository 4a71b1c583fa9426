"""The pages of who keeps accounts, roles and units."""

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from elearn.models.people import AuditEntry, Grant, Person, Unit
from elearn.services import people


@pytest.fixture
def admin(app, sign_in):
    return sign_in(app, role="administrator")


def read(app, statement):
    with app.extensions["elearn"].outbox.open_session() as session:
        return session.scalars(statement).all()


def one(app, name="Dewi Lubis"):
    return read(app, select(Person).where(Person.name == name))[0]


def add(admin, **more):
    return admin.post(
        "/kelola/orang/baru", data={"name": "Dewi Lubis", "nip": "19880902 201504 2 001", "kind": "pppk", "post": "Analis"} | more
    )


def test_a_person_is_added_let_in_and_changed(app, admin):
    answer = add(admin)
    dewi = one(app)
    assert answer.headers["Location"].endswith(f"/kelola/orang/{dewi.id}#masuk")
    assert (dewi.kind, dewi.post, dewi.password_hash) == ("pppk", "Analis", None)
    page = admin.post(f"/kelola/orang/{dewi.id}/tautan").text
    path = page.partition("http://localhost")[2].partition("<")[0]
    newcomer = app.test_client()
    assert newcomer.post(path, data={"password": "sandi yang panjang", "password2": "sandi yang panjang"}).status_code == 200
    assert newcomer.post("/masuk", data={"login": "198809022015042001", "password": "sandi yang panjang"}).status_code == 302
    assert newcomer.get("/transkrip").status_code == 200
    assert newcomer.post(path, data={"password": "sandi yang lain", "password2": "sandi yang lain"}).status_code == 410
    fields = {
        "name": "Dewi Lubis, S.E.",
        "nip": "198809022015042001",
        "email": "",
        "kind": "pns",
        "post": "Kepala Bidang",
        "rank": "",
        "unit": "",
    }
    admin.post(f"/kelola/orang/{dewi.id}", data=fields)  # without "aktif"
    changed = one(app, "Dewi Lubis, S.E.")
    assert (changed.kind, changed.post, changed.active) == ("pns", "Kepala Bidang", False)
    assert newcomer.get("/transkrip").status_code == 302, "who is inactive is out at once"
    acts = [row.act for row in read(app, select(AuditEntry).order_by(AuditEntry.id)) if row.actor_id]
    assert acts == ["person.add", "person.link", "person.change"]
    assert "<b>Mengubah data orang: Dewi Lubis, S.E.</b>" in admin.get("/kelola/catatan?cari=person").text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"nip": "123"}, "NIP harus 18 angka. Anda mengetik 3 angka."),
        ({"name": ""}, "Nama harus 2 sampai 160 huruf."),
        ({"nip": ""}, "Isi NIP atau alamat surel."),
        ({"email": "x"}, "Alamat surel tidak dikenali"),
        ({"unit": "99"}, "Unit itu tidak ada lagi"),
        ({"kind": "raja"}, "Status harus salah satu dari"),
    ],
)
def test_a_wrong_field_comes_back_with_everything_typed(app, admin, more, said):
    answer = add(admin, **more)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Analis"' in answer.text
    assert not read(app, select(Person).where(Person.post == "Analis"))


def test_a_number_that_is_taken_is_said_beside_its_field(app, admin):
    add(admin)
    answer = add(admin, name="Orang Lain")
    assert answer.status_code == 422
    assert "sudah dipakai akun lain" in answer.text


def sent_from(page, **typed):
    """The form of a person's page as a browser sends it, with some fields typed anew; None: the box unticked."""
    form = page.partition("novalidate>")[2].partition("</form>")[0]
    fields = {name: value for name, value in re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', form) if name != "aktif"}
    if re.search(r'name="aktif"[^>]* checked', form):
        fields["aktif"] = "1"
    for name in ("kind", "unit"):
        options = form.partition(f'<select id="{name}"')[2].partition("</select>")[0]
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: value for name, value in (fields | typed).items() if value is not None}


def test_two_who_change_the_same_person_lose_nothing_of_one_another(app, admin, sign_in):
    add(admin)
    dewi = one(app)
    other = sign_in(app, role="administrator")
    page = other.get(f"/kelola/orang/{dewi.id}").text
    assert admin.post(f"/kelola/orang/{dewi.id}", data=sent_from(page, aktif=None, rank="III/d")).status_code == 302
    wrong = other.post(f"/kelola/orang/{dewi.id}", data=sent_from(page, post="Kepala Bidang", email="bukan surel"))
    assert wrong.status_code == 422
    other.post(f"/kelola/orang/{dewi.id}", data=sent_from(wrong.text, email="dewi@contoh.go.id"))
    dewi = one(app)
    assert (dewi.active, dewi.rank, dewi.post, dewi.email) == (False, "III/d", "Kepala Bidang", "dewi@contoh.go.id")


def test_a_wrong_field_leaves_the_box_as_it_was_sent(app, admin):
    add(admin)
    dewi = one(app)
    page = admin.get(f"/kelola/orang/{dewi.id}").text
    wrong = admin.post(f"/kelola/orang/{dewi.id}", data=sent_from(page, aktif=None, nip="1"))
    assert wrong.status_code == 422
    admin.post(f"/kelola/orang/{dewi.id}", data=sent_from(wrong.text, nip="198809022015042001"))
    assert one(app).active is False


def test_roles_are_given_within_a_scope_and_taken_back(app, admin):
    add(admin)
    admin.post("/kelola/unit", data={"nama": "Dinas", "kode": "D", "induk": ""})
    unit, dewi = read(app, select(Unit))[0], one(app)
    admin.post(f"/kelola/orang/{dewi.id}/peran", data={"peran": "unit_head", "lingkup": f"unit:{unit.id}"})
    admin.post(f"/kelola/orang/{dewi.id}/peran", data={"peran": "unit_head", "lingkup": f"unit:{unit.id}"})
    [row] = read(app, select(Grant).where(Grant.person_id == dewi.id))
    assert (row.role, row.scope, row.scope_id) == ("unit_head", "unit", unit.id)
    for wrong in ("unit:999", "unit:x", "planet:1", "", "course:", "site:1", f"course:{unit.id + 5}"):
        answer = admin.post(f"/kelola/orang/{dewi.id}/peran", data={"peran": "author", "lingkup": wrong})
        assert answer.status_code == 409, wrong
    assert admin.post(f"/kelola/orang/{dewi.id}/peran", data={"peran": "administrator", "lingkup": f"unit:{unit.id}"}).status_code == 409
    admin.post(f"/kelola/orang/{dewi.id}/peran/{row.id}/cabut")
    assert not [each for each in read(app, select(Grant).where(Grant.person_id == dewi.id)) if each.role == "unit_head"]


def test_an_administrator_cannot_lock_the_site(app, admin):
    [own] = read(app, select(Grant).where(Grant.person_id == admin.person_id))
    assert admin.post(f"/kelola/orang/{admin.person_id}/peran/{own.id}/cabut").status_code == 409
    me = read(app, select(Person).where(Person.id == admin.person_id))[0]
    fields = {"name": me.name, "nip": me.nip or "", "email": me.email or "", "kind": me.kind, "post": "", "rank": "", "unit": ""}
    assert "tidak dapat menonaktifkan akun Anda sendiri" in admin.post(f"/kelola/orang/{me.id}", data=fields).text
    assert admin.get("/kelola/orang").status_code == 200


def test_who_runs_one_unit_keeps_no_accounts(app, sign_in):
    """Within a unit one could give oneself the whole site."""
    with app.extensions["elearn"].outbox.open_session() as session:
        unit = people.add_unit(session, "Dinas")
        session.commit()
        unit_id = unit.id
    client = sign_in(app)
    with app.extensions["elearn"].outbox.open_session() as session:
        people.grant(session, client.person_id, "administrator", scope="unit", scope_id=unit_id)
        session.commit()
    bounded = (
        "/transkrip/kepegawaian",
        "/transkrip/kompetensi/kelola",
        "/transkrip/aturan/hitung-ulang",
        "/v/kelola",
        "/v/kelola/kelas",
        "/tulis/kunci",
    )
    for address in ("/kelola/orang", "/kelola/unit", "/kelola/situs", "/kelola/catatan", *bounded):
        assert client.get(address).status_code == 403, address
        assert address not in client.get("/kelola").text
    answer = client.post(f"/kelola/orang/{client.person_id}/peran", data={"peran": "administrator", "lingkup": "site"})
    assert answer.status_code == 403
    assert len(read(app, select(Grant))) == 1


def test_a_file_is_checked_first_and_kept_as_a_whole(app, admin):
    good = "nip;nama;unit\n198809022015042001;Dewi Lubis;Dinas A\n199001152014021003;Togar;Dinas A\n"

    def send(text, **more):
        return admin.post("/kelola/orang/berkas", data={"berkas": (io.BytesIO(text.encode()), "orang.csv"), **more})

    trial = send(good, periksa="1")
    assert "2 orang baru" in trial.text
    assert "Belum ada yang diubah" in trial.text
    assert not read(app, select(Unit))
    bad = send(good + "1;Salah;\n")
    assert bad.status_code == 422
    assert "Baris 4" in bad.text
    assert not read(app, select(Unit))
    assert "Tersimpan" in send(good).text
    assert [unit.name for unit in read(app, select(Unit))] == ["Dinas A"]
    assert "2 orang tetap" in send(good).text
    assert send("").status_code == 422
    assert "Kolom yang kurang: nama" in send("x;y\n1;2\n").text


def test_links_for_all_who_never_came_in(app, admin):
    add(admin)
    answer = admin.post("/kelola/orang/tautan", query_string={"cari": "dewi"})
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    assert [row[0] for row in rows[1:]] == ["Dewi Lubis"]
    assert app.test_client().get(rows[1][4].removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize("text", ["dewi", "19880902 2015", "1988", "%"])
def test_people_are_found_by_name_and_number(app, admin, text):
    add(admin)
    page = admin.get("/kelola/orang", query_string={"cari": text}).text
    assert ("Dewi Lubis" in page) == (text != "%")


def test_no_secret_stands_on_the_page_of_settings(make_app, sign_in):
    app = make_app(mail="smtp://surat:S3mbunyi%2Fa@mail.contoh.go.id:587")
    page = sign_in(app, role="administrator").get("/kelola/situs").text
    assert "S3mbunyi" not in page
    assert "%2Fa" not in page
    assert "mail.contoh.go.id" in page


def test_a_page_of_a_thousand_people_costs_few_statements(app, admin, count_statements):
    rows = "".join(f"19880902201504{1 + n // 1000}{n % 1000:03d};Orang {n};Unit {n % 30}\n" for n in range(1, 1000))
    admin.post("/kelola/orang/berkas", data={"berkas": (io.BytesIO(("nip;nama;unit\n" + rows).encode()), "orang.csv")})
    with count_statements(app) as seen:
        page = admin.get("/kelola/orang").text
    assert "1.000 orang" in page
    assert page.count("/kelola/orang/") < 60
    assert len(seen) <= 12, seen


@pytest.mark.parametrize(
    "address", ["/kelola/orang", "/kelola/orang/baru", "/kelola/orang/berkas", "/kelola/unit", "/kelola/situs", "/kelola/catatan"]
)
def test_the_pages_speak_english_too(app, admin, address):
    add(admin)
    admin.post("/kelola/unit", data={"nama": "Dinas", "kode": "", "induk": ""})
    admin.post("/bahasa", data={"bahasa": "en"})
    for page in (address, f"/kelola/orang/{one(app).id}", f"/kelola/unit/{read(app, select(Unit))[0].id}"):
        answer = admin.get(page)
        assert answer.status_code == 200
        assert not [word for word in ("Simpan", " orang<", "Tampilkan") if word in answer.text], page
