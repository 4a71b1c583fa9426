"""A full disk: what cannot be kept is not acknowledged, what was acknowledged stays, reading goes on, and it heals alone."""

import re

from elearn_quizzes import attempts
from sqlalchemy import event

from elearn.web.database import db
from tests.plugins.quizzes.conftest import FILES


def test_a_full_disk_loses_nothing_that_was_acknowledged(app, write_course, sign_in):
    write_course(app, FILES)
    client = sign_in(app)
    client.post("/pelatihan/etika/daftar")
    base = client.post("/kuis/mulai/etika/tes-akhir").headers["Location"].rsplit("/", 1)[0]
    room = {"pages": 0}
    with app.app_context():
        with db.engine.connect() as connection:
            room["pages"] = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 4

        @event.listens_for(db.engine, "begin")
        def small_disk(connection):
            connection.exec_driver_sql(f"PRAGMA max_page_count = {room['pages']}")

    kept, refused = [], 0
    for seq in range(1, 4_000):
        answer = client.post(f"{base}/simpan", json={"answers": [{"item": "isian", "seq": seq, "answer": [f"{seq:05d} " + "kata " * 100]}]})
        if answer.status_code == 200:
            kept.append(seq)
        else:
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            refused += 1
        if refused == 3:
            break
    assert kept
    assert refused == 3
    assert client.get("/belajar/etika/bacaan").status_code == 200
    room["pages"] = 1_000_000
    last = kept[-1] + 10_000
    message = {"answers": [{"item": "isian", "seq": last, "answer": ["lega"]}]}
    assert client.post(f"{base}/simpan", json=message).status_code == 200
    attempt_id = int(re.search(r"/kuis/(\d+)", base)[1])
    with app.extensions["elearn"].outbox.open_session() as session:
        rows = set(session.scalars(attempts.select(attempts.AttemptAnswer.seq).where(attempts.AttemptAnswer.attempt_id == attempt_id)))
    assert rows == {*kept, last}
