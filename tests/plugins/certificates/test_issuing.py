"""Issued once, numbered without gaps, frozen with its facts and its bytes, on both databases."""

import hashlib
import re
from datetime import date

import pytest
from elearn_certificates import drawing
from elearn_certificates.issuing import issue, module_hours, number_key, programme_of
from elearn_certificates.numbering import check_code, format_number, mask_name, mask_nip, tidy_code
from sqlalchemy import update

from elearn import CourseCompleted, Person
from elearn.content.values import Course, Lesson, Section
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
    any_app.extensions["elearn"].outbox.deliver_due()
    assert sorted(certificate.serial for certificate, _ in of(any_app)) == list(range(1, len(standings) + 1))


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


@pytest.mark.parametrize("template", ["tetap", "{serial", "{serial}{nip}", "{serial!r}", "{serial:>9}", "{serial.__class__}"])
def test_a_number_template_that_would_not_do_is_named(template):
    with pytest.raises(ValueError, match=r"\w{4,}"):
        format_number(template, serial=1, programme="A", unit="B", year=2026)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Sari Wahyuni, S.E.", "Sari W."), ("Suharto", "Suh•••"), ("Dr. Bayu Prakoso", "Dr. Bayu P."), ("", "")],
)
def test_strangers_see_little_of_a_name(name, shown):
    assert mask_name(name) == shown


def test_strangers_see_neither_birthday_nor_sex_in_full():
    assert mask_nip("199407212019032005") == "1994•••• •••••• 2 005"
