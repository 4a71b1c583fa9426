"""What a page asks of the database does not grow with what is in it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from elearn.models.jobs import Job
from elearn.models.learning import CourseCompetency, CourseRow, CourseVersion, Enrolment, LessonDone
from elearn.models.people import AuditEntry, Person, SignIn
from elearn.registry import discover
from elearn.services import learning
from elearn.services.moments import ahead
from elearn.services.people import add_unit, grant

PAGES = {
    "/": 5,
    "/pelatihan": 4,
    "/pelatihan?q=kursus": 4,
    "/pelatihan?q=kursuss": 4,
    "/pelatihan?kompetensi=kode-1&jp=1-3&hal=2": 4,
    "/pelatihan/etika": 4,
    "/belajar/etika": 3,
    "/belajar/etika/pelajaran-1": 3,
    "/belajar/etika/tamat": 4,
    "/akun": 3,
    "/bantuan": 1,
    "/masuk": 1,
    "/kelola": 1,
    "/pekerjaan": 3,
    "/tidak-ada": 1,
    "/akun/data.json": 20,
}


def fill(app, person_id, count):
    """``count`` of everything that a site has many of, much of it this person's."""
    state = app.extensions["elearn"]
    with state.outbox.open_session() as session:
        digest = learning.standing_in(session, person_id, "etika").digest
        numbers = range(1_000, 1_000 + count)
        session.execute(
            insert(CourseRow),
            [
                {"id": n, "slug": f"kursus-{n}", "title": f"Kursus {n}", "version_id": n, "search_text": f"kursus {n}", "hours": 2}
                for n in numbers
            ],
        )
        session.execute(insert(CourseVersion), [{"id": n, "course_id": n, "number": 1, "digest": digest} for n in numbers])
        session.execute(insert(CourseCompetency), [{"course_id": n, "code": f"kode-{n % 50}"} for n in numbers])
        session.execute(insert(Person), [{"id": n, "name": f"Orang {n}", "email": f"o{n}@b.id"} for n in numbers])
        for owner, shift in ((person_id, 10_000), (1_000, 50_000)):
            session.execute(
                insert(Enrolment),
                [
                    {"id": n + shift, "person_id": owner, "course_id": n, "version_id": n, "state": "completed" if n % 2 else "active"}
                    for n in numbers
                ],
            )
            session.execute(insert(LessonDone), [{"enrolment_id": n + shift, "lesson_id": "pelajaran-1", "version_id": n} for n in numbers])
        session.execute(
            insert(SignIn).values(expires_at=ahead(timedelta(days=1))), [{"token_hash": str(n), "person_id": person_id} for n in numbers]
        )
        session.execute(insert(Job), [{"kind": "a.b", "title": "Kerja", "given": {}, "by_id": person_id, "total": 1} for n in numbers])
        session.execute(insert(AuditEntry), [{"act": "a", "actor_id": person_id} for n in numbers])
        unit = add_unit(session, "Kota")
        for n in range(count // 50):
            grant(session, person_id, "unit_head", scope="unit", scope_id=add_unit(session, f"Unit {n}", parent=unit).id)
        session.commit()


@pytest.mark.parametrize("count", [10, 1_000])
def test_pages_cost_few_statements_at_ten_rows_and_at_a_thousand(make_app, make_course, publish_course, sign_in, count_statements, count):
    app = make_app(*discover(without=()))
    publish_course(app, make_course("etika", lessons=3))
    client = sign_in(app)
    client.post("/pelatihan/etika/daftar")
    fill(app, client.person_id, count)
    too_many = []
    for address, most in PAGES.items():
        client.get(address)
        with count_statements(app) as seen:
            assert client.get(address).status_code in (200, 302, 404), address
        if len(seen) > most:
            too_many.append(f"{address}: {len(seen)} statements\n" + "\n".join(seen))
    assert too_many == []
