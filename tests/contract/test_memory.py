"""What a process remembers for a while is read once, and forgotten with the commit that changes it."""

from sqlalchemy import text

from elearn import outdated, reading, remembered


def test_it_is_made_once_and_again_when_its_time_is_up(app):
    made = []
    with app.extensions["elearn"].outbox.open_session() as session:

        def ask(seconds=60.0):
            return remembered(session, "sampel.zahl", lambda: made.append(1) or len(made), seconds=seconds)

        assert [ask(), ask()] == [1, 1]
        assert remembered(session, "sampel.lain", lambda: "lain") == "lain"
        outdated(session, "sampel.z")
        assert [ask(-1), ask(-1)] == [2, 3]
        assert remembered(session, "sampel.lain", lambda: "baru") == "lain"


def test_what_another_read_before_the_commit_is_forgotten_with_it(app):
    open_session = app.extensions["elearn"].outbox.open_session

    def units(session):
        return remembered(session, "sampel.units", lambda: session.execute(text("SELECT count(*) FROM unit")).scalar())

    with open_session() as writer:
        writer.execute(text("INSERT INTO unit (name, path) VALUES ('a', '/1/')"))
        outdated(writer, "sampel.units")
        with app.app_context():
            assert units(reading()) == 0, "it reads while the other has not committed"
        writer.commit()
    with open_session() as session:
        assert units(session) == 1


def test_many_names_do_not_pile_up(app):
    with app.extensions["elearn"].outbox.open_session() as session:
        for number in range(5_000):
            remembered(session, f"sampel.{number}", lambda: "x")
    assert len(app.extensions["elearn"].site.memory) <= 2_000
