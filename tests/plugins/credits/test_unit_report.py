"""The unit's report on both databases: right sums, small groups hidden, nobody outside the scope."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from elearn_credits import ledger, years
from elearn_credits.competency import evidence, reminding, report
from elearn_credits.competency.framework import framework
from elearn_credits.competency.models import FinalTestFailed
from elearn_credits.models import LedgerEntry
from openpyxl import load_workbook
from sqlalchemy import event, select

from elearn import Person, Refused
from elearn.models.people import Unit
from elearn.services import learning, people
from elearn.services.viewer import viewer_of_person
from elearn.web.database import db

YEAR = date.today().year
TODAY = date(YEAR, 11, 23)


@pytest.fixture
def filled(any_app):
    """An office with subunits of 7, 6 and 3 people; the first five of each have met the target."""
    state = any_app.extensions["elearn"]
    with state.outbox.open_session() as session:
        root = people.add_unit(session, "Dinas", code="D")
        number = 0
        for name, count in (("Loket", 7), ("Arsip", 6), ("Humas", 3)):
            unit = people.add_unit(session, name, code=name, parent=root)
            for place in range(count):
                number += 1
                person = people.add_person(
                    session,
                    name=f"{name} {place}",
                    nip=f"19940721201903{number:04d}"[:14] + f"2{number:03d}",
                    post="Analis Ahli Muda",
                    unit=unit,
                )
                session.flush()
                enter(session, person.id, units=20 if place < 5 else 4)
                if name != "Humas" or place == 0:
                    evidence.assess(
                        session, person_id=person.id, code="integritas", level=2, shown_on=date(YEAR - 1, 1, 5), source="Puspenkom", by=1
                    )
        session.commit()
    return any_app


def enter(session, person_id, *, units, day=date(YEAR, 2, 3), key=None):
    rules = "lan-10-2018"
    return ledger.enter(
        session,
        key=key or f"uji:{person_id}:{day}",
        person_id=person_id,
        form="B3",
        title="Pelatihan",
        units=Decimal(units),
        days=[day],
        rule_set=rules,
        state="recognised",
    )


def unit(session, name):
    return session.scalar(select(Unit).where(Unit.name == name))


def test_the_sums_are_right_and_small_parts_hide_with_a_companion(filled):
    with filled.extensions["elearn"].outbox.open_session() as session:
        found = report.unit_report(session, unit(session, "Dinas"), year=YEAR, target=20, framework=framework(session))
        assert (found.hours.people, found.hours.met) == (16, 13)
        assert found.hours.mean == pytest.approx((13 * 20 + 3 * 4) / 16)
        assert found.hours.quarters[0] == found.hours.quarters[3] == pytest.approx(found.hours.mean)
        by_name = {part.name: part.hours for part in found.parts}
        assert by_name["Humas"].hidden
        assert by_name["Arsip"].hidden, "else the three of Humas could be reckoned from the total"
        assert (by_name["Loket"].people, by_name["Loket"].met) == (7, 5)
        cell = found.cells[unit(session, "Loket").id, "integritas"]
        assert (cell.people, cell.mean_gap, cell.short) == (7, 1.0, 1.0)
        assert found.cells[unit(session, "Humas").id, "integritas"] is None


def test_the_report_takes_few_statements_whatever_the_size(filled):
    seen = []
    with filled.app_context(), filled.extensions["elearn"].outbox.open_session() as session:
        where = unit(session, "Dinas")
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        report.unit_report(session, where, year=YEAR, target=20, framework={})
    assert len(seen) <= 5, seen


def test_totals_by_year_follow_every_entry_and_correction(filled):
    with filled.extensions["elearn"].outbox.open_session() as session:
        person_id = session.scalar(select(LedgerEntry.person_id).limit(1))
        enter(session, person_id, units=3, day=date(YEAR - 1, 12, 31), key="lain")
        totals = dict(session.execute(select(years.YearTotal.year, years.YearTotal.jp).where(years.YearTotal.person_id == person_id)).all())
        assert totals == {YEAR - 1: 3, YEAR: 20}
        entry_id = session.scalar(select(LedgerEntry.id).where(LedgerEntry.key == "lain"))
        ledger.correct(session, entry_id, by=1, reason="Salah catat", state="withdrawn")
        assert (
            session.scalar(select(years.YearTotal.jp).where(years.YearTotal.person_id == person_id, years.YearTotal.year == YEAR - 1)) == 0
        )


def test_fifty_writers_at_once_leave_a_right_total(filled, at_once):
    state = filled.extensions["elearn"]
    with state.outbox.open_session() as session:
        person_id = session.scalar(select(LedgerEntry.person_id).limit(1))
    numbers = iter(range(50))

    def write():
        with state.outbox.open_session() as session:
            enter(session, person_id, units=1, day=date(YEAR - 2, 5, 6), key=f"serentak:{next(numbers)}")
            session.commit()

    assert not [each for each in at_once(50, write) if isinstance(each, Exception)]
    with state.outbox.open_session() as session:
        assert (
            session.scalar(select(years.YearTotal.jp).where(years.YearTotal.person_id == person_id, years.YearTotal.year == YEAR - 2)) == 50
        )


def test_attention_names_who_is_behind_by_name(filled):
    with filled.extensions["elearn"].outbox.open_session() as session:
        found = report.attention(session, unit(session, "Dinas"), today=TODAY, target=20)
    assert [(each.person.name, each.rule) for each in found] == [("Arsip 5", "pace"), ("Loket 5", "pace"), ("Loket 6", "pace")]


def head_of(app, sign_in, name):
    with app.extensions["elearn"].outbox.open_session() as session:
        unit_id = unit(session, name).id
    client = sign_in(app, name="Kepala", role="unit_head", scope="unit", scope_id=unit_id)
    client.unit_id = unit_id
    return client


def test_a_head_sees_their_unit_and_nothing_above_or_beside(filled, sign_in):
    client = head_of(filled, sign_in, "Loket")
    page = client.get("/transkrip/unit")
    assert page.status_code == 200
    assert "Loket" in page.text
    for name in ("Dinas", "Arsip"):
        with filled.extensions["elearn"].outbox.open_session() as session:
            other = unit(session, name).id
        for address in ("/transkrip/unit", "/transkrip/unit/orang"):
            assert client.get(f"{address}?unit={other}").status_code == 403
    assert client.get("/transkrip/unit?unit=999999").status_code == 404


def test_a_row_of_the_units_people_names_only_what_is_known_of_them(filled, sign_in):
    with filled.extensions["elearn"].outbox.open_session() as session:
        people.add_person(session, name="Orang Tanpa Jabatan", nip="199407212019032990", unit=unit(session, "Loket"))
        session.commit()
    page = head_of(filled, sign_in, "Loket").get("/transkrip/unit/orang").text
    assert re.search(r"Orang Tanpa Jabatan</a></b><small>(.*?)</small>", page)[1] == "19940721 201903 2 990"


def test_what_one_page_hides_no_other_page_of_the_same_reader_tells(filled, sign_in):
    """Six of Arsip are hidden beside the three of Humas: on their own page too, for who could subtract them; not for their own head."""
    above, own = head_of(filled, sign_in, "Dinas"), head_of(filled, sign_in, "Arsip")
    page = above.get(f"/transkrip/unit?unit={own.unit_id}").text
    assert "Terlalu sedikit orang" in page
    assert "dari 6 orang" not in page
    rows = list(
        csv.reader(io.StringIO(above.get(f"/transkrip/unit?format=csv&unit={own.unit_id}").text.removeprefix("\ufeff")), delimiter=";")
    )
    assert all(row[1] == "disembunyikan" for row in rows[1:])
    assert "5 dari 6 orang" in own.get("/transkrip/unit").text


def test_who_has_met_the_year_is_told_by_the_rules_as_on_the_transcript(filled, sign_in):
    client = head_of(filled, sign_in, "Loket")
    folder = filled.extensions["elearn"].site.store.folder.parent / "jp-rules"
    folder.mkdir()

    def met():
        head, row, *_parts = csv.reader(io.StringIO(client.get("/transkrip/unit?format=csv").data.decode("utf-8-sig")), delimiter=";")
        return row[head.index("Memenuhi")]

    assert met() == "5"
    (folder / "daerah.toml").write_text(
        f'id = "daerah"\ntitle = "Daerah"\nextends = "nasional-2018-1"\nvalid_from = {YEAR}-01-01\nbasis = "a"\n'
        f'[bases.a]\nlaw = "Pergub"\ncertainty = "own"\nsource = "b"\nas_of = {YEAR}-01-01\n'
        '[[duties]]\nkinds = ["pns"]\nsense = "floor"\njp = 24\nperiod = "calendar_year"\nbasis = "a"\n',
        "utf-8",
    )
    assert met() == "0", "everybody has 20"


def test_the_trend_shows_the_quarters_that_have_begun(filled, sign_in):
    page = head_of(filled, sign_in, "Dinas").get(f"/transkrip/unit?tahun={YEAR}").text
    quarter = (date.today().month + 2) // 3
    assert page.count("Rata-rata JP sampai triwulan") == quarter
    assert "+17 JP" in page


def test_the_pages_and_files_hold_nothing_of_hidden_groups(filled, sign_in):
    client = head_of(filled, sign_in, "Dinas")
    page = client.get("/transkrip/unit").text
    assert "13 dari 16 orang" in page
    assert "disembunyikan" in page
    rows = list(csv.reader(io.StringIO(client.get("/transkrip/unit?format=csv").text.removeprefix("\ufeff")), delimiter=";"))
    by_name = {row[0]: row[1:] for row in rows}
    assert by_name["Loket"][:2] == ["7", "5"]
    assert by_name["Loket"][2:9] == ["2", "15,43", "15,43", "15,43", "15,43", "15,43", "1,0"]
    assert by_name["Humas"] == ["disembunyikan", *[""] * 9]
    assert by_name["Arsip"] == ["disembunyikan", *[""] * 9]
    sheet = load_workbook(io.BytesIO(client.get("/transkrip/unit?format=xlsx").data)).active
    assert [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)][1][:3] == ["Dinas", "16", "13"]
    names = client.get("/transkrip/unit/orang").text
    assert names.index("Arsip 0") < names.index("Loket 0")


def test_a_long_list_of_one_rule_hides_no_other_and_says_that_it_is_cut(filled, sign_in):
    with filled.extensions["elearn"].outbox.open_session() as session:
        dinas = unit(session, "Dinas")
        for number in range(report.MOST_NAMED + 1):
            one = people.add_person(session, name=f"Abdul {number:03d}", nip=None, email=f"a{number}@contoh.go.id", kind="pppk", unit=dinas)
            session.flush()
            session.add(FinalTestFailed(enrolment_id=one.id, person_id=one.id, title="Etika", times=2, last_on=TODAY))
        session.commit()
        found = report.attention(session, dinas, today=TODAY, target=20)
        assert [each.person.name for each in found if each.rule == "pace"] == ["Arsip 5", "Loket 5", "Loket 6"]
    page = head_of(filled, sign_in, "Dinas").get("/transkrip/unit").text
    assert f"dua kali atau lebih (lebih dari {report.MOST_NAMED})" in page
    assert page.count("Abdul ") == report.MOST_NAMED


def test_reminding_is_told_once_in_two_weeks_and_only_to_ones_own(filled, sign_in, capsys):
    client = head_of(filled, sign_in, "Loket")
    with filled.extensions["elearn"].outbox.open_session() as session:
        found = report.attention(session, unit(session, "Dinas"), today=TODAY, target=20)
        loket, arsip = found[1].person, found[0].person
        loket.email, login = "loket@contoh.go.id", loket.id
        session.commit()
    form = {"unit": client.unit_id, "aturan": "pace", "orang": [str(login), str(arsip.id)]}
    assert "1 orang diingatkan" in client.post("/transkrip/unit/ingatkan", data=form, follow_redirects=True).text
    assert "tidak diingatkan lagi" in client.post("/transkrip/unit/ingatkan", data=form, follow_redirects=True).text
    filled.extensions["elearn"].outbox.deliver_due()
    said = capsys.readouterr().err
    assert said.count("To: loket@contoh.go.id") == 1
    assert "4 dari 20 JP" in said
    with filled.extensions["elearn"].outbox.open_session() as session, filled.test_request_context():
        body = str(reminding.card(viewer_of_person(session, session.get(Person, login), roles_of={})).body)
    assert re.search(r"mengingatkan Anda pada [^.]+\. Hak belajar", body)


def test_an_assessment_that_cannot_be_is_refused(filled):
    with filled.extensions["elearn"].outbox.open_session() as session:
        person_id = session.scalar(select(LedgerEntry.person_id).limit(1))
        for values, reason in (
            ({"code": "tidak-ada"}, "kamus"),
            ({"level": 6}, "1 sampai 5"),
            ({"shown_on": date(2099, 1, 1)}, "hari ini"),
            ({"source": " "}, "menilai"),
        ):
            with pytest.raises(Refused, match=reason):
                evidence.assess(
                    session,
                    **(
                        {"person_id": person_id, "code": "integritas", "level": 3, "shown_on": date(YEAR - 1, 1, 5), "source": "P", "by": 1}
                        | values
                    ),
                )


def test_a_final_test_failed_twice_is_named_until_it_is_passed(filled, write_course, sign_in):
    write_course(filled, {"01-satu.md": "# Satu\nTeks."}, title="Etika")
    client = head_of(filled, sign_in, "Dinas")
    with filled.extensions["elearn"].outbox.open_session() as session:
        person = session.scalar(select(Person).where(Person.name == "Loket 0"))
        standing = learning.enrol(session, person.id, "etika", outline=filled.extensions["elearn"].site.course)
        session.commit()

    def graded(score, *, final=True):
        with filled.extensions["elearn"].outbox.open_session() as session:
            learning.grade_activity(session, standing, lesson_id="satu", activity="tes", score=score, passed=score > 0.7, final=final)
            session.commit()
        filled.extensions["elearn"].outbox.deliver_due()
        return "dua kali atau lebih" in client.get("/transkrip/unit").text

    assert not graded(0.3)
    assert not graded(0.2, final=False)
    assert graded(0.5)
    form = {"unit": client.unit_id, "aturan": "failed", "orang": [str(person.id)]}
    assert "1 orang diingatkan" in client.post("/transkrip/unit/ingatkan", data=form, follow_redirects=True).text
    assert not graded(0.9)
