"""The people of an office from a file, and the tree of units it names."""

import io
import random

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from elearn.errors import Refused
from elearn.models.people import Grant, Person, SignIn, Unit
from elearn.services import people, roster, sign_in, units

HEAD = "nip;nama;surel;status;jabatan;pangkat;unit;aktif\n"
SARI = "199407212019032005;Sari Wahyuni;sari@contoh.go.id;PPPK;Analis Kebijakan Ahli Muda;IX;Dinas Contoh / Bidang Layanan;ya\n"
DEWI = "19880902 201504 2 001;Dewi Lubis;;;Kepala Bidang;IV/a;Bidang Layanan;\n"


@pytest.fixture
def bring(session):
    """Plan and carry out, as a page does; answers the plan."""

    def do(text, *, by=0):
        plan = roster.plan(session, text if isinstance(text, bytes) else text.encode(), by=by)
        assert plan.faults == [], [(line, fault.text()) for line, fault in plan.faults]
        roster.carry_out(session, plan)
        session.commit()
        return plan

    return do


def faults(session, text, *, by=0):
    return [(line, fault.code) for line, fault in roster.plan(session, text.encode(), by=by).faults]


def named(session, name):
    return session.scalars(select(Person).where(Person.name == name)).one()


def test_a_file_makes_people_with_their_post_kind_and_unit(session, bring):
    plan = bring(HEAD + SARI + DEWI)
    assert (len(plan.new), len(plan.changed), plan.same, list(plan.units)) == (2, 0, 0, ["Dinas Contoh", "Dinas Contoh / Bidang Layanan"])
    sari, dewi = named(session, "Sari Wahyuni"), named(session, "Dewi Lubis")
    assert (sari.kind, sari.post, sari.rank, sari.email, sari.password_hash) == (
        "pppk",
        "Analis Kebijakan Ahli Muda",
        "IX",
        "sari@contoh.go.id",
        None,
    )
    assert (dewi.kind, dewi.nip, dewi.active) == ("pns", "198809022015042001", True)
    assert sari.unit_id == dewi.unit_id
    inner = session.get_one(Unit, sari.unit_id)
    assert session.get_one(Unit, inner.parent_id).name == "Dinas Contoh"


def test_the_same_file_again_changes_nothing_and_an_empty_cell_leaves_what_is_there(session, bring):
    bring(HEAD + SARI)
    again = bring(HEAD + SARI)
    assert (len(again.new), len(again.changed), again.same, list(again.units)) == (0, 0, 1, [])
    plan = bring("nip;nama;jabatan;unit\n199407212019032005;Sari Wahyuni, S.AP.;;\n")
    assert [one.columns for one in plan.changed] == [["nama"]]
    sari = named(session, "Sari Wahyuni, S.AP.")
    assert sari.post == "Analis Kebijakan Ahli Muda"
    assert sari.unit_id
    assert sari.kind == "pppk"


def test_who_leaves_is_signed_out_at_once(session, bring, sari):
    sign_in.start(session, sari, agent="", days=1)
    session.commit()
    bring("nip;nama;aktif\n199407212019032005;Sari Wahyuni;tidak\n")
    assert not named(session, "Sari Wahyuni").active
    assert session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 0


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("123;Ali Baba;;;;;;", "nip_length"),
        ("1,98103E+17;Ali Baba;;;;;;", "nip_rounded"),
        (";Ali Baba;;;;;;", "no_login"),
        (";Ali Baba;bukan-surel;;;;;", "email"),
        (";A;a@b.id;;;;;", "name_length"),
        (";Ali Baba;a@b.id;honorer;;;;", "kind"),
        (";Ali Baba;a@b.id;;;;;mungkin", "yes_no"),
        (";Ali Baba;a@b.id;;" + "x" * 161 + ";;;", "text_long"),
        (";Ali Baba;a@b.id;;;;" + " / ".join("abcdefghi") + ";", "unit_deep"),
        (";Ali Baba;sari@contoh.go.id;;;;Bidang;\n;Ali Baba;sari@contoh.go.id;;;;;", "twin_login"),
        ("198809022015042001;Ali Baba;sari@contoh.go.id;;;;;", "taken"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_kept(session, sari, row, code):
    found = faults(session, HEAD + "199001152014021003;Togar;;;;;Dinas Baru;\n" + row)
    assert [one for _line, one in found] == [code]
    assert session.scalar(select(func.count()).select_from(Person)) == 1
    assert session.scalar(select(func.count()).select_from(Unit)) == 0


def test_nobody_locks_themselves_out_by_a_file(session, sari):
    text = "nip;nama;aktif\n199407212019032005;Sari Wahyuni;tidak\n"
    assert faults(session, text, by=sari.id) == [(2, "oneself")]
    assert faults(session, text, by=sari.id + 1) == []


def test_a_number_is_added_to_who_was_known_by_their_address(session, bring):
    people.add_person(session, name="Sari Wahyuni", email="sari@contoh.go.id")
    plan = bring(HEAD + SARI)
    assert plan.new == []
    assert "nip" in plan.changed[0].columns
    assert named(session, "Sari Wahyuni").nip == "199407212019032005"


def test_units_of_one_name_are_told_apart_by_the_one_above_or_by_code(session, bring):
    for name in ("Dinas A", "Dinas B"):
        units.make_unit(session, "Bidang Umum", parent_id=units.make_unit(session, name, parent_id=None).id, code=f"U{name[-1]}")
    session.commit()
    assert faults(session, "nip;nama;unit\n199407212019032005;Sari Wahyuni;Bidang Umum\n") == [(2, "unit_twice")]
    bring("nip;nama;unit\n199407212019032005;Sari Wahyuni;Dinas B / Bidang Umum\n198809022015042001;Dewi Lubis;ua\n")
    names = units.full_names(units.tree(session))
    assert names[named(session, "Sari Wahyuni").unit_id] == "Dinas B / Bidang Umum"
    assert names[named(session, "Dewi Lubis").unit_id] == "Dinas A / Bidang Umum"
    assert session.scalar(select(func.count()).select_from(Unit)) == 4


def test_what_goes_out_comes_in_again_unchanged(session, bring):
    """Also from units whose name has the sign that parts names, or is another's code."""
    bring(HEAD + SARI + DEWI)
    above = units.make_unit(session, "Humas", parent_id=None)
    units.make_unit(session, "Dinas Lain", parent_id=None, code="Humas")
    for name, unit in (("Ani", above), ("Budi", units.make_unit(session, "Umum / Kepegawaian", parent_id=above.id))):
        people.add_person(session, name=name, email=f"{name}@contoh.go.id", unit=unit)
    session.commit()
    book = Workbook()
    for row in roster.rows(session, session.scalars(select(Person).order_by(Person.id))):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    plan = bring(kept.getvalue())
    assert (len(plan.new), len(plan.changed), plan.same) == (0, 0, 4)
    assert plan.units == []


def test_a_number_that_a_spreadsheet_rounded_is_never_somebody_elses(session):
    """Spreadsheets keep fifteen digits: 199407212019032005 comes as ...032000 or as 1.99407212019032E+17."""
    for number in (199407212019032000, 199407212019032005, 1.99407212019032e17):
        book = Workbook()
        book.active.append(["nip", "nama"])
        book.active.append([number, "Sari Wahyuni"])
        kept = io.BytesIO()
        book.save(kept)
        assert [fault.code for _line, fault in roster.plan(session, kept.getvalue(), by=0).faults] == ["nip_rounded"]


def test_moving_a_unit_takes_all_below_along_and_never_makes_a_ring(session):
    top = units.make_unit(session, "Pemerintah", parent_id=None)
    office = units.make_unit(session, "Dinas", parent_id=None)
    part = units.make_unit(session, "Bidang", parent_id=office.id)
    desk = units.make_unit(session, "Loket", parent_id=part.id)
    units.change_unit(session, office, name="Dinas", code="D1", parent_id=top.id)
    session.commit()
    session.expire_all()
    assert desk.path == f"/{top.id}/{office.id}/{part.id}/{desk.id}/"
    with pytest.raises(Refused, match="dirinya sendiri"):
        units.change_unit(session, office, name="Dinas", code="D1", parent_id=desk.id)
    with pytest.raises(Refused, match="dirinya sendiri"):
        units.change_unit(session, office, name="Dinas", code="D1", parent_id=office.id)
    with pytest.raises(Refused, match="sudah dipakai"):
        units.change_unit(session, part, name="Bidang", code="D1", parent_id=office.id)


def test_any_row_of_moves_leaves_a_tree(session):
    random.seed(7)
    made = [units.make_unit(session, f"Unit {number}", parent_id=None) for number in range(12)]
    for _ in range(150):
        unit, parent = random.choice(made), random.choice([None, *made])
        try:
            units.change_unit(session, unit, name=unit.name, code="", parent_id=parent.id if parent else None)
        except Refused:
            continue
    session.commit()
    session.expire_all()
    by_id = {unit.id: unit for unit in made}
    for unit in made:
        assert unit.path == f"{by_id[unit.parent_id].path if unit.parent_id else '/'}{unit.id}/"
    assert len(units.tree(session)) == 12


def test_a_unit_that_something_hangs_on_stays(session, sari):
    unit = units.make_unit(session, "Dinas", parent_id=None)
    part = units.make_unit(session, "Bidang", parent_id=unit.id)
    with pytest.raises(Refused):
        units.remove_unit(session, unit)
    people.grant(session, sari.id, "unit_head", scope="unit", scope_id=part.id)
    with pytest.raises(Refused):
        units.remove_unit(session, part)
    session.query(Grant).delete()
    units.remove_unit(session, part)
    units.remove_unit(session, unit)
    assert units.tree(session) == []


def test_two_units_of_one_name_stand_in_no_place(session):
    units.make_unit(session, "Dinas", parent_id=None)
    with pytest.raises(Refused, match="sudah ada"):
        units.make_unit(session, "DINAS", parent_id=None)
