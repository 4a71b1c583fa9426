"""PostgreSQL goes away when the page is made already."""

from sqlalchemy import text

from elearn.web.database import db, reading


def test_a_page_that_is_made_is_sent_though_the_database_went_meanwhile(make_app):
    app = make_app(database="postgresql")

    @app.after_request
    def go(response):
        mine = reading().scalar(text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:mine, 5000)"), {"mine": mine})
        return response

    client = app.test_client()
    assert [client.get("/pelatihan").status_code for _ in range(3)] == [200, 200, 200]
    with app.app_context():
        assert db.engine.pool.checkedout() == 0
        assert db.session.registry.registry == {}
