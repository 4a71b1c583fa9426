"""After the issue: replaced, revoked, expired, renewed, reminded; statements for who did not pass; papers for a class."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from elearn_certificates import finding, life
from elearn_certificates.class_jobs import issue_for_class, missing
from elearn_certificates.issuing import add_months, issue_late, issue_statement
from elearn_certificates.models import Certificate, CertificateFile
from sqlalchemy import delete, select, update

from elearn import Person, Refused, now
from elearn.models.learning import Delivery, Enrolment
from elearn.models.people import AuditEntry
from elearn.progress import finish_lesson
from tests.plugins.conftest import COURSE

DESIGN = 'valid_months = 12\nrenew_days = 60\norganiser = "Dinas Contoh"\n[[signatories]]\nname = "Dr. Bayu"\npost = "Kepala Dinas"\n'


@pytest.fixture(autouse=True)
def course(any_app, write_course):
    return write_course(any_app, COURSE)


@pytest.fixture
def session(any_app):
    with any_app.extensions["elearn"].outbox.open_session() as session:
        yield session


@pytest.fixture
def dated(any_app):
    folder = any_app.extensions["elearn"].site.store.folder.parent / "sertifikat" / "dinas"
    folder.mkdir(parents=True)
    (folder / "design.toml").write_text(DESIGN, "utf-8")


def clear(session):
    for model in (CertificateFile, Certificate):
        session.execute(delete(model))
    session.commit()


def test_a_replacement_has_links_both_ways_and_leaves_the_old_as_it_was(any_app, complete, of, session):
    complete(any_app)
    ((old, pdf),) = of(any_app)
    new = life.replace(session, old.id, by=7, reason="Salah ketik.", changes={"person_name": "Sari Wahyuni, S.E., M.M."})
    session.commit()
    (old_now, old_pdf), (new_now, new_pdf) = of(any_app)
    assert (old_now.state, old_now.replaced_by_id, old_now.state_by, old_pdf) == ("replaced", new.id, 7, pdf)
    assert old_now.facts == old.facts
    assert (new_now.state, new_now.replaces_id, new_now.serial) == ("valid", old.id, 2)
    assert new_now.facts["person_name"] == "Sari Wahyuni, S.E., M.M."
    assert new_now.facts["replaces"] == old.number
    assert {name: new_now.facts[name] for name in ("hours", "score", "completed_on", "modules")} == {
        name: old.facts[name] for name in ("hours", "score", "completed_on", "modules")
    }
    assert new_pdf != pdf
    assert "Salah ketik." in session.scalar(select(AuditEntry.detail).where(AuditEntry.act == "certificate.replace"))


@pytest.mark.parametrize("name", ["Sari\u200bWahyuni", "Sari \x01Wahyuni", "\u202einuyhaW"])
def test_a_replacement_bears_no_sign_that_nobody_sees(any_app, complete, of, session, name):
    complete(any_app)
    with pytest.raises(Refused, match="tidak terlihat"):
        life.replace(session, of(any_app)[0][0].id, by=1, reason="Salah ketik.", changes={"person_name": name})


def test_only_what_is_valid_can_be_replaced_or_revoked_and_only_once(any_app, complete, of, at_once):
    complete(any_app)
    one = of(any_app)[0][0].id
    open_session = any_app.extensions["elearn"].outbox.open_session

    def act():
        with open_session() as session:
            life.replace(session, one, by=1, reason="Salah.", changes={"person_name": "Nama Lain"})
            session.commit()

    results = at_once(6, act)
    assert sum(result is None for result in results) == 1
    assert all(result is None or isinstance(result, Refused) for result in results)
    assert [certificate.state for certificate, _ in of(any_app)] == ["replaced", "valid"]
    with open_session() as session, pytest.raises(Refused):
        life.revoke(session, one, by=1, reason="Sudah diganti.")
    for reason, changes in ((" ", {"person_name": "X"}), ("r", {}), ("r", {"person_name": " "})):
        with open_session() as session, pytest.raises(Refused):
            life.replace(session, of(any_app)[1][0].id, by=1, reason=reason, changes=changes)


def test_it_expires_and_is_renewed_in_its_window_by_a_new_period(any_app, dated, complete, of, session):
    standing = complete(any_app)
    ((first, _),) = of(any_app)
    assert first.facts["organiser"] == "Dinas Contoh"
    assert first.facts["signatory_name"] == "Dr. Bayu"
    assert (
        first.expires_on.isoformat()
        == first.facts["expires_on"]
        == add_months(date.fromisoformat(first.facts["completed_on"]), 12).isoformat()
    )
    row = session.get_one(Certificate, first.id)
    assert row.standing(row.expires_on) == "valid"
    assert row.standing(row.expires_on + timedelta(days=1)) == "expired"
    with pytest.raises(Refused):
        life.renew(session, row)
    row.expires_on = now().date() + timedelta(days=30)
    session.flush()
    again, twice = life.renew(session, row), life.renew(session, row)
    session.commit()
    assert again.enrolment_id == twice.enrolment_id != standing.enrolment_id
    assert [one.period for one in session.scalars(select(Enrolment).order_by(Enrolment.id))] == [1, 2]
    for lesson in ("satu", "dua"):
        again = finish_lesson(session, again, lesson)
    session.commit()
    any_app.extensions["elearn"].outbox.deliver_due()
    assert [(certificate.state, certificate.enrolment_id) for certificate, _ in of(any_app)] == [
        ("valid", standing.enrolment_id),
        ("valid", again.enrolment_id),
    ]
    session.expire_all()
    with pytest.raises(Refused, match="sudah diperpanjang"):
        life.renew(session, session.get_one(Certificate, first.id))
    stands_in = life.replace(session, first.id, by=1, reason="Salah ketik.", changes={"person_name": "Sari Wahyuni, M.M."})
    latest = session.scalars(select(Certificate).where(Certificate.enrolment_id == again.enrolment_id)).one()
    assert stands_in.id > latest.id
    assert life.latest_of_course(session, latest), "what replaced last year's paper is still last year's"
    assert not life.latest_of_course(session, stands_in)


def test_the_holder_is_reminded_once_when_the_window_opens(any_app, dated, complete, of, session):
    sent = []
    site = any_app.extensions["elearn"].site
    object.__setattr__(site, "mailer", type("Kept", (), {"send": lambda self, **mail: sent.append(mail)})())
    complete(any_app)
    session.execute(update(Person).values(email="sari@contoh.go.id"))
    delivery = session.scalars(select(Delivery).where(Delivery.state == "waiting")).one()
    due = (delivery.due_at.date() - now().date()).days
    assert 300 < due < 308
    session.commit()
    assert sent == []
    delivery.due_at = now() - timedelta(minutes=1)
    session.commit()
    any_app.extensions["elearn"].outbox.deliver_due()
    any_app.extensions["elearn"].outbox.deliver_due()
    ((certificate, _),) = of(any_app)
    assert [mail["to"] for mail in sent] == ["sari@contoh.go.id"]
    assert certificate.number in sent[0]["body"]


def test_who_attended_and_did_not_pass_gets_a_statement_without_hours(any_app, enrolled, of, session):
    standing = enrolled(any_app)
    with pytest.raises(Refused, match="belum mengikuti"):
        issue_statement(session, standing.enrolment_id)
    finish_lesson(session, standing, "satu")
    first, second = issue_statement(session, standing.enrolment_id), issue_statement(session, standing.enrolment_id)
    session.commit()
    assert first.id == second.id
    ((statement, pdf),) = of(any_app)
    assert (statement.kind, statement.facts["hours"]) == ("statement", 0)
    assert pdf.startswith(b"%PDF")
    standing = finish_lesson(session, standing, "dua")
    session.commit()
    any_app.extensions["elearn"].outbox.deliver_due()
    assert [one.kind for one, _ in of(any_app)] == ["statement", "certificate"]
    certificate = of(any_app)[1][0]
    life.replace(session, statement.id, by=1, reason="Salah ketik.", changes={"person_name": "Sari W."})
    assert finding.of_enrolment(session, standing.enrolment_id).id == certificate.id
    with pytest.raises(Refused, match="sudah lulus"):
        issue_statement(session, standing.enrolment_id)


def test_a_class_gets_its_papers_in_one_job_each_once(any_app, complete, enrolled, of, session):
    people = [(f"Peserta {n}", f"19900115201402100{n}") for n in range(1, 6)]
    for name, nip in people:
        complete(any_app, name=name, nip=nip)
    halfway = enrolled(any_app, name="Belum Lulus", nip="199001152014021009")
    finish_lesson(session, halfway, "satu")
    session.commit()
    clear(session)
    assert [row.name for row in missing(session, "etika", kind="certificate")] == [name for name, _ in people]
    issue_for_class(session, "etika", title="Etika", kind="certificate", logins=[people[0][1], " "], by=None)
    session.commit()
    any_app.extensions["elearn"].outbox.deliver_due()
    assert [one.facts["person_name"] for one, _ in of(any_app)] == ["Peserta 1"]
    for kind in ("certificate", "statement"):
        issue_for_class(session, "etika", title="Etika", kind=kind, logins=[], by=None)
        session.commit()
        any_app.extensions["elearn"].outbox.deliver_due()
    assert sorted(one.facts["person_name"] for one, _ in of(any_app)) == ["Belum Lulus", *(name for name, _ in people)]
    for kind in ("certificate", "statement"):
        with pytest.raises(Refused, match="masih memerlukannya"):
            issue_for_class(session, "etika", title="Etika", kind=kind, logins=[], by=None)


def test_a_late_certificate_is_the_one_there_is(any_app, complete, of, session):
    standing = complete(any_app)
    late = issue_late(session, standing.enrolment_id).id
    session.commit()
    assert late == of(any_app)[0][0].id
    assert len(of(any_app)) == 1


@pytest.mark.parametrize(
    ("months", "day"), [(1, "2027-02-28"), (13, "2028-02-29"), (12, "2028-01-31"), (11, "2027-12-31"), (0, "2027-01-31")]
)
def test_months_end_where_they_end(months, day):
    assert add_months(date(2027, 1, 31), months) == date.fromisoformat(day)


def test_all_files_come_as_one_zip(any_app, complete, of, sign_in, session):
    for n in range(1, 4):
        complete(any_app, name=f"Peserta {n}", nip=f"19900115201402100{n}")
    boss = sign_in(any_app, role="administrator")
    answer = boss.get("/v/kelola.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.read(name) for name in archive.namelist()) == sorted(pdf for _, pdf in of(any_app))
    assert sign_in(any_app).get("/v/kelola.zip").status_code == 403
