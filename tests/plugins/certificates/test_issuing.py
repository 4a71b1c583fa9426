"""Issued once, numbered without gaps, frozen with its facts and its bytes, on both databases."""

import hashlib
import re
import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from elearn_certificates import check_register, drawing
from elearn_certificates.issuing import issue, issue_certificate, module_hours, number_key, programme_of
from elearn_certificates.models import Certificate, Serial
from elearn_certificates.numbering import check_code, format_number, mask_name, mask_nip, tidy_code
from elearn_certificates.predicates import predicate_of, read_predicates
from sqlalchemy import delete, select, text, update

from elearn import CourseCompleted, Person, now
from elearn.clock import frozen
from elearn.content.values import Course, Lesson, Section
from elearn.models.learning import Delivery
from elearn.progress import finish_lesson
from elearn.registry import discover
from tests.plugins.certificates.proofs import run
from tests.plugins.conftest import COURSE


@pytest.fixture(autouse=True)
def course(any_app, write_course):
    return write_course(any_app, COURSE)


def test_a_completed_course_brings_a_certificate_at_once(any_app, complete, of):
    complete(any_app)
    ((certificate, pdf),) = of(any_app)
    facts = certificate.facts
    assert certificate.state == "valid"
    assert facts["person_name"] == "Sari Wahyuni, S.E."
    assert facts["person_number"] == "199407212019032005"
    assert facts["hours"] == 3
    assert facts["unit"] == "Loket 005"
    assert facts["course_version"] == 1
    assert facts["rule_set"].startswith(
        "Konversi JP menurut Peraturan LAN 10/2018 (nasional-2018-1): Lampiran Peraturan LAN 10/2018 (menurut sumber lain"
    )
    assert certificate.number == f"000001/E/{date.fromisoformat(facts['issued_on']).year}"
    assert certificate.sha256 == hashlib.sha256(pdf).hexdigest()
    assert facts["verify_url"] == f"http://localhost/v/{certificate.check_code}"


def test_fifty_deliveries_at_once_issue_one(any_app, complete, of, at_once):
    standing = complete(any_app, deliver=False)
    event = CourseCompleted(
        enrolment_id=standing.enrolment_id, person_id=standing.person_id, course_id=standing.course_id,
        version_id=standing.version_id, slug="etika", hours=3,
    )  # fmt: skip

    def deliver():
        with any_app.extensions["elearn"].outbox.open_session() as session:
            issue(session, event)
            session.commit()

    failed = [result for result in at_once(50, deliver) if result is not None]
    assert failed == []
    any_app.extensions["elearn"].outbox.deliver_due()
    assert [certificate.serial for certificate, _ in of(any_app)] == [1]


def test_numbers_have_no_gaps_and_no_twins(any_app, complete, of, at_once):
    people = [("Togar Simanjuntak", f"19900115201402100{n}") for n in range(1, 9)]
    standings = [complete(any_app, deliver=False, name=name, nip=nip) for name, nip in people]
    at_once(8, any_app.extensions["elearn"].outbox.deliver_due)
    with any_app.extensions["elearn"].outbox.open_session() as session:  # what found SQLite locked for too long comes again later
        session.execute(update(Delivery).where(Delivery.state == "waiting").values(due_at=now() - timedelta(minutes=1)))
        session.commit()
    any_app.extensions["elearn"].outbox.deliver_due()
    assert sorted(certificate.serial for certificate, _ in of(any_app)) == list(range(1, len(standings) + 1))


def test_who_waits_over_the_turn_of_the_year_has_number_and_date_of_one_year(make_app, write_course, complete, of):
    app = make_app(*discover(without=()), database="postgresql")
    write_course(app, COURSE)
    midnight = datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
    outbox = app.extensions["elearn"].outbox
    with frozen(midnight - timedelta(minutes=1)):
        complete(app)
        complete(app, deliver=False, name="Togar", nip="199001152014021003")
        with outbox.open_session() as holder:
            holder.scalars(select(Serial).with_for_update()).one()
            waiting = threading.Thread(target=outbox.deliver_due)
            waiting.start()
            blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            while not holder.scalar(blocked):
                assert waiting.is_alive()
            with frozen(midnight + timedelta(minutes=1)):
                holder.rollback()
                waiting.join()
    issued = [(certificate.year, certificate.number[-4:], certificate.facts["issued_on"][:4]) for certificate, _ in of(app)]
    assert issued == [(2026, "2026", "2026")] * 2


def test_a_failed_issue_leaves_no_gap(any_app, complete, of, monkeypatch):

    standing = complete(any_app, deliver=False)
    monkeypatch.setattr(drawing, "draw", lambda facts, design: 1 / 0)
    with any_app.extensions["elearn"].outbox.open_session() as session, pytest.raises(ZeroDivisionError):
        issue(
            session,
            CourseCompleted(
                enrolment_id=standing.enrolment_id, person_id=standing.person_id, course_id=1, version_id=1, slug="etika", hours=3
            ),
        )
    monkeypatch.undo()
    any_app.extensions["elearn"].outbox.deliver_due()
    assert [certificate.serial for certificate, _ in of(any_app)] == [1]


def test_a_certificate_that_vanished_is_told(any_app, complete, of):
    for n in (1, 2):
        complete(any_app, name=f"Peserta {n}", nip=f"19900115201402100{n}")
    with any_app.extensions["elearn"].outbox.open_session() as session:
        assert list(check_register(session)) == []
        session.execute(delete(Certificate).where(Certificate.serial == 1))
        (problem,) = check_register(session)
    assert (problem.values["last"], problem.values["count"]) == (2, 1)


def test_a_certificate_does_not_change_with_its_holder_or_its_course(any_app, complete, of, write_course):
    complete(any_app)
    before = of(any_app)[0]
    with any_app.extensions["elearn"].outbox.open_session() as session:
        session.execute(update(Person).values(name="Nama Baru", post="Jabatan Baru"))
        session.commit()
    write_course(any_app, {"01-satu.md": "# Satu\nBerubah."}, title="Etika edisi dua")
    any_app.extensions["elearn"].outbox.deliver_due()
    after = of(any_app)[0]
    assert after[0].facts == before[0].facts
    assert after[1] == before[1]


def test_the_modules_share_the_hours_without_remainder():
    def section(minutes):
        return Section(id=str(minutes), title="M", lessons=(Lesson(id=f"l{minutes}", title="L", minutes=minutes),))

    for minutes in ((10, 10, 10), (1, 2, 3, 4, 5, 60), (7,), (0, 5)):
        shares = module_hours(Course(slug="a", title="A", summary="", hours=3, sections=tuple(map(section, minutes))))
        assert sum(round(float(hours.replace(",", ".")) * 10) for _, hours in shares) == 30


def test_numbers_and_codes_are_forgiven_their_spelling():
    assert programme_of("etika-pelayanan-publik") == "EPP"
    assert number_key(" 000001 / epp-2026 ") == number_key("000001/EPP/2026")
    code = check_code()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5,6}){4}", code)
    assert tidy_code(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == code
    assert tidy_code("x" * 500) == tidy_code("") == ""
    assert len({check_code() for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize(
    "template", ["tetap", "{serial", "{serial}{nip}", "{serial!r}", "{serial:>9}", "{serial.__class__}", "{serial:06}/{programme}"]
)
def test_a_number_template_that_would_not_do_is_named(template):
    with pytest.raises(ValueError, match=r"\w{4,}"):
        format_number(template, serial=1, programme="A", unit="B", year=2026)


TABLE = "70 Cukup Memuaskan; 92,5 Sangat Memuaskan;80 Memuaskan;"


@pytest.mark.parametrize(
    ("score", "predicate"),
    [(None, ""), (69.99, ""), (70.0, "Cukup Memuaskan"), (92.49, "Memuaskan"), (92.5, "Sangat Memuaskan"), (100.0, "Sangat Memuaskan")],
)
def test_a_score_earns_the_predicate_of_the_offices_table(score, predicate):
    assert predicate_of(TABLE, score) == predicate
    assert predicate_of("", score) == ""


@pytest.mark.parametrize("text", ["Memuaskan", "80", "101 Baik", "80 Baik; 80 Cukup", "-1 Kurang"])
def test_a_table_of_predicates_that_would_not_do_is_named(text):
    with pytest.raises(ValueError, match="Predikat"):
        read_predicates(text)


def test_score_and_predicate_are_frozen_and_printed(make_app, write_course, enrolled, of, tmp_path):
    app = make_app(*discover(without=()), certificates__predicates=TABLE)
    write_course(app, COURSE)
    standing = enrolled(app)
    with app.extensions["elearn"].outbox.open_session() as session:
        for lesson in ("satu", "dua"):
            standing = finish_lesson(session, standing, lesson)
        issue_certificate(session, standing, score=0.91, hours=3)
        session.commit()
    certificate, pdf = of(app)[0]
    assert (certificate.facts["score"], certificate.facts["predicate"]) == (91.0, "Memuaskan")
    (tmp_path / "s.pdf").write_bytes(pdf)
    assert "dengan predikat Memuaskan (nilai 91)" in " ".join(run("pdftotext", tmp_path / "s.pdf", "-").stdout.split())


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Sari Wahyuni, S.E.", "Sari W."), ("Suharto", "Suh•••"), ("Dr. Bayu Prakoso", "Dr. Bayu P."), ("", "")],
)
def test_strangers_see_little_of_a_name(name, shown):
    assert mask_name(name) == shown


def test_strangers_see_neither_birthday_nor_sex_in_full():
    assert mask_nip("199407212019032005") == "1994•••• •••••• 2 005"
