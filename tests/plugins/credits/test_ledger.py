"""The ledger on both databases: a fact enters once, nothing that is there changes, and the totals keep step."""

from datetime import date
from decimal import Decimal

import pytest
from elearn_credits import ledger, recounting
from elearn_credits.models import LedgerEntry
from elearn_credits.rules import book_of
from elearn_credits.years import YearTotal
from sqlalchemy import event, select

from elearn import CourseCompleted, Person, Refused, site_of
from elearn.registry import discover
from tests.plugins.conftest import COURSE


@pytest.fixture
def course(any_app, write_course):
    return write_course(any_app, COURSE)


@pytest.fixture
def person_id(any_app):
    with any_app.extensions["elearn"].outbox.open_session() as session:
        person = Person(name="Sari", nip="199407212019032005")
        session.add(person)
        session.commit()
        return person.id


@pytest.fixture
def within(any_app):
    """``within(function)`` calls it with a session and commits."""

    def run(function):
        with any_app.extensions["elearn"].outbox.open_session() as session:
            result = function(session)
            session.commit()
            return result

    return run


def add(session, person_id, *, key="x:1", form="B3", units="5", days=(date(2026, 3, 2),), **values):
    values = {"rule_set": "nasional-2018-1", "state": "recognised", "title": "Bimtek"} | values
    return ledger.enter(session, key=key, person_id=person_id, form=form, units=Decimal(units), days=list(days), **values)


def totals(session):
    return {row.year: row.jp for row in session.scalars(select(YearTotal))}


def test_a_completed_course_enters_with_its_version_and_its_rules(any_app, course, complete, rows):
    standing = complete(any_app)
    (row,) = rows(any_app)
    assert (row.form, row.units, row.state, row.rule_set) == ("C3", 3, "recognised", "nasional-2018-1")
    assert (row.person_id, row.enrolment_id, row.version_id) == (standing.person_id, standing.enrolment_id, standing.version_id)
    assert row.key == f"course:{standing.enrolment_id}"
    assert row.recorded_by is None


def test_the_organiser_is_who_runs_the_site_whoever_wrote_the_course(make_app, write_course, complete, rows):
    app = make_app(*discover(without=()), organisation="BPSDM Kota Uji")
    write_course(app, COURSE, more="organisasi: Universitas Penulis\n")
    complete(app)
    assert [row.organiser for row in rows(app)] == ["BPSDM Kota Uji"]


def test_fifty_deliveries_at_once_make_one_entry(any_app, course, complete, rows, at_once, within):
    standing = complete(any_app, deliver=False)
    told = CourseCompleted(
        enrolment_id=standing.enrolment_id, person_id=standing.person_id, course_id=standing.course_id,
        version_id=standing.version_id, slug="etika", hours=3,
    )  # fmt: skip
    results = at_once(50, lambda: within(lambda session: ledger.record_course(session, told)))
    assert [result for result in results if result is not None] == []
    any_app.extensions["elearn"].outbox.deliver_due()
    assert len(rows(any_app)) == 1
    assert within(totals) == {rows(any_app)[0].ended_on.year: 3}


def test_fifty_writers_of_one_person_lose_nothing_and_the_totals_keep_step(any_app, rows, at_once, within, person_id):
    numbers = iter(range(50))
    days = [date(2026, 3, 1 + n % 10) for n in range(50)]

    def write():
        n = next(numbers)
        return within(lambda session: add(session, person_id, key=f"x:{n}", form="C3", units="1", days=[days[n]]))

    assert at_once(50, write) == [True] * 50
    assert len(rows(any_app)) == 50
    year = within(lambda session: ledger.year_account(session, person_id, kind="pns", year=2026))
    assert year.total == 30  # five a day are claimed on ten days, and three a day count
    assert within(totals) == {2026: 30}


def test_fifty_corrections_at_once_leave_one(any_app, rows, at_once, within, person_id):
    within(lambda session: add(session, person_id))
    (row,) = rows(any_app)

    def fix():
        within(lambda session: ledger.correct(session, row.id, by=person_id, reason="Salah hitung.", units=Decimal(4)))
        return "done"

    results = at_once(50, fix)
    assert results.count("done") == 1
    assert {result.code for result in results if result != "done"} == {"corrected"}
    assert [(one.units, one.corrects_id) for one in rows(any_app)] == [(5, None), (4, row.id)]
    assert within(totals) == {2026: 4}


def test_a_correction_is_an_entry_and_the_old_one_stays_as_it_was(any_app, rows, within, person_id):
    within(lambda session: add(session, person_id))
    before = {column.key: getattr(rows(any_app)[0], column.key) for column in LedgerEntry.__table__.columns}
    within(lambda session: ledger.correct(session, before["id"], by=person_id, reason="Ganda.", state="withdrawn"))
    old, new = rows(any_app)
    assert {column.key: getattr(old, column.key) for column in LedgerEntry.__table__.columns} == before
    assert (new.state, new.reason, new.recorded_by, new.key) == ("withdrawn", "Ganda.", person_id, f"x:1~{old.id}")
    assert [entry.id for entry in within(lambda session: ledger.entries_of(session, person_id))] == [new.id]
    assert within(totals) == {2026: 0}


def test_a_correction_can_be_corrected_and_keeps_its_place_in_the_order(any_app, rows, within, person_id):
    within(lambda session: add(session, person_id))
    for units in ("4", "6"):
        last = rows(any_app)[-1].id
        within(lambda session, last=last, units=units: ledger.correct(session, last, by=1, reason="Lagi.", units=Decimal(units)))
    (entry,) = within(lambda session: ledger.entries_of(session, person_id))
    assert (entry.units, entry.key) == (6, "x:1")


@pytest.mark.parametrize(("entry_id", "reason"), [(1, ""), (1, "  "), (999, "Ada.")])
def test_a_correction_needs_a_reason_and_an_entry(within, person_id, entry_id, reason):
    within(lambda session: add(session, person_id))
    with pytest.raises(Refused):
        within(lambda session: ledger.correct(session, entry_id, by=1, reason=reason))


def test_before_the_first_rule_an_entry_waits_and_says_so(any_app, course, complete, rows, monkeypatch):
    standing = complete(any_app, deliver=False)
    monkeypatch.setattr(ledger, "local_day", lambda session, moment: date(2010, 5, 1))
    any_app.extensions["elearn"].outbox.deliver_due()
    (row,) = rows(any_app)
    assert (row.state, row.person_id) == ("waiting", standing.person_id)
    assert "Belum ada aturan" in row.reason


def test_a_persons_year_is_one_indexed_read(any_app, within, person_id):
    for n in range(30):
        within(lambda session, n=n: add(session, person_id, key=f"x:{n}"))
    seen = []

    def read(session):
        event.listen(
            session.bind, "before_cursor_execute", lambda *args: seen.append((args[2], args[3])) if args[2].startswith("SELECT") else None
        )
        return ledger.entries_of(session, person_id)

    assert len(within(read)) == 30
    ((statement, values),) = seen
    explain = "EXPLAIN QUERY PLAN " if any_app.extensions["elearn"].outbox.open_session().bind.dialect.name == "sqlite" else "EXPLAIN "

    def plan(session):
        connection = session.connection()
        if explain == "EXPLAIN ":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return str(connection.exec_driver_sql(explain + statement, values).all())

    assert "ix_credits_entry_person_id_ended_on" in within(plan)


def test_fifty_writers_of_all_kinds_leave_one_truth_for_each_fact(any_app, rows, at_once, within):
    """Entering, correcting and counting anew at once, for three people: each fact holds once, and the totals are those of the ledger."""

    def people(session):
        made = [Person(name=f"Orang {number}", nip=f"19940721201903200{number}") for number in range(3)]
        session.add_all(made)
        session.flush()
        return [person.id for person in made]

    ids = within(people)
    for number in range(12):
        within(lambda session, n=number: add(session, ids[n % 3], key=f"x:{n}", form="C3", units="2", days=[date(2026, 3, 1 + n % 4)]))
    numbers = iter(range(50))

    def write():
        n = next(numbers)
        if n % 3 == 0:
            return within(
                lambda session: add(session, ids[n % 3], key=f"y:{n % 20}", form="C3", units="1", days=[date(2026, 3, 1 + n % 4)])
            )
        if n % 3 == 1:
            entry_id = 1 + n % 12
            return within(lambda session: ledger.correct(session, entry_id, by=9, reason="Serentak.", units=Decimal(1 + n % 3)))
        return "stale" if within(lambda session: recounting.recount(session, ids[n % 3], by=9).stale) else "in step"

    results = at_once(50, write)
    assert {result.code for result in results if isinstance(result, Exception)} <= {"corrected"}
    assert results.count("in step") == 16
    roots = [row.key.partition("~")[0] for row in rows(any_app)]

    def check(session):
        for person_id in ids:
            entries = ledger.entries_of(session, person_id)
            assert len({entry.key for entry in entries}) == len(entries)
            assert not recounting.plan(session, person_id, book_of(site_of(session))).stale
            for day in {entry.ended_on for entry in entries}:
                year = ledger.year_account(session, person_id, kind="pns", year=2026, entries=entries)
                assert sum(line.counted for line in year.lines if line.entry.ended_on == day) <= 3

    within(check)
    assert len({root for root in roots if root.startswith("x:")}) == 12
    assert all(roots.count(root) <= 2 for root in roots), "a fact that fifty corrected has one correction"
